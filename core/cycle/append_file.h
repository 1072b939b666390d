// SPDX-License-Identifier: GPL-3.0-or-later
// A log file that grows by whole records and can be read at any moment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace saeception {

class AppendFile {
public:
    enum class Mode {
        Continue,  ///< open or create; what is there stays
        Create     ///< must not exist yet
    };
    /// @throws UserError naming the path.
    AppendFile(std::filesystem::path path, Mode mode);
    ~AppendFile();
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;

    /// Appends `record` whole or not at all: what a full disk took of it is cut off again. @throws UserError
    /// naming the path.
    void append(std::string_view record);
    /// Cuts off everything behind the first `size` bytes.
    void truncate(std::uint64_t size);
    std::uint64_t size() const { return m_size; }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
};

}  // namespace saeception
