// SPDX-License-Identifier: GPL-3.0-or-later
// Matches the features of two cycles by what they write and where they fire.
#pragma once

#include "base/step_control.h"
#include "base/torch_headers.h"
#include "features/feature_matches.h"

namespace saeception {

/// decoder [features, d] of each index's autoencoder, in one residual stream. Candidates are the nearest
/// decoders and the most alike activations of either side; pairs get the score of Counterpart, and the
/// assignment with the largest sum of scores decides which of them stand for one another. Features that are
/// not kept may be parts of a split or a merger (insideShare, partShare); what is left has drifted or is
/// gone. Activations are compared on the sentences that both samples hold. @throws Cancelled
FeatureMatches matchFeatures(const FeatureIndex& before, const at::Tensor& decoderBefore,
                             const FeatureIndex& after, const at::Tensor& decoderAfter,
                             const StepControl& steps = {});

}  // namespace saeception
