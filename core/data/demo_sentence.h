// SPDX-License-Identifier: GPL-3.0-or-later
// Forms one sentence of the demo corpus: expands the grammar, agrees, joins, and notes where each concept
// stands.
#pragma once

#include "base/random.h"
#include "data/dataset.h"
#include "data/demo_grammar.h"

namespace saeception {

struct DemoSentence {
    std::string text;
    std::vector<ConceptSpan> concepts;  ///< from left to right, on word boundaries, not overlapping
    int words = 0;
};

/// One sentence of `polarity`, its length unchecked. No aspect, noun or opinion word is used twice where that
/// can be helped.
/// @throws UserError if the rules refer to each other without end.
DemoSentence formSentence(const DemoGrammar& grammar, Polarity polarity, Rng& rng);

}  // namespace saeception
