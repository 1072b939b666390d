// SPDX-License-Identifier: GPL-3.0-or-later
// The Selectivity tab of the Evolution page: how CSI and U moved, feature by feature and from cycle to cycle.
#pragma once

#include "ui/models/feature_names.h"
#include "ui/models/selectivity.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QHBoxLayout;
class QLabel;

namespace saeception {

class QuartileLines;
class RunSteps;
class SelectivityPlot;

class EvolutionSelectivity : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive this widget.
    EvolutionSelectivity(RunSteps* steps, FeatureNames* names, QWidget* parent = nullptr);

    void setStep(const CycleStep& step);
    /// Draws the figures of all cycles again, as far as these are known.
    void showCycles();
    /// The dot of feature (cycle, feature) has a ring, where there is one. Nothing is emitted.
    void choose(int cycle, int feature);
    /// "Feature 12 → 40, kept, CSI 0.31 → 0.52" and more, of a dot.
    QString describe(int point) const;

Q_SIGNALS:
    void featureChosen(int cycle, int feature);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeBar();
    void showDots();
    void showLegend();
    int pointOf(int cycle, int feature) const;

    RunSteps* m_steps;
    FeatureNames* m_names;
    CycleStep m_step;
    std::vector<SelectivityPoint> m_points;
    std::vector<CycleStep> m_lineSteps;  ///< of which the lines are drawn
    int m_cycle = -1;
    int m_feature = -1;
    QCheckBox* m_kept = nullptr;
    QCheckBox* m_drifted = nullptr;
    double m_legendRatio = 0;  ///< of the screen for which its pictures were made
    QHBoxLayout* m_legend = nullptr;
    SelectivityPlot* m_csi;
    SelectivityPlot* m_usefulness;
    QWidget* m_lines;
    QuartileLines* m_csiLines;
    QuartileLines* m_usefulnessLines;
};

}  // namespace saeception
