// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/result_warnings.h"

#include "base/format_text.h"
#include "cycle/metric_info.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

namespace saeception {
namespace {

using Results = std::map<int, MetricTable>;

constexpr double accuracyLoss = 0.02;
constexpr double mostDeadPct = 50;
constexpr double leastExplainedVariance = 0.5;
constexpr double mostDensity = 0.1;
constexpr double leastL0 = 1;
constexpr double leastTaskRecovered = 0.8;
constexpr double leastAblationGap = 0.05;
constexpr double mostProbeGap = 0.05;

bool has(const MetricTable& table, std::string_view key) {
    return std::any_of(table.begin(), table.end(), [&](const auto& entry) { return entry.first == key; });
}

/// "63 % in cycle 0, 70 % in cycle 1": what `describe` says of the cycles that it finds fault with; empty if
/// none.
std::string found(const Results& results,
                  const std::function<std::optional<std::string>(const MetricTable&)>& describe) {
    std::string list;
    for (const auto& [cycle, table] : results)
        if (const std::optional<std::string> words = describe(table))
            list += fmt::format("{}{}{}in cycle {}", list.empty() ? "" : ", ", *words,
                                words->empty() ? "" : " ", cycle);
    return list;
}

/// found() for a metric whose value is wrong.
std::string found(const Results& results, std::string_view key, const std::function<bool(double)>& isWrong) {
    return found(results, [&](const MetricTable& table) -> std::optional<std::string> {
        const double value = metric(table, key);
        if (!std::isfinite(value) || !isWrong(value))
            return std::nullopt;
        return metricText(key, value);
    });
}

void addNotFinite(const Results& results, std::vector<std::string>& warnings) {
    constexpr std::array losses = {std::pair("task_loss", "model.learning_rate"),
                                   std::pair("sae_mse", "sae.learning_rate"),
                                   std::pair("sae_spliced_loss", "sae.learning_rate")};
    for (const auto& [key, remedy] : losses) {
        const std::string where = found(results, [&name = key](const MetricTable& table) {
            return has(table, name) && !std::isfinite(metric(table, name)) ? std::optional<std::string>("")
                                                                           : std::nullopt;
        });
        if (!where.empty())
            warnings.push_back(
                fmt::format("{} is not a finite number {}: training diverged, and what rests on it "
                            "means nothing. Try a lower {}.",
                            metricTitle(key), where, remedy));
    }
}

void addAccuracyLoss(const Results& results, std::vector<std::string>& warnings) {
    const std::string low = "task_accuracy" + std::string(intervalLow);
    const std::string high = "task_accuracy" + std::string(intervalHigh);
    const auto& [firstCycle, first] = *results.begin();
    const double before = metric(first, "task_accuracy");
    for (const auto& [cycle, table] : results) {
        const double now = metric(table, "task_accuracy");
        // Rounded, so that a loss of two points exactly is not told for the last bit of a division.
        if (!(std::round((before - now) * 1e9) > std::round(accuracyLoss * 1e9)))
            continue;
        std::string certainty;
        const double least = metric(first, low);
        const double most = metric(table, high);
        if (std::isfinite(least) && std::isfinite(most))
            certainty = most >= least ? "; their 95 % intervals overlap, so chance may have a part in it"
                                      : "; their 95 % intervals do not overlap";
        warnings.push_back(
            fmt::format("Accuracy in cycle {} is {:.1f} points below cycle {} ({:.3f} against "
                        "{:.3f}){}.",
                        cycle, 100 * (before - now), firstCycle, now, before, certainty));
    }
}

void addSae(const Results& results, std::vector<std::string>& warnings) {
    const auto add = [&](const std::string& where, const std::string& before, const std::string& after) {
        if (!where.empty())
            warnings.push_back(fmt::format("{} ({}){}", before, where, after));
    };
    add(found(results, "sae_explained_variance", [](double v) { return v < leastExplainedVariance; }),
        "The SAE explains less than half of the activations' variance",
        ": its features describe little of what the model computes. Train it longer, or raise sae.k or "
        "sae.expansion_factor.");
    add(found(results, "sae_dead_pct", [](double v) { return v > mostDeadPct; }),
        "More than half of the features never fire",
        ": averages over features count them as 0. Raise sae.aux_k or set sae.resample_interval, or lower "
        "sae.expansion_factor.");
    add(found(results, "sae_l0", [](double v) { return v < leastL0; }),
        "Less than one feature fires on a token", ": the sparsity penalty is too strong.");
    add(found(results,
              [](const MetricTable& table) -> std::optional<std::string> {
                  const double l0 = metric(table, "sae_l0");
                  const double density = metric(table, "sae_density_mean");
                  if (!(density > mostDensity) || !std::isfinite(l0))
                      return std::nullopt;
                  return fmt::format("{} of {}", metricText("sae_l0", l0),
                                     formatNumber(std::round(l0 / density)));
              }),
        "More than a tenth of the features fire on a token",
        ": the code is hardly sparse, so single features say little. Lower sae.k or raise the sparsity "
        "penalty.");
}

void addTaskRecovered(const Results& results, std::vector<std::string>& warnings) {
    const auto gap = [](const MetricTable& table) {
        return metric(table, "task_accuracy") - metric(table, "sae_zero_ablated_accuracy");
    };
    const std::string noGap = found(results, [&](const MetricTable& table) -> std::optional<std::string> {
        if (!(gap(table) < leastAblationGap))
            return std::nullopt;
        return fmt::format("{:.1f} points", 100 * gap(table));
    });
    if (!noGap.empty())
        warnings.push_back(
            fmt::format("Setting the target layer to zero costs hardly any accuracy ({}), so task "
                        "recovered says nothing there.",
                        noGap));
    const std::string low = found(results, [&](const MetricTable& table) -> std::optional<std::string> {
        const double recovered = metric(table, "sae_task_recovered_accuracy");
        if (!(recovered < leastTaskRecovered) || gap(table) < leastAblationGap)
            return std::nullopt;
        return metricText("sae_task_recovered_accuracy", recovered);
    });
    if (!low.empty())
        warnings.push_back(
            fmt::format("With the reconstruction in its place the model loses much of the task: task "
                        "recovered is below {} ({}).",
                        leastTaskRecovered, low));
}

void addProbes(const Results& results, std::vector<std::string>& warnings) {
    const std::string where = found(results, [](const MetricTable& table) -> std::optional<std::string> {
        const double base = metric(table, "probe_base_accuracy");
        const double sae = metric(table, "probe_sae_accuracy");
        if (!(base - sae > mostProbeGap))
            return std::nullopt;
        return fmt::format("{:.3f} against {:.3f}", sae, base);
    });
    if (!where.empty())
        warnings.push_back(
            fmt::format("A linear probe reads the class much worse from the features than from the "
                        "activations ({}): the SAE loses what the task needs.",
                        where));
}

}  // namespace

std::vector<std::string> resultWarnings(const std::map<int, MetricTable>& results) {
    std::vector<std::string> warnings;
    if (results.empty())
        return warnings;
    addNotFinite(results, warnings);
    addAccuracyLoss(results, warnings);
    addSae(results, warnings);
    addTaskRecovered(results, warnings);
    addProbes(results, warnings);
    return warnings;
}

}  // namespace saeception
