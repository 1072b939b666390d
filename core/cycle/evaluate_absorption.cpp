// SPDX-License-Identifier: GPL-3.0-or-later
// First-letter absorption of one cycle: finds the words, then measures.
#include "cycle/evaluate_sae.h"

#include "base/random.h"
#include "evaluation/absorption.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace saeception {
namespace {

// Frequent words must not outweigh the others, and a probe of 26 letters needs no more rows.
constexpr std::size_t occurrencesPerWord = 8;
constexpr std::size_t mostRows = 24000;
constexpr std::uint64_t heldOutOneIn = 5;
// Below this the probe has found no direction of a letter that a feature could absorb.
constexpr double readableAccuracy = 0.5;

bool isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The first letter (0 = a) of a token that is a space and a word of at least two letters.
std::optional<std::int32_t> firstLetter(const std::string& bytes) {
    if (bytes.size() < 3 || bytes[0] != ' ' || !std::all_of(bytes.begin() + 1, bytes.end(), isAsciiLetter))
        return std::nullopt;
    return (bytes[1] | 0x20) - 'a';
}

struct Word {
    std::int32_t letter = 0;
    std::vector<std::int64_t> tokens;  // rows of the activation store
};

/// All words that are one token, with where they stand among `rows`, by token id.
std::unordered_map<std::int32_t, Word> findWords(const TokenizedSplit& split,
                                                 const std::vector<std::int64_t>& rows,
                                                 const Tokenizer& tokenizer) {
    std::vector<bool> endsSentence(static_cast<std::size_t>(split.tokens()));
    for (std::int64_t s = 0; s < split.rows(); ++s)
        endsSentence[static_cast<std::size_t>(split.offsets[static_cast<std::size_t>(s) + 1] - 1)] = true;
    std::unordered_map<std::int32_t, Word> words;
    for (const std::int64_t row : rows) {
        const auto place = static_cast<std::size_t>(row);
        const std::optional<std::int32_t> letter = firstLetter(tokenizer.tokenBytes(split.ids[place]));
        if (!letter)
            continue;
        if (!endsSentence[place]) {  // the next token may go on with the word
            const std::string& next = tokenizer.tokenBytes(split.ids[place + 1]);
            if (!next.empty() && (isAsciiLetter(next[0]) || static_cast<unsigned char>(next[0]) >= 0x80))
                continue;
        }
        Word& word = words[split.ids[place]];
        word.letter = *letter;
        word.tokens.push_back(row);
    }
    return words;
}

LetterRows gather(const at::Tensor& activations, const std::vector<std::int64_t>& rows,
                  std::vector<std::int32_t> letters) {
    return {activations.index_select(0, at::tensor(rows, at::kLong)), std::move(letters)};
}

}  // namespace

void evaluateAbsorption(MetricCollector& metrics, const Autoencoder& sae, const ActivationStore& store,
                        const PreparedData& data, std::uint64_t seed, const StageContext& context) {
    context.emit(Warning{
        "first-letter absorption means little for small models: it needs one that knows how its tokens are "
        "spelled, which GPT-2 small barely does and smaller ones do not; compare cycles, not papers"});
    const SaeConfig& config = context.config.sae;
    const TokenizedSplit& split = store.tokens(SplitKind::Train);
    auto words = findWords(split, saeRows(split, config.tokenLevel, config.skipFirstToken), data.tokenizer);
    std::vector<std::int32_t> ids;
    for (const auto& [id, word] : words)
        ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    Rng rng(deriveSeed(seed, "absorption"));
    rng.shuffle(ids);

    std::vector<std::int64_t> trainRows;
    std::vector<std::int64_t> testRows;
    std::vector<std::int32_t> trainLetters;
    std::vector<std::int32_t> testLetters;
    for (std::size_t w = 0; w < ids.size() && trainRows.size() + testRows.size() < mostRows; ++w) {
        Word& word = words.at(ids[w]);
        rng.shuffle(word.tokens);
        const bool heldOut = w % heldOutOneIn == 0;
        for (std::size_t i = 0; i < std::min(word.tokens.size(), occurrencesPerWord); ++i) {
            (heldOut ? testRows : trainRows).push_back(word.tokens[i]);
            (heldOut ? testLetters : trainLetters).push_back(word.letter);
        }
    }
    Absorption result;
    if (!trainRows.empty() && !testRows.empty()) {
        const at::Tensor& activations = store.activations(SplitKind::Train);
        result =
            measureAbsorption(sae, gather(activations, trainRows, std::move(trainLetters)),
                              gather(activations, testRows, std::move(testLetters)), {}, context.steps());
    }
    if (result.letters.empty())
        context.emit(Warning{
            "first-letter absorption could not be measured: a linear probe reads the first letter of no "
            "held-out word"});
    else if (result.probeAccuracy < readableAccuracy)
        context.emit(
            Warning{fmt::format("a linear probe reads the first letter of {:.0f} % of the held-out words "
                                "only: the absorption rates "
                                "rest on lucky guesses",
                                100 * result.probeAccuracy)});
    metrics.add("absorption_rate", result.rate());
    metrics.add("absorption_probe_accuracy", result.probeAccuracy);
    metrics.add("absorption_letters", static_cast<double>(result.letters.size()));
    metrics.add("absorption_words", static_cast<double>(result.words()));
    metrics.add("absorption_main_features", result.mainFeatures());
    for (const LetterAbsorption& letter : result.letters)
        metrics.add(fmt::format("absorption_letter_{}", static_cast<char>('a' + letter.letter)),
                    letter.rate());
}

}  // namespace saeception
