// SPDX-License-Identifier: GPL-3.0-or-later
// The Sharpening tab of the Evolution page: the features that sharpening aimed at, before and after it.
#pragma once

#include "ui/models/cycle_step.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QStackedWidget;

namespace saeception {

class EmptyState;
class FeatureNames;
class RawFilterModel;
class RawTableView;
class SalientModel;

class EvolutionSharpening : public QWidget {
    Q_OBJECT

public:
    /// `names` must outlive this widget.
    explicit EvolutionSharpening(FeatureNames* names, QWidget* parent = nullptr);

    void setStep(const CycleStep& step);
    /// Makes the row of feature (cycle, feature) current, where there is one. Nothing is emitted.
    void choose(int cycle, int feature);
    /// Back to all labels.
    void resetView();

Q_SIGNALS:
    void featureChosen(int cycle, int feature);
    void featureRequested(int cycle, int feature);

private:
    void openCurrent();
    void showLabels();

    QLabel* m_story;
    QLabel* m_summary;
    QComboBox* m_label;
    QStackedWidget* m_stack;
    EmptyState* m_nothing;
    SalientModel* m_table;
    RawFilterModel* m_rows;
    RawTableView* m_view;
    bool m_quiet = false;
};

}  // namespace saeception
