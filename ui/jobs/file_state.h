// SPDX-License-Identifier: GPL-3.0-or-later
// Tells one version of some files from the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace saeception {

/// By their times and sizes; a file that is gone has a state as well.
struct FileState {
    FileState() = default;
    explicit FileState(const std::vector<std::filesystem::path>& paths);
    bool operator==(const FileState&) const = default;

    std::vector<std::pair<std::filesystem::file_time_type, std::uintmax_t>> files;
};

}  // namespace saeception
