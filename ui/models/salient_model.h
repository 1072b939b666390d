// SPDX-License-Identifier: GPL-3.0-or-later
// The features that sharpening aimed at, label by label, before and after it.
#pragma once

#include "ui/models/cycle_step.h"
#include "ui/models/feature_names.h"
#include "ui/models/raw_table_model.h"
#include "ui/models/selectivity.h"

#include <array>
#include <vector>

namespace saeception {

/// What became of the features that sharpening aimed at, each counted once, and of the others.
struct SalientSummary {
    int features = 0;
    std::array<int, fateCount> fates{};  ///< by Fate
    Movement csi;                        ///< of the salient ones that were kept or drifted
    Movement usefulness;
    Movement otherCsi;  ///< of the kept or drifted ones that are not salient
    Movement otherUsefulness;
};
SalientSummary salientSummary(const CycleStep& step);

/// What was done between the cycles of `step`, in a sentence or two, told from what the later index says of
/// it.
QString sharpeningText(const CycleStep& step);
/// The summary in words; empty where nothing was aimed at.
QString summaryText(const SalientSummary& summary);

class SalientModel : public RawTableModel {
    Q_OBJECT

public:
    enum ColumnId {
        Label,
        Rank,
        Before,
        Words,
        FateColumn,
        After,
        MeanBefore,
        MeanAfter,
        CsiBefore,
        CsiAfter,
        UsefulnessBefore,
        UsefulnessAfter,
        EffectBefore,
        EffectAfter
    };

    explicit SalientModel(FeatureNameOf nameOf, QObject* parent = nullptr);

    /// Shows another step; one that is not known, or without salient features, empties the table.
    void setStep(const CycleStep& step);
    const CycleStep& step() const { return m_step; }
    /// The features of a row; `after` is the best counterpart.
    FeaturePair pair(int row) const;
    int label(int row) const { return m_rows[static_cast<std::size_t>(row)].label; }
    /// The first row of feature (cycle, feature); -1 where there is none.
    int rowOf(int cycle, int feature) const;
    void namesChanged();

    int rowCount(const QModelIndex& parent = {}) const override;
    double value(int row, int column) const override;
    QString text(int row, int column) const override;
    bool holds(int row, const QString& term) const override;
    int groupOf(int row) const override { return label(row); }

private:
    struct Row {
        int label = 0;
        int rank = 0;  ///< from 1
        FeaturePair pair;
    };
    std::vector<Column> makeColumns() const;

    FeatureNameOf m_nameOf;
    CycleStep m_step;
    std::vector<Row> m_rows;
    int m_meanDecimals = 2;
    int m_usefulnessDecimals = 3;
    int m_effectDecimals = 2;
};

}  // namespace saeception
