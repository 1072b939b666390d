// SPDX-License-Identifier: GPL-3.0-or-later
// What a line of words asks for.
#include "base/error.h"
#include "config/nearest.h"
#include "features/feature_query.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace saeception {
namespace {

// Names are ASCII.
std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

}  // namespace

class FeatureQuery::Parser {
public:
    Parser(std::string_view text, const FeatureIndex& index) : m_text(text), m_index(index) {}

    std::vector<Term> terms() {
        std::vector<Term> result;
        while (skipSpace())
            result.push_back(term());
        // Beside a condition these are meant as what they are in a language of queries.
        const bool hasCondition = std::any_of(result.begin(), result.end(),
                                              [](const Term& term) { return term.kind != Kind::Anything; });
        const auto isBare = [&](const Term& term, const char* word) {
            return hasCondition && term.kind == Kind::Anything && !term.quoted && lower(term.text) == word;
        };
        for (const Term& term : result)
            if (isBare(term, "or"))
                fail(
                    "the words of a query all hold at once, there is no 'or'; to search for the text, put it "
                    "in "
                    "quotation marks");
        std::erase_if(result, [&](const Term& term) { return isBare(term, "and"); });
        return result;
    }

private:
    bool skipSpace() {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
        return m_at < m_text.size();
    }
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n'; }
    static bool isSign(char c) { return c == '<' || c == '>' || c == '='; }
    static bool isNumberName(const std::string& name) {
        return std::ranges::any_of(featureNumberNames(),
                                   [&](const auto& known) { return known.name == name; });
    }

    // At a space: whether it stands around the sign of a comparison whose beginning is `soFar`.
    bool goesOn(const std::string& soFar) const {
        const std::size_t next = std::min(m_text.find_first_not_of(" \t\n", m_at), m_text.size());
        const std::size_t sign = soFar.find_first_of("<>=");
        const std::string name = lower(soFar.substr(0, sign));
        if (next == m_text.size() ||
            !(isNumberName(name) || name.starts_with("mean:") || name.starts_with("effect:")))
            return false;
        return sign == std::string::npos ? isSign(m_text[next]) : isSign(soFar.back());
    }

