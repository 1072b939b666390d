// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/input_check.h"

#include "base/error.h"
#include "model/safetensors.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>

namespace saeception {
namespace {

constexpr qint64 mostHeader = 4096;
const QString trainFile = QStringLiteral("train.tsv");
const QString devFile = QStringLiteral("dev.tsv");

QString tr(const char* text) {
    return QCoreApplication::translate("InputCheck", text);
}

bool hasFile(const QDir& folder, const QString& name) {
    return QFileInfo(folder.filePath(name)).isFile();
}

// "a", "a and b", "a, b and c".
QString listed(const QStringList& names) {
    if (names.size() < 2)
        return names.join(QString());
    return tr("%1 and %2").arg(names.mid(0, names.size() - 1).join(QStringLiteral(", ")), names.last());
}

// Why there is no folder to look into; empty when there is one.
QString folderProblem(const QString& folder) {
    const QFileInfo info(folder);
    if (!info.exists())
        return tr("There is no folder %1.").arg(folder);
    if (!info.isDir())
        return tr("This is a file. Choose the folder that holds it.");
    return info.isReadable() && info.isExecutable() ? QString() : tr("This folder may not be read.");
}

}  // namespace

InputCheck checkSst2Folder(const QString& folder) {
    InputCheck check{false, folder, {}};
    if (folder.isEmpty())
        return check;
    check.message = folderProblem(folder);
    if (!check.message.isEmpty())
        return check;
    QDir place(folder);
    // The zip holds a folder of its own.
    if (!hasFile(place, trainFile) && hasFile(QDir(place.filePath(QStringLiteral("SST-2"))), trainFile)) {
        place.cd(QStringLiteral("SST-2"));
        check.folder = place.path();
    }
    if (!hasFile(place, trainFile)) {
        check.message = tr("Missing: %1.")
                            .arg(listed(hasFile(place, devFile) ? QStringList{trainFile}
                                                                : QStringList{trainFile, devFile}));
        return check;
    }
    QFile file(place.filePath(trainFile));
    if (!file.open(QIODevice::ReadOnly)) {
        check.message = tr("train.tsv cannot be read: %1.").arg(file.errorString());
        return check;
    }
    const QByteArrayList columns = file.readLine(mostHeader).trimmed().split('\t');
    if (!columns.contains("sentence") || !columns.contains("label")) {
        check.message =
            tr("train.tsv is not SST-2's: its first line does not name the columns sentence and label.");
        return check;
    }
    check.usable = true;
    check.message = hasFile(place, devFile)
                        ? tr("Found train.tsv and dev.tsv.")
                        : tr("Found train.tsv. Without dev.tsv a tenth of it is held out for validation.");
    return check;
}

InputCheck checkGpt2Folder(const QString& folder) {
    InputCheck check{false, folder, {}};
    if (folder.isEmpty())
        return check;
    check.message = folderProblem(folder);
    if (!check.message.isEmpty())
        return check;
    const QDir place(folder);
    QStringList found;
    QStringList missing;
    for (const char* name : {"model.safetensors", "config.json", "vocab.json", "merges.txt"})
        (hasFile(place, QString::fromLatin1(name)) ? found : missing).append(QString::fromLatin1(name));
    if (!missing.isEmpty()) {
        check.message = tr("Missing: %1.").arg(listed(missing));
        if (!found.isEmpty())
            check.message += QLatin1Char(' ') + tr("Found: %1.").arg(listed(found));
        return check;
    }
    const QString weights = place.filePath(QStringLiteral("model.safetensors"));
    try {
        SafetensorsFile::open(weights.toStdString());
    } catch (const std::exception& error) {
        // Cloned without Git LFS the file is a few lines that point to it.
        QFile file(weights);
        check.message =
            file.open(QIODevice::ReadOnly) && file.read(mostHeader).startsWith("version https://git-lfs")
                ? tr("model.safetensors is only a Git LFS pointer: download the file itself.")
                : QString::fromStdString(oneLine(error.what()));
        return check;
    }
    check.usable = true;
    check.message = tr("Found %1.").arg(listed(found));
    return check;
}

}  // namespace saeception
