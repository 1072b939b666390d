// SPDX-License-Identifier: GPL-3.0-or-later
#include "help_text.h"

#include "base/error.h"
#include "base/format_text.h"
#include "config/schema.h"
#include "terminal.h"

#include <algorithm>

namespace saeception {
namespace {

void addWrapped(std::string& text, const std::string& words, std::size_t indent, std::size_t width) {
    for (const std::string& line : wrapText(words, width > indent + 20 ? width - indent : 20))
        text += std::string(indent, ' ') + line + "\n";
}

// "default: 0.001; a number above 0 and at most 10 (unit)".
std::string valueLine(const KeySpec& spec) {
    const std::string fallback = valueText(spec.defaultValue);
    if (spec.choices.size() == 1 || spec.minimum == spec.maximum)
        return "always " + fallback;
    const std::string start = "default: " + (fallback.empty() ? "empty" : fallback);
    if (spec.type == KeyType::Text && spec.choices.empty())
        return start;
    return start + "; " + allowedValues(spec) + (spec.unit.empty() ? "" : fmt::format(" ({})", spec.unit));
}

std::string groupOf(const std::string& key) {
    const std::size_t dot = key.find('.');
    return dot == std::string::npos ? std::string() : key.substr(0, dot);
}

}  // namespace

void printProgramHelp(std::FILE* stream) {
    std::string text =
        "saeception: train, sharpen and evaluate sparse autoencoders of language models in cycles\n\n"
        "Usage: saeception COMMAND [overrides] [flags]\n\nCommands:\n";
    std::size_t width = 0;
    for (const Command& command : commands())
        width = std::max(width, command.name.size() + 2);
    for (const Command& command : commands()) {
        const std::vector<std::string> lines = wrapText(command.summary, 78 - width);
        for (std::size_t i = 0; i < lines.size(); ++i)
            text += "  " + padRight(i == 0 ? command.name : "", width) + lines[i] + "\n";
    }
    text +=
        "\nFlags:\n"
        "  --help     this text; after a command, its usage and all that can be set\n"
        "  --version  version number\n\n"
        "Examples:\n"
        "  saeception train_cycle experiment=demo\n"
        "  saeception train_cycle experiment=sst2_tiny dataset.path=DIR\n"
        "  saeception train_cycle -m experiment=demo sae.k=8,16\n"
        "  saeception train_cycle experiment=controls dataset=demo\n";
    std::fputs(text.c_str(), stream);
}

std::string configHelp(const Command& command, std::size_t width) {
    std::string text = command.summary + ".\n\n";
    text += "Usage: saeception " + command.name + " " + command.usage + " [flags]\n\n";
    text +=
        "Flags:\n"
        "  -m, --multirun          run one job for every combination of the values\n"
        "                          that overrides list: sae.k=25,50 seed='range(3)'\n"
        "  -c, --cfg job|hydra|all print the composed configuration and end\n"
        "      --resolve           with --cfg: values in place of ${...}\n"
        "      --estimate          tell how long it would take and how much memory and\n"
        "                          disk it needs, and end\n"
        "  -p, --package KEY       with --cfg: this part alone\n"
        "  -cd, --config-dir DIR   look for configuration files in DIR first\n"
        "  -cn, --config-name NAME take NAME.yaml in place of config.yaml\n"
        "  -h, --help              this text\n";
    for (const ValueFlag& flag : command.flags) {
        const std::vector<std::string> lines = wrapText(flag.help, 54);
        for (std::size_t i = 0; i < lines.size(); ++i)
            text += "      " + padRight(i == 0 ? flag.name + " " + flag.example : "", 20) + lines[i] + "\n";
    }
    text +=
        "\nOverrides (as in Hydra):\n"
        "  GROUP=OPTION            choose a file of a group; +GROUP=OPTION adds one,\n"
        "                          ~GROUP leaves it out\n"
        "  KEY=VALUE               set a key; ~KEY takes it back to its default\n"
        "  +KEY=VALUE, ++KEY=VALUE add a key; add it or set it\n"
        "  VALUE                   text, number, true, null, 'quoted', [a,b], {k: v},\n"
        "                          ${other.key}, ${oc.env:NAME,default}\n"
        "  in a multirun           a,b  choice(a,b)  range(1,9,2)  glob(*)  and sort(),\n"
        "                          shuffle(), int(), float(), str(), bool() of them\n"
        "  hydra.run.dir=DIR       folder of this run; further settings of Hydra's:\n"
        "                          hydra.sweep.dir, hydra.sweep.subdir, hydra.job.name,\n"
        "                          hydra.mode, hydra.sweeper.params\n\n"
        "Groups:\n";
    const std::vector<std::string> groups = groupNames();
    std::size_t column = 0;
    for (const std::string& group : groups)
        column = std::max(column, group.size());
    for (const std::string& group : groups) {
        std::string options;
        for (const std::string& option : groupOptions(group))
            options += (options.empty() ? "" : ", ") + option;
        const std::vector<std::string> lines = wrapText(options, width - column - 4);
        for (std::size_t i = 0; i < lines.size(); ++i)
            text += "  " + padRight(i == 0 ? group : "", column + 2) + lines[i] + "\n";
    }
    text += "\nKeys (built-in defaults; a group's file may set others, see --cfg job):\n";
    std::string last = "-";
    for (const KeySpec& spec : schema()) {
        if (const std::string group = groupOf(spec.key); group != last) {
            text += "\n";
            last = group;
        }
        text += (spec.appendOnly ? "  +" : "  ") + spec.key + "\n";
        addWrapped(text, valueLine(spec), 6, width);
        addWrapped(text, spec.doc, 6, width);
    }
    return text;
}

void printConfigHelp(const Command& command) {
    const std::size_t columns = static_cast<std::size_t>(terminalColumns(stdout));
    std::fputs(configHelp(command, std::clamp<std::size_t>(columns, 60, 80)).c_str(), stdout);
}

}  // namespace saeception
