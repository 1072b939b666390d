// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_buffer.h"

#include <algorithm>
#include <cmath>

namespace saeception {

CurveBuffer::CurveBuffer(std::size_t capacity) : m_capacity(std::max<std::size_t>(8, capacity)) {}

bool CurveBuffer::append(double x, double y) {
    const bool full = m_x.size() >= m_capacity;
    if (full)
        merge();
    m_x.push_back(x);
    m_y.push_back(y);
    return full;
}

void CurveBuffer::merge() {
    // The first and the last point stay as they are; every four between them become their minimum and
    // maximum.
    const std::size_t count = m_x.size();
    std::size_t out = 1;
    for (std::size_t begin = 1; begin + 1 < count; begin += 4) {
        const std::size_t end = std::min(begin + 4, count - 1);
        std::size_t low = begin;
        std::size_t high = begin;
        for (std::size_t i = begin; i < end; ++i) {
            // A value that is not finite is itself the news, and must survive any number of merges.
            if (!std::isfinite(m_y[i]))
                low = i;
            else if (std::isfinite(m_y[low]) && m_y[i] < m_y[low])
                low = i;
            if (!(m_y[i] <= m_y[high]))
                high = i;
        }
        // Two points a group whatever its values, so that buffers of equal length stay equally long.
        if (low == high && end - begin > 1)
            high = low + 1 < end ? low + 1 : low - 1;
        for (const std::size_t kept : {std::min(low, high), std::max(low, high)}) {
            m_x[out] = m_x[kept];
            m_y[out] = m_y[kept];
            ++out;
            if (low == high)
                break;
        }
    }
    m_x[out] = m_x[count - 1];
    m_y[out] = m_y[count - 1];
    m_x.resize(out + 1);
    m_y.resize(out + 1);
}

}  // namespace saeception
