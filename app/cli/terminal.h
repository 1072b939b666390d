// SPDX-License-Identifier: GPL-3.0-or-later
// What the terminal behind a stream can do.
#pragma once

#include <cstdio>

namespace saeception {

/// How to write to a stream.
struct ConsoleStyle {
    bool rewriting = false;  ///< one line may be written over and over
    bool colour = false;
    bool unicode = true;  ///< arrows and bars beyond ASCII
    int columns = 0;      ///< 0: ask the terminal each time
};

/// From isatty, TERM, NO_COLOR (https://no-color.org) and the locale's character set.
ConsoleStyle consoleStyle(std::FILE* stream);

/// Width of the terminal; 100 where there is none.
int terminalColumns(std::FILE* stream);

}  // namespace saeception
