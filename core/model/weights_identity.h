// SPDX-License-Identifier: GPL-3.0-or-later
// By what a file tells which weights it was made from. Torch-free.
#pragma once

#include <filesystem>
#include <string>

namespace saeception {

/// The same for two `.pt` files exactly when they hold the same tensor data in the same order, as far as the
/// checksums in their directories tell: no tensor is read, so it costs the same for any size. 32 hexadecimal
/// digits. @throws UserError naming the file when it is no such file.
std::string weightsIdentity(const std::filesystem::path& checkpoint);

}  // namespace saeception
