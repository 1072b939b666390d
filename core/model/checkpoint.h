// SPDX-License-Identifier: GPL-3.0-or-later
// Model and SAE checkpoints: {'epoch': ..., 'model_state_dict': {name: tensor}, 'val_accuracy': ..., ...} in
// a `.pt` file.
#pragma once

#include "model/pt_file.h"
#include "model/tensor_io.h"

#include <filesystem>

namespace saeception {

struct Checkpoint {
    std::int64_t epoch = 0;  ///< epochs completed
    NamedTensors state;      ///< 'model_state_dict'
    PtDict extra;            ///< all other entries, e.g. 'val_accuracy', 'val_loss'
};

/// Writes 'epoch', 'model_state_dict', then `extra` in order, whole or not at all. @throws UserError naming
/// the path.
void saveCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Reads our own checkpoints and Python's; a bare state dict (name -> tensor) also counts as one. Names lose
/// the prefixes of wrapped modules, "module." (DataParallel) and "_orig_mod." (torch.compile).
/// @throws UserError naming the file and what is missing or malformed.
Checkpoint loadCheckpoint(const std::filesystem::path& path);

/// What it tells beside its tensors (Checkpoint::extra), without reading these. @throws UserError as above
PtDict checkpointFacts(const std::filesystem::path& path);

}  // namespace saeception
