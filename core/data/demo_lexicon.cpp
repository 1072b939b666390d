// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo_lexicon.h"

#include "base/error.h"
#include "data/yaml_access.h"

#include <algorithm>
#include <utility>

namespace saeception {
namespace {

constexpr std::size_t mostConcepts = 64;  // a token's concepts are the bits of one word
constexpr std::array<const char*, 2> polarityNames = {"negative", "positive"};

template <typename T>
int indexNamed(const std::vector<T>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.name == name; });
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

int requireConcept(const DemoLexicon& lexicon, const std::string& name, const std::string& where) {
    const int found = lexicon.conceptNamed(name);
    if (found < 0)
        fail("{}: '{}' is not among the concepts at the top of the file; add it there", where, name);
    return found;
}

void appendForms(const YamlNode& list, std::vector<WordForms>& forms) {
    for (const YamlNode& entry : list.items())
        forms.push_back(parseForms(entry.text(), entry.where()));
    if (forms.empty())
        fail("{}: the list is empty; give it a word", list.where());
}

WordList readList(const DemoLexicon& lexicon, const std::string& name, const YamlNode& node) {
    WordList list;
    list.name = name;
    list.isSigned = !node.has("any");
    if (list.isSigned) {
        for (std::size_t sign = 0; sign < 2; ++sign) {
            list.concepts[sign] = requireConcept(lexicon, polarityNames[sign], node.where());
            appendForms(node[polarityNames[sign]], list.general[sign]);
        }
    } else {
        const YamlNode conceptNode = node["concept"];
        list.concepts[0] = requireConcept(lexicon, conceptNode.text(), conceptNode.where());
        appendForms(node["any"], list.general[0]);
    }
    return list;
}

DemoAspect readAspect(const DemoLexicon& lexicon, const std::string& name, const YamlNode& node) {
    DemoAspect aspect;
    aspect.name = name;
    aspect.conceptId = requireConcept(lexicon, name, node.where());
    aspect.weight = node["weight"].integer(0);
    const YamlNode nouns = node["nouns"];
    for (const auto& [key, number] :
         {std::pair{"mass", NounNumber::Mass}, std::pair{"singular", NounNumber::Singular},
          std::pair{"plural", NounNumber::Plural}})
        if (nouns.has(key))
            for (std::string& noun : nouns[key].texts())
                aspect.nouns.push_back({std::move(noun), number});
    if (aspect.nouns.empty())
        fail("{}: the aspect {} has no nouns; list some under mass, singular or plural", nouns.where(), name);
    for (const WordList& list : lexicon.lists) {
        SignedForms forms = list.general;
        if (node.has(list.name) && list.isSigned) {
            for (std::size_t sign = 0; sign < 2; ++sign)
                appendForms(node[list.name][polarityNames[sign]], forms[sign]);
        } else if (node.has(list.name)) {
            forms[0].clear();
            appendForms(node[list.name], forms[0]);
        }
        aspect.words.push_back(std::move(forms));
    }
    return aspect;
}

}  // namespace

WordForms parseForms(std::string_view text, const std::string& where) {
    WordForms forms;
    while (!text.empty()) {
        const std::size_t open = text.find('[');
        const std::string_view common = text.substr(0, open);
        forms.singular += common;
        forms.plural += common;
        if (open == std::string_view::npos)
            break;
        const std::size_t bar = text.find('|', open);
        const std::size_t close = text.find(']', open);
        if (bar == std::string_view::npos || close == std::string_view::npos || bar > close)
            fail("{}: '{}' has a [ without | and ]; write [singular|plural]", where, text);
        forms.singular += text.substr(open + 1, bar - open - 1);
        forms.plural += text.substr(bar + 1, close - bar - 1);
        text.remove_prefix(close + 1);
    }
    if (forms.singular.empty() || forms.plural.empty())
        fail("{}: an empty word; write it or remove it", where);
    return forms;
}

int DemoLexicon::conceptNamed(std::string_view name) const {
    const auto found = std::find(concepts.begin(), concepts.end(), name);
    return found == concepts.end() ? -1 : static_cast<int>(found - concepts.begin());
}

int DemoLexicon::listNamed(std::string_view name) const {
    return indexNamed(lists, name);
}

int DemoLexicon::aspectNamed(std::string_view name) const {
    return indexNamed(aspects, name);
}

std::string_view DemoLexicon::articleBefore(std::string_view next) const {
    const std::string_view word = next.substr(0, next.find(' '));
    if (takesA.contains(word))
        return "a";
    const bool vowel =
        !word.empty() && std::string_view("aeiou").find(word.front()) != std::string_view::npos;
    return vowel || takesAn.contains(word) ? "an" : "a";
}

DemoLexicon loadDemoLexicon(const std::filesystem::path& file) {
    const YamlNode root = YamlNode::load(file);
    DemoLexicon lexicon;
    lexicon.concepts = root["concepts"].texts();
    if (lexicon.concepts.size() > mostConcepts)
        fail("{}: {} concepts are more than {}; remove some", root["concepts"].where(),
             lexicon.concepts.size(), mostConcepts);
    const YamlNode words = root["words"];
    for (const std::string& name : words.keys())
        lexicon.lists.push_back(readList(lexicon, name, words[name]));
    const YamlNode aspects = root["aspects"];
    for (const std::string& name : aspects.keys())
        lexicon.aspects.push_back(readAspect(lexicon, name, aspects[name]));
    const YamlNode articles = root["articles"];
    for (const std::string& word : articles["a"].texts())
        lexicon.takesA.insert(word);
    for (const std::string& word : articles["an"].texts())
        lexicon.takesAn.insert(word);
    return lexicon;
}

}  // namespace saeception
