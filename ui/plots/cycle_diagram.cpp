// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cycle_diagram.h"

#include "ui/format.h"
#include "ui/plots/cycle_node_painter.h"
#include "ui/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr double bend = 6;  // radius of a line's corners
constexpr double arrowLength = 7;
constexpr double arrowWidth = 7;
constexpr int aroundNode = 6;  // the focus ring, and air

QPainterPath rounded(const QPolygonF& points) {
    QPainterPath path(points.front());
    for (qsizetype i = 1; i + 1 < points.size(); ++i) {
        const QPointF before = points[i - 1] - points[i];
        const QPointF after = points[i + 1] - points[i];
        const double room =
            std::min(std::hypot(before.x(), before.y()), std::hypot(after.x(), after.y())) / 2;
        const double radius = std::min(bend, room);
        if (radius < 1) {
            path.lineTo(points[i]);
            continue;
        }
        path.lineTo(points[i] + before / std::hypot(before.x(), before.y()) * radius);
        path.quadTo(points[i], points[i] + after / std::hypot(after.x(), after.y()) * radius);
    }
    path.lineTo(points.back());
    return path;
}

void drawArrow(QPainter& painter, const QPointF& from, const QPointF& tip) {
    const QPointF along = (tip - from) / std::max(1.0, std::hypot(tip.x() - from.x(), tip.y() - from.y()));
    const QPointF across(-along.y(), along.x());
    painter.drawPolygon(QPolygonF({tip, tip - along * arrowLength + across * (arrowWidth / 2),
                                   tip - along * arrowLength - across * (arrowWidth / 2)}));
}

}  // namespace

CycleDiagram::CycleDiagram(QWidget* parent) : QListView(parent) {
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    viewport()->setAutoFillBackground(false);
    connect(&Theme::instance(), &Theme::changed, this, [this] { viewport()->update(); });
}

void CycleDiagram::setModel(QAbstractItemModel* model) {
    QListView::setModel(model);
    m_hovered = -1;
    scheduleDelayedItemsLayout();
}

CycleMapModel* CycleDiagram::map() const {
    return qobject_cast<CycleMapModel*>(model());
}

CycleNode CycleDiagram::currentNode() const {
    return currentIndex().isValid() ? map()->node(currentIndex().row()) : CycleNode{-1, {}};
}

void CycleDiagram::setCurrentNode(const CycleNode& node) {
    if (const int row = map()->rowOf(node); row >= 0)
        setCurrentIndex(map()->index(row));
}

CycleNodeSizes CycleDiagram::measure() const {
    return cycleNodeSizes(font(), map() != nullptr ? map()->story().cycles() : 0);
}

void CycleDiagram::relayout() {
    m_layout = layOutCycles(map() != nullptr ? map()->story().cycles() : 0, viewport()->width(), measure());
}

void CycleDiagram::doItemsLayout() {
    relayout();
    QAbstractItemView::doItemsLayout();
    viewport()->update();
}

QSize CycleDiagram::sizeHint() const {
    return {100 * gridUnit, 60 * gridUnit};
}

QSize CycleDiagram::minimumSizeHint() const {
    const int bar = verticalScrollBar()->sizeHint().width();
    return {layOutCycles(0, 0, measure()).size.width() + bar, 30 * gridUnit};
}

QRect CycleDiagram::rectOf(const CycleNode& node) const {
    const auto found = m_layout.nodes.find(node);
    return found == m_layout.nodes.end() ? QRect() : found->second;
}

int CycleDiagram::horizontalOffset() const {
    return horizontalScrollBar()->value();
}

int CycleDiagram::verticalOffset() const {
    return verticalScrollBar()->value();
}

QRect CycleDiagram::visualRect(const QModelIndex& index) const {
    if (!index.isValid() || index.model() != model())
        return {};
    return rectOf(map()->node(index.row())).translated(-horizontalOffset(), -verticalOffset());
}

QModelIndex CycleDiagram::indexAt(const QPoint& point) const {
    const QPoint at = point + QPoint(horizontalOffset(), verticalOffset());
    for (const auto& [node, rect] : m_layout.nodes)
        if (rect.contains(at))
            if (const int row = map()->rowOf(node); row >= 0)
                return map()->index(row);
    return {};
}

