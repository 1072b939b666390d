// SPDX-License-Identifier: GPL-3.0-or-later
// All known runs, one a row; their names, tags and notes can be edited.
#pragma once

#include "cycle/run_library.h"

#include <QAbstractTableModel>

#include <filesystem>
#include <map>
#include <vector>

namespace saeception {

/// "Running", "Done", "Stopped", "Failed", "Interrupted".
QString runStatusText(RunStatus status);

class RunTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        State,
        Name,
        Experiment,
        Model,
        Dataset,
        Started,
        Cycles,
        Accuracy,
        Size,
        Tags,
        Note,
        ColumnCount
    };
    enum Role {
        SortRole = Qt::UserRole,  ///< the raw value; invalid where the run has none
        StatusRole,               ///< int, a RunStatus
        PathRole,                 ///< QString, the folder
        ProblemsRole,             ///< QStringList, what is wrong with it
        FilterRole,               ///< all that a filter looks at, in lower case
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Adds runs not seen before at the end and brings the others up to date.
    void update(const std::vector<RunSummary>& runs);
    void remove(const std::filesystem::path& root);
    /// Drops every run that is not in `roots`.
    void keepOnly(const std::vector<std::filesystem::path>& roots);

    const RunSummary& run(int row) const { return m_runs[static_cast<std::size_t>(row)]; }
    /// The row of the run in `root`, or -1.
    int rowOf(const std::filesystem::path& root) const;
    /// Changes what is written about a run, and says so with notesEdited if it is a change.
    void setNotes(int row, const RunNotes& notes);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

Q_SIGNALS:
    void notesEdited(const std::filesystem::path& root, const saeception::RunNotes& notes);

private:
    QString text(const RunSummary& run, int column) const;
    QVariant sortKey(const RunSummary& run, int column) const;
    QString tooltip(const RunSummary& run, int column) const;
    void removeRow(int row);

    std::vector<RunSummary> m_runs;
    std::map<std::filesystem::path, int> m_rows;
};

}  // namespace saeception
