// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_train.h"

#include "base/error.h"
#include "base/seconds_of.h"
#include "base/thread_budget.h"
#include "base/torch_headers.h"
#include "bench_data.h"
#include "cycle/batch_tensors.h"
#include "data/batches.h"
#include "model/adamw.h"
#include "model/gpt2.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace saeception {
namespace {

// `count` batches of the data's mean length; the middle one comes first once more, to touch all memory.
BatchPlan withMiddleFirst(const BatchPlan& sorted, int count) {
    BatchPlan sample = evenSample(sorted, static_cast<std::size_t>(count));
    sample.insert(sample.begin(), sorted[sorted.size() / 2]);
    return sample;
}

struct Measurement {
    double seconds = 0;
    std::int64_t sentences = 0;
    std::int64_t computedTokens = 0;
    double sentencesPerSecond() const { return static_cast<double>(sentences) / seconds; }
};

// One step first to touch all memory, then `batches` timed ones.
Measurement measure(Gpt2Classifier& model, AdamW& optimiser, const TokenizedSplit& split,
                    const BatchPlan& batches, std::int64_t padTo) {
    DropoutKey dropout{7, 0};
    Measurement result;
    for (std::size_t b = 0; b < batches.size(); ++b) {
        const double seconds = secondsOf([&] {
            const BatchTensors batch = toTensors(collate(split, batches[b], 50256, padTo));
            at::Tensor loss =
                at::cross_entropy_loss(model.logits(batch.ids, batch.lengths, &dropout), batch.labels);
            loss.backward();
            optimiser.clipAndStep(1e-5, 1.0);
            if (b > 0)
                result.computedTokens += batch.ids.numel();
        });
        if (b == 0)
            continue;
        result.seconds += seconds;
        result.sentences += static_cast<std::int64_t>(batches[b].size());
    }
    return result;
}

}  // namespace

void benchTrain(const TrainBenchOptions& options, int threads) {
    at::set_num_threads(resolveThreads(threads));
    const TokenizedSplit split = sentencesLikeSst2(sst2TrainSentences, 1);
    const std::int64_t largestBatch =
        sst2TrainSentences / (1 + std::max(options.bucketedSteps, options.paddedSteps));
    if (options.batchSize > largestBatch)
        fail("batch_size={} with steps={} needs more than SST-2's {} sentences; use at most batch_size={}",
             options.batchSize, options.bucketedSteps, sst2TrainSentences, largestBatch);
    const BatchPlan bucketed = withMiddleFirst(planByLength(split, options.batchSize), options.bucketedSteps);
    BatchPlan plain;
    for (int b = 0; b <= options.paddedSteps; ++b) {
        plain.emplace_back();
        for (int i = 0; i < options.batchSize; ++i)
            plain.back().push_back(b * options.batchSize + i);
    }

    Gpt2Classifier model(Gpt2Config{}, 1);
    AdamW optimiser(model.parameters(), {});
    fmt::print("Fine-tuning GPT-2 small (12 x 768) from random weights, batch {}, {} threads\n",
               options.batchSize, at::get_num_threads());
    const Measurement ours = measure(model, optimiser, split, bucketed, 0);
    const double peakOurs = static_cast<double>(peakResidentBytes()) / (1 << 30);
    const Measurement padded = measure(model, optimiser, split, plain, options.padTo);
    const auto line = [](const char* name, const Measurement& m) {
        fmt::print("  {:<28} {:>8.2f} sentences/s  ({:.1f} tokens computed a sentence, {} sentences)\n", name,
                   m.sentencesPerSecond(),
                   static_cast<double>(m.computedTokens) / static_cast<double>(m.sentences), m.sentences);
    };
    line("length-bucketed batches", ours);
    line(fmt::format("every row padded to {}", options.padTo).c_str(), padded);
    fmt::print("  ratio                        {:>8.2f} times\n",
               ours.sentencesPerSecond() / padded.sentencesPerSecond());
    fmt::print("  peak memory                  {:>8.2f} GiB bucketed, {:.2f} GiB with the padded way\n",
               peakOurs, static_cast<double>(peakResidentBytes()) / (1 << 30));
}

}  // namespace saeception
