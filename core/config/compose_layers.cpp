// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/compose_layers.h"

#include "base/error.h"
#include "config/base_config.h"
#include "config/hydra_settings.h"
#include "config/override_plan.h"
#include "config/schema.h"
#include "config/tree.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// With a base only the groups that the command line names are laid over it, and those that their files
// choose.
void keepRequested(DefaultsResult& defaults, const std::vector<GroupRequest>& requests) {
    std::set<std::string> kept;
    for (const GroupRequest& request : requests)
        kept.insert(request.entry());
    for (std::size_t before = 0; before != kept.size();) {
        before = kept.size();
        for (const DefaultsLayer& layer : defaults.layers)
            if (kept.contains(layer.entry))
                for (const auto& [entry, origin] : defaults.chosenBy)
                    if (origin == layer.file->origin)
                        kept.insert(entry);
    }
    std::erase_if(defaults.layers, [&](const DefaultsLayer& layer) { return !kept.contains(layer.entry); });
    std::erase_if(defaults.choices, [&](const auto& choice) { return !kept.contains(choice.first); });
}

void addLayer(Json& tree, const DefaultsLayer& layer) {
    const Json& content = layer.file->content;
    if (layer.package.empty() && content.contains("hydra"))
        checkHydraSetting("", content["hydra"], layer.file->origin);
    else if (isHydraKey(layer.package))
        checkHydraSetting(layer.package.substr(std::min<std::size_t>(layer.package.size(), 6)), content,
                          layer.file->origin);
    if (!mergeAt(tree, layer.package, content))
        fail("{}: its place '{}' in the configuration holds a value, not a group", layer.file->origin,
             layer.package);
}

// As Hydra's hydra.job.override_dirname: a name for a folder that tells the runs of a sweep apart.
std::string overrideDirname(std::vector<std::string> overrides) {
    std::sort(overrides.begin(), overrides.end());
    std::string name;
    for (const std::string& text : overrides)
        name += (name.empty() ? "" : ",") + text;
    return name;
}

void addFacts(Json& hydra, const ComposeRequest& request, const OverridePlan& plan,
              const ComposedLayers& layers) {
    hydra["job"]["override_dirname"] = overrideDirname(plan.task);
    if (request.jobNumber)
        hydra["job"]["num"] = *request.jobNumber;
    hydra["overrides"]["task"] = plan.task;
    hydra["overrides"]["hydra"] = plan.hydra;
    hydra["runtime"]["version"] = SAECEPTION_VERSION;
    std::error_code code;
    hydra["runtime"]["cwd"] = std::filesystem::current_path(code).string();
    hydra["runtime"]["choices"] = layers.choices;
}

}  // namespace

ComposedLayers composeLayers(const ComposeRequest& request, ConfigSource& source) {
    if (request.base && request.configName != ComposeRequest().configName)
        fail(
            "--config-name={}: the run's own .hydra/config.yaml is the configuration here; leave "
            "--config-name "
            "out and give what is to differ, such as sae=topk or sae.k=25",
            request.configName);
    const OverridePlan plan = planOverrides(request.overrides, source);
    DefaultsResult defaults = expandDefaults(source, request.configName, plan.groups);
    ComposedLayers result;
    // The schema's defaults lie below every file, so that each key exists and can be overridden by name.
    result.tree = unbindConfig(ExperimentConfig{});
    if (request.base) {
        keepRequested(defaults, plan.groups);
        result.ignoredKeys = layBase(result.tree, *request.base);
    }
    result.choices = std::move(defaults.choices);
    result.overrides = plan.task;
    result.tree["hydra"] = defaultHydraTree(request.jobName);
    for (const DefaultsLayer& layer : defaults.layers)
        addLayer(result.tree, layer);
    for (const Override& override : plan.values)
        applyOverride(result.tree, override, source);
    addFacts(result.tree["hydra"], request, plan, result);
    return result;
}

}  // namespace saeception
