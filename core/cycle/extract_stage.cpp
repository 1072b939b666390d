// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/extract_stage.h"

#include "cycle/batch_tensors.h"

namespace saeception {
namespace {

// Forward passes keep no graph, so batches can be larger than in training.
constexpr int tokensPerBatch = 8192;

std::span<const std::byte> bytesOf(const float* values, std::int64_t count) {
    return std::as_bytes(std::span(values, static_cast<std::size_t>(count)));
}

void extractSplit(const Gpt2Classifier& model, const TokenizedSplit& split, SplitKind kind,
                  std::int32_t padId, int batchSize, SafetensorsWriter& writer, StageReporter& reporter,
                  std::int64_t block) {
    const std::int64_t width = model.config().hiddenSize;
    const std::int64_t rowBytes = width * static_cast<std::int64_t>(sizeof(float));
    const std::string name = splitName(kind);
    at::Tensor logits = at::empty({split.rows(), model.config().numLabels});
    for (const auto& examples : planByLength(split, batchSize)) {
        const PaddedBatch padded = collate(split, examples, padId);
        const BatchTensors batch = toTensors(padded);
        const at::Tensor stream = model.runBlocks(model.embed(batch.ids), 0, block + 1).contiguous();
        logits.index_copy_(0, batch.examples, model.logitsFrom(stream, block + 1, batch.lengths));
        for (std::int64_t row = 0; row < padded.rows; ++row) {
            const auto index = static_cast<std::size_t>(row);
            const std::int64_t first = split.offsets[static_cast<std::size_t>(padded.examples[index])];
            writer.write(name + ".activation",
                         bytesOf(stream.data_ptr<float>() + row * padded.columns * width,
                                 padded.lengths[index] * width),
                         static_cast<std::uint64_t>(first * rowBytes));
        }
        reporter.advance(padded.rows);
    }
    writer.write(name + ".logits", bytesOf(logits.data_ptr<float>(), logits.numel()));
}

}  // namespace

ActivationStore extractActivations(const Gpt2Classifier& model, const PreparedData& data, int cycle,
                                   const StageContext& context) {
    const at::NoGradGuard noGrad;
    const std::int64_t block = model.resolveLayer(context.config.model.targetLayer);
    const std::int64_t width = model.config().hiddenSize;
    const std::int64_t labels = model.config().numLabels;
    StageReporter reporter(context, Stage::Extract, cycle, data.train.rows() + data.validation.rows());
    const std::filesystem::path file = context.directory.activations(cycle);
    SafetensorsWriter writer(file,
                             {{"train.activation", "F32", {data.train.tokens(), width}},
                              {"train.logits", "F32", {data.train.rows(), labels}},
                              {"validation.activation", "F32", {data.validation.tokens(), width}},
                              {"validation.logits", "F32", {data.validation.rows(), labels}}},
                             {{"format", "saeception-activations"}, {"block", std::to_string(block)}});
    const std::int32_t padId = data.tokenizer.endOfText();
    const int batchSize =
        std::max(context.config.dataset.batchSize, tokensPerBatch / context.config.dataset.maxLength);
    extractSplit(model, data.train, SplitKind::Train, padId, batchSize, writer, reporter, block);
    extractSplit(model, data.validation, SplitKind::Validation, padId, batchSize, writer, reporter, block);
    writer.commit();
    reporter.artefact(file);
    reporter.finish();
    return ActivationStore(file, data.train, data.validation);
}

}  // namespace saeception
