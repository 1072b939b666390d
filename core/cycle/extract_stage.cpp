// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/extract_stage.h"

#include "base/fingerprint.h"
#include "cycle/batch_tensors.h"
#include "cycle/step_counts.h"

#include <spdlog/spdlog.h>

#include <optional>

namespace saeception {
namespace {

constexpr char originKey[] = "made_from";

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

// All that the numbers of a store depend on: the weights, the tokens of both splits, the block, and the
// batches, whose shapes decide the last bit.
std::string originOf(const Gpt2Classifier& model, const PreparedData& data, std::int64_t block,
                     int batchSize) {
    Fingerprint print;
    for (const auto& [name, tensor] : model.stateDict()) {
        const at::Tensor values = tensor.contiguous();
        print.add(name);
        print.add({static_cast<const std::byte*>(values.data_ptr()), values.nbytes()});
    }
    print.add(model.config().numHeads);
    const double epsilon = model.config().layerNormEpsilon;
    print.add(std::as_bytes(std::span(&epsilon, 1)));
    print.add(block);
    print.add(std::int64_t{batchSize});
    for (const TokenizedSplit* split : {&data.train, &data.validation}) {
        print.add(std::as_bytes(std::span(split->ids)));
        print.add(std::as_bytes(std::span(split->offsets)));
    }
    return print.text();
}

std::optional<ActivationStore> openKept(const std::vector<std::filesystem::path>& kept,
                                        const std::string& origin, const PreparedData& data) {
    for (const std::filesystem::path& file : kept) {
        try {
            const auto metadata = SafetensorsFile::open(file).metadata();
            const auto found = metadata.find(originKey);
            if (found == metadata.end() || found->second != origin)
                continue;
            ActivationStore store(file, data.train, data.validation);
            spdlog::info("activations taken from {}", file.string());
            return store;
        } catch (const UserError& error) {  // a cache may be damaged or gone at any time
            spdlog::info("activations not taken from a cache: {}", error.what());
        }
    }
    return std::nullopt;
}

}  // namespace

ActivationStore extractActivations(const Gpt2Classifier& model, const PreparedData& data, int cycle,
                                   const StageContext& context,
                                   const std::vector<std::filesystem::path>& kept) {
    const at::NoGradGuard noGrad;
    const std::int64_t block = model.resolveLayer(context.config.model.targetLayer);
    const std::int64_t width = model.config().hiddenSize;
    const std::int64_t labels = model.config().numLabels;
    const int batchSize = extractionBatchSize(context.config.dataset);
    const std::string origin = originOf(model, data, block, batchSize);
    const std::int64_t rows = data.train.rows() + data.validation.rows();
    StageReporter reporter(context, Stage::Extract, cycle, rows);
    if (std::optional<ActivationStore> store = openKept(kept, origin, data)) {
        reporter.advance(rows);
        reporter.finish();
        return std::move(*store);
    }
    const std::filesystem::path file = context.directory.activations(cycle);
    SafetensorsWriter writer(
        file,
        {{"train.activation", "F32", {data.train.tokens(), width}},
         {"train.logits", "F32", {data.train.rows(), labels}},
         {"validation.activation", "F32", {data.validation.tokens(), width}},
         {"validation.logits", "F32", {data.validation.rows(), labels}}},
        {{"format", "saeception-activations"}, {"block", std::to_string(block)}, {originKey, origin}});
    const std::int32_t padId = data.tokenizer.endOfText();
    extractSplit(model, data.train, SplitKind::Train, padId, batchSize, writer, reporter, block);
    extractSplit(model, data.validation, SplitKind::Validation, padId, batchSize, writer, reporter, block);
    writer.commit();
    reporter.artefact(file);
    reporter.finish();
    return ActivationStore(file, data.train, data.validation);
}

}  // namespace saeception
