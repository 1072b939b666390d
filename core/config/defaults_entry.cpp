// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/defaults_entry.h"

#include "base/error.h"

#include <algorithm>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

bool takePrefix(std::string& text, const std::string& word) {
    if (!text.starts_with(word + " "))
        return false;
    text.erase(0, text.find_first_not_of(' ', word.size()));
    return true;
}

std::optional<std::string> takePackage(std::string& text) {
    const std::size_t at = text.find('@');
    if (at == std::string::npos)
        return std::nullopt;
    std::string package = text.substr(at + 1);
    text.erase(at);
    return package.empty() ? "_global_" : package;
}

// From the configuration folder: "/model" is so already, "model" lies below the file's own group.
std::string absoluteGroup(std::string group, const std::string& ownGroup) {
    if (group.starts_with('/'))
        group.erase(0, 1);
    else if (!ownGroup.empty())
        group = group.empty() ? ownGroup : ownGroup + "/" + group;
    return group;
}

DefaultsEntry fileEntry(std::string path, const std::string& ownGroup, const std::string& origin) {
    DefaultsEntry entry;
    entry.isSelf = path == "_self_";
    if (entry.isSelf)
        return entry;
    entry.isFile = true;
    entry.isOptional = takePrefix(path, "optional");
    if (takePrefix(path, "override"))
        fail("{}: '- override {}' in the defaults list needs an option: - override {}: OPTION", origin, path,
             path);
    entry.package = takePackage(path);
    const std::size_t slash = path.rfind('/');
    entry.options = {path.substr(slash == std::string::npos ? 0 : slash + 1)};
    // "/name" lies in the configuration folder itself.
    entry.group = slash == 0
                      ? std::string()
                      : absoluteGroup(slash == std::string::npos ? "" : path.substr(0, slash), ownGroup);
    return entry;
}

}  // namespace

DefaultsEntry parseDefaultsEntry(const Json& item, const std::string& ownGroup, const std::string& origin) {
    if (item.is_string())
        return fileEntry(item.get<std::string>(), ownGroup, origin);
    if (!item.is_object() || item.size() != 1)
        fail("{}: an entry of the defaults list must be 'group: option' or '_self_'", origin);
    DefaultsEntry entry;
    std::string group = item.items().begin().key();
    const Json& value = item.items().begin().value();
    entry.isOverride = takePrefix(group, "override");
    entry.isOptional = takePrefix(group, "optional");
    entry.package = takePackage(group);
    entry.group = absoluteGroup(group, ownGroup);
    const auto addOption = [&](const Json& option) {
        if (option.is_structured() || option.is_boolean())
            fail("{}: the option of '{}' in the defaults list must be a name", origin, entry.group);
        entry.options.push_back(option.is_string() ? option.get<std::string>() : option.dump());
    };
    if (value.is_array())
        for (const Json& option : value)
            addOption(option);
    else if (!value.is_null())
        addOption(value);
    return entry;
}

std::string resolvePackage(const std::string& package, const std::string& parent, const std::string& own) {
    if (package == "_group_")
        return own;
    if (package == "_here_")
        return parent;
    if (package == "_global_")
        return {};
    if (package.starts_with("_global_."))
        return package.substr(9);
    return parent.empty() ? package : parent + "." + package;
}

std::string ownPackage(const std::string& group, const std::string& ownGroup, const std::string& parent) {
    std::string part = group == ownGroup ? std::string() : group;
    if (!ownGroup.empty() && part.starts_with(ownGroup + "/"))
        part.erase(0, ownGroup.size() + 1);
    std::replace(part.begin(), part.end(), '/', '.');
    if (part.empty())
        return parent;
    return parent.empty() ? part : parent + "." + part;
}

std::string entryName(const std::string& group, const std::string& package, const std::string& own) {
    if (package == own)
        return group;
    return group + "@" + (package.empty() ? "_global_" : package);
}

}  // namespace saeception
