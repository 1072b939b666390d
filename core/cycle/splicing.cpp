// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/splicing.h"

#include "cycle/batch_tensors.h"
#include "cycle/stored_stream.h"

namespace saeception {
namespace {

constexpr int sentencesPerBatch = 64;

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
            0, batch.examples, model.logitsFrom(storedStream(spliced, split, padded), next, batch.lengths));
        zeroedLogits.index_copy_(0, batch.examples,
                                 model.logitsFrom(storedStream(zeroed, split, padded), next, batch.lengths));
    }
    return {classifyRows(splicedLogits, split.labels), classifyRows(zeroedLogits, split.labels)};
}

}  // namespace saeception
