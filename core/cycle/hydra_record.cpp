// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/hydra_record.h"

#include "base/files.h"

#include <filesystem>

namespace saeception {

void writeHydraRecord(const RunDirectory& run, const std::string& command, const Composition& composition) {
    const std::filesystem::path config = run.hydra() / "config.yaml";
    const std::filesystem::path original = run.hydra() / "config.original.yaml";
    std::error_code code;
    if (!composition.ignoredKeys.empty() && std::filesystem::exists(config, code) &&
        !std::filesystem::exists(original, code))
        writeFile(original, readFile(config));
    writeFile(config, toYaml(composition.tree));
    writeFile(run.hydra() / "overrides.yaml", toYaml(composition.overrides));
    nlohmann::ordered_json hydra;
    hydra["hydra"] = composition.hydra;
    hydra["hydra"]["job"]["name"] = command;
    hydra["hydra"]["runtime"]["version"] = SAECEPTION_VERSION;
    hydra["hydra"]["runtime"]["output_dir"] = run.root().string();
    hydra["hydra"]["runtime"]["choices"] = composition.choices;
    writeFile(run.hydra() / "hydra.yaml", toYaml(hydra));
}

}  // namespace saeception
