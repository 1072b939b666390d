// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/metric_delegate.h"

#include "ui/models/metric_table_model.h"
#include "ui/theme.h"

#include <QPainter>

namespace saeception {
namespace {

int changeWidth(const QFontMetrics& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("▲ 0.00000")) + gridUnit;
}

}  // namespace

void MetricDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    const ThemeColours& colours = Theme::instance().colours();
    const QRect content = option.rect.adjusted(gridUnit, 0, -gridUnit, 0);
    painter->save();
    painter->setFont(option.font);
    if (index.data(MetricTableModel::HeadingRole).toBool()) {
        if (index.row() > 0) {
            painter->setPen(colours.separator);
            painter->drawLine(option.rect.topLeft(), option.rect.topRight());
        }
        painter->setPen(colours.faintText);
        painter->drawText(content, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          index.data().toString());
        painter->restore();
        return;
    }
    if (index.column() == 0) {
        const QRect name = content.adjusted(gridUnit, 0, 0, 0);
        painter->setPen(colours.text);
        painter->drawText(
            name, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, name.width()));
        painter->restore();
        return;
    }
    QRect value = content;
    if (index.column() > 1) {
        const int width = changeWidth(option.fontMetrics);
        value.setRight(content.right() - width);
        painter->setPen(colours.faintText);
        painter->drawText(content, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                          index.data(MetricTableModel::ChangeTextRole).toString());
    }
    painter->setPen(colours.text);
    painter->drawText(value, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, index.data().toString());
    painter->restore();
}

QSize MetricDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QFontMetrics& metrics = option.fontMetrics;
    int width = metrics.horizontalAdvance(index.data().toString()) + 2 * gridUnit;
    if (index.column() > 1)
        width += changeWidth(metrics);
    return {width, std::max(3 * gridUnit, metrics.height() + gridUnit)};
}

}  // namespace saeception
