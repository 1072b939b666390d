// SPDX-License-Identifier: GPL-3.0-or-later
// Features as a person reads them on a terminal: a table of many, or all about one.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"
#include "terminal.h"

#include <span>
#include <string>

namespace saeception {

std::string featuresTable(const FeatureIndex& index, std::span<const int> features,
                          const FeatureLabels& labels, const ConsoleStyle& style);

/// With up to `sentences` of each band; in colour their tokens are shaded, else the strongest is in brackets.
std::string featureCardText(const FeatureIndex& index, int feature, const FeatureLabels& labels,
                            int sentences, const ConsoleStyle& style);

}  // namespace saeception
