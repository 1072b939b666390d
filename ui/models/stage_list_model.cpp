// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/stage_list_model.h"

#include "ui/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace saeception {
namespace {

// Preparing the data comes once, before the first cycle, whatever cycle it is reported under.
std::pair<int, int> orderOf(Stage stage, int cycle) {
    return {stage == Stage::Prepare ? -1 : cycle, static_cast<int>(stage)};
}

}  // namespace

QString stageText(Stage stage) {
    switch (stage) {
        case Stage::Prepare:
            return QCoreApplication::translate("Stage", "Preparing data");
        case Stage::Baseline:
            return QCoreApplication::translate("Stage", "Fine-tuning");
        case Stage::Auxiliary:
            return QCoreApplication::translate("Stage", "Retraining to targets");
        case Stage::Extract:
            return QCoreApplication::translate("Stage", "Extracting activations");
        case Stage::Sae:
            return QCoreApplication::translate("Stage", "Training the SAE");
        case Stage::Evaluate:
            return QCoreApplication::translate("Stage", "Evaluating");
        case Stage::Features:
            return QCoreApplication::translate("Stage", "Indexing features");
    }
    return {};
}

QString stageStateText(StageState state) {
    switch (state) {
        case StageState::Waiting:
            return QCoreApplication::translate("Stage", "Waiting");
        case StageState::Running:
            return QCoreApplication::translate("Stage", "Running");
        case StageState::Paused:
            return QCoreApplication::translate("Stage", "Paused");
        case StageState::Done:
            return QCoreApplication::translate("Stage", "Done");
        case StageState::Stopped:
            return QCoreApplication::translate("Stage", "Stopped");
        case StageState::Failed:
            return QCoreApplication::translate("Stage", "Failed");
        case StageState::NotRun:
            return QCoreApplication::translate("Stage", "Not run");
        case StageState::Missing:
            return QCoreApplication::translate("Stage", "Missing");
    }
    return {};
}

void StageListModel::clear() {
    if (m_rows.empty())
        return;
    beginRemoveRows({}, 0, static_cast<int>(m_rows.size()) - 1);
    m_rows.clear();
    endRemoveRows();
}

void StageListModel::apply(const Event& event) {
    if (const auto* run = std::get_if<RunStarted>(&event.body)) {
        rowFor(Stage::Prepare, run->firstCycle);
        for (int cycle = run->firstCycle; cycle <= run->lastCycle; ++cycle)
            for (const Stage stage : {cycle == 0 ? Stage::Baseline : Stage::Auxiliary, Stage::Extract,
                                      Stage::Sae, Stage::Evaluate, Stage::Features})
                rowFor(stage, cycle);
    } else if (const auto* begun = std::get_if<StageStarted>(&event.body)) {
        const int row = rowFor(begun->stage, begun->cycle);
        Row& r = m_rows[static_cast<std::size_t>(row)];
        r.state = StageState::Running;
        r.startedAt = event.wallTime;
        r.elapsed = 0;
        r.fraction = begun->totalSteps > 0 ? 0 : -1;
        r.secondsLeft = -1;
        rowChanged(row);
    } else if (const auto* progress = std::get_if<Progress>(&event.body)) {
        const int row = rowFor(progress->stage, progress->cycle);
        Row& r = m_rows[static_cast<std::size_t>(row)];
        if (r.state != StageState::Running)
            return;
        r.elapsed = std::max(0.0, event.wallTime - r.startedAt);
        r.secondsLeft = progress->secondsLeft;
        if (progress->totalSteps > 0)
            r.fraction = std::clamp(
                static_cast<double>(progress->step) / static_cast<double>(progress->totalSteps), 0.0, 1.0);
        rowChanged(row);
    } else if (const auto* ended = std::get_if<StageFinished>(&event.body)) {
        const int row = rowFor(ended->stage, ended->cycle);
        Row& r = m_rows[static_cast<std::size_t>(row)];
        r.state = StageState::Done;
        r.elapsed = ended->seconds;
        r.secondsLeft = -1;
        r.fraction = 1;
        rowChanged(row);
    } else if (std::holds_alternative<RunFinished>(event.body)) {
        endAll(StageState::Done);
    } else if (std::holds_alternative<RunStopped>(event.body)) {
        endAll(StageState::Stopped);
    } else if (std::holds_alternative<RunFailed>(event.body)) {
        endAll(StageState::Failed);
    }
}

