// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/append_file.h"

#include "base/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace saeception {
namespace {

[[noreturn]] void failToWrite(const std::filesystem::path& path, int error) {
    fail("cannot write {}: {}; {}", path.string(), std::strerror(error),
         error == ENOSPC || error == EDQUOT || error == EFBIG ? "free some space and try again"
                                                              : "check that the folder may be written to");
}

}  // namespace

AppendFile::AppendFile(std::filesystem::path path, Mode mode) : m_path(std::move(path)) {
    const int exclusive = mode == Mode::Create ? O_EXCL : 0;
    m_descriptor = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | exclusive, 0666);
    struct stat info {};
    if (m_descriptor < 0 || ::fstat(m_descriptor, &info) != 0) {
        const int error = errno;
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        failToWrite(m_path, error);
    }
    m_size = static_cast<std::uint64_t>(info.st_size);
}

AppendFile::~AppendFile() {
    ::close(m_descriptor);
}

void AppendFile::append(std::string_view record) {
    std::string_view rest = record;
    while (!rest.empty()) {
        const ssize_t put = ::write(m_descriptor, rest.data(), rest.size());
        if (put >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(put));
        } else if (errno != EINTR) {
            const int error = errno;
            truncate(m_size);
            failToWrite(m_path, error);
        }
    }
    m_size += record.size();
}

void AppendFile::truncate(std::uint64_t size) {
    if (::ftruncate(m_descriptor, static_cast<off_t>(size)) != 0)
        failToWrite(m_path, errno);
    m_size = size;
}

}  // namespace saeception
