// SPDX-License-Identifier: GPL-3.0-or-later
// Features written whole for other programs and for people without this one: JSON, CSV and a page of HTML
// that needs nothing else. Written as they are made: of tens of thousands of features the text is larger than
// memory. Torch-free.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

enum class ExportFormat { Json, Csv, Html };

struct FeatureExport {
    const FeatureIndex& index;
    const std::vector<int>& features;  ///< in this order
    const FeatureLabels& labels;
    int sentences = 0;  ///< of each band; of no account in CSV
    std::string title;  ///< of the page
};

/// JSON: {"cycle", "classes", "concepts", ..., "features": [...]} with each feature (featureJson) on a line
/// of its own. CSV: a heading and a row for each feature, as RFC 4180 wants them (lines end in CRLF); a text
/// that a spreadsheet would take for a formula (=, +, -, @ first) has a ' before it. HTML: a table and a card
/// for each feature.
/// @throws UserError when the program's own template is missing
void exportFeatures(const FeatureExport& what, ExportFormat format,
                    const std::function<void(std::string_view)>& sink);

/// The same into a file, whole or not at all. @throws UserError
void exportFeatures(const FeatureExport& what, ExportFormat format, const std::filesystem::path& file);

}  // namespace saeception
