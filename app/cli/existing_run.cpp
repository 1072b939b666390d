// SPDX-License-Identifier: GPL-3.0-or-later
#include "existing_run.h"

#include "base/error.h"
#include "base/files.h"
#include "run_job.h"

#include <algorithm>

namespace saeception {
namespace fs = std::filesystem;

bool overridesName(const std::vector<std::string>& overrides, std::string_view key) {
    return std::any_of(overrides.begin(), overrides.end(), [&](std::string_view text) {
        text.remove_prefix(std::min(text.find_first_not_of('+'), text.size()));
        return text.starts_with(key) && text.substr(key.size()).starts_with('=');
    });
}

ExistingRun existingRun(const CommandLine& line, const std::vector<std::string>& words,
                        const std::string& usage, bool (*serves)(const RunDirectory&)) {
    ComposeRequest request = composeRequest(line, words);
    // Any cycle of the run may be named, however many were asked for when it was recorded.
    if (!overridesName(words, "cycle.max_cycles"))
        request.overrides.push_back("cycle.max_cycles=1000");
    const Composition alone = compose(request);
    std::string folder = alone.runDir;
    if (folder.empty() && serves == nullptr)
        throw UsageError(fmt::format("{} needs the run's folder; write {}", line.command, usage));
    if (folder.empty()) {
        const std::vector<fs::path> runs = findRuns(alone.outputDir());
        const auto found = std::find_if(runs.begin(), runs.end(),
                                        [&](const fs::path& root) { return serves(RunDirectory::at(root)); });
        if (found == runs.end())
            fail("no run below {} serves; name one with hydra.run.dir=DIR: {}", alone.outputDir(), usage);
        folder = found->string();
    }
    ExistingRun result{RunDirectory::open(folder), {}, {}, alone.runDir.empty()};
    const fs::path record = result.run.hydra() / "config.yaml";
    request.base = parseYaml(readFile(record), record.string());
    result.composition = compose(request);
    if (overridesName(words, "cycle.current"))
        result.cycle = result.composition.config.cycle.current;
    return result;
}

}  // namespace saeception
