// SPDX-License-Identifier: GPL-3.0-or-later
// The stage that indexes features: its pass over the sentences, and what it makes of the weights.
#include "cycle/calibration.h"

#include "base/seconds_of.h"
#include "cycle/calibration_store.h"
#include "cycle/features_stage.h"
#include "cycle/run_footprint.h"
#include "features/decoder_geometry.h"
#include "features/feature_effects.h"
#include "features/feature_layout.h"

#include <algorithm>

namespace saeception {
namespace {

constexpr std::int64_t measuredDirections = 64;
constexpr std::int64_t measuredPoints = 512;

}  // namespace

// Vocabulary tokens, neighbours and map of all features, from a few.
double Calibration::indexSupplement() {
    const at::Tensor decoder = autoencoder().parameter("decoder.weight").value;
    const auto features = static_cast<double>(decoder.size(0));
    const auto shareOf = [&](std::int64_t measured) {
        return features / static_cast<double>(std::min(measured, decoder.size(0)));
    };
    const at::Tensor few = decoder.narrow(0, 0, std::min(measuredDirections, decoder.size(0)));
    const std::int64_t words =
        std::min<std::int64_t>(m_data.data.tokenizer.vocabSize(), m_model->config().vocabSize);
    const double wordShare =
        static_cast<double>(m_data.data.tokenizer.vocabSize()) / static_cast<double>(words);
    double seconds = secondsOf([&] { DirectPath(*m_model, 1).vocabularyEffects(few, words, m_steps); }) *
                     shareOf(measuredDirections) * wordShare;
    seconds += secondsOf([&] { nearestDirections(few, decoder, layoutNeighbours, false, m_steps); }) *
               shareOf(measuredDirections);

    const at::Tensor some = decoder.narrow(0, 0, std::min(measuredPoints, decoder.size(0)));
    std::vector<std::vector<LayoutNeighbour>> graph;
    for (const auto& list : nearestDirections(some, some, layoutNeighbours, true, m_steps)) {
        graph.emplace_back();
        for (const NeighbourFeature& neighbour : list)
            graph.back().push_back({neighbour.feature, 1 - static_cast<double>(neighbour.cosine)});
    }
    return seconds + secondsOf([&] {
                         layOutNeighbours(graph, std::vector<LayoutPoint>(graph.size()), 1, m_steps);
                     }) * shareOf(measuredPoints);
}

double Calibration::features() {
    const at::NoGradGuard noGrad;
    const Autoencoder& sae = autoencoder();
    const auto classes = static_cast<std::int64_t>(m_data.data.classes());
    const auto tokens = static_cast<double>(m_data.train.tokens + m_data.validation.tokens);
    const double meanLength =
        static_cast<double>(m_data.train.tokens) / static_cast<double>(m_data.train.rows);
    const TokenizedSplit few = evenSample(
        m_data.data.train, static_cast<std::int64_t>(static_cast<double>(measuredTokens) / meanLength) + 1);
    const TokenizedSplit none = evenSample(m_data.data.train, 1);
    const ActivationStore store(partOf(few, activations(few.tokens(), 12), classes),
                                partOf(none, activations(none.tokens(), 13), classes));
    IndexOrigin origin;
    origin.classNames = m_data.data.classNames;
    FeatureIndexBuilder builder(static_cast<int>(sae.features()), std::move(origin));
    const auto pass = [&] {
        return secondsOf([&] {
            addToIndex(sae, store, SplitKind::Train, m_config.sae, builder,
                       [&](std::int64_t) { m_steps.holdOrStop(); });
        });
    };
    // The first sentences fill the lists of each feature; few of the later ones enter them.
    const double filling = pass();
    const double steady = std::min(filling, pass());
    return steady * tokens / static_cast<double>(few.tokens()) + 2 * (filling - steady) + indexSupplement() +
           writingSeconds(IndexScale{static_cast<double>(sae.features()), static_cast<double>(classes),
                                     tokens, static_cast<double>(m_data.train.rows + m_data.validation.rows),
                                     activeFeatures(), static_cast<double>(m_data.data.tokenizer.vocabSize())}
                              .bytes());
}

}  // namespace saeception
