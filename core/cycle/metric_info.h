// SPDX-License-Identifier: GPL-3.0-or-later
// What every metric of an evaluation is called, what it means and which direction is better. Torch-free.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// How a value is written.
enum class MetricFormat {
    Fraction,  ///< three decimals: 0.813
    Number,    ///< fitting precision: 12.4, 1.2 k
    Count,     ///< whole
    Percent,   ///< 0..100: 3.7 %
};

struct MetricInfo {
    std::string key;     ///< as in results_cycle_N.json
    std::string title;   ///< "Explained variance"
    std::string family;  ///< "Task", "Linear probe", ...
    std::string unit;    ///< "nats", "features"; empty where none
    int better = 0;      ///< +1: higher is better, -1: lower is better, 0: neither
    MetricFormat format = MetricFormat::Fraction;
    std::string doc;            ///< one sentence
    bool detail = false;        ///< left out of summaries
    std::string headline = {};  ///< its name in the table that ends a run; empty for all others
};

/// A metric KEY that was bootstrapped has its 95 % interval beside it, as KEY_ci_low and KEY_ci_high.
inline constexpr std::string_view intervalLow = "_ci_low";
inline constexpr std::string_view intervalHigh = "_ci_high";
bool isIntervalKey(std::string_view key);

/// All metrics, family by family, in the order in which they are shown.
std::span<const MetricInfo> metricInfos();

/// The metric called `key`, or nullptr. The ends of intervals are found as well, as details; the scores of
/// single concepts (sae_concept_NAME_f1, ..._auroc) are not in the table.
const MetricInfo* findMetric(std::string_view key);

/// `value` as the metric called `key` is written (0.813, 3.7 %, 1.2 k); "–" for NaN.
std::string metricText(std::string_view key, double value);

/// Title of `key` ("Concept acting, F1" for sae_concept_acting_f1), or for an unknown metric the key itself
/// with spaces.
std::string metricTitle(std::string_view key);

}  // namespace saeception
