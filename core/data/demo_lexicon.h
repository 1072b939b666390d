// SPDX-License-Identifier: GPL-3.0-or-later
// The words of the demo corpus with their concepts, polarity and grammatical number, read from lexicon.yaml.
#pragma once

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

enum class Polarity : int { Negative = 0, Positive = 1 };

inline Polarity opposite(Polarity polarity) {
    return polarity == Polarity::Positive ? Polarity::Negative : Polarity::Positive;
}

/// One entry beside a singular and beside a plural noun; the plural form is also the bare form of a verb.
struct WordForms {
    std::string singular;
    std::string plural;
    friend bool operator==(const WordForms&, const WordForms&) = default;
};

/// The forms of "[a|b] rest": a or b, and what is common to both. @throws UserError starting with `where`.
WordForms parseForms(std::string_view text, const std::string& where);

/// Entries of one list by polarity; an unsigned list uses only the first.
using SignedForms = std::array<std::vector<WordForms>, 2>;

struct WordList {
    std::string name;
    bool isSigned = false;
    std::array<int, 2> concepts = {-1, -1};  ///< by polarity; an unsigned list uses the first
    SignedForms general;                     ///< fit every aspect
};

enum class NounNumber { Mass, Singular, Plural };

struct DemoNoun {
    std::string text;
    NounNumber number = NounNumber::Singular;
};

/// Something that a sentence can be about.
struct DemoAspect {
    std::string name;
    int conceptId = -1;
    int weight = 0;  ///< 0: only where a rule asks for it
    std::vector<DemoNoun> nouns;
    std::vector<SignedForms> words;  ///< by list: what fits this aspect
};

struct DemoLexicon {
    std::vector<std::string> concepts;  ///< at most 64; a concept's id is its index
    std::vector<WordList> lists;
    std::vector<DemoAspect> aspects;
    std::set<std::string, std::less<>> takesA;   ///< words with "a" in spite of their first letter
    std::set<std::string, std::less<>> takesAn;  ///< words with "an" in spite of their first letter

    int conceptNamed(std::string_view name) const;  ///< -1 if there is none
    int listNamed(std::string_view name) const;     ///< -1 if there is none
    int aspectNamed(std::string_view name) const;   ///< -1 if there is none
    /// "a" or "an", whichever goes before `next`.
    std::string_view articleBefore(std::string_view next) const;
};

/// @throws UserError naming the file, the line and what is wrong.
DemoLexicon loadDemoLexicon(const std::filesystem::path& file);

}  // namespace saeception
