// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/features_stage.h"

#include "base/files.h"
#include "cycle/auxiliary_stage.h"
#include "cycle/cycle_features.h"
#include "cycle/cycle_matches.h"
#include "cycle/feature_supplement.h"
#include "cycle/step_counts.h"
#include "model/weights_identity.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace saeception {
namespace {

// Takes the rows of sentences as they are encoded and hands each sentence to the builder with its last row.
class SentenceFeeder {
public:
    SentenceFeeder(const Autoencoder& sae, const ActivationStore& store, SplitKind kind,
                   const SaeConfig& config, FeatureIndexBuilder& builder)
        : m_sae(sae),
          m_split(store.tokens(kind)),
          m_logits(store.logits(kind)),
          m_kind(kind),
          m_config(config),
          m_builder(builder),
          m_nearest(static_cast<int>(sae.features())) {}

    std::int64_t firstRow(std::int64_t sentence) const {
        return firstSaeToken(m_split.length(sentence), m_config.tokenLevel, m_config.skipFirstToken);
    }

    /// The sentences from `first` on are encoded next, their rows one after another.
    void begin(std::int64_t first) {
        m_sentence = first;
        m_base = 0;
        m_next = 0;
        m_nearest.begin();
    }

    void take(const at::Tensor& preActivations, std::int64_t firstOfBlock, const SparseCode& code) {
        const float* row = preActivations.data_ptr<float>();
        const std::int64_t features = preActivations.size(1);
        const std::span<const float> own = m_sae.ownThresholds();
        for (std::int64_t i = 0; i < preActivations.size(0); ++i, row += features) {
            const auto token = static_cast<std::uint16_t>(firstRow(m_sentence) + m_next);
            if (own.empty())
                m_nearest.add(row, m_sae.rowThreshold(code.row(firstOfBlock + i)), token);
            else
                m_nearest.add(row, own, token);
            ++m_next;
            if (token + 1 == m_split.length(m_sentence))
                finish(code);
        }
    }

private:
    void finish(const SparseCode& code) {
        const auto s = static_cast<std::size_t>(m_sentence);
        const std::span offsets =
            std::span(code.rowOffsets)
                .subspan(static_cast<std::size_t>(m_base), static_cast<std::size_t>(m_next) + 1);
        const auto from = static_cast<std::size_t>(offsets.front());
        const auto entries = static_cast<std::size_t>(offsets.back() - offsets.front());
        const auto classes = static_cast<std::size_t>(m_logits.size(1));
        m_builder.add(
            {m_sentence, m_kind, m_split.labels[s],
             std::span(m_logits.data_ptr<float>() + s * classes, classes), m_split.row(m_sentence),
             static_cast<int>(firstRow(m_sentence)), offsets, std::span(code.columns).subspan(from, entries),
             std::span(code.values).subspan(from, entries)},
            &m_nearest);
        ++m_sentence;
        m_base += m_next;
        m_next = 0;
        m_nearest.begin();
    }

    const Autoencoder& m_sae;
    const TokenizedSplit& m_split;
    const at::Tensor m_logits;
    const SplitKind m_kind;
    const SaeConfig& m_config;
    FeatureIndexBuilder& m_builder;
    NearestTokens m_nearest;
    std::int64_t m_sentence = 0;  // whose rows come next
    std::int64_t m_base = 0;      // its first row in the code at hand
    std::int64_t m_next = 0;      // rows of it that have come
};

std::vector<std::string> tokenTexts(const Tokenizer& tokenizer) {
    std::vector<std::string> texts;
    for (std::int32_t id = 0; id < tokenizer.vocabSize(); ++id)
        texts.push_back(tokenizer.tokenBytes(id));
    return texts;
}

IndexOrigin originOf(const Gpt2Classifier& model, const PreparedData& data, int cycle,
                     const IndexedCheckpoints& checkpoints, const ExperimentConfig& config) {
    IndexOrigin origin;
    origin.cycle = cycle;
    origin.classNames = data.classNames;
    origin.conceptNames = data.conceptNames;
    origin.model = weightsIdentity(checkpoints.model);
    origin.sae = weightsIdentity(checkpoints.sae);
    origin.autoencoder = config.sae.saeType;
    if (origin.autoencoder.find("topk") != std::string::npos)
        origin.autoencoder += fmt::format(", k={}", config.sae.k);
    origin.block = static_cast<int>(model.resolveLayer(config.model.targetLayer));
    origin.blocks = static_cast<int>(model.config().numLayers);
    origin.unembeddingTrained = config.model.init != "random";
    if (cycle > 0) {
        const SharpeningConfig sharpening = sharpeningOf(checkpoints.model, config.sharpening);
        origin.sharpening = sharpening.type;
        origin.topKPct = sharpening.topKPct;
    }
    return origin;
}

// Where the cycle before is indexed; else they are matched when somebody asks.
void matchWithPrevious(int cycle, const StageContext& context) {
    const RunDirectory& run = context.directory;
    std::error_code code;
    if (!std::filesystem::exists(run.sae(cycle - 1), code) || !std::filesystem::exists(run.sae(cycle), code))
        return;
    const auto left = [&](const UserError& error) {
        return fmt::format("features of cycle {} are not matched with those before: {}", cycle, error.what());
    };
    try {
        const FeatureIndex before = openCycleFeatures(run, cycle - 1);
        const FeatureIndex after = openCycleFeatures(run, cycle);
        if (!keptMatches(run, before, after))
            makeMatches(run, before, after, context.steps());
    } catch (const UnusableIndex& error) {
        spdlog::info("{}", left(error));
    } catch (const UserError& error) {
        // The index itself is good, whatever ails its neighbour.
        context.emit(Warning{left(error)});
    }
}

}  // namespace

