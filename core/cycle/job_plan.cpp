// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/job_plan.h"

#include "base/error.h"
#include "base/files.h"
#include "config/overrides.h"
#include "config/schema.h"
#include "config/tree.h"
#include "cycle/run_record.h"
#include "cycle/stage_commands.h"
#include "data/dataset.h"

#include <algorithm>
#include <filesystem>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// What the command line says about the place, before it is known on which base the rest stands.
struct Wanted {
    std::string runDir;
    std::string outputDir = ExperimentConfig{}.outputDir;
    std::string checkpointDir;
    std::string startFrom = ExperimentConfig{}.startFrom;
    int cycle = 0;
    bool namesMaxCycles = false;
    std::optional<UserError> problem;  ///< why the command line alone makes no configuration
};

bool isText(const Json& node, const char* key) {
    return node.contains(key) && node[key].is_string();
}

Wanted literalPlace(const std::vector<std::string>& overrides) {
    Wanted wanted;
    for (const std::string& text : overrides) {
        const Override override = parseOverride(text);
        if (override.kind == OverrideKind::Delete || !override.hasValue)
            continue;
        const std::string value = override.value.is_null() ? "" : valueText(override.value);
        if (override.key == "hydra.run.dir")
            wanted.runDir = value;
        else if (override.key == "output_dir")
            wanted.outputDir = value;
        else if (override.key == "checkpoint_dir")
            wanted.checkpointDir = value;
        else if (override.key == "start_from")
            wanted.startFrom = value;
        else if (override.key == "cycle.current" && override.value.is_number_integer())
            wanted.cycle = override.value.get<int>();
        else if (override.key == "cycle.max_cycles")
            wanted.namesMaxCycles = true;
    }
    return wanted;
}

/// The cycle that `command` makes at most, so that a run's record always spans all that the run holds.
int highestCycle(const StageCommand& command, int current) {
    ExperimentConfig config;
    config.cycle.current = current;
    config.cycle.maxCycles = current;
    int highest = current;
    for (const Artefact& artefact : command.makes(config))
        highest = std::max(highest, artefact.cycle);
    return highest;
}

/// `request` with cycle.max_cycles grown where nobody names it; Hydra's record shows only what was typed.
Composition composeSpanning(ComposeRequest request, const StageCommand& command, const Wanted& wanted) {
    std::string grown;
    if (!wanted.namesMaxCycles && command.name != "train_cycle") {
        int recorded = ExperimentConfig{}.cycle.maxCycles;
        if (request.base)
            if (const Json* node = findNode(*request.base, "cycle.max_cycles");
                node != nullptr && node->is_number_integer())
                recorded = node->get<int>();
        if (const int highest = highestCycle(command, wanted.cycle); highest > recorded)
            grown = fmt::format("cycle.max_cycles={}", highest);
    }
    if (!grown.empty())
        request.overrides.push_back(grown);
    Composition composition = compose(request);
    if (!grown.empty()) {
        std::erase(composition.overrides, grown);
        if (Json* task = findNode(composition.hydra, "overrides.task"); task != nullptr && task->is_array()) {
            Json typed = Json::array();
            for (const Json& text : *task)
                if (text != grown)
                    typed.push_back(text);
            *task = std::move(typed);
        }
    }
    return composition;
}

/// Settings out of config files and interpolations need a composition; where that fails for want of the base,
/// the words of the command line decide.
Wanted placeOf(const StageCommand& command, const ComposeRequest& request) {
    Wanted wanted = literalPlace(request.overrides);
    try {
        const Composition alone = composeSpanning(request, command, wanted);
        wanted.runDir = alone.runDir;
        wanted.outputDir = alone.outputDir();
        wanted.checkpointDir = alone.config.checkpointDir;
        wanted.startFrom = alone.config.startFrom;
        wanted.cycle = alone.config.cycle.current;
    } catch (const UserError& error) {
        wanted.problem = error;
    }
    return wanted;
}

bool isRun(const fs::path& root) {
    std::error_code code;
    return fs::exists(root / ".hydra" / "config.yaml", code);
}

/// The checkpoint_dir that an earlier command recorded in the run, as long as the folder is there.
fs::path recordedSource(const Json& record) {
    std::error_code code;
    if (!isText(record, "checkpoint_dir"))
        return {};
    const std::string name = record["checkpoint_dir"].get<std::string>();
    return !name.empty() && fs::path(name).is_absolute() && fs::is_directory(name, code)
               ? checkpointFolder(name)
               : fs::path();
}

