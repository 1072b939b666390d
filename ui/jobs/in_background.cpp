// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/in_background.h"

#include "base/error.h"
#include "base/files.h"

namespace saeception {

QFuture<QString> attemptInBackground(std::function<void()> work) {
    return inBackground([work = std::move(work)] {
        try {
            work();
        } catch (const std::exception& error) {
            return QString::fromStdString(oneLine(error.what()));
        }
        return QString();
    });
}

QFuture<QString> writeInBackground(const QString& path, std::function<std::string()> bytes) {
    return attemptInBackground([path, bytes = std::move(bytes)] { writeFile(path.toStdString(), bytes()); });
}

}  // namespace saeception
