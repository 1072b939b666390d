// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/metric_info.h"

#include "base/format_text.h"
#include "cycle/metric_list.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace saeception {
namespace {

constexpr std::string_view conceptPrefix = "sae_concept_";

bool isConceptScore(std::string_view key) {
    return key.starts_with(conceptPrefix) && (key.ends_with("_f1") || key.ends_with("_auroc"));
}

std::string_view withoutInterval(std::string_view key) {
    for (const std::string_view end : {intervalLow, intervalHigh})
        if (key.ends_with(end))
            return key.substr(0, key.size() - end.size());
    return key;
}

MetricInfo endOfInterval(MetricInfo info, std::string_view suffix) {
    const char* const which = suffix == intervalLow ? "lower" : "upper";
    info.doc = fmt::format("The {} end of the 95 % bootstrap interval over validation sentences.", which);
    info.title += fmt::format(", {} end", which);
    info.key += suffix;
    info.headline.clear();
    info.detail = true;
    return info;
}

/// The ends of all metrics' intervals, by key; "" stands for those of single concepts' scores.
std::map<std::string, MetricInfo, std::less<>> allIntervals() {
    std::map<std::string, MetricInfo, std::less<>> ends;
    for (const MetricInfo& info : metricInfos()) {
        for (const std::string_view suffix : {intervalLow, intervalHigh}) {
            MetricInfo end = endOfInterval(info, suffix);
            std::string key = end.key;
            ends.emplace(std::move(key), std::move(end));
        }
    }
    MetricInfo concepts;
    concepts.title = "Score of a concept";
    concepts.family = "Concepts";
    ends.emplace("", endOfInterval(std::move(concepts), intervalLow));
    return ends;
}

}  // namespace

std::span<const MetricInfo> metricInfos() {
    static const std::vector<MetricInfo> rows = listMetrics();
    return rows;
}

const MetricInfo* findMetric(std::string_view key) {
    if (isIntervalKey(key)) {
        static const auto ends = allIntervals();
        const auto found = ends.find(isConceptScore(withoutInterval(key)) ? std::string_view() : key);
        return found == ends.end() ? nullptr : &found->second;
    }
    static const auto places = [] {
        std::map<std::string_view, const MetricInfo*> byKey;
        for (const MetricInfo& info : metricInfos())
            byKey.emplace(info.key, &info);
        return byKey;
    }();
    const auto found = places.find(key);
    return found == places.end() ? nullptr : found->second;
}

bool isIntervalKey(std::string_view key) {
    return withoutInterval(key).size() < key.size();
}

std::string metricText(std::string_view key, double value) {
    key = withoutInterval(key);
    const MetricInfo* info = findMetric(key);
    if (!std::isfinite(value) || (info == nullptr && !isConceptScore(key)))
        return formatNumber(value);
    if (info == nullptr)
        return fmt::format("{:.3f}", value);
    switch (info->format) {
        case MetricFormat::Fraction:
            return fmt::format("{:.3f}", value);
        case MetricFormat::Count:
            return fmt::format("{:.0f}", value);
        case MetricFormat::Percent:
            return formatPercent(value);
        case MetricFormat::Number:
            break;
    }
    return formatNumber(value);
}

std::string metricTitle(std::string_view key) {
    if (const MetricInfo* info = findMetric(key))
        return info->title;
    std::string title(key);
    const std::size_t score = title.rfind('_');
    if (isConceptScore(key))
        title = "Concept " + title.substr(conceptPrefix.size(), score - conceptPrefix.size()) +
                (key.ends_with("_f1") ? ", F1" : ", AUROC");
    std::replace(title.begin(), title.end(), '_', ' ');
    return title;
}

}  // namespace saeception
