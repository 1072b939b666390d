// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that train and evaluate: what each needs, what it makes, and which command comes before or
// after. One table for the command line and the window. Torch-free.
#pragma once

#include "config/config.h"
#include "cycle/artefacts.h"
#include "cycle/events.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

struct StageCommand {
    std::string_view name;
    std::string_view summary;  ///< one line for lists and --help
    /// With config.cycle.current as the cycle it works on. A command that needs nothing starts a fresh run.
    std::vector<Artefact> (*needs)(const ExperimentConfig&);
    std::vector<Artefact> (*makes)(const ExperimentConfig&);
};

/// In the order in which a cycle runs them, the whole loop last.
std::span<const StageCommand> stageCommands();
/// @throws UserError for an unknown name.
const StageCommand& stageCommand(std::string_view name);

/// Whether later stages are made from anything that `command` makes.
bool othersBuildOn(const StageCommand& command);

/// What `artefact` is made from by a single step, with what config.start_from asks for.
std::vector<Artefact> inputsOf(const Artefact& artefact, const ExperimentConfig& config);
/// The stage that leaves `artefact`.
Stage stageOf(const Artefact& artefact);

/// One line: what `command` with `config` lacks and which command line makes it. Empty when it can run.
std::string missingText(const StageCommand& command, const ExperimentConfig& config,
                        const CheckpointSources& sources);

/// The command line that makes `artefact` in `run`, ready to be pasted into a shell. A first model is made in
/// a new run, with what .hydra/overrides.yaml of `run` says about model and data.
std::string makingCommand(const Artefact& artefact, const RunDirectory& run);

/// The command line a user would give after `command`; empty after the whole loop.
std::string nextCommand(const StageCommand& command, const ExperimentConfig& config, const RunDirectory& run);

/// What lies in `run`, is not made by `command` itself, and was made from what it replaces.
std::vector<Artefact> staleAfter(const StageCommand& command, const ExperimentConfig& config,
                                 const RunDirectory& run);

/// `text` as one word of a POSIX shell.
std::string shellWord(const std::string& text);

}  // namespace saeception
