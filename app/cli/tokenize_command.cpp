// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception tokenize`: JSON lines of texts in, JSON lines of token ids out, as fast as they come.
#include "base/error.h"
#include "command.h"
#include "data/json_lines.h"
#include "data/text_file.h"
#include "data/tokenizer.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>

namespace saeception {
namespace {

constexpr std::size_t chunk = 1 << 16;

/// Output in large pieces, written out before the input is waited for, so that a program on the other side
/// gets its answers at once.
class Output {
public:
    void append(const std::vector<std::int32_t>& ids) {
        m_buffer += "{\"ids\": [";
        std::array<char, 12> digits;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (i > 0)
                m_buffer += ", ";
            const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ids[i]).ptr;
            m_buffer.append(digits.data(), end);
        }
        m_buffer += "]}\n";
        if (m_buffer.size() >= chunk)
            flush();
    }
    void flush() {
        if (std::fwrite(m_buffer.data(), 1, m_buffer.size(), stdout) != m_buffer.size() ||
            std::fflush(stdout) != 0)
            fail("cannot write the token ids: {}; free some space or check where the output goes",
                 std::strerror(errno));
        m_buffer.clear();
    }

private:
    std::string m_buffer;
};

std::vector<std::int32_t> idsOf(const nlohmann::json& object, const Tokenizer& tokenizer,
                                const JsonLines& lines) {
    const auto text = object.find("text");
    if (text == object.end() || !text->is_string())
        fail("{}: {}; write {{\"text\": \"...\"}}", lines.where(),
             text == object.end() ? "there is no key 'text'"
                                  : fmt::format("'text' is {}, not a text", excerpt(text->dump())));
    return tokenizer.encode(text->get_ref<const std::string&>());
}

void tokenize(int input, const std::string& origin, const Tokenizer& tokenizer, Output& output) {
    JsonLines lines(origin);
    const auto answer = [&](std::string_view line) {
        if (const nlohmann::json object = lines.parse(line); !object.is_null())
            output.append(idsOf(object, tokenizer, lines));
    };
    std::string pending;  // an unfinished line
    std::string bytes(chunk, '\0');
    for (;;) {
        const ssize_t count = ::read(input, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail("cannot read {}: {}", origin, std::strerror(errno));
        if (count == 0)
            break;
        std::string_view rest(bytes.data(), static_cast<std::size_t>(count));
        for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
            pending += rest.substr(0, end);
            answer(pending);
            pending.clear();
            rest.remove_prefix(end + 1);
        }
        pending += rest;
        output.flush();
    }
    if (!pending.empty())
        answer(pending);
}

}  // namespace

int runTokenize(const CommandLine& line) {
    const auto directory = line.values.find("--tokenizer");
    if (directory == line.values.end())
        throw UsageError(
            "tokenize needs --tokenizer DIR, the folder with vocab.json and merges.txt (a run keeps its own "
            "in "
            "its folder tokenizer)");
    if (line.words.size() > 1)
        throw UsageError(
            fmt::format("tokenize takes one file, not also '{}'; write saeception tokenize "
                        "--tokenizer DIR [FILE]",
                        line.words[1]));
    const bool isStdin = line.words.empty() || line.words[0] == "-";
    const std::string origin = isStdin ? "standard input" : line.words[0];
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        isStdin ? nullptr : std::fopen(origin.c_str(), "rb"),
        [](std::FILE* f) { return f ? std::fclose(f) : 0; });
    if (!isStdin && file == nullptr)
        fail("cannot read {}: {}; name a file of JSON lines like {{\"text\": \"...\"}}", origin,
             std::strerror(errno));
    const Tokenizer tokenizer = Tokenizer::load(directory->second);
    Output output;
    try {
        tokenize(isStdin ? STDIN_FILENO : ::fileno(file.get()), origin, tokenizer, output);
    } catch (...) {
        output.flush();  // the lines before the bad one
        throw;
    }
    output.flush();
    return exitDone;
}

void printTokenizeHelp(const Command& command) {
    std::printf(
        "%s\n\n"
        "Usage: saeception %s %s\n\n"
        "Reads one JSON object a line, {\"text\": \"...\"}, from FILE or standard input, and writes one a "
        "line,\n"
        "{\"ids\": [...]}, in the same order. Blank lines are passed over. A line that cannot be read ends "
        "the\n"
        "command with status 1 after the lines before it.\n\n"
        "  --tokenizer DIR  folder with vocab.json and merges.txt, as GPT-2's own or a run's tokenizer "
        "folder\n",
        command.summary.c_str(), command.name.c_str(), command.usage.c_str());
}

}  // namespace saeception
