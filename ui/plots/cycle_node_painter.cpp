// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cycle_node_painter.h"

#include "ui/models/cycle_map_model.h"
#include "ui/models/stage_mark.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace saeception {
namespace {

constexpr int padding = gridUnit;
constexpr int mark = gridUnit;
constexpr int markSpace = mark + gridUnit * 3 / 4;
constexpr int lineSpacing = 3;
constexpr double fold = 10;
constexpr int barHeight = 3;
constexpr int widestNode = 22 * gridUnit;

int upToGrid(int pixels) {
    return (pixels + gridUnit - 1) / gridUnit * gridUnit;
}

QFont titleFont(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

QPainterPath sheet(const QRectF& rect) {
    QPainterPath path;
    path.moveTo(rect.left() + 2, rect.top());
    path.lineTo(rect.right() - fold, rect.top());
    path.lineTo(rect.right(), rect.top() + fold);
    path.lineTo(rect.right(), rect.bottom() - 2);
    path.quadTo(rect.bottomRight(), QPointF(rect.right() - 2, rect.bottom()));
    path.lineTo(rect.left() + 2, rect.bottom());
    path.quadTo(rect.bottomLeft(), QPointF(rect.left(), rect.bottom() - 2));
    path.lineTo(rect.left(), rect.top() + 2);
    path.quadTo(rect.topLeft(), QPointF(rect.left() + 2, rect.top()));
    return path;
}

QPainterPath card(const QRectF& rect) {
    QPainterPath path;
    path.addRoundedRect(rect, gridUnit - 2, gridUnit - 2);
    return path;
}

QColor borderOf(StageState state, bool stale, const ThemeColours& colours) {
    if (stale)
        return colours.warning;
    switch (state) {
        case StageState::Running:
        case StageState::Paused:
            return colours.accent;
        case StageState::Failed:
            return colours.error;
        case StageState::Stopped:
            return colours.warning;
        case StageState::Done:
            return mixed(colours.separator, colours.faintText, 0.35);
        default:
            return mixed(colours.separator, colours.faintText, 0.25);
    }
}

QColor inkOf(StageState state, bool stale, const ThemeColours& colours) {
    if (stale || state == StageState::Stopped)
        return colours.warning;
    if (state == StageState::Failed)
        return colours.error;
    const bool quiet =
        state == StageState::Waiting || state == StageState::NotRun || state == StageState::Missing;
    return quiet ? colours.faintText : colours.text;
}

}  // namespace

void paintCycleNode(QPainter& painter, const QRect& rect, const QModelIndex& index, const CycleNodeLook& look,
                    const QFont& font, const ThemeColours& colours) {
    const bool artefact = index.data(CycleMapModel::ArtefactRole).toBool();
    const auto state = static_cast<StageState>(index.data(CycleMapModel::StateRole).toInt());
    // What is being made, or was cut, says so first.
    const bool stale = index.data(CycleMapModel::StaleRole).toBool() && state == StageState::Done;
    const bool quiet =
        state == StageState::Waiting || state == StageState::NotRun || state == StageState::Missing;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const QPainterPath shape = artefact ? sheet(frame) : card(frame);
    if (look.focused) {
        painter.setPen(QPen(colours.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(frame.adjusted(-3.5, -3.5, 3.5, 3.5), gridUnit + 1, gridUnit + 1);
    }
    QPen border(look.selected ? colours.accent : borderOf(state, stale, colours), look.selected ? 2 : 1);
    if (quiet && !look.selected)
        border.setDashPattern({3, 3});
    painter.setPen(border);
    painter.setBrush(look.selected  ? colours.accentFill
                     : look.hovered ? colours.raised
                     : quiet        ? colours.window
                                    : colours.surface);
    painter.drawPath(shape);
    if (artefact) {
        border.setStyle(Qt::SolidLine);
        border.setWidth(1);
        painter.setPen(border);
        painter.setBrush(colours.window);
        painter.drawPolygon(QPolygonF({QPointF(frame.right() - fold, frame.top()),
                                       QPointF(frame.right() - fold, frame.top() + fold),
                                       QPointF(frame.right(), frame.top() + fold)}));
    }

    const QRect inside = rect.adjusted(padding, padding, -padding, -padding);
    const QFontMetrics plain(font);
    const int line = plain.height() + lineSpacing;
    const auto draw = [&](int number, int indent, const QStringList& forms, const QColor& ink) {
        const QRect place(inside.left() + indent, inside.top() + number * line, inside.width() - indent,
                          plain.height());
        const QFontMetrics metrics(painter.font());
        // The shortest form is what the node's width was measured for.
        QString text = forms.back();
        for (const QString& form : forms)
            if (metrics.horizontalAdvance(form) <= place.width()) {
                text = form;
                break;
            }
        painter.setPen(ink);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text);
    };
    painter.setFont(artefact ? font : titleFont(font));
    draw(0, 0, {index.data().toString(), index.data(CycleMapModel::ShortTitleRole).toString()},
         quiet ? colours.faintText : colours.text);
    painter.setFont(font);
    const QRectF box(inside.left(), inside.top() + line + (plain.height() - mark) / 2.0, mark, mark);
    if (stale)
        drawStaleMark(painter, box, colours);
    else
        drawStageMark(painter, box, state, colours);
    draw(1, markSpace,
         {index.data(CycleMapModel::LongStateTextRole).toString(),
          index.data(CycleMapModel::StateTextRole).toString()},
         inkOf(state, stale, colours));
    draw(2, 0, {index.data(CycleMapModel::DetailTextRole).toString()}, colours.faintText);

    const double fraction = index.data(CycleMapModel::FractionRole).toDouble();
    if (!artefact && (state == StageState::Running || state == StageState::Paused)) {
        painter.setClipPath(shape);
        QRectF bar(frame.left(), frame.bottom() - barHeight, frame.width(), barHeight + 1);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.separator);
        painter.drawRect(bar);
        bar.setWidth(bar.width() * std::clamp(fraction, 0.0, 1.0));
        painter.setBrush(colours.accent);
        painter.drawRect(bar);
    }
    painter.restore();
}

CycleNodeSizes cycleNodeSizes(const QFont& font, int cycles) {
    const QFontMetrics plain(font);
    const QFontMetrics bold(titleFont(font));
    int widest = 0;
    for (const QString& text : CycleMapModel::shortTexts(cycles))
        widest = std::max(widest, plain.horizontalAdvance(text));
    for (const CycleNode& node : nodesOfCycle(0))
        if (!node.isArtefact())
            widest = std::max(widest, bold.horizontalAdvance(cycleNodeShortTitle(node)));
    for (const QString& text : CycleMapModel::shortStates())
        widest = std::max(widest, markSpace + plain.horizontalAdvance(text));
    CycleNodeSizes sizes;
    sizes.least = widest + 2 * padding;
    sizes.most = std::max(widestNode, sizes.least);
    sizes.height = upToGrid(3 * plain.height() + 2 * lineSpacing + 2 * padding);
    sizes.heading = upToGrid(plain.height() + gridUnit);
    return sizes;
}

}  // namespace saeception
