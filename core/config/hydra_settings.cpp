// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/hydra_settings.h"

#include "base/error.h"
#include "config/interpolation.h"
#include "config/override_value.h"
#include "config/schema.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> settings = {"run.dir",  "sweep.dir", "sweep.subdir",
                                                      "job.name", "mode",      "sweeper.params"};

void checkParams(const Json& params, const std::string& origin) {
    if (!params.is_object() && !params.is_null())
        fail("{}: hydra.sweeper.params must hold a line 'key: values' for each key", origin);
}

void checkLeaf(const std::string& path, const Json& value, const std::string& origin) {
    if (path == "mode") {
        if (value != "RUN" && value != "MULTIRUN" && !value.is_null())
            fail("{}: hydra.mode={}: must be RUN or MULTIRUN", origin, valueText(value));
        return;
    }
    const bool isText = value.is_string() || value.is_number();
    if (!isText)
        fail("{}: hydra.{} must be a {}", origin, path, path == "job.name" ? "name" : "folder");
    if (valueText(value).empty())
        fail("{}: hydra.{} must not be empty", origin, path);
}

void flatten(const Json& node, const std::string& prefix, std::vector<std::string>& overrides) {
    for (const auto& [name, value] : node.items()) {
        const std::string key = prefix.empty() ? name : prefix + "." + name;
        if (value.is_object())
            flatten(value, key, overrides);
        else if (value.is_string())
            overrides.push_back(key + "=" + value.get<std::string>());
        else
            overrides.push_back(key + "=" + overrideValueText(value));
    }
}

}  // namespace

std::string hydraSettingNames() {
    std::string list;
    for (const std::string_view name : settings)
        list += (list.empty() ? "hydra." : ", hydra.") + std::string(name);
    return list;
}

Json defaultHydraTree(const std::string& jobName) {
    Json hydra;
    hydra["run"]["dir"] = "${output_dir}/${now:%Y-%m-%d}/${now:%H-%M-%S}";
    hydra["sweep"]["dir"] = "multirun/${now:%Y-%m-%d}/${now:%H-%M-%S}";
    hydra["sweep"]["subdir"] = "${hydra.job.num}";
    hydra["mode"] = nullptr;
    hydra["sweeper"]["params"] = Json::object();
    hydra["job"]["name"] = jobName;
    return hydra;
}

bool isHydraKey(const std::string& key) {
    return key == "hydra" || key.starts_with("hydra.") || key.starts_with("hydra/");
}

void checkHydraSetting(const std::string& path, const Json& value, const std::string& origin) {
    if (path == "sweeper.params")
        return checkParams(value, origin);
    if (path.starts_with("sweeper.params."))
        return;
    if (std::find(settings.begin(), settings.end(), path) != settings.end())
        return checkLeaf(path, value, origin);
    const std::string below = path.empty() ? path : path + ".";
    const bool isGroup = std::any_of(settings.begin(), settings.end(),
                                     [&](std::string_view name) { return name.starts_with(below); });
    if (!isGroup || !value.is_object())
        fail("{}: of Hydra's own settings these are understood: {}", origin, hydraSettingNames());
    for (const auto& [name, item] : value.items())
        checkHydraSetting(below + name, item, origin);
}

std::vector<std::string> sweeperOverrides(const Json& hydra) {
    std::vector<std::string> overrides;
    if (const Json& params = hydra.at("sweeper").at("params"); params.is_object())
        flatten(params, "", overrides);
    return overrides;
}

}  // namespace saeception
