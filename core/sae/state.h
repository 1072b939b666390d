// SPDX-License-Identifier: GPL-3.0-or-later
// Taking tensors out of a saved state by name, with errors that say what does not fit.
#pragma once

#include "base/torch_headers.h"

#include <string>
#include <utility>
#include <vector>

namespace saeception {

/// The tensor `name` of `state` as float32; it must have exactly `shape`. @throws UserError naming `origin`
/// and both shapes.
at::Tensor stateTensor(const std::vector<std::pair<std::string, at::Tensor>>& state, const std::string& name,
                       at::IntArrayRef shape, const std::string& origin);

}  // namespace saeception
