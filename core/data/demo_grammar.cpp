// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo_grammar.h"

#include "base/error.h"
#include "data/yaml_access.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace saeception {
namespace {

using Kind = GrammarPiece::Kind;

// "{despite} the [is|are] x" -> "{despite}", "the", "[is|are]", "x": spaces within brackets do not separate.
std::vector<std::string_view> splitTemplate(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == ' ' && depth == 0)) {
            if (i > begin)
                parts.push_back(text.substr(begin, i - begin));
            begin = i + 1;
        } else if (text[i] == '{' || text[i] == '[') {
            ++depth;
        } else if (text[i] == '}' || text[i] == ']') {
            --depth;
        }
    }
    return parts;
}

class TemplateParser {
public:
    TemplateParser(const DemoLexicon& lexicon, const std::vector<std::string>& ruleNames)
        : m_lexicon(lexicon), m_ruleNames(ruleNames) {}

    GrammarPiece parse(std::string_view part, const std::string& where) const {
        GrammarPiece piece;
        if (!part.starts_with('{')) {
            if (part == "a")
                piece.kind = Kind::Article;
            else
                piece.forms = parseForms(part, where);
            return piece;
        }
        if (!part.ends_with('}') || part.size() < 3)
            fail("{}: '{}' has no name in braces, or no space after them; correct it", where, part);
        std::string_view slot = part.substr(1, part.size() - 2);
        if (const std::size_t colon = slot.find(':'); colon != std::string_view::npos)
            parseLiteral(slot, colon, where, piece);
        else if (slot == "noun")
            piece.kind = Kind::Noun;
        else if (slot == "article")
            piece.kind = Kind::NounArticle;
        else
            parseReference(slot, where, piece);
        return piece;
    }

private:
    void parseLiteral(std::string_view slot, std::size_t colon, const std::string& where,
                      GrammarPiece& piece) const {
        piece.conceptId = m_lexicon.conceptNamed(slot.substr(0, colon));
        if (piece.conceptId < 0)
            fail("{}: '{}' is no concept of lexicon.yaml; correct the name or add it there", where,
                 slot.substr(0, colon));
        piece.forms = parseForms(slot.substr(colon + 1), where);
    }

    // "adjective=", "verb~ bare", "time?15", "@clause~"
    void parseReference(std::string_view slot, const std::string& where, GrammarPiece& piece) const {
        if (slot.ends_with(" bare")) {
            piece.bare = true;
            slot.remove_suffix(5);
        }
        if (const std::size_t mark = slot.find('?'); mark != std::string_view::npos) {
            const auto [end, error] =
                std::from_chars(slot.data() + mark + 1, slot.data() + slot.size(), piece.percent);
            if (error != std::errc() || end != slot.data() + slot.size() || piece.percent < 0 ||
                piece.percent > 100)
                fail("{}: '{}' needs a number from 0 to 100 after the question mark", where, slot);
            slot = slot.substr(0, mark);
        }
        const bool isSigned = slot.ends_with('=') || slot.ends_with('~');
        piece.flips = slot.ends_with('~');
        if (isSigned)
            slot.remove_suffix(1);
        bool needsSign = true;
        if (slot.starts_with('@')) {
            const auto found = std::find(m_ruleNames.begin(), m_ruleNames.end(), slot.substr(1));
            if (found == m_ruleNames.end())
                fail("{}: there is no rule '{}'; correct the name or add the rule", where, slot.substr(1));
            piece.kind = Kind::Rule;
            piece.index = static_cast<int>(found - m_ruleNames.begin());
        } else {
            piece.kind = Kind::Word;
            piece.index = m_lexicon.listNamed(slot);
            if (piece.index < 0)
                fail("{}: there is no word list '{}' in lexicon.yaml; correct the name or add the list",
                     where, slot);
            needsSign = m_lexicon.lists[static_cast<std::size_t>(piece.index)].isSigned;
        }
        if (isSigned != needsSign)
            fail("{}: '{}' {}", where, slot,
                 needsSign ? "has two polarities; write = or ~ after it" : "has no polarity; remove = or ~");
    }

    const DemoLexicon& m_lexicon;
    const std::vector<std::string>& m_ruleNames;
};

Production readProduction(const YamlNode& node, const TemplateParser& parser, const DemoLexicon& lexicon) {
    Production production;
    production.weight = node["weight"].integer(1);
    if (node.has("about"))
        for (const YamlNode& aspect : node["about"].items()) {
            production.about.push_back(lexicon.aspectNamed(aspect.text()));
            if (production.about.back() < 0)
                fail("{}: there is no aspect '{}' in lexicon.yaml; correct the name or add it there",
                     aspect.where(), aspect.text());
        }
    const std::string text = node["text"].text();
    for (const std::string_view part : splitTemplate(text)) {
        production.pieces.push_back(parser.parse(part, node.where()));
        const Kind kind = production.pieces.back().kind;
        production.hasNoun = production.hasNoun || kind == Kind::Noun || kind == Kind::NounArticle;
    }
    if (production.pieces.empty())
        fail("{}: the text is empty; write one or remove the line", node.where());
    return production;
}

}  // namespace

DemoGrammar loadDemoGrammar(const std::filesystem::path& folder) {
    DemoGrammar grammar;
    grammar.lexicon = loadDemoLexicon(folder / "lexicon.yaml");
    const YamlNode root = YamlNode::load(folder / "grammar.yaml");
    grammar.trainSize = root["sizes"]["train"].integer(2);
    grammar.validationSize = root["sizes"]["validation"].integer(2);
    grammar.fewestWords = root["words"]["fewest"].integer(1);
    grammar.mostWords = root["words"]["most"].integer(grammar.fewestWords);
    const YamlNode rules = root["rules"];
    const std::vector<std::string> names = rules.keys();
    const TemplateParser parser(grammar.lexicon, names);
    for (const std::string& name : names) {
        GrammarRule& rule = grammar.rules.emplace_back();
        rule.name = name;
        for (const YamlNode& node : rules[name].items()) {
            rule.productions.push_back(readProduction(node, parser, grammar.lexicon));
            rule.totalWeight += rule.productions.back().weight;
        }
        if (rule.productions.empty())
            fail("{}: the rule {} has no form; add one or remove it", rules[name].where(), name);
    }
    const YamlNode start = root["root"];
    const auto found = std::find(names.begin(), names.end(), start.text());
    if (found == names.end())
        fail("{}: there is no rule '{}'; set root to one of the rules", start.where(), start.text());
    grammar.root = static_cast<int>(found - names.begin());
    return grammar;
}

}  // namespace saeception
