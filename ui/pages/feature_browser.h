// SPDX-License-Identifier: GPL-3.0-or-later
// The table of all features with its filters: the left side of the Features page.
#pragma once

#include "features/feature_index.h"

#include <QWidget>

#include <memory>

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
    /// them; the number stays chosen even where a filter hides it. Nothing is emitted.
    void setFeatures(std::shared_ptr<const FeatureIndex> features);
    std::shared_ptr<const FeatureIndex> features() const;
    int aliveCount() const;

    /// The chosen feature, -1 for none; with none chosen the next index begins with its first row.
    int feature() const { return m_feature; }
    void forgetFeature() { m_feature = -1; }

    /// The width at which every column shows whole.
    int preferredWidth() const;

Q_SIGNALS:
    /// Another feature was chosen, by the person or because a filter hid the one before.
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
    void restoreCurrentRow();
    std::vector<int> columnWidths() const;
    void fitColumns();
    void applyTheme();

    FeatureTableModel* m_table;
    FeatureFilterModel* m_filter;
    QLineEdit* m_number = nullptr;
    QComboBox* m_strongestClass = nullptr;
    QCheckBox* m_aliveOnly = nullptr;
    QLabel* m_shown = nullptr;
    QTableView* m_view = nullptr;
    int m_feature = -1;
};

}  // namespace saeception
