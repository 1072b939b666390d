// SPDX-License-Identifier: GPL-3.0-or-later
// The folders that configuration files come from: which groups and options exist, and reading one of them.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// One file of configs/: its defaults list apart from its contents.
struct ConfigFile {
    nlohmann::ordered_json defaults = nlohmann::ordered_json::array();
    nlohmann::ordered_json content = nlohmann::ordered_json::object();
    std::optional<std::string>
        package;         ///< from a "# @package" header: "" for _global_, none for the group's own
    std::string origin;  ///< path for messages
};

class ConfigSource {
public:
    /// Earlier folders win. Empty = the program's own configs/. @throws UserError if a folder is missing.
    explicit ConfigSource(std::vector<std::filesystem::path> directories);

    bool isGroup(const std::string& group) const;
    std::vector<std::string> groups() const;
    std::vector<std::string> options(const std::string& group) const;

    /// `name` is "config", "model/gpt2_tiny", ...; nullptr if there is no such file. @throws UserError for a
    /// bad file.
    const ConfigFile* find(const std::string& name);
    /// The sentences of the comment that opens the file; empty where there is none or the file cannot be
    /// read.
    std::string doc(const std::string& name) const;

private:
    /// Where `name` lies; empty if it is in no folder.
    std::filesystem::path pathOf(const std::string& name) const;

    std::vector<std::filesystem::path> m_directories;
    std::map<std::string, ConfigFile> m_files;
};

}  // namespace saeception
