// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/jsonl.h"

#include "base/error.h"
#include "data/json_lines.h"
#include "data/text_file.h"

#include <string>

namespace saeception {
namespace {

using nlohmann::json;

const json& member(const json& object, const std::string& key, const char* configKey,
                   const std::string& where) {
    const auto found = object.find(key);
    if (found != object.end())
        return *found;
    std::string keys;
    for (const auto& item : object.items())
        keys += (keys.empty() ? "" : ", ") + excerpt(item.key(), 30);
    fail("{}: no key '{}'; the object has {}: set {} to one of them", where, key,
         keys.empty() ? "none" : excerpt(keys, 400), configKey);
}

std::string labelText(const json& value, const std::string& key, const std::string& where) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_integer())
        return value.dump();
    fail(
        "{}: '{}' is {}, but a label is a whole number or a class name; correct it or set "
        "dataset.label_column",
        where, key, excerpt(value.dump()));
}

}  // namespace

void readJsonl(const std::filesystem::path& path, const DatasetConfig& config, ExampleList& examples) {
    const std::string text = readTextFile(path);
    JsonLines lines(examples.file());
    std::vector<std::string> keys;
    std::vector<std::string_view> texts;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const json object = lines.parse(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (object.is_null())
            continue;
        if (keys.empty()) {
            std::vector<std::string_view> names;
            for (const auto& item : object.items())
                names.push_back(item.key());
            keys = textColumns(config.textColumn, names);
        }
        texts.clear();
        const std::string where = lines.where();
        for (const std::string& key : keys) {
            const json& value = member(object, key, "dataset.text_column", where);
            if (!value.is_string())
                fail("{}: '{}' is {}, not a text; correct it or set dataset.text_column", where, key,
                     excerpt(value.dump()));
            texts.push_back(value.get_ref<const std::string&>());
        }
        const json& label = member(object, config.labelColumn, "dataset.label_column", where);
        examples.add(lines.line(), texts, labelText(label, config.labelColumn, where));
    }
}

}  // namespace saeception
