// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_smoothing.h"

#include <cmath>

namespace saeception {

void SmoothedCurve::update(const CurveSeries& series, double smoothing) {
    if (smoothing != m_smoothing || series.revision() != m_revision || m_values.size() > series.size()) {
        m_values.clear();
        m_pyramid.clear();
        m_average = 0;
        m_weight = 0;
        m_smoothing = smoothing;
        m_revision = series.revision();
    }
    m_values.reserve(series.size() > 2 * m_values.size() ? series.size() : 0);
    for (std::size_t i = m_values.size(); i < series.size(); ++i) {
        double value = series.value(i);
        if (std::isfinite(value)) {
            m_average = smoothing * m_average + (1 - smoothing) * value;
            m_weight = smoothing * m_weight + (1 - smoothing);
            value = m_average / m_weight;
        } else {
            value = std::numeric_limits<double>::quiet_NaN();
        }
        m_values.push_back(value);
    }
    m_pyramid.extend(m_values);
}

void SmoothedCurve::clear() {
    *this = SmoothedCurve();
}

}  // namespace saeception
