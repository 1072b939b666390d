// SPDX-License-Identifier: GPL-3.0-or-later
// Files that a launch can be filled in from: a run's config.yaml, overrides.yaml and hydra.yaml, a sweep's
// multirun.yaml, a preset.
#pragma once

#include <QString>
#include <QStringList>

#include <filesystem>

namespace saeception {

struct LaunchFile {
    QString command;        ///< of stageCommands(); empty where the file does not say
    QStringList overrides;  ///< in the order in which they are to be applied
    /// The file holds values, not choices: those of the groups stay as they are.
    bool valuesOnly = false;
    QStringList problems;  ///< what of the file cannot be loaded and why, one line each
};

/// Reads at most 64 kB, which is many times what any of these files holds.
/// @throws UserError naming the file, and the line where it is not YAML.
LaunchFile readLaunchFile(const std::filesystem::path& file);

}  // namespace saeception
