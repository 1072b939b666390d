// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode white space: what surrounds a sentence and is stripped from it.
#pragma once

#include <string_view>

namespace saeception {

/// Whether `c` has Unicode's White_Space property (Unicode 15, PropList.txt).
bool isWhiteSpace(char32_t c);

/// `text` (valid UTF-8) without the white space at its two ends.
std::string_view stripWhiteSpace(std::string_view text);

}  // namespace saeception
