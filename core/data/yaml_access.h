// SPDX-License-Identifier: GPL-3.0-or-later
// Reads parts of a YAML file that must be there, with errors that name the file and the line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

/// One node of a file. Its members throw UserError "FILE:LINE: ..." when the file does not have what is asked
/// for.
class YamlNode {
public:
    /// The root of `file`.
    static YamlNode load(const std::filesystem::path& file);

    /// "FILE:LINE", for error messages.
    std::string where() const;
    bool has(const std::string& key) const { return m_node.IsMap() && m_node[key]; }
    YamlNode operator[](const std::string& key) const;
    std::string text() const;
    int integer(int minimum) const;
    std::vector<std::string> texts() const;
    std::vector<YamlNode> items() const;
    std::vector<std::string> keys() const;

private:
    YamlNode(YAML::Node node, std::string file) : m_node(std::move(node)), m_file(std::move(file)) {}

    YAML::Node m_node;
    std::string m_file;
};

}  // namespace saeception
