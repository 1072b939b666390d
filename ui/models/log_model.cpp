// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_model.h"

#include "cycle/run_library.h"

#include <QDateTime>
#include <QDir>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int tooltipLength = 2000;

QDateTime dateTime(double time) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(std::llround(time * 1000)));
}

}  // namespace

QString logLevelText(LogLevel level) {
    switch (level) {
        case LogLevel::Trace:
        case LogLevel::Debug:
            return LogModel::tr("Debug");
        case LogLevel::Info:
            return LogModel::tr("Info");
        case LogLevel::Warning:
            return LogModel::tr("Warning");
        case LogLevel::Error:
        case LogLevel::Critical:
            break;
    }
    return LogModel::tr("Error");
}

QString logRunFolder(const QString& folder) {
    return folder.isEmpty() ? QString() : QDir::cleanPath(QDir(folder).absolutePath());
}

QString logRunTitle(const QString& folder) {
    return folder.isEmpty() ? QString() : QString::fromStdString(runTitle(folder.toStdString(), {}));
}

QString logTimeText(double time) {
    const QDateTime when = dateTime(time);
    return when.toString(when.date() == QDate::currentDate() ? QStringLiteral("HH:mm:ss.zzz")
                                                             : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

LogRow LogModel::rowOf(const LogLine& line) {
    LogRow row{line.time, line.level, {}, QString::fromStdString(line.text)};
    if (line.run.empty())
        return row;
    QString& folder = m_folders[QString::fromStdString(line.run)];
    if (folder.isEmpty())
        folder = logRunFolder(QString::fromStdString(line.run));
    row.run = folder;
    if (!m_runs.contains(folder)) {
        m_runs.append(folder);
        Q_EMIT runSeen(folder);
    }
    return row;
}

void LogModel::removeFirst(int from, int count) {
    if (count <= 0)
        return;
    beginRemoveRows({}, from, from + count - 1);
    m_rows.erase(m_rows.begin() + from, m_rows.begin() + from + count);
    endRemoveRows();
}

void LogModel::append(const LogBatch& lines, qint64 dropped) {
    const int skipped = std::max(0, static_cast<int>(lines.size()) - capacity);
    const int count = static_cast<int>(lines.size()) - skipped;
    const int live = static_cast<int>(m_rows.size()) - m_recalled;
    if (const int excess = live + count - capacity; excess > 0) {
        const int removed = std::min(live, (excess + block - 1) / block * block);
        removeFirst(m_recalled, removed);
        dropped += removed;
    }
    m_dropped += dropped + skipped;
    if (count == 0)
        return;
    std::vector<LogRow> rows;
    for (auto line = lines.begin() + skipped; line != lines.end(); ++line)
        rows.push_back(rowOf(*line));
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + count - 1);
    m_rows.insert(m_rows.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    endInsertRows();
}

void LogModel::recall(const LogBatch& lines) {
    removeFirst(0, std::exchange(m_recalled, 0));
    const int count = std::min(static_cast<int>(lines.size()), capacity);
    if (count == 0)
        return;
    std::vector<LogRow> rows;
    for (auto line = lines.end() - count; line != lines.end(); ++line)
        rows.push_back(rowOf(*line));
    beginInsertRows({}, 0, count - 1);
    m_rows.insert(m_rows.begin(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    m_recalled = count;
    endInsertRows();
}

void LogModel::clear() {
    m_recalled = 0;
    m_dropped = 0;
    removeFirst(0, static_cast<int>(m_rows.size()));
}

const LogRow& LogModel::row(int index) const {
    return m_rows[static_cast<std::size_t>(index)];
}

bool LogModel::hasLive(const QString& folder) const {
    const QString wanted = logRunFolder(folder);
    return std::any_of(m_rows.begin() + m_recalled, m_rows.end(),
                       [&](const LogRow& row) { return row.run == wanted; });
}

QString LogModel::lineText(int index) const {
    const LogRow& line = row(index);
    const std::string_view level = logLevelName(line.level);
    return QStringLiteral("%1 [%2] %3")
        .arg(dateTime(line.time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")),
             QString::fromUtf8(level.data(), static_cast<qsizetype>(level.size())), line.text);
}

int LogModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const LogRow& line = row(index.row());
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | Qt::AlignLeft);
    if (role == LevelRole)
        return static_cast<int>(line.level);
    if (role == Qt::AccessibleTextRole && index.column() == Text)
        return tr("%1: %2").arg(logLevelText(line.level), line.text);
    const bool tooltip = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !tooltip)
        return {};
    switch (index.column()) {
        case Time:
            return tooltip ? dateTime(line.time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"))
                           : logTimeText(line.time);
        case Level:
            return tooltip ? QVariant() : logLevelText(line.level);
        case Run:
            return tooltip ? line.run : logRunTitle(line.run);
        case Text:
            // As rich text a tooltip is wrapped.
            return tooltip ? QStringLiteral("<p style='white-space:pre-wrap'>%1</p>")
                                 .arg(line.text.left(tooltipLength).toHtmlEscaped())
                           : QString(line.text).replace(QLatin1Char('\n'), QStringLiteral(" ↵ "));
        default:
            return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | Qt::AlignLeft);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[ColumnCount] = {tr("Time"), tr("Level"), tr("Run"), tr("Message")};
    return section >= 0 && section < ColumnCount ? titles[section] : QString();
}

}  // namespace saeception
