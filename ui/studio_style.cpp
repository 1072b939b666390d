// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio_style.h"

#include "ui/theme.h"

#include <QAbstractScrollArea>
#include <QHeaderView>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QWidget>

#include <algorithm>

namespace saeception {
namespace {

constexpr double radius = 4;
constexpr int lineHeight = 28;

const ThemeColours& colours() {
    return Theme::instance().colours();
}

// A rounded box whose one-pixel border falls on whole pixels.
void drawBox(QPainter& painter, const QRect& rect, const QColor& fill, const QColor& border) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    painter.setPen(border);
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.restore();
}

void drawBar(QPainter& painter, QRectF rect, const QColor& fill) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    const double round = std::min(rect.height(), rect.width()) / 2;
    painter.drawRoundedRect(rect, round, round);
    painter.restore();
}

// The thin line of an editor or button: enough contrast to find it, more where the keyboard is.
QColor borderOf(const QStyleOption& option) {
    if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Enabled))
        return colours().accent;
    return option.state & QStyle::State_Enabled ? mixed(colours().separator, colours().faintText, 0.45)
                                                : colours().separator;
}

bool isPrimary(const QStyleOption& option) {
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(&option);
    return button != nullptr && (button->features & QStyleOptionButton::DefaultButton) &&
           (option.state & QStyle::State_Enabled);
}

QColor buttonFill(const QStyleOption& option) {
    const QColor plain = isPrimary(option) ? colours().accent : colours().surface;
    if (!(option.state & QStyle::State_Enabled))
        return colours().window;
    const QColor towards = isPrimary(option) ? colours().text : colours().accent;
    if (option.state & (QStyle::State_Sunken | QStyle::State_On))
        return mixed(plain, towards, 0.2);
    return option.state & QStyle::State_MouseOver ? mixed(plain, towards, 0.08) : plain;
}

// A quiet handle on the table's own ground; Fusion's light groove is darker than its handle, which reads the
// wrong way round.
// As what it scrolls: some areas let the page shine through.
const QColor& groundOf(const QWidget* scrollBar) {
    const QWidget* const container = scrollBar != nullptr ? scrollBar->parentWidget() : nullptr;
    const auto* area =
        container != nullptr ? qobject_cast<const QAbstractScrollArea*>(container->parentWidget()) : nullptr;
    return area == nullptr || area->viewport()->autoFillBackground() ? colours().surface : colours().window;
}

void drawScrollBar(QPainter& painter, const QStyleOptionComplex& option, const QRect& handle,
                   const QWidget* widget) {
    painter.fillRect(option.rect, groundOf(widget));
    const bool active = option.activeSubControls & QStyle::SC_ScrollBarSlider;
    const bool vertical = option.rect.height() > option.rect.width();
    const QRectF bar =
        vertical ? QRectF(handle).adjusted(4, 2, -4, -2) : QRectF(handle).adjusted(2, 4, -2, -4);
    if (option.state & QStyle::State_Enabled)
        drawBar(painter, bar, mixed(colours().surface, colours().faintText, active ? 0.7 : 0.4));
}

// Fusion's own box all but vanishes on a dark page.
void drawCheckBox(QPainter& painter, const QStyleOption& option) {
    const bool on = option.state & QStyle::State_On;
    const bool enabled = option.state & QStyle::State_Enabled;
    const QRect box = option.rect.adjusted(0, 0, -1, -1);
    drawBox(painter, box, on && enabled ? colours().accent : colours().surface,
            on && enabled ? colours().accent : borderOf(option));
    if (!on)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(enabled ? colours().onAccent : colours().faintText, 2, Qt::SolidLine, Qt::RoundCap,
                        Qt::RoundJoin));
    const QRectF r(box);
    painter.drawPolyline(QPolygonF({{r.left() + 0.22 * r.width(), r.top() + 0.52 * r.height()},
                                    {r.left() + 0.42 * r.width(), r.top() + 0.72 * r.height()},
                                    {r.left() + 0.78 * r.width(), r.top() + 0.30 * r.height()}}));
    painter.restore();
}

// Which one is chosen must be seen at a glance on light and dark pages alike: it stands on the accent's line.
void drawTab(QPainter& painter, const QStyleOptionTab& tab) {
    const bool chosen = tab.state & QStyle::State_Selected;
    const bool hovered = (tab.state & QStyle::State_MouseOver) && (tab.state & QStyle::State_Enabled);
    const QRect line = tab.rect.adjusted(0, tab.rect.height() - 2, 0, 0);
    if (chosen || hovered)
        painter.fillRect(tab.rect,
                         chosen ? colours().accentFill : mixed(colours().window, colours().accent, 0.08));
    painter.fillRect(chosen ? line : line.adjusted(0, 1, 0, 0),
                     chosen ? colours().accent : colours().separator);
}

}  // namespace

