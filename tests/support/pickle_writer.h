// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles as torch.save forms them, by hand, and what reading one on its own says.
#pragma once

#include "model/pickle_reader.h"
#include "support/expect_error.h"

#include <cstdint>
#include <string>

namespace saeception::test {

/// The error of reading `pickle`, whose storages hold at most 1000 elements.
inline std::string pickleError(const std::string& pickle) {
    return errorOf([&] {
        (void)readPickle(pickle, "evil.pt",
                         [](const std::string&, at::ScalarType type, std::int64_t elements) {
                             if (elements < 0 || elements > 1000)
                                 throw UserError("evil.pt: no such storage");
                             return at::zeros({elements}, at::TensorOptions(type));
                         });
    });
}

inline std::string littleEndian(std::uint64_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(number >> (8 * i) & 0xFF);
    return text;
}

inline std::string pickleOf(const std::string& value) {
    return std::string("\x80\x02").append(value).append(".");
}

inline std::string pickledText(const std::string& text) {
    return std::string("X").append(littleEndian(text.size(), 4)).append(text);
}

inline std::string pickledNumber(std::int64_t number) {
    return std::string("\x8a\x08").append(littleEndian(static_cast<std::uint64_t>(number), 8));
}

/// A float32 tensor of one dimension over the storage `key`.
inline std::string pickledTensor(const std::string& key, std::int64_t elements, std::int64_t size,
                                 std::int64_t stride) {
    return std::string("ctorch._utils\n_rebuild_tensor_v2\n((")
        .append(pickledText("storage"))
        .append("ctorch\nFloatStorage\n")
        .append(pickledText(key))
        .append(pickledText("cpu"))
        .append(pickledNumber(elements))
        .append("tQ")
        .append(pickledNumber(0))
        .append(pickledNumber(size))
        .append("\x85")
        .append(pickledNumber(stride))
        .append("\x85\x89")
        .append("ccollections\nOrderedDict\n)RtR");
}

}  // namespace saeception::test
