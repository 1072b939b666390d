// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stage_commands.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "config/overrides.h"

#include <algorithm>
#include <set>
#include <utility>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Config = ExperimentConfig;
using Artefacts = std::vector<Artefact>;

Artefact model(int cycle) {
    return {ArtefactKind::Model, cycle};
}
Artefact sae(int cycle) {
    return {ArtefactKind::Sae, cycle};
}
Artefact results(int cycle) {
    return {ArtefactKind::Results, cycle};
}
Artefact features(int cycle) {
    return {ArtefactKind::Features, cycle};
}

// What retraining towards the targets of `cycle` starts from.
Artefacts retrainingNeeds(const Config& config, int cycle) {
    Artefacts needs = {model(cycle), sae(cycle)};
    if (config.startFrom == "baseline" && cycle > 0)
        needs.push_back(model(0));
    return needs;
}

Artefacts nothing(const Config&) {
    return {};
}
Artefacts baselineMakes(const Config&) {
    return {model(0)};
}
Artefacts saeNeeds(const Config& config) {
    return {model(config.cycle.current)};
}
Artefacts saeMakes(const Config& config) {
    return {sae(config.cycle.current)};
}
Artefacts evaluateNeeds(const Config& config) {
    return {model(config.cycle.current), sae(config.cycle.current)};
}
Artefacts evaluateMakes(const Config& config) {
    return {results(config.cycle.current), features(config.cycle.current)};
}
Artefacts featuresMakes(const Config& config) {
    return {features(config.cycle.current)};
}
Artefacts auxiliaryNeeds(const Config& config) {
    return retrainingNeeds(config, config.cycle.current);
}
Artefacts auxiliaryMakes(const Config& config) {
    return {model(config.cycle.current + 1)};
}
Artefacts loopNeeds(const Config& config) {
    return config.cycle.current == 0 ? Artefacts() : retrainingNeeds(config, config.cycle.current - 1);
}
Artefacts loopMakes(const Config& config) {
    Artefacts makes;
    for (int cycle = config.cycle.current; cycle <= config.cycle.maxCycles; ++cycle)
        makes.insert(makes.end(), {model(cycle), sae(cycle), results(cycle), features(cycle)});
    return makes;
}

// What is made of `artefact` by a single step.
Artefacts madeFrom(const Artefact& artefact) {
    const int cycle = artefact.cycle;
    switch (artefact.kind) {
        case ArtefactKind::Model:
            return {sae(cycle), results(cycle), features(cycle), model(cycle + 1)};
        case ArtefactKind::Sae:
            return {results(cycle), features(cycle), model(cycle + 1)};
        case ArtefactKind::Results:
        case ArtefactKind::Features:
            break;
    }
    return {};
}

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

struct Maker {
    std::string_view command;
    int cycle = 0;
};

Maker makerOf(const Artefact& artefact) {
    switch (artefact.kind) {
        case ArtefactKind::Model:
            return artefact.cycle == 0 ? Maker{"train_baseline", 0}
                                       : Maker{"train_auxiliary", artefact.cycle - 1};
        case ArtefactKind::Sae:
            return {"train_sae", artefact.cycle};
        case ArtefactKind::Features:
            return {"features", artefact.cycle};
        case ArtefactKind::Results:
            break;
    }
    return {"evaluate", artefact.cycle};
}

std::string commandLine(std::string_view command, int cycle, const RunDirectory& run) {
    return fmt::format("saeception {} cycle.current={} {}",
                       command == "features" ? "features build" : command, cycle,
                       shellWord("hydra.run.dir=" + run.root().string()));
}

// What the run was told about its model and data, as words of a shell; nothing where that cannot be read.
std::string modelOverrides(const RunDirectory& run) {
    static const std::set<std::string, std::less<>> others = {
        "sae",      "sharpening",     "control",    "cycle",      "evaluation",
        "features", "checkpoint_dir", "output_dir", "start_from", "absorption"};
    std::string words;
    try {
        const fs::path file = run.hydra() / "overrides.yaml";
        for (const auto& text : parseYaml(readFile(file), file.string())) {
            if (!text.is_string())
                continue;
            const std::string word = text.get<std::string>();
            const std::string key = parseOverride(word).key;
            if (!others.contains(key.substr(0, key.find_first_of(".@"))))
                words += ' ' + shellWord(word);
        }
    } catch (const UserError&) {
        return {};
    }
    return words;
}

// What must be made first so that `artefact` can be made at all; itself when its makings are there.
Artefact firstStep(Artefact artefact, const Config& config, const CheckpointSources& sources) {
    for (;;) {
        const Artefacts needs = inputsOf(artefact, config);
        const auto missing = std::find_if(needs.begin(), needs.end(),
                                          [&](const Artefact& need) { return !sources.find(need); });
        if (missing == needs.end())
            return artefact;
        artefact = *missing;
    }
}

}  // namespace

