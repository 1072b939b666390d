// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the scripts in tests/interop with a Python that has torch, where there is one.
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

namespace saeception::test {

/// Whether a Python with torch was found when the build was configured.
inline bool pythonHasTorch() {
    return !QStringLiteral(SAECEPTION_PYTHON).isEmpty();
}

/// What tests/interop/`script` prints, or "failed: ..." with the last line of what it said.
inline QString runScript(const QString& script, const QStringList& arguments) {
    QProcess process;
    process.start(
        QStringLiteral(SAECEPTION_PYTHON),
        QStringList{QStringLiteral("-B"), QStringLiteral(SAECEPTION_INTEROP_DIR "/") + script} + arguments);
    if (!process.waitForFinished(300000) || process.exitStatus() != QProcess::NormalExit ||
        process.exitCode() != 0)
        return QStringLiteral("failed: ") +
               QString::fromUtf8(process.readAllStandardError()).trimmed().section(QLatin1Char('\n'), -1);
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

}  // namespace saeception::test
