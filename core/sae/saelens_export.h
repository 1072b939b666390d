// SPDX-License-Identifier: GPL-3.0-or-later
// Writes an autoencoder as SAELens loads it (github.com/decoderesearch/SAELens): cfg.json and
// sae_weights.safetensors.
#pragma once

#include "sae/autoencoder.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

/// Where the activations come from that the autoencoder reads.
struct SaeLensOrigin {
    std::string modelName;    ///< as TransformerLens calls it: "gpt2"
    std::int64_t layer = 0;   ///< the block whose output it reads: hook blocks.LAYER.hook_resid_post
    std::string datasetName;  ///< what it was trained on
    int contextSize = 0;      ///< tokens
};

/// Weights in SAELens's names and layout: W_enc [d_in, d_sae], W_dec [d_sae, d_in], b_enc [d_sae], b_dec
/// [d_in], for thresholded kinds threshold [d_sae]. l1 is its "standard", topk and topk_ste its "topk",
/// batch_topk (with its one threshold repeated) and jumprelu its "jumprelu"; the TopK kinds subtract b_dec
/// from the input. `sae.stateDict()` is written as it is: a scale of the activations is in the weights
/// already.
NamedTensors saeLensWeights(const Autoencoder& sae);

/// Both files in `folder`, which exists; `k`: active features a row, for the topk kinds. cfg.json, written
/// last, holds SAELens 6's keys and, for earlier ones, those of 5. Returns their paths.
/// @throws UserError naming the path.
std::vector<std::filesystem::path> exportSaeLens(const Autoencoder& sae, std::int64_t k,
                                                 const SaeLensOrigin& origin,
                                                 const std::filesystem::path& folder);

}  // namespace saeception
