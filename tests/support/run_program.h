// SPDX-License-Identifier: GPL-3.0-or-later
// The program run as a user runs it, on a demo that takes a second. Needs SAECEPTION_PROGRAM.
#pragma once

#include <QProcess>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

namespace saeception::fixture {

struct Outcome {
    int status = -1;
    QString out;
    QString err;
};

inline Outcome finish(QProcess& process) {
    process.start();
    Outcome outcome;
    if (!process.waitForFinished(300000) || process.exitStatus() != QProcess::NormalExit)
        return outcome;
    outcome.status = process.exitCode();
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    outcome.err = QString::fromUtf8(process.readAllStandardError());
    return outcome;
}

inline Outcome run(const QStringList& arguments, const QString& folder) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProgram(QStringLiteral(SAECEPTION_PROGRAM));
    process.setArguments(arguments);
    return finish(process);
}

/// Gives `command` ("saeception train_sae ...") to a shell, as a user would who copies it.
inline Outcome paste(QString command, const QString& folder) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProgram(QStringLiteral("/bin/sh"));
    command.replace(QRegularExpression("^saeception"), QStringLiteral("'" SAECEPTION_PROGRAM "'"));
    process.setArguments({QStringLiteral("-c"), command});
    return finish(process);
}

// The demo made small enough for a second.
inline QStringList tiny(const QString& command, const QStringList& more = {}) {
    return QStringList{command,
                       "experiment=demo",
                       "threads=2",
                       "dataset.limit=200",
                       "dataset.max_length=32",
                       "model.vocab_size=400",
                       "model.hidden_size=16",
                       "model.num_layers=2",
                       "model.num_heads=2",
                       "model.epochs_per_cycle=1",
                       "sae.expansion_factor=4",
                       "sae.k=8",
                       "sae.aux_k=8",
                       "sae.epochs=1",
                       "evaluation.bootstrap_samples=20"} +
           more;
}

inline QString lineWith(const QString& text, const QString& start) {
    for (const QString& line : text.split(QLatin1Char('\n')))
        if (line.startsWith(start))
            return line.mid(start.size());
    return {};
}

}  // namespace saeception::fixture
