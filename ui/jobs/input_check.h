// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a chosen folder holds SST-2 or GPT-2 as they are downloaded, in words for who chose it.
#pragma once

#include <QString>

namespace saeception {

struct InputCheck {
    bool usable = false;
    QString folder;   ///< the one to use: the chosen one, or SST-2 inside it
    QString message;  ///< what was found, or which files are missing; empty for an empty choice
};

/// GLUE's SST-2: train.tsv with columns sentence and label, dev.tsv. Reads the first line only; for worker
/// threads. Never throws.
InputCheck checkSst2Folder(const QString& folder);

/// Hugging Face's gpt2: model.safetensors (its header is read), config.json, vocab.json, merges.txt. For
/// worker threads. Never throws.
InputCheck checkGpt2Folder(const QString& folder);

}  // namespace saeception