/// The run that hydra.run.dir names; nothing where a fresh one is to be started from checkpoint_dir.
std::optional<RunDirectory> namedRun(const Wanted& wanted, const fs::path& source) {
    std::error_code code;
    const fs::path root = RunDirectory::at(wanted.runDir).root();
    if (isRun(root))
        return RunDirectory::open(root);
    const bool empty = !fs::exists(root, code) || (fs::is_directory(root, code) && fs::is_empty(root, code));
    if (empty && !source.empty())
        return std::nullopt;
    if (empty)
        throw NoRun(fmt::format(
            "there is no run in {}; name an existing one with hydra.run.dir=DIR, or add checkpoint_dir=DIR "
            "to start a new one from its checkpoints",
            root.string()));
    fail(
        "{} is not a run: it has no .hydra/config.yaml; name the folder that a run printed, or give this one "
        "as checkpoint_dir and leave hydra.run.dir out",
        root.string());
}

struct Found {
    RunDirectory run;
    std::string reason;
};

Found newestRun(const StageCommand& command, const Wanted& wanted) {
    ExperimentConfig config;
    config.cycle.current = wanted.cycle;
    config.cycle.maxCycles = std::max(config.cycle.maxCycles, wanted.cycle);
    config.startFrom = wanted.startFrom;
    std::string names;
    std::string held;
    for (const Artefact& need : command.needs(config))
        names += (names.empty() ? "" : " and ") + artefactName(need);
    const fs::path folder = RunDirectory::at(wanted.outputDir).root();
    const std::vector<fs::path> runs = findRuns(folder);
    for (const fs::path& root : runs) {
        const RunDirectory run = RunDirectory::at(root);
        fs::path source;
        try {
            source = recordedSource(readRunRecord(root));
        } catch (const UserError&) {
            continue;  // a run whose record cannot be read is never chosen unasked
        }
        if (!missingText(command, config, CheckpointSources(run, source)).empty())
            continue;
        if (!RunLock::isHeld(run))
            return {run, fmt::format("the newest run with {}", names)};
        if (held.empty())
            held = root.string();
    }
    if (!held.empty())
        throw UserError(RunLock::heldText(held));
    if (runs.empty())
        throw NoRun(fmt::format(
            "there is no run below {}; start one with: saeception train_baseline, or name one with "
            "hydra.run.dir=DIR",
            folder.string()));
    throw NoRun(fmt::format("no run below {} has {}; the newest: {}", folder.string(), names,
                            missingText(command, config, CheckpointSources(RunDirectory::at(runs.front())))));
}

bool overrideNames(const std::vector<std::string>& overrides, std::string_view key) {
    return std::any_of(overrides.begin(), overrides.end(),
                       [&](const std::string& text) { return parseOverride(text).key == key; });
}

void eraseKey(Json& tree, const std::string& key) {
    const std::size_t dot = key.rfind('.');
    Json* parent = dot == std::string::npos ? &tree : findNode(tree, key.substr(0, dot));
    if (parent != nullptr && parent->is_object())
        parent->erase(dot == std::string::npos ? key : key.substr(dot + 1));
}

/// What of a record belongs to the place where it was written and not to the experiment.
Json withoutPlace(Json record, bool continues) {
    if (record.contains("cycle") && record["cycle"].is_object())
        record["cycle"].erase("current");
    // What + adds is asked of one command, and must be free to be added again.
    for (const KeySpec& spec : schema())
        if (spec.appendOnly)
            eraseKey(record, spec.key);
    const auto isPlain = [&](const char* key) {
        return isText(record, key) && record[key].get<std::string>().find("${") == std::string::npos;
    };
    if (!continues || !isPlain("output_dir"))
        record.erase("output_dir");
    if (!continues || recordedSource(record).empty())
        record.erase("checkpoint_dir");
    return record;
}

/// Where a command works, and not what it makes.
bool isOfThePlace(const std::string& key) {
    return key == "cycle.current" || key == "cycle.max_cycles" || key == "output_dir" ||
           key == "checkpoint_dir" || key == "threads" || key == "device" || key == "wandb.mode";
}

/// A run's record is that of the last command that made something in it: what it says otherwise than before
/// holds for the commands to come.
void addChanged(JobPlan& plan, const Json& record, const fs::path& root) {
    std::string list;
    for (const KeySpec& spec : schema()) {
        const Json* before = findNode(record, spec.key);
        const Json* now = findNode(plan.composition.tree, spec.key);
        if (before == nullptr || now == nullptr || *before == *now || spec.appendOnly ||
            isOfThePlace(spec.key) ||
            (before->is_string() && before->get<std::string>().find("${") != std::string::npos))
            continue;
        list += fmt::format("{}{}={} (was {})", list.empty() ? "" : ", ", spec.key, valueText(*now),
                            valueText(*before));
    }
    if (!list.empty())
        plan.warnings.push_back(fmt::format(
            "{}: these settings differ from the run's earlier record, and hold for later commands: {}",
            root.string(), list));
}

