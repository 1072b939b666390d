// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/override_plan.h"

#include "base/error.h"
#include "config/hydra_settings.h"
#include "config/nearest.h"
#include "config/schema.h"
#include "config/tree.h"

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

GroupRequest groupRequest(const Override& override) {
    GroupRequest request;
    request.group = override.key;
    request.package = override.package;
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
std::string suggestion(const std::string& word, const ConfigSource& source) {
    if (findKey(word) != nullptr)
        return {};  // an append-only key: right as it is, but for its +
    std::vector<std::string> candidates = source.groups();
    candidates.insert(candidates.end(), schemaKeys().begin(), schemaKeys().end());
    return didYouMean(word, candidates);
}

void checkHydraOverride(const Override& override) {
    const std::string origin = fmt::format("override '{}'", override.text);
    // A group of Hydra's (hydra/launcher) is never one of the settings.
    const std::string path = override.key.starts_with("hydra.") ? override.key.substr(6)
                             : override.key == "hydra"          ? std::string()
                                                                : override.key;
    if (override.kind != OverrideKind::Delete)
        checkHydraSetting(path, override.value, origin);
    else if (!path.starts_with("sweeper.params."))
        fail("{}: Hydra's own settings cannot be deleted; give another value", origin);
}

}  // namespace

OverridePlan planOverrides(const std::vector<std::string>& overrides, const ConfigSource& source) {
    OverridePlan plan;
    for (const std::string& text : overrides) {
        Override override = parseOverride(text);
        requireOneValue(override);
        if (isHydraKey(override.key)) {
            checkHydraOverride(override);
            plan.hydra.push_back(text);
            plan.values.push_back(std::move(override));
            continue;
        }
        plan.task.push_back(text);
        if (override.key.find('.') == std::string::npos && source.isGroup(override.key))
            plan.groups.push_back(groupRequest(override));
        else if (override.package || override.key.find('/') != std::string::npos)
            fail("override '{}': there is no configuration group '{}'.{}", text, override.key,
                 suggestion(override.key, source));
        else
            plan.values.push_back(std::move(override));
    }
    return plan;
}

void applyOverride(Json& tree, const Override& override, const ConfigSource& source) {
    const Json* present = findNode(tree, override.key);
    const std::string plain = override.text.substr(override.text.find_first_not_of("+~"));
    switch (override.kind) {
        case OverrideKind::Change:
            if (present == nullptr && !isHydraKey(override.key))
                fail("Could not override '{}'.{} To append to your config use +{}", override.key,
                     suggestion(override.key, source), plain);
            break;
        case OverrideKind::Add:
            if (present != nullptr && !(present->is_object() && override.value.is_object()))
                fail(
                    "Could not append to config. An item is already at '{}'. Either remove the + ({}) or add "
                    "a second one (++{})",
                    override.key, plain, plain);
            break;
        case OverrideKind::ForceAdd:
            break;
        case OverrideKind::Delete:
            if (present == nullptr)
                fail("Could not delete from config. '{}' does not exist.{}", override.key,
                     suggestion(override.key, source));
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

}  // namespace saeception
