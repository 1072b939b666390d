// SPDX-License-Identifier: GPL-3.0-or-later
// How well each known concept is told by one feature, cycle by cycle.
#pragma once

#include "features/feature_index.h"
#include "ui/models/raw_table_model.h"

#include <memory>
#include <utility>
#include <vector>

namespace saeception {

/// A row a concept, named by the vertical header, so that it stays in sight while the cycles are scrolled.
class ConceptTableModel : public RawTableModel {
    Q_OBJECT

public:
    /// A cycle's columns; the first cycle has no change.
    enum Part { F1, Change, Auroc, Feature };
    enum ConceptRole {
        RecoveredRole = Qt::UserRole + 16,  ///< of an F1: bool
    };

    using RawTableModel::RawTableModel;

    /// A cycle with its index, null where that is not known.
    using Cycles = std::vector<std::pair<int, std::shared_ptr<const FeatureIndex>>>;
    /// Ascending by cycle. Without an index that knows concepts the table is empty.
    void setCycles(const Cycles& cycles);
    Part part(int column) const { return m_parts[static_cast<std::size_t>(column)].part; }
    int cycle(int column) const;
    /// The best feature of a row's concept in the column's cycle; -1 where there is none.
    int feature(int row, int column) const;
    /// "Recovered 4.2 % → 8.3 % of 24 concepts."
    QString summary() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    double value(int row, int column) const override;
    QString text(int row, int column) const override;
    bool holds(int row, const QString& term) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct PartOf {
        Part part;
        std::size_t cycle;  ///< into m_cycles
    };
    const ConceptMatch* match(int row, std::size_t cycle) const;

    Cycles m_cycles;
    std::vector<QString> m_concepts;
    std::vector<std::vector<ConceptMatch>>
        m_matches;  ///< [cycles][concepts], empty for a cycle without an index
    std::vector<PartOf> m_parts;
};

}  // namespace saeception
