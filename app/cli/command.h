// SPDX-License-Identifier: GPL-3.0-or-later
// The program's commands: one table, one file a command, and what each of them is given.
#pragma once

#include "config/compose.h"

#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace saeception {

/// Exit statuses of the program.
enum ExitStatus : int {
    exitDone = 0,     ///< everything asked for was done
    exitFailed = 1,   ///< a UserError
    exitUsage = 2,    ///< the command line itself is wrong
    exitSignal = 128  ///< plus the signal's number: 130 after Ctrl-C
};

/// The command line cannot be understood; one line that says what to write instead.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What stands after the command's name.
struct CommandLine {
    std::string command;             ///< its name
    std::vector<std::string> words;  ///< everything that is no flag: overrides, or a command's own words
    std::optional<std::string> configDir;       ///< -cd DIR, --config-dir DIR
    std::optional<std::string> configName;      ///< -cn NAME, --config-name NAME
    bool multirun = false;                      ///< -m, --multirun
    std::string show;                           ///< --cfg job|hydra|all; empty: run
    std::string package;                        ///< -p KEY, --package KEY: of what --cfg prints, this part
    bool resolve = false;                       ///< --resolve: --cfg prints values for interpolations
    bool estimate = false;                      ///< --estimate: tell what it would take, and do not run it
    bool help = false;                          ///< --help, -h
    bool version = false;                       ///< --version
    std::map<std::string, std::string> values;  ///< of the command's own flags, by name
};

/// A flag that one command alone takes, followed by a value.
struct ValueFlag {
    std::string name;       ///< "--tokenizer"
    std::string example;    ///< what its value looks like: "DIR"
    std::string help = {};  ///< for --help of commands that take a configuration
};

struct Command {
    std::string name;
    std::string usage;    ///< what follows the name: "[overrides]"
    std::string summary;  ///< one line for --help
    int (*run)(const CommandLine&);
    void (*printHelp)(const Command&);
    std::vector<ValueFlag> flags = {};  ///< its own, beside --help and those of configurations
};

/// All commands, in the order in which --help lists them.
std::span<const Command> commands();

/// Whether the command runs jobs from a configuration, so that it can be swept over and shown (--cfg).
bool takesConfiguration(const Command& command);

/// Takes the words after the command's name apart; `own` are the command's own flags. @throws UsageError for
/// an unknown flag, with the nearest one.
CommandLine parseCommandLine(std::span<const std::string> arguments, std::span<const ValueFlag> own = {});

/// The whole program: dispatch, and exceptions turned into one line on stderr and an exit status.
int runProgram(int count, char** arguments);

// One file each.
int runTrainCycle(const CommandLine& line);
int runTrainBaseline(const CommandLine& line);
int runTrainSae(const CommandLine& line);
int runEvaluate(const CommandLine& line);
int runTrainAuxiliary(const CommandLine& line);
int runBench(const CommandLine& line);
void printBenchHelp(const Command& command);
int runTokenize(const CommandLine& line);
void printTokenizeHelp(const Command& command);
int runFeatures(const CommandLine& line);
void printFeaturesHelp(const Command& command);
/// `saeception features build`: the stage that makes the index.
int runBuildFeatures(const CommandLine& line);
int runExport(const CommandLine& line);
void printExportHelp(const Command& command);

}  // namespace saeception
