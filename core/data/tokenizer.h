// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level byte-pair encoding (Radford et al. 2019), exactly GPT-2's, loaded from files or trained on the
// spot.
#pragma once

#include "base/step_control.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

struct TokenSpan {
    std::uint32_t begin = 0;  ///< first byte in the text
    std::uint32_t end = 0;    ///< one past the last byte
};

struct Encoding {
    std::vector<std::int32_t> ids;
    std::vector<TokenSpan> spans;  ///< one per id
};

/// Immutable once made; all const members may be called from several threads at once.
class Tokenizer {
public:
    /// Reads DIR/vocab.json and DIR/merges.txt. @throws UserError naming the file and line when they are
    /// missing, malformed or disagree (a merge whose parts or result the vocabulary lacks, ids with gaps, a
    /// missing byte).
    static Tokenizer load(const std::filesystem::path& directory);

    /// Trains on `texts` up to `vocabSize` entries (256 bytes + merges + <|endoftext|>); deterministic.
    /// @throws UserError if vocabSize < 257, Cancelled on stop.
    static Tokenizer train(std::span<const std::string> texts, int vocabSize, const StepControl& steps = {});

    ~Tokenizer();
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;

    std::vector<std::int32_t> encode(std::string_view text) const;
    Encoding encodeWithSpans(std::string_view text) const;
    std::string decode(std::span<const std::int32_t> ids) const;
    /// The bytes one id stands for.
    const std::string& tokenBytes(std::int32_t id) const;
    int vocabSize() const;
    /// Id of <|endoftext|>; also used as padding, and as the only token of an empty sentence.
    std::int32_t endOfText() const;

    /// Writes vocab.json and merges.txt, whole or not at all.
    void save(const std::filesystem::path& directory) const;

private:
    struct Impl;
    explicit Tokenizer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace saeception
