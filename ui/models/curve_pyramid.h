// SPDX-License-Identifier: GPL-3.0-or-later
// The lowest and highest of any stretch of an append-only array, found without reading the stretch.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace saeception {

/// Lowest and highest of some finite values; empty (low > high) if there were none.
struct CurveExtent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    bool isEmpty() const { return low > high; }
    /// Values that are not finite are passed over.
    void include(double value) {
        if (value - value != 0)
            return;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    void include(const CurveExtent& other) {
        low = other.low < low ? other.low : low;
        high = other.high > high ? other.high : high;
    }
    bool operator==(const CurveExtent&) const = default;
};

/// Each level holds the extents of sixteen entries of the level below, about one byte a value in all. The
/// values themselves stay with the caller, who hands in the same array, grown or cut, each time.
class CurvePyramid {
public:
    /// Takes note of `value`, which stands at index size() of the array.
    void append(double value);
    /// Takes note of all that `values` holds beyond index size(); many at once cost little more than reading
    /// them.
    void extend(std::span<const double> values);
    /// Forgets all but the first `size` of `values`.
    void truncate(std::span<const double> values, std::size_t size);
    void clear();

    std::size_t size() const { return m_size; }
    /// Of the finite values at [begin, end), exactly; end <= size(). Reads at most about 30 entries a level.
    CurveExtent extent(std::span<const double> values, std::size_t begin, std::size_t end) const;
    std::size_t bytes() const;

private:
    std::vector<std::vector<CurveExtent>> m_levels;
    std::size_t m_size = 0;
};

}  // namespace saeception
