// SPDX-License-Identifier: GPL-3.0-or-later
// What became of each feature in one step, a row a pair of counterparts.
#pragma once

#include "ui/models/cycle_step.h"
#include "ui/models/feature_names.h"
#include "ui/models/raw_table_model.h"

#include <vector>

namespace saeception {

/// The groups by which rows are filtered.
enum class PairFate { Kept, Drifted, Split, Merged, Died, Born };
inline constexpr int pairFateCount = 6;
/// Of a feature of the earlier or the later side that fires.
PairFate pairFateOf(Fate fate, bool later);
/// "kept", "split", "died", ... of a whole row.
QString pairFateText(PairFate fate);

class MatchTableModel : public RawTableModel {
    Q_OBJECT

public:
    enum ColumnId {
        Before,
        BeforeWords,
        FateColumn,
        After,
        AfterWords,
        Cosine,
        Coactivation,
        CsiBefore,
        CsiChange,
        UsefulnessBefore,
        UsefulnessChange,
        EffectChange
    };

    explicit MatchTableModel(FeatureNameOf nameOf, QObject* parent = nullptr);

    /// Shows another step; one that is not known empties the table.
    void setStep(const CycleStep& step);
    const CycleStep& step() const { return m_step; }
    const FeaturePair& pair(int row) const { return m_pairs[static_cast<std::size_t>(row)]; }
    PairFate fate(int row) const;
    /// The row of feature (cycle, feature) with its best counterpart; -1 for one that never fires, or of
    /// another step.
    int rowOf(int cycle, int feature) const;
    /// The names of features have changed.
    void namesChanged();

    int rowCount(const QModelIndex& parent = {}) const override;
    double value(int row, int column) const override;
    QString text(int row, int column) const override;
    bool holds(int row, const QString& term) const override;
    int groupOf(int row) const override { return static_cast<int>(fate(row)); }

private:
    std::vector<Column> makeColumns() const;
    QString name(int row, bool later) const;

    FeatureNameOf m_nameOf;
    CycleStep m_step;
    std::vector<FeaturePair> m_pairs;
    std::vector<double> m_effectChanges;  ///< one a row
    int m_usefulnessDecimals = 3;
    int m_effectDecimals = 2;
};

}  // namespace saeception
