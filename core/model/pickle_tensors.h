// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors of a pickle: views of storages, every element checked to lie inside.
#pragma once

#include "model/pickle_node.h"
#include "model/pickle_reader.h"

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace saeception {

class PickleTensors {
public:
    static constexpr std::size_t mostDimensions = 16;

    PickleTensors(const StorageLoader& loadStorage, PickleState& state)
        : m_loadStorage(loadStorage), m_state(state) {}

    /// Whether `name` ("torch.FloatStorage") is a kind of storage.
    static bool isStorageType(std::string_view name);

    /// The storage `key` of `elements` elements of a type that isStorageType. @throws UserError
    at::Tensor storage(const std::string& typeName, const std::string& key, std::int64_t elements);

    /// The tensor of these sizes and strides, in elements, over `storage`: that itself if it is the first to
    /// take all of it, else a copy. @throws UserError if it reaches beyond the storage or unfolds to far more
    /// than all storages hold.
    at::Tensor view(const at::Tensor& storage, std::int64_t offset, const std::vector<std::int64_t>& sizes,
                    const std::vector<std::int64_t>& strides);

private:
    const StorageLoader& m_loadStorage;
    PickleState& m_state;
    std::unordered_map<std::string, at::Tensor> m_storages;
    std::set<const void*> m_given;  ///< storages handed out whole; others that share them get copies
    std::uint64_t m_loadedBytes = 0;
    std::uint64_t m_copiedBytes = 0;
};

}  // namespace saeception
