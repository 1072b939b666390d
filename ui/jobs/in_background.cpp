// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/in_background.h"

#include "base/error.h"
#include "base/files.h"

namespace saeception {

QFuture<QString> writeInBackground(const QString& path, std::function<std::string()> bytes) {
    return inBackground([path, bytes = std::move(bytes)] {
        try {
            writeFile(path.toStdString(), bytes());
        } catch (const std::exception& error) {
            return QString::fromStdString(oneLine(error.what()));
        }
        return QString();
    });
}

}  // namespace saeception
