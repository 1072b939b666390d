// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include "base/error.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace saeception {
namespace fs = std::filesystem;
namespace {

std::string reason() {
    return std::strerror(errno);
}

const char* remedy(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return "free some space and try again";
        case EACCES:
        case EPERM:
        case EROFS:
            return "choose a folder you may write to with output_dir=DIR or hydra.run.dir=DIR";
        default:
            return "check the path and try again";
    }
}

void syncFolder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

}  // namespace

std::string readFile(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail("cannot read {}: {}; check the path", path.string(), reason());
    std::string bytes;
    struct stat info {};
    if (::fstat(descriptor, &info) == 0 && info.st_size > 0)
        bytes.reserve(static_cast<std::size_t>(info.st_size));
    char buffer[1 << 16];
    for (;;) {
        const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
        if (got > 0) {
            bytes.append(buffer, static_cast<std::size_t>(got));
        } else if (got == 0) {
            break;
        } else if (errno != EINTR) {
            const std::string why = reason();
            ::close(descriptor);
            fail("cannot read {}: {}; check the path", path.string(), why);
        }
    }
    ::close(descriptor);
    return bytes;
}

void writeFile(const fs::path& path, std::string_view bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void createDirectories(const fs::path& path) {
    std::error_code code;
    fs::create_directories(path, code);
    if (code)
        fail("cannot create the folder {}: {}; choose another with output_dir=DIR or hydra.run.dir=DIR",
             path.string(), code.message());
}

std::size_t findInvalidUtf8(std::string_view bytes) {
    std::size_t i = 0;
    while (i < bytes.size()) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const int extra = lead >= 0xC2 && lead <= 0xDF   ? 1
                          : (lead & 0xF0) == 0xE0        ? 2
                          : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                         : 0;
        if (extra == 0 || i + static_cast<std::size_t>(extra) >= bytes.size())
            return i;
        const auto second = static_cast<unsigned char>(bytes[i + 1]);
        const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;  // no overlong forms
        const unsigned char high = lead == 0xED   ? 0x9F
                                   : lead == 0xF4 ? 0x8F
                                                  : 0xBF;  // no surrogates, nothing past U+10FFFF
        if (second < low || second > high)
            return i;
        for (int k = 2; k <= extra; ++k)
            if ((static_cast<unsigned char>(bytes[i + static_cast<std::size_t>(k)]) & 0xC0) != 0x80)
                return i;
        i += static_cast<std::size_t>(extra) + 1;
    }
    return std::string_view::npos;
}

std::string validUtf8(std::string_view text) {
    std::string valid;
    for (;;) {
        const std::size_t bad = findInvalidUtf8(text);
        valid += text.substr(0, bad);
        if (bad == std::string_view::npos)
            return valid;
        valid += "\xEF\xBF\xBD";
        text.remove_prefix(bad + 1);
    }
}

AtomicFile::AtomicFile(fs::path path) : m_path(std::move(path)) {
    // Process id and a counter keep two writers of the same file apart; the later rename wins whole.
    static std::atomic<unsigned> counter{0};
    m_temporary = m_path;
    m_temporary += fmt::format(".{}-{}.part", ::getpid(), counter++);
    m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (m_descriptor < 0)
        fail("cannot write {}: {}; {}", m_path.string(), reason(), remedy(errno));
}

AtomicFile::~AtomicFile() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        ::unlink(m_temporary.c_str());
    }
}

bool AtomicFile::isTemporary(const fs::path& path) {
    if (path.extension() != ".part")
        return false;
    const std::string tag = path.stem().extension().string();
    return tag.size() > 3 && tag.find_first_not_of("0123456789", 1) == tag.find('-') &&
           tag.find_first_not_of("0123456789", tag.find('-') + 1) == std::string::npos;
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(m_descriptor, bytes.data(), bytes.size());
        if (put >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        else if (errno != EINTR)
            fail("cannot write {}: {}; {}", m_path.string(), reason(), remedy(errno));
    }
}

void AtomicFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(put));
            offset += static_cast<std::uint64_t>(put);
        } else if (errno != EINTR) {
            fail("cannot write {}: {}; {}", m_path.string(), reason(), remedy(errno));
        }
    }
}

void AtomicFile::commit() {
    if (::fsync(m_descriptor) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        fail("cannot write {}: {}; {}", m_path.string(), reason(), remedy(errno));
    ::close(m_descriptor);
    m_descriptor = -1;
    syncFolder(m_path.has_parent_path() ? m_path.parent_path() : fs::path("."));
}

MappedFile::MappedFile(const fs::path& path) : m_path(path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail("cannot read {}: {}; check the path", path.string(), reason());
    struct stat info {};
    if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(descriptor);
        fail("cannot read {}: not a regular file; check the path", path.string());
    }
    m_size = static_cast<std::size_t>(info.st_size);
    if (m_size > 0) {
        void* address = ::mmap(nullptr, m_size, PROT_READ, MAP_SHARED, descriptor, 0);
        if (address == MAP_FAILED) {
            const std::string why = reason();
            ::close(descriptor);
            fail("cannot map {}: {}; check the path", path.string(), why);
        }
        m_data = static_cast<const std::byte*>(address);
    }
    ::close(descriptor);
}

MappedFile::~MappedFile() {
    if (m_data != nullptr)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0)),
      m_path(std::move(other.m_path)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    std::swap(m_path, other.m_path);
    return *this;
}

}  // namespace saeception
