// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/install_paths.h"

#include "base/error.h"

#include <cstdlib>

namespace saeception {
namespace fs = std::filesystem;

fs::path dataDirectory(std::string_view name) {
    std::error_code code;
    if (const char* set = std::getenv("SAECEPTION_DATA_DIR"); set != nullptr && *set != '\0') {
        fs::path candidate = fs::path(set) / name;
        if (fs::is_directory(candidate, code))
            return candidate;
        fail("{} is not a folder; correct or unset SAECEPTION_DATA_DIR", candidate.string());
    }
    for (fs::path folder = fs::read_symlink("/proc/self/exe", code).parent_path(); !folder.empty();
         folder = folder.parent_path()) {
        fs::path candidate = folder / "share" / "saeception" / name;
        if (fs::is_directory(candidate, code))
            return candidate;
        if (folder == folder.root_path())
            break;
    }
    fail("the program's own data folder share/saeception/{} is missing; reinstall, or set SAECEPTION_DATA_DIR", name);
}

}  // namespace saeception
