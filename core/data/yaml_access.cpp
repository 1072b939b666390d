// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/yaml_access.h"

#include "base/error.h"
#include "base/files.h"

#include <utility>

namespace saeception {

YamlNode YamlNode::load(const std::filesystem::path& file) {
    try {
        return {YAML::Load(readFile(file)), file.string()};
    } catch (const YAML::ParserException& error) {
        fail("{}:{}: {}; correct the file or reinstall it", file.string(), error.mark.line + 1,
             oneLine(error.msg));
    }
}

std::string YamlNode::where() const {
    return fmt::format("{}:{}", m_file, m_node.Mark().line + 1);
}

YamlNode YamlNode::operator[](const std::string& key) const {
    if (!has(key))
        fail("{}: '{}' is missing here; add it", where(), key);
    return {m_node[key], m_file};
}

std::string YamlNode::text() const {
    if (!m_node.IsScalar())
        fail("{}: a text is expected here", where());
    return m_node.Scalar();
}

int YamlNode::integer(int minimum) const {
    int value = 0;
    if (!m_node.IsScalar() || !YAML::convert<int>::decode(m_node, value) || value < minimum)
        fail("{}: an integer of at least {} is expected here", where(), minimum);
    return value;
}

std::vector<std::string> YamlNode::texts() const {
    std::vector<std::string> result;
    for (const YamlNode& item : items())
        result.push_back(item.text());
    return result;
}

std::vector<YamlNode> YamlNode::items() const {
    if (!m_node.IsSequence())
        fail("{}: a list is expected here", where());
    std::vector<YamlNode> result;
    for (const auto& item : m_node)
        result.push_back({item, m_file});
    return result;
}

std::vector<std::string> YamlNode::keys() const {
    if (!m_node.IsMap())
        fail("{}: a map is expected here", where());
    std::vector<std::string> result;
    for (const auto& item : m_node)
        result.push_back(item.first.Scalar());
    return result;
}

}  // namespace saeception
