// SPDX-License-Identifier: GPL-3.0-or-later
// Hydra-style composition: a primary config's defaults list, group choices and overrides become one
// experiment.
#pragma once

#include "config/config.h"

#include <nlohmann/json.hpp>

#include <ctime>
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
    std::optional<nlohmann::ordered_json> base = std::nullopt;
    std::string jobName = "train_cycle";  ///< ${hydra:job.name}, unless hydra.job.name is set
    /// Place of the job in a sweep, from 0; its folder is then hydra.sweep.dir/hydra.sweep.subdir.
    std::optional<int> jobNumber = std::nullopt;
    std::optional<std::time_t> time = std::nullopt;  ///< what ${now:...} tells; none: the present
    /// To look at, not to run: interpolations and missing values (???) stay, and combinations are not
    /// checked.
    bool asWritten = false;
};

struct Composition {
    ExperimentConfig config;
    nlohmann::ordered_json tree;  ///< the composed config, interpolations resolved, without hydra
    std::map<std::string, std::string> choices;  ///< group -> chosen option
    std::vector<std::string> overrides;          ///< task overrides as typed (no hydra.* ones)
    std::string runDir;  ///< hydra.run.dir when given, or the job's folder in a sweep, else empty
    std::vector<std::string> ignoredKeys;  ///< keys of the base that have no meaning here
    std::string sweepDir;                  ///< hydra.sweep.dir; only of a job in a sweep
    bool hasSweepDir = false;              ///< hydra.sweep.dir was given, not the default by date and time
    /// What .hydra/hydra.yaml holds below "hydra": the settings as written, job, overrides, choices, output
    /// folder.
    nlohmann::ordered_json hydra;

    std::string outputDir() const { return config.outputDir; }

    /// For resolveFor: every key as written, and the time that ${now:...} tells.
    nlohmann::ordered_json written;
    std::time_t time = 0;
};

/// @throws UserError: one line naming the override, file, key, group or choice, what is available, and the
/// nearest match.
Composition compose(const ComposeRequest& request);

/// Fills in what depends on the run's folder, ${hydra:runtime.output_dir}: to be called once that folder is
/// made.
/// @throws UserError
void resolveFor(Composition& composition, const std::string& outputDir);

/// The composed config as written, before interpolations are resolved; keys in the schema's order.
nlohmann::ordered_json writtenTree(const Composition& composition);

/// Option names of `group` ("model", "experiment", ...), sorted. Empty if the group does not exist.
std::vector<std::string> groupOptions(const std::string& group,
                                      const std::vector<std::filesystem::path>& configDirs = {});

/// Names of all groups, sorted.
std::vector<std::string> groupNames(const std::vector<std::filesystem::path>& configDirs = {});

/// What `option` of `group` is for: the sentences of the comment that opens its file, up to its first
/// example. Empty where there is none.
std::string optionDoc(const std::string& group, const std::string& option,
                      const std::vector<std::filesystem::path>& configDirs = {});

/// Block-style YAML of a tree, keys in order; readable back by parseYaml.
std::string toYaml(const nlohmann::ordered_json& tree);

/// Parses YAML text into a tree (typed scalars as YAML 1.2 core). @throws UserError naming `origin` and the
/// line.
nlohmann::ordered_json parseYaml(const std::string& text, const std::string& origin);

}  // namespace saeception
