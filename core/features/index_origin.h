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
    /// Whether the token embedding was ever trained as an unembedding: not in a model from random weights.
    bool unembeddingTrained = false;
    std::string sharpening;   ///< the strategy by which the cycle after this one is made
    int salientPerClass = 0;  ///< features that it keeps of each class
};

}  // namespace saeception
