// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_notes.h"

#include "base/error.h"
#include "base/files.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uintmax_t largestFile = 1 << 20;

fs::path notesFile(const fs::path& root) {
    return root / "notes.json";
}

Json readNotes(const fs::path& file) {
    std::error_code code;
    if (!fs::exists(file, code))
        return Json::object();
    Json json = fs::file_size(file, code) <= largestFile ? Json::parse(readFile(file), nullptr, false)
                                                         : Json(Json::value_t::discarded);
    if (!json.is_object())
        fail("{} does not hold a run's notes (malformed JSON); mend or remove it", file.string());
    return json;
}

std::string textOf(const Json& json, const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

void addTag(std::vector<std::string>& tags, std::string_view tag) {
    const std::size_t first = tag.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return;
    const std::string_view word = tag.substr(first, tag.find_last_not_of(" \t\r\n") + 1 - first);
    if (std::find(tags.begin(), tags.end(), word) == tags.end())
        tags.emplace_back(word);
}

}  // namespace

std::vector<std::string> parseTags(std::string_view text) {
    std::vector<std::string> tags;
    while (true) {
        const std::size_t comma = text.find(',');
        addTag(tags, text.substr(0, comma));
        if (comma == std::string_view::npos)
            return tags;
        text.remove_prefix(comma + 1);
    }
}

RunNotes loadRunNotes(const fs::path& root) {
    const Json json = readNotes(notesFile(root));
    RunNotes notes;
    notes.name = textOf(json, "name");
    notes.note = textOf(json, "note");
    if (json.contains("tags") && json["tags"].is_array())
        for (const Json& tag : json["tags"])
            if (tag.is_string())
                addTag(notes.tags, tag.get<std::string>());
    return notes;
}

void saveRunNotes(const fs::path& root, const RunNotes& notes) {
    const fs::path file = notesFile(root);
    Json json = readNotes(file);
    json["name"] = notes.name;
    json["tags"] = notes.tags;
    json["note"] = notes.note;
    writeFile(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace saeception
