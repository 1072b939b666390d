// SPDX-License-Identifier: GPL-3.0-or-later
// Reads tab-separated files as GLUE writes them.
#pragma once

#include "data/example_list.h"

#include <filesystem>

namespace saeception {

/// UTF-8 without quoting: a quotation mark is a character like any other. Windows line ends, a byte order
/// mark and blank lines are allowed. @throws UserError naming the file, line, column or label and the remedy.
void readTsv(const std::filesystem::path& path, const DatasetConfig& config, ExampleList& examples);

}  // namespace saeception
