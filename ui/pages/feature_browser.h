// SPDX-License-Identifier: GPL-3.0-or-later
// The table of all features with its filters: the left side of the Features page.
#pragma once

#include "features/feature_index.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace saeception {

class FeatureFilterModel;
class FeatureTableModel;

class FeatureBrowser : public QWidget {
    Q_OBJECT

public:
    explicit FeatureBrowser(QWidget* parent = nullptr);

    /// Shows another index, or none. Filters, order and the chosen number stay as far as the new index has
    /// them; a number that a filter hides gives way to the first row. Nothing is emitted.
    void setFeatures(std::shared_ptr<const FeatureIndex> features);
    std::shared_ptr<const FeatureIndex> features() const;
    int aliveCount() const;

    /// The chosen feature, always one of the rows shown; -1 where there is none.
    int feature() const { return m_feature; }
    void forgetFeature() { m_feature = -1; }
    /// Back to no filter and the most useful feature first.
    void resetView();

    /// The width at which every column shows whole with room around it.
    int preferredWidth() const;
    /// The least width at which every column still shows whole.
    int compactWidth() const;

Q_SIGNALS:
    /// Another feature was chosen, by the person or because a filter hid the one before; -1: the filter hides
    /// all of them.
    void featureChosen(int feature);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildFilters();
    void buildView();
    void applyFilter();
    void showClasses();
    void showCount();
    bool settleFeature();
    std::vector<int> columnWidths(bool compact) const;
    int widthAround(const std::vector<int>& columns) const;
    void fitColumns();
    void applyTheme();

    FeatureTableModel* m_table;
    FeatureFilterModel* m_filter;
    QLineEdit* m_number = nullptr;
    QComboBox* m_strongestClass = nullptr;
    QCheckBox* m_aliveOnly = nullptr;
    QLabel* m_shown = nullptr;
    QTableView* m_view = nullptr;
    QLabel* m_nothing = nullptr;  ///< over the rows when a filter leaves none
    int m_feature = -1;
};

}  // namespace saeception
