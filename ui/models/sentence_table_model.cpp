// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_table_model.h"

#include "ui/format.h"
#include "ui/models/feature_words.h"
#include "ui/models/top_sentences_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace saeception {
namespace {

constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();
constexpr int lossDecimals = 3;
const QString none = QStringLiteral("–");

std::size_t at(int row) {
    return static_cast<std::size_t>(row);
}

bool isBefore(const SentenceTableModel::Column& a, const SentenceTableModel::Column& b) {
    return std::tie(a.kind, a.cycle) < std::tie(b.kind, b.cycle);
}

bool isNumber(SentenceTableModel::Kind kind) {
    using Kind = SentenceTableModel::Kind;
    return kind == Kind::Example || kind == Kind::Loss || kind == Kind::Flips || kind == Kind::Tokens;
}

}  // namespace

std::vector<SentenceTableModel::Shown> SentenceTableModel::columnsOf(const SentencePredictions* predictions) {
    std::vector<Shown> columns;
    for (const Kind kind : {Kind::Split, Kind::Example, Kind::Sentence, Kind::Gold, Kind::Prediction,
                            Kind::Loss, Kind::Flips, Kind::Tokens}) {
        if (kind != Kind::Prediction && kind != Kind::Loss)
            columns.push_back({{kind, -1}, nullptr});
        else if (predictions != nullptr)
            for (const auto& cycle : predictions->cycles())
                columns.push_back({{kind, cycle->cycle}, cycle});
    }
    return columns;
}

void SentenceTableModel::setPredictions(std::shared_ptr<const SentencePredictions> predictions) {
    const bool stay = m_predictions && predictions && predictions->hasRowsOf(*m_predictions);
    std::vector<Shown> columns = columnsOf(predictions.get());
    if (!stay) {
        beginResetModel();
        m_predictions = std::move(predictions);
        m_columns = std::move(columns);
        endResetModel();
        return;
    }
    m_predictions = std::move(predictions);
    changeColumns(columns);
    Q_EMIT predictionsChanged();
}

void SentenceTableModel::changeColumns(const std::vector<Shown>& columns) {
    const auto has = [](const std::vector<Shown>& all, const Column& wanted) {
        return std::any_of(all.begin(), all.end(), [&](const Shown& shown) { return shown.is == wanted; });
    };
    for (int section = columnCount() - 1; section >= 0; --section)
        if (!has(columns, column(section))) {
            beginRemoveColumns({}, section, section);
            m_columns.erase(m_columns.begin() + section);
            endRemoveColumns();
        }
    for (const Shown& fresh : columns)
        if (!has(m_columns, fresh.is)) {
            const auto place =
                std::lower_bound(m_columns.begin(), m_columns.end(), fresh,
                                 [](const Shown& a, const Shown& b) { return isBefore(a.is, b.is); });
            const int section = static_cast<int>(place - m_columns.begin());
            beginInsertColumns({}, section, section);
            m_columns.insert(place, fresh);
            endInsertColumns();
        }
    for (int section = 0; section < columnCount(); ++section) {
        Shown& shown = m_columns[at(section)];
        const bool changed = shown.cycle != columns[at(section)].cycle || shown.is.kind == Kind::Flips;
        shown.cycle = columns[at(section)].cycle;
        if (changed && rowCount() > 0)
            Q_EMIT dataChanged(index(0, section), index(rowCount() - 1, section));
    }
}

int SentenceTableModel::sectionOf(const Column& column) const {
    for (int section = 0; section < columnCount(); ++section)
        if (this->column(section) == column)
            return section;
    return -1;
}

bool SentenceTableModel::isNewest(const Column& column) const {
    return m_predictions && column.cycle == m_predictions->newest();
}

SentenceTableModel::SortKey SentenceTableModel::sortKey(int row, int section) const {
    const Shown& shown = m_columns[at(section)];
    const SentenceRows& rows = m_predictions->rows();
    switch (shown.is.kind) {
        case Kind::Split:
            return {static_cast<double>(rows.split(row))};
        case Kind::Example:
            return {static_cast<double>(rows.example[at(row)])};
        case Kind::Sentence:
            return {static_cast<double>(rows.textRank[at(row)])};
        case Kind::Gold:
            return {static_cast<double>(rows.label[at(row)])};
        case Kind::Prediction: {
            const int label = shown.cycle->label[at(row)];
            return {label < 0 ? notKnown : label, shown.cycle->confidence[at(row)]};
        }
        case Kind::Loss:
            return {shown.cycle->loss[at(row)]};
        case Kind::Flips: {
            const int flips = m_predictions->flips(row);
            return {flips < 0 ? notKnown : flips};
        }
        case Kind::Tokens:
            break;
    }
    return {static_cast<double>(rows.index->sentence(row).tokens.size())};
}

