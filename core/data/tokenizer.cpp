// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/tokenizer.h"

#include "base/error.h"
#include "data/bpe_merges.h"
#include "data/bpe_model.h"
#include "data/bpe_trainer.h"
#include "data/pre_tokenizer.h"
#include "data/tokenizer_files.h"

#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace saeception {

struct Tokenizer::Impl {
    BpeModel model;
    BpeMerges merges;
    PreTokenizer preTokenizer;
    // Pieces that come out as one token, found beforehand: most pieces of a text are whole words of the
    // vocabulary, and a table that never changes needs no lock. The keys view model.bytes.
    std::unordered_map<std::string_view, std::int32_t> wholeWords;

    explicit Impl(BpeModel source) : model(std::move(source)), merges(model) {
        std::vector<std::int32_t> ids;
        wholeWords.reserve(model.bytes.size());
        for (std::size_t id = 0; id < model.bytes.size(); ++id) {
            const std::string& bytes = model.bytes[id];
            if (bytes.empty())
                continue;
            ids.clear();
            merges.encode(bytes, ids);
            if (ids.size() == 1 && ids[0] == static_cast<std::int32_t>(id))
                wholeWords.emplace(bytes, ids[0]);
        }
    }

    void encode(std::string_view text, std::vector<std::int32_t>& ids) const {
        std::vector<std::uint32_t> ends;
        preTokenizer.split(text, ends);
        std::uint32_t begin = 0;
        for (const std::uint32_t end : ends) {
            const std::string_view piece = text.substr(begin, end - begin);
            if (const auto word = wholeWords.find(piece); word != wholeWords.end())
                ids.push_back(word->second);
            else
                merges.encode(piece, ids);
            begin = end;
        }
    }
};

Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

Tokenizer Tokenizer::load(const std::filesystem::path& directory) {
    return Tokenizer(std::make_unique<Impl>(readTokenizerFiles(directory)));
}

Tokenizer Tokenizer::train(std::span<const std::string> texts, int vocabSize, const StepControl& steps) {
    return Tokenizer(std::make_unique<Impl>(trainBpe(texts, vocabSize, steps)));
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view text) const {
    std::vector<std::int32_t> ids;
    m_impl->encode(text, ids);
    return ids;
}

Encoding Tokenizer::encodeWithSpans(std::string_view text) const {
    Encoding encoding;
    m_impl->encode(text, encoding.ids);
    encoding.spans.reserve(encoding.ids.size());
    std::uint32_t begin = 0;
    for (const std::int32_t id : encoding.ids) {
        const auto end =
            begin + static_cast<std::uint32_t>(m_impl->model.bytes[static_cast<std::size_t>(id)].size());
        encoding.spans.push_back({begin, end});
        begin = end;
    }
    return encoding;
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids) const {
    std::string text;
    for (const std::int32_t id : ids)
        text += tokenBytes(id);
    return text;
}

const std::string& Tokenizer::tokenBytes(std::int32_t id) const {
    if (id < 0 || id >= vocabSize())
        throw std::out_of_range(
            fmt::format("token id {} is outside the vocabulary of {} entries", id, vocabSize()));
    return m_impl->model.bytes[static_cast<std::size_t>(id)];
}

int Tokenizer::vocabSize() const {
    return static_cast<int>(m_impl->model.bytes.size());
}

std::int32_t Tokenizer::endOfText() const {
    return m_impl->model.endOfText;
}

void Tokenizer::save(const std::filesystem::path& directory) const {
    writeTokenizerFiles(m_impl->model, directory);
}

}  // namespace saeception
