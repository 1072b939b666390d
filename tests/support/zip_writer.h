// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives with whatever a hostile one may claim.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace saeception::test {

struct ZipRecord {
    std::string name;
    std::string data;
    std::uint16_t method = 0;
    std::optional<std::uint64_t> claimedSize = {};
    std::optional<std::uint32_t> checksum = {};
    std::optional<std::size_t> sameDataAs = {};  ///< an earlier record whose local header and data are shared
};

/// The archive of `records`, uncompressed.
inline std::string zipOf(const std::vector<ZipRecord>& records) {
    std::string bytes, directory;
    const auto number = [](std::string& to, std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i)
            to += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    std::vector<std::uint64_t> offsets;
    for (const ZipRecord& record : records) {
        const std::string& data = record.sameDataAs ? records[*record.sameDataAs].data : record.data;
        const std::uint64_t size = record.claimedSize.value_or(data.size());
        const std::uint32_t checksum = record.checksum.value_or(static_cast<std::uint32_t>(
            ::crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()))));
        const auto common = [&](std::string& to) {
            number(to, 20, 2);
            number(to, 0, 2);
            number(to, record.method, 2);
            number(to, 0, 4);
            number(to, checksum, 4);
            number(to, size, 4);
            number(to, size, 4);
            number(to, record.name.size(), 2);
            number(to, 0, 2);
        };
        offsets.push_back(record.sameDataAs ? offsets[*record.sameDataAs] : bytes.size());
        if (!record.sameDataAs) {
            bytes += "PK\3\4";
            common(bytes);
            bytes += record.name + data;
        }
        directory += "PK\1\2";
        number(directory, 20, 2);
        common(directory);
        number(directory, 0, 10);
        number(directory, offsets.back(), 4);
        directory += record.name;
    }
    const std::uint64_t start = bytes.size();
    bytes += directory + "PK\5\6";
    number(bytes, 0, 4);
    number(bytes, records.size(), 2);
    number(bytes, records.size(), 2);
    number(bytes, directory.size(), 4);
    number(bytes, start, 4);
    number(bytes, 0, 2);
    return bytes;
}

}  // namespace saeception::test