void addIgnored(JobPlan& plan, const fs::path& root) {
    if (plan.composition.ignoredKeys.empty())
        return;
    std::string list;
    for (const std::string& key : plan.composition.ignoredKeys)
        list += (list.empty() ? "" : ", ") + key;
    plan.warnings.push_back(fmt::format("{}: these keys have no effect here: {}",
                                        (root / ".hydra" / "config.yaml").string(), list));
}

}  // namespace

JobPlan planJob(const std::string& command, ComposeRequest request) {
    const StageCommand& spec = stageCommand(command);
    request.jobName = command;
    const Wanted wanted = placeOf(spec, request);
    JobPlan plan;
    plan.command = command;
    {
        ExperimentConfig config;
        config.cycle.current = wanted.cycle;
        if (spec.needs(config).empty()) {
            plan.composition = compose(request);
            return plan;
        }
    }
    const fs::path source = checkpointFolder(wanted.checkpointDir);
    std::optional<RunDirectory> run;
    try {
        if (!wanted.runDir.empty()) {
            run = namedRun(wanted, source);
        } else if (source.empty()) {
            Found found = newestRun(spec, wanted);
            run = std::move(found.run);
            plan.reason = std::move(found.reason);
        }
    } catch (const UserError&) {
        // A misspelt override would be wrong in any run, and may be why none was found.
        if (wanted.problem)
            throw *wanted.problem;
        throw;
    }
    plan.continues = run.has_value();

    const fs::path base = run ? run->root() : isRun(source) ? source : fs::path();
    bool tokenizerIsKnown = true;
    if (!base.empty()) {
        request.base = withoutPlace(readRunRecord(base), plan.continues);
        plan.sizesFromCheckpoint = findNode(*request.base, "model.num_layers") == nullptr;
        plan.headsAssumed = findNode(*request.base, "model.num_heads") == nullptr &&
                            !overrideNames(request.overrides, "model.num_heads");
        tokenizerIsKnown = findNode(*request.base, "model.tokenizer") != nullptr ||
                           overrideNames(request.overrides, "model.tokenizer");
    }
    plan.composition = composeSpanning(std::move(request), spec, wanted);
    plan.keepsRecord = run && !othersBuildOn(spec) && !plan.sizesFromCheckpoint && tokenizerIsKnown &&
                       plan.composition.ignoredKeys.empty();
    if (run && othersBuildOn(spec))
        addChanged(plan, readRunRecord(base), base);
    if (run) {
        plan.composition.runDir = run->root().string();
        mergeAt(plan.composition.hydra, "run.dir", plan.composition.runDir);
    }
    const fs::path other = checkpointFolder(plan.composition.config.checkpointDir);
    if (!other.empty()) {
        plan.composition.config.checkpointDir = other.string();
        plan.composition.tree["checkpoint_dir"] = other.string();
    }
    plan.sources = CheckpointSources(std::move(run), other);
    if (!base.empty())
        addIgnored(plan, base);
    if (std::string missing = missingText(spec, plan.composition.config, plan.sources); !missing.empty())
        throw UserError(missing);
    if (!tokenizerIsKnown && !plan.sources.tokenizer())
        fail(
            "{}: nothing there tells which tokenizer the model was trained with; name its folder (vocab.json "
            "and merges.txt) with model.tokenizer=DIR",
            base.string());
    return plan;
}

std::vector<Artefact> artefactsToMake(const JobPlan& plan) {
    std::vector<Artefact> left = stageCommand(plan.command).makes(plan.composition.config);
    std::erase_if(left, [&](const Artefact& artefact) { return plan.finished.contains(artefact); });
    return left;
}

std::optional<fs::path> keptTokenizer(const JobPlan& plan) {
    // What a resumed run was first told is why its tokenizer is the one that it kept.
    if (!plan.resumes && overrideNames(plan.composition.overrides, "model.tokenizer"))
        return std::nullopt;
    return plan.sources.tokenizer();
}

void checkInputs(const JobPlan& plan) {
    ExperimentConfig config = plan.composition.config;
    if (keptTokenizer(plan))
        config.model.tokenizer = "train";
    if (artefactsToMake(plan).front() != Artefact{ArtefactKind::Model, 0})
        config.model.init = "random";  // the weights come from a checkpoint
    checkInputFiles(config);
}

}  // namespace saeception
