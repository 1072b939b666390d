// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program's own read-only data lies: configs/, demo/ and report/, in the build tree as when
// installed.
#pragma once

#include <filesystem>
#include <string_view>

namespace saeception {

/// `share/saeception/<name>`, looked for under $SAECEPTION_DATA_DIR first, then beside the folders above the
/// running program. @throws UserError if it is nowhere.
std::filesystem::path dataDirectory(std::string_view name);

}  // namespace saeception
