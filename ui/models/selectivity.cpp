// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/selectivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace saeception {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::span<const float> columnOf(const FeatureIndex& index, SelectivityFigure figure) {
    return figure == SelectivityFigure::Csi ? index.csi() : index.usefulness();
}

}  // namespace

Spread spreadOf(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (values.empty())
        return {none, none, none, 0};
    std::sort(values.begin(), values.end());
    return {quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75),
            static_cast<int>(values.size())};
}

std::vector<SelectivityPoint> selectivityPoints(const CycleStep& step) {
    std::vector<SelectivityPoint> points;
    if (!step.isKnown())
        return points;
    const std::vector<char> salient = salientFlags(step);
    for (const FeaturePair& pair : pairsOf(step)) {
        if (pair.fate != Fate::Kept && pair.fate != Fate::Drifted)
            continue;
        const auto before = static_cast<std::size_t>(pair.before);
        const auto after = static_cast<std::size_t>(pair.after);
        points.push_back({pair, static_cast<double>(step.before->csi()[before]),
                          static_cast<double>(step.after->csi()[after]),
                          static_cast<double>(step.before->usefulness()[before]),
                          static_cast<double>(step.after->usefulness()[after]),
                          step.after->favouredClass(pair.after), salient[before] != 0});
    }
    return points;
}

double valueBefore(const SelectivityPoint& point, SelectivityFigure figure) {
    return figure == SelectivityFigure::Csi ? point.csiBefore : point.usefulnessBefore;
}

double valueAfter(const SelectivityPoint& point, SelectivityFigure figure) {
    return figure == SelectivityFigure::Csi ? point.csiAfter : point.usefulnessAfter;
}

Movement movementOf(const std::vector<SelectivityPoint>& points, SelectivityFigure figure) {
    Movement movement;
    std::vector<double> before;
    std::vector<double> after;
    for (const SelectivityPoint& point : points) {
        before.push_back(valueBefore(point, figure));
        after.push_back(valueAfter(point, figure));
        movement.rose += after.back() > before.back() ? 1 : 0;
        movement.fell += after.back() < before.back() ? 1 : 0;
    }
    movement.before = spreadOf(before).median;
    movement.after = spreadOf(after).median;
    movement.count = static_cast<int>(points.size());
    return movement;
}

Spread spreadOfAlive(const FeatureIndex& index, SelectivityFigure figure) {
    std::vector<double> values;
    for (int f = 0; f < index.featureCount(); ++f)
        if (index.isAlive(f))
            values.push_back(static_cast<double>(columnOf(index, figure)[static_cast<std::size_t>(f)]));
    return spreadOf(std::move(values));
}

Spread spreadOf(const FeatureIndex& index, const std::vector<int>& features, SelectivityFigure figure) {
    std::vector<double> values;
    for (const int f : features)
        values.push_back(static_cast<double>(columnOf(index, figure)[static_cast<std::size_t>(f)]));
    return spreadOf(std::move(values));
}

}  // namespace saeception
