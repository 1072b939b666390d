// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/file_state.h"

namespace saeception {
namespace fs = std::filesystem;

FileState::FileState(const std::vector<fs::path>& paths) {
    for (const fs::path& file : paths) {
        std::error_code code;
        const auto time = fs::last_write_time(file, code);
        const auto size = fs::file_size(file, code);
        files.emplace_back(time, size);
    }
}

}  // namespace saeception
