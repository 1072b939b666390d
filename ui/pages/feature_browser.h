// SPDX-License-Identifier: GPL-3.0-or-later
// All features of a cycle with a line to choose among them, as a table or as a map: the left side of the
// Features page.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"
#include "features/sentence_search.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace saeception {

class FeatureFilterModel;
class FeatureMap;
class FeatureTableModel;
class FeatureTableView;

class FeatureBrowser : public QWidget {
    Q_OBJECT

public:
    explicit FeatureBrowser(QWidget* parent = nullptr);

    /// Shows another index, or none. Query, order and the chosen number stay as far as the new index has
    /// them; a number that the query hides gives way to the first row. Nothing is emitted.
    void setFeatures(std::shared_ptr<const FeatureIndex> features,
                     std::shared_ptr<const SentenceSearch> search, const FeatureLabels& labels);
    void setLabel(int feature, const FeatureLabel& label);
    void setLabels(const FeatureLabels& labels);
    std::shared_ptr<const FeatureIndex> features() const;
    int aliveCount() const;
    /// The features that the query leaves, in the order shown.
    std::vector<int> shownFeatures() const;

    /// The chosen feature, always one of the rows shown; -1 where there is none.
    int feature() const { return m_feature; }
    void forgetFeature() { m_feature = -1; }
    /// Chooses `feature`; a query that hides it is given up. featureChosen() follows.
    void choose(int feature);
    /// Chooses the row after the chosen one, or before it.
    void step(int rows);
    /// Back to no query and the most useful feature first.
    void resetView();
    void focusQuery();
    /// Adds a word to the query: "class:positive".
    void addToQuery(const QString& word);

    /// The width at which no column shown is cut, and the one with room for more words.
    int leastWidth() const;
    int preferredWidth() const;

Q_SIGNALS:
    /// Another feature was chosen by the person.
    void featureChosen(int feature);
    /// A query hid the chosen one, and this came in its place; -1: it hides all of them.
    void featureSettled(int feature);
    /// What can be done with `feature` is asked for at a place on the screen.
    void menuRequested(int feature, const QPoint& position);
    /// The star of `feature` was clicked.
    void starToggled(int feature);
    /// What was typed is a link to a feature.
    void linkEntered(const QString& link);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildQuery();
    QWidget* buildMap();
    void fillWords();
    void applyQuery();
    bool filter();
    void showCount();
    bool settleFeature();
    void take(int feature);
    void applyTheme();

    FeatureTableModel* m_table;
    FeatureFilterModel* m_filter;
    std::shared_ptr<const SentenceSearch> m_search;
    QLineEdit* m_query = nullptr;
    QPushButton* m_words = nullptr;  ///< offers what can be asked for
    QLabel* m_problem = nullptr;     ///< what is wrong with the query
    QLabel* m_shown = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    FeatureTableView* m_view = nullptr;
    FeatureMap* m_map = nullptr;
    QComboBox* m_colouring = nullptr;
    QLabel* m_legend = nullptr;
    int m_feature = -1;
    bool m_quiet = false;  ///< the query changes as part of something else
};

}  // namespace saeception
