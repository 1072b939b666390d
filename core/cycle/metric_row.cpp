// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/metric_row.h"

#include "cycle/metric_info.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

struct Written {
    int decimals = 0;
    std::string suffix;
};

// Takes apart how one value is written: "12.4", "3.7 %", "1.2 k", "1.2e-05".
Written takenApart(const std::string& text) {
    const std::size_t end = std::min(text.find_first_not_of("-.0123456789"), text.size());
    const std::size_t point = text.find('.');
    return {point < end ? static_cast<int>(end - point - 1) : 0, text.substr(end)};
}

double scaleOf(const std::string& suffix) {
    if (suffix.starts_with('e'))
        return std::pow(10.0, std::stoi(suffix.substr(1)));
    const std::size_t prefix =
        suffix.size() == 2 ? std::string_view("kMGT").find(suffix[1]) : std::string::npos;
    return prefix == std::string::npos ? 1 : std::pow(1000.0, static_cast<double>(prefix + 1));
}

}  // namespace

MetricRow::MetricRow(std::string key, std::vector<double> values, std::size_t reference)
    : m_key(std::move(key)), m_values(std::move(values)), m_reference(reference) {
    double largest = 0;
    for (const double value : m_values)
        if (std::isfinite(value) && std::abs(value) > std::abs(largest))
            largest = value;
    const Written top = takenApart(metricText(m_key, largest));
    m_scale = scaleOf(top.suffix);
    m_decimals = top.decimals;
    m_suffix = top.suffix;
    // A smaller value may ask for one digit more (9.51 beside 10.4), not for digits that drown the larger.
    // Whole numbers are written without digits that they would have otherwise, hence the next number.
    const double next = std::nextafter(largest, std::numeric_limits<double>::infinity());
    const int most = takenApart(metricText(m_key, next)).decimals + 1;
    for (const double value : m_values) {
        if (!std::isfinite(value) || value == 0)
            continue;
        const Written own = takenApart(metricText(m_key, value));
        m_decimals = std::max(m_decimals, own.suffix == top.suffix ? std::min(own.decimals, most) : most);
    }
}

std::string MetricRow::written(double scaled) const {
    std::string text = fmt::format("{:.{}f}", scaled, m_decimals);
    // A negative value that rounds to nothing is nothing.
    return text.find_first_not_of("-.0") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
}

std::string MetricRow::text(std::size_t i) const {
    return std::isfinite(m_values[i]) ? written(m_values[i] / m_scale) + m_suffix
                                      : metricText(m_key, m_values[i]);
}

std::string MetricRow::intervalText(double low, double high) const {
    if (!std::isfinite(low) || !std::isfinite(high))
        return {};
    return fmt::format("[{}, {}]", written(low / m_scale), written(high / m_scale));
}

double MetricRow::shownChange(std::size_t i) const {
    if (i == m_reference || !std::isfinite(m_values[i]) || !std::isfinite(m_values[m_reference]))
        return std::numeric_limits<double>::quiet_NaN();
    const std::string shown = written(m_values[i] / m_scale);
    const std::string base = written(m_values[m_reference] / m_scale);
    return shown == base ? 0 : std::stod(shown) - std::stod(base);
}

double MetricRow::change(std::size_t i) const {
    return shownChange(i) * m_scale;
}

std::string MetricRow::changeText(std::size_t i) const {
    const double shown = shownChange(i);
    if (!std::isfinite(shown))
        return {};
    if (shown == 0)
        return "=";
    return (shown > 0 ? "▲ " : "▼ ") + written(std::abs(shown)) + m_suffix;
}

int MetricRow::verdict(std::size_t i) const {
    const MetricInfo* const info = findMetric(m_key);
    const double gain = info == nullptr ? 0 : shownChange(i) * info->better;
    return gain > 0 ? 1 : gain < 0 ? -1 : 0;
}

}  // namespace saeception
