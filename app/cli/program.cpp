// SPDX-License-Identifier: GPL-3.0-or-later
// From argv to a command, and from exceptions to one line on stderr and an exit status.
#include "base/error.h"
#include "base/install_paths.h"
#include "command.h"
#include "config/nearest.h"
#include "help_text.h"

#include <algorithm>
#include <cstdio>

namespace saeception {
namespace {

const std::vector<std::string> flagNames = {"--help", "--version", "--cfg", "--config-dir", "-cd", "-h"};

std::vector<std::string> commandNames() {
    std::vector<std::string> names;
    for (const Command& command : commands())
        names.push_back(command.name);
    return names;
}

int dispatch(std::span<const std::string> arguments) {
    if (arguments.empty()) {
        printProgramHelp(stderr);
        return exitUsage;
    }
    const std::string& first = arguments.front();
    if (first == "--version") {
        std::printf("saeception %s\n", SAECEPTION_VERSION);
        return exitDone;
    }
    if (first == "--help" || first == "-h" || first == "help") {
        printProgramHelp(stdout);
        return exitDone;
    }
    for (const Command& command : commands()) {
        if (command.name != first)
            continue;
        const CommandLine line = parseCommandLine(arguments.subspan(1), command.flags);
        if (line.help) {
            command.printHelp(command);
            return exitDone;
        }
        return command.run(line);
    }
    const std::vector<std::string> names = commandNames();
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "" : ", ") + name;
    if (first.starts_with('-'))
        throw UsageError(
            fmt::format("unknown flag '{}'.{} Write saeception COMMAND, where COMMAND is one of: {}", first,
                        didYouMean(first, flagNames), list));
    if (first.find('=') != std::string::npos)
        throw UsageError(fmt::format(
            "a command must come before the override '{}'; for example: saeception train_cycle {}", first,
            first));
    throw UsageError(
        fmt::format("unknown command '{}'.{} Available commands: {}", first, didYouMean(first, names), list));
}

int report(const std::string& message, int status) {
    std::fflush(stdout);
    std::fprintf(stderr, "saeception: %s\n", oneLine(message).c_str());
    return status;
}

}  // namespace

CommandLine parseCommandLine(std::span<const std::string> arguments, std::span<const ValueFlag> own) {
    CommandLine line;
    std::vector<std::string> known = flagNames;
    std::string available = "--help, --cfg job, --config-dir DIR (-cd DIR)";
    for (const ValueFlag& flag : own) {
        known.push_back(flag.name);
        available += fmt::format(", {} {}", flag.name, flag.example);
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (!word.starts_with('-')) {
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
        if (word == "--help" || word == "-h") {
            line.help = true;
        } else if (name == "--cfg" || name == "-c") {
            if (const std::string what = value("job"); what != "job")
                throw UsageError(
                    fmt::format("--cfg {}: only 'job' is available, the composed configuration", what));
            line.printConfig = true;
        } else if (name == "--config-dir" || name == "-cd") {
            line.configDir = value("DIR");
        } else if (const auto flag = std::find_if(own.begin(), own.end(),
                                                  [&](const ValueFlag& f) { return f.name == name; });
                   flag != own.end()) {
            line.values[name] = value(flag->example);
        } else {
            throw UsageError(fmt::format("unknown flag '{}'.{} Available flags: {}", word,
                                         didYouMean(name, known), available));
        }
    }
    return line;
}

Composition composeFrom(const CommandLine& line, const std::vector<std::string>& overrides) {
    ComposeRequest request;
    request.overrides = overrides;
    // A folder of one's own comes first, so that it can replace files as well as add to them.
    if (line.configDir)
        request.configDirs = {*line.configDir, dataDirectory("configs")};
    return compose(request);
}

int runProgram(int count, char** arguments) {
    try {
        return dispatch(std::vector<std::string>(arguments + 1, arguments + count));
    } catch (const UsageError& error) {
        return report(error.what(), exitUsage);
    } catch (const UserError& error) {
        return report(error.what(), exitFailed);
    } catch (const std::bad_alloc&) {
        return report("out of memory; lower dataset.batch_size, sae.batch_size or model.hidden_size",
                      exitFailed);
    } catch (const std::exception& error) {
        const std::string what = error.what();
        return report(what.substr(0, what.find('\n')), exitFailed);
    }
}

}  // namespace saeception
