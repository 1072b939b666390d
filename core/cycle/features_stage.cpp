// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/features_stage.h"

#include "base/files.h"

#include <algorithm>

namespace saeception {
namespace {

// Tokens encoded at once; sentences are never cut.
constexpr std::int64_t tokensPerBlock = 4096;

}  // namespace

void addToIndex(const Autoencoder& sae, const ActivationStore& store, SplitKind kind, const SaeConfig& config,
                FeatureIndexBuilder& builder, const std::function<void(std::int64_t)>& advance) {
    const TokenizedSplit& split = store.tokens(kind);
    const std::vector<std::int32_t> predictions = store.predictions(kind);
    std::vector<std::uint8_t> inSaeData(static_cast<std::size_t>(split.tokens()), 0);
    for (const std::int64_t row : saeRows(split, config.tokenLevel, config.skipFirstToken))
        inSaeData[static_cast<std::size_t>(row)] = 1;

    for (std::int64_t first = 0; first < split.rows();) {
        const std::int64_t begin = split.offsets[static_cast<std::size_t>(first)];
        std::int64_t last = first + 1;
        while (last < split.rows() &&
               split.offsets[static_cast<std::size_t>(last) + 1] - begin <= tokensPerBlock)
            ++last;
        const std::int64_t end = split.offsets[static_cast<std::size_t>(last)];
        std::vector<std::int64_t> rows;
        for (std::int64_t row = begin; row < end; ++row)
            if (inSaeData[static_cast<std::size_t>(row)] != 0)
                rows.push_back(row);
        const SparseCode code =
            sae.encode(store.activations(kind).index_select(0, at::tensor(rows, at::kLong)));

        std::int64_t encoded = 0;  // rows of `code` used so far
        std::vector<std::int64_t> offsets;
        for (std::int64_t sentence = first; sentence < last; ++sentence) {
            const auto s = static_cast<std::size_t>(sentence);
            const std::int64_t base = code.rowOffsets[static_cast<std::size_t>(encoded)];
            offsets.assign(1, 0);
            for (std::int64_t token = split.offsets[s]; token < split.offsets[s + 1]; ++token) {
                encoded += inSaeData[static_cast<std::size_t>(token)];
                offsets.push_back(code.rowOffsets[static_cast<std::size_t>(encoded)] - base);
            }
            const auto from = static_cast<std::size_t>(base);
            const auto entries = static_cast<std::size_t>(offsets.back());
            builder.add({sentence, kind, split.labels[s], predictions[s], split.row(sentence),
                         std::span(inSaeData).subspan(static_cast<std::size_t>(split.offsets[s]),
                                                      static_cast<std::size_t>(split.length(sentence))),
                         offsets, std::span(code.columns).subspan(from, entries),
                         std::span(code.values).subspan(from, entries)});
        }
        advance(last - first);
        first = last;
    }
}

void indexFeatures(const Autoencoder& sae, const ActivationStore& store, const PreparedData& data, int cycle,
                   const StageContext& context) {
    const at::NoGradGuard noGrad;
    StageReporter reporter(context, Stage::Features, cycle, data.train.rows() + data.validation.rows());
    FeatureIndexBuilder builder(cycle, static_cast<int>(sae.features()), data.classNames);
    const auto advance = [&](std::int64_t sentences) { reporter.advance(sentences); };
    addToIndex(sae, store, SplitKind::Train, context.config.sae, builder, advance);
    addToIndex(sae, store, SplitKind::Validation, context.config.sae, builder, advance);
    std::vector<std::string> tokenText;
    for (std::int32_t id = 0; id < data.tokenizer.vocabSize(); ++id)
        tokenText.push_back(data.tokenizer.tokenBytes(id));
    const std::filesystem::path file = context.directory.features(cycle);
    createDirectories(file.parent_path());
    builder.save(file, tokenText);
    reporter.artefact(file);
    reporter.finish();
}

}  // namespace saeception
