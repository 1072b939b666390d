// SPDX-License-Identifier: GPL-3.0-or-later
// The table of commands. A new one is a line here and a file of its own.
#include "command.h"
#include "cycle/stage_commands.h"
#include "help_text.h"

namespace saeception {
namespace {

std::string stageSummary(std::string_view name) {
    return std::string(stageCommand(name).summary);
}

}  // namespace

std::span<const Command> commands() {
    static const std::vector<Command> table = {
        {"train_cycle",
         "[overrides]",
         stageSummary("train_cycle"),
         runTrainCycle,
         printConfigHelp,
         {{"--resume", "DIR",
           "go on with the unfinished run in DIR, from the start of the stage that was cut; of overrides "
           "only "
           "cycle.max_cycles (to raise it) and threads"}}},
        {"train_baseline", "[overrides]", stageSummary("train_baseline"), runTrainBaseline, printConfigHelp},
        {"train_sae", "[overrides]", stageSummary("train_sae"), runTrainSae, printConfigHelp},
        {"evaluate", "[overrides]", stageSummary("evaluate"), runEvaluate, printConfigHelp},
        {"train_auxiliary", "[overrides]", stageSummary("train_auxiliary"), runTrainAuxiliary,
         printConfigHelp},
        {"features",
         "list|show|export|build [FEATURE...] hydra.run.dir=RUN",
         "List, show and export the features of a cycle, or index them anew",
         runFeatures,
         printFeaturesHelp,
         {{"--format", "json"},
          {"--output", "FILE"},
          {"--query", "TEXT"},
          {"--sort", "KEY"},
          {"--limit", "N"},
          {"--sentences", "N"}}},
        {"tokenize",
         "--tokenizer DIR [FILE]",
         "Turn JSON lines of texts into JSON lines of token ids",
         runTokenize,
         printTokenizeHelp,
         {{"--tokenizer", "DIR"}}},
        {"export",
         "hydra.run.dir=RUN [cycle.current=N] --format FORMAT --output DIR",
         "Write a cycle's model or autoencoder as other programs load it",
         runExport,
         printExportHelp,
         {{"--format", "safetensors"}, {"--output", "DIR"}}},
        {"bench", "train|sae|evaluate", "Measure the speed and memory of the engine", runBench,
         printBenchHelp},
    };
    return table;
}

}  // namespace saeception
