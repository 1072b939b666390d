// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of a run as a table of raw values, one sentence a row, with a column for what each cycle's
// model predicts; display text is made on demand.
#pragma once

#include "ui/models/sentence_predictions.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace saeception {

class SentenceTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Kind { Split, Example, Sentence, Gold, Prediction, Loss, Flips, Tokens };

    /// What stands in a column. They come in the order of their kinds, those of one kind by cycle.
    struct Column {
        Kind kind = Kind::Sentence;
        int cycle = -1;  ///< of Prediction and Loss
        bool operator==(const Column&) const = default;
    };

    enum Role {
        RawRole =
            Qt::UserRole,  ///< qlonglong or double; of a prediction its class; invalid where there is none
        KindRole,          ///< int, a Kind
        ClassRole,         ///< int, the class of a Gold or Prediction cell; -1 where there is none
        WrongRole,         ///< whether it is a prediction of another class than the gold one
        ConfidenceRole,    ///< QString: of a prediction, two decimals
        CopyRole,          ///< the sentence as plain text, in every column
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Shows other sentences, or none for null. Where these are the rows shown so far (hasRowsOf), columns
    /// come and go and cells change, but no row does.
    void setPredictions(std::shared_ptr<const SentencePredictions> predictions);
    const std::shared_ptr<const SentencePredictions>& predictions() const { return m_predictions; }

    const Column& column(int section) const { return m_columns[static_cast<std::size_t>(section)].is; }
    /// Where `column` stands, or -1.
    int sectionOf(const Column& column) const;
    /// Whether it belongs to the newest cycle.
    bool isNewest(const Column& column) const;

    /// By which a column is sorted: by `first`, then by `second`; NaN where there is no value.
    struct SortKey {
        double first = 0;
        double second = 0;
    };
    SortKey sortKey(int row, int section) const;

    /// Line breaks and other control characters as signs of their own.
    QString sentenceText(int row) const;
    /// Texts one of which is the longest that a cell of this kind shows; none for sentences.
    QStringList widestTexts(Kind kind) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// All columns and cells are those of the new predictions; the rows have stayed.
    void predictionsChanged();

private:
    struct Shown {
        Column is;
        std::shared_ptr<const CyclePredictions> cycle;  ///< of Prediction and Loss
    };

    static std::vector<Shown> columnsOf(const SentencePredictions* predictions);
    void changeColumns(const std::vector<Shown>& columns);
    QString text(int row, const Shown& column) const;
    QString confidenceText(int row, const Shown& column) const;
    QString className(int label) const;
    QString definition(const Column& column) const;
    QString tooltip(int row, const Shown& column) const;
    QVariant raw(int row, const Shown& column) const;
    int labelOf(int row, const Shown& column) const;
    bool isWrong(int row, const Shown& column) const;

    std::shared_ptr<const SentencePredictions> m_predictions;
    std::vector<Shown> m_columns = columnsOf(nullptr);
};

}  // namespace saeception
