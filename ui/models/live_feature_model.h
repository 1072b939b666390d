// SPDX-License-Identifier: GPL-3.0-or-later
// The features that fire in an inspected sentence, or on one of its tokens, and what they add to its
// prediction.
#pragma once

#include "cycle/live_model.h"
#include "ui/models/raw_cell_delegate.h"
#include "ui/models/raw_table_model.h"

#include <functional>
#include <memory>
#include <vector>

namespace saeception {

class LiveFeatureModel : public RawTableModel {
    Q_OBJECT

public:
    enum Column { Feature, Words, Activation, Adds };

    using NameOf = std::function<QString(int feature)>;
    explicit LiveFeatureModel(NameOf name, QObject* parent = nullptr);

    /// `token` -1: of the whole sentence, activations at their largest and contributions together.
    /// `counted`: the name of the class towards which contributions are counted.
    void showSentence(std::shared_ptr<const LiveSentence> sentence, int token, const QString& counted);
    void clear();
    /// What is done to features, told beside their activations.
    void setEdits(std::vector<FeatureEdit> edits);
    /// Names have changed.
    void refreshNames();

    int featureIn(int row) const { return m_rows[static_cast<std::size_t>(row)].feature; }
    /// The row of `feature`, or -1.
    int rowOf(int feature) const;
    /// The largest contribution of all rows, whatever its sign.
    double largest() const { return m_largest; }

    int rowCount(const QModelIndex& parent = {}) const override;
    double value(int row, int column) const override;
    QString text(int row, int column) const override;
    bool holds(int row, const QString& term) const override;

private:
    struct Row {
        int feature = 0;
        double activation = 0;
        double adds = 0;
    };
    QString activationText(const Row& row) const;

    NameOf m_name;
    std::vector<Row> m_rows;
    std::vector<FeatureEdit> m_edits;
    double m_largest = 0;
};

/// Beside each contribution a bar to the side that it pulls to, in the colour of the class it pulls towards.
class ContributionDelegate : public RawCellDelegate {
    Q_OBJECT

public:
    using RawCellDelegate::RawCellDelegate;

    /// `towards`: the class that positive contributions pull to; `against`: the other one, or -1 for none.
    void setScale(double largest, int towards, int against);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// What a cell needs beside its number, in pixels.
    static int barRoom(int tableWidth);

private:
    double m_largest = 0;
    int m_towards = 0;
    int m_against = -1;
};

}  // namespace saeception
