// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/feature_supplement.h"

#include "base/random.h"
#include "cycle/batch_tensors.h"
#include "cycle/stored_stream.h"
#include "evaluation/concepts.h"
#include "features/decoder_geometry.h"
#include "features/feature_effects.h"
#include "features/feature_layout.h"
#include "features/index_tables.h"

#include <algorithm>

namespace saeception {
namespace {

std::vector<float> valuesOf(const at::Tensor& tensor) {
    const at::Tensor whole = tensor.contiguous();
    return {whole.data_ptr<float>(), whole.data_ptr<float>() + whole.numel()};
}

// Neighbours and places of the features that fire at all.
void addGeometry(IndexSupplement& supplement, const at::Tensor& decoder,
                 const std::vector<std::int64_t>& fires, const StepControl& steps) {
    const std::size_t features = fires.size();
    std::vector<std::int64_t> alive;
    for (std::size_t f = 0; f < features; ++f)
        if (fires[f] > 0)
            alive.push_back(static_cast<std::int64_t>(f));
    const at::Tensor directions = decoder.index_select(0, at::tensor(alive, at::kLong));
    const auto nearest = nearestDirections(directions, directions, layoutNeighbours, true, steps);
    supplement.neighbours.resize(features);
    supplement.positions.assign(2 * features, std::numeric_limits<float>::quiet_NaN());
    std::vector<std::vector<LayoutNeighbour>> graph;
    for (std::size_t i = 0; i < alive.size(); ++i) {
        std::vector<NeighbourFeature>& own = supplement.neighbours[static_cast<std::size_t>(alive[i])];
        graph.emplace_back();
        for (const NeighbourFeature& neighbour : nearest[i]) {
            graph.back().push_back({neighbour.feature, 1 - static_cast<double>(neighbour.cosine)});
            if (own.size() < neighbourCount)
                own.push_back(
                    {static_cast<int>(alive[static_cast<std::size_t>(neighbour.feature)]), neighbour.cosine});
        }
    }
    if (alive.empty())
        return;
    const std::vector<float> plane = principalPlane(directions);
    std::vector<LayoutPoint> start;
    for (std::size_t i = 0; i < alive.size(); ++i)
        start.push_back({plane[2 * i], plane[2 * i + 1]});
    const std::vector<LayoutPoint> points =
        layOutNeighbours(graph, std::move(start), deriveSeed(0, "feature map"), steps);
    for (std::size_t i = 0; i < alive.size(); ++i)
        for (std::size_t axis = 0; axis < 2; ++axis)
            supplement.positions[2 * static_cast<std::size_t>(alive[i]) + axis] = points[i][axis];
}

ConceptCounts countConcepts(const ConceptRows& rows, std::size_t concepts, std::size_t features) {
    ConceptCounts counts;
    counts.rows.resize(concepts);
    counts.fires.resize(features);
    counts.together.resize(features * concepts);
    for (std::int64_t i = 0; i < rows.code.rows(); ++i) {
        const std::uint64_t carried = rows.concepts[static_cast<std::size_t>(i)];
        for (std::size_t c = 0; c < concepts; ++c)
            counts.rows[c] += static_cast<std::int64_t>(carried >> c & 1);
        for (const std::int32_t column : rows.code.row(i).columns) {
            const auto f = static_cast<std::size_t>(column);
            ++counts.fires[f];
            for (std::size_t c = 0; c < concepts; ++c)
                counts.together[f * concepts + c] += static_cast<std::uint32_t>(carried >> c & 1);
        }
    }
    for (const ConceptRecovery& found : recoverConcepts(rows.code, rows.concepts, static_cast<int>(concepts)))
        counts.best.push_back(
            {found.conceptId, found.feature, found.precision, found.recall, found.f1, found.auroc});
    return counts;
}

}  // namespace

double meanInverseScale(const Gpt2Classifier& model, std::int64_t block, const ActivationStore& store,
                        const StepControl& steps) {
    const at::NoGradGuard noGrad;
    const TokenizedSplit& split = store.tokens(SplitKind::Validation);
    const std::int64_t sentences = std::min<std::int64_t>(split.rows(), scaleSentences);
    constexpr std::int64_t sentencesPerBatch = 64;
    double sum = 0;
    for (std::int64_t first = 0; first < sentences; first += sentencesPerBatch) {
        steps.holdOrStop();
        std::vector<std::int32_t> examples;
        for (std::int64_t i = first; i < std::min(sentences, first + sentencesPerBatch); ++i)
            examples.push_back(static_cast<std::int32_t>((2 * i + 1) * split.rows() / (2 * sentences)));
        const PaddedBatch padded = collate(split, examples, 0);
        const at::Tensor stream = storedStream(store.activations(SplitKind::Validation), split, padded);
        const at::Tensor scales =
            DirectPath::inverseScales(model.finalStream(stream, block + 1, toTensors(padded).lengths),
                                      model.config().layerNormEpsilon)
                .to(at::kDouble);
        for (std::int64_t i = 0; i < scales.size(0); ++i)
            sum += scales.data_ptr<double>()[i];
    }
    return sum / static_cast<double>(std::max<std::int64_t>(1, sentences));
}

IndexSupplement makeSupplement(const Gpt2Classifier& model, std::int64_t block, const Autoencoder& sae,
                               const ActivationStore& store, const PreparedData& data,
                               const std::vector<std::int64_t>& fires, const ConceptRows& concepts,
                               const StepControl& steps, const std::function<void()>& advance) {
    const at::NoGradGuard noGrad;
    const at::Tensor decoder = sae.parameter("decoder.weight").value;
    IndexSupplement supplement;
    const DirectPath path(model, meanInverseScale(model, block, store, steps));
    supplement.classEffect = valuesOf(path.classEffects(decoder));
    advance();
    supplement.vocabulary = path.vocabularyEffects(decoder, data.tokenizer.vocabSize(), steps);
    advance();
    addGeometry(supplement, decoder, fires, steps);
    advance();
    if (!data.conceptNames.empty())
        supplement.concepts = countConcepts(concepts, data.conceptNames.size(), fires.size());
    advance();
    return supplement;
}

}  // namespace saeception
