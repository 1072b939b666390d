// SPDX-License-Identifier: GPL-3.0-or-later
// The Matches tab of the Evolution page: what became of the features in every step, and every pair of one
// step.
#pragma once

#include "ui/plots/fate_bars.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace saeception {

class FeatureNames;
class MatchTableModel;
class RawFilterModel;
class RawTableView;

class EvolutionMatches : public QWidget {
    Q_OBJECT

public:
    /// `names` must outlive this widget.
    explicit EvolutionMatches(FeatureNames* names, QWidget* parent = nullptr);

    /// The steps in the figure, and which of them the table is of.
    void setSteps(std::vector<StepFates> steps, int chosen);
    /// The step in the table, and the feature (cycle, feature) whose row is current; -1: none was chosen yet.
    /// One that was chosen elsewhere takes away a filter that hides it. Where the step has no row for one
    /// that was chosen here, the first row's feature is the chosen one, which featureChosen tells.
    void show(const CycleStep& step, int cycle, int feature);
    /// Back to no filter, and the most useful feature first.
    void resetView();

Q_SIGNALS:
    void stepChosen(int cycle);
    /// Another row is current.
    void featureChosen(int cycle, int feature);
    /// To be shown on the Features page.
    void featureRequested(int cycle, int feature);

private:
    QWidget* makeFilters();
    void makeView(FeatureNames* names);
    void applyFilter();
    void setFate(int fate);
    /// Makes the chosen feature's row current, or the first row's feature the chosen one where it has none.
    void settle();
    void tellChosen();
    void openCurrent();
    void showCount();

    FateBars* m_bars;
    QLineEdit* m_words = nullptr;
    QComboBox* m_fate = nullptr;
    QLabel* m_count = nullptr;
    MatchTableModel* m_table = nullptr;
    RawFilterModel* m_rows = nullptr;
    RawTableView* m_view = nullptr;
    int m_step = -1;
    int m_cycle = -1;  ///< of the chosen feature
    int m_feature = -1;
    bool m_quiet = false;
};

}  // namespace saeception