void StageListModel::tick(double wallTime) {
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        Row& r = m_rows[row];
        if (r.state != StageState::Running)
            continue;
        const double elapsed = std::max(r.elapsed, wallTime - r.startedAt);
        if (r.secondsLeft >= 0)
            r.secondsLeft = std::max(0.0, r.secondsLeft - (elapsed - r.elapsed));
        r.elapsed = elapsed;
        rowChanged(static_cast<int>(row));
    }
}

int StageListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int StageListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant StageListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto place = static_cast<std::size_t>(index.row());
    const Row& row = m_rows[place];
    const bool firstOfCycle =
        row.stage != Stage::Prepare &&
        (place == 0 || m_rows[place - 1].stage == Stage::Prepare || m_rows[place - 1].cycle != row.cycle);
    switch (role) {
        case Qt::DisplayRole:
            return displayText(row, index.column());
        case Qt::ToolTipRole:
            return tr("%1, %2: %3")
                .arg(cycleText(row.cycle), stageText(row.stage), stageStateText(row.state));
        case Qt::TextAlignmentRole:
            return index.column() == TimeColumn ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                                : QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
        case StateRole:
            return static_cast<int>(row.state);
        case FractionRole:
            return row.fraction;
        case ElapsedRole:
            return row.elapsed;
        case SecondsLeftRole:
            return row.secondsLeft;
        case FirstOfCycleRole:
            return firstOfCycle;
        default:
            return {};
    }
}

QVariant StageListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == TimeColumn ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                     : QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
        case CycleColumn:
            return tr("Cycle");
        case StageColumn:
            return tr("Stage");
        case ProgressColumn:
            return tr("Progress");
        case TimeColumn:
            return tr("Time");
        default:
            return {};
    }
}

int StageListModel::rowFor(Stage stage, int cycle) {
    const auto order = orderOf(stage, cycle);
    const auto place = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const Row& row) { return orderOf(row.stage, row.cycle) >= order; });
    const int row = static_cast<int>(place - m_rows.begin());
    if (place != m_rows.end() && orderOf(place->stage, place->cycle) == order)
        return row;
    beginInsertRows({}, row, row);
    Row fresh;
    fresh.stage = stage;
    fresh.cycle = cycle;
    m_rows.insert(place, fresh);
    endInsertRows();
    // The row below may have been the first of its cycle until now.
    if (row + 1 < rowCount())
        Q_EMIT dataChanged(index(row + 1, 0), index(row + 1, ColumnCount - 1), {FirstOfCycleRole});
    return row;
}

void StageListModel::rowChanged(int row) {
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void StageListModel::endAll(StageState running) {
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        Row& r = m_rows[row];
        if (r.state == StageState::Running)
            r.state = running;
        else if (r.state == StageState::Waiting)
            r.state = StageState::NotRun;
        else
            continue;
        r.secondsLeft = -1;
        rowChanged(static_cast<int>(row));
    }
}

QString StageListModel::displayText(const Row& row, int column) const {
    switch (column) {
        case CycleColumn:
            return row.stage == Stage::Prepare ? QString() : QString::number(row.cycle);
        case StageColumn:
            return stageText(row.stage);
        case ProgressColumn:
            if (row.state == StageState::Running && row.fraction >= 0)
                return tr("%1 %").arg(static_cast<int>(row.fraction * 100));
            return stageStateText(row.state);
        case TimeColumn:
            if (row.state == StageState::Running)
                return row.secondsLeft >= 0 ? tr("%1 left").arg(durationText(row.secondsLeft))
                                            : durationText(row.elapsed);
            // Runs read back from disk do not say how long their stages took.
            return row.state == StageState::Waiting || row.state == StageState::NotRun || row.elapsed < 0
                       ? QString()
                       : durationText(row.elapsed);
        default:
            return {};
    }
}

}  // namespace saeception
