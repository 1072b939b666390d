// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/safetensors.h"

#include "base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <set>
#include <utility>

namespace saeception {
namespace fs = std::filesystem;
using nlohmann::json;
namespace {

// The reference implementation's own limit.
constexpr std::uint64_t largestHeader = 100'000'000;

constexpr std::array<std::pair<std::string_view, std::size_t>, 15> dtypes = {{{"F64", 8},
                                                                              {"F32", 4},
                                                                              {"F16", 2},
                                                                              {"BF16", 2},
                                                                              {"I64", 8},
                                                                              {"I32", 4},
                                                                              {"I16", 2},
                                                                              {"I8", 1},
                                                                              {"U64", 8},
                                                                              {"U32", 4},
                                                                              {"U16", 2},
                                                                              {"U8", 1},
                                                                              {"BOOL", 1},
                                                                              {"F8_E4M3", 1},
                                                                              {"F8_E5M2", 1}}};

std::string shapeText(const std::vector<std::int64_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// Bytes of a tensor, or false when the product does not fit 63 bits.
bool byteCount(const TensorInfo& info, std::uint64_t& bytes) {
    bytes = dtypeSize(info.dtype);
    for (const std::int64_t extent : info.shape)
        if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes))
            return false;
    return bytes <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

json parseHeader(const std::string& path, std::string_view text) {
    std::set<std::string> seen;
    std::string repeated;
    const auto noteKeys = [&](int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::key && depth == 1 && !seen.insert(parsed.get<std::string>()).second)
            repeated = parsed.get<std::string>();
        return true;
    };
    json header;
    try {
        header = json::parse(text.begin(), text.end(), noteKeys);
    } catch (const json::exception& error) {
        fail("{}: the safetensors header is not valid JSON ({}); get the file again", path,
             oneLine(error.what()));
    }
    if (!repeated.empty())
        fail("{}: the safetensors header names the tensor '{}' twice; get the file again", path, repeated);
    if (!header.is_object())
        fail("{}: the safetensors header is not a JSON object; get the file again", path);
    return header;
}

TensorInfo parseTensor(const std::string& path, const std::string& name, const json& entry) {
    const auto malformed = [&](const char* what) {
        fail("{}: tensor '{}' {}; get the file again", path, name, what);
    };
    TensorInfo info;
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets"))
        malformed("lacks dtype, shape or data_offsets");
    if (!entry["dtype"].is_string())
        malformed("has a dtype that is not text");
    info.dtype = entry["dtype"].get<std::string>();
    if (dtypeSize(info.dtype) == 0)
        fail("{}: tensor '{}' has the unknown dtype '{}'; convert it to F32", path, name,
             oneLine(info.dtype));
    const json& shape = entry["shape"];
    const json& offsets = entry["data_offsets"];
    const auto areCounts = [](const json& list) {
        return list.is_array() && std::all_of(list.begin(), list.end(), [](const json& number) {
                   return number.is_number_unsigned() &&
                          number.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
               });
    };
    if (!areCounts(shape))
        malformed("has a shape that is not a list of whole numbers");
    if (!areCounts(offsets) || offsets.size() != 2)
        malformed("has data_offsets that are not two whole numbers");
    info.shape = shape.get<std::vector<std::int64_t>>();
    info.begin = offsets[0].get<std::uint64_t>();
    info.end = offsets[1].get<std::uint64_t>();
    std::uint64_t bytes = 0;
    if (!byteCount(info, bytes))
        fail("{}: tensor '{}' has an impossible shape {}; get the file again", path, name,
             shapeText(info.shape));
    if (info.begin > info.end || info.end - info.begin != bytes)
        fail("{}: tensor '{}' ({} {}) needs {} bytes but its data_offsets are [{}, {}]; get the file again",
             path, name, info.dtype, shapeText(info.shape), bytes, info.begin, info.end);
    return info;
}

/// The tensors must follow one another from 0 to the end of the file, each byte belonging to exactly one of
/// them.
void checkLayout(const std::string& path, const std::map<std::string, TensorInfo>& tensors,
                 std::uint64_t dataBytes) {
    std::vector<std::pair<const TensorInfo*, const std::string*>> order;
    for (const auto& [name, info] : tensors)
        order.emplace_back(&info, &name);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first->begin, a.first->end, *a.second) <
               std::tie(b.first->begin, b.first->end, *b.second);
    });
    std::uint64_t expected = 0;
    for (const auto& [info, name] : order) {
        if (info->end > dataBytes)
            fail(
                "{}: tensor '{}' ends at byte {} of the data but the file holds only {} (cut short?); get it "
                "again",
                path, *name, info->end, dataBytes);
        if (info->begin < expected)
            fail("{}: tensor '{}' overlaps another one; get the file again", path, *name);
        if (info->begin > expected)
            fail("{}: {} bytes before tensor '{}' belong to no tensor; get the file again", path,
                 info->begin - expected, *name);
        expected = info->end;
    }
    if (expected != dataBytes)
        fail("{}: {} bytes at the end belong to no tensor; get the file again", path, dataBytes - expected);
}

}  // namespace

std::int64_t TensorInfo::elements() const {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape)
        count *= extent;
    return count;
}

std::size_t dtypeSize(std::string_view dtype) {
    for (const auto& [name, size] : dtypes)
        if (name == dtype)
            return size;
    return 0;
}

