// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_pyramid.h"

#include <algorithm>

namespace saeception {
namespace {

constexpr std::size_t shift = 4;
constexpr std::size_t group = std::size_t(1) << shift;

CurveExtent extentOf(std::span<const CurveExtent> entries) {
    CurveExtent extent;
    for (const CurveExtent& entry : entries)
        extent.include(entry);
    return extent;
}

CurveExtent extentOf(std::span<const double> values) {
    CurveExtent extent;
    for (const double value : values)
        extent.include(value);
    return extent;
}

}  // namespace

void CurvePyramid::append(double value) {
    for (std::size_t level = 0;; ++level) {
        if (level == m_levels.size()) {
            // A level pays once the one below has more than one group.
            if (level > 0 && m_levels[level - 1].size() <= group)
                break;
            std::vector<CurveExtent> top;
            if (level > 0)
                for (std::size_t i = 0; i < m_levels[level - 1].size(); i += group) {
                    const std::span<const CurveExtent> below(m_levels[level - 1]);
                    top.push_back(extentOf(below.subspan(i, std::min(group, below.size() - i))));
                }
            else
                top.push_back(extentOf(std::span<const double>(&value, 1)));
            m_levels.push_back(std::move(top));
            continue;
        }
        const std::size_t place = m_size >> (shift * (level + 1));
        if (place == m_levels[level].size())
            m_levels[level].emplace_back();
        m_levels[level][place].include(value);
    }
    ++m_size;
}

void CurvePyramid::extend(std::span<const double> values) {
    std::size_t first = m_size >> shift;  // the first group that is not complete yet
    std::size_t count = (values.size() + group - 1) >> shift;
    for (std::size_t level = 0; count > 0; ++level) {
        if (level == m_levels.size()) {
            m_levels.emplace_back();
            first = 0;
        }
        std::vector<CurveExtent>& entries = m_levels[level];
        entries.resize(count);
        for (std::size_t place = first; place < count; ++place) {
            const std::size_t begin = place << shift;
            if (level == 0) {
                entries[place] = extentOf(values.subspan(begin, std::min(group, values.size() - begin)));
            } else {
                const std::span<const CurveExtent> below(m_levels[level - 1]);
                entries[place] = extentOf(below.subspan(begin, std::min(group, below.size() - begin)));
            }
        }
        if (count <= group && level + 1 >= m_levels.size())
            break;
        first >>= shift;
        count = (count + group - 1) >> shift;
    }
    m_size = values.size();
}

void CurvePyramid::truncate(std::span<const double> values, std::size_t size) {
    if (size == 0) {
        clear();
        return;
    }
    m_size = size;
    std::size_t count = size;
    for (std::size_t level = 0; level < m_levels.size(); ++level) {
        const std::size_t below = count;
        count = (count + group - 1) >> shift;
        m_levels[level].resize(count);
        // Only the last group can have lost members.
        const std::size_t first = (count - 1) << shift;
        m_levels[level][count - 1] =
            level == 0
                ? extentOf(values.subspan(first, below - first))
                : extentOf(std::span<const CurveExtent>(m_levels[level - 1]).subspan(first, below - first));
    }
}

void CurvePyramid::clear() {
    m_levels.clear();
    m_size = 0;
}

CurveExtent CurvePyramid::extent(std::span<const double> values, std::size_t begin, std::size_t end) const {
    CurveExtent extent;
    while (begin < end && begin % group != 0)
        extent.include(values[begin++]);
    while (begin < end && end % group != 0)
        extent.include(values[--end]);
    for (std::size_t level = 0; begin < end; ++level) {
        begin >>= shift;
        end >>= shift;
        const std::vector<CurveExtent>& entries = m_levels[level];
        const bool top = level + 1 == m_levels.size();
        while (begin < end && (top || begin % group != 0))
            extent.include(entries[begin++]);
        while (begin < end && end % group != 0)
            extent.include(entries[--end]);
    }
    return extent;
}

std::size_t CurvePyramid::bytes() const {
    std::size_t entries = 0;
    for (const auto& level : m_levels)
        entries += level.capacity();
    return entries * sizeof(CurveExtent);
}

}  // namespace saeception