void CycleDiagram::scrollTo(const QModelIndex& index, ScrollHint) {
    executeDelayedItemsLayout();
    QRect rect = visualRect(index);
    if (!index.isValid() || rect.isNull())
        return;
    rect.adjust(-aroundNode, -aroundNode, aroundNode, aroundNode);
    // The first line of a cycle comes with its heading.
    const CycleNode node = map()->node(index.row());
    if (!node.isArtefact() && node.column() < m_layout.perLine)
        for (const CycleHeading& heading : m_layout.headings)
            if (heading.cycle == node.cycle)
                rect.setTop(heading.rect.top() - verticalOffset() - gridUnit);
    const QRect area = viewport()->rect();
    const auto follow = [](QScrollBar* bar, int low, int high, int end) {
        if (low < 0)
            bar->setValue(bar->value() + low);
        else if (high > end)
            bar->setValue(bar->value() + std::min(low, high - end));
    };
    follow(verticalScrollBar(), rect.top(), rect.bottom(), area.bottom());
    follow(horizontalScrollBar(), rect.left(), rect.right(), area.right());
}

void CycleDiagram::updateGeometries() {
    const QSize area = viewport()->size();
    verticalScrollBar()->setRange(0, std::max(0, m_layout.size.height() - area.height()));
    verticalScrollBar()->setPageStep(area.height());
    verticalScrollBar()->setSingleStep(3 * gridUnit);
    horizontalScrollBar()->setRange(0, std::max(0, m_layout.size.width() - area.width()));
    horizontalScrollBar()->setPageStep(area.width());
    horizontalScrollBar()->setSingleStep(3 * gridUnit);
    QAbstractItemView::updateGeometries();
}

void CycleDiagram::scrollContentsBy(int, int) {
    viewport()->update();
}

void CycleDiagram::resizeEvent(QResizeEvent* event) {
    QAbstractItemView::resizeEvent(event);
    doItemsLayout();
}

void CycleDiagram::changeEvent(QEvent* event) {
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        scheduleDelayedItemsLayout();
        updateGeometry();
    }
}

void CycleDiagram::dataChanged(const QModelIndex& from, const QModelIndex& to, const QList<int>&) {
    QRect changed;
    for (int row = from.row(); row <= to.row(); ++row)
        changed |= visualRect(map()->index(row));
    // Lines and headings follow the states of the nodes that they join or sum up.
    if (changed.intersects(viewport()->rect()))
        viewport()->update();
}

void CycleDiagram::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QListView::currentChanged(current, previous);
    viewport()->update();
}

QRegion CycleDiagram::visualRegionForSelection(const QItemSelection& selection) const {
    QRegion region;
    for (const QModelIndex& index : selection.indexes())
        region += visualRect(index).adjusted(-aroundNode, -aroundNode, aroundNode, aroundNode);
    return region;
}

void CycleDiagram::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) {
    const QModelIndex index = indexAt(rect.topLeft());
    if (index.isValid())
        selectionModel()->select(index, command);
}

// The nearest node whose middle lies in the direction (dx, dy) from that of `from`; -1 where there is none.
// Sideways distance counts more, so that a row or a column is followed to its end.
int CycleDiagram::towards(const QRect& from, int dx, int dy) const {
    int best = -1;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [node, rect] : m_layout.nodes) {
        const QPoint way = rect.center() - from.center();
        const int ahead = way.x() * dx + way.y() * dy;
        const int aside = std::abs(way.x() * dy) + std::abs(way.y() * dx);
        if (ahead <= 0 || (dx != 0 && aside > from.height() / 2))
            continue;
        const double distance = ahead + 3.0 * aside;
        if (distance < least) {
            least = distance;
            best = map()->rowOf(node);
        }
    }
    return best;
}

