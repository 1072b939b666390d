// SPDX-License-Identifier: GPL-3.0-or-later
// A curve's debiased exponential average, kept up to date as points arrive.
#pragma once

#include "ui/models/curve_series.h"

namespace saeception {

/// s_n = (1 - a) * sum_i a^(n-i) v_i / (1 - a^n), over the finite values in the order in which they came:
/// Adam's bias correction (Kingma and Ba 2015, algorithm 1) applied to a plain moving average. A value that
/// is not finite leaves the average as it was, and is NaN here.
class SmoothedCurve {
public:
    /// Brings the average up to date with `series`; only new points are read unless `smoothing` or older
    /// points changed. @param smoothing a above, 0 <= a < 1
    void update(const CurveSeries& series, double smoothing);
    /// Gives the memory back.
    void clear();

    std::span<const double> values() const { return m_values; }
    CurveExtent extent(std::size_t begin, std::size_t end) const {
        return m_pyramid.extent(m_values, begin, end);
    }
    std::size_t bytes() const { return m_values.capacity() * sizeof(double) + m_pyramid.bytes(); }

private:
    std::vector<double> m_values;
    CurvePyramid m_pyramid;
    double m_smoothing = -1;
    double m_average = 0;  ///< still biased towards 0
    double m_weight = 0;   ///< 1 - a^n
    std::uint32_t m_revision = 0;
};

}  // namespace saeception
