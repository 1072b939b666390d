// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the cells of the sentence table: a prediction with its confidence beside it and, where it is wrong,
// ✗ before it.
#pragma once

#include "ui/models/sentence_table_model.h"

#include <QStyledItemDelegate>

namespace saeception {

class SentenceDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// The width at which a cell of this kind shows any of `texts` whole.
    static int cellWidth(SentenceTableModel::Kind kind, const QStringList& texts,
                         const QFontMetrics& metrics);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace saeception
