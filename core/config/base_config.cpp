// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/base_config.h"

#include "base/error.h"
#include "config/interpolation.h"
#include "config/schema.h"
#include "config/tree.h"

#include <algorithm>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

bool isGroupOfKeys(const std::string& key) {
    return std::any_of(schemaKeys().begin(), schemaKeys().end(),
                       [&](const std::string& known) { return known.starts_with(key + "."); });
}

class BaseLayer {
public:
    BaseLayer(Json& tree, const Json& base) : m_tree(tree), m_base(base) {}

    std::vector<std::string> lay() {
        level(m_base, "");
        nameClasses();
        return std::move(m_ignored);
    }

private:
    void level(const Json& node, const std::string& prefix) {
        for (const auto& [name, value] : node.items()) {
            const std::string key = prefix.empty() ? name : prefix + "." + name;
            if (const KeySpec* spec = findKey(key))
                leaf(*spec, value);
            else if (!isGroupOfKeys(key))
                ignore(key);
            else if (value.is_object())
                level(value, key);
            else if (!value.is_null())
                fail("{}={} in the run's configuration: '{}' is a group of keys, not a value", key,
                     valueText(value), key);
        }
    }

    void leaf(const KeySpec& spec, Json value) {
        if (value.is_string()) {
            try {
                value = resolveValue(value, spec.key, m_base);
            } catch (const UserError&) {
                return ignore(spec.key);
            }
        }
        const bool empty = value.is_null() && !(spec.type == KeyType::Text && spec.mayBeEmpty);
        if (empty || (value.is_string() && spec.declined.contains(value.get<std::string>())))
            return ignore(spec.key);
        mergeAt(m_tree, spec.key, value);
    }

    // Other programs name no classes: where only their number is known, the numbers are the names.
    void nameClasses() {
        const Json* names = findNode(m_base, "dataset.class_names");
        const Json* count = findNode(m_tree, "dataset.num_classes");
        if (names != nullptr || count == nullptr || !count->is_number_integer())
            return;
        const KeySpec& spec = *findKey("dataset.num_classes");
        if (!checkValue(spec, *count).empty() || *count == spec.defaultValue)
            return;
        Json list = Json::array();
        for (std::int64_t label = 0; label < count->get<std::int64_t>(); ++label)
            list.push_back(std::to_string(label));
        mergeAt(m_tree, "dataset.class_names", list);
    }

    void ignore(const std::string& key) { m_ignored.push_back(key); }

    Json& m_tree;
    const Json& m_base;
    std::vector<std::string> m_ignored;
};

}  // namespace

std::vector<std::string> layBase(Json& tree, const Json& base) {
    if (base.is_null())
        return {};
    if (!base.is_object())
        fail("the run's configuration must hold keys and values");
    return BaseLayer(tree, base).lay();
}

bool knowsModelSizes(const Json& base) {
    return findNode(base, "model.hidden_size") != nullptr && findNode(base, "model.num_layers") != nullptr;
}

}  // namespace saeception
