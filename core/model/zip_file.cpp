// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/zip_file.h"

#include "base/error.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

namespace saeception {
namespace {

// Layouts as in PKWARE's APPNOTE.TXT 6.3, sections 4.3 and 4.5.
constexpr std::uint32_t localSignature = 0x04034b50;
constexpr std::uint32_t centralSignature = 0x02014b50;
constexpr std::uint32_t endSignature = 0x06054b50;
constexpr std::uint32_t end64Signature = 0x06064b50;
constexpr std::uint32_t locator64Signature = 0x07064b50;
constexpr std::uint64_t localSize = 30, centralSize = 46, endSize = 22, end64Size = 56, locator64Size = 20;
constexpr std::uint64_t longestComment = 0xFFFF;
constexpr std::uint32_t seeZip64 = 0xFFFFFFFF;
constexpr std::uint16_t zip64Field = 1;

class ZipParser {
public:
    ZipParser(std::span<const std::byte> bytes, std::string file) : m_bytes(bytes), m_file(std::move(file)) {}

    struct Directory {
        std::uint64_t begin = 0;
        std::uint64_t size = 0;
    };

    Directory directory() const {
        const std::uint64_t end = findEnd();
        Directory found{number(end + 16, 4), number(end + 12, 4)};
        if (end >= locator64Size && number(end - locator64Size, 4) == locator64Signature) {
            const std::uint64_t end64 = number(end - locator64Size + 8, 8);
            if (!isInside(end64, end64Size) || number(end64, 4) != end64Signature)
                malformed();
            found = {number(end64 + 48, 8), number(end64 + 40, 8)};
        }
        if (!isInside(found.begin, found.size))
            malformed();
        return found;
    }

    struct Entry {
        std::string name;
        std::uint64_t begin = 0;
        std::uint64_t size = 0;
        std::uint32_t checksum = 0;
    };

    /// The entry at `position` of the directory, which is moved behind it.
    Entry entry(std::uint64_t& position, std::uint64_t end) const {
        if (end - position < centralSize || number(position, 4) != centralSignature)
            malformed();
        const std::uint64_t nameSize = number(position + 28, 2), extraSize = number(position + 30, 2);
        const std::uint64_t total = centralSize + nameSize + extraSize + number(position + 32, 2);
        if (end - position < total)
            malformed();
        Entry entry;
        entry.name = text(position + centralSize, nameSize);
        entry.checksum = static_cast<std::uint32_t>(number(position + 16, 4));
        entry.size = number(position + 24, 4);
        std::uint64_t stored = number(position + 20, 4), local = number(position + 42, 4);
        const std::uint64_t extra = position + centralSize + nameSize;
        readZip64({&entry.size, &stored, &local}, extra, extra + extraSize);
        if (number(position + 10, 2) != 0 || (number(position + 8, 2) & 1U) != 0 || stored != entry.size)
            fail(
                "{}: its record '{}' is compressed or encrypted, which torch.save never does; save it again "
                "with "
                "torch.save",
                m_file, oneLine(entry.name));
        entry.begin = dataOf(local, entry.name);
        if (!isInside(entry.begin, entry.size))
            malformed();
        position += total;
        return entry;
    }

    [[noreturn]] void malformed() const {
        fail(
            "{}: not a readable .pt file (cut short, or not written by torch.save in its zip format); save "
            "it again",
            m_file);
    }

private:
    bool isInside(std::uint64_t begin, std::uint64_t size) const {
        return begin <= m_bytes.size() && size <= m_bytes.size() - begin;
    }
    std::uint64_t number(std::uint64_t at, unsigned size) const {
        if (!isInside(at, size))
            malformed();
        std::uint64_t value = 0;
        for (unsigned i = 0; i < size; ++i)
            value |= std::to_integer<std::uint64_t>(m_bytes[at + i]) << (8 * i);
        return value;
    }
    std::string text(std::uint64_t at, std::uint64_t size) const {
        if (!isInside(at, size))
            malformed();
        return {reinterpret_cast<const char*>(m_bytes.data()) + at, static_cast<std::size_t>(size)};
    }

    std::uint64_t findEnd() const {
        if (m_bytes.size() < endSize)
            malformed();
        const std::uint64_t last = m_bytes.size() - endSize;
        for (std::uint64_t back = 0; back <= std::min(last, longestComment); ++back)
            if (number(last - back, 4) == endSignature && number(last - back + 20, 2) == back)
                return last - back;
        malformed();
    }

    /// Fields that do not fit 32 bits stand in an extra field, in this order.
    void readZip64(std::initializer_list<std::uint64_t*> fields, std::uint64_t extra,
                   std::uint64_t end) const {
        while (end - extra >= 4) {
            const std::uint64_t size = number(extra + 2, 2);
            if (size > end - extra - 4)
                malformed();
            if (number(extra, 2) == zip64Field) {
                std::uint64_t at = extra + 4;
                for (std::uint64_t* field : fields) {
                    if (*field != seeZip64)
                        continue;
                    if (extra + 4 + size - at < 8)
                        malformed();
                    *field = number(at, 8);
                    at += 8;
                }
            }
            extra += 4 + size;
        }
    }

    std::uint64_t dataOf(std::uint64_t local, const std::string& name) const {
        if (!isInside(local, localSize) || number(local, 4) != localSignature)
            malformed();
        const std::uint64_t nameSize = number(local + 26, 2);
        if (text(local + localSize, nameSize) != name)
            malformed();
        return local + localSize + nameSize + number(local + 28, 2);
    }

    std::span<const std::byte> m_bytes;
    std::string m_file;
};

}  // namespace

ZipFile ZipFile::open(const std::filesystem::path& path) {
    ZipFile file(path);
    const ZipParser parser(file.m_file.bytes(), path.string());
    const ZipParser::Directory directory = parser.directory();
    const std::uint64_t end = directory.begin + directory.size;
    for (std::uint64_t position = directory.begin; position < end;) {
        const ZipParser::Entry entry = parser.entry(position, end);
        if (!file.m_records.emplace(entry.name, Record{entry.begin, entry.size, entry.checksum}).second)
            fail("{}: it holds the record '{}' twice; save it again", path.string(), oneLine(entry.name));
    }
    return file;
}

std::string ZipFile::inTopFolder(std::string_view leaf) const {
    for (const auto& [name, record] : m_records)
        if (const std::size_t slash = name.find('/');
            slash != std::string::npos && std::string_view(name).substr(slash + 1) == leaf)
            return name;
    return {};
}

std::map<std::string, ZipFile::RecordInfo> ZipFile::directory() const {
    std::map<std::string, RecordInfo> infos;
    for (const auto& [name, record] : m_records)
        infos.emplace(name, RecordInfo{record.size, record.checksum});
    return infos;
}

std::span<const std::byte> ZipFile::record(const std::string& name) const {
    const auto found = m_records.find(name);
    if (found == m_records.end())
        fail("{}: its record '{}' is missing; save it again", path().string(), oneLine(name));
    const auto& [begin, size, checksum] = found->second;
    const std::span<const std::byte> bytes = m_file.bytes().subspan(begin, size);
    if (::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) != checksum)
        fail("{}: its record '{}' is damaged (its checksum does not hold); copy or save the file again",
             path().string(), oneLine(name));
    return bytes;
}

}  // namespace saeception
