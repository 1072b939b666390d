// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/defaults_list.h"

#include "base/error.h"
#include "config/defaults_entry.h"
#include "config/hydra_settings.h"
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

class Expander {
public:
    Expander(ConfigSource& source, const std::vector<GroupRequest>& requests)
        : m_source(source), m_requests(requests) {}

    DefaultsResult expand(const std::string& name) {
        // An override may bring in a file with overrides of its own, and a choice may name another, so repeat
        // until the choices settle.
        for (m_round = 0; m_round < 16; ++m_round) {
            const auto known = m_fileOverrides;
            const auto knownChoices = m_result.choices;
            m_fileOverrides.clear();
            m_applied = known;
            m_result = {};
            m_knownChoices = knownChoices;
            m_seenEntries.clear();
            expandFile({"", name, ""}, "");
            addRequested();
            if (m_fileOverrides == known && (m_result.choices == knownChoices || !m_hasInterpolations)) {
                checkMatches();
                return m_result;
            }
        }
        fail("the defaults list of '{}' never settles: its overrides bring each other in and out", name);
    }

private:
    // A file, and the place it has unless its own header names another.
    struct Place {
        std::string group;
        std::string option;
        std::string package;
        bool fixed = false;  // the header is not asked
    };

    void expandFile(const Place& place, const std::string& from, bool optional = false) {
        const std::string name = place.group.empty() ? place.option : place.group + "/" + place.option;
        const ConfigFile* file = m_source.find(name);
        if (file == nullptr) {
            if (optional)
                return;
            failMissing(place.group, place.option, from);
        }
        if (std::find(m_stack.begin(), m_stack.end(), name) != m_stack.end())
            fail("{}: the defaults list includes itself", file->origin);
        m_stack.push_back(name);
        const std::string package = place.fixed ? place.package : file->package.value_or(place.package);
        const auto layer = [&] { m_result.layers.push_back({package, file, m_entry}); };
        const bool hasSelf = std::any_of(file->defaults.begin(), file->defaults.end(),
                                         [](const Json& item) { return item == "_self_"; });
        // Hydra's rule: without _self_ a file comes before the files it includes... and so is overridden by
        // them.
        if (!hasSelf)
            layer();
        for (const Json& item : file->defaults) {
            const DefaultsEntry entry = parseDefaultsEntry(item, place.group, file->origin);
            if (entry.isSelf)
                layer();
            else if (entry.isOverride)
                addOverride(entry, package, file->origin);
            else if (entry.isFile)
                includeFile(entry, place.group, package, file->origin);
            else
                expandGroup(entry, place.group, package, file->origin);
        }
        m_stack.pop_back();
    }

    void addOverride(const DefaultsEntry& entry, const std::string& package, const std::string& origin) {
        if (isHydraKey(entry.group))
            fail("{}: override {}: of Hydra's own settings these are understood: {}", origin, entry.group,
                 hydraSettingNames());
        const std::string own = ownPackage(entry.group, "", "");
        const std::string place = entry.package ? resolvePackage(*entry.package, package, own) : own;
        m_fileOverrides[entryName(entry.group, place, own)] = {
            entry.options.empty() ? Choice() : entry.options.front(), origin};
    }

    void includeFile(const DefaultsEntry& entry, const std::string& ownGroup, const std::string& package,
                     const std::string& origin) {
        const std::string own = ownPackage(entry.group, ownGroup, package);
        expandFile(
            {entry.group, entry.options.front(),
             entry.package ? resolvePackage(*entry.package, package, own) : own, entry.package.has_value()},
            origin, entry.isOptional);
    }

    void expandGroup(const DefaultsEntry& entry, const std::string& ownGroup, const std::string& package,
                     const std::string& origin) {
        const std::string own = ownPackage(entry.group, ownGroup, package);
        const std::string place = entry.package ? resolvePackage(*entry.package, package, own) : own;
        const std::string name = entryName(entry.group, place, own);
        m_seenEntries.insert(name);
        const bool outermost = m_stack.size() == 1 && m_entry.empty();
        if (outermost)
            m_entry = name;
        std::string from = origin;
        const std::vector<std::string> options = chosenOptions(entry, name, from);
        for (const std::string& option : options) {
            m_result.choices[name] = joined(options);
            if (option == "???")
                fail("You must specify '{}', e.g. {}=OPTION; available options: {}", name, name,
                     joined(m_source.options(entry.group)));
            expandFile({entry.group, option, place, entry.package.has_value()}, from,
                       entry.isOptional && !from.empty());
        }
        if (outermost)
            m_entry.clear();
    }

