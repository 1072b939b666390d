// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pickle_tensors.h"

#include "base/error.h"

#include <algorithm>
#include <array>

namespace saeception {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 10> storageTypes = {{
    {"torch.FloatStorage", at::kFloat},
    {"torch.DoubleStorage", at::kDouble},
    {"torch.HalfStorage", at::kHalf},
    {"torch.BFloat16Storage", at::kBFloat16},
    {"torch.LongStorage", at::kLong},
    {"torch.IntStorage", at::kInt},
    {"torch.ShortStorage", at::kShort},
    {"torch.CharStorage", at::kChar},
    {"torch.ByteStorage", at::kByte},
    {"torch.BoolStorage", at::kBool},
}};

// Tensors that share or repeat a storage are copied: to a few times all storages, and small ones always.
constexpr std::uint64_t mostCopies = 4, smallCopies = std::uint64_t{64} << 20;

const auto* findType(std::string_view name) {
    const auto* found = std::find_if(storageTypes.begin(), storageTypes.end(),
                                     [&](const auto& type) { return type.first == name; });
    return found == storageTypes.end() ? nullptr : found;
}

}  // namespace

bool PickleTensors::isStorageType(std::string_view name) {
    return findType(name) != nullptr;
}

at::Tensor PickleTensors::storage(const std::string& typeName, const std::string& key,
                                  std::int64_t elements) {
    const auto* type = findType(typeName);
    if (type == nullptr)
        m_state.malformed("has a storage reference of an unknown type");
    at::Tensor& storage = m_storages[key];
    if (!storage.defined()) {
        storage = m_loadStorage(key, type->second, elements);
        m_loadedBytes += storage.nbytes();
    }
    if (storage.scalar_type() != type->second || storage.numel() != elements)
        m_state.malformed("describes one storage in two ways");
    return storage;
}

at::Tensor PickleTensors::view(const at::Tensor& storage, std::int64_t offset,
                               const std::vector<std::int64_t>& sizes,
                               const std::vector<std::int64_t>& strides) {
    bool fits = sizes.size() == strides.size() && sizes.size() <= mostDimensions && offset >= 0;
    std::int64_t last = offset, count = 1;
    for (std::size_t i = 0; fits && i < sizes.size(); ++i) {
        std::int64_t reach = 0;
        fits = sizes[i] >= 0 && strides[i] >= 0 && !__builtin_mul_overflow(count, sizes[i], &count) &&
               !__builtin_mul_overflow(std::max<std::int64_t>(sizes[i] - 1, 0), strides[i], &reach) &&
               !__builtin_add_overflow(last, reach, &last);
    }
    if (!fits || (count > 0 && last >= storage.numel()))
        m_state.malformed("has a tensor that reaches beyond its storage");
    const at::Tensor view = count > 0 ? storage.as_strided(sizes, strides, offset) : storage.new_empty(sizes);
    const bool isWhole = view.is_contiguous() && view.numel() == storage.numel();
    if (isWhole && m_given.insert(storage.data_ptr()).second)
        return view;
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(count), storage.element_size(), &bytes) ||
        __builtin_add_overflow(m_copiedBytes, bytes, &m_copiedBytes) ||
        m_copiedBytes > mostCopies * m_loadedBytes + smallCopies)
        m_state.malformed("has tensors that repeat their storages too often");
    return view.contiguous().clone();
}

}  // namespace saeception
