// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives of uncompressed records, as torch.save writes them: mapped, checked, never trusted.
#pragma once

#include "base/files.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace saeception {

/// LibTorch's own reader allocates whatever size a file claims and ignores its checksums; this one hands out
/// parts of the file only.
class ZipFile {
public:
    /// @throws UserError naming the file if it is no zip archive, is cut short, or holds a compressed record.
    static ZipFile open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_file.path(); }
    std::uint64_t size() const { return m_file.bytes().size(); }
    bool contains(const std::string& name) const { return m_records.count(name) != 0; }
    /// The name of the record that is called `leaf` within the archive's one top folder; empty if there is
    /// none.
    std::string inTopFolder(std::string_view leaf) const;

    /// The size and the checksum (CRC-32) of every record, by name, as the archive's directory tells them.
    struct RecordInfo {
        std::uint64_t size = 0;
        std::uint32_t checksum = 0;
    };
    std::map<std::string, RecordInfo> directory() const;

    /// The record's bytes. @throws UserError if it is absent or damaged (its checksum does not hold).
    std::span<const std::byte> record(const std::string& name) const;

private:
    struct Record {
        std::uint64_t begin = 0;
        std::uint64_t size = 0;
        std::uint32_t checksum = 0;
    };
    explicit ZipFile(const std::filesystem::path& path) : m_file(path) {}

    MappedFile m_file;
    std::map<std::string, Record> m_records;
};

}  // namespace saeception
