// SPDX-License-Identifier: GPL-3.0-or-later
// The validation split where the autoencoder reads it, held in memory, and what changing features does to it.
#pragma once

#include "cycle/live_model.h"
#include "data/batches.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace saeception {

class ValidationEdits {
public:
    using Progress = std::function<void(std::int64_t, std::int64_t)>;

    /// Reads the validation sentences that `index` holds through the model up to `block`. model and sae must
    /// outlive it. @throws Cancelled
    ValidationEdits(const Gpt2Classifier& model, const Autoencoder& sae, std::int64_t block,
                    const SaeConfig& config, const FeatureIndex& index, const StepControl& steps,
                    const Progress& progress);

    /// Of edits that hold for every token. @throws Cancelled
    SplitEffect effect(std::span<const FeatureEdit> edits, const StepControl& steps,
                       const Progress& progress) const;

private:
    /// Sentences in which an activation changes where the classifier can see it, the short ones first.
    std::vector<std::int32_t> touchedBy(const SparseCode& change) const;
    at::Tensor logitsOf(const at::Tensor& stream, std::span<const std::int32_t> sentences) const;

    const Gpt2Classifier& m_model;
    const Autoencoder& m_sae;
    const std::int64_t m_block;
    TokenizedSplit m_split;
    std::vector<std::int64_t> m_examples;  // of each sentence
    at::Tensor m_activations;              // [tokens, d]
    std::vector<std::int64_t> m_rows;      // which of them are SAE data
    SparseCode m_code;                     // of those
    at::Tensor m_logits;                   // [sentences, classes]
};

}  // namespace saeception
