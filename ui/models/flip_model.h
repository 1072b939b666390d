// SPDX-License-Identifier: GPL-3.0-or-later
// The validation sentences whose prediction a change turns, the largest change first.
#pragma once

#include "cycle/live_model.h"
#include "features/feature_index.h"
#include "ui/models/raw_table_model.h"

#include <memory>

namespace saeception {

class FlipModel : public RawTableModel {
    Q_OBJECT

public:
    enum Column { Outcome, Sentence };

    explicit FlipModel(QObject* parent = nullptr);

    /// `index` holds the sentences; both null for none.
    void setEffect(std::shared_ptr<const SplitEffect> effect, std::shared_ptr<const FeatureIndex> index);
    std::int64_t exampleIn(int row) const { return flip(row).example; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    double value(int row, int column) const override;
    QString text(int row, int column) const override;
    bool holds(int row, const QString& term) const override;

private:
    const SplitEffect::Flip& flip(int row) const { return m_effect->flips[static_cast<std::size_t>(row)]; }
    QString nameOf(int label) const;

    std::shared_ptr<const SplitEffect> m_effect;
    std::shared_ptr<const FeatureIndex> m_index;
};

}  // namespace saeception
