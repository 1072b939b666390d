// SPDX-License-Identifier: GPL-3.0-or-later
// What a person writes about features: a label, a note, a star and lists, kept with the run in
// features/labels.json. Torch-free.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace saeception {

struct FeatureLabel {
    std::string label;  ///< a few words; empty: none
    std::string note;   ///< may have several lines
    bool starred = false;
    std::vector<std::string> lists;  ///< names of the lists that it is on, in the order given, none twice
    bool operator==(const FeatureLabel&) const = default;
    bool empty() const { return *this == FeatureLabel{}; }
};

/// By feature; features without anything written are left out.
using FeatureLabels = std::map<int, FeatureLabel>;

/// Features belong to an autoencoder, not to a cycle: when the SAE of a cycle is trained again, what was
/// written about the earlier one stays in the file, and shows again only if that comes back. `sae`:
/// weightsIdentity() of the checkpoint, as IndexOrigin tells.
/// @throws UserError naming the file when it cannot be read or holds something else.
FeatureLabels loadFeatureLabels(const std::filesystem::path& runRoot, const std::string& sae);

/// Writes one feature's label, whole or not at all; an empty one removes it. Everything else that the file
/// holds stays. `cycle` is noted for readers of the file. @throws UserError as loadFeatureLabels, or when it
/// cannot be written.
void saveFeatureLabel(const std::filesystem::path& runRoot, const std::string& sae, int cycle, int feature,
                      const FeatureLabel& label);

/// How many labels the file holds for other autoencoders of `cycle` than `sae`. @throws UserError
int labelsOfOthers(const std::filesystem::path& runRoot, const std::string& sae, int cycle);

}  // namespace saeception