SafetensorsFile SafetensorsFile::open(const fs::path& path) {
    SafetensorsFile file;
    file.m_file = MappedFile(path);
    const std::string name = path.string();
    const std::span<const std::byte> bytes = file.m_file.bytes();
    std::uint64_t headerSize = 0;
    if (bytes.size() < sizeof headerSize)
        fail("{}: {} bytes are too few for a safetensors file; get it again", name, bytes.size());
    std::memcpy(&headerSize, bytes.data(), sizeof headerSize);
    if (headerSize > largestHeader)
        fail("{}: a header of {} bytes is impossible; this is not a safetensors file", name, headerSize);
    if (headerSize > bytes.size() - sizeof headerSize)
        fail("{}: cut short within its header ({} of {} bytes); get it again", name,
             bytes.size() - sizeof headerSize, headerSize);
    file.m_dataStart = sizeof headerSize + static_cast<std::size_t>(headerSize);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + sizeof headerSize,
                                static_cast<std::size_t>(headerSize));
    const json header = parseHeader(name, text);
    for (const auto& [key, entry] : header.items()) {
        if (key != "__metadata__") {
            file.m_tensors.emplace(key, parseTensor(name, key, entry));
            continue;
        }
        if (!entry.is_object())
            fail("{}: __metadata__ is not a JSON object; get the file again", name);
        for (const auto& [field, value] : entry.items()) {
            if (!value.is_string())
                fail("{}: the metadata '{}' is not text; get the file again", name, field);
            file.m_metadata.emplace(field, value.get<std::string>());
        }
    }
    checkLayout(name, file.m_tensors, bytes.size() - file.m_dataStart);
    return file;
}

const TensorInfo& SafetensorsFile::info(const std::string& name) const {
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        fail("{}: there is no tensor '{}'; is this the right file?", path().string(), name);
    return found->second;
}

std::span<const std::byte> SafetensorsFile::bytes(const std::string& name) const {
    const TensorInfo& tensor = info(name);
    return m_file.bytes().subspan(m_dataStart + tensor.begin, tensor.end - tensor.begin);
}

std::span<const std::byte> SafetensorsFile::checked(const std::string& name, std::string_view dtype,
                                                    std::int64_t elements) const {
    const TensorInfo& tensor = info(name);
    if (tensor.dtype != dtype || (elements >= 0 && tensor.elements() != elements))
        fail("{}: tensor '{}' is {} {}, not {}{}; is this the right file?", path().string(), name,
             tensor.dtype, shapeText(tensor.shape), dtype,
             elements >= 0 ? fmt::format(" with {} elements", elements) : "");
    const std::span<const std::byte> data = bytes(name);
    if (reinterpret_cast<std::uintptr_t>(data.data()) % dtypeSize(dtype) != 0)
        fail("{}: tensor '{}' does not lie at a multiple of its element size; write the file anew",
             path().string(), name);
    return data;
}

SafetensorsWriter::SafetensorsWriter(const fs::path& path, const std::vector<Declaration>& tensors,
                                     const std::map<std::string, std::string>& metadata)
    : m_file(path) {
    std::vector<const Declaration*> order;
    for (const Declaration& tensor : tensors) {
        if (dtypeSize(tensor.dtype) == 0)
            fail("cannot write {}: tensor '{}' has the unknown dtype '{}'", path.string(), tensor.name,
                 tensor.dtype);
        order.push_back(&tensor);
    }
    std::stable_sort(order.begin(), order.end(), [](const Declaration* a, const Declaration* b) {
        return dtypeSize(a->dtype) > dtypeSize(b->dtype);
    });

    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    for (const Declaration* tensor : order) {
        TensorInfo info{tensor->dtype, tensor->shape, m_dataSize, m_dataSize};
        std::uint64_t bytes = 0;
        if (!byteCount(info, bytes))
            fail("cannot write {}: tensor '{}' has an impossible shape {}", path.string(), tensor->name,
                 shapeText(tensor->shape));
        m_dataSize += bytes;
        info.end = m_dataSize;
        if (tensor->name == "__metadata__" || !m_tensors.emplace(tensor->name, info).second)
            fail("cannot write {}: the tensor name '{}' is taken", path.string(), tensor->name);
        header[tensor->name] = {
            {"dtype", info.dtype}, {"shape", info.shape}, {"data_offsets", {info.begin, info.end}}};
    }
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t headerSize = text.size();
    m_dataStart = sizeof headerSize + headerSize;
    m_file.write(std::as_bytes(std::span(&headerSize, 1)));
    m_file.write(text);
    // The file gets its full length at once, so that a writer that skips a zero tail still leaves a valid
    // file.
    if (m_dataSize > 0)
        m_file.writeAt(m_dataStart + m_dataSize - 1, std::as_bytes(std::span("", 1)));
}

void SafetensorsWriter::write(const std::string& name, std::span<const std::byte> bytes,
                              std::uint64_t offset) {
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        fail("the tensor '{}' was not declared for this file", name);
    const TensorInfo& info = found->second;
    if (offset > info.end - info.begin || bytes.size() > info.end - info.begin - offset)
        fail("{} bytes at offset {} do not fit into the {} bytes of the tensor '{}'", bytes.size(), offset,
             info.end - info.begin, name);
    m_file.writeAt(m_dataStart + info.begin + offset, bytes);
}

void SafetensorsWriter::commit() {
    m_file.commit();
}

}  // namespace saeception
