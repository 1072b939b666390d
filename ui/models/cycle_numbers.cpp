// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cycle_numbers.h"

#include "cycle/metric_info.h"
#include "cycle/metric_row.h"
#include "cycle/result_warnings.h"
#include "ui/format.h"
#include "ui/models/metric_words.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

QString words(const char* text) {
    return QCoreApplication::translate("CycleNumbers", text);
}

// The numbers that stages tell at the end of an epoch. Where one is a metric as well it is written like it.
struct EpochNumber {
    const char* name;
    const char* title;
    const char* metric;
};

constexpr EpochNumber epochNumbers[] = {
    {"train_loss", "Training loss", ""},
    {"train_accuracy", "Training accuracy", "task_accuracy"},
    {"validation_loss", "Validation loss", ""},
    {"validation_accuracy", "Validation accuracy", "task_accuracy"},
    {"auxiliary_loss", "Auxiliary loss", ""},
    {"validation_mse", "Validation MSE", ""},
    {"explained_variance", "Explained variance", "sae_explained_variance"},
    {"l0", "L0, active features", "sae_l0"},
    {"dead_pct", "Dead features", "sae_dead_pct"},
};

CycleNumber ofEpoch(const std::string& name, double value) {
    for (const EpochNumber& known : epochNumbers)
        if (name == known.name)
            return {words(known.title),
                    *known.metric != '\0' ? QString::fromStdString(metricText(known.metric, value))
                                          : numberText(value),
                    {},
                    0,
                    {}};
    return {QString::fromStdString(metricTitle(name)), numberText(value), {}, 0, {}};
}

std::vector<CycleNumber> headlines(const CycleStory& story, int cycle) {
    std::vector<CycleNumber> numbers;
    const auto& results = story.results();
    const auto own = results.find(cycle);
    if (own == results.end())
        return numbers;
    const auto before = results.find(cycle - 1);
    for (const MetricInfo& info : metricInfos()) {
        const double value = metric(own->second, info.key);
        if (info.headline.empty() || std::isnan(value))
            continue;
        const double earlier = before == results.end() ? std::numeric_limits<double>::quiet_NaN()
                                                       : metric(before->second, info.key);
        const MetricRow row(info.key, {earlier, value});
        numbers.push_back({QString::fromStdString(info.headline), QString::fromStdString(row.text(1)),
                           QString::fromStdString(row.changeText(1)), row.verdict(1),
                           metricTooltip(info.key)});
    }
    return numbers;
}

}  // namespace

std::vector<CycleNumber> cycleNumbers(const CycleStory& story, const CycleNode& node) {
    const CycleNode stage = node.maker();
    if (stage.kind == Kind::Evaluate)
        return headlines(story, node.cycle);
    std::vector<CycleNumber> numbers;
    const StageRecord* const record = story.record(stage);
    if (record == nullptr || record->history.epoch <= 0)
        return numbers;
    numbers.push_back({words("Epoch"),
                       words("%1 of %2").arg(record->history.epoch).arg(record->history.epochs),
                       {},
                       0,
                       {}});
    for (const auto& [name, value] : record->history.metrics)
        numbers.push_back(ofEpoch(name, value));
    return numbers;
}

QStringList cycleWarnings(const CycleStory& story, const CycleNode& node) {
    QStringList warnings;
    const StageRecord* const record = story.record(node.maker());
    if (record != nullptr)
        for (const std::string& text : record->warnings)
            warnings << QString::fromStdString(text);
    const auto own = story.results().find(node.cycle);
    if (node.maker().kind != Kind::Evaluate || own == story.results().end())
        return warnings;
    // Beside the first cycle, as a whole run's warnings are.
    std::map<int, MetricTable> compared = {*own};
    compared.insert(*story.results().begin());
    for (const std::string& text : resultWarnings(compared))
        warnings << QString::fromStdString(text);
    return warnings;
}

}  // namespace saeception
