// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a data set in GLUE's own layout: a folder with train.tsv and dev.tsv.
#pragma once

#include "data/dataset.h"

namespace saeception {

/// Whether dataset.path holds such files; nothing is read. @throws UserError naming what is missing.
void checkGlueFiles(const DatasetConfig& config);

/// Tab-separated UTF-8 without quoting, a header line naming the columns; Windows line ends, a byte order
/// mark and blank lines are allowed. A label is one of dataset.class_names, or else a number from 0 to
/// num_classes - 1. Without dev.tsv, dataset.validation_split of train.tsv, drawn by the seed, becomes the
/// validation split.
/// @throws UserError naming the file, line, column or label and the remedy.
Dataset readGlueTsv(const ExperimentConfig& config);

}  // namespace saeception
