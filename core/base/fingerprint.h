// SPDX-License-Identifier: GPL-3.0-or-later
// A 128-bit fingerprint of bytes, by which a file says what it was made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace saeception {

/// Not cryptographic: it tells apart what differs by accident, at memory speed. The same bytes added in the
/// same pieces give the same text everywhere.
class Fingerprint {
public:
    /// Adds `bytes` and their number, so that pieces cannot run together.
    void add(std::span<const std::byte> bytes);
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
    void add(std::int64_t number) { add(std::as_bytes(std::span(&number, 1))); }

    /// 32 hexadecimal digits.
    std::string text() const;

private:
    std::uint64_t m_low = 0x243F6A8885A308D3ULL;
    std::uint64_t m_high = 0x13198A2E03707344ULL;
};

}  // namespace saeception
