// SPDX-License-Identifier: GPL-3.0-or-later
// Which files a data set consists of, and its two splits out of them, whatever the files' format.
#pragma once

#include "data/example_list.h"

#include <filesystem>
#include <string_view>

namespace saeception {

/// Adds the examples of one file to the list. @throws UserError naming the file, line and remedy.
using FileReader = void (*)(const std::filesystem::path&, const DatasetConfig&, ExampleList&);

/// Whether dataset.path holds the files of a data set whose names end in "." + `extension`; nothing is read.
/// @throws UserError naming what is missing.
void checkDatasetFiles(const DatasetConfig& config, std::string_view extension);

/// Reads dataset.path: a folder with train.EXT and, for validation, the first there is of dev, validation,
/// valid, val (and, but for tsv, whose GLUE test sets have no labels, test); or one file. Without a
/// validation file, dataset.validation_split of the training examples, drawn by config.seed without regard to
/// their labels, becomes the validation split; both keep file order.
/// @throws UserError naming the file, line, column or label and the remedy.
Dataset readDatasetFiles(const ExperimentConfig& config, std::string_view extension, FileReader read);

}  // namespace saeception
