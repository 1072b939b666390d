// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/tensor_io.h"

#include "base/error.h"

#include <array>
#include <cstring>

namespace saeception {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 10> scalarTypes = {{
    {"F64", at::kDouble},
    {"F32", at::kFloat},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"I64", at::kLong},
    {"I32", at::kInt},
    {"I16", at::kShort},
    {"I8", at::kChar},
    {"U8", at::kByte},
    {"BOOL", at::kBool},
}};

}  // namespace

at::Tensor loadTensor(const SafetensorsFile& file, const std::string& name) {
    const TensorInfo& info = file.info(name);
    for (const auto& [dtype, scalarType] : scalarTypes) {
        if (dtype != info.dtype)
            continue;
        at::Tensor tensor = at::empty(info.shape, at::TensorOptions(scalarType));
        const std::span<const std::byte> bytes = file.bytes(name);
        if (!bytes.empty())
            std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
        return tensor;
    }
    fail("{}: tensor '{}' is {}, which is not supported; convert it to F32", file.path().string(), name,
         info.dtype);
}

NamedTensors loadTensors(const SafetensorsFile& file) {
    NamedTensors tensors;
    for (const auto& [name, info] : file.tensors())
        tensors.emplace_back(name, loadTensor(file, name));
    return tensors;
}

void saveTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                 const std::map<std::string, std::string>& metadata) {
    std::vector<SafetensorsWriter::Declaration> declarations;
    for (const auto& [name, tensor] : tensors) {
        std::string_view found;
        for (const auto& [dtype, scalarType] : scalarTypes)
            if (tensor.scalar_type() == scalarType)
                found = dtype;
        if (found.empty())
            fail("cannot write {}: tensor '{}' has a dtype that safetensors lacks", path.string(), name);
        declarations.push_back({name, std::string(found), tensor.sizes().vec()});
    }
    SafetensorsWriter writer(path, declarations, metadata);
    for (const auto& [name, tensor] : tensors) {
        const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
        writer.write(name, {static_cast<const std::byte*>(plain.data_ptr()), plain.nbytes()});
    }
    writer.commit();
}

}  // namespace saeception
