// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cycle_map_model.h"

#include "cycle/metric_info.h"
#include "ui/format.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

bool isUnderWay(StageState state) {
    return state == StageState::Running || state == StageState::Paused;
}

}  // namespace

void CycleMapModel::clear() {
    m_story = {};
    refresh();
}

void CycleMapModel::apply(const Event& event) {
    if (m_story.apply(event))
        refresh();
}

void CycleMapModel::setContents(const CycleMapContents& contents) {
    m_story.merge(contents);
    refresh();
    // Files may have changed where states have not.
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {FilesRole, BytesRole});
}

void CycleMapModel::setActive(bool active) {
    m_story.setActive(active);
    refresh();
}

void CycleMapModel::tick(double wallTime) {
    if (m_story.tick(wallTime))
        refresh();
}

void CycleMapModel::refresh() {
    const std::map<CycleNode, CycleNodeState> states = m_story.states();
    if (states.size() < m_rows.size()) {
        beginRemoveRows({}, static_cast<int>(states.size()), rowCount() - 1);
        m_rows.resize(states.size());
        endRemoveRows();
    }
    // Rows of cycles that were there keep their places: cycles only join at the end.
    auto next = states.begin();
    int firstChanged = -1;
    const auto tell = [&](int end) {
        if (firstChanged >= 0)
            Q_EMIT dataChanged(index(firstChanged), index(end - 1));
        firstChanged = -1;
    };
    for (int i = 0; i < rowCount(); ++i, ++next) {
        Row& row = m_rows[static_cast<std::size_t>(i)];
        if (row.state == next->second) {
            tell(i);
            continue;
        }
        row.state = next->second;
        if (firstChanged < 0)
            firstChanged = i;
    }
    tell(rowCount());
    if (next == states.end())
        return;
    beginInsertRows({}, rowCount(), static_cast<int>(states.size()) - 1);
    for (; next != states.end(); ++next)
        m_rows.push_back({next->first, next->second});
    endInsertRows();
}

int CycleMapModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant CycleMapModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return cycleNodeTitle(row.node);
        case Qt::ToolTipRole:
            return spokenText(row) + QLatin1Char('\n') + cycleNodeDescription(row.node);
        case Qt::AccessibleTextRole:
            return spokenText(row);
        case Qt::AccessibleDescriptionRole:
            return cycleNodeDescription(row.node);
        case NodeRole:
            return QVariant::fromValue(row.node);
        case CycleRole:
            return row.node.cycle;
        case KindRole:
            return static_cast<int>(row.node.kind);
        case ArtefactRole:
            return row.node.isArtefact();
        case StateRole:
            return static_cast<int>(row.state.state);
        case StaleRole:
            return row.state.stale;
        case FractionRole:
            return row.state.fraction;
        case SecondsRole:
            return row.state.seconds;
        case SecondsLeftRole:
            return row.state.secondsLeft;
        case BytesRole:
            return static_cast<qint64>(row.state.bytes);
        case ShortTitleRole:
            return cycleNodeShortTitle(row.node);
        case StateTextRole:
            return stateText(row);
        case LongStateTextRole:
            return longStateText(row);
        case DetailTextRole:
            return detailText(row);
        case FilesRole: {
            QStringList paths;
            const auto& files = m_story.contents().files;
            if (const auto found = files.find(row.node); found != files.end())
                for (const MapFile& file : found->second)
                    paths << QString::fromStdString(file.path.string());
            return paths;
        }
        case NeedsRole:
            return titlesOf(needsOfRow(row));
        case MakesRole:
            return titlesOf(row.node.isArtefact() ? std::vector<CycleNode>()
                                                  : std::vector<CycleNode>{row.node.product()});
        default:
            return {};
    }
}

int CycleMapModel::rowOf(const CycleNode& node) const {
    const auto found =
        std::lower_bound(m_rows.begin(), m_rows.end(), node,
                         [](const Row& row, const CycleNode& wanted) { return row.node < wanted; });
    return found != m_rows.end() && found->node == node ? static_cast<int>(found - m_rows.begin()) : -1;
}

std::vector<CycleNode> CycleMapModel::needsOfRow(const Row& row) const {
    return needsOf(row.node.maker(), m_story.contents().fromBaseline);
}

QStringList CycleMapModel::titlesOf(const std::vector<CycleNode>& nodes) const {
    QStringList titles;
    for (const CycleNode& node : nodes)
        titles << cycleNodeTitle(node);
    return titles;
}

QString CycleMapModel::stateText(const Row& row) const {
    if (!row.node.isArtefact())
        return stageStateText(row.state.state);
    if (row.state.best)
        return tr("Best so far");
    if (isUnderWay(row.state.state))
        return tr("Being redone");
    if (row.state.stale)
        return tr("Out of date");
    if (row.state.state == StageState::Done)
        return tr("Saved");
    return row.state.state == StageState::NotRun ? tr("Not made") : stageStateText(row.state.state);
}

