// SPDX-License-Identifier: GPL-3.0-or-later
// .hydra/ of an existing run read back: its configuration, and which program and command wrote it last.
// Torch-free.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// The configuration in .hydra/config.yaml of the run in `root`. @throws UserError
nlohmann::ordered_json readRunRecord(const std::filesystem::path& root);

/// What .hydra/hydra.yaml and .hydra/overrides.yaml tell of the command that worked in the run last.
struct RecordedCommand {
    nlohmann::ordered_json hydra;        ///< all below "hydra"
    std::string name;                    ///< "train_cycle"; empty where it is not told
    std::vector<std::string> overrides;  ///< as typed
    std::string newerVersion;            ///< of the program that wrote it, where that is newer than this one
};

/// @throws UserError where hydra.yaml cannot be read.
RecordedCommand readRecordedCommand(const std::filesystem::path& root);

/// The version of the program that wrote `settings` (the content of a hydra.yaml), where that is a newer one
/// of this program; else empty.
std::string newerVersionOf(const nlohmann::ordered_json& settings);

/// The folder that checkpoint_dir names; the run itself where its checkpoints/ is named; empty for "".
/// @throws UserError when there is no such folder
std::filesystem::path checkpointFolder(const std::string& name);

}  // namespace saeception