QString SentenceTableModel::sentenceText(int row) const {
    return visibleToken(m_predictions->rows().index->sentenceText(row)).trimmed();
}

QString SentenceTableModel::className(int label) const {
    return saeception::className(*m_predictions->rows().index, label);
}

int SentenceTableModel::labelOf(int row, const Shown& column) const {
    if (column.is.kind == Kind::Gold)
        return m_predictions->rows().label[at(row)];
    return column.is.kind == Kind::Prediction ? column.cycle->label[at(row)] : -1;
}

bool SentenceTableModel::isWrong(int row, const Shown& column) const {
    return column.is.kind == Kind::Prediction && labelOf(row, column) >= 0 &&
           labelOf(row, column) != m_predictions->rows().label[at(row)];
}

QString SentenceTableModel::confidenceText(int row, const Shown& column) const {
    return column.is.kind == Kind::Prediction && labelOf(row, column) >= 0
               ? QString::number(column.cycle->confidence[at(row)], 'f', 2)
               : QString();
}

QString SentenceTableModel::text(int row, const Shown& column) const {
    const SentenceRows& rows = m_predictions->rows();
    switch (column.is.kind) {
        case Kind::Split:
            return rows.split(row) == SplitKind::Train ? tr("train") : tr("validation");
        case Kind::Example:
            return QString::number(rows.example[at(row)]);
        case Kind::Sentence:
            return sentenceText(row);
        case Kind::Gold:
        case Kind::Prediction:
            return className(labelOf(row, column));
        case Kind::Loss:
            return formatFigure(column.cycle->loss[at(row)], lossDecimals);
        case Kind::Flips:
            return m_predictions->flips(row) < 0 ? none : QString::number(m_predictions->flips(row));
        case Kind::Tokens:
            break;
    }
    return QString::number(rows.index->sentence(row).tokens.size());
}

QVariant SentenceTableModel::raw(int row, const Shown& column) const {
    const SentenceRows& rows = m_predictions->rows();
    switch (column.is.kind) {
        case Kind::Split:
            return static_cast<qlonglong>(rows.split(row));
        case Kind::Example:
            return static_cast<qlonglong>(rows.example[at(row)]);
        case Kind::Sentence:
            return sentenceText(row);
        case Kind::Gold:
        case Kind::Prediction: {
            const int label = labelOf(row, column);
            return label < 0 ? QVariant() : QVariant(static_cast<qlonglong>(label));
        }
        case Kind::Loss: {
            const double loss = column.cycle->loss[at(row)];
            return std::isnan(loss) ? QVariant() : QVariant(loss);
        }
        case Kind::Flips: {
            const int flips = m_predictions->flips(row);
            return flips < 0 ? QVariant() : QVariant(static_cast<qlonglong>(flips));
        }
        case Kind::Tokens:
            break;
    }
    return static_cast<qlonglong>(rows.index->sentence(row).tokens.size());
}

QString SentenceTableModel::tooltip(int row, const Shown& column) const {
    if (column.is.kind == Kind::Sentence)
        // As rich text, so that it wraps; a sentence in angle brackets must not be taken for markup.
        return QStringLiteral("<qt>%1</qt>").arg(sentenceText(row).toHtmlEscaped());
    if (column.is.kind != Kind::Prediction || labelOf(row, column) < 0)
        return {};
    const QString cycle = QString::number(column.is.cycle);
    const QString predicted = className(labelOf(row, column));
    const QString confidence = QString::number(column.cycle->confidence[at(row)], 'f', 4);
    const QString loss = formatFigure(column.cycle->loss[at(row)], lossDecimals);
    const QString words =
        isWrong(row, column)
            ? tr("Cycle %1 wrongly predicts %2 with a probability of %3. Gold: %4, loss %5 nats.")
                  .arg(cycle, predicted, confidence, className(m_predictions->rows().label[at(row)]), loss)
            : tr("Cycle %1 rightly predicts %2 with a probability of %3, loss %4 nats.")
                  .arg(cycle, predicted, confidence, loss);
    return QStringLiteral("<qt>%1</qt>").arg(words.toHtmlEscaped());
}

