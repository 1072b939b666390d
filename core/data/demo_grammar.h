// SPDX-License-Identifier: GPL-3.0-or-later
// The rules by which the demo corpus forms sentences, read from grammar.yaml (whose head explains the
// notation).
#pragma once

#include "data/demo_lexicon.h"

#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

/// One item of a production, in the order of the sentence.
struct GrammarPiece {
    enum class Kind {
        Text,         ///< `forms`, agreeing with the noun
        Article,      ///< a or an, by the next word
        NounArticle,  ///< the same, but only before a countable singular noun
        Noun,         ///< the noun this production is about
        Word,         ///< an entry of list `index`
        Rule,         ///< an expansion of rule `index`
    };
    Kind kind = Kind::Text;
    WordForms forms;
    int conceptId = -1;  ///< of a Text; -1: none
    int index = -1;
    bool flips = false;  ///< takes the opposite polarity
    bool bare = false;   ///< takes the plural form whatever the noun
    int percent = 100;   ///< how often it is there at all
};

struct Production {
    int weight = 1;
    std::vector<int> about;  ///< aspects to choose from; empty: any, by weight
    bool hasNoun = false;
    std::vector<GrammarPiece> pieces;
};

struct GrammarRule {
    std::string name;
    int totalWeight = 0;
    std::vector<Production> productions;
};

struct DemoGrammar {
    DemoLexicon lexicon;
    std::vector<GrammarRule> rules;
    int root = -1;
    int trainSize = 0;
    int validationSize = 0;
    int fewestWords = 1;
    int mostWords = 0;
};

/// Reads lexicon.yaml and grammar.yaml in `folder`. @throws UserError naming the file, the line and what is
/// wrong.
DemoGrammar loadDemoGrammar(const std::filesystem::path& folder);

}  // namespace saeception
