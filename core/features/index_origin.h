// SPDX-License-Identifier: GPL-3.0-or-later
// What a feature index was made from. Torch-free.
#pragma once

#include <string>
#include <vector>

namespace saeception {

/// What the whole index is of.
struct IndexOrigin {
    int cycle = 0;
    std::vector<std::string> classNames;
    std::vector<std::string> conceptNames;  ///< of a data set whose concepts are known
    std::string model;                      ///< weightsIdentity() of the checkpoints; empty: not told
    std::string sae;
    /// Fingerprint of its sentences: examples, labels, tokens and which of these are SAE data.
    std::string data;
    std::string autoencoder;  ///< its kind and what sets its sparsity: "topk, k=32"
    int block = 0;            ///< the transformer block whose output it reads, from 0, of `blocks`
    int blocks = 0;
    /// Whether the token embedding was ever trained as an unembedding: not in a model from random weights.
    bool unembeddingTrained = false;
    /// How this cycle's model was made from the cycle before it: sharpening.type, and the
    /// sharpening.top_k_pct of the features there. Empty in cycle 0, which no sharpening made.
    std::string sharpening;
    double topKPct = 0;
};

}  // namespace saeception
