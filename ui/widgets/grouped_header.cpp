// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/grouped_header.h"

#include "ui/models/raw_table_model.h"
#include "ui/theme.h"

#include <QPainter>
#include <QStyleOptionHeader>

#include <algorithm>

namespace saeception {
namespace {

constexpr int mark = gridUnit;
// What a text is drawn wider than it is told to be.
constexpr int spare = 2;

}  // namespace

GroupedHeader::GroupedHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setHighlightSections(false);
    setSectionResizeMode(QHeaderView::Fixed);
    setMouseTracking(true);
}

QString GroupedHeader::groupOf(int section) const {
    return model() == nullptr || section < 0 || section >= count()
               ? QString()
               : model()->headerData(section, Qt::Horizontal, RawTableModel::GroupRole).toString();
}

bool GroupedHeader::hasGroups() const {
    for (int section = 0; section < count(); ++section)
        if (!groupOf(section).isEmpty())
            return true;
    return false;
}

int GroupedHeader::groupHeight() const {
    return hasGroups() ? fontMetrics().height() + gridUnit / 2 : 0;
}

int GroupedHeader::titleWidth(int section) const {
    const QString title = model()->headerData(section, Qt::Horizontal).toString();
    return fontMetrics().horizontalAdvance(title) + spare + 2 * gridUnit +
           (section == sortIndicatorSection() ? mark + gridUnit / 2 : 0);
}

QSize GroupedHeader::sectionSizeFromContents(int section) const {
    return {titleWidth(section), std::max(3 * gridUnit, fontMetrics().height() + gridUnit) + groupHeight()};
}

void GroupedHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const ThemeColours& colours = Theme::instance().colours();
    painter->save();
    painter->setClipRect(rect);
    painter->fillRect(rect, colours.surface);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.separator);
    painter->setFont(font());
    painter->setPen(colours.faintText);
    if (groupHeight() > 0)
        paintGroup(painter, QRect(rect.left(), rect.top(), rect.width(), groupHeight()), section);
    paintTitle(painter, rect.adjusted(gridUnit, groupHeight(), -gridUnit, -1), section);
    painter->restore();
}

void GroupedHeader::paintGroup(QPainter* painter, const QRect& rect, int section) const {
    const QString group = groupOf(section);
    if (group.isEmpty())
        return;
    // The whole group's heading; of it the piece over this section is seen.
    QRect heading = rect;
    for (int other = section - 1; groupOf(other) == group; --other)
        heading.setLeft(heading.left() - sectionSize(other));
    for (int other = section + 1; groupOf(other) == group; ++other)
        heading.setRight(heading.right() + sectionSize(other));
    heading.adjust(gridUnit, 0, -gridUnit, 0);
    painter->drawText(heading, Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextSingleLine,
                      fontMetrics().elidedText(group, Qt::ElideRight, heading.width()));
    painter->fillRect(QRect(heading.left(), heading.bottom(), heading.width(), 1),
                      Theme::instance().colours().separator);
}

void GroupedHeader::paintTitle(QPainter* painter, const QRect& rect, int section) const {
    const auto alignment = static_cast<Qt::Alignment>(
        model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).toInt());
    const bool atRight = alignment.testFlag(Qt::AlignRight);
    QRect room = rect;
    const QString title = model()->headerData(section, Qt::Horizontal).toString();
    const QString shown = fontMetrics().elidedText(title, Qt::ElideRight, room.width());
    painter->drawText(room, static_cast<int>(alignment) | Qt::TextSingleLine, shown);
    if (section != sortIndicatorSection())
        return;
    const int width = fontMetrics().horizontalAdvance(shown);
    QStyleOptionHeader order;
    order.initFrom(this);
    // Qt calls the mark of descending order SortUp.
    order.sortIndicator = sortIndicatorOrder() == Qt::DescendingOrder ? QStyleOptionHeader::SortUp
                                                                      : QStyleOptionHeader::SortDown;
    const int left =
        atRight ? room.right() + 1 - width - gridUnit / 2 - mark : room.left() + width + gridUnit / 2;
    order.rect = QRect(left, room.center().y() - mark / 2 + 1, mark, mark);
    // Without the widget: the style would put it in the middle of the whole header, between both lines.
    style()->drawPrimitive(QStyle::PE_IndicatorHeaderArrow, &order, painter, nullptr);
}

}  // namespace saeception