StudioStyle::StudioStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void StudioStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const {
    switch (element) {
        case PE_PanelButtonCommand:
            drawBox(*painter, option->rect, buttonFill(*option),
                    isPrimary(*option) ? mixed(colours().accent, colours().text, 0.15) : borderOf(*option));
            return;
        case PE_FrameDefaultButton:
            return;
        case PE_PanelLineEdit:
            // Inside a chooser or spin box the outer control has drawn the frame.
            if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
                frame && frame->lineWidth > 0)
                drawBox(*painter, option->rect,
                        option->state & State_ReadOnly || !(option->state & State_Enabled)
                            ? colours().window
                            : colours().surface,
                        borderOf(*option));
            return;
        case PE_IndicatorHeaderArrow:
            // Descending order is QStyleOptionHeader::SortUp, which Fusion paints as an arrow upwards.
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
                QStyleOptionHeader turned(*header);
                if (header->sortIndicator != QStyleOptionHeader::None)
                    turned.sortIndicator = header->sortIndicator == QStyleOptionHeader::SortUp
                                               ? QStyleOptionHeader::SortDown
                                               : QStyleOptionHeader::SortUp;
                // Placed from the top by the header's margin, it would rise above the titles of a padded
                // header.
                if (const auto* view = qobject_cast<const QHeaderView*>(widget);
                    view != nullptr && view->orientation() == Qt::Horizontal)
                    turned.rect.moveTop((view->height() - turned.rect.height()) / 2);
                QProxyStyle::drawPrimitive(element, &turned, painter, widget);
                return;
            }
            break;
        case PE_Frame:
            // A field to type in looks like one, whether it has one line or many.
            if (qobject_cast<const QPlainTextEdit*>(widget) != nullptr) {
                drawBox(*painter, option->rect, colours().surface,
                        widget->hasFocus() ? colours().accent : borderOf(*option));
                return;
            }
            break;
        case PE_IndicatorCheckBox:
            drawCheckBox(*painter, *option);
            return;
        default:
            break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void StudioStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const {
    switch (element) {
        case CE_HeaderSection:
        case CE_HeaderEmptyArea:
            painter->fillRect(option->rect, colours().surface);
            // Filled: at one and a half pixels a drawn line would end short of the next section's.
            painter->fillRect(option->rect.adjusted(0, option->rect.height() - 1, 0, 0), colours().separator);
            return;
        case CE_HeaderLabel:
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
                QStyleOptionHeader quiet(*header);
                quiet.palette.setColor(QPalette::ButtonText, colours().faintText);
                QProxyStyle::drawControl(element, &quiet, painter, widget);
                return;
            }
            break;
        case CE_PushButtonLabel:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
                button != nullptr && isPrimary(*option)) {
                QStyleOptionButton primary(*button);
                primary.palette.setColor(QPalette::ButtonText, colours().onAccent);
                QProxyStyle::drawControl(element, &primary, painter, widget);
                return;
            }
            break;
        case CE_TabBarTabShape:
            if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
                tab != nullptr && tab->shape == QTabBar::RoundedNorth) {
                drawTab(*painter, *tab);
                return;
            }
            break;
        case CE_ProgressBarGroove:
            drawBar(*painter, option->rect, colours().separator);
            return;
        case CE_ProgressBarContents:
            if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
                bar != nullptr && bar->maximum > bar->minimum) {
                const double share =
                    static_cast<double>(bar->progress - bar->minimum) / (bar->maximum - bar->minimum);
                QRectF filled(option->rect);
                filled.setWidth(std::max(filled.height(), filled.width() * std::clamp(share, 0.0, 1.0)));
                if (share > 0)
                    drawBar(*painter, filled, colours().accent);
                return;
            }
            break;
        default:
            break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void StudioStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                     QPainter* painter, const QWidget* widget) const {
    if (control == CC_ScrollBar) {
        drawScrollBar(*painter, *option, proxy()->subControlRect(control, option, SC_ScrollBarSlider, widget),
                      widget);
        return;
    }
    const auto* chooser = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (control != CC_ComboBox || chooser == nullptr || chooser->editable || !chooser->frame) {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        return;
    }
    drawBox(*painter, option->rect, buttonFill(*option), borderOf(*option));
    const QRectF arrow = proxy()->subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colours().faintText, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF middle = arrow.center();
    painter->drawPolyline(
        QPolygonF({middle + QPointF(-4, -2), middle + QPointF(0, 2), middle + QPointF(4, -2)}));
    painter->restore();
}

int StudioStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    const bool padded = widget != nullptr && widget->property(paddedHeader).toBool();
    return metric == PM_HeaderMargin && padded ? gridUnit : QProxyStyle::pixelMetric(metric, option, widget);
}

QRect StudioStyle::subElementRect(SubElement element, const QStyleOption* option,
                                  const QWidget* widget) const {
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    return element == SE_LineEditContents ? rect.adjusted(gridUnit / 2, 0, -gridUnit / 2, 0) : rect;
}

QSize StudioStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                    const QWidget* widget) const {
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_LineEdit || type == CT_ComboBox || type == CT_PushButton)
        result.setHeight(std::max(result.height(), lineHeight));
    if (type == CT_HeaderSection)
        result.setHeight(std::max(result.height(), 3 * gridUnit));
    return result;
}

}  // namespace saeception
