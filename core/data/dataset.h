// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled sentences: what every data-set reader produces and everything else consumes.
#pragma once

#include "config/config.h"

#include <cstdint>
#include <string>
#include <vector>

namespace saeception {

/// A known concept over a byte range [begin, end) of an example's text (demo corpus only).
struct ConceptSpan {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint16_t conceptId = 0;
};

struct Example {
    std::string text;  ///< valid UTF-8, already stripped if dataset.strip
    std::int32_t label = 0;
    std::vector<ConceptSpan> concepts;
};

/// An example's id is its index in its split: file order for files, generation order for the demo.
using Split = std::vector<Example>;

struct Dataset {
    std::string name;
    std::vector<std::string> classNames;    ///< size = number of classes
    std::vector<std::string> conceptNames;  ///< empty unless the concepts are known
    Split train;
    Split validation;
};

/// Whether the files that the config names (data set, tokenizer, initial weights) are there; nothing is read,
/// so a launcher may ask as often as it likes. @throws UserError naming the first that is missing and the
/// key.
void checkInputFiles(const ExperimentConfig& config);

/// Reads or generates the data set that `config.dataset` names, by its format. Deterministic in
/// (config.dataset, config.seed).
/// @throws UserError naming the file, line, column or label and the remedy.
Dataset loadDataset(const ExperimentConfig& config);

}  // namespace saeception
