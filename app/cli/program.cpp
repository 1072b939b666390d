// SPDX-License-Identifier: GPL-3.0-or-later
// From argv to a command, and from exceptions to one line on stderr and an exit status.
#include "base/error.h"
#include "command.h"
#include "config/nearest.h"
#include "estimate_command.h"
#include "help_text.h"
#include "multirun.h"
#include "show_config.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace saeception {
namespace {

std::vector<std::string> commandNames() {
    std::vector<std::string> names;
    for (const Command& command : commands())
        names.push_back(command.name);
    return names;
}

int printVersion() {
    std::printf("saeception %s\n", SAECEPTION_VERSION);
    return exitDone;
}

int runCommand(const Command& command, const CommandLine& line) {
    if (line.version)
        return printVersion();
    if (line.help) {
        command.printHelp(command);
        return exitDone;
    }
    if (line.estimate) {
        if (!takesConfiguration(command) || !line.show.empty())
            throw UsageError(
                "--estimate goes with a command that trains or evaluates, and not with --cfg: saeception "
                "train_cycle --estimate");
        return estimateCommand(line);
    }
    if (line.values.contains("--resume")) {
        if (line.multirun || !line.show.empty() || line.configDir || line.configName)
            throw UsageError(
                "--resume goes on with a run as it was recorded; -m, --cfg, -cd and -cn do not go with it");
        return command.run(line);
    }
    if (takesConfiguration(command)) {
        if (!line.show.empty())
            return showConfiguration(line);
        if (line.resolve || !line.package.empty())
            throw UsageError(fmt::format("{} goes with --cfg job, which prints the configuration",
                                         line.resolve ? "--resolve" : "--package"));
        if (wantsMultirun(line))
            return runMultirun(line);
    }
    return command.run(line);
}

int dispatch(std::span<const std::string> arguments) {
    if (arguments.empty()) {
        printProgramHelp(stderr);
        return exitUsage;
    }
    const std::string& first = arguments.front();
    if (first == "--version")
        return printVersion();
    if (first == "--help" || first == "-h" || first == "help") {
        printProgramHelp(stdout);
        return exitDone;
    }
    for (const Command& command : commands()) {
        if (command.name != first)
            continue;
        CommandLine line = parseCommandLine(arguments.subspan(1), command.flags);
        line.command = first;
        return runCommand(command, line);
    }
    const std::vector<std::string> names = commandNames();
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "" : ", ") + name;
    if (first.starts_with('-'))
        throw UsageError(
            fmt::format("unknown flag '{}'.{} Write saeception COMMAND, where COMMAND is one of: {}", first,
                        didYouMean(first, std::vector<std::string>{"--help", "--version"}), list));
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

// A reader that went away (saeception ... | head) wants no more; anything else that keeps the output from
// where it was to go has lost some of it.
int afterOutput(int status) {
    const bool failed = std::fflush(stdout) != 0;
    const int error = failed ? errno : 0;
    if (status != exitDone || (!failed && std::ferror(stdout) == 0))
        return status;
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    if (error == EPIPE || (::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0))
        return status;
    return report(fmt::format("the output could not be written{}; what it tells is not complete",
                              error == 0 ? std::string() : std::string(": ") + std::strerror(error)),
                  exitFailed);
}

}  // namespace

bool takesConfiguration(const Command& command) {
    return command.printHelp == printConfigHelp;
}

int runProgram(int count, char** arguments) {
    try {
        return afterOutput(dispatch(std::vector<std::string>(arguments + 1, arguments + count)));
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
