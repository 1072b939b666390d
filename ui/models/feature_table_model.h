// SPDX-License-Identifier: GPL-3.0-or-later
// All features of one index as a table of raw numbers, one feature a row; display text is formatted from them
// on demand.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"

#include <QAbstractTableModel>
#include <QFontMetrics>

#include <memory>
#include <span>
#include <vector>

namespace saeception {

class FeatureTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    /// One column per class follows: its mean activation over all rows of that class.
    enum Column {
        Star,
        Feature,
        Density,
        MeanActivation,
        MedianActivation,
        MaxActivation,
        Csi,
        Usefulness,
        Effect,
        Favours,
        Concept,  ///< the known concept that it detects best, by its F1
        Words,    ///< its label, or what it fires on
        FirstClassMean
    };
    /// The value behind the text, as float; NaN where the index has none. Of texts their rank.
    static constexpr int rawRole = Qt::UserRole;
    /// Of Words: whether they are a label that somebody gave.
    static constexpr int labelledRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;

    /// Shows another index; null empties the table. Labels are forgotten.
    void setFeatures(std::shared_ptr<const FeatureIndex> features);
    const std::shared_ptr<const FeatureIndex>& features() const { return m_features; }
    void setLabels(const FeatureLabels& labels);
    void setLabel(int feature, const FeatureLabel& label);
    FeatureLabel label(int feature) const;
    const FeatureLabels& labels() const { return m_labels; }

    /// The raw value of a cell; `feature` is the row.
    float value(int feature, int column) const;
    int aliveCount() const { return m_aliveCount; }
    /// In pixels, the widest text a cell of `column` may show: what the column must have room for. Not of
    /// Words.
    int widestText(int column, const QFontMetrics& metrics) const;
    /// Short names of the columns, for settings: "density".
    static QString columnName(int column);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(int feature, int column) const;
    QString definition(int column) const;
    int classCount() const;
    void measureColumns();
    void rankWords() const;

    std::shared_ptr<const FeatureIndex> m_features;
    FeatureLabels m_labels;
    int m_aliveCount = 0;
    std::vector<int> m_decimals;     ///< per column, so that the figures of one column line up
    std::vector<float> m_largest;    ///< per column, the largest size of a value
    std::vector<float> m_least;      ///< per column, the least size of a value that is not zero; 0 if none
    std::vector<float> m_conceptF1;  ///< per feature, of its best concept; empty where none are known
    std::vector<int> m_bestConcept;  ///< per feature; -1: none
    mutable std::vector<float> m_wordRanks;  ///< per feature; empty until somebody sorts by them
};

}  // namespace saeception
