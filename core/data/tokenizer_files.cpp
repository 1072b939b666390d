// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/tokenizer_files.h"

#include "base/error.h"
#include "base/files.h"
#include "data/byte_symbols.h"
#include "data/text_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr const char* matchingPair = "use the vocab.json and merges.txt of one and the same model";

std::int64_t lineOf(std::string_view text, std::size_t byte) {
    return 1 + std::count(text.begin(),
                          text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size())), '\n');
}

void requireFile(const fs::path& path) {
    std::error_code code;
    if (!fs::is_regular_file(path, code))
        fail("{} does not exist; set model.tokenizer to a folder with vocab.json and merges.txt, or to train",
             path.string());
}

nlohmann::json parseVocabulary(const std::string& text, const std::string& file) {
    try {
        nlohmann::json tree = nlohmann::json::parse(text);
        if (!tree.is_object())
            fail("{}:1: must be one JSON object of token: id; fetch the file anew", file);
        return tree;
    } catch (const nlohmann::json::parse_error& error) {
        fail("{}:{}: not valid JSON at byte {} of the file; fetch the file anew", file,
             lineOf(text, error.byte == 0 ? 0 : error.byte - 1), error.byte);
    }
}

void readVocabulary(const fs::path& path, BpeModel& model,
                    std::unordered_map<std::string, std::int32_t>& idOf) {
    const std::string file = path.string();
    const nlohmann::json tree = parseVocabulary(readTextFile(path), file);
    const auto size = static_cast<std::int64_t>(tree.size());
    model.symbols.resize(tree.size());
    std::vector<bool> taken(tree.size(), false);
    idOf.reserve(tree.size());
    for (const auto& [symbol, value] : tree.items()) {
        if (!value.is_number_integer())
            fail("{}: the id of token '{}' is {}, not an integer; fetch the file anew", file, excerpt(symbol),
                 excerpt(value.dump()));
        // Unsigned values beyond int64 turn negative here and are refused with the rest.
        const auto id = value.get<std::int64_t>();
        if (id < 0 || id >= size)
            fail(
                "{}: token '{}' has id {}, but the ids of {} tokens must run from 0 to {} without gaps; "
                "correct the ids",
                file, excerpt(symbol), id, size, size - 1);
        if (taken[static_cast<std::size_t>(id)])
            fail("{}: tokens '{}' and '{}' both have id {}; give each token its own id", file,
                 excerpt(model.symbols[static_cast<std::size_t>(id)]), excerpt(symbol), id);
        taken[static_cast<std::size_t>(id)] = true;
        model.symbols[static_cast<std::size_t>(id)] = symbol;
        idOf.emplace(symbol, static_cast<std::int32_t>(id));
    }
    for (int byte = 0; byte < 256; ++byte)
        if (!idOf.contains(byteSymbols()[static_cast<std::size_t>(byte)]))
            fail(
                "{}: no token for the byte 0x{:02X} ('{}'); a byte-level vocabulary needs all 256: use "
                "GPT-2's kind of file",
                file, byte, byteSymbols()[static_cast<std::size_t>(byte)]);
    const auto end = idOf.find(std::string(endOfTextSymbol));
    if (end == idOf.end())
        fail("{}: no token {}; add it with the next free id, {}", file, endOfTextSymbol, size);
    model.endOfText = end->second;
    model.bytes.reserve(model.symbols.size());
    for (const std::string& symbol : model.symbols)
        model.bytes.push_back(fromSymbols(symbol).value_or(symbol));
}

void readMerges(const fs::path& path, BpeModel& model,
                const std::unordered_map<std::string, std::int32_t>& idOf) {
    const std::string file = path.string();
    const std::string text = readTextFile(path);
    const auto require = [&](const std::string& symbol, std::int64_t line, const char* what) {
        const auto found = idOf.find(symbol);
        if (found == idOf.end())
            fail("{}:{}: the merge's {} '{}' is not in vocab.json; {}", file, line, what, excerpt(symbol),
                 matchingPair);
        return found->second;
    };
    std::unordered_map<std::uint64_t, std::int64_t> lineOfPair;
    std::int64_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view content(text.data() + begin, end - begin);
        begin = end + 1;
        ++line;
        if (content.ends_with('\r'))
            content.remove_suffix(1);
        if (content.empty() || (line == 1 && content.starts_with("#version")))
            continue;
        const std::size_t space = content.find(' ');
        if (space == std::string_view::npos || space == 0 || space + 1 == content.size() ||
            content.find(' ', space + 1) != std::string_view::npos)
            fail(
                "{}:{}: '{}' is not two symbols with one space between them; correct the line or fetch the "
                "file anew",
                file, line, excerpt(content));
        const std::string left(content.substr(0, space));
        const std::string right(content.substr(space + 1));
        BpeMerge merge;
        merge.left = require(left, line, "left part");
        merge.right = require(right, line, "right part");
        merge.product = require(left + right, line, "product");
        const auto key =
            (static_cast<std::uint64_t>(merge.left) << 32) | static_cast<std::uint64_t>(merge.right);
        if (const auto [known, fresh] = lineOfPair.emplace(key, line); !fresh)
            fail("{}:{}: the merge '{}' already stands on line {}; remove one of the two", file, line,
                 excerpt(content), known->second);
        model.merges.push_back(merge);
    }
}

}  // namespace

void checkTokenizerFiles(const fs::path& directory) {
    std::error_code code;
    if (!fs::is_directory(directory, code))
        fail(
            "the tokenizer folder {} does not exist; set model.tokenizer to a folder with vocab.json and "
            "merges.txt, or to train",
            directory.string());
    for (const char* name : {"vocab.json", "merges.txt"})
        requireFile(directory / name);
}

BpeModel readTokenizerFiles(const fs::path& directory) {
    checkTokenizerFiles(directory);
    BpeModel model;
    std::unordered_map<std::string, std::int32_t> idOf;
    readVocabulary(directory / "vocab.json", model, idOf);
    readMerges(directory / "merges.txt", model, idOf);
    return model;
}

void writeTokenizerFiles(const BpeModel& model, const fs::path& directory) {
    createDirectories(directory);
    std::string vocabulary = "{";
    for (std::size_t id = 0; id < model.symbols.size(); ++id)
        vocabulary += fmt::format("{}{}: {}", id == 0 ? "" : ", ",
                                  nlohmann::json(model.symbols[id]).dump(-1, ' ', true), id);
    vocabulary += "}\n";
    std::string merges = "#version: 0.2\n";
    for (const BpeMerge& merge : model.merges)
        merges += fmt::format("{} {}\n", model.symbols[static_cast<std::size_t>(merge.left)],
                              model.symbols[static_cast<std::size_t>(merge.right)]);
    // Both are written out before either appears, so a full disk leaves neither.
    AtomicFile vocabularyFile(directory / "vocab.json");
    AtomicFile mergesFile(directory / "merges.txt");
    vocabularyFile.write(vocabulary);
    mergesFile.write(merges);
    vocabularyFile.commit();
    mergesFile.commit();
}

}  // namespace saeception
