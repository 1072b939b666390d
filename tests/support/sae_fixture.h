// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of autoencoders share: dense views of codes, activations with a known dictionary, small
// autoencoders of every kind.
#pragma once

#include "sae/autoencoder.h"

#include <cstdint>
#include <memory>
#include <string>

namespace saeception::test {

inline constexpr const char* saeKinds[] = {"topk", "topk_ste", "batch_topk", "jumprelu", "l1"};

inline at::Tensor dense(const SparseCode& code) {
    at::Tensor result = at::zeros({code.rows(), code.features});
    for (std::int64_t i = 0; i < code.rows(); ++i)
        for (std::size_t e = 0; e < code.row(i).size(); ++e)
            result.data_ptr<float>()[i * code.features + code.row(i).columns[e]] = code.row(i).values[e];
    return result;
}

/// Activations that a sparse dictionary made: rows are sums of a few of `directions`.
inline at::Tensor plantedRows(std::int64_t rows, const at::Tensor& directions, std::uint64_t seed) {
    at::manual_seed(seed);
    const at::Tensor use = (at::rand({rows, directions.size(0)}) < 0.06).to(at::kFloat) *
                           (1 + at::rand({rows, directions.size(0)}));
    return at::mm(use, directions) + 0.3;
}

/// A config for small autoencoders of `kind` on planted rows.
inline SaeConfig smallSaeConfig(const std::string& kind) {
    SaeConfig config;
    config.saeType = kind;
    config.expansionFactor = 4;
    config.k = 6;
    config.auxK = 16;
    config.l1Penalty = 1e-3;
    config.l0Penalty = 1e-3;
    config.bandwidth = 0.2;
    config.initialThreshold = 0.1;
    return config;
}

/// A parameter's gradient in the field's layout, as stateDict() has the parameter itself.
inline at::Tensor fieldLayout(const SaeParameter& parameter) {
    return parameter.name == "decoder.weight" ? parameter.gradient.t().contiguous() : parameter.gradient;
}

}  // namespace saeception::test
