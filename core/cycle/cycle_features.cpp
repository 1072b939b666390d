// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/cycle_features.h"

#include "base/error.h"
#include "cycle/stage_commands.h"
#include "model/weights_identity.h"

namespace saeception {
namespace fs = std::filesystem;
namespace {

void requireSame(const std::string& madeFrom, const fs::path& checkpoint, const RunDirectory& run,
                 int cycle) {
    std::error_code code;
    if (madeFrom.empty() || !fs::exists(checkpoint, code))
        return;
    std::string now;
    try {
        now = weightsIdentity(checkpoint);
    } catch (const UserError&) {
        return;  // a damaged checkpoint is told of by what reads it; the index still stands
    }
    if (now != madeFrom)
        throw UnusableIndex(
            fmt::format("the feature index of cycle {} was made from other weights than {} holds now; build "
                        "it anew with: {}",
                        cycle, checkpoint.filename().string(), buildIndexCommand(run, cycle)));
}

}  // namespace

std::string buildIndexCommand(const RunDirectory& run, int cycle) {
    return makingCommand({ArtefactKind::Features, cycle}, run);
}

FeatureIndex openCycleFeatures(const RunDirectory& run, int cycle) {
    const fs::path file = run.features(cycle);
    std::error_code code;
    if (!fs::exists(file, code) && (cycle < 0 || cycle > run.lastCycle()) && run.lastCycle() >= 0)
        throw UnusableIndex(
            fmt::format("{} has no cycle {}; its last is {}", run.root().string(), cycle, run.lastCycle()));
    if (!fs::exists(file, code))
        throw UnusableIndex(fmt::format("cycle {} of {} has no feature index yet; build it with: {}", cycle,
                                        run.root().string(), buildIndexCommand(run, cycle)));
    FeatureIndex index = FeatureIndex::open(file, buildIndexCommand(run, cycle));
    requireSame(index.origin().model, run.model(cycle), run, cycle);
    requireSame(index.origin().sae, run.sae(cycle), run, cycle);
    return index;
}

}  // namespace saeception
