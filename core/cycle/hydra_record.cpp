// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/hydra_record.h"

#include "base/files.h"

#include <filesystem>

namespace saeception {

void writeHydraRecord(const RunDirectory& run, const std::string& command, const Composition& composition,
                      const std::string& folder) {
    const std::filesystem::path place = folder.empty() ? run.hydra() : run.hydra() / folder;
    createDirectories(place);
    const std::filesystem::path config = place / "config.yaml";
    const std::filesystem::path original = place / "config.original.yaml";
    std::error_code code;
    if (!composition.ignoredKeys.empty() && std::filesystem::exists(config, code) &&
        !std::filesystem::exists(original, code))
        writeFile(original, readFile(config));
    writeFile(config, toYaml(composition.tree));
    writeFile(place / "overrides.yaml", toYaml(composition.overrides));
    nlohmann::ordered_json hydra;
    hydra["hydra"] = composition.hydra;
    hydra["hydra"]["job"]["name"] = command;
    hydra["hydra"]["runtime"]["version"] = SAECEPTION_VERSION;
    hydra["hydra"]["runtime"]["output_dir"] = run.root().string();
    hydra["hydra"]["runtime"]["choices"] = composition.choices;
    writeFile(place / "hydra.yaml", toYaml(hydra));
}

}  // namespace saeception