    // Up to the next space outside of quotation marks; `quoted` tells whether it began with one.
    std::string word(bool& quoted) {
        quoted = m_text[m_at] == '"';
        std::string result;
        bool inside = false;
        for (; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '"')
                inside = !inside;
            else if (!inside && isSpace(c)) {
                if (!goesOn(result))
                    break;
            } else
                result += c;
        }
        if (inside)
            fail("the query lacks a closing quotation mark after \"{}", oneLine(result));
        return result;
    }

    Term term() {
        Term result;
        if ((m_text[m_at] == '-' || m_text[m_at] == '!') && m_at + 1 < m_text.size() &&
            m_text[m_at + 1] != ' ') {
            result.negated = true;
            ++m_at;
        }
        const std::string written = word(result.quoted);
        if (result.quoted) {
            result.text = written;
            return result;
        }
        if (comparison(written, result) || named(written, result) || single(written, result))
            return result;
        result.text = written;
        if (written.find_first_not_of("0123456789") == std::string::npos)
            result.label = numberIn(written);
        return result;
    }

    bool comparison(const std::string& written, Term& term) const {
        const std::size_t sign = written.find_first_of("<>=");
        if (sign == std::string::npos || sign == 0)
            return false;
        const std::size_t value = written[sign] != '=' && written[sign + 1] == '=' ? sign + 2 : sign + 1;
        const std::string left = lower(written.substr(0, sign));
        const std::size_t colon = left.find(':');
        const std::string name = left.substr(0, colon);
        if (colon != std::string::npos && (name == "mean" || name == "effect")) {
            term.number = name == "mean" ? FeatureNumber::ClassMean : FeatureNumber::ClassEffect;
            term.label = classNamed(left.substr(colon + 1), name);
        } else if (colon != std::string::npos) {
            return false;  // a text with a sign in it
        } else {
            std::vector<std::string> known;
            for (const FeatureNumberName& entry : featureNumberNames())
                known.push_back(entry.name);
            const auto found = std::find(known.begin(), known.end(), name);
            if (found == known.end())
                fail(
                    "the query compares '{}', which no feature has.{} Write one of {}; to search for the "
                    "text itself, "
                    "put it in quotation marks",
                    oneLine(name), didYouMean(name, known), fmt::format("{}", fmt::join(known, ", ")));
            term.number = featureNumberNames()[static_cast<std::size_t>(found - known.begin())].number;
        }
        term.kind = Kind::Number;
        term.sign = written.substr(sign, value - sign);
        term.value = number(written.substr(value), left + term.sign);
        return true;
    }

    static double number(const std::string& text, const std::string& before) {
        double factor = 1;
        std::string digits = text;
        if (digits.ends_with('%')) {
            factor = 0.01;
            digits.pop_back();
        } else if (digits.ends_with('k')) {
            factor = 1000;
            digits.pop_back();
        }
        double value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
            fail("the query needs a number after '{}', for instance {}0.05 or {}1%", before, before, before);
        return value * factor;
    }

    int nameAmong(const std::vector<std::string>& names, const std::string& name, const char* what,
                  const std::string& key) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (lower(names[i]) == lower(name))
                return static_cast<int>(i);
        if (names.empty())
            fail("the query asks for the {} '{}', but none is known here; leave '{}:' out", what,
                 oneLine(name), key);
        fail("there is no {} '{}'.{} Write one of {}", what, oneLine(name), didYouMean(name, names),
             fmt::format("{}", fmt::join(names, ", ")));
    }
    int classNamed(const std::string& name, const std::string& key) const {
        return nameAmong(m_index.classNames(), name, "class", key);
    }
    // -1 for what is no number of a feature.
    int numberIn(const std::string& text) const {
        int feature = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), feature);
        return error == std::errc() && end == text.data() + text.size() && feature < m_index.featureCount()
                   ? feature
                   : -1;
    }
    int featureNumbered(const std::string& text, const std::string& before) const {
        const int feature = numberIn(text);
        if (feature < 0)
            fail("'{}{}' needs a feature's number, 0 to {}", before, oneLine(text),
                 m_index.featureCount() - 1);
        return feature;
    }
    static void onlyThis(int feature, Term& term) {
        term.kind = Kind::Number;
        term.number = FeatureNumber::Feature;
        term.sign.assign(1, '=');
        term.value = feature;
    }

    bool named(const std::string& written, Term& term) const {
        const std::size_t colon = written.find(':');
        if (colon == std::string::npos || colon == 0)
            return false;
        const std::string key = lower(written.substr(0, colon));
        const std::string value = written.substr(colon + 1);
        static const std::vector<std::pair<std::string, Kind>> kinds = {
            {"class", Kind::StrongestFor}, {"favours", Kind::Favours}, {"label", Kind::Label},
            {"note", Kind::Note},          {"list", Kind::List},       {"text", Kind::Text},
            {"token", Kind::Token},        {"raises", Kind::Raises},   {"lowers", Kind::Lowers},
            {"concept", Kind::Concept},    {"near", Kind::Near},       {"with", Kind::With}};
        if (key == "feature") {
            onlyThis(featureNumbered(value, "feature:"), term);
            return true;
        }
        if (key == "mean" || key == "effect")
            fail("'{}' needs a comparison, for instance {}>0.2", oneLine(written), oneLine(written));
        if (isNumberName(key))
            fail("'{}' is compared, for instance {}>0.2", key, key);
        const auto found =
            std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.first == key; });
        if (found == kinds.end()) {
            std::vector<std::string> known;
            for (const auto& [name, kind] : kinds)
                known.push_back(name);
            // A colon may stand in a text that is searched for.
            if (nearest(key, known).empty())
                return false;
            fail("the query does not know '{}:'.{} To search for the text itself, put it in quotation marks",
                 key, didYouMean(key, known));
        }
        if (value.empty())
            fail("the query needs something after '{}:'", key);
        term.kind = found->second;
        term.text = value;
        switch (term.kind) {
            case Kind::StrongestFor:
            case Kind::Favours:
                term.label = classNamed(value, key);
                break;
            case Kind::Concept:
                term.label = nameAmong(m_index.conceptNames(), value, "concept", key);
                break;
            case Kind::Near:
            case Kind::With:
                term.label = featureNumbered(value, written.substr(0, colon + 1));
                break;
            default:
                break;
        }
        return true;
    }

    bool single(const std::string& written, Term& term) const {
        const std::string word = lower(written);
        if (word.size() > 1 && word[0] == '#' &&
            word.find_first_not_of("0123456789", 1) == std::string::npos) {
            onlyThis(featureNumbered(word.substr(1), "#"), term);
        } else if (word == "alive" || word == "dead") {
            term.kind = Kind::Alive;
            term.negated = term.negated != (word == "dead");
        } else if (word == "starred" || word == "star") {
            term.kind = Kind::Starred;
        } else if (word == "labelled" || word == "labeled") {
            term.kind = Kind::Labelled;
        } else {
            return false;
        }
        return true;
    }

    std::string_view m_text;
    const FeatureIndex& m_index;
    std::size_t m_at = 0;
};

FeatureQuery FeatureQuery::parse(std::string_view text, const FeatureIndex& index) {
    FeatureQuery query;
    query.m_terms = Parser(text, index).terms();
    return query;
}

}  // namespace saeception
