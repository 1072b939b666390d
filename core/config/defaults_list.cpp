// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/defaults_list.h"

#include "base/error.h"
#include "config/nearest.h"

#include <algorithm>
#include <set>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;
using Choice = std::optional<std::string>;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

// One entry of a defaults list, taken apart.
struct Entry {
    bool isSelf = false;
    bool isOverride = false;
    bool isOptional = false;
    bool isSibling = false;  // a plain name: another file of the same group
    std::string group;
    std::vector<std::string> options;  // none: group: null
};

bool takePrefix(std::string& text, const std::string& word) {
    if (!text.starts_with(word + " "))
        return false;
    text.erase(0, text.find_first_not_of(' ', word.size()));
    return true;
}

Entry parseEntry(const Json& item, const std::string& ownGroup, const std::string& origin) {
    Entry entry;
    if (item.is_string()) {
        const std::string name = item.get<std::string>();
        entry.isSelf = name == "_self_";
        entry.isSibling = !entry.isSelf;
        entry.options = {name};
        return entry;
    }
    if (!item.is_object() || item.size() != 1)
        fail("{}: an entry of the defaults list must be 'group: option' or '_self_'", origin);
    std::string group = item.items().begin().key();
    const Json& value = item.items().begin().value();
    entry.isOverride = takePrefix(group, "override");
    entry.isOptional = takePrefix(group, "optional");
    if (group.find('@') != std::string::npos)
        fail("{}: packages (group@package) are not available in a defaults list: '{}'", origin, group);
    if (group.starts_with('/'))
        group.erase(0, 1);
    else if (!ownGroup.empty())
        group = ownGroup + "/" + group;
    entry.group = group;
    const auto addOption = [&](const Json& option) {
        if (option.is_structured() || option.is_boolean())
            fail("{}: the option of '{}' in the defaults list must be a name", origin, group);
        entry.options.push_back(option.is_string() ? option.get<std::string>() : option.dump());
    };
    if (value.is_array())
        for (const Json& option : value)
            addOption(option);
    else if (!value.is_null())
        addOption(value);
    return entry;
}

class Expander {
public:
    Expander(ConfigSource& source, const std::vector<GroupRequest>& requests)
        : m_source(source), m_requests(requests) {}

    DefaultsResult expand(const std::string& name) {
        // An override may bring in a file with overrides of its own, so repeat until the choices settle.
        for (int round = 0; round < 16; ++round) {
            const auto known = m_fileOverrides;
            m_fileOverrides.clear();
            m_applied = known;
            m_result = {};
            m_seenGroups.clear();
            expandFile("", name, "", "");
            addRequested();
            if (m_fileOverrides == known) {
                checkMatches();
                return m_result;
            }
        }
        fail("the defaults list of '{}' never settles: its overrides bring each other in and out", name);
    }

private:
    void expandFile(const std::string& group, const std::string& option, const std::string& parentPackage,
                    const std::string& from, bool optional = false) {
        const std::string name = group.empty() ? option : group + "/" + option;
        const ConfigFile* file = m_source.find(name);
        if (file == nullptr) {
            if (optional)
                return;
            failMissing(group, option, from);
        }
        if (std::find(m_stack.begin(), m_stack.end(), name) != m_stack.end())
            fail("{}: the defaults list includes itself", file->origin);
        m_stack.push_back(name);
        const std::string package = file->package.value_or(parentPackage);
        const auto layer = [&] { m_result.layers.push_back({package, file, m_entryGroup}); };
        const bool hasSelf = std::any_of(file->defaults.begin(), file->defaults.end(),
                                         [](const Json& item) { return item == "_self_"; });
        // Hydra's rule: without _self_ a file comes before the files it includes... and so is overridden by
        // them.
        if (!hasSelf)
            layer();
        for (const Json& item : file->defaults) {
            const Entry entry = parseEntry(item, group, file->origin);
            if (entry.isSelf)
                layer();
            else if (entry.isOverride)
                m_fileOverrides[entry.group] = {entry.options.empty() ? Choice() : entry.options.front(),
                                                file->origin};
            else if (entry.isSibling)
                expandFile(group, entry.options.front(), package, file->origin);
            else
                expandGroup(entry, group, package, file->origin);
        }
        m_stack.pop_back();
    }