QVariant SentenceTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int row = index.row();
    const Shown& shown = m_columns[at(index.column())];
    switch (role) {
        case Qt::DisplayRole:
            return text(row, shown);
        case Qt::TextAlignmentRole:
            return QVariant::fromValue((isNumber(shown.is.kind) ? Qt::AlignRight : Qt::AlignLeft) |
                                       Qt::AlignVCenter);
        case Qt::ToolTipRole:
            return tooltip(row, shown);
        case Qt::AccessibleTextRole:
            if (confidenceText(row, shown).isEmpty())
                return text(row, shown);
            return (isWrong(row, shown) ? tr("wrong: %1 %2") : tr("%1 %2"))
                .arg(text(row, shown), confidenceText(row, shown));
        case RawRole:
            return raw(row, shown);
        case KindRole:
            return static_cast<int>(shown.is.kind);
        case ClassRole:
            return labelOf(row, shown);
        case WrongRole:
            return isWrong(row, shown);
        case ConfidenceRole:
            return confidenceText(row, shown);
        case CopyRole:
            return QString::fromStdString(m_predictions->rows().index->sentenceText(row)).trimmed();
        default:
            return {};
    }
}

QStringList SentenceTableModel::widestTexts(Kind kind) const {
    if (!m_predictions)
        return {};
    const SentenceRows& rows = m_predictions->rows();
    switch (kind) {
        case Kind::Split:
            return {tr("train"), tr("validation")};
        case Kind::Example: {
            const auto largest = std::max_element(rows.example.begin(), rows.example.end());
            return {largest == rows.example.end() ? QString() : QString::number(*largest)};
        }
        case Kind::Gold:
        case Kind::Prediction: {
            QStringList names;
            for (const std::string& name : rows.index->classNames())
                names << QString::fromStdString(name);
            return names;
        }
        case Kind::Loss:
            return {QStringLiteral("00.000"), formatFigure(1e-9, lossDecimals)};
        case Kind::Flips:
            return {QString::number(m_predictions->cycles().size())};
        case Kind::Tokens:
            return {QStringLiteral("0000")};
        case Kind::Sentence:
            break;
    }
    return {};
}

QString SentenceTableModel::definition(const Column& column) const {
    switch (column.kind) {
        case Kind::Split:
            return tr("The split that the sentence belongs to.");
        case Kind::Example:
            return tr("The example's id within its split.");
        case Kind::Sentence:
            return tr("The sentence as the model reads it.");
        case Kind::Gold:
            return tr("The class that the data set gives the sentence.");
        case Kind::Prediction:
            return tr("The class that cycle %1's model predicts, and its probability. ✗: it is not the gold "
                      "one.")
                .arg(column.cycle);
        case Kind::Loss:
            return tr("The cross entropy of cycle %1's model: -log of the gold class's probability, in nats.")
                .arg(column.cycle);
        case Kind::Flips:
            return tr("How often the prediction changes from one cycle to the next.");
        case Kind::Tokens:
            break;
    }
    return tr("Tokens of the sentence.");
}

QVariant SentenceTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column& column = this->column(section);
    switch (role) {
        case Qt::DisplayRole:
            break;
        case Qt::ToolTipRole:
            return definition(column);
        case Qt::TextAlignmentRole:
            return QVariant::fromValue((isNumber(column.kind) ? Qt::AlignRight : Qt::AlignLeft) |
                                       Qt::AlignVCenter);
        case Qt::InitialSortOrderRole:
            // What is asked for first: validation, the largest losses, the most flips and tokens.
            return column.kind == Kind::Split || column.kind == Kind::Loss || column.kind == Kind::Flips ||
                           column.kind == Kind::Tokens
                       ? Qt::DescendingOrder
                       : Qt::AscendingOrder;
        case KindRole:
            return static_cast<int>(column.kind);
        default:
            return {};
    }
    switch (column.kind) {
        case Kind::Split:
            return tr("Split");
        case Kind::Example:
            return tr("Example");
        case Kind::Sentence:
            return tr("Sentence");
        case Kind::Gold:
            return tr("Gold");
        case Kind::Prediction:
            return cycleText(column.cycle);
        case Kind::Loss:
            return tr("Loss %1").arg(column.cycle);
        case Kind::Flips:
            return tr("Flips");
        case Kind::Tokens:
            break;
    }
    return tr("Tokens");
}

int SentenceTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_predictions ? 0 : m_predictions->count();
}

int SentenceTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

}  // namespace saeception