std::span<const StageCommand> stageCommands() {
    static const std::vector<StageCommand> table = {
        {"train_baseline", "Fine-tune the model of cycle 0 in a new run", nothing, baselineMakes},
        {"train_sae", "Train an autoencoder on the model of cycle.current", saeNeeds, saeMakes},
        {"evaluate", "Measure model and autoencoder of cycle.current and index the features", evaluateNeeds,
         evaluateMakes},
        {"features", "Build the feature index of cycle.current anew", evaluateNeeds, featuresMakes},
        {"train_auxiliary", "Sharpen the features of cycle.current and retrain: the next cycle's model",
         auxiliaryNeeds, auxiliaryMakes},
        {"train_cycle", "Train, sharpen and retrain in cycles, and evaluate each cycle", loopNeeds,
         loopMakes},
    };
    return table;
}

const StageCommand& stageCommand(std::string_view name) {
    for (const StageCommand& command : stageCommands())
        if (command.name == name)
            return command;
    fail("there is no command '{}' that trains or evaluates", name);
}

bool othersBuildOn(const StageCommand& command) {
    const Artefacts makes = command.makes(Config{});
    return std::any_of(makes.begin(), makes.end(),
                       [](const Artefact& artefact) { return !madeFrom(artefact).empty(); });
}

Artefacts inputsOf(const Artefact& artefact, const Config& config) {
    const Maker maker = makerOf(artefact);
    Config then = config;
    then.cycle.current = maker.cycle;
    return stageCommand(maker.command).needs(then);
}

Stage stageOf(const Artefact& artefact) {
    switch (artefact.kind) {
        case ArtefactKind::Model:
            return artefact.cycle == 0 ? Stage::Baseline : Stage::Auxiliary;
        case ArtefactKind::Sae:
            return Stage::Sae;
        case ArtefactKind::Results:
            return Stage::Evaluate;
        case ArtefactKind::Features:
            break;
    }
    return Stage::Features;
}

std::string missingText(const StageCommand& command, const Config& config, const CheckpointSources& sources) {
    const Artefacts needs = command.needs(config);
    const auto found =
        std::find_if(needs.begin(), needs.end(), [&](const Artefact& need) { return !sources.find(need); });
    if (found == needs.end())
        return {};
    const std::string name = artefactName(*found);
    if (!sources.own()) {
        if (!sources.other())
            return fmt::format("{} is needed; name the run that has it with hydra.run.dir=DIR", name);
        return fmt::format("{} is missing in {}; give a run or a folder that has it with checkpoint_dir=DIR",
                           name, sources.other()->root().string());
    }
    std::string where = sources.own()->root().string();
    if (sources.other())
        where += fmt::format(" and in checkpoint_dir={}", sources.other()->root().string());
    const Artefact first = firstStep(*found, config, sources);
    const std::string making = makingCommand(first, *sources.own());
    if (first == *found)
        return fmt::format("{} is missing in {}; make it {} {}", name, where,
                           first == model(0) ? "in a new run with:" : "with:", making);
    return fmt::format("{} is missing in {}, and so is {}, which comes before it; {} {}", name, where,
                       artefactName(first),
                       first == model(0) ? "start a new run with:" : "go on with:", making);
}

std::string makingCommand(const Artefact& artefact, const RunDirectory& run) {
    const Maker maker = makerOf(artefact);
    if (maker.command == "train_baseline")  // a fresh run: other checkpoints of this one have another past
        return "saeception train_baseline" + modelOverrides(run);
    return commandLine(maker.command, maker.cycle, run);
}

std::string nextCommand(const StageCommand& command, const Config& config, const RunDirectory& run) {
    const int cycle = config.cycle.current;
    if (command.name == "train_baseline")
        return commandLine("train_sae", 0, run);
    if (command.name == "train_sae")
        return commandLine("evaluate", cycle, run);
    if (command.name == "evaluate")
        return commandLine("train_auxiliary", cycle, run);
    if (command.name == "train_auxiliary")
        return commandLine("train_sae", cycle + 1, run);
    return {};
}

Artefacts staleAfter(const StageCommand& command, const Config& config, const RunDirectory& run) {
    const Artefacts makes = command.makes(config);
    const std::set<Artefact> made(makes.begin(), makes.end());
    std::set<Artefact> stale;
    // A whole cycle may be missing in between, so the chain is followed by number and not by what exists.
    const int last = run.lastCycle();
    Artefacts open = makes;
    std::set<Artefact> seen = made;
    while (!open.empty()) {
        const Artefact from = open.back();
        open.pop_back();
        for (const Artefact& artefact : madeFrom(from)) {
            if (artefact.cycle > last || !seen.insert(artefact).second)
                continue;
            open.push_back(artefact);
            if (isThere(artefactPath(run, artefact)))
                stale.insert(artefact);
        }
    }
    Artefacts list(stale.begin(), stale.end());
    std::stable_sort(list.begin(), list.end(),
                     [](const Artefact& a, const Artefact& b) { return a.cycle < b.cycle; });
    return list;
}

std::string shellWord(const std::string& text) {
    constexpr std::string_view plain = "@%+=:,./-_";
    const bool safe = !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
        return std::isalnum(c) != 0 || c >= 0x80 || plain.find(static_cast<char>(c)) != std::string::npos;
    });
    if (safe)
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace saeception
