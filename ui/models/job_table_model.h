// SPDX-License-Identifier: GPL-3.0-or-later
// The queue as a table, a job a row: raw values under roles, words for people as text. Rows come, go, move
// and change; waiting ones can be dragged to another place.
#pragma once

#include "ui/jobs/job_queue.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <vector>

namespace saeception {

class JobTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Place, Title, State, Progress, Elapsed, Left, Threads, Started, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole,  ///< quint64
        ValueRole,              ///< the raw number of the column; invalid where the job has none
        StateRole,              ///< int, a JobState
        HoldRole,               ///< bool: it waits on hold
        FractionRole,           ///< 0..1, or -1 where there is no progress to show
        FaintRole,              ///< bool: said in passing
    };

    /// Follows `queue`, which may go first.
    explicit JobTableModel(JobQueue* queue, QObject* parent = nullptr);

    quint64 idAt(int row) const { return m_ids[static_cast<std::size_t>(row)]; }
    int rowOf(quint64 id) const;
    /// Null when the queue is gone.
    const JobInfo* jobAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                         const QModelIndex& parent) const override;
    /// Moves the dragged jobs before `row`, in their order. Their rows have moved already when this returns.
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

private:
    void add(quint64 id, int row);
    void move(int from, int to);
    void remove(int row);
    void change(quint64 id);
    void placesChanged();
    QString text(const JobInfo& job, int column) const;
    QVariant value(const JobInfo& job, int column) const;
    QString tooltip(const JobInfo& job, int column) const;

    QPointer<JobQueue> m_queue;
    std::vector<quint64> m_ids;  ///< of the rows
};

/// "Running", "On hold", "Waiting to resume", ...
QString jobStateText(const JobInfo& job);
/// Where the job is, what it waits for, or how it ended: "Cycle 1, Training the SAE".
QString jobProgressText(const JobInfo& job);

}  // namespace saeception
