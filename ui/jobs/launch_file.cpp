// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/launch_file.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "config/nearest.h"
#include "config/override_value.h"
#include "config/overrides.h"
#include "config/schema.h"
#include "config/tree.h"
#include "cycle/stage_commands.h"

#include <QCoreApplication>

#include <algorithm>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::uintmax_t largestFile = 64 * 1024;

QString tr(const char* text) {
    return QCoreApplication::translate("LaunchFile", text);
}

QString toText(const std::string& text) {
    return QString::fromStdString(text);
}

class FileReader {
public:
    explicit FileReader(const Json& tree) : m_tree(tree) {}

    LaunchFile read() {
        if (m_tree.is_array()) {
            addTyped(m_tree);
            return std::move(m_file);
        }
        const Json* task = findNode(m_tree, "hydra.overrides.task");
        if (const Json* name = findNode(m_tree, "hydra.job.name"); name != nullptr && name->is_string())
            setCommand(name->get<std::string>());
        if (task != nullptr && task->is_array()) {
            // multirun.yaml and hydra.yaml: what was typed says it all.
            addTyped(*task);
            return std::move(m_file);
        }
        if (const auto defaults = m_tree.find("defaults"); defaults != m_tree.end())
            addDefaults(*defaults);
        else
            m_file.valuesOnly = true;
        addValues(m_tree, "");
        if (const Json* params = findNode(m_tree, "hydra.sweeper.params");
            params != nullptr && params->is_object())
            for (const auto& [name, value] : params->items())
                m_file.overrides.append(
                    toText(name + "=" + (value.is_string() ? value.get<std::string>() : valueText(value))));
        return std::move(m_file);
    }

private:
    void setCommand(const std::string& name) {
        for (const StageCommand& command : stageCommands())
            if (command.name == name)
                m_file.command = toText(name);
    }

    void addTyped(const Json& list) {
        for (const Json& text : list) {
            if (text.is_string())
                m_file.overrides.append(toText(oneLine(text.get<std::string>())));
            else
                m_file.problems.append(tr("'%1' is no override; write key=value").arg(toText(text.dump())));
        }
    }

    // "- override /model: gpt2_tiny" of a preset.
    void addDefaults(const Json& defaults) {
        const std::vector<std::string> groups = groupNames();
        for (const Json& entry : defaults) {
            if (!entry.is_object() || entry.size() != 1) {
                if (entry != "_self_")
                    m_file.problems.append(
                        tr("defaults: '%1' cannot be loaded here").arg(toText(valueText(entry))));
                continue;
            }
            std::string group = entry.items().begin().key();
            group.erase(0, group.find_last_of(" /") + 1);
            const Json& option = entry.items().begin().value();
            if (option.is_null())
                continue;
            if (!option.is_string() || std::find(groups.begin(), groups.end(), group) == groups.end())
                m_file.problems.append(tr("defaults: there is no group '%1'").arg(toText(group)));
            else
                m_file.overrides.append(toText(group + "=" + overrideValueText(option)));
        }
    }

    void addValues(const Json& node, const std::string& prefix) {
        for (const auto& [name, value] : node.items()) {
            const std::string key = prefix.empty() ? name : prefix + "." + name;
            if (prefix.empty() && (name == "hydra" || name == "defaults"))
                continue;
            if (const KeySpec* spec = findKey(key))
                addValue(*spec, value);
            else if (value.is_object() && !value.empty())
                addValues(value, key);
            else if (!value.is_null() && !value.is_object())
                m_file.problems.append(
                    tr("there is no setting '%1'%2").arg(toText(key), toText(didYouMean(key, schemaKeys()))));
        }
    }

    void addValue(const KeySpec& spec, const Json& value) {
        if (value == "???" || (value.is_null() && !spec.mayBeEmpty))
            return;
        const Json written = value.is_null() ? Json("") : value;
        m_file.overrides.append(
            toText((spec.appendOnly ? "+" : "") + spec.key + "=" + overrideValueText(written)));
    }

    const Json& m_tree;
    LaunchFile m_file;
};

}  // namespace

LaunchFile readLaunchFile(const fs::path& file) {
    std::error_code code;
    if (const std::uintmax_t size = fs::file_size(file, code); !code && size > largestFile)
        fail("{} has {} kB, more than a configuration ever has; choose a config.yaml", file.string(),
             size / 1024);
    const Json tree = parseYaml(readFile(file), file.string());
    if (!tree.is_array() && !tree.is_object())
        fail("{} holds no configuration; choose a config.yaml or overrides.yaml", file.string());
    return FileReader(tree).read();
}

}  // namespace saeception
