// SPDX-License-Identifier: GPL-3.0-or-later
// How well a text answers to a few typed letters.
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace saeception {

struct FuzzyMatch {
    int score = 0;         ///< the higher the better; of use only beside others of the same pattern
    QList<int> positions;  ///< of the matched characters, ascending
};

/// The best way to find every word of `pattern` (split at white space, in upper or lower case) in `text` with
/// its letters in order. Letters that begin a word of the text or follow one another count for more, gaps and
/// long texts for less. An empty pattern matches anything with score 0. At most the first 200 characters of
/// `text` and 50 of a word are looked at.
std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text);

}  // namespace saeception
