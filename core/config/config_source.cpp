// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/config_source.h"

#include "base/error.h"
#include "base/files.h"
#include "base/install_paths.h"
#include "config/compose.h"

#include <set>
#include <sstream>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

// "# @package _global_" among the comment lines that open a file.
std::optional<std::string> packageHeader(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string hash;
        std::string marker;
        std::string package;
        if (!(words >> hash))
            continue;
        if (!hash.starts_with('#'))
            return std::nullopt;
        if (hash == "#")
            words >> marker;
        else
            marker = hash.substr(1);
        if (marker != "@package" || !(words >> package) || package == "_group_")
            continue;
        return package == "_global_" ? std::string() : package;
    }
    return std::nullopt;
}

// The comment lines that open a file, up to an empty or an indented one (an example), cut after a sentence.
std::string openingComment(const std::string& text) {
    std::istringstream lines(text);
    std::string comment;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('#'))
            break;
        const std::size_t start = line.find_first_not_of("# ");
        const std::size_t end = line.find_last_not_of(" \t\r");
        if (start != std::string::npos && line.compare(start, 8, "@package") == 0)
            continue;
        if (start == std::string::npos || start > 2)
            break;
        if (!comment.empty())
            comment += ' ';
        comment.append(line, start, end + 1 - start);
    }
    if (comment.empty() || comment.back() == '.')
        return comment;
    const std::size_t sentence = comment.rfind(". ");
    return sentence == std::string::npos ? comment : comment.substr(0, sentence + 1);
}

bool isInside(const std::string& name) {
    for (const fs::path& part : fs::path(name))
        if (part == "..")
            return false;
    return !fs::path(name).is_absolute();
}

ConfigFile readConfigFile(const fs::path& path) {
    const std::string text = readFile(path);
    ConfigFile file;
    file.origin = path.string();
    file.package = packageHeader(text);
    Json tree = parseYaml(text, file.origin);
    if (tree.is_null())
        return file;
    if (!tree.is_object())
        fail("{}: must hold keys and values (key: value)", file.origin);
    if (const auto defaults = tree.find("defaults"); defaults != tree.end()) {
        if (!defaults->is_array())
            fail("{}: the defaults list must be a list (- group: option)", file.origin);
        file.defaults = *defaults;
        tree.erase("defaults");
    }
    file.content = std::move(tree);
    return file;
}

}  // namespace

ConfigSource::ConfigSource(std::vector<fs::path> directories) : m_directories(std::move(directories)) {
    if (m_directories.empty())
        m_directories.push_back(dataDirectory("configs"));
    for (const fs::path& directory : m_directories) {
        std::error_code code;
        if (!fs::is_directory(directory, code))
            fail("the configuration folder {} does not exist; correct -cd DIR", directory.string());
    }
}

bool ConfigSource::isGroup(const std::string& group) const {
    if (group.empty() || !isInside(group))
        return false;
    for (const fs::path& directory : m_directories) {
        std::error_code code;
        if (fs::is_directory(directory / group, code))
            return true;
    }
    return false;
}

std::vector<std::string> ConfigSource::groups() const {
    std::set<std::string> names;
    for (const fs::path& directory : m_directories) {
        std::error_code code;
        for (fs::recursive_directory_iterator it(directory, code), end; it != end; it.increment(code)) {
            if (code)
                break;
            if (it->path().extension() == ".yaml" && it->path().parent_path() != directory)
                names.insert(it->path().parent_path().lexically_relative(directory).generic_string());
        }
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> ConfigSource::options(const std::string& group) const {
    std::set<std::string> names;
    if (!isInside(group))
        return {};
    for (const fs::path& directory : m_directories) {
        std::error_code code;
        for (fs::directory_iterator it(directory / group, code), end; !code && it != end; it.increment(code))
            if (it->path().extension() == ".yaml")
                names.insert(it->path().stem().string());
    }
    return {names.begin(), names.end()};
}

const ConfigFile* ConfigSource::find(const std::string& name) {
    if (const auto known = m_files.find(name); known != m_files.end())
        return &known->second;
    const fs::path path = pathOf(name);
    return path.empty() ? nullptr : &m_files.emplace(name, readConfigFile(path)).first->second;
}

std::string ConfigSource::doc(const std::string& name) const {
    try {
        const fs::path path = pathOf(name);
        return path.empty() ? std::string() : openingComment(readFile(path));
    } catch (const UserError&) {
        return {};
    }
}

fs::path ConfigSource::pathOf(const std::string& name) const {
    if (!isInside(name))
        return {};
    for (const fs::path& directory : m_directories) {
        std::error_code code;
        if (fs::path path = directory / (name + ".yaml"); fs::is_regular_file(path, code))
            return path;
    }
    return {};
}

}  // namespace saeception
