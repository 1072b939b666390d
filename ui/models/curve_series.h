// SPDX-License-Identifier: GPL-3.0-or-later
// The points of one curve in memory: append-only, bounded, and quick to ask for the extent of any stretch.
#pragma once

#include "ui/models/curve_pyramid.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// What the horizontal axis measures.
enum class CurveAxis {
    Step,      ///< optimiser steps
    Relative,  ///< seconds since the curve began
    Wall       ///< seconds since the Unix epoch
};

/// Steps and times never fall along the curve: a point at an earlier step supersedes everything from that
/// step on, as after a restart from a checkpoint, and a clock that was set back counts on from the latest
/// time seen.
///
/// About 21 bytes a point. Once `capacity` points are held, every four neighbours become their lowest and
/// highest (and a value that is not finite, if there is one), so the extent of what was merged stays exactly
/// what it was, and the curve holds fewer than `capacity` points however long it grows.
class CurveSeries {
public:
    static constexpr std::size_t defaultCapacity = std::size_t(1) << 20;

    /// `capacity` is at least 16.
    explicit CurveSeries(std::size_t capacity = defaultCapacity);

    /// Relative times count from here instead of the first point; before the first point, or one that
    /// supersedes all.
    void startAt(double wallTime);
    /// @param wallTime seconds since the Unix epoch, kept to the millisecond over 49 days
    void append(double step, double wallTime, double value);
    /// Halves the number of points, or nearly so, without waiting for the capacity to be reached.
    void coarsen();

    std::size_t size() const { return m_values.size(); }
    /// Points ever appended and not superseded by a restart.
    std::uint64_t appended() const { return m_appended; }
    bool isCoarsened() const { return m_coarsenings > 0; }
    /// Changes whenever points that were already there changed, rather than new ones joined them.
    std::uint32_t revision() const { return m_revision; }

    double step(std::size_t i) const { return m_steps[i]; }
    double value(std::size_t i) const { return m_values[i]; }
    double relativeTime(std::size_t i) const { return m_milliseconds[i] / 1000.0; }
    double wallTime(std::size_t i) const { return m_origin + m_milliseconds[i] / 1000.0; }
    double x(CurveAxis axis, std::size_t i) const {
        return axis == CurveAxis::Step       ? step(i)
               : axis == CurveAxis::Relative ? relativeTime(i)
                                             : wallTime(i);
    }
    std::span<const double> values() const { return m_values; }

    /// The first point with x >= `x`, from `from` on; size() if there is none. Costs the logarithm of how far
    /// it is.
    std::size_t lowerBound(CurveAxis axis, double x, std::size_t from = 0) const;
    /// The point whose x lies nearest; the curve must not be empty.
    std::size_t nearest(CurveAxis axis, double x) const;
    /// Of the finite values at [begin, end), exactly.
    CurveExtent extent(std::size_t begin, std::size_t end) const {
        return m_pyramid.extent(m_values, begin, end);
    }
    CurveExtent extent() const { return extent(0, size()); }
    /// Where values are NaN or infinite, ascending.
    std::span<const std::uint32_t> notFinite() const { return m_notFinite; }
    /// How many such values ever came; merging keeps one of each four neighbours.
    std::uint64_t notFiniteSeen() const { return m_notFiniteSeen; }
    /// Memory held.
    std::size_t bytes() const;

private:
    void truncate(std::size_t size);

    std::size_t m_capacity;
    std::vector<double> m_steps;
    std::vector<double> m_values;
    std::vector<std::uint32_t> m_milliseconds;  ///< since m_origin
    std::vector<std::uint32_t> m_notFinite;
    CurvePyramid m_pyramid;
    double m_origin = 0;
    bool m_hasOrigin = false;
    std::uint64_t m_appended = 0;
    std::uint64_t m_notFiniteSeen = 0;
    std::uint32_t m_coarsenings = 0;
    std::uint32_t m_revision = 0;
};

}  // namespace saeception
