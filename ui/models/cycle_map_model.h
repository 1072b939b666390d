// SPDX-License-Identifier: GPL-3.0-or-later
// The cycle map as a list: a row for every stage of every cycle and for what it makes, in the order in which
// a run passes through them. Grows and changes, never resets.
#pragma once

#include "ui/models/cycle_story.h"

#include <QAbstractListModel>

#include <map>
#include <vector>

namespace saeception {

class CycleMapModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        NodeRole = Qt::UserRole,  ///< CycleNode
        CycleRole,                ///< int
        KindRole,                 ///< int of CycleNodeKind
        ArtefactRole,             ///< bool: a file, not a stage
        StateRole,                ///< int of StageState
        StaleRole,                ///< bool: made from something that has been replaced since
        FractionRole,             ///< 0..1 of a running stage; negative: unknown
        SecondsRole,              ///< a stage took, or takes until now; negative: unknown
        SecondsLeftRole,          ///< negative: unknown
        BytesRole,                ///< qint64 of an artefact's files; negative: unknown
        ShortTitleRole,           ///< QString, where the title does not fit
        StateTextRole,            ///< QString: "Running", "Out of date", "Best so far"
        LongStateTextRole,        ///< QString: "Running 45 %"
        DetailTextRole,           ///< QString: "8 s left", "2.0 MB"; may be empty
        FilesRole,                ///< QStringList of an artefact's files that are there
        NeedsRole,                ///< QStringList of titles
        MakesRole                 ///< QStringList of titles
    };

    using QAbstractListModel::QAbstractListModel;

    /// Removes every row and forgets the run.
    void clear();
    /// Live, or read back from a run's folder.
    void apply(const Event& event);
    void setContents(const CycleMapContents& contents);
    /// Whether the run goes on in this window.
    void setActive(bool active);
    /// Lets the clocks of running stages move on; `wallTime` in seconds since the Unix epoch.
    void tick(double wallTime);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    const CycleStory& story() const { return m_story; }
    CycleNode node(int row) const { return m_rows[static_cast<std::size_t>(row)].node; }
    const CycleNodeState& state(int row) const { return m_rows[static_cast<std::size_t>(row)].state; }
    /// -1 if it is not on the map.
    int rowOf(const CycleNode& node) const;
    /// What stands beside "Cycle 2": accuracy and time, as far as there are any; may be empty.
    QString cycleSummary(int cycle) const;
    /// Whether stages that the run was asked for have not come to their end, and nobody works on them.
    bool isUnfinished() const;
    /// One line on the whole run: "3 of 3 cycles done", "Running: Train SAE, cycle 1".
    QString summary() const;

    /// Titles and details at their shortest, as wide as they get in `cycles` cycles; for who measures them.
    static QStringList shortTexts(int cycles);
    /// Every state's shortest words.
    static QStringList shortStates();

private:
    struct Row {
        CycleNode node;
        CycleNodeState state;
    };

    void refresh();
    QString stateText(const Row& row) const;
    QString longStateText(const Row& row) const;
    QString detailText(const Row& row) const;
    QString spokenText(const Row& row) const;
    QStringList titlesOf(const std::vector<CycleNode>& nodes) const;
    std::vector<CycleNode> needsOfRow(const Row& row) const;

    CycleStory m_story;
    std::vector<Row> m_rows;
};

}  // namespace saeception
