// SPDX-License-Identifier: GPL-3.0-or-later
// The stages of one run, a row each: waiting, running with its progress, or how it ended. Grows and changes,
// never resets.
#pragma once

#include "cycle/events.h"

#include <QAbstractTableModel>

#include <vector>

namespace saeception {

enum class StageState { Waiting, Running, Paused, Done, Stopped, Failed, NotRun, Missing };

class StageListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { CycleColumn, StageColumn, ProgressColumn, TimeColumn, ColumnCount };
    enum Role {
        StateRole = Qt::UserRole,  ///< int of StageState
        FractionRole,              ///< 0..1, or -1 while unknown
        ElapsedRole,               ///< seconds
        SecondsLeftRole,           ///< seconds, negative while unknown
        FirstOfCycleRole,          ///< true where a thin line belongs above the row
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Removes every row.
    void clear();
    void apply(const Event& event);
    /// Lets the running stage's clock move on; `wallTime` in seconds since the Unix epoch.
    void tick(double wallTime);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        Stage stage{};
        int cycle = 0;
        StageState state = StageState::Waiting;
        double startedAt = 0;
        double elapsed = 0;
        double secondsLeft = -1;
        double fraction = -1;
    };

    int rowFor(Stage stage, int cycle);
    void rowChanged(int row);
    void endAll(StageState running);
    QString displayText(const Row& row, int column) const;

    std::vector<Row> m_rows;
};

/// What a person reads for a stage, translated.
QString stageText(Stage stage);
QString stageStateText(StageState state);

}  // namespace saeception
