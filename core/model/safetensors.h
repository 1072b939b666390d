// SPDX-License-Identifier: GPL-3.0-or-later
// Hugging Face's safetensors container (github.com/huggingface/safetensors): memory-mapped reading, streamed
// atomic writing. Torch-free.
#pragma once

#include "base/files.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

struct TensorInfo {
    std::string dtype;  ///< "F32", "F16", "BF16", "F64", "I64", "I32", "U32", "U16", "U8", "BOOL", ...
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;  ///< byte offsets within the data section
    std::uint64_t end = 0;
    std::int64_t elements() const;
};

/// Bytes per element of a safetensors dtype; 0 for an unknown one.
std::size_t dtypeSize(std::string_view dtype);

/// A mapped file whose header has been checked against its size: offsets inside the file, no overlaps or
/// gaps, shapes that fit.
class SafetensorsFile {
public:
    /// @throws UserError naming the file, the tensor and what is wrong (cut short, lying header, unknown
    /// dtype, ...).
    static SafetensorsFile open(const std::filesystem::path& path);

    const std::map<std::string, TensorInfo>& tensors() const { return m_tensors; }
    const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    const std::filesystem::path& path() const { return m_file.path(); }
    bool contains(const std::string& name) const { return m_tensors.count(name) != 0; }
    /// @throws UserError if absent.
    const TensorInfo& info(const std::string& name) const;
    std::span<const std::byte> bytes(const std::string& name) const;
    /// The tensor's elements; its dtype must be `dtype` and its element count `elements` (-1 = any). @throws
    /// UserError otherwise.
    template <typename T>
    std::span<const T> values(const std::string& name, std::string_view dtype,
                              std::int64_t elements = -1) const {
        return {reinterpret_cast<const T*>(checked(name, dtype, elements).data()),
                checked(name, dtype, elements).size() / sizeof(T)};
    }

private:
    std::span<const std::byte> checked(const std::string& name, std::string_view dtype,
                                       std::int64_t elements) const;
    MappedFile m_file;
    std::size_t m_dataStart = 0;
    std::map<std::string, TensorInfo> m_tensors;
    std::map<std::string, std::string> m_metadata;
};

/// Declares all tensors first, then fills them in any order and any pieces; the file appears whole on
/// commit(). Data starts at a multiple of 8 bytes; wider dtypes come first, else the order given, so every
/// tensor is aligned.
class SafetensorsWriter {
public:
    struct Declaration {
        std::string name;
        std::string dtype;
        std::vector<std::int64_t> shape;
    };
    SafetensorsWriter(const std::filesystem::path& path, const std::vector<Declaration>& tensors,
                      const std::map<std::string, std::string>& metadata = {});

    /// Writes `bytes` at `offset` bytes into the tensor `name`. @throws UserError on a full disk.
    void write(const std::string& name, std::span<const std::byte> bytes, std::uint64_t offset = 0);
    template <typename T>
    void write(const std::string& name, const std::vector<T>& values) {
        write(name, std::as_bytes(std::span(values)), 0);
    }
    void commit();

private:
    AtomicFile m_file;
    std::map<std::string, TensorInfo> m_tensors;
    std::uint64_t m_dataStart = 0;
    std::uint64_t m_dataSize = 0;
};

}  // namespace saeception
