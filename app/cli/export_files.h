// SPDX-License-Identifier: GPL-3.0-or-later
// One cycle of a run written in the layouts that other programs load. Torch-free.
#pragma once

#include "config/config.h"
#include "cycle/run_directory.h"

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace saeception {

struct ExportFormat {
    std::string_view name;
    std::string_view summary;  ///< one line for --help
    /// Which of the cycle's checkpoints it is made of: whether one is enough where it names both.
    bool takesModel = false;
    bool takesSae = false;
    /// Writes into `folder`, which exists, and returns the files. @throws UserError
    std::vector<std::filesystem::path> (*write)(const RunDirectory& run, int cycle,
                                                const ExperimentConfig& config,
                                                const std::filesystem::path& folder);
};

std::span<const ExportFormat> exportFormats();

}  // namespace saeception
