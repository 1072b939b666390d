// SPDX-License-Identifier: GPL-3.0-or-later
// TFRecord framing (tensorflow/core/lib/io/record_writer): length, checksum, payload, checksum.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saeception {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4).
std::uint32_t crc32c(std::string_view bytes);

/// `payload` as one record; all numbers little-endian, checksums rotated and offset ("masked") as TFRecord
/// asks.
std::string tfRecord(std::string_view payload);

}  // namespace saeception
