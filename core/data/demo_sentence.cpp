// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo_sentence.h"

#include "base/error.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace saeception {
namespace {

using Kind = GrammarPiece::Kind;

constexpr int deepestNesting = 32;
constexpr int tries = 8;

struct Unit {
    std::string text;
    int conceptId = -1;
    bool isArticle = false;  // to become a or an
};

// What one production is about.
struct Subject {
    const DemoAspect* aspect = nullptr;
    const DemoNoun* noun = nullptr;
    bool isPlural() const { return noun != nullptr && noun->number == NounNumber::Plural; }
};

class Expansion {
public:
    Expansion(const DemoGrammar& grammar, Rng& rng) : m_grammar(grammar), m_rng(rng) {}

    void expand(int rule, Polarity polarity, int depth) {
        const GrammarRule& chosenRule = m_grammar.rules[static_cast<std::size_t>(rule)];
        if (depth > deepestNesting)
            fail("grammar.yaml: the rule {} refers to itself without end; give it a form without a rule",
                 chosenRule.name);
        const Production& production = choose(chosenRule);
        Subject subject;
        if (production.hasNoun) {
            subject.aspect = &chooseAspect(production);
            subject.noun = &unused(subject.aspect->nouns);
            m_usedNouns.push_back(subject.noun->text);
        }
        for (const GrammarPiece& piece : production.pieces)
            if (piece.percent == 100 || static_cast<int>(m_rng.below(100)) < piece.percent)
                emit(piece, subject, piece.flips ? opposite(polarity) : polarity, depth);
    }

    const std::vector<Unit>& units() const { return m_units; }

private:
    void emit(const GrammarPiece& piece, const Subject& subject, Polarity polarity, int depth) {
        switch (piece.kind) {
            case Kind::Text:
                add(piece.forms, subject.isPlural(), piece.conceptId);
                break;
            case Kind::Article:
                m_units.push_back({"a", -1, true});
                break;
            case Kind::NounArticle:
                if (subject.noun->number == NounNumber::Singular)
                    m_units.push_back({"a", -1, true});
                break;
            case Kind::Noun:
                m_units.push_back({subject.noun->text, subject.aspect->conceptId, false});
                break;
            case Kind::Word:
                addWord(piece, subject, polarity);
                break;
            case Kind::Rule:
                expand(piece.index, polarity, depth + 1);
                break;
        }
    }

    void add(const WordForms& forms, bool plural, int conceptId) {
        m_units.push_back({plural ? forms.plural : forms.singular, conceptId, false});
    }

    void addWord(const GrammarPiece& piece, const Subject& subject, Polarity polarity) {
        const auto index = static_cast<std::size_t>(piece.index);
        const WordList& list = m_grammar.lexicon.lists[index];
        const std::size_t sign = list.isSigned ? static_cast<std::size_t>(polarity) : 0;
        const auto& entries = (subject.aspect != nullptr ? subject.aspect->words[index] : list.general)[sign];
        const WordForms* chosen = &pick(entries);
        for (int i = 0;
             i < tries && std::find(m_usedWords.begin(), m_usedWords.end(), *chosen) != m_usedWords.end();
             ++i)
            chosen = &pick(entries);
        m_usedWords.push_back(*chosen);
        add(*chosen, piece.bare || subject.isPlural(), list.concepts[sign]);
    }

    template <typename T>
    const T& pick(const std::vector<T>& from) {
        return from[m_rng.below(from.size())];
    }

    const DemoNoun& unused(const std::vector<DemoNoun>& nouns) {
        const DemoNoun* noun = &pick(nouns);
        for (int i = 0;
             i < tries && std::find(m_usedNouns.begin(), m_usedNouns.end(), noun->text) != m_usedNouns.end();
             ++i)
            noun = &pick(nouns);
        return *noun;
    }

    const Production& choose(const GrammarRule& rule) {
        auto left = static_cast<int>(m_rng.below(static_cast<std::uint64_t>(rule.totalWeight)));
        for (const Production& production : rule.productions)
            if ((left -= production.weight) < 0)
                return production;
        return rule.productions.back();
    }

    const DemoAspect& chooseAspect(const Production& production) {
        const DemoAspect* aspect = &drawAspect(production);
        for (int i = 0; i < tries &&
                        std::find(m_usedAspects.begin(), m_usedAspects.end(), aspect) != m_usedAspects.end();
             ++i)
            aspect = &drawAspect(production);
        m_usedAspects.push_back(aspect);
        return *aspect;
    }

    const DemoAspect& drawAspect(const Production& production) {
        const std::vector<DemoAspect>& aspects = m_grammar.lexicon.aspects;
        if (!production.about.empty())
            return aspects[static_cast<std::size_t>(pick(production.about))];
        int total = 0;
        for (const DemoAspect& aspect : aspects)
            total += aspect.weight;
        auto left = static_cast<int>(m_rng.below(static_cast<std::uint64_t>(std::max(total, 1))));
        for (const DemoAspect& aspect : aspects)
            if ((left -= aspect.weight) < 0)
                return aspect;
        return aspects.back();
    }

    const DemoGrammar& m_grammar;
    Rng& m_rng;
    std::vector<Unit> m_units;
    std::vector<const DemoAspect*> m_usedAspects;
    std::vector<std::string> m_usedNouns;
    std::vector<WordForms> m_usedWords;
};

bool isPunctuation(std::string_view text) {
    return text == "," || text == "." || text == ";";
}

}  // namespace

DemoSentence formSentence(const DemoGrammar& grammar, Polarity polarity, Rng& rng) {
    Expansion expansion(grammar, rng);
    expansion.expand(grammar.root, polarity, 0);
    const std::vector<Unit>& units = expansion.units();
    DemoSentence sentence;
    for (std::size_t i = 0; i < units.size(); ++i) {
        std::string_view text = units[i].text;
        if (units[i].isArticle && i + 1 < units.size())
            text = grammar.lexicon.articleBefore(units[i + 1].text);
        const bool isWord = !isPunctuation(text);
        if (isWord && !sentence.text.empty())
            sentence.text += ' ';
        const auto begin = static_cast<std::uint32_t>(sentence.text.size());
        sentence.text += text;
        if (isWord)
            sentence.words += 1 + static_cast<int>(std::count(text.begin(), text.end(), ' '));
        if (units[i].conceptId >= 0)
            sentence.concepts.push_back({begin, static_cast<std::uint32_t>(sentence.text.size()),
                                         static_cast<std::uint16_t>(units[i].conceptId)});
    }
    if (!sentence.text.empty() && sentence.text[0] >= 'a' && sentence.text[0] <= 'z')
        sentence.text[0] = static_cast<char>(sentence.text[0] - 'a' + 'A');
    return sentence;
}

}  // namespace saeception
