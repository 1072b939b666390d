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
                                                 std::span<const std::int32_t> predictions) {
    if (labels.size() != predictions.size())
        throw std::invalid_argument("labels and predictions differ in number");
    std::map<std::int32_t, ClassCounts> counts;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        ++counts[labels[i]].labelled;
        ++counts[predictions[i]].predicted;
        if (labels[i] == predictions[i])
            ++counts[labels[i]].truePositives;
    }
    return counts;
}

}  // namespace

double accuracy(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions) {
    std::int64_t correct = 0;
    for (const auto& [label, counts] : countClasses(labels, predictions))
        correct += counts.truePositives;
    return labels.empty() ? nan : static_cast<double>(correct) / static_cast<double>(labels.size());
}

double f1Macro(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions) {
    const auto classes = countClasses(labels, predictions);
    double sum = 0;
    for (const auto& [label, counts] : classes)
        sum += counts.f1();
    return classes.empty() ? nan : sum / static_cast<double>(classes.size());
}

double f1Weighted(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions) {
    double sum = 0;
    for (const auto& [label, counts] : countClasses(labels, predictions))
        sum += counts.f1() * static_cast<double>(counts.labelled);
    return labels.empty() ? nan : sum / static_cast<double>(labels.size());
}

double meanCrossEntropy(const at::Tensor& logits, std::span<const std::int32_t> labels) {
    if (logits.dim() != 2 || logits.size(0) != static_cast<std::int64_t>(labels.size()))
        throw std::invalid_argument("logits must be [rows, classes], one row a label");
    if (labels.empty())
        return nan;
    const at::Tensor logProbabilities = logits.detach().to(at::kCPU, at::kDouble).log_softmax(1).contiguous();
    const std::int64_t classes = logProbabilities.size(1);
    const double* const values = logProbabilities.data_ptr<double>();
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0 || labels[i] >= classes)
            throw std::invalid_argument("a label is not one of the logits' classes");
        sum -= values[static_cast<std::int64_t>(i) * classes + labels[i]];
    }
    return sum / static_cast<double>(labels.size());
}

ClassificationScores classificationScores(const at::Tensor& logits, std::span<const std::int32_t> labels) {
    ClassificationScores scores;
    scores.crossEntropy = meanCrossEntropy(logits, labels);
    const at::Tensor rows = logits.detach().to(at::kCPU, at::kFloat).contiguous();
    const std::int64_t classes = rows.size(1);
    std::vector<std::int32_t> predictions(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const float* const row = rows.data_ptr<float>() + static_cast<std::int64_t>(i) * classes;
        predictions[i] = static_cast<std::int32_t>(std::max_element(row, row + classes) - row);
    }
    scores.accuracy = accuracy(labels, predictions);
    scores.f1Macro = f1Macro(labels, predictions);
    scores.f1Weighted = f1Weighted(labels, predictions);
    return scores;
}

}  // namespace saeception
