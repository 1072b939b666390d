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

/// One column of results: how a sentence places it ("in cycle 1", "for k=25"), its name and its metrics.
struct Column {
    std::string where;
    std::string name;
    const MetricTable* table = nullptr;
};
using Results = std::vector<Column>;

constexpr double accuracyLoss = 0.02;
constexpr double mostDeadPct = 50;
constexpr double leastExplainedVariance = 0.5;
constexpr double mostDensity = 0.1;
constexpr double leastL0 = 1;
constexpr double leastTaskRecovered = 0.8;
constexpr double mostProbeGap = 0.05;

bool has(const MetricTable& table, std::string_view key) {
    return std::any_of(table.begin(), table.end(), [&](const auto& entry) { return entry.first == key; });
}

/// "63 % in cycle 0, 70 % in cycle 1": what `describe` says of the cycles that it finds fault with; empty if
/// none.
std::string found(const Results& results,
                  const std::function<std::optional<std::string>(const MetricTable&)>& describe) {
    std::string list;
    for (const Column& column : results)
        if (const std::optional<std::string> words = describe(*column.table))
            list += fmt::format("{}{}{}{}", list.empty() ? "" : ", ", *words, words->empty() ? "" : " ",
                                column.where);
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

void addAccuracyLoss(const Results& results, std::size_t reference, std::vector<std::string>& warnings) {
    const std::string low = "task_accuracy" + std::string(intervalLow);
    const std::string high = "task_accuracy" + std::string(intervalHigh);
    const Column& first = results[reference];
    const double before = metric(*first.table, "task_accuracy");
    for (const Column& column : results) {
        const double now = metric(*column.table, "task_accuracy");
        // Rounded, so that a loss of two points exactly is not told for the last bit of a division.
        if (!(std::round((before - now) * 1e9) > std::round(accuracyLoss * 1e9)))
            continue;
        std::string certainty;
        const double least = metric(*first.table, low);
        const double most = metric(*column.table, high);
        if (std::isfinite(least) && std::isfinite(most))
            certainty = most >= least ? "; their 95 % intervals overlap, so chance may have a part in it"
                                      : "; their 95 % intervals do not overlap";
        warnings.push_back(fmt::format("Accuracy {} is {:.1f} points below {} ({:.3f} against {:.3f}){}.",
                                       column.where, 100 * (before - now), first.name, now, before,
                                       certainty));
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
        ": the code is hardly sparse, so single features say little. Lower sae.k, or raise sae.l1_penalty or "
        "sae.l0_penalty, whichever this kind of autoencoder has.");
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
                        "recovered would say nothing there and is left out.",
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

std::vector<std::string> warningsOf(const Results& results, std::size_t reference) {
    std::vector<std::string> warnings;
    if (results.empty())
        return warnings;
    addNotFinite(results, warnings);
    addAccuracyLoss(results, reference, warnings);
    addSae(results, warnings);
    addTaskRecovered(results, warnings);
    addProbes(results, warnings);
    return warnings;
}

}  // namespace

std::vector<std::string> resultWarnings(const std::map<int, MetricTable>& results) {
    Results columns;
    for (const auto& [cycle, table] : results)
        columns.push_back({fmt::format("in cycle {}", cycle), fmt::format("cycle {}", cycle), &table});
    return warningsOf(columns, 0);
}

std::vector<std::string> resultWarnings(const std::vector<std::pair<std::string, MetricTable>>& runs,
                                        std::size_t reference) {
    Results columns;
    for (const auto& [name, table] : runs)
        columns.push_back({"for " + name, name, &table});
    return warningsOf(columns, reference);
}

}  // namespace saeception
