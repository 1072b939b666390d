// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

namespace saeception {

void throwIfStopped(const std::stop_token& stop) {
    if (stop.stop_requested())
        throw Cancelled();
}

std::string oneLine(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20)
            c = ' ';
    return text;
}

}  // namespace saeception
