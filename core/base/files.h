// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are either whole or absent: reading with clear errors, memory mapping, atomic writing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace saeception {

/// The whole file as bytes. @throws UserError naming the path if it cannot be read.
std::string readFile(const std::filesystem::path& path);

/// Writes `bytes` to a temporary name beside `path`, syncs and renames. @throws UserError naming the path.
void writeFile(const std::filesystem::path& path, std::string_view bytes);

/// Creates `path` and its parents. @throws UserError naming the path and the reason.
void createDirectories(const std::filesystem::path& path);

/// Byte offset of the first byte that is not valid UTF-8, or npos when all is well-formed.
std::size_t findInvalidUtf8(std::string_view bytes);

/// `text` with every byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string validUtf8(std::string_view text);

/// A file being written under a temporary name; it appears under its own name only on commit().
/// A destroyed uncommitted file leaves nothing behind.
class AtomicFile {
public:
    /// @throws UserError if the folder is missing or not writable.
    explicit AtomicFile(std::filesystem::path path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Appends. @throws UserError, for instance when the disk is full.
    void write(std::span<const std::byte> bytes);
    void write(std::string_view bytes) { write(std::as_bytes(std::span(bytes.data(), bytes.size()))); }
    /// Writes at an absolute offset without moving the append position.
    void writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Syncs to disk and renames into place.
    void commit();

    /// Whether `path` is the temporary name of such a file: left behind when its process was killed.
    static bool isTemporary(const std::filesystem::path& path);

private:
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    int m_descriptor = -1;
};

/// A file mapped read-only. Pages are loaded by the kernel on demand, so opening costs nothing.
class MappedFile {
public:
    MappedFile() = default;
    /// @throws UserError naming the path.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    const std::filesystem::path& path() const { return m_path; }

private:
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
    std::filesystem::path m_path;
};

}  // namespace saeception
