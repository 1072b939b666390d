// SPDX-License-Identifier: GPL-3.0-or-later
// The table of commands. A new one is a line here and a file of its own.
#include "command.h"
#include "help_text.h"

namespace saeception {

std::span<const Command> commands() {
    static const std::vector<Command> table = {
        {"train_cycle", "[overrides]", "Train, sharpen and retrain in cycles, and evaluate each cycle",
         runTrainCycle, printConfigHelp},
        {"tokenize",
         "--tokenizer DIR [FILE]",
         "Turn JSON lines of texts into JSON lines of token ids",
         runTokenize,
         printTokenizeHelp,
         {{"--tokenizer", "DIR"}}},
        {"bench", "train|sae|evaluate", "Measure the speed and memory of the engine", runBench, printBenchHelp},
    };
    return table;
}

}  // namespace saeception
