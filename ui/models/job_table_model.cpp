// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/job_table_model.h"

#include "ui/format.h"
#include "ui/models/stage_list_model.h"

#include <QCoreApplication>
#include <QDataStream>
#include <QDateTime>
#include <QIODevice>
#include <QMimeData>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

const QString jobsType = QStringLiteral("application/x-saeception-jobs");
const QString none = QStringLiteral("–");

QString tr(const char* text) {
    return QCoreApplication::translate("JobTableModel", text);
}

QString stageWords(const JobInfo& job) {
    if (!job.stage)
        return {};
    return *job.stage == Stage::Prepare ? stageText(*job.stage)
                                        : tr("%1, %2").arg(cycleText(job.cycle), stageText(*job.stage));
}

QString waitText(const JobInfo& job) {
    switch (job.waitsFor) {
        case WaitReason::Hold:
            return job.restored ? tr("from the last session, until it is released")
                                : tr("until it is released");
        case WaitReason::QueueHeld:
            return tr("the queue is on hold");
        case WaitReason::Turn:
            return tr("for its turn");
        case WaitReason::Threads:
            return job.threads == 1 ? tr("for a free thread") : tr("for %1 free threads").arg(job.threads);
        case WaitReason::None:
            break;
    }
    return tr("about to start");
}

QString cyclesText(const JobInfo& job) {
    const int cycles = job.lastCycle + 1;
    return cycles <= 0 ? QString() : cycles == 1 ? tr("1 cycle") : tr("%1 cycles").arg(cycles);
}

// An estimate is no better than that, and does not flicker.
double rounded(double seconds) {
    const double step = seconds < 60 ? 5 : seconds < 600 ? 30 : 60;
    return std::max(step, std::round(seconds / step) * step);
}

QString dateText(double seconds) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(seconds * 1000));
    return time.toString(time.date() == QDate::currentDate() ? QStringLiteral("HH:mm:ss")
                                                             : QStringLiteral("yyyy-MM-dd HH:mm"));
}

bool showsProgress(const JobInfo& job) {
    return isActive(job.state) || (job.started > 0 && isFinished(job.state));
}

}  // namespace

QString jobStateText(const JobInfo& job) {
    switch (job.state) {
        case JobState::Running:
            return tr("Running");
        case JobState::Pausing:
            return tr("Pausing…");
        case JobState::Paused:
            return tr("Paused");
        case JobState::Resuming:
            return tr("Resuming…");
        case JobState::Stopping:
            return tr("Stopping…");
        case JobState::Waiting:
            return job.onHold ? tr("On hold") : tr("Waiting");
        case JobState::Kept:
            return tr("Unfinished");
        case JobState::Done:
            return tr("Done");
        case JobState::Stopped:
            return job.started > 0 ? tr("Stopped") : tr("Cancelled");
        case JobState::Failed:
            break;
    }
    return tr("Failed");
}

QString jobProgressText(const JobInfo& job) {
    const QString stage = stageWords(job);
    switch (job.state) {
        case JobState::Running:
            return stage.isEmpty() ? tr("Starting") : stage;
        case JobState::Resuming:
            return job.waitsFor == WaitReason::None ? stage : tr("waits %1").arg(waitText(job));
        case JobState::Waiting:
            return waitText(job);
        case JobState::Kept:
            return tr("can be resumed from its last finished stage");
        case JobState::Done:
            return cyclesText(job);
        case JobState::Failed:
            return job.message;
        case JobState::Stopped:
            return job.started > 0 ? stage : tr("before it began");
        default:
            return stage;
    }
}

JobTableModel::JobTableModel(JobQueue* queue, QObject* parent)
    : QAbstractTableModel(parent), m_queue(queue), m_ids(queue->jobs()) {
    connect(queue, &JobQueue::jobAdded, this, &JobTableModel::add);
    connect(queue, &JobQueue::jobMoved, this, [this](quint64, int from, int to) { move(from, to); });
    connect(queue, &JobQueue::jobRemoved, this, [this](quint64, int row) { remove(row); });
    connect(queue, &JobQueue::jobChanged, this, &JobTableModel::change);
}

int JobTableModel::rowOf(quint64 id) const {
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
}

const JobInfo* JobTableModel::jobAt(int row) const {
    return m_queue == nullptr ? nullptr : m_queue->job(idAt(row));
}

void JobTableModel::add(quint64 id, int row) {
    beginInsertRows({}, row, row);
    m_ids.insert(m_ids.begin() + row, id);
    endInsertRows();
    placesChanged();
}

void JobTableModel::move(int from, int to) {
    if (!beginMoveRows({}, from, from, {}, to > from ? to + 1 : to))
        return;
    const auto begin = m_ids.begin();
    if (from < to)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    endMoveRows();
    placesChanged();
}

void JobTableModel::remove(int row) {
    beginRemoveRows({}, row, row);
    m_ids.erase(m_ids.begin() + row);
    endRemoveRows();
    placesChanged();
}

