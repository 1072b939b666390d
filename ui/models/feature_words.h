// SPDX-License-Identifier: GPL-3.0-or-later
// What a feature is called where there is room for a few words, and how its numbers are written.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"
#include "features/feature_matches.h"

#include <QString>

namespace saeception {

/// Its label, else the tokens that it fires on most: "superb · striking · fine"; "never fires".
QString featureWords(const FeatureIndex& index, int feature, const FeatureLabel& label);

/// The tokens alone.
QString peakWords(const FeatureIndex& index, int feature, int most = 4);

/// "positive +0.42": the class whose logit it raises most, and by how much above the others' for each unit of
/// activation; "–" where effects are not known.
QString effectText(const FeatureIndex& index, int feature);

/// What the figures of a feature mean, one sentence each.
QString csiDefinition();
QString usefulnessDefinition();
QString effectDefinition();

/// The name of class `label`; "–" for -1.
QString className(const FeatureIndex& index, int label);

/// "kept", "drifted", "split", "merged", "died" or, of a feature of the later cycle, "born"; "never fires".
QString fateText(Fate fate, bool later);

}  // namespace saeception
