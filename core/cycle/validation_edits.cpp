// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/validation_edits.h"

#include "cycle/activation_store.h"
#include "cycle/batch_tensors.h"
#include "cycle/block_encoding.h"
#include "cycle/feature_edits.h"
#include "cycle/stored_stream.h"
#include "evaluation/classification.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int sentencesPerBatch = 64;
constexpr std::int32_t padId = 0;  // pads are never read

double difference(const at::Tensor& logits, std::int64_t from, std::int64_t to) {
    return (logits[from] - logits[to]).item<double>();
}

}  // namespace

ValidationEdits::ValidationEdits(const Gpt2Classifier& model, const Autoencoder& sae, std::int64_t block,
                                 const SaeConfig& config, const FeatureIndex& index, const StepControl& steps,
                                 const Progress& progress)
    : m_model(model), m_sae(sae), m_block(block) {
    const at::NoGradGuard noGrad;
    for (int s = 0; s < index.sentenceCount(); ++s) {
        const IndexedSentence sentence = index.sentence(s);
        if (sentence.split != SplitKind::Validation)
            continue;
        m_split.ids.insert(m_split.ids.end(), sentence.tokens.begin(), sentence.tokens.end());
        m_split.offsets.push_back(static_cast<std::int64_t>(m_split.ids.size()));
        m_split.labels.push_back(sentence.label);
        m_examples.push_back(sentence.example);
    }
    m_activations = at::empty({m_split.tokens(), model.config().hiddenSize});
    m_logits = at::empty({m_split.rows(), model.config().numLabels});
    std::int64_t done = 0;
    for (const auto& sentences : planByLength(m_split, sentencesPerBatch)) {
        steps.holdOrStop();
        const PaddedBatch padded = collate(m_split, sentences, padId);
        const BatchTensors batch = toTensors(padded);
        const at::Tensor stream = model.runBlocks(model.embed(batch.ids), 0, block + 1);
        m_logits.index_copy_(0, batch.examples, model.logitsFrom(stream, block + 1, batch.lengths));
        for (std::int64_t r = 0; r < padded.rows; ++r) {
            const auto at = static_cast<std::size_t>(r);
            const std::int64_t begin = m_split.offsets[static_cast<std::size_t>(padded.examples[at])];
            m_activations.narrow(0, begin, padded.lengths[at])
                .copy_(stream[r].narrow(0, 0, padded.lengths[at]));
        }
        done += padded.rows;
        if (progress)
            progress(done, m_split.rows());
    }
    m_rows = saeRows(m_split, config.tokenLevel, config.skipFirstToken);
    m_code = encodeInBlocks(sae, m_activations.index_select(0, at::tensor(m_rows, at::kLong)), steps);
}

std::vector<std::int32_t> ValidationEdits::touchedBy(const SparseCode& change) const {
    const bool lastTokenAlone = m_block + 1 == m_model.config().numLayers;
    std::vector<std::int32_t> touched;
    std::size_t row = 0;
    for (std::int64_t s = 0; s < m_split.rows(); ++s) {
        const std::int64_t end = m_split.offsets[static_cast<std::size_t>(s) + 1];
        bool changes = false;
        for (; row < m_rows.size() && m_rows[row] < end; ++row)
            changes |= change.row(static_cast<std::int64_t>(row)).size() > 0 &&
                       (!lastTokenAlone || m_rows[row] + 1 == end);
        if (changes)
            touched.push_back(static_cast<std::int32_t>(s));
    }
    std::stable_sort(touched.begin(), touched.end(),
                     [&](std::int32_t a, std::int32_t b) { return m_split.length(a) < m_split.length(b); });
    return touched;
}

at::Tensor ValidationEdits::logitsOf(const at::Tensor& stream,
                                     std::span<const std::int32_t> sentences) const {
    const PaddedBatch padded = collate(m_split, sentences, padId);
    return m_model.logitsFrom(storedStream(stream, m_split, padded), m_block + 1, toTensors(padded).lengths);
}

SplitEffect ValidationEdits::effect(std::span<const FeatureEdit> edits, const StepControl& steps,
                                    const Progress& progress) const {
    const at::NoGradGuard noGrad;
    const SparseCode change = codeChange(m_code, edits);
    const std::vector<std::int32_t> touched = touchedBy(change);
    at::Tensor logits = m_logits.clone();
    at::Tensor stream = m_activations;
    if (!touched.empty()) {
        stream = m_activations.clone();
        stream.index_add_(0, at::tensor(m_rows, at::kLong), streamChange(m_sae, change));
    }
    for (std::size_t begin = 0; begin < touched.size(); begin += sentencesPerBatch) {
        steps.holdOrStop();
        const auto batch = std::span(touched).subspan(
            begin, std::min<std::size_t>(sentencesPerBatch, touched.size() - begin));
        const std::vector<std::int64_t> which(batch.begin(), batch.end());
        logits.index_copy_(0, at::tensor(which, at::kLong), logitsOf(stream, batch));
        if (progress)
            progress(static_cast<std::int64_t>(begin + batch.size()),
                     static_cast<std::int64_t>(touched.size()));
    }

    const ClassifiedRows before = classifyRows(m_logits, m_split.labels);
    const ClassifiedRows after = classifyRows(logits, m_split.labels);
    SplitEffect effect;
    effect.sentences = m_split.rows();
    effect.touched = static_cast<std::int64_t>(touched.size());
    effect.accuracyBefore = before.scores().accuracy;
    effect.accuracyAfter = after.scores().accuracy;
    effect.lossBefore = before.scores().crossEntropy;
    effect.lossAfter = after.scores().crossEntropy;
    for (std::int64_t s = 0; s < m_split.rows(); ++s) {
        const auto at = static_cast<std::size_t>(s);
        const int from = before.predictions[at];
        const int to = after.predictions[at];
        if (from != to)
            effect.flips.push_back(
                {m_examples[at], m_split.labels[at], from, to,
                 static_cast<float>(difference(logits[s], from, to) - difference(m_logits[s], from, to))});
    }
    std::stable_sort(effect.flips.begin(), effect.flips.end(),
                     [](const auto& a, const auto& b) { return std::abs(a.change) > std::abs(b.change); });
    return effect;
}

}  // namespace saeception
