// SPDX-License-Identifier: GPL-3.0-or-later
// The run that a command reads: the folder and the cycle that its words name.
#pragma once

#include "command.h"
#include "config/compose.h"
#include "cycle/run_directory.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// Whether one of `overrides` sets `key`.
bool overridesName(const std::vector<std::string>& overrides, std::string_view key);

struct ExistingRun {
    RunDirectory run;
    Composition composition;   ///< the run's own configuration with the overrides laid over it
    std::optional<int> cycle;  ///< cycle.current, where the words name it
    bool chosen = false;       ///< nobody named the run; it is the newest that serves
};

/// `words`: overrides. Where they do not name the run with hydra.run.dir, the newest below output_dir for
/// which `serves` holds; null: the run must be named. @throws UsageError with `usage`, UserError
ExistingRun existingRun(const CommandLine& line, const std::vector<std::string>& words,
                        const std::string& usage, bool (*serves)(const RunDirectory&) = nullptr);

}  // namespace saeception
