// SPDX-License-Identifier: GPL-3.0-or-later
// Reads JSON Lines files: one JSON object a line.
#pragma once

#include "data/example_list.h"

#include <filesystem>

namespace saeception {

/// dataset.text_column and dataset.label_column name keys: the text (or "title+body" for several, joined) is
/// a string, the label a whole number or a class name. Other keys and blank lines are passed over.
/// @throws UserError naming the file, line, key or label and the remedy.
void readJsonl(const std::filesystem::path& path, const DatasetConfig& config, ExampleList& examples);

}  // namespace saeception
