// SPDX-License-Identifier: GPL-3.0-or-later
// The configurations of several runs side by side: a row for each key in which they differ, a column a run.
#pragma once

#include "cycle/run_library.h"

#include <QAbstractTableModel>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// The vertical header names the keys. The first run is what the others are told apart from.
class ConfigDiffModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role {
        DiffersRole = Qt::UserRole,  ///< bool: not what the first run has
        MissingRole,                 ///< bool: the run has no such key
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setRuns(const std::vector<RunContents>& runs);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    using Values = std::vector<std::optional<std::string>>;  ///< one a run; empty where it lacks the key
    struct Row {
        std::string key;
        Values values;
    };

    std::vector<std::string> m_titles;
    std::vector<Row> m_rows;
};

}  // namespace saeception
