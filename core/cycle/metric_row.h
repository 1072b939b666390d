// SPDX-License-Identifier: GPL-3.0-or-later
// One metric over several cycles or runs as a person reads it: one precision for all its values, and changes
// that agree with what is shown.
#pragma once

#include <string>
#include <vector>

namespace saeception {

class MetricRow {
public:
    /// `values`: one a cycle (or a run), NaN where it lacks the metric; value `reference` is the one to
    /// compare with.
    MetricRow(std::string key, std::vector<double> values, std::size_t reference = 0);

    /// The value in the row's precision and unit prefix: "0.817", "8.4 %", "1.2 k"; "–" where it is missing.
    std::string text(std::size_t i) const;
    /// An interval around value i in the row's precision and unit prefix: "[0.79, 0.84]"; empty unless both
    /// ends are finite.
    std::string intervalText(double low, double high) const;
    /// What value i reads as less what the reference reads as; 0 where they read the same, NaN where either
    /// is missing or i is the reference.
    double change(std::size_t i) const;
    /// "▲ 0.002", "▼ 0.1 %", "="; empty where change() is NaN.
    std::string changeText(std::size_t i) const;
    /// 1 better than the reference, -1 worse, 0 neither, by the shown change and the metric's direction.
    int verdict(std::size_t i) const;

private:
    std::string written(double scaled) const;
    double shownChange(std::size_t i) const;

    std::string m_key;
    std::vector<double> m_values;
    std::size_t m_reference;
    double m_scale = 1;  ///< values are written as value / scale ...
    int m_decimals = 0;
    std::string m_suffix;  ///< ... followed by " %", " k" or "e-05"
};

}  // namespace saeception
