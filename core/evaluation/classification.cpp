// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/classification.h"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct ClassCounts {
    std::int64_t truePositives = 0;
    std::int64_t labelled = 0;
    std::int64_t predicted = 0;
    double f1() const {
        const std::int64_t denominator = labelled + predicted;
        return denominator == 0 ? 0
                                : 2.0 * static_cast<double>(truePositives) / static_cast<double>(denominator);
    }
};

std::map<std::int32_t, ClassCounts> countClasses(std::span<const std::int32_t> labels,
                                                 std::span<const std::int32_t> predictions,
                                                 Multiplicities times) {
    if (labels.size() != predictions.size())
        throw std::invalid_argument("labels and predictions differ in number");
    requireMultiplicities(times, labels.size());
    std::map<std::int32_t, ClassCounts> counts;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::int32_t count = timesOf(times, i);
        if (count == 0)
            continue;
        counts[labels[i]].labelled += count;
        counts[predictions[i]].predicted += count;
        if (labels[i] == predictions[i])
            counts[labels[i]].truePositives += count;
    }
    return counts;
}

double accuracyOf(const std::map<std::int32_t, ClassCounts>& classes) {
    std::int64_t correct = 0;
    std::int64_t rows = 0;
    for (const auto& [label, counts] : classes) {
        correct += counts.truePositives;
        rows += counts.labelled;
    }
    return rows == 0 ? nan : static_cast<double>(correct) / static_cast<double>(rows);
}

double f1MacroOf(const std::map<std::int32_t, ClassCounts>& classes) {
    double sum = 0;
    for (const auto& [label, counts] : classes)
        sum += counts.f1();
    return classes.empty() ? nan : sum / static_cast<double>(classes.size());
}

double f1WeightedOf(const std::map<std::int32_t, ClassCounts>& classes) {
    double sum = 0;
    std::int64_t rows = 0;
    for (const auto& [label, counts] : classes) {
        sum += counts.f1() * static_cast<double>(counts.labelled);
        rows += counts.labelled;
    }
    return rows == 0 ? nan : sum / static_cast<double>(rows);
}

}  // namespace

double accuracy(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions,
                Multiplicities times) {
    return accuracyOf(countClasses(labels, predictions, times));
}

double f1Macro(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions,
               Multiplicities times) {
    return f1MacroOf(countClasses(labels, predictions, times));
}

double f1Weighted(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions,
                  Multiplicities times) {
    return f1WeightedOf(countClasses(labels, predictions, times));
}

ClassificationScores ClassifiedRows::scores(Multiplicities times) const {
    const auto classes = countClasses(labels, predictions, times);
    return {accuracyOf(classes), meanOf(losses, times), f1MacroOf(classes), f1WeightedOf(classes)};
}

ClassifiedRows classifyRows(const at::Tensor& logits, std::span<const std::int32_t> labels) {
    if (logits.dim() != 2 || logits.size(0) != static_cast<std::int64_t>(labels.size()))
        throw std::invalid_argument("logits must be [rows, classes], one row a label");
    ClassifiedRows result;
    result.labels.assign(labels.begin(), labels.end());
    const at::Tensor values = logits.detach().to(at::kCPU, at::kFloat).contiguous();
    const at::Tensor logProbabilities = values.to(at::kDouble).log_softmax(1).contiguous();
    const std::int64_t classes = values.size(1);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0 || labels[i] >= classes)
            throw std::invalid_argument("a label is not one of the logits' classes");
        const std::int64_t first = static_cast<std::int64_t>(i) * classes;
        const float* const row = values.data_ptr<float>() + first;
        result.predictions.push_back(static_cast<std::int32_t>(std::max_element(row, row + classes) - row));
        result.losses.push_back(-logProbabilities.data_ptr<double>()[first + labels[i]]);
    }
    return result;
}

double meanCrossEntropy(const at::Tensor& logits, std::span<const std::int32_t> labels) {
    return meanOf(classifyRows(logits, labels).losses, {});
}

ClassificationScores classificationScores(const at::Tensor& logits, std::span<const std::int32_t> labels) {
    return classifyRows(logits, labels).scores();
}

}  // namespace saeception
