// SPDX-License-Identifier: GPL-3.0-or-later
// Features written for other programs and for people without this one: JSON, CSV and a page of HTML that needs
// nothing else. Torch-free.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>

namespace saeception {

/// What one row of a table tells: numbers, classes, what it fires on, what was written about it. Values that are
/// not known are null.
nlohmann::ordered_json featureRowJson(const FeatureIndex& index, int feature, const FeatureLabels& labels);

/// The row and everything else that the index holds of the feature, with up to `sentences` of each band.
nlohmann::ordered_json featureJson(const FeatureIndex& index, int feature, const FeatureLabels& labels,
                                   int sentences);

/// {"cycle", "classes", "concepts", "rows", "features": [...]}.
nlohmann::ordered_json featuresJson(const FeatureIndex& index, std::span<const int> features,
                                    const FeatureLabels& labels, int sentences);

/// A heading and a row for each feature, as RFC 4180 wants them (lines end in CRLF).
std::string featuresCsv(const FeatureIndex& index, std::span<const int> features, const FeatureLabels& labels);

/// One page with a table and a card for each feature, its data, style and script inside. @throws UserError when
/// the program's own template is missing
std::string featuresHtml(const FeatureIndex& index, std::span<const int> features, const FeatureLabels& labels,
                         int sentences, const std::string& title);

}  // namespace saeception
