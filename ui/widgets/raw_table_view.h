// SPDX-License-Identifier: GPL-3.0-or-later
// A raw table in view: quiet, sortable by its headings, as wide as its columns need, words taking what room
// is left.
#pragma once

#include "ui/models/raw_filter_model.h"

#include <QTableView>

#include <functional>

class QLabel;

namespace saeception {

class RawTableView : public QTableView {
    Q_OBJECT

public:
    /// `rows` and the table behind it must outlive the view.
    explicit RawTableView(RawFilterModel* rows, QWidget* parent = nullptr);

    RawFilterModel* rows() const { return m_rows; }
    /// The row of the table behind that is current, or -1.
    int currentSourceRow() const;
    /// Makes that row of the table current, where it is shown; the column stays.
    void setCurrentSourceRow(int row);
    /// What to say while no row is shown; empty: nothing.
    void setHint(const QString& text);
    /// Room that the cells of `column` need beside their text, in pixels.
    void setExtraRoom(std::function<int(int column)> room) { m_extraRoom = std::move(room); }
    void fitColumns();

Q_SIGNALS:
    /// Enter, or a double click.
    void opened(const QModelIndex& index);
    /// A click on a cell that is a link.
    void linkClicked(const QModelIndex& index);
    /// Another row, or another column in it, is current; also after a reset.
    void currentMoved();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    bool isLink(const QModelIndex& index) const;
    void showHint();

    RawFilterModel* m_rows;
    QLabel* m_hint;
    std::function<int(int)> m_extraRoom;
    bool m_scrollWhenShown = false;
};

}  // namespace saeception
