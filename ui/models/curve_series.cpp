// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_series.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace saeception {
namespace {

// The first index of [from, size) with at(index) >= x, galloping away from `from`.
template <typename At>
std::size_t gallop(std::size_t from, std::size_t size, double x, const At& at) {
    std::size_t low = from;
    std::size_t reach = 1;
    while (low < size && at(low) < x) {
        const std::size_t next = std::min(size, low + reach);
        if (next == size || at(next) >= x) {
            // The answer lies in (low, next].
            std::size_t high = next;
            ++low;
            while (low < high) {
                const std::size_t middle = low + (high - low) / 2;
                if (at(middle) < x)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
        low = next;
        reach *= 2;
    }
    return low;
}

}  // namespace

CurveSeries::CurveSeries(std::size_t capacity) : m_capacity(std::max<std::size_t>(16, capacity)) {}

void CurveSeries::startAt(double wallTime) {
    m_hasOrigin = std::isfinite(wallTime);
    m_origin = m_hasOrigin ? wallTime : 0;
}

void CurveSeries::append(double step, double wallTime, double value) {
    if (!m_steps.empty() && step < m_steps.back())
        truncate(lowerBound(CurveAxis::Step, step));
    if (m_values.size() >= m_capacity)
        coarsen();
    if (!m_hasOrigin)
        startAt(wallTime);
    const double earliest = m_milliseconds.empty() ? 0 : m_milliseconds.back();
    const double sinceOrigin = std::round((wallTime - m_origin) * 1000);
    const double milliseconds =
        sinceOrigin > earliest ? std::min(sinceOrigin, 4294967295.0) : earliest;  // NaN is not greater
    if (!std::isfinite(value)) {
        m_notFinite.push_back(static_cast<std::uint32_t>(m_values.size()));
        ++m_notFiniteSeen;
    }
    m_steps.push_back(step);
    m_milliseconds.push_back(static_cast<std::uint32_t>(milliseconds));
    m_values.push_back(value);
    m_pyramid.append(value);
    ++m_appended;
}

void CurveSeries::truncate(std::size_t size) {
    m_appended -= std::min<std::uint64_t>(m_appended, m_values.size() - size);
    m_steps.resize(size);
    m_values.resize(size);
    m_milliseconds.resize(size);
    m_pyramid.truncate(m_values, size);
    while (!m_notFinite.empty() && m_notFinite.back() >= size)
        m_notFinite.pop_back();
    ++m_revision;
}

void CurveSeries::coarsen() {
    const std::size_t count = m_values.size();
    if (count < 8)
        return;
    m_notFinite.clear();
    m_pyramid.clear();
    std::size_t out = 0;
    const auto keep = [&](std::size_t i) {
        m_steps[out] = m_steps[i];
        m_milliseconds[out] = m_milliseconds[i];
        m_values[out] = m_values[i];
        if (!std::isfinite(m_values[out]))
            m_notFinite.push_back(static_cast<std::uint32_t>(out));
        m_pyramid.append(m_values[out]);
        ++out;
    };
    // The first and the last point stay, so that the curve begins and ends where it did.
    keep(0);
    for (std::size_t begin = 1; begin + 1 < count; begin += 4) {
        const std::size_t end = std::min(begin + 4, count - 1);
        std::array<std::size_t, 3> chosen{count, count, count};  // lowest, highest, first not finite
        for (std::size_t i = begin; i < end; ++i) {
            if (!std::isfinite(m_values[i])) {
                chosen[2] = std::min(chosen[2], i);
                continue;
            }
            if (chosen[0] == count || m_values[i] < m_values[chosen[0]])
                chosen[0] = i;
            if (chosen[1] == count || m_values[i] > m_values[chosen[1]])
                chosen[1] = i;
        }
        std::sort(chosen.begin(), chosen.end());
        // keep() writes at or before where it reads, and each is read before it can be written over.
        for (std::size_t k = 0; k < chosen.size(); ++k)
            if (chosen[k] != count && (k == 0 || chosen[k] != chosen[k - 1]))
                keep(chosen[k]);
    }
    keep(count - 1);
    m_steps.resize(out);
    m_values.resize(out);
    m_milliseconds.resize(out);
    ++m_coarsenings;
    ++m_revision;
}

std::size_t CurveSeries::lowerBound(CurveAxis axis, double x, std::size_t from) const {
    if (axis == CurveAxis::Step)
        return gallop(from, size(), x, [this](std::size_t i) { return m_steps[i]; });
    if (axis == CurveAxis::Relative)
        return gallop(from, size(), x, [this](std::size_t i) { return relativeTime(i); });
    return gallop(from, size(), x, [this](std::size_t i) { return wallTime(i); });
}

std::size_t CurveSeries::nearest(CurveAxis axis, double at) const {
    const std::size_t next = lowerBound(axis, at);
    if (next == 0)
        return 0;
    if (next == size())
        return size() - 1;
    return x(axis, next) - at < at - x(axis, next - 1) ? next : next - 1;
}

std::size_t CurveSeries::bytes() const {
    return (m_steps.capacity() + m_values.capacity()) * sizeof(double) +
           (m_milliseconds.capacity() + m_notFinite.capacity()) * sizeof(std::uint32_t) + m_pyramid.bytes();
}

}  // namespace saeception
