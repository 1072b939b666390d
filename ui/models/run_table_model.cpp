// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_table_model.h"

#include "cycle/metric_info.h"
#include "ui/format.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <set>

namespace saeception {
namespace fs = std::filesystem;
namespace {

QString toText(const std::string& text) {
    return QString::fromStdString(text);
}

QString timeText(double seconds, const QString& format) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(seconds * 1000)).toString(format);
}

QString tagText(const RunSummary& run) {
    QStringList tags;
    for (const std::string& tag : run.notes.tags)
        tags.append(toText(tag));
    return tags.join(QStringLiteral(", "));
}

QStringList problemsOf(const RunSummary& run) {
    QStringList lines;
    for (const std::string& line : run.problems)
        lines.append(toText(line));
    return lines;
}

}  // namespace

QString runStatusText(RunStatus status) {
    switch (status) {
        case RunStatus::Running:
            return QCoreApplication::translate("RunStatus", "Running");
        case RunStatus::Done:
            return QCoreApplication::translate("RunStatus", "Done");
        case RunStatus::Stopped:
            return QCoreApplication::translate("RunStatus", "Stopped");
        case RunStatus::Failed:
            return QCoreApplication::translate("RunStatus", "Failed");
        case RunStatus::Interrupted:
            break;
    }
    return QCoreApplication::translate("RunStatus", "Interrupted");
}

