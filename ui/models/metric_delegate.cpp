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

// The first column names the metrics and the second holds what all others are compared with.
bool hasChanges(int column) {
    return column > 1;
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
    if (hasChanges(index.column())) {
        const int width = changeWidth(option.fontMetrics);
        value.setRight(content.right() - width);
        const int verdict = index.data(MetricTableModel::VerdictRole).toInt();
        painter->setPen(verdict > 0 ? colours.text : verdict < 0 ? colours.warning : colours.faintText);
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
    if (hasChanges(index.column()))
        width += changeWidth(metrics);
    return {width, std::max(3 * gridUnit, metrics.height() + gridUnit)};
}

MetricHeader::MetricHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {}

int MetricHeader::changesWidth(int section) const {
    // Measured as the cells below are, which have the table's font.
    return hasChanges(section) ? changeWidth(parentWidget()->fontMetrics()) : 0;
}

void MetricHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const QRect values = rect.adjusted(0, 0, -changesWidth(section), 0);
    QHeaderView::paintSection(painter, values, section);
    if (!hasChanges(section))
        return;
    QStyleOptionHeader option;
    initStyleOption(&option);
    option.rect = rect;
    option.rect.setLeft(values.right() + 1);
    option.section = section;
    option.text = model()->headerData(section, orientation(), MetricTableModel::ChangeTextRole).toString();
    option.textAlignment = Qt::AlignRight | Qt::AlignVCenter;
    style()->drawControl(QStyle::CE_Header, &option, painter, this);
}

QSize MetricHeader::sectionSizeFromContents(int section) const {
    return QHeaderView::sectionSizeFromContents(section) + QSize(changesWidth(section), 0);
}

}  // namespace saeception
