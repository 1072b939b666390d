// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/resume_plan.h"

#include "base/error.h"
#include "config/overrides.h"
#include "config/tree.h"
#include "cycle/run_files.h"
#include "cycle/run_record.h"
#include "cycle/stage_commands.h"
#include "cycle/stage_history.h"

#include <algorithm>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr char loop[] = "train_cycle";

/// Whether `artefact` was made to its end, after the last of what it is made from.
bool isFinished(const Artefact& artefact, const ExperimentConfig& config, const StageHistories& histories) {
    const auto historyOf = [&](const Artefact& which) {
        const auto found = histories.find({which.cycle, stageOf(which)});
        return found == histories.end() ? StageHistory() : found->second;
    };
    const StageHistory own = historyOf(artefact);
    const std::vector<Artefact> inputs = inputsOf(artefact, config);
    return own.finished > 0 && !own.open &&
           std::all_of(inputs.begin(), inputs.end(),
                       [&](const Artefact& input) { return historyOf(input).finished <= own.finishedStart; });
}

/// What `config` asks for and the run holds for good. Whatever is made from something that is missing is
/// missing too.
std::set<Artefact> finishedArtefacts(const RunDirectory& run, const ExperimentConfig& config) {
    const StageHistories histories = readStageHistory(run.metricsLog());
    const std::vector<Artefact> asked = stageCommand(loop).makes(config);
    std::set<Artefact> finished;
    for (const Artefact& artefact : asked) {
        const std::vector<Artefact> inputs = inputsOf(artefact, config);
        const bool standsOnFinished = std::all_of(inputs.begin(), inputs.end(), [&](const Artefact& input) {
            return finished.contains(input) || std::find(asked.begin(), asked.end(), input) == asked.end();
        });
        if (standsOnFinished && isFinished(artefact, config, histories) && isWhole(run, artefact))
            finished.insert(artefact);
    }
    return finished;
}

void checkOverride(const std::string& text) {
    const Override override = parseOverride(text);
    const bool isAllowed = override.key == "cycle.max_cycles" || override.key == "threads";
    if (!isAllowed || override.kind == OverrideKind::Delete || !override.hasValue)
        fail(
            "'{}' does not go with --resume, which keeps the run's own settings; only cycle.max_cycles (to "
            "raise it) and threads can be given; other settings need a new run",
            text);
}

/// @throws UserError where the run is not one to go on with.
RecordedCommand requireLoop(const RunDirectory& run) {
    const std::string root = run.root().string();
    if (RunLock::isHeld(run))
        fail("{} is in use: a command is working in it; wait for it to end", root);
    RecordedCommand command = readRecordedCommand(run.root());
    if (!command.newerVersion.empty())
        fail("{} was written by version {} of saeception, newer than this {}; go on with it there", root,
             command.newerVersion, SAECEPTION_VERSION);
    if (command.name != loop)
        fail(
            "{} was last worked on by {}, and --resume goes on with what train_cycle began; go on one "
            "command "
            "at a time with hydra.run.dir={}",
            root, command.name.empty() ? "another program" : command.name, root);
    std::error_code code;
    if (!fs::exists(run.metricsLog(), code) && hasCheckpoints(run.root()))
        fail(
            "{}: metrics.jsonl is missing, and nothing else tells which stages came to their end; start a "
            "new "
            "run, with checkpoint_dir={} to take what is there",
            root, root);
    return command;
}

/// The run's record stays as it was typed; what is typed now is added.
void keepRecord(Composition& composition, RecordedCommand command, const std::string& root) {
    for (const std::string& text : composition.overrides)
        std::erase_if(command.overrides, [&](const std::string& before) {
            return parseOverride(before).key == parseOverride(text).key;
        });
    command.overrides.insert(command.overrides.end(), composition.overrides.begin(),
                             composition.overrides.end());
    composition.overrides = std::move(command.overrides);
    if (!command.hydra.is_object())
        return;
    composition.hydra = std::move(command.hydra);
    mergeAt(composition.hydra, "overrides.task", composition.overrides);
    mergeAt(composition.hydra, "runtime.output_dir", root);
    if (const Json* const choices = findNode(composition.hydra, "runtime.choices");
        choices != nullptr && choices->is_object())
        for (const auto& [group, choice] : choices->items())
            if (choice.is_string())
                composition.choices[group] = choice.get<std::string>();
}

}  // namespace

JobPlan planResume(const fs::path& folder, std::vector<std::string> overrides) {
    for (const std::string& text : overrides)
        checkOverride(text);
    const RunDirectory run = RunDirectory::open(folder);
    const std::string root = run.root().string();
    RecordedCommand command = requireLoop(run);
    ComposeRequest request;
    request.base = readRunRecord(run.root());
    const Json recorded = *request.base;
    request.overrides = std::move(overrides);
    JobPlan plan;
    plan.command = loop;
    plan.resumes = true;
    plan.continues = true;
    plan.composition = compose(request);
    plan.composition.runDir = root;
    keepRecord(plan.composition, std::move(command), root);
    const ExperimentConfig& config = plan.composition.config;
    if (const Json* const cycles = findNode(recorded, "cycle.max_cycles");
        cycles != nullptr && cycles->is_number_integer() && config.cycle.maxCycles < cycles->get<int>())
        fail("cycle.max_cycles={} is below the run's own {}; with --resume it can only be raised",
             config.cycle.maxCycles, cycles->get<int>());
    plan.sources = CheckpointSources(run, checkpointFolder(config.checkpointDir));
    if (const std::string missing = missingText(stageCommand(loop), config, plan.sources); !missing.empty())
        throw UserError(missing);
    plan.finished = finishedArtefacts(run, config);
    if (plan.finished.size() == stageCommand(loop).makes(config).size())
        throw NothingLeft(
            fmt::format("{} is finished, nothing is left to do; for another cycle add "
                        "cycle.max_cycles={}",
                        root, config.cycle.maxCycles + 1));
    return plan;
}

ResumePoint resumePoint(const JobPlan& plan) {
    const Artefact first = artefactsToMake(plan).front();
    return {stageOf(first), first.cycle};
}

std::optional<ResumePoint> resumePoint(const RunDirectory& run) {
    try {
        return resumePoint(planResume(run.root()));
    } catch (const UserError&) {
        return std::nullopt;
    }
}

std::string resumeText(const ResumePoint& point) {
    return fmt::format("{} of cycle {}", stageTitle(point.stage), point.cycle);
}

std::string resumeCommand(const RunDirectory& run) {
    return fmt::format("saeception {} --resume {}", loop, shellWord(run.root().string()));
}

}  // namespace saeception
