// SPDX-License-Identifier: GPL-3.0-or-later
// saeception: the engine on the command line.
#include "command.h"

int main(int count, char** arguments) {
    return saeception::runProgram(count, arguments);
}
