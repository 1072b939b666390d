// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_range.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr std::size_t mostRanked = 65536;  // of one curve

double percentile(std::vector<double>& values, double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), values.begin() + below, values.end());
    const double low = values[static_cast<std::size_t>(below)];
    if (static_cast<std::size_t>(below) + 1 == values.size())
        return low;
    const double high = *std::min_element(values.begin() + below + 1, values.end());
    return low + (high - low) * (place - static_cast<double>(below));
}

CurveExtent typicalRange(std::span<const CurveSeries* const> curves, bool logarithmic) {
    std::vector<double> values;
    for (const CurveSeries* curve : curves) {
        const std::size_t every = (curve->size() + mostRanked - 1) / mostRanked;
        for (std::size_t i = 0; i < curve->size(); i += every)
            if (std::isfinite(curve->value(i)) && !(logarithmic && curve->value(i) <= 0))
                values.push_back(curve->value(i));
    }
    if (values.empty())
        return {};
    return {percentile(values, 0.05), percentile(values, 0.95)};
}

}  // namespace

CurveExtent valueRange(std::span<const CurveSeries* const> curves, ValueRangeOptions options) {
    if (options.ignoreOutliers)
        return typicalRange(curves, options.logarithmic);
    CurveExtent range;
    for (const CurveSeries* curve : curves) {
        CurveExtent own = curve->extent();
        if (options.logarithmic && own.low <= 0) {
            own = {};
            for (const double value : curve->values())
                if (value > 0)
                    own.include(value);
        }
        range.include(own);
    }
    return range;
}

CurveExtent withMargin(const CurveExtent& range, bool logarithmic) {
    if (logarithmic) {
        const double factor = std::max(std::pow(range.high / range.low, 0.05), 1.05);
        return {range.low / factor, range.high * factor};
    }
    const double magnitude = std::max(std::abs(range.low), std::abs(range.high));
    const double least = magnitude == 0 ? 1 : magnitude * 0.02;
    const double margin = std::max((range.high - range.low) * 0.08, least);
    CurveExtent wide{range.low - margin, range.high + margin};
    if (range.low >= 0 && wide.low < 0)
        wide.low = 0;
    return wide;
}

}  // namespace saeception
