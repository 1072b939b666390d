// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/flip_model.h"

#include "ui/models/live_words.h"

#include <utility>

namespace saeception {

FlipModel::FlipModel(QObject* parent) : RawTableModel(parent) {
    setColumns({
        {tr("Becomes"),
         {},
         tr("Whether the prediction was corrected or broken"),
         Kind::Name,
         Qt::AscendingOrder,
         tr("still wrong")},
        {tr("Sentence"),
         {},
         tr("Of the validation split; the largest change first"),
         Kind::Words,
         Qt::AscendingOrder,
         QString(20, QLatin1Char('n'))},
    });
}

void FlipModel::setEffect(std::shared_ptr<const SplitEffect> effect,
                          std::shared_ptr<const FeatureIndex> index) {
    beginResetModel();
    m_effect = std::move(effect);
    m_index = std::move(index);
    endResetModel();
}

int FlipModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_effect ? 0 : static_cast<int>(m_effect->flips.size());
}

QString FlipModel::nameOf(int label) const {
    return QString::fromStdString(m_index->classNames()[static_cast<std::size_t>(label)]);
}

QVariant FlipModel::data(const QModelIndex& index, int role) const {
    if (role == Qt::ToolTipRole && index.isValid()) {
        const SplitEffect::Flip& at = flip(index.row());
        return tr("<qt>%1<br>gold %2; predicted %3, with the changes %4<br>the difference of their logits "
                  "moves "
                  "by %5")
            .arg(text(index.row(), Sentence).toHtmlEscaped(), nameOf(at.label).toHtmlEscaped(),
                 nameOf(at.before).toHtmlEscaped(), nameOf(at.after).toHtmlEscaped(),
                 contributionText(static_cast<double>(at.change)));
    }
    return RawTableModel::data(index, role);
}

double FlipModel::value(int row, int column) const {
    const SplitEffect::Flip& at = flip(row);
    if (column == Outcome)
        return at.after == at.label ? 0 : at.before == at.label ? 1 : 2;
    return row;
}

QString FlipModel::text(int row, int column) const {
    const SplitEffect::Flip& at = flip(row);
    if (column == Outcome)
        return at.after == at.label    ? tr("✓ right")
               : at.before == at.label ? tr("✗ wrong")
                                       : tr("still wrong");
    const std::optional<int> position = m_index->positionOf(SplitKind::Validation, at.example);
    return position ? QString::fromStdString(m_index->sentenceText(*position)).simplified() : QString();
}

bool FlipModel::holds(int row, const QString& term) const {
    return text(row, Sentence).contains(term, Qt::CaseInsensitive);
}

}  // namespace saeception
