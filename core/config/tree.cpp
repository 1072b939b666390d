// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/tree.h"

#include <algorithm>
#include <charconv>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// The child called `part`: a key of a dictionary or an index into a list.
const Json* child(const Json& node, const std::string& part) {
    if (node.is_object()) {
        const auto found = node.find(part);
        return found == node.end() ? nullptr : &*found;
    }
    if (node.is_array()) {
        std::size_t index = 0;
        const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), index);
        if (code == std::errc() && end == part.data() + part.size() && index < node.size())
            return &node[index];
    }
    return nullptr;
}

}  // namespace

std::vector<std::string> splitPath(const std::string& path) {
    std::vector<std::string> parts(1);
    for (const char c : path) {
        if (c == '.' || c == '[')
            parts.emplace_back();
        else if (c != ']')
            parts.back() += c;
    }
    return parts;
}

const Json* findNode(const Json& tree, const std::string& path) {
    const Json* node = &tree;
    for (const std::string& part : splitPath(path)) {
        node = child(*node, part);
        if (node == nullptr)
            return nullptr;
    }
    return node;
}

Json* findNode(Json& tree, const std::string& path) {
    return const_cast<Json*>(findNode(static_cast<const Json&>(tree), path));
}

void mergeTree(Json& target, const Json& source) {
    if (!target.is_object() || !source.is_object()) {
        target = source;
        return;
    }
    for (const auto& [key, value] : source.items()) {
        if (target.contains(key))
            mergeTree(target[key], value);
        else
            target[key] = value;
    }
}

bool mergeAt(Json& tree, const std::string& path, const Json& value) {
    if (path.empty()) {
        mergeTree(tree, value);
        return true;
    }
    Json* node = &tree;
    for (const std::string& part : splitPath(path)) {
        if (Json* next = const_cast<Json*>(child(*node, part))) {
            node = next;
            continue;
        }
        if (node->is_null())
            *node = Json::object();
        if (!node->is_object())
            return false;
        node = &(*node)[part];
    }
    mergeTree(*node, value);
    return true;
}

bool eraseNode(Json& tree, const std::string& path) {
    const std::size_t dot = path.rfind('.');
    Json* parent = dot == std::string::npos ? &tree : findNode(tree, path.substr(0, dot));
    return parent != nullptr && parent->is_object() && parent->erase(path.substr(dot + 1)) > 0;
}

}  // namespace saeception