void RunTableModel::update(const std::vector<RunSummary>& runs) {
    std::vector<RunSummary> fresh;
    for (const RunSummary& run : runs) {
        const int row = rowOf(run.root);
        if (row < 0) {
            const auto same = std::find_if(fresh.begin(), fresh.end(),
                                           [&](const RunSummary& other) { return other.root == run.root; });
            if (same == fresh.end())
                fresh.push_back(run);
            else
                *same = run;
        } else if (!(m_runs[static_cast<std::size_t>(row)] == run)) {
            m_runs[static_cast<std::size_t>(row)] = run;
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    }
    if (fresh.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
    for (RunSummary& run : fresh) {
        m_rows[run.root] = static_cast<int>(m_runs.size());
        m_runs.push_back(std::move(run));
    }
    endInsertRows();
}

void RunTableModel::remove(const fs::path& root) {
    if (const int row = rowOf(root); row >= 0)
        removeRow(row);
}

void RunTableModel::keepOnly(const std::vector<fs::path>& roots) {
    const std::set<fs::path> kept(roots.begin(), roots.end());
    for (int row = rowCount() - 1; row >= 0; --row)
        if (!kept.contains(run(row).root))
            removeRow(row);
}

void RunTableModel::removeRow(int row) {
    beginRemoveRows({}, row, row);
    m_rows.erase(run(row).root);
    m_runs.erase(m_runs.begin() + row);
    for (int later = row; later < static_cast<int>(m_runs.size()); ++later)
        m_rows[run(later).root] = later;
    endRemoveRows();
}

int RunTableModel::rowOf(const fs::path& root) const {
    const auto found = m_rows.find(root);
    return found == m_rows.end() ? -1 : found->second;
}

void RunTableModel::setNotes(int row, const RunNotes& notes) {
    RunSummary& run = m_runs[static_cast<std::size_t>(row)];
    if (run.notes == notes)
        return;
    run.notes = notes;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    Q_EMIT notesEdited(run.root, notes);
}

int RunTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString RunTableModel::text(const RunSummary& run, int column) const {
    const QString none = QStringLiteral("–");
    switch (column) {
        case State:
            return runStatusText(run.status);
        case Name:
            return toText(runTitle(run));
        case Experiment:
            return run.experiment.empty() ? none : toText(run.experiment);
        case Model:
            return run.model.empty() ? none : toText(run.model);
        case Dataset:
            return run.dataset.empty() ? none : toText(run.dataset);
        case Started:
            return run.started > 0 ? timeText(run.started, QStringLiteral("yyyy-MM-dd HH:mm")) : none;
        case Cycles:
            return run.cyclesAsked > 0 ? tr("%1 of %2").arg(run.cycles.size()).arg(run.cyclesAsked)
                                       : QString::number(run.cycles.size());
        case Accuracy:
            return run.accuracy ? toText(metricText("task_accuracy", *run.accuracy)) : none;
        case Size:
            return memoryText(run.bytes);
        case Tags:
            return tagText(run);
        case Note:
            return toText(run.notes.note).section(QLatin1Char('\n'), 0, 0);
        default:
            return {};
    }
}

QVariant RunTableModel::sortKey(const RunSummary& run, int column) const {
    switch (column) {
        case State:
            return int(run.status);
        case Started:
            return run.started > 0 ? QVariant(run.started) : QVariant();
        case Cycles:
            return static_cast<int>(run.cycles.size());
        case Accuracy:
            return run.accuracy ? QVariant(*run.accuracy) : QVariant();
        case Size:
            return static_cast<qlonglong>(run.bytes);
        default: {
            const QString words = text(run, column);
            return words.isEmpty() || words == QStringLiteral("–") ? QVariant() : QVariant(words.toLower());
        }
    }
}

QString RunTableModel::tooltip(const RunSummary& run, int column) const {
    QStringList lines;
    switch (column) {
        case State:
            lines << (run.status == RunStatus::Interrupted
                          ? tr("Interrupted: it ended without a word, as after a crash")
                          : runStatusText(run.status));
            if (!run.ending.empty())
                lines << toText(run.ending);
            for (const QString& problem : problemsOf(run))
                lines << QStringLiteral("⚠ ") + problem;
            break;
        case Name:
            lines << toText(run.root.string());
            break;
        case Started:
            lines << tr("Started %1").arg(timeText(run.started, QStringLiteral("yyyy-MM-dd HH:mm:ss")))
                  << tr("Last written %1")
                         .arg(timeText(run.lastWritten, QStringLiteral("yyyy-MM-dd HH:mm:ss")));
            break;
        case Accuracy:
            if (run.accuracy)
                lines << tr("Best validation accuracy, reached in cycle %1").arg(run.accuracyCycle);
            break;
        case Cycles:
            lines << (run.cyclesAsked > 0 ? tr("Evaluated %1 of the %2 cycles asked for")
                                                .arg(run.cycles.size())
                                                .arg(run.cyclesAsked)
                                          : tr("Evaluated cycles"));
            break;
        case Note:
            lines << toText(run.notes.note);
            break;
        default:
            return {};
    }
    return lines.join(QLatin1Char('\n'));
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RunSummary& run = this->run(index.row());
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            return text(run, column);
        case Qt::EditRole:
            return column == Name   ? toText(run.notes.name.empty() ? runTitle(run) : run.notes.name)
                   : column == Note ? toText(run.notes.note)
                                    : text(run, column);
        case Qt::ToolTipRole:
            return tooltip(run, column);
        case Qt::TextAlignmentRole:
            return QVariant::fromValue((column >= Cycles && column <= Size ? Qt::AlignRight : Qt::AlignLeft) |
                                       Qt::AlignVCenter);
        case Qt::AccessibleTextRole:
            return column == State && !run.problems.empty() ? tr("%1, with problems").arg(text(run, State))
                                                            : text(run, column);
        case SortRole:
            return sortKey(run, column);
        case StatusRole:
            return int(run.status);
        case PathRole:
            return toText(run.root.string());
        case ProblemsRole:
            return problemsOf(run);
        case FilterRole: {
            QStringList words = {toText(run.root.filename().string()), toText(run.notes.note)};
            for (const int shown : {State, Name, Experiment, Model, Dataset, Started, Tags})
                words.append(text(run, shown));
            return words.join(QLatin1Char('\n')).toLower();
        }
        default:
            return {};
    }
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= Cycles && section <= Size ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[ColumnCount] = {tr("State"), tr("Name"),    tr("Experiment"), tr("Model"),
                                        tr("Data"),  tr("Started"), tr("Cycles"),     tr("Best accuracy"),
                                        tr("Size"),  tr("Tags"),    tr("Note")};
    return names[section];
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags common = QAbstractTableModel::flags(index);
    if (!index.isValid())
        return common;
    const bool editable = index.column() == Name || index.column() == Tags || index.column() == Note;
    return editable ? common | Qt::ItemIsEditable : common;
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    RunNotes notes = run(index.row()).notes;
    const QString text = value.toString().trimmed();
    if (index.column() == Name) {
        // The folder's own name needs no keeping.
        RunNotes unnamed;
        notes.name = text == toText(runTitle(run(index.row()).root, unnamed))
                         ? std::string()
                         : text.simplified().toStdString();
    } else if (index.column() == Tags) {
        notes.tags = parseTags(text.toStdString());
    } else {
        notes.note = text.toStdString();
    }
    setNotes(index.row(), notes);
    return true;
}

}  // namespace saeception
