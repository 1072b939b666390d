// SPDX-License-Identifier: GPL-3.0-or-later
// The flags that every command takes, and the words between them.
#include "base/error.h"
#include "command.h"
#include "config/nearest.h"

#include <algorithm>

namespace saeception {
namespace {

struct Flag {
    std::string name;
    std::string shortName;
    std::string example;  ///< of its value; empty where it takes none
    void (*set)(CommandLine& line, const std::string& value);
};

void setShow(CommandLine& line, const std::string& value) {
    if (value != "job" && value != "hydra" && value != "all")
        throw UsageError(
            fmt::format("--cfg {}: must be job (the experiment's configuration), hydra (Hydra's own "
                        "settings) or all",
                        value));
    line.show = value;
}

const std::vector<Flag>& flags() {
    static const std::vector<Flag> table = {
        {"--help", "-h", "", [](CommandLine& line, const std::string&) { line.help = true; }},
        {"--version", "", "", [](CommandLine& line, const std::string&) { line.version = true; }},
        {"--multirun", "-m", "", [](CommandLine& line, const std::string&) { line.multirun = true; }},
        {"--run", "-r", "", [](CommandLine& line, const std::string&) { line.multirun = false; }},
        {"--cfg", "-c", "job", setShow},
        {"--estimate", "", "", [](CommandLine& line, const std::string&) { line.estimate = true; }},
        {"--resolve", "", "", [](CommandLine& line, const std::string&) { line.resolve = true; }},
        {"--package", "-p", "KEY", [](CommandLine& line, const std::string& value) { line.package = value; }},
        {"--config-dir", "-cd", "DIR",
         [](CommandLine& line, const std::string& value) { line.configDir = value; }},
        {"--config-name", "-cn", "NAME",
         [](CommandLine& line, const std::string& value) { line.configName = value; }},
    };
    return table;
}

[[noreturn]] void failUnknown(const std::string& word, const std::string& name,
                              std::span<const ValueFlag> own) {
    std::vector<std::string> known;
    std::string available;
    const auto add = [&](const std::string& flag, const std::string& example) {
        known.push_back(flag);
        available += (available.empty() ? "" : ", ") + flag + (example.empty() ? "" : " " + example);
    };
    for (const ValueFlag& flag : own)
        add(flag.name, flag.example);
    for (const Flag& flag : flags()) {
        add(flag.name, flag.example);
        if (!flag.shortName.empty())
            known.push_back(flag.shortName);
    }
    throw UsageError(
        fmt::format("unknown flag '{}'.{} Available flags: {}", word, didYouMean(name, known), available));
}

// A file's name without the folder and the ending that -cd and Hydra's habit give it.
void checkConfigName(CommandLine& line) {
    if (!line.configName)
        return;
    std::string& name = *line.configName;
    if (name.ends_with(".yaml"))
        name.erase(name.size() - 5);
    if (name.empty())
        throw UsageError(
            "--config-name needs the name of a file in the configuration folder, such as config");
}

}  // namespace

CommandLine parseCommandLine(std::span<const std::string> arguments, std::span<const ValueFlag> own) {
    CommandLine line;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        const bool isNumber = word.size() > 1 && word.find_first_not_of("0123456789", 1) == std::string::npos;
        if (!word.starts_with('-') || word == "-" || isNumber) {
            line.words.push_back(word);
            continue;
        }
        const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
        const std::string name = word.substr(0, equals);
        const auto value = [&](const std::string& example) {
            if (equals != std::string::npos)
                return word.substr(equals + 1);
            if (i + 1 == arguments.size())
                throw UsageError(fmt::format("{} needs a value: {} {}", name, name, example));
            return arguments[++i];
        };
        if (const auto mine =
                std::find_if(own.begin(), own.end(), [&](const ValueFlag& f) { return f.name == name; });
            mine != own.end()) {
            line.values[name] = value(mine->example);
            continue;
        }
        const auto flag = std::find_if(flags().begin(), flags().end(), [&](const Flag& f) {
            return f.name == name || (!f.shortName.empty() && f.shortName == name);
        });
        if (flag == flags().end())
            failUnknown(word, name, own);
        if (flag->example.empty() && equals != std::string::npos)
            throw UsageError(fmt::format("{} takes no value; write {}", name, name));
        flag->set(line, flag->example.empty() ? std::string() : value(flag->example));
    }
    checkConfigName(line);
    return line;
}

}  // namespace saeception