std::int64_t endOfBlock(const TokenizedSplit& split, std::int64_t first) {
    constexpr std::int64_t tokensPerBlock = 4096;
    const std::int64_t begin = split.offsets[static_cast<std::size_t>(first)];
    std::int64_t last = first + 1;  // sentences are never cut
    while (last < split.rows() && split.offsets[static_cast<std::size_t>(last) + 1] - begin <= tokensPerBlock)
        ++last;
    return last;
}

void addToIndex(const Autoencoder& sae, const ActivationStore& store, SplitKind kind, const SaeConfig& config,
                FeatureIndexBuilder& builder, const std::function<void(std::int64_t)>& advance,
                ConceptRows* concepts) {
    const TokenizedSplit& split = store.tokens(kind);
    SentenceFeeder feeder(sae, store, kind, config, builder);
    for (std::int64_t first = 0; first < split.rows();) {
        std::vector<std::int64_t> rows;
        const std::int64_t last = endOfBlock(split, first);
        for (std::int64_t s = first; s < last; ++s)
            for (std::int64_t token = feeder.firstRow(s); token < split.length(s); ++token)
                rows.push_back(split.offsets[static_cast<std::size_t>(s)] + token);
        feeder.begin(first);
        const SparseCode code =
            sae.encode(store.activations(kind).index_select(0, at::tensor(rows, at::kLong)),
                       [&](const at::Tensor& preActivations, std::int64_t firstRow, const SparseCode& soFar) {
                           feeder.take(preActivations, firstRow, soFar);
                       });
        if (concepts != nullptr && !split.concepts.empty()) {
            concepts->code.features = sae.features();
            concepts->code.append(code);
            for (const std::int64_t row : rows)
                concepts->concepts.push_back(split.concepts[static_cast<std::size_t>(row)]);
        }
        advance(last - first);
        first = last;
    }
}

void indexFeatures(const Gpt2Classifier& model, const Autoencoder& sae, const ActivationStore& store,
                   const PreparedData& data, int cycle, const IndexedCheckpoints& checkpoints,
                   const StageContext& context) {
    const at::NoGradGuard noGrad;
    const IndexCounts counts = indexCounts(data.train.rows() + data.validation.rows());
    StageReporter reporter(context, Stage::Features, cycle, counts.steps);
    FeatureIndexBuilder builder(static_cast<int>(sae.features()),
                                originOf(model, data, cycle, checkpoints, context.config));
    const auto advance = [&](std::int64_t read) { reporter.advance(read); };
    ConceptRows concepts;
    addToIndex(sae, store, SplitKind::Train, context.config.sae, builder, advance);
    // Over the same tokens as the evaluation's scores of concepts.
    addToIndex(sae, store, SplitKind::Validation, context.config.sae, builder, advance, &concepts);
    const IndexSupplement supplement = makeSupplement(
        model, model.resolveLayer(context.config.model.targetLayer), sae, store, data, builder.fires(),
        concepts, context.steps(), [&] { reporter.advance(counts.stepsOfPart); });
    const std::filesystem::path file = context.directory.features(cycle);
    createDirectories(file.parent_path());
    builder.save(file, tokenTexts(data.tokenizer), supplement, context.steps());
    reporter.artefact(file);
    if (cycle > 0)
        matchWithPrevious(cycle, context);
    reporter.advance(counts.stepsOfPart);
    reporter.finish();
}

}  // namespace saeception
