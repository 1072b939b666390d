// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/run_log_reader.h"

#include "cycle/run_status.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>

#include <algorithm>
#include <optional>
#include <string_view>

namespace saeception {
namespace {

constexpr std::size_t mostBytes = 1 << 20;
constexpr std::size_t stampLength = std::string_view("2026-01-31 10:00:00.000").size();

std::optional<LogLevel> levelNamed(std::string_view name) {
    for (int level = static_cast<int>(LogLevel::Trace); level <= static_cast<int>(LogLevel::Critical);
         ++level)
        if (logLevelName(static_cast<LogLevel>(level)) == name)
            return static_cast<LogLevel>(level);
    return std::nullopt;
}

// "2026-01-31 10:00:00.000 [info] text", in local time.
std::optional<LogLine> parsed(std::string_view text) {
    const std::size_t open = stampLength + 1;
    const std::size_t close = text.find("] ", open);
    if (close == std::string_view::npos || text[open] != '[')
        return std::nullopt;
    const auto level = levelNamed(text.substr(open + 1, close - open - 1));
    const QDateTime time = QDateTime::fromString(QString::fromLatin1(text.data(), qsizetype(stampLength)),
                                                 QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    if (!level || !time.isValid())
        return std::nullopt;
    LogLine line;
    line.time = static_cast<double>(time.toMSecsSinceEpoch()) / 1000;
    line.level = *level;
    line.text = text.substr(close + 2);
    return line;
}

void addLines(std::string_view text, const std::string& run, LogBatch& lines) {
    const std::size_t before = lines.size();
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!one.empty() && one.back() == '\r')
            one.remove_suffix(1);
        if (auto line = parsed(one)) {
            line->run = run;
            lines.push_back(std::move(*line));
        } else if (lines.size() > before) {
            (lines.back().text += '\n').append(one);
        }
    }
}

}  // namespace

RunLogLines readRunLog(const QString& folder) {
    RunLogLines result;
    const QDir directory(folder);
    for (const QFileInfo& file : directory.entryInfoList({QStringLiteral("*.log")}, QDir::Files))
        addLines(readTail(file.filePath().toStdString(), mostBytes), folder.toStdString(), result.lines);
    std::stable_sort(result.lines.begin(), result.lines.end(),
                     [](const LogLine& a, const LogLine& b) { return a.time < b.time; });
    if (result.lines.empty())
        result.problem =
            directory.exists()
                ? QCoreApplication::translate("RunLog", "%1 holds no log that can be read").arg(folder)
                : QCoreApplication::translate("RunLog", "The folder %1 is gone, and its log with it")
                      .arg(folder);
    return result;
}

}  // namespace saeception