    void expandGroup(const Entry& entry, const std::string& ownGroup, const std::string& package,
                     const std::string& origin) {
        m_seenGroups.insert(entry.group);
        const bool outermost = m_stack.size() == 1;
        if (outermost)
            m_entryGroup = entry.group;
        std::vector<std::string> options = entry.options;
        std::string from = origin;
        const auto choose = [&](const Choice& choice) {
            options.clear();
            if (choice)
                options.push_back(*choice);
        };
        if (const auto found = m_applied.find(entry.group); found != m_applied.end()) {
            choose(found->second.option);
            from = found->second.origin;
            m_result.chosenBy[entry.group] = from;
        }
        for (const GroupRequest& request : m_requests) {
            if (request.group != entry.group)
                continue;
            if (request.add)
                fail("Could not add '{}': '{}' is already in the defaults list; write {}={}", request.text,
                     request.group, request.group, request.option.value_or("null"));
            if (request.remove && request.option && options != std::vector<std::string>{*request.option})
                fail("Could not delete '{}': the option of '{}' is '{}'", request.text, request.group,
                     joined(options));
            choose(request.remove ? Choice() : request.option);
            from.clear();
            m_result.chosenBy.erase(entry.group);
        }
        // A relative group keeps only its own part in the path: 'model' in group 'experiment' is
        // 'experiment/model'.
        std::string part = entry.group;
        if (!ownGroup.empty() && part.starts_with(ownGroup + "/"))
            part.erase(0, ownGroup.size() + 1);
        std::replace(part.begin(), part.end(), '/', '.');
        for (const std::string& option : options) {
            m_result.choices[entry.group] = joined(options);
            expandFile(entry.group, option, package.empty() ? part : package + "." + part, from,
                       entry.isOptional && !from.empty());
        }
        if (outermost)
            m_entryGroup.clear();
    }

    // +group=option: appended after everything else.
    void addRequested() {
        for (const GroupRequest& request : m_requests) {
            if (!request.add || m_seenGroups.contains(request.group) || !request.option)
                continue;
            std::string package = request.group;
            std::replace(package.begin(), package.end(), '/', '.');
            m_result.choices[request.group] = *request.option;
            m_entryGroup = request.group;
            expandFile(request.group, *request.option, package, "");
            m_entryGroup.clear();
        }
    }

    void checkMatches() const {
        const std::vector<std::string> groups(m_seenGroups.begin(), m_seenGroups.end());
        for (const auto& [group, choice] : m_fileOverrides)
            if (!m_seenGroups.contains(group))
                fail("{}: Could not override '{}'. No match in the defaults list.{}", choice.origin, group,
                     didYouMean(group, groups));
        for (const GroupRequest& request : m_requests) {
            if (request.add || m_seenGroups.contains(request.group))
                continue;
            if (request.remove)
                fail("Could not delete '{}'. No match in the defaults list.{}", request.group,
                     didYouMean(request.group, groups));
            fail(
                "Could not override '{}'. No match in the defaults list. To append to your default list use "
                "+{}",
                request.group, request.text);
        }
    }

    [[noreturn]] void failMissing(const std::string& group, const std::string& option,
                                  const std::string& from) const {
        const std::string prefix = from.empty() ? "" : "in " + from + ": ";
        if (group.empty())
            fail("{}Could not find the primary configuration '{}.yaml'", prefix, option);
        const std::vector<std::string> options = m_source.options(group);
        if (options.empty())
            fail("{}Could not find '{}/{}': there is no configuration group '{}'.{}", prefix, group, option,
                 group, didYouMean(group, m_source.groups()));
        fail("{}Could not find '{}/{}'; available options in '{}': {}.{}", prefix, group, option, group,
             joined(options), didYouMean(option, options));
    }

    struct FileOverride {
        Choice option;
        std::string origin;
        bool operator==(const FileOverride&) const = default;
    };

    ConfigSource& m_source;
    const std::vector<GroupRequest>& m_requests;
    std::map<std::string, FileOverride> m_fileOverrides;  // found in this round
    std::map<std::string, FileOverride> m_applied;        // found in the round before
    std::set<std::string> m_seenGroups;
    std::vector<std::string> m_stack;
    std::string m_entryGroup;
    DefaultsResult m_result;
};

}  // namespace

DefaultsResult expandDefaults(ConfigSource& source, const std::string& name,
                              const std::vector<GroupRequest>& requests) {
    return Expander(source, requests).expand(name);
}

}  // namespace saeception
