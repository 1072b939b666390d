// SPDX-License-Identifier: GPL-3.0-or-later
// Asserting on the one line that a UserError tells.
#pragma once

#include "base/error.h"

#include <qfloat16.h>  // complete, because the JSON type asks what it converts to
#include <QString>
#include <QStringList>

#include <functional>
#include <string>

namespace saeception {

/// The message of the UserError that `work` throws; the empty string if it throws none.
inline std::string errorOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const UserError& error) {
        return error.what();
    }
    return {};
}

/// The first of `words` (separated by |) that `message` lacks, or that it is no single line; empty when all
/// is well.
inline QString missingFrom(const std::string& message, const QString& words) {
    const QString text = QString::fromStdString(message);
    if (text.isEmpty())
        return QStringLiteral("no error was thrown");
    if (text.contains(QLatin1Char('\n')))
        return QStringLiteral("more than one line: ") + text;
    for (const QString& word : words.split(QLatin1Char('|')))
        if (!text.contains(word))
            return QStringLiteral("'%1' is not in: %2").arg(word, text);
    return {};
}

}  // namespace saeception
