// SPDX-License-Identifier: GPL-3.0-or-later
// Text files of other people's making: read whole, checked to be UTF-8, quoted in error lines.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace saeception {

/// The whole file, without a byte order mark. @throws UserError naming the path, or the line and byte that
/// are not valid UTF-8.
std::string readTextFile(const std::filesystem::path& path);

/// `text` on one line and cut to about `longest` bytes, at a character's boundary, for an error line.
std::string excerpt(std::string_view text, std::size_t longest = 60);

}  // namespace saeception
