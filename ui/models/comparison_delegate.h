// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the comparison: value, interval and change each in a column of its own width, and both headers.
#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>

namespace saeception {

class ComparisonDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// Over each column its run, where there are several, and its cycle.
class ComparisonHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit ComparisonHeader(QWidget* parent = nullptr);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;
};

/// Before each row its metric; families stand out faintly.
class ComparisonRowHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit ComparisonRowHeader(QWidget* parent = nullptr);
    /// As wide as the widest title.
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
};

}  // namespace saeception
