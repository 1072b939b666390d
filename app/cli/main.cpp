// SPDX-License-Identifier: GPL-3.0-or-later
// saeception: the engine on the command line.
#include "base/runtime_tuning.h"
#include "command.h"

int main(int count, char** arguments) {
    saeception::tuneRuntime(arguments);
    return saeception::runProgram(count, arguments);
}
