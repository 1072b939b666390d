// SPDX-License-Identifier: GPL-3.0-or-later
// What a command of the command line, or a button of the window, is to do: where it works, on which
// configuration, and whether what it needs is there. Torch-free.
#pragma once

#include "base/error.h"
#include "config/compose.h"
#include "cycle/artefacts.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace saeception {

/// There is no run yet that the command could work in.
class NoRun : public UserError {
public:
    using UserError::UserError;
};

struct JobPlan {
    std::string command;  ///< of stageCommands()
    Composition
        composition;  ///< runDir: the existing run, or the fresh folder that was asked for ("" = dated)
    bool continues = false;  ///< works in the existing run composition.runDir
    /// The run's own record stays, so that what this command was told is no setting of later ones: it makes
    /// nothing that they build on. A record that lacks what a run needs to be gone on with is replaced all
    /// the same.
    bool keepsRecord = false;
    bool resumes = false;         ///< goes on with what the same command left unfinished there
    std::set<Artefact> finished;  ///< of what the command makes: made before, to be taken as it is
    CheckpointSources sources;
    std::string reason;  ///< why this run, where nobody named one: "the newest run with sae_cycle_0_best.pt"
    /// Model sizes and heads that nobody recorded: what the checkpoint says goes into the configuration.
    bool sizesFromCheckpoint = false;
    bool headsAssumed = false;
    /// One line each: what of the base configuration has no meaning here.
    std::vector<std::string> warnings;
};

/// Decides all of it without making anything. A command that needs earlier checkpoints works in the run that
/// hydra.run.dir names, or in the newest below output_dir that has them; with checkpoint_dir (a run, or a
/// folder with checkpoints) it may also start a fresh run from those. The base of its configuration is the
/// record of the run that it works in, or takes checkpoints from. cycle.current is not taken over from there,
/// and cycle.max_cycles grows to the cycle that is worked on.
/// @throws UserError in one line: what is missing, where, and which command makes it; NoRun where that is
/// the run itself.
JobPlan planJob(const std::string& command, ComposeRequest request);

/// What the plan's command makes and is not finished yet, in the order in which it is made.
std::vector<Artefact> artefactsToMake(const JobPlan& plan);

/// The folder of the tokenizer that was kept with the checkpoints: it is theirs, unless an override names
/// another.
std::optional<std::filesystem::path> keptTokenizer(const JobPlan& plan);

/// Whether the files that the plan will read beside checkpoints are there (data set, tokenizer, initial
/// weights); nothing is read. @throws UserError naming the first that is missing and the key.
void checkInputs(const JobPlan& plan);

}  // namespace saeception
