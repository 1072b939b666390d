// SPDX-License-Identifier: GPL-3.0-or-later
// The cycle map drawn: a row for each cycle, its stages from left to right with what they make below them,
// and the loop from one cycle to the next.
#pragma once

#include "ui/models/cycle_map_model.h"
#include "ui/plots/cycle_layout.h"

#include <QListView>

namespace saeception {

/// A list view in all but its looks: current item, selection, hovering, scrolling and accessibility are those
/// of QListView. Arrow keys go to the next node in their direction; Return tells `activated`.
class CycleDiagram : public QListView {
    Q_OBJECT

public:
    explicit CycleDiagram(QWidget* parent = nullptr);

    /// A CycleMapModel.
    void setModel(QAbstractItemModel* model) override;
    const CycleLayout& layoutInUse() const { return m_layout; }
    CycleNode currentNode() const;
    void setCurrentNode(const CycleNode& node);

    QRect visualRect(const QModelIndex& index) const override;
    QModelIndex indexAt(const QPoint& point) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void doItemsLayout() override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override;
    int verticalOffset() const override;
    QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    void dataChanged(const QModelIndex& from, const QModelIndex& to, const QList<int>& roles) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    CycleMapModel* map() const;
    QRect rectOf(const CycleNode& node) const;
    CycleNodeSizes measure() const;
    void relayout();
    int towards(const QRect& from, int dx, int dy) const;
    void hover(int row);
    void drawEdges(QPainter& painter, const QRectF& area, bool emphasised) const;
    void drawHeading(QPainter& painter, const CycleHeading& heading) const;

    CycleLayout m_layout;
    int m_hovered = -1;
};

}  // namespace saeception
