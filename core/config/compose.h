// SPDX-License-Identifier: GPL-3.0-or-later
// Hydra-style composition: a primary config's defaults list, group choices and overrides become one
// experiment.
#pragma once

#include "config/config.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

struct ComposeRequest {
    /// Folders searched for configs, first match wins; empty = the program's own configs/.
    std::vector<std::filesystem::path> configDirs;
    std::string configName = "config";
    std::vector<std::string> overrides;  ///< as typed: "model=gpt2_tiny", "sae.k=25", "hydra.run.dir=DIR"
    /// The content of an existing run's .hydra/config.yaml: the defaults list is then not followed; only the
    /// groups that `overrides` name, and their values, are laid over it.
    std::optional<nlohmann::ordered_json> base;
};

struct Composition {
    ExperimentConfig config;
    nlohmann::ordered_json tree;  ///< the composed config, interpolations resolved, without hydra
    std::map<std::string, std::string> choices;  ///< group -> chosen option
    std::vector<std::string> overrides;          ///< task overrides as typed (no hydra.* ones)
    std::string runDir;                          ///< hydra.run.dir when given, else empty
    std::vector<std::string> ignoredKeys;        ///< keys of the base that have no meaning here
    std::string outputDir() const { return config.outputDir; }
};

/// @throws UserError: one line naming the override, file, key, group or choice, what is available, and the
/// nearest match.
Composition compose(const ComposeRequest& request);

/// Option names of `group` ("model", "experiment", ...), sorted. Empty if the group does not exist.
std::vector<std::string> groupOptions(const std::string& group,
                                      const std::vector<std::filesystem::path>& configDirs = {});

/// Names of all groups, sorted.
std::vector<std::string> groupNames(const std::vector<std::filesystem::path>& configDirs = {});

/// Block-style YAML of a tree, keys in order; readable back by parseYaml.
std::string toYaml(const nlohmann::ordered_json& tree);

/// Parses YAML text into a tree (typed scalars as YAML 1.2 core). @throws UserError naming `origin` and the
/// line.
nlohmann::ordered_json parseYaml(const std::string& text, const std::string& origin);

}  // namespace saeception
