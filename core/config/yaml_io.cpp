// SPDX-License-Identifier: GPL-3.0-or-later
// YAML text to ordered trees and back: scalars typed as YAML 1.2's core schema, written so that YAML 1.1
// readers agree.
#include "config/compose.h"
#include "config/scalars.h"

#include "base/error.h"
#include "base/files.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// Deeper or larger than any configuration; keeps a self-referencing alias from running away.
constexpr int maximumDepth = 64;
constexpr int maximumNodes = 100000;

class TreeBuilder {
public:
    TreeBuilder(const std::string& text, const std::string& origin) : m_text(text), m_origin(origin) {}

    Json build(const YAML::Node& node, int depth = 0) {
        if (depth > maximumDepth || ++m_nodes > maximumNodes)
            failAt(node, "nested too deeply or too large for a configuration");
        switch (node.Type()) {
            case YAML::NodeType::Scalar:
                return scalar(node);
            case YAML::NodeType::Sequence: {
                Json list = Json::array();
                for (const YAML::Node& item : node)
                    list.push_back(build(item, depth + 1));
                return list;
            }
            case YAML::NodeType::Map:
                return mapping(node, depth);
            case YAML::NodeType::Null:
            case YAML::NodeType::Undefined:
                break;
        }
        return nullptr;
    }

private:
    [[noreturn]] void failAt(const YAML::Node& node, const std::string& problem) {
        fail("{}, line {}: {}", m_origin, node.Mark().line + 1, problem);
    }

    Json mapping(const YAML::Node& node, int depth) {
        Json map = Json::object();
        for (const auto& pair : node) {
            if (!pair.first.IsScalar())
                failAt(pair.first, "a key must be a plain word");
            checkClosed(pair.first);
            const std::string& key = pair.first.Scalar();
            if (map.contains(key))
                failAt(pair.first, fmt::format("the key '{}' stands twice; remove one", oneLine(key)));
            map[key] = build(pair.second, depth + 1);
        }
        return map;
    }

    Json scalar(const YAML::Node& node) {
        checkClosed(node);
        const std::string& tag = node.Tag();
        if (tag == "?" || tag.empty())
            return plainScalar(node.Scalar());
        if (tag == "!" || tag == "tag:yaml.org,2002:str")
            return node.Scalar();
        failAt(node, fmt::format("the tag '{}' is not understood; remove it", oneLine(tag)));
    }

    // yaml-cpp takes a quoted text to the end of the file where its quote is never closed.
    void checkClosed(const YAML::Node& node) {
        std::size_t at = static_cast<std::size_t>(std::max(node.Mark().pos, 0));
        if (at >= m_text.size() || (m_text[at] != '\'' && m_text[at] != '"'))
            return;
        const char quote = m_text[at];
        for (++at; at < m_text.size(); ++at) {
            if (m_text[at] == '\\' && quote == '"')
                ++at;
            else if (m_text[at] == quote && quote == '\'' && m_text.compare(at, 2, "''") == 0)
                ++at;
            else if (m_text[at] == quote)
                return;
        }
        failAt(node, fmt::format("the quote {} is not closed", quote));
    }

    const std::string& m_text;
    const std::string& m_origin;
    int m_nodes = 0;
};

// Takes no notice of anything.
class DeafHandler : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

// YAML::LoadAll would never come to an end of some texts, such as a single comma.
bool hasSecondDocument(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    DeafHandler handler;
    return parser.HandleNextDocument(handler) && parser.HandleNextDocument(handler);
}

// What to do about it: yaml-cpp names only what it stumbled over.
std::string remedy(const std::string& text, int line, const std::string& problem) {
    std::istringstream lines(text);
    std::string content;
    for (int i = 0; i <= line; ++i)
        std::getline(lines, content);
    const std::size_t tab = content.find('\t');
    if (tab != std::string::npos && tab < std::min(content.find_first_not_of(" \t"), content.size()))
        return "indent with spaces, not tabs";
    if (problem.find("flow not found") != std::string::npos)
        return "close the [ or { that is open";
    if (problem.find("flow end") != std::string::npos)
        return "a ] or } stands where none is open";
    if (problem.find("anchor") != std::string::npos)
        return "a text that starts with * needs quotes";
    return "write 'key: value', indent the keys of a group alike, and quote a text that holds ': ' or starts "
           "with a "
           "special character";
}

bool isSafePlain(const std::string& text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/';
    };
    const auto inner = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == '=' ||
               c == '%' || c == ' ';
    };
    if (text.empty() || !letter(text.front()) || text.front() == '=' || text.back() == ' ' ||
        !std::all_of(text.begin(), text.end(), inner))
        return false;
    // Words that some YAML version reads as something else than a text.
    std::string word = text;
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const char* special : {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"})
        if (word == special)
            return false;
    return true;
}

void emitText(YAML::Emitter& out, const std::string& text) {
    if (isSafePlain(text)) {
        out << text;
        return;
    }
    const bool printable = std::none_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    // Escapes show what single quotes would hide: control characters, U+0085, U+2028, U+FEFF.
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    out << (printable && ascii ? YAML::SingleQuoted : YAML::DoubleQuoted) << text;
}

void emit(YAML::Emitter& out, const Json& node) {
    if (node.is_structured() && node.empty())
        out << YAML::Flow;  // on the line of their key
    switch (node.type()) {
        case Json::value_t::object:
            out << YAML::BeginMap;
            for (const auto& [key, value] : node.items()) {
                out << YAML::Key;
                emitText(out, key);
                out << YAML::Value;
                emit(out, value);
            }
            out << YAML::EndMap;
            break;
        case Json::value_t::array:
            out << YAML::BeginSeq;
            for (const Json& item : node)
                emit(out, item);
            out << YAML::EndSeq;
            break;
        case Json::value_t::string:
            emitText(out, node.get<std::string>());
            break;
        case Json::value_t::number_float:
            out << floatText(node.get<double>());
            break;
        case Json::value_t::null:
            out << YAML::LowerNull << YAML::Null;
            break;
        default:
            out << node.dump();
            break;
    }
}

}  // namespace

Json parseYaml(const std::string& text, const std::string& origin) {
    if (const std::size_t at = findInvalidUtf8(text); at != std::string::npos)
        fail("{}, line {}: not valid UTF-8; save the file as UTF-8", origin,
             1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    try {
        if (hasSecondDocument(text))
            fail("{}: holds more than one YAML document; a configuration is one", origin);
        return TreeBuilder(text, origin).build(YAML::Load(text));
    } catch (const YAML::Exception& error) {
        fail("{}, line {}: not valid YAML: {}; {}", origin, error.mark.line + 1, oneLine(error.msg),
             remedy(text, error.mark.line, error.msg));
    }
}

std::string toYaml(const Json& tree) {
    YAML::Emitter out;
    emit(out, tree);
    return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace saeception
