// SPDX-License-Identifier: GPL-3.0-or-later
// The newest log lines of this process, one a row, below those read from one run's own log file.
#pragma once

#include "ui/jobs/log_buffer.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <deque>

namespace saeception {

/// "Debug", "Info", "Warning", "Error".
QString logLevelText(LogLevel level);

struct LogRow {
    double time = 0;  ///< seconds since the Unix epoch
    LogLevel level = LogLevel::Info;
    QString run;  ///< absolute folder; empty when the line belongs to no run
    QString text;
};

/// Holds at most `capacity` lines of this process, and as many of a file. The oldest make way, a block at a
/// time; nothing ever resets.
class LogModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int capacity = 10'000;
    static constexpr int block = 1'000;

    enum Column { Time, Level, Run, Text, ColumnCount };
    enum Role { LevelRole = Qt::UserRole };  ///< int, a LogLevel

    using QAbstractTableModel::QAbstractTableModel;

    /// Adds lines at the end; `dropped` were lost on the way.
    void append(const LogBatch& lines, qint64 dropped = 0);
    /// Puts the lines of a run's log file above all others, in place of those recalled before.
    void recall(const LogBatch& lines);
    /// Removes all lines and forgets how many were dropped.
    void clear();

    const LogRow& row(int index) const;
    /// Whether this process has logged lines of the run in `folder` that are still held.
    bool hasLive(const QString& folder) const;
    /// The folders of all runs seen since the start, in order of appearance.
    const QStringList& runs() const { return m_runs; }
    /// Lines of this process that are no longer held.
    qint64 dropped() const { return m_dropped; }
    /// The row as a run's log file writes it.
    QString lineText(int index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// runs() has one more.
    void runSeen(const QString& folder);

private:
    LogRow rowOf(const LogLine& line);
    void removeFirst(int from, int count);

    std::deque<LogRow> m_rows;
    int m_recalled = 0;  ///< so many of the first rows come from a file
    QStringList m_runs;
    QHash<QString, QString> m_folders;  ///< as logged -> absolute
    qint64 m_dropped = 0;
};

/// The folder as LogRow::run has it.
QString logRunFolder(const QString& folder);

/// What stands for the run in `folder` where its notes are not at hand; empty for none.
QString logRunTitle(const QString& folder);

/// "16:23:02.224" for today, "2026-11-21 16:23:02" for another day.
QString logTimeText(double time);

}  // namespace saeception
