// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_record.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "config/tree.h"
#include "cycle/run_directory.h"
#include "cycle/run_files.h"

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

Json readTree(const fs::path& file) {
    return parseYaml(readFile(file), file.string());
}

std::string textAt(const Json& tree, const std::string& path) {
    const Json* const node = findNode(tree, path);
    return node != nullptr && node->is_string() ? node->get<std::string>() : std::string();
}

}  // namespace

Json readRunRecord(const fs::path& root) {
    const fs::path file = root / ".hydra" / "config.yaml";
    Json record = readTree(file);
    if (!record.is_object())
        fail("{} does not hold a configuration; copy it from another run or name another run", file.string());
    return record;
}

std::string newerVersionOf(const Json& settings) {
    std::string version = textAt(settings, "hydra.runtime.version");
    // Hydra's own programs write Hydra's version there.
    const bool isOurs = findNode(settings, "hydra.runtime.output_dir") != nullptr &&
                        findNode(settings, "hydra.runtime.config_sources") == nullptr;
    return isOurs && isNewerVersion(version, SAECEPTION_VERSION) ? version : std::string();
}

RecordedCommand readRecordedCommand(const fs::path& root) {
    const Json settings = readTree(root / ".hydra" / "hydra.yaml");
    RecordedCommand command;
    command.name = textAt(settings, "hydra.job.name");
    command.newerVersion = newerVersionOf(settings);
    if (const Json* const hydra = findNode(settings, "hydra"); hydra != nullptr && hydra->is_object())
        command.hydra = *hydra;
    const fs::path overrides = root / ".hydra" / "overrides.yaml";
    std::error_code code;
    if (fs::exists(overrides, code))
        for (const Json& text : readTree(overrides))
            if (text.is_string())
                command.overrides.push_back(text.get<std::string>());
    return command;
}

fs::path checkpointFolder(const std::string& name) {
    if (name.empty())
        return {};
    std::error_code code;
    fs::path folder = RunDirectory::at(name).root();
    if (!fs::is_directory(folder, code))
        fail("checkpoint_dir={}: there is no such folder; name a run, or a folder with checkpoints", name);
    if (!folder.has_filename())
        folder = folder.parent_path();
    const bool isInRun = folder.filename() == "checkpoints" &&
                         fs::exists(folder.parent_path() / ".hydra" / "config.yaml", code);
    return isInRun ? folder.parent_path() : folder;
}

}  // namespace saeception
