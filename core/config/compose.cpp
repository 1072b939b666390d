// SPDX-License-Identifier: GPL-3.0-or-later
// Composition from end to end: layers, interpolations, typed and checked config.
#include "config/compose.h"

#include "base/error.h"
#include "config/base_config.h"
#include "config/compose_layers.h"
#include "config/config_source.h"
#include "config/hydra_settings.h"
#include "config/interpolation.h"
#include "config/schema.h"
#include "config/tree.h"

#include <algorithm>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// A setting of Hydra's as a text, resolved.
std::string setting(const Composition& composition, const std::string& key) {
    const Json* node = findNode(composition.written, key);
    const std::string text = valueText(resolveValue(*node, key, composition.written, composition.time));
    if (text.empty())
        fail("{} must not be empty", key);
    return text;
}

bool isDefaultSetting(const Composition& composition, const std::string& key) {
    const Json defaults = {{"hydra", defaultHydraTree("")}};
    return *findNode(composition.written, key) == *findNode(defaults, key);
}

// The folders that are named before any exists.
void nameFolders(Composition& composition, const ComposeRequest& request) {
    if (request.jobNumber) {
        composition.sweepDir = setting(composition, "hydra.sweep.dir");
        composition.hasSweepDir = !isDefaultSetting(composition, "hydra.sweep.dir");
        composition.runDir =
            (std::filesystem::path(composition.sweepDir) / setting(composition, "hydra.sweep.subdir"))
                .string();
    } else if (!isDefaultSetting(composition, "hydra.run.dir")) {
        composition.runDir = setting(composition, "hydra.run.dir");
    }
}

void refuseSweep(const Json& hydra) {
    std::string params;
    for (const std::string& text : sweeperOverrides(hydra))
        params += (params.empty() ? "" : " ") + text;
    fail(
        "hydra.mode=MULTIRUN asks for a sweep{}{}; run it with the saeception command, or give one value "
        "each and "
        "hydra.mode=RUN",
        params.empty() ? "" : " over ", params);
}

// Every key with its value, as far as the folders in composition.hydra are known.
Json resolvedTree(const Composition& composition) {
    Json root = composition.written;
    root["hydra"] = composition.hydra;
    Json tree = Json::object();
    for (const auto& [name, value] : composition.written.items())
        if (name != "hydra")
            tree[name] = resolveValue(value, name, root, composition.time);
    return tree;
}

// The keys whose values are known as they stand, with defaults in place of the others.
void bindAsWritten(Composition& composition) {
    Json tree = composition.written;
    tree.erase("hydra");
    for (const KeySpec& spec : schema())
        if (const Json* node = findNode(tree, spec.key); node != nullptr && isUnresolved(*node))
            mergeAt(tree, spec.key, spec.defaultValue);
    Json known = Json::object();
    for (const auto& [name, value] : tree.items())
        if (!isUnresolved(value))
            known[name] = value;
    composition.config = bindConfig(known, Combinations::Unchecked);
    composition.tree = unbindConfig(composition.config);
}

}  // namespace

Composition compose(const ComposeRequest& request) {
    ConfigSource source(request.configDirs);
    ComposedLayers layers = composeLayers(request, source);
    Composition result;
    result.choices = std::move(layers.choices);
    result.overrides = std::move(layers.overrides);
    result.ignoredKeys = std::move(layers.ignoredKeys);
    result.written = std::move(layers.tree);
    result.time = request.time.value_or(std::time(nullptr));
    result.hydra = result.written["hydra"];
    if (request.asWritten) {
        try {
            nameFolders(result, request);
        } catch (const UserError&) {
            // A folder that cannot be named yet is not needed to look at the rest.
        }
        bindAsWritten(result);
        return result;
    }
    if (!request.jobNumber && result.hydra.at("mode") == "MULTIRUN")
        refuseSweep(result.hydra);
    nameFolders(result, request);
    // Until the folder is made, the one that would be taken stands in for it.
    mergeAt(result.hydra, "runtime.output_dir",
            result.runDir.empty() ? setting(result, "hydra.run.dir") : result.runDir);
    const bool sizesKnown = !request.base || knowsModelSizes(*request.base);
    result.config =
        bindConfig(resolvedTree(result), sizesKnown ? Combinations::Checked : Combinations::SizesInFile);
    // Every key in the schema's order, so that the record of a run is complete however the run was asked for.
    result.tree = unbindConfig(result.config);
    return result;
}

void resolveFor(Composition& composition, const std::string& outputDir) {
    const Json before = resolvedTree(composition);
    mergeAt(composition.hydra, "runtime.output_dir", outputDir);
    const Json after = resolvedTree(composition);
    for (const KeySpec& spec : schema()) {
        const Json* value = findNode(after, spec.key);
        const Json* old = findNode(before, spec.key);
        if (value == nullptr || (old != nullptr && *old == *value))
            continue;
        if (const std::string problem = checkValue(spec, *value); !problem.empty())
            throw UserError(problem);
        spec.set(composition.config, *value);
        mergeAt(composition.tree, spec.key, spec.get(composition.config));
    }
}

Json writtenTree(const Composition& composition) {
    Json tree = composition.tree;
    for (const std::string& key : schemaKeys())
        if (const Json* node = findNode(composition.written, key); node != nullptr && isUnresolved(*node))
            mergeAt(tree, key, *node);
    return tree;
}

std::vector<std::string> groupOptions(const std::string& group,
                                      const std::vector<std::filesystem::path>& configDirs) {
    return ConfigSource(configDirs).options(group);
}

std::string optionDoc(const std::string& group, const std::string& option,
                      const std::vector<std::filesystem::path>& configDirs) {
    return ConfigSource(configDirs).doc(group + "/" + option);
}

std::vector<std::string> groupNames(const std::vector<std::filesystem::path>& configDirs) {
    return ConfigSource(configDirs).groups();
}

}  // namespace saeception
