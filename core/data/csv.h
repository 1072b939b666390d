// SPDX-License-Identifier: GPL-3.0-or-later
// Reads comma-separated files (RFC 4180).
#pragma once

#include "data/example_list.h"

#include <filesystem>

namespace saeception {

/// Quoted fields may hold commas, line breaks and doubled quotes; a quote within an unquoted field is an
/// ordinary character. Any line ends, a byte order mark and blank lines are allowed.
/// @throws UserError naming the file, the line on which the record starts, column or label and the remedy.
void readCsv(const std::filesystem::path& path, const DatasetConfig& config, ExampleList& examples);

}  // namespace saeception
