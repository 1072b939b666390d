// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fuzzy_match.h"

#include <QStringList>

#include <algorithm>
#include <limits>
#include <vector>

namespace saeception {
namespace {

constexpr int matched = 4;
constexpr int atWordStart = 12;
constexpr int atTextStart = 4;  // on top of atWordStart
constexpr int inSequence = 12;
constexpr int gap = 1;  // for each character passed over inside a match
constexpr int mostGap = 6;
constexpr int lengthShare = 8;  // characters of text that cost one point
constexpr int impossible = std::numeric_limits<int>::min() / 2;
constexpr qsizetype mostText = 200;
constexpr qsizetype mostWord = 50;

bool startsWord(const QString& text, int place) {
    if (place == 0)
        return true;
    const QChar before = text[place - 1];
    const QChar here = text[place];
    return here.isLetterOrNumber() && (!before.isLetterOrNumber() || (before.isLower() && here.isUpper()));
}

// Letters of `word` against characters of `text`: best[i][j] is the score of the first i + 1 letters with
// letter i at character j.
std::optional<FuzzyMatch> matchWord(const QString& word, const QString& text) {
    const int letters = static_cast<int>(word.size());
    const int characters = static_cast<int>(text.size());
    if (letters > characters)
        return std::nullopt;
    const auto cells = static_cast<std::size_t>(letters) * static_cast<std::size_t>(characters);
    std::vector<int> best(cells, impossible);
    std::vector<int> cameFrom(cells, -1);
    const auto at = [&](int letter, int place) {
        return static_cast<std::size_t>(letter) * static_cast<std::size_t>(characters) +
               static_cast<std::size_t>(place);
    };
    for (int letter = 0; letter < letters; ++letter)
        for (int place = letter; place < characters; ++place) {
            if (word[letter].toCaseFolded() != text[place].toCaseFolded())
                continue;
            int own = matched;
            if (startsWord(text, place))
                own += place == 0 ? atWordStart + atTextStart : atWordStart;
            if (letter == 0) {
                best[at(0, place)] = own;
                continue;
            }
            for (int before = letter - 1; before < place; ++before) {
                const int soFar = best[at(letter - 1, before)];
                if (soFar == impossible)
                    continue;
                const int passed = place - before - 1;
                const int score = soFar + own + (passed == 0 ? inSequence : -std::min(mostGap, gap * passed));
                if (score > best[at(letter, place)]) {
                    best[at(letter, place)] = score;
                    cameFrom[at(letter, place)] = before;
                }
            }
        }
    FuzzyMatch match{impossible, {}};
    int end = -1;
    for (int place = 0; place < characters; ++place)
        if (best[at(letters - 1, place)] > match.score) {
            match.score = best[at(letters - 1, place)];
            end = place;
        }
    if (end < 0)
        return std::nullopt;
    for (int letter = letters - 1; letter >= 0; --letter) {
        match.positions.prepend(end);
        end = cameFrom[at(letter, end)];
    }
    return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text) {
    FuzzyMatch whole;
    const QString searched = text.left(mostText);
    for (const QString& word : pattern.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto match = matchWord(word.left(mostWord), searched);
        if (!match)
            return std::nullopt;
        whole.score += match->score;
        whole.positions += match->positions;
    }
    if (!whole.positions.isEmpty())
        whole.score -= static_cast<int>(searched.size()) / lengthShare;
    std::sort(whole.positions.begin(), whole.positions.end());
    whole.positions.erase(std::unique(whole.positions.begin(), whole.positions.end()), whole.positions.end());
    return whole;
}

}  // namespace saeception
