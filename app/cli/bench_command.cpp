// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception bench train|sae|evaluate|features`: the engine's speed, beside the plain way where there is
// one.
#include "base/error.h"
#include "bench_evaluate.h"
#include "bench_features.h"
#include "bench_sae.h"
#include "bench_train.h"
#include "command.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace saeception {
namespace {

constexpr char benchUsage[] =
    "saeception bench train|sae [threads=N] [batch_size=N] [steps=N], bench evaluate [threads=N] "
    "[samples=N], "
    "or bench features [threads=N] [sentences=N]";

// The values of key=N words; unknown keys and values below 1 are refused.
struct BenchWords {
    int threads = 0;
    int batchSize = 0;
    int steps = 0;
    int samples = 0;
    int sentences = 0;
};

BenchWords parseWords(std::span<const std::string> words) {
    BenchWords result;
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        const std::string key = word.substr(0, equals);
        int* const target = key == "threads"      ? &result.threads
                            : key == "batch_size" ? &result.batchSize
                            : key == "steps"      ? &result.steps
                            : key == "samples"    ? &result.samples
                            : key == "sentences"  ? &result.sentences
                                                  : nullptr;
        if (target == nullptr || equals == std::string::npos)
            throw UsageError(fmt::format("bench does not know '{}'; write {}", word, benchUsage));
        const char* const end = word.data() + word.size();
        const auto [stop, error] = std::from_chars(word.data() + equals + 1, end, *target);
        if (error != std::errc() || stop != end || *target < 1 || *target > 1000000)
            throw UsageError(fmt::format("bench {}: a whole number from 1 to 1000000 is needed", word));
    }
    return result;
}

}  // namespace

int runBench(const CommandLine& line) {
    if (line.words.empty())
        throw UsageError(fmt::format("bench needs to know what to measure; write {}", benchUsage));
    const std::string& what = line.words.front();
    const BenchWords words = parseWords(std::span(line.words).subspan(1));
    const bool trains = what == "train" || what == "sae";
    if ((!trains && (words.batchSize > 0 || words.steps > 0)) || (what != "evaluate" && words.samples > 0) ||
        (what != "features" && words.sentences > 0))
        throw UsageError(
            fmt::format("bench {} does not take all of these words; write {}", what, benchUsage));
    if (what == "train") {
        TrainBenchOptions options;
        if (words.batchSize > 0)
            options.batchSize = words.batchSize;
        if (words.steps > 0)
            options.bucketedSteps = words.steps;
        benchTrain(options, words.threads);
    } else if (what == "sae") {
        SaeBenchOptions options;
        if (words.batchSize > 0)
            options.batchSize = words.batchSize;
        if (words.steps > 0)
            options.steps = words.steps;
        benchSae(options, words.threads);
    } else if (what == "evaluate") {
        EvaluateBenchOptions options;
        if (words.samples > 0)
            options.bootstrapSamples = words.samples;
        benchEvaluate(options, words.threads);
    } else if (what == "features") {
        FeaturesBenchOptions options;
        if (words.sentences > 0)
            options.sentences = std::max<std::int64_t>(words.sentences, options.extracted);
        benchFeatures(options, words.threads);
    } else {
        throw UsageError(fmt::format("there is no benchmark '{}'; write {}", what, benchUsage));
    }
    return exitDone;
}

void printBenchHelp(const Command& command) {
    std::printf(
        "%s\n\n"
        "Usage: %s\n\n"
        "  train  Fine-tunes GPT-2 small from random weights on sentences of SST-2's lengths: "
        "length-bucketed\n"
        "         batches beside every row padded to 128, in sentences per second. steps: bucketed batches.\n"
        "  sae    One TopK autoencoder step, 768 -> 6144 features, k 50: the sparse step beside dense "
        "autograd,\n"
        "         in tokens per second. steps: steps of each.\n"
        "  evaluate  Every family of metrics on codes of SST-2's size, 67349 training and 872 validation "
        "rows x\n"
        "         6144 features, k 50: seconds and memory. samples: bootstrap samples.\n"
        "  features  A feature index of SST-2's size for GPT-2 small with 6144 features: time and memory of "
        "building\n"
        "         it, opening it, a feature's card; filtering and sorting 24576 features; putting a sentence "
        "to\n"
        "         gpt2_tiny and gpt2_small; each beside its limit. sentences: indexed ones.\n\n"
        "train and sae run both ways in one process on the same threads and print their ratio, which is what "
        "to\n"
        "compare between machines, and the peak memory.\n",
        command.summary.c_str(), benchUsage);
}

}  // namespace saeception
