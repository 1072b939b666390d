// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/cycle_matches.h"

#include "base/error.h"
#include "features/match_features.h"
#include "model/checkpoint.h"

namespace saeception {
namespace {

bool isOf(const MatchedSide& side, const FeatureIndex& index) {
    return side.model == index.origin().model && side.sae == index.origin().sae &&
           side.data == index.origin().data &&
           side.fates.size() == static_cast<std::size_t>(index.featureCount());
}

// [features, d] of the autoencoder of the index's cycle.
at::Tensor decoderOf(const RunDirectory& run, const FeatureIndex& index) {
    const std::filesystem::path file = run.sae(index.cycle());
    const Checkpoint checkpoint = loadCheckpoint(file);
    for (const auto& [name, tensor] : checkpoint.state)
        if (name == "decoder.weight" && tensor.dim() == 2 && tensor.size(1) == index.featureCount())
            return tensor.t().to(at::kFloat).contiguous();
    fail("{}: it has no decoder.weight of {} features; train the autoencoder again", file.string(),
         index.featureCount());
}

}  // namespace

std::optional<FeatureMatches> keptMatches(const RunDirectory& run, const FeatureIndex& before,
                                          const FeatureIndex& after) {
    try {
        FeatureMatches matches = FeatureMatches::open(run.matches(after.cycle()));
        if (matches.cycle == after.cycle() && before.cycle() + 1 == after.cycle() &&
            isOf(matches.before, before) && isOf(matches.after, after))
            return matches;
    } catch (const UnusableIndex&) {
        // made again at need
    }
    return std::nullopt;
}

FeatureMatches makeMatches(const RunDirectory& run, const FeatureIndex& before, const FeatureIndex& after,
                           const StepControl& steps) {
    const at::Tensor decoderBefore = decoderOf(run, before);
    const at::Tensor decoderAfter = decoderOf(run, after);
    FeatureMatches matches = matchFeatures(before, decoderBefore, after, decoderAfter, steps);
    matches.save(run.matches(after.cycle()));
    return matches;
}

}  // namespace saeception
