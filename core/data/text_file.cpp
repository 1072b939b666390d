// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/text_file.h"

#include "base/error.h"
#include "base/files.h"

#include <algorithm>

namespace saeception {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::string readTextFile(const std::filesystem::path& path) {
    std::string text = readFile(path);
    if (const std::size_t bad = findInvalidUtf8(text); bad != std::string::npos) {
        const auto at = text.begin() + static_cast<std::ptrdiff_t>(bad);
        const std::size_t lineEnd = text.rfind('\n', bad);
        const std::size_t lineStart = lineEnd == std::string::npos ? 0 : lineEnd + 1;
        fail("{}:{}: byte {} of the line (0x{:02X}) is not valid UTF-8; convert the file to UTF-8",
             path.string(), 1 + std::count(text.begin(), at, '\n'), bad - lineStart + 1,
             static_cast<unsigned char>(text[bad]));
    }
    if (text.starts_with(byteOrderMark))
        text.erase(0, byteOrderMark.size());
    return text;
}

std::string excerpt(std::string_view text, std::size_t longest) {
    if (text.size() <= longest)
        return oneLine(std::string(text));
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return oneLine(std::string(text.substr(0, end))) + "...";
}

}  // namespace saeception
