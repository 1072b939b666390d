// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, times and sizes as people read them, the same on the console and in the window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// About three significant digits: "0", "0.813", "0.0123", "2.1e-05", "12.4", "813", "1.2 k", "67.3 k", "1.2
/// M"; whole numbers below 1000 without a point; "–" for NaN, "∞" and "-∞".
std::string formatNumber(double value);

/// A percentage (0..100): "37 %", "3.7 %", "0.42 %", "0 %"; "–" for NaN.
std::string formatPercent(double percent);

/// "0.4 s", "8 s", "2 min 10 s", "1 h 05 min", "2 d 4 h"; below 10 s one decimal unless whole. Empty if
/// negative or NaN.
std::string formatDuration(double seconds);

/// Decimal units: "812 B", "1.2 kB", "412 MB", "3.1 GB".
std::string formatBytes(std::int64_t bytes);

/// Columns that UTF-8 `text` takes in a terminal: its code points without combining marks, wide East Asian
/// ones counted twice.
std::size_t displayWidth(std::string_view text);

/// `text` filled with spaces to `width` columns, on the left or on the right; longer text is left as it is.
std::string padLeft(std::string_view text, std::size_t width);
std::string padRight(std::string_view text, std::size_t width);

/// `text` broken at spaces into lines of at most `width` columns (longer words stand alone).
std::vector<std::string> wrapText(std::string_view text, std::size_t width);

}  // namespace saeception
