// SPDX-License-Identifier: GPL-3.0-or-later
// The features stage: one pass over the store encodes every sentence and builds the cycle's feature index.
#pragma once

#include "cycle/activation_store.h"
#include "cycle/prepare_stage.h"
#include "cycle/stage_context.h"
#include "features/feature_index_builder.h"
#include "model/gpt2.h"
#include "sae/autoencoder.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace saeception {

/// The codes of tokens whose concepts are known, [rows] each.
struct ConceptRows {
    SparseCode code;
    std::vector<std::uint64_t> concepts;
};

/// Sentences are encoded in blocks of a few thousand tokens: the end of the one that begins with sentence
/// `first`. (The last bit of an activation may depend on the block.)
std::int64_t endOfBlock(const TokenizedSplit& split, std::int64_t first);

/// Adds the sentences of one split to `builder`, block by block; `advance` is told how many sentences each
/// block held. The codes of tokens with known concepts are appended to `concepts`, unless that
/// is null.
void addToIndex(const Autoencoder& sae, const ActivationStore& store, SplitKind kind, const SaeConfig& config,
                FeatureIndexBuilder& builder, const std::function<void(std::int64_t)>& advance,
                ConceptRows* concepts = nullptr);

/// The checkpoints that model and autoencoder were read from, or written to.
struct IndexedCheckpoints {
    std::filesystem::path model;
    std::filesystem::path sae;
};

/// Leaves features/cycle_N/index.safetensors.
void indexFeatures(const Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                   const PreparedData& data, int cycle, const IndexedCheckpoints& checkpoints,
                   const StageContext& context);

}  // namespace saeception
