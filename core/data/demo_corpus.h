// SPDX-License-Identifier: GPL-3.0-or-later
// The demo data set: short film reviews generated from our own lexicon and grammar, every concept known.
#pragma once

#include "data/dataset.h"

namespace saeception {

/// Generates the splits that grammar.yaml asks for: all sentences distinct, labels balanced within one in
/// every prefix (0 = negative, 1 = positive), the same for the same config.seed.
/// @throws UserError if dataset.num_classes is not 2, or the program's own demo files are missing or wrong.
Dataset makeDemoCorpus(const ExperimentConfig& config);

}  // namespace saeception
