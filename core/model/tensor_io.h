// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors in and out of safetensors files.
#pragma once

#include "base/torch_headers.h"
#include "model/safetensors.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

/// Tensors by name, in the order in which they are written, listed and trained.
using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// A copy of the tensor `name` on the CPU in its own dtype (F64, F32, F16, BF16, I64, I32, I16, I8, U8,
/// BOOL).
/// @throws UserError naming the file and tensor if it is absent or of another dtype.
at::Tensor loadTensor(const SafetensorsFile& file, const std::string& name);

/// Every tensor of `file`, by name. @throws UserError as loadTensor.
NamedTensors loadTensors(const SafetensorsFile& file);

/// Writes `tensors` (any strides, any device) in the order given, whole or not at all.
/// @throws UserError naming the path, or the tensor whose dtype the format lacks.
void saveTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                 const std::map<std::string, std::string>& metadata = {});

}  // namespace saeception