    // `from` becomes the file that made the choice, empty for the command line.
    std::vector<std::string> chosenOptions(const DefaultsEntry& entry, const std::string& name,
                                           std::string& from) {
        std::vector<std::string> options;
        for (const std::string& option : entry.options)
            if (const Choice text = withChoices(option, from))
                options.push_back(*text);
        const auto choose = [&](const Choice& choice) {
            options.clear();
            if (choice)
                options.push_back(*choice);
        };
        if (const auto found = m_applied.find(name); found != m_applied.end()) {
            choose(found->second.option);
            from = found->second.origin;
            m_result.chosenBy[name] = from;
        }
        for (const GroupRequest& request : m_requests) {
            if (request.entry() != name)
                continue;
            if (request.add)
                fail("Could not add '{}': '{}' is already in the defaults list; write {}={}", request.text,
                     name, name, request.option.value_or("null"));
            if (request.remove && request.option && options != std::vector<std::string>{*request.option})
                fail("Could not delete '{}': the option of '{}' is '{}'", request.text, name,
                     joined(options));
            choose(request.remove ? Choice() : request.option);
            from.clear();
            m_result.chosenBy.erase(name);
        }
        return options;
    }

    // ${group} in an option is that group's choice; none while it is not known yet.
    Choice withChoices(const std::string& option, const std::string& origin) {
        std::string text = option;
        for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
            const std::size_t end = text.find('}', at);
            if (end == std::string::npos)
                fail("{}: the interpolation in '{}' is not closed with }}", origin, option);
            m_hasInterpolations = true;
            const std::string name = text.substr(at + 2, end - at - 2);
            const auto now = m_result.choices.find(name);
            const auto before = m_knownChoices.find(name);
            if (now == m_result.choices.end() && before == m_knownChoices.end()) {
                if (m_round == 0)
                    return std::nullopt;
                fail("{}: '{}' in '{}' is no group of the defaults list", origin, name, option);
            }
            const std::string& choice = now != m_result.choices.end() ? now->second : before->second;
            text.replace(at, end + 1 - at, choice);
            at += choice.size();
        }
        return text;
    }

    // +group=option: appended after everything else.
    void addRequested() {
        for (const GroupRequest& request : m_requests) {
            const std::string name = request.entry();
            if (!request.add || m_seenEntries.contains(name) || !request.option)
                continue;
            m_result.choices[name] = *request.option;
            m_entry = name;
            expandFile({request.group, *request.option, request.place(), request.package.has_value()}, "");
            m_entry.clear();
        }
    }

    void checkMatches() const {
        const std::vector<std::string> entries(m_seenEntries.begin(), m_seenEntries.end());
        for (const auto& [name, choice] : m_fileOverrides)
            if (!m_seenEntries.contains(name))
                fail("{}: Could not override '{}'. No match in the defaults list.{}", choice.origin, name,
                     didYouMean(name, entries));
        for (const GroupRequest& request : m_requests) {
            const std::string name = request.entry();
            if (request.add || m_seenEntries.contains(name))
                continue;
            if (request.remove)
                fail("Could not delete '{}'. No match in the defaults list.{}", name,
                     didYouMean(name, entries));
            fail(
                "Could not override '{}'. No match in the defaults list. To append to your default list use "
                "+{}",
                name, request.text);
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
    std::map<std::string, std::string> m_knownChoices;    // of the round before
    std::set<std::string> m_seenEntries;
    std::vector<std::string> m_stack;
    std::string m_entry;
    bool m_hasInterpolations = false;
    int m_round = 0;
    DefaultsResult m_result;
};

}  // namespace

std::string GroupRequest::place() const {
    const std::string own = ownPackage(group, "", "");
    return package && !package->empty() ? resolvePackage(*package, "", own) : package.value_or(own);
}

std::string GroupRequest::entry() const {
    const std::string own = ownPackage(group, "", "");
    return entryName(group, place(), own);
}

DefaultsResult expandDefaults(ConfigSource& source, const std::string& name,
                              const std::vector<GroupRequest>& requests) {
    return Expander(source, requests).expand(name);
}

}  // namespace saeception