QString CycleMapModel::longStateText(const Row& row) const {
    if (!row.node.isArtefact() && isUnderWay(row.state.state) && row.state.fraction >= 0)
        return tr("%1 %2 %").arg(stateText(row)).arg(static_cast<int>(row.state.fraction * 100));
    return stateText(row);
}

QString CycleMapModel::detailText(const Row& row) const {
    const CycleNodeState& state = row.state;
    if (row.node.isArtefact()) {
        if (state.state == StageState::Missing)
            return isCache(row.node.kind) ? tr("can be remade") : QString();
        return state.bytes >= 0 ? memoryText(state.bytes) : QString();
    }
    if (state.state == StageState::Running && state.secondsLeft >= 0)
        return tr("%1 left").arg(durationText(state.secondsLeft));
    const bool hasRun = state.state != StageState::Waiting && state.state != StageState::NotRun;
    if (!hasRun || state.seconds < 0)
        return {};
    return state.seconds < 0.5 && !isUnderWay(state.state) ? tr("under 1 s") : durationText(state.seconds);
}

QString CycleMapModel::spokenText(const Row& row) const {
    QString text =
        row.node.isArtefact()
            ? tr("%1: %2").arg(cycleNodeTitle(row.node), longStateText(row))
            : tr("%1, %2: %3").arg(cycleText(row.node.cycle), cycleNodeTitle(row.node), longStateText(row));
    if (const QString detail = detailText(row); !detail.isEmpty())
        text += QStringLiteral(", ") + detail;
    return text;
}

QString CycleMapModel::cycleSummary(int cycle) const {
    QStringList parts;
    const auto results = m_story.results().find(cycle);
    if (results != m_story.results().end())
        if (const double accuracy = metric(results->second, "task_accuracy"); std::isfinite(accuracy))
            parts << tr("accuracy %1").arg(QString::fromStdString(metricText("task_accuracy", accuracy)));
    double seconds = 0;
    for (const Row& row : m_rows)
        if (row.node.cycle == cycle && !row.node.isArtefact() && row.state.state != StageState::NotRun)
            seconds += std::max(0.0, row.state.seconds);
    if (seconds >= 1)
        parts << durationText(seconds);
    return parts.join(QStringLiteral(" · "));
}

bool CycleMapModel::isUnfinished() const {
    const CycleMapContents& contents = m_story.contents();
    if (m_story.isActive() || !contents.found || contents.cyclesAsked <= 0 ||
        contents.status == RunStatus::Running)
        return false;
    return std::any_of(m_rows.begin(), m_rows.end(), [&](const Row& row) {
        return !row.node.isArtefact() && row.node.cycle < contents.cyclesAsked &&
               row.state.state != StageState::Done;
    });
}

QString CycleMapModel::summary() const {
    if (m_rows.empty())
        return {};
    for (const Row& row : m_rows)
        if (!row.node.isArtefact() && isUnderWay(row.state.state))
            return tr("%1: %2, cycle %3")
                .arg(stageStateText(row.state.state), cycleNodeTitle(row.node))
                .arg(row.node.cycle);
    int done = 0;
    for (int cycle = 0; cycle < m_story.cycles(); ++cycle)
        if (const int row = rowOf({cycle, Kind::Index}); row >= 0 && state(row).state == StageState::Done)
            ++done;
    QString counted = tr("%1 of %2 cycles done").arg(done).arg(m_story.cycles());
    const auto stale =
        std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.state.stale; });
    if (stale > 0)
        counted += tr(", %1 files out of date").arg(stale);
    for (const Row& row : m_rows)
        if (!row.node.isArtefact() &&
            (row.state.state == StageState::Failed || row.state.state == StageState::Stopped))
            return tr("%1: %2, cycle %3; %4")
                .arg(stageStateText(row.state.state), cycleNodeTitle(row.node))
                .arg(row.node.cycle)
                .arg(counted);
    return counted;
}

QStringList CycleMapModel::shortTexts(int cycles) {
    QStringList texts;
    const int last = std::max(cycles - 1, 0);
    for (const int cycle : {0, last})
        for (const CycleNode& node : nodesOfCycle(cycle))
            texts << cycleNodeShortTitle(node);
    texts << tr("can be remade") << tr("%1 left").arg(durationText(5 * 3600 + 55 * 60))
          << memoryText(112'509'296);
    return texts;
}

QStringList CycleMapModel::shortStates() {
    QStringList texts = {tr("Best so far"), tr("Being redone"), tr("Out of date"), tr("Saved"),
                         tr("Not made")};
    for (int state = 0; state <= static_cast<int>(StageState::Missing); ++state)
        texts << stageStateText(static_cast<StageState>(state));
    return texts;
}

}  // namespace saeception
