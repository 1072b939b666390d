// SPDX-License-Identifier: GPL-3.0-or-later
// How CSI and U move from cycle to cycle: of single features, of many in medians and quartiles.
#pragma once

#include "ui/models/cycle_step.h"

#include <vector>

namespace saeception {

/// Quartiles of `count` values; NaN for none.
struct Spread {
    double low = 0;
    double median = 0;
    double high = 0;
    int count = 0;
};
/// NaN among the values are left out. Between two values the quartiles are interpolated.
Spread spreadOf(std::vector<double> values);

/// How one figure of several features moved.
struct Movement {
    double before = 0;  ///< medians; NaN for no features
    double after = 0;
    int rose = 0;
    int fell = 0;
    int count = 0;
};

/// A feature that was kept or drifted.
struct SelectivityPoint {
    FeaturePair pair;
    double csiBefore = 0;
    double csiAfter = 0;
    double usefulnessBefore = 0;
    double usefulnessAfter = 0;
    int favouredClass = -1;  ///< of the later feature
    bool salient = false;    ///< sharpening from the earlier cycle kept the earlier one
};
std::vector<SelectivityPoint> selectivityPoints(const CycleStep& step);

enum class SelectivityFigure { Csi, Usefulness };
double valueBefore(const SelectivityPoint& point, SelectivityFigure figure);
double valueAfter(const SelectivityPoint& point, SelectivityFigure figure);
Movement movementOf(const std::vector<SelectivityPoint>& points, SelectivityFigure figure);

/// Over all features of `index` that fire.
Spread spreadOfAlive(const FeatureIndex& index, SelectivityFigure figure);
/// Over some of them.
Spread spreadOf(const FeatureIndex& index, const std::vector<int>& features, SelectivityFigure figure);

}  // namespace saeception
