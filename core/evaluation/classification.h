// SPDX-License-Identifier: GPL-3.0-or-later
// How well a classifier does: accuracy, F1 and cross-entropy of predictions against labels.
#pragma once

#include "base/torch_headers.h"
#include "evaluation/multiplicities.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// Share of equal entries, 0..1; NaN for no rows. Both spans have one class id a row, which counts `times`.
double accuracy(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions,
                Multiplicities times = {});

/// F1 = 2 TP / (2 TP + FP + FN) of each class, averaged. The classes are those that occur in either span; a
/// class whose denominator is 0 counts as 0 (scikit-learn's f1_score with zero_division=0). NaN for no rows.
/// Macro: the plain mean over classes. Weighted: weighted by the number of rows of each class in `labels`.
double f1Macro(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions,
               Multiplicities times = {});
double f1Weighted(std::span<const std::int32_t> labels, std::span<const std::int32_t> predictions,
                  Multiplicities times = {});

/// All scores of one set of logits.
struct ClassificationScores {
    double accuracy = 0;
    double crossEntropy = 0;  ///< nats a row
    double f1Macro = 0;
    double f1Weighted = 0;
};

/// What every score of a set of logits can be recounted from, one entry a row.
struct ClassifiedRows {
    std::vector<std::int32_t> labels;
    std::vector<std::int32_t> predictions;  ///< the largest logit, the first of equal ones
    std::vector<double> losses;             ///< log(sum_c exp(logit_c)) - logit_label, nats

    ClassificationScores scores(Multiplicities times = {}) const;
};

/// logits: [rows, classes]; labels: [rows], 0 <= label < classes. The losses are computed in double.
ClassifiedRows classifyRows(const at::Tensor& logits, std::span<const std::int32_t> labels);

/// Mean over rows of log(sum_c exp(logit_c)) - logit_label, in nats, summed in double. logits: [rows,
/// classes].
double meanCrossEntropy(const at::Tensor& logits, std::span<const std::int32_t> labels);

/// classifyRows(logits, labels).scores().
ClassificationScores classificationScores(const at::Tensor& logits, std::span<const std::int32_t> labels);

}  // namespace saeception
