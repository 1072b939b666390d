// SPDX-License-Identifier: GPL-3.0-or-later
// The view of the feature table: fitted columns, of which one chooses, stars to click, words that take what
// is left.
#pragma once

#include <QTableView>

#include <vector>

class QLabel;

namespace saeception {

class FeatureFilterModel;
class FeatureTableModel;

class FeatureTableView : public QTableView {
    Q_OBJECT

public:
    FeatureTableView(FeatureTableModel* table, FeatureFilterModel* filter, QWidget* parent = nullptr);

    /// Fits the columns to what they hold; called when that has changed.
    void fitColumns();
    /// The width at which no column shown is cut, and the one with room for more words.
    int leastWidth() const;
    int preferredWidth() const;
    /// Says over the rows that there are none; empty: says nothing.
    void setNothing(const QString& words);

Q_SIGNALS:
    void starClicked(int feature);
    /// What can be done with `feature` is asked for at a place on the screen.
    void menuRequested(int feature, const QPoint& position);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    int widthOf(int column) const;
    bool isShownByDefault(int column) const;
    void restoreColumns();
    void offerColumns(const QPoint& position);
    void applyTheme();

    FeatureTableModel* m_table;
    FeatureFilterModel* m_filter;
    QLabel* m_nothing;
};

}  // namespace saeception
