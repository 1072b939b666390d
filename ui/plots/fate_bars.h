// SPDX-License-Identifier: GPL-3.0-or-later
// What became of the features in every step of a run: for each step a bar of the earlier cycle's features and
// one of the later cycle's, with counts and shares of firings as text.
#pragma once

#include "ui/models/cycle_step.h"
#include "ui/models/match_table_model.h"

#include <QAbstractScrollArea>

#include <vector>

namespace saeception {

/// One step in the figure.
struct StepFates {
    int cycle = 0;    ///< the later one
    QString message;  ///< why there is nothing to draw (yet); empty where there is
    FateSums before{};
    FateSums after{};

    static StepFates of(const CycleStep& step);
    const FateSums& side(bool later) const { return later ? after : before; }
    /// Features of one side that fire.
    int alive(bool later) const;
};

/// The thick bar counts features, the thin one beneath it their firings. A click on a fate chooses it
/// (another one gives it up), a click elsewhere in a step chooses the step; the arrow keys do the same. Of
/// more than `stepsShown` steps the others are reached by scrolling.
class FateBars : public QAbstractScrollArea {
    Q_OBJECT

public:
    static constexpr int stepsShown = 3;
    static constexpr int leastStepsShown = 2;  ///< where there is little room

    explicit FateBars(QWidget* parent = nullptr);

    /// Ascending by cycle. The chosen step and fate stay as they are.
    void setSteps(std::vector<StepFates> steps);
    /// `fate`: PairFate, or -1 for none.
    void setChosen(int cycle, int fate);

    /// Where a fate's share of a bar is drawn, in pixels of the viewport; empty for a fate without features.
    QRect segmentRect(int cycle, bool later, Fate fate) const;
    QRect stepRect(int cycle) const;
    /// "Kept 10 of 372 features of cycle 0 · 38 % of firings".
    QString segmentText(int cycle, bool later, Fate fate) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void stepChosen(int cycle);
    /// `fate`: PairFate, or -1 where it was given up.
    void fateChosen(int cycle, int fate);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Hit {
        const StepFates* step = nullptr;
        bool later = false;
        int fate = -1;  ///< Fate, or -1 beside the bars and counts
    };
    /// Where the parts of a line begin and end, in pixels.
    struct Columns {
        int side = 0;
        int bar = 0;
        int barEnd = 0;
        int count = 0;  ///< the first count's left edge
        int countWidth = 0;
    };
    Columns columns() const;
    int lineHeight() const;
    int blockHeight() const;
    int headerHeight() const;
    int indexOf(int cycle) const;
    int lineTop(int step, bool later) const;
    QRect segmentIn(const StepFates& step, bool later, Fate fate, bool firings) const;
    Hit hitAt(const QPoint& position) const;
    void paintHeader(QPainter& painter) const;
    void paintStep(QPainter& painter, int step) const;
    void paintLine(QPainter& painter, const StepFates& step, bool later, int top) const;
    void layOut();
    void showChosen();

    std::vector<StepFates> m_steps;
    int m_cycle = -1;
    int m_fate = -1;
};

}  // namespace saeception
