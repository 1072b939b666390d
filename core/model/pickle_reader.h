// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the pickle inside a `.pt` file as data. No name in it is ever looked up or called: a short list is
// understood, everything else refused by name.
#pragma once

#include "model/pt_file.h"

#include <functional>
#include <string>
#include <string_view>

namespace saeception {

/// The storage `key` of the file as a one-dimensional tensor of `elements` elements.
using StorageLoader =
    std::function<at::Tensor(const std::string& key, at::ScalarType type, std::int64_t elements)>;

/// Protocols 2 to 5 as torch.save writes them, in bounded memory. @throws UserError naming `origin` and what
/// it does not understand.
PtValue readPickle(std::string_view bytes, const std::string& origin, const StorageLoader& loadStorage);

}  // namespace saeception