QModelIndex CycleDiagram::moveCursor(CursorAction action, Qt::KeyboardModifiers) {
    executeDelayedItemsLayout();
    const int count = map() != nullptr ? map()->rowCount() : 0;
    if (count == 0)
        return {};
    if (!currentIndex().isValid())
        return map()->index(0);
    const int row = currentIndex().row();
    const CycleNode node = map()->node(row);
    const QRect from = rectOf(node);
    int next = -1;
    switch (action) {
        case MoveLeft:
            next = towards(from, -1, 0);
            break;
        case MoveRight:
            next = towards(from, 1, 0);
            break;
        case MoveUp:
            next = towards(from, 0, -1);
            break;
        case MoveDown:
            next = towards(from, 0, 1);
            break;
        case MoveHome:
            next = 0;
            break;
        case MoveEnd:
            next = count - 1;
            break;
        case MovePageUp:
        case MovePageDown: {
            // A cycle at a time; cycle 0 begins with other nodes in the same column.
            const int cycle =
                std::clamp(node.cycle + (action == MovePageUp ? -1 : 1), 0, map()->story().cycles() - 1);
            for (const CycleNode& other : nodesOfCycle(cycle))
                if (other.column() == node.column() && other.isArtefact() == node.isArtefact())
                    next = map()->rowOf(other);
            break;
        }
        case MoveNext:
            next = row + 1 < count ? row + 1 : -1;
            break;
        case MovePrevious:
            next = row - 1;
            break;
    }
    return map()->index(next >= 0 ? next : row);
}

void CycleDiagram::hover(int row) {
    if (row == m_hovered)
        return;
    m_hovered = row;
    viewport()->setCursor(row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
}

void CycleDiagram::mouseMoveEvent(QMouseEvent* event) {
    hover(indexAt(event->position().toPoint()).row());
    QAbstractItemView::mouseMoveEvent(event);
}

void CycleDiagram::leaveEvent(QEvent* event) {
    hover(-1);
    QListView::leaveEvent(event);
}

void CycleDiagram::drawEdges(QPainter& painter, const QRectF& area, bool emphasised) const {
    const ThemeColours& colours = Theme::instance().colours();
    const CycleNode current = currentNode();
    for (const CycleEdge& edge : m_layout.edges) {
        if ((edge.from == current || edge.to == current) != emphasised ||
            !edge.path.boundingRect().adjusted(-gridUnit, -gridUnit, gridUnit, gridUnit).intersects(area))
            continue;
        const int row = map()->rowOf(edge.to);
        const auto state = row >= 0 ? map()->state(row).state : StageState::NotRun;
        // A way that has not been gone yet is only hinted at.
        const bool taken = state != StageState::Waiting && state != StageState::NotRun;
        const QColor ink =
            emphasised ? colours.accent : mixed(colours.faintText, colours.window, taken ? 0.2 : 0.55);
        painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        QPolygonF path = edge.path;
        const QPointF tip = path.back();
        const QPointF before = path[path.size() - 2];
        if (edge.arrow)
            path.back() -=
                (tip - before) / std::hypot(tip.x() - before.x(), tip.y() - before.y()) * (arrowLength - 1);
        painter.drawPath(rounded(path));
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        if (edge.arrow)
            drawArrow(painter, before, tip);
        else
            painter.drawEllipse(tip, 3, 3);
    }
}

void CycleDiagram::drawHeading(QPainter& painter, const CycleHeading& heading) const {
    const ThemeColours& colours = Theme::instance().colours();
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(colours.text);
    const QString title = cycleText(heading.cycle);
    const QRect line = heading.rect.adjusted(0, 0, 0, -gridUnit / 2);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, title);
    const int begin = QFontMetrics(bold).horizontalAdvance(title) + 2 * gridUnit;
    painter.setFont(font());
    painter.setPen(colours.faintText);
    painter.drawText(line.adjusted(begin, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     map()->cycleSummary(heading.cycle));
}

void CycleDiagram::paintEvent(QPaintEvent* event) {
    executeDelayedItemsLayout();
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(-horizontalOffset(), -verticalOffset());
    const QRect area = event->rect().translated(horizontalOffset(), verticalOffset());
    if (map() == nullptr)
        return;
    drawEdges(painter, area, false);
    drawEdges(painter, area, true);
    for (const CycleHeading& heading : m_layout.headings)
        if (heading.rect.intersects(area))
            drawHeading(painter, heading);
    const ThemeColours& colours = Theme::instance().colours();
    for (const auto& [node, rect] : m_layout.nodes) {
        if (!rect.adjusted(-aroundNode, -aroundNode, aroundNode, aroundNode).intersects(area))
            continue;
        const int row = map()->rowOf(node);
        if (row < 0)
            continue;
        const bool current = row == currentIndex().row();
        paintCycleNode(painter, rect, map()->index(row), {current, row == m_hovered, current && hasFocus()},
                       font(), colours);
    }
}

}  // namespace saeception
