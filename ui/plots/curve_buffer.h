// SPDX-License-Identifier: GPL-3.0-or-later
// The points of one curve, bounded: once full, neighbours are merged into their lowest and highest, so spikes
// stay visible.
#pragma once

#include <cstddef>
#include <vector>

namespace saeception {

class CurveBuffer {
public:
    /// Holds at most `capacity` points (at least 8).
    explicit CurveBuffer(std::size_t capacity = 20000);

    /// Adds a point at the end. @returns true if older points were merged, so that what was drawn of them is
    /// out of date.
    bool append(double x, double y);

    std::size_t size() const { return m_x.size(); }
    const std::vector<double>& x() const { return m_x; }
    const std::vector<double>& y() const { return m_y; }

private:
    void merge();

    std::size_t m_capacity;
    std::vector<double> m_x;
    std::vector<double> m_y;
};

}  // namespace saeception
