// SPDX-License-Identifier: GPL-3.0-or-later
#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace saeception {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

bool localeIsUtf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string value = environment(name);
        if (!value.empty())
            return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos ||
                   value.find("UTF8") != std::string::npos;
    }
    return false;
}

}  // namespace

ConsoleStyle consoleStyle(std::FILE* stream) {
    ConsoleStyle style;
    const std::string term = environment("TERM");
    style.rewriting = ::isatty(::fileno(stream)) == 1 && !term.empty() && term != "dumb";
    style.colour = style.rewriting && environment("NO_COLOR").empty();
    style.unicode = !style.rewriting || localeIsUtf8();
    return style;
}

int terminalColumns(std::FILE* stream) {
    winsize size{};
    if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 100;
}

}  // namespace saeception