void JobTableModel::change(quint64 id) {
    if (const int row = rowOf(id); row >= 0)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void JobTableModel::placesChanged() {
    if (!m_ids.empty())
        Q_EMIT dataChanged(index(0, Place), index(rowCount() - 1, Place));
}

int JobTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

int JobTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant JobTableModel::value(const JobInfo& job, int column) const {
    const auto known = [](double number, bool is) { return is ? QVariant(number) : QVariant(); };
    switch (column) {
        case Place: {
            const int place = m_queue->placeOf(job.id);
            return place < 0 ? QVariant() : QVariant(place + 1);
        }
        case State:
            return int(job.state);
        case Progress:
            return known(job.fraction, showsProgress(job) && job.fraction >= 0);
        case Elapsed:
            return known(job.elapsed, job.started > 0);
        case Left:
            return known(job.secondsLeft,
                         isActive(job.state) && job.state != JobState::Stopping && job.secondsLeft >= 0);
        case Threads:
            return job.threads > 0 ? QVariant(job.threads) : QVariant();
        case Started:
            return known(job.started, job.started > 0);
        default:
            return {};
    }
}

QString JobTableModel::text(const JobInfo& job, int column) const {
    if (column == Title)
        return job.title;
    if (column == State)
        return jobStateText(job);
    if (column == Progress)
        return jobProgressText(job);
    const QVariant raw = value(job, column);
    if (!raw.isValid())
        return none;
    switch (column) {
        case Elapsed:
            return durationText(raw.toDouble());
        case Left:
            return tr("about %1").arg(durationText(rounded(raw.toDouble())));
        case Started:
            return dateText(raw.toDouble());
        default:
            return raw.toString();
    }
}

QString JobTableModel::tooltip(const JobInfo& job, int column) const {
    switch (column) {
        case Title:
            return job.spec.command.isEmpty() ? job.title : jobCommand(job.spec);
        case Progress:
            return text(job, column);
        case State:
            if (job.state == JobState::Kept)
                return tr("A run that was begun and not finished; what it finished is in its folder");
            if (job.state == JobState::Resuming)
                return tr("Goes on before any waiting job, as soon as a place and its threads are free");
            return {};
        case Left:
            return tr("Estimated from the stages so far");
        case Elapsed:
            return tr("Time in which the job was paused is not counted");
        case Threads:
            return tr("Threads that its configuration names, else an equal share of %1")
                .arg(m_queue->threadBudget());
        default:
            return {};
    }
}

QVariant JobTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const JobInfo* job = jobAt(index.row());
    if (job == nullptr)
        return {};
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            return text(*job, column);
        case Qt::ToolTipRole:
            return tooltip(*job, column);
        case Qt::TextAlignmentRole:
            return headerData(column, Qt::Horizontal, role);
        case Qt::AccessibleTextRole:
            if (column == Progress && showsProgress(*job) && job->fraction >= 0)
                return tr("%1 percent, %2")
                    .arg(static_cast<int>(job->fraction * 100))
                    .arg(text(*job, column));
            return text(*job, column);
        case IdRole:
            return job->id;
        case ValueRole:
            return value(*job, column);
        case StateRole:
            return int(job->state);
        case HoldRole:
            return job->state == JobState::Waiting && job->onHold;
        case FractionRole:
            return showsProgress(*job) ? job->fraction : -1;
        case FaintRole:
            return text(*job, column) == none ||
                   (column == Progress && !isActive(job->state) && job->state != JobState::Failed);
        default:
            return {};
    }
}

QVariant JobTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = section == Place || (section >= Elapsed && section <= Threads);
        return QVariant::fromValue((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole && section == Place)
        return tr("Place in the queue");
    if (role != Qt::DisplayRole)
        return {};
    const QString names[ColumnCount] = {tr("Place"),   tr("Job"),  tr("State"),   tr("Progress"),
                                        tr("Elapsed"), tr("Left"), tr("Threads"), tr("Started")};
    return names[section];
}

Qt::ItemFlags JobTableModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;  // between rows
    const JobInfo* job = jobAt(index.row());
    const bool waits = job != nullptr && job->state == JobState::Waiting;
    return QAbstractTableModel::flags(index) | (waits ? Qt::ItemIsDragEnabled : Qt::NoItemFlags);
}

QStringList JobTableModel::mimeTypes() const {
    return {jobsType};
}

QMimeData* JobTableModel::mimeData(const QModelIndexList& indexes) const {
    std::vector<int> rows;
    for (const QModelIndex& index : indexes)
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    for (const int row : rows)
        if (const JobInfo* job = jobAt(row); job != nullptr && job->state == JobState::Waiting)
            out << job->id;
    if (bytes.isEmpty())
        return nullptr;
    auto* data = new QMimeData;
    data->setData(jobsType, bytes);
    return data;
}

bool JobTableModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int, int,
                                    const QModelIndex&) const {
    return m_queue != nullptr && action == Qt::MoveAction && data->hasFormat(jobsType);
}

bool JobTableModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                                 const QModelIndex& parent) {
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const int before = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    // The first waiting job at or below the drop that is not dragged itself.
    QDataStream in(data->data(jobsType));
    std::vector<quint64> dragged;
    for (quint64 id = 0; !in.atEnd();) {
        in >> id;
        dragged.push_back(id);
    }
    quint64 follower = 0;
    for (int below = before; below < rowCount() && follower == 0; ++below) {
        const quint64 id = idAt(below);
        if (m_queue->placeOf(id) >= 0 && std::find(dragged.begin(), dragged.end(), id) == dragged.end())
            follower = id;
        else if (const JobInfo* job = jobAt(below);
                 job != nullptr && !isActive(job->state) && m_queue->placeOf(id) < 0)
            break;
    }
    for (const quint64 id : dragged) {
        const int own = m_queue->placeOf(id);
        const int target = follower == 0 ? m_queue->waitingCount() : m_queue->placeOf(follower);
        if (own >= 0)
            m_queue->moveTo(id, own < target ? target - 1 : target);
    }
    return true;
}

}  // namespace saeception
