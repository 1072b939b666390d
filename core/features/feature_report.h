// SPDX-License-Identifier: GPL-3.0-or-later
// All that an index and its labels tell of one feature, as JSON. Torch-free.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"

#include <nlohmann/json.hpp>

namespace saeception {

/// What one row of a table tells: numbers, classes, what it fires on, what was written about it. Values that
/// are not known are null.
nlohmann::ordered_json featureRowJson(const FeatureIndex& index, int feature, const FeatureLabels& labels);

/// The row and everything else that the index holds of the feature, with up to `sentences` of each band.
nlohmann::ordered_json featureJson(const FeatureIndex& index, int feature, const FeatureLabels& labels,
                                   int sentences);

}  // namespace saeception
