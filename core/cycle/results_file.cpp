// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/results_file.h"

#include "base/error.h"
#include "base/files.h"
#include "model/pt_file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace saeception {

void saveResults(const RunDirectory& directory, int cycle, const MetricTable& metrics) {
    nlohmann::ordered_json json;
    PtDict dict;
    json["cycle"] = cycle;
    dict.emplace_back("cycle", static_cast<std::int64_t>(cycle));
    for (const auto& [key, value] : metrics) {
        json[key] = std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
        dict.emplace_back(key, value);
    }
    savePt(directory.results(cycle), dict);
    // Last, because its presence says that the evaluation is complete.
    writeFile(directory.resultsJson(cycle), json.dump(2) + "\n");
}

MetricTable loadResults(const RunDirectory& directory, int cycle) {
    const std::filesystem::path file = directory.resultsJson(cycle);
    const auto json = nlohmann::ordered_json::parse(readFile(file), nullptr, false);
    if (!json.is_object())
        fail("{} is not a results file (malformed JSON); evaluate the cycle again", file.string());
    MetricTable metrics;
    for (const auto& [key, value] : json.items())
        if (key != "cycle" && (value.is_number() || value.is_null()))
            metrics.emplace_back(
                key, value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
    return metrics;
}

}  // namespace saeception
