// SPDX-License-Identifier: GPL-3.0-or-later
// A header whose neighbouring columns may stand under a heading of their own.
#pragma once

#include <QHeaderView>

namespace saeception {

/// Columns with the same RawTableModel::GroupRole share one. Titles stand off their edges as the cells do;
/// the mark of the order stands on the inner side of a title, so that this stays over its figures.
class GroupedHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit GroupedHeader(QWidget* parent = nullptr);

    /// What a column needs for its title, in pixels.
    int titleWidth(int section) const;

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;

private:
    QString groupOf(int section) const;
    bool hasGroups() const;
    int groupHeight() const;
    void paintGroup(QPainter* painter, const QRect& rect, int section) const;
    void paintTitle(QPainter* painter, const QRect& rect, int section) const;
};

}  // namespace saeception
