// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cycle_map_reader.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "config/overrides.h"
#include "config/tree.h"
#include "cycle/results_file.h"
#include "cycle/stage_commands.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace saeception {
namespace fs = std::filesystem;
namespace {

// What the run was told that starts it afresh elsewhere: not where it lies nor where it was gone on with.
std::vector<std::string> overridesOf(const RunDirectory& run) {
    constexpr std::array<std::string_view, 3> places = {"output_dir", "checkpoint_dir", "cycle.current"};
    std::vector<std::string> kept;
    try {
        const fs::path file = run.hydra() / "overrides.yaml";
        for (const auto& text : parseYaml(readFile(file), file.string())) {
            if (!text.is_string())
                continue;
            const std::string word = text.get<std::string>();
            const std::string key = parseOverride(word).key;
            if (!key.starts_with("hydra") && std::find(places.begin(), places.end(), key) == places.end())
                kept.push_back(word);
        }
    } catch (const UserError&) {
        return {};  // a run of Python's, or a damaged one: a fresh run then starts from the defaults
    }
    return kept;
}

// The command whose log is the newest.
std::string lastCommand(const RunDirectory& run, const std::string& recorded) {
    std::string last = recorded;
    double newest = 0;
    for (const StageCommand& command : stageCommands()) {
        const std::string name(command.name);
        struct stat info {};
        if (::stat(run.log(name).c_str(), &info) != 0)
            continue;
        const double time =
            static_cast<double>(info.st_mtim.tv_sec) + static_cast<double>(info.st_mtim.tv_nsec) * 1e-9;
        if (time > newest) {
            newest = time;
            last = name;
        }
    }
    return last;
}

void readFiles(const RunDirectory& run, CycleMapContents& contents) {
    for (int cycle = 0; cycle < contents.cycles; ++cycle)
        for (const CycleNode& node : nodesOfCycle(cycle)) {
            std::vector<MapFile> found;
            for (const fs::path& file : filesOf(run, node)) {
                struct stat info {};
                if (::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode))
                    found.push_back({file, static_cast<std::int64_t>(info.st_size),
                                     static_cast<double>(info.st_mtim.tv_sec) +
                                         static_cast<double>(info.st_mtim.tv_nsec) * 1e-9});
            }
            // The first file is the artefact; what may lie beside it does not stand for it.
            if (!found.empty() && found.front().path == filesOf(run, node).front())
                contents.files.emplace(node, std::move(found));
        }
}

void readOffers(const RunDirectory& run, const ExperimentConfig& base, CycleMapContents& contents,
                const std::stop_token& stop) {
    const CheckpointSources sources(run, base.checkpointDir);
    for (int cycle = 0; cycle < contents.cycles; ++cycle) {
        throwIfStopped(stop);
        for (const CycleNode& node : nodesOfCycle(cycle)) {
            const CycleCommand command = commandOf(node);
            if (node.isArtefact() || command.name.empty() || command.name == "train_baseline")
                continue;
            ExperimentConfig config = base;
            config.cycle.current = command.current;
            config.cycle.maxCycles = std::max(config.cycle.maxCycles, contents.cycles - 1);
            const StageCommand& spec = stageCommand(command.name);
            StageOffer offer;
            offer.missing = missingText(spec, config, sources);
            for (const Artefact& artefact : spec.makes(config))
                if (contents.files.contains(nodeOf(artefact)))
                    offer.replaced.push_back(artefact);
            offer.stale = staleAfter(spec, config, run);
            contents.offers.emplace(node, std::move(offer));
        }
    }
}

ExperimentConfig readBase(const RunDirectory& run) {
    ExperimentConfig config;
    try {
        const fs::path file = run.hydra() / "config.yaml";
        const nlohmann::ordered_json tree = parseYaml(readFile(file), file.string());
        const auto text = [&](const char* key, std::string& value) {
            if (const auto* node = findNode(tree, key); node != nullptr && node->is_string())
                value = node->get<std::string>();
        };
        text("start_from", config.startFrom);
        text("checkpoint_dir", config.checkpointDir);
    } catch (const UserError&) {
        // Told by who reads the run as a whole.
    }
    return config;
}

int cyclesIn(const CycleMapContents& contents, const RunDirectory& run) {
    int last = std::max(contents.cyclesAsked - 1, run.lastCycle());
    for (const auto& [place, history] : contents.history)
        last = std::max(last, place.first);
    return std::min(last + 1, CycleMapContents::mostCycles);
}

}  // namespace

CycleMapContents readCycleMap(const fs::path& root, const std::stop_token& stop) {
    CycleMapContents contents;
    const RunDirectory run = RunDirectory::at(root);
    contents.root = run.root();
    const std::optional<RunSummary> summary = RunReader().read(run.root(), RunWriters::look());
    contents.found = summary.has_value();
    if (!summary)
        return contents;
    throwIfStopped(stop);
    contents.title = runTitle(*summary);
    contents.status = summary->status;
    contents.ending = summary->ending;
    contents.cyclesAsked = summary->cyclesAsked;
    contents.problems = summary->problems;
    contents.command = lastCommand(run, summary->command);
    contents.overrides = overridesOf(run);
    contents.history = readStageHistory(run.metricsLog(), stop);
    const int last = std::max(contents.cyclesAsked - 1, run.lastCycle());
    if (last >= CycleMapContents::mostCycles)
        contents.problems.push_back(fmt::format("the run has {} cycles; the first {} are shown", last + 1,
                                                CycleMapContents::mostCycles));
    contents.cycles = cyclesIn(contents, run);
    const ExperimentConfig base = readBase(run);
    contents.fromBaseline = base.startFrom == "baseline";
    readFiles(run, contents);
    for (const int cycle : summary->cycles) {
        try {
            contents.results.emplace(cycle, loadResults(run, cycle));
        } catch (const UserError&) {
            // Gone since the summary was read, which tells what else is wrong with it.
        }
    }
    readOffers(run, base, contents, stop);
    return contents;
}

}  // namespace saeception
