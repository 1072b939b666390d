// SPDX-License-Identifier: GPL-3.0-or-later
// Learns byte-pair merges from texts.
#pragma once

#include "base/step_control.h"
#include "data/bpe_model.h"

#include <span>
#include <string>

namespace saeception {

/// Up to `vocabSize` tokens: 256 bytes, then one per merge, then <|endoftext|>. Each step merges the most
/// frequent neighbouring pair within the pre-tokens, of equally frequent ones that of the smallest ids; pairs
/// seen only once are left alone, so the vocabulary may come out smaller (Sennrich et al. 2016). The result
/// does not depend on the order of `texts`.
/// @throws UserError if vocabSize < 257 or a text is not valid UTF-8, Cancelled on stop.
BpeModel trainBpe(std::span<const std::string> texts, int vocabSize, const StepControl& steps);

}  // namespace saeception
