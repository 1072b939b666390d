// SPDX-License-Identifier: GPL-3.0-or-later
// Composition from end to end: defaults list, merged files, overrides, interpolations, typed and checked
// config.
#include "config/compose.h"

#include "base/error.h"
#include "config/base_config.h"
#include "config/config_source.h"
#include "config/defaults_list.h"
#include "config/interpolation.h"
#include "config/nearest.h"
#include "config/overrides.h"
#include "config/schema.h"
#include "config/tree.h"

#include <set>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

GroupRequest groupRequest(const Override& override) {
    GroupRequest request;
    request.group = override.key;
    request.text = override.text;
    request.add = override.kind == OverrideKind::Add;
    request.remove = override.kind == OverrideKind::Delete;
    if (override.kind == OverrideKind::ForceAdd)
        fail("override '{}': ++ works on keys only; for the group write {}=OPTION", override.text,
             override.key);
    if (!override.hasValue || override.value.is_null())
        return request;
    if (override.value.is_structured())
        fail("override '{}': '{}' is a group; its value must be the name of an option", override.text,
             override.key);
    if (const std::string option = valueText(override.value); !option.empty())
        request.option = option;
    else
        fail("override '{}': an option is missing; write {}=OPTION, or {}=null for none", override.text,
             override.key, override.key);
    return request;
}

// A mistyped word may have meant a key or a group.
std::string suggestion(const std::string& word, const std::vector<std::string>& groups) {
    std::vector<std::string> candidates = groups;
    candidates.insert(candidates.end(), schemaKeys().begin(), schemaKeys().end());
    return didYouMean(word, candidates);
}

void applyOverride(Json& tree, const Override& override, const std::vector<std::string>& groups) {
    const Json* present = findNode(tree, override.key);
    const std::string plain = override.text.substr(override.text.find_first_not_of("+~"));
    switch (override.kind) {
        case OverrideKind::Change:
            if (present == nullptr)
                fail("Could not override '{}'.{} To append to your config use +{}", override.key,
                     suggestion(override.key, groups), plain);
            break;
        case OverrideKind::Add:
            if (present != nullptr && !(present->is_object() && override.value.is_object()))
                fail(
                    "Could not append to config. An item is already at '{}'. Either remove the + ({}) or add "
                    "a second one "
                    "(++{})",
                    override.key, plain, plain);
            break;
        case OverrideKind::ForceAdd:
            break;
        case OverrideKind::Delete:
            if (present == nullptr)
                fail("Could not delete from config. '{}' does not exist.{}", override.key,
                     suggestion(override.key, groups));
            if (override.hasValue && *present != override.value)
                fail("Could not delete from config. The value of '{}' is {} and not {}", override.key,
                     valueText(*present), valueText(override.value));
            eraseNode(tree, override.key);
            return;
    }
    if (!mergeAt(tree, override.key, override.value))
        fail("Could not append to config. '{}' lies below a key that holds a value, not a group",
             override.key);
}

// With a base only the groups that the command line names are laid over it, and those that their files
// choose.
void keepRequested(DefaultsResult& defaults, const std::vector<GroupRequest>& requests) {
    std::set<std::string> kept;
    for (const GroupRequest& request : requests)
        kept.insert(request.group);
    for (std::size_t before = 0; before != kept.size();) {
        before = kept.size();
        for (const DefaultsLayer& layer : defaults.layers)
            if (kept.contains(layer.group))
                for (const auto& [group, origin] : defaults.chosenBy)
                    if (origin == layer.file->origin)
                        kept.insert(group);
    }
    std::erase_if(defaults.layers, [&](const DefaultsLayer& layer) { return !kept.contains(layer.group); });
    std::erase_if(defaults.choices, [&](const auto& choice) { return !kept.contains(choice.first); });
}

}  // namespace

Composition compose(const ComposeRequest& request) {
    ConfigSource source(request.configDirs);
    Composition result;
    std::vector<GroupRequest> groups;
    std::vector<Override> values;
    std::string runDir;
    for (const std::string& text : request.overrides) {
        Override override = parseOverride(text);
        if (override.key == "hydra.run.dir" && override.kind != OverrideKind::Delete) {
            runDir = valueText(override.value);
            if (!override.value.is_string() && !override.value.is_number())
                fail("override '{}': hydra.run.dir must be a folder", text);
            if (runDir.empty())
                fail("override '{}': hydra.run.dir must not be empty", text);
            continue;
        }
        if (override.key.starts_with("hydra.") || override.key.starts_with("hydra/") ||
            override.key == "hydra")
            fail("override '{}': of Hydra's own settings only hydra.run.dir=DIR is understood", text);
        result.overrides.push_back(text);
        if (override.key.find('.') == std::string::npos && source.isGroup(override.key))
            groups.push_back(groupRequest(override));
        else if (override.key.find('/') != std::string::npos)
            fail("override '{}': there is no configuration group '{}'.{}", text, override.key,
                 suggestion(override.key, source.groups()));
        else
            values.push_back(std::move(override));
    }

    DefaultsResult defaults = expandDefaults(source, request.configName, groups);
    // The schema's defaults lie below every file, so that each key exists and can be overridden by name.
    Json tree = unbindConfig(ExperimentConfig{});
    if (request.base) {
        keepRequested(defaults, groups);
        result.ignoredKeys = layBase(tree, *request.base);
    }
    result.choices = std::move(defaults.choices);
    for (const DefaultsLayer& layer : defaults.layers)
        if (!mergeAt(tree, layer.package, layer.file->content))
            fail("{}: its place '{}' in the configuration holds a value, not a group", layer.file->origin,
                 layer.package);
    for (const Override& override : values)
        applyOverride(tree, override, source.groups());

    const Json resolved = resolveInterpolations(tree);
    const bool sizesKnown = !request.base || knowsModelSizes(*request.base);
    result.config = bindConfig(resolved, sizesKnown ? ModelSizes::Known : ModelSizes::FromFile);
    // Every key in the schema's order, so that the record of a run is complete however the run was asked for.
    result.tree = unbindConfig(result.config);
    if (!runDir.empty())
        result.runDir = resolveText(runDir, resolved);
    return result;
}

std::vector<std::string> groupOptions(const std::string& group,
                                      const std::vector<std::filesystem::path>& configDirs) {
    return ConfigSource(configDirs).options(group);
}

std::vector<std::string> groupNames(const std::vector<std::filesystem::path>& configDirs) {
    return ConfigSource(configDirs).groups();
}

}  // namespace saeception
