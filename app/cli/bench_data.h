// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences and codes of SST-2's size and shape, so that benchmarks need no data set.
#pragma once

#include "base/torch_headers.h"
#include "data/batches.h"
#include "sae/sparse_code.h"

#include <array>
#include <cstdint>
#include <vector>

namespace saeception {

inline constexpr std::int64_t sst2TrainSentences = 67349;
inline constexpr std::int64_t sst2ValidationSentences = 872;
inline constexpr int benchClasses = 2;
inline constexpr int benchVocabulary = 50257;

/// Random tokens in sentences whose lengths are spread as SST-2's, with random labels.
TokenizedSplit sentencesLikeSst2(std::int64_t count, std::uint64_t seed);

/// A random label for each row.
std::vector<std::int32_t> drawLabels(std::int64_t rows, std::uint64_t seed);

/// Codes like a trained SAE's: k features a row, some on most rows and most of them seldom, a tenth of them
/// more often with one class.
class CodeSource {
public:
    CodeSource(std::int64_t features, int k);
    /// A row for each label.
    SparseCode draw(const std::vector<std::int32_t>& labels, std::uint64_t seed) const;

private:
    std::int64_t m_features;
    int m_k;
    std::array<std::vector<double>, benchClasses> m_cumulative;
};

/// Writes activations that the codes reconstruct but for noise into `rows` [code.rows(), d]. directions:
/// [features, d]
void decodeInto(const at::Tensor& rows, const SparseCode& code, const at::Tensor& directions);

}  // namespace saeception
