// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/splicing.h"

#include "cycle/batch_tensors.h"

namespace saeception {
namespace {

constexpr int sentencesPerBatch = 64;

// The rows of `examples` in `perToken` [tokens, d] as a padded stream [rows, columns, d]; pads are zero and
// never read.
at::Tensor paddedStream(const at::Tensor& perToken, const TokenizedSplit& split, const PaddedBatch& batch) {
    at::Tensor stream = at::zeros({batch.rows, batch.columns, perToken.size(1)});
    for (std::int64_t row = 0; row < batch.rows; ++row) {
        const auto index = static_cast<std::size_t>(row);
        const std::int64_t first = split.offsets[static_cast<std::size_t>(batch.examples[index])];
        stream[row].narrow(0, 0, batch.lengths[index]).copy_(perToken.narrow(0, first, batch.lengths[index]));
    }
    return stream;
}

}  // namespace

SplicedRows spliceReconstruction(const Gpt2Classifier& model, const Autoencoder& sae,
                                 const ActivationStore& store, SplitKind kind, const StageContext& context) {
    const at::NoGradGuard noGrad;
    const SaeConfig& config = context.config.sae;
    const TokenizedSplit& split = store.tokens(kind);
    const std::int64_t next = model.resolveLayer(context.config.model.targetLayer) + 1;
    const at::Tensor rows = at::tensor(saeRows(split, config.tokenLevel, config.skipFirstToken), at::kLong);

    const at::Tensor& clean = store.activations(kind);
    at::Tensor spliced = clean.clone();
    at::Tensor zeroed = clean.clone();
    spliced.index_copy_(0, rows, sae.decode(sae.encode(clean.index_select(0, rows))));
    zeroed.index_fill_(0, rows, 0);

    at::Tensor splicedLogits = at::empty({split.rows(), model.config().numLabels});
    at::Tensor zeroedLogits = at::empty_like(splicedLogits);
    for (const auto& examples : planByLength(split, sentencesPerBatch)) {
        context.holdOrStop();
        const PaddedBatch padded = collate(split, examples, 0);
        const BatchTensors batch = toTensors(padded);
        splicedLogits.index_copy_(
            0, batch.examples, model.logitsFrom(paddedStream(spliced, split, padded), next, batch.lengths));
        zeroedLogits.index_copy_(0, batch.examples,
                                 model.logitsFrom(paddedStream(zeroed, split, padded), next, batch.lengths));
    }
    return {classifyRows(splicedLogits, split.labels), classifyRows(zeroedLogits, split.labels)};
}

}  // namespace saeception
