// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception export`: a cycle's model or autoencoder in the layouts that other programs load.
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "config/nearest.h"
#include "existing_run.h"
#include "export_files.h"

#include <cstdio>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr char usage[] = "saeception export hydra.run.dir=RUN [cycle.current=N] --format FORMAT --output DIR";

const std::string& flag(const CommandLine& line, const char* name) {
    const auto found = line.values.find(name);
    if (found == line.values.end())
        throw UsageError(fmt::format("export needs {}; write {}", name, usage));
    return found->second;
}

const ExportFormat& formatNamed(const std::string& name) {
    std::vector<std::string> names;
    for (const ExportFormat& format : exportFormats()) {
        if (format.name == name)
            return format;
        names.emplace_back(format.name);
    }
    throw UsageError(fmt::format("--format {} is unknown.{} Write one of {}", name, didYouMean(name, names),
                                 fmt::join(names, ", ")));
}

bool hasAll(const RunDirectory& run, int cycle, const ExportFormat& format) {
    std::error_code code;
    const bool model = fs::exists(run.model(cycle), code), sae = fs::exists(run.sae(cycle), code);
    return format.takesModel && format.takesSae ? model || sae : format.takesModel ? model : sae;
}

int chooseCycle(const ExistingRun& of, const ExportFormat& format) {
    const RunDirectory& run = of.run;
    if (of.cycle) {
        if (!hasAll(run, *of.cycle, format))
            fail(
                "{} does not exist; name another cycle, or make it with saeception {} hydra.run.dir={} "
                "cycle.current={}",
                (format.takesModel ? run.model(*of.cycle) : run.sae(*of.cycle)).string(),
                format.takesModel ? "train_cycle" : "train_sae", run.root().string(), *of.cycle);
        return *of.cycle;
    }
    for (int cycle = run.lastCycle(); cycle >= 0; --cycle)
        if (hasAll(run, cycle, format))
            return cycle;
    fail("{} holds no {} to export; name another run", run.root().string(),
         format.takesModel ? "model checkpoint" : "autoencoder");
}

fs::path freshFolder(const std::string& name) {
    std::error_code code;
    const fs::path folder = fs::absolute(name, code).lexically_normal();
    if (fs::exists(folder, code) && (!fs::is_directory(folder, code) || !fs::is_empty(folder, code)))
        fail("--output {} is there already and not an empty folder; name a new one", folder.string());
    createDirectories(folder);
    return folder;
}

}  // namespace

int runExport(const CommandLine& line) {
    const ExportFormat& format = formatNamed(flag(line, "--format"));
    const std::string& output = flag(line, "--output");
    const ExistingRun of = existingRun(line, line.words, usage);
    const RunDirectory& run = of.run;
    const int cycle = chooseCycle(of, format);
    std::error_code code;
    const bool isNew = !fs::exists(output, code);
    const fs::path folder = freshFolder(output);
    try {
        for (const fs::path& file : format.write(run, cycle, of.composition.config, folder))
            std::printf("Wrote %s\n", file.c_str());
    } catch (...) {
        // Half an export is none.
        for (const fs::directory_entry& entry : fs::directory_iterator(folder, code))
            fs::remove(entry.path(), code);
        if (isNew)
            fs::remove(folder, code);
        throw;
    }
    std::printf("Cycle %d of %s\n", cycle, run.root().c_str());
    return exitDone;
}

void printExportHelp(const Command& command) {
    std::printf("%s\n\nUsage: %s\n\n", command.summary.c_str(), usage);
    std::printf(
        "Without cycle.current the last cycle that has the checkpoint is taken. Further overrides change\n"
        "what the run's configuration says of it, for example model.tokenizer=DIR. DIR must be new.\n\n"
        "Formats:\n");
    for (const ExportFormat& format : exportFormats())
        std::printf("  %-13s %s\n", std::string(format.name).c_str(), std::string(format.summary).c_str());
}

}  // namespace saeception
