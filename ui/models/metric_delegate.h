// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a metric's value with its change against the first cycle beside it, both in columns of their own
// width and under headings of their own.
#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>

namespace saeception {

class MetricDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The header above: a section of a later cycle names the cycle over its values and the change over its
/// changes.
class MetricHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit MetricHeader(QWidget* parent = nullptr);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;

private:
    int changesWidth(int section) const;
};

}  // namespace saeception
