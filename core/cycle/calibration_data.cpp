// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/calibration_data.h"

#include "base/processor_load.h"
#include "base/seconds_of.h"
#include "cycle/activation_store.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace saeception {
namespace {

// Text that a tokenizer learns from, and sentences that are encoded, before a sample must do.
constexpr std::int64_t mostTextBytes = 2'000'000;
constexpr double mostEncodingSeconds = 0.5;
constexpr std::size_t firstSentences = 1000;

std::int64_t bytesOf(const Split& split) {
    std::int64_t bytes = 0;
    for (const Example& example : split)
        bytes += static_cast<std::int64_t>(example.text.size());
    return bytes;
}

Split evenSample(const Split& split, std::size_t count) {
    if (count >= split.size())
        return split;
    Split sample;
    sample.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        sample.push_back(split[(2 * i + 1) * split.size() / (2 * count)]);
    return sample;
}

SplitSize sizeOf(const TokenizedSplit& sample, std::size_t rows, const SaeConfig& config) {
    const auto whole = [&](std::int64_t count) {
        return sample.rows() == static_cast<std::int64_t>(rows)
                   ? count
                   : static_cast<std::int64_t>(static_cast<double>(count) * static_cast<double>(rows) /
                                               static_cast<double>(std::max<std::int64_t>(1, sample.rows())));
    };
    const std::vector<std::int64_t> seen = saeRows(sample, config.tokenLevel, config.skipFirstToken);
    return {static_cast<std::int64_t>(rows), whole(sample.tokens()),
            whole(static_cast<std::int64_t>(seen.size()))};
}

}  // namespace

CalibrationData readCalibrationData(const JobPlan& plan, const StepControl& steps) {
    const ExperimentConfig& config = plan.composition.config;
    const ProcessorLoad load;
    Dataset dataset;
    double seconds = secondsOf([&] { dataset = loadDataset(config); });
    steps.holdOrStop();
    const std::int64_t textBytes = bytesOf(dataset.train) + bytesOf(dataset.validation);

    const std::optional<std::filesystem::path> kept = keptTokenizer(plan);
    const bool trains = !kept && config.model.tokenizer == "train";
    const std::int64_t trainBytes = bytesOf(dataset.train);
    std::size_t learntFrom = dataset.train.size();
    if (trains && trainBytes > mostTextBytes)
        learntFrom = static_cast<std::size_t>(static_cast<double>(learntFrom) * mostTextBytes /
                                              static_cast<double>(trainBytes));
    std::optional<Tokenizer> tokenizer;
    const double learning = secondsOf([&] {
        tokenizer.emplace(tokenizerFor(config.model, trains ? evenSample(dataset.train, learntFrom) : Split(),
                                       kept, steps));
    });
    // Most of it goes by the number of distinct words, which grows about as the root of the text.
    seconds += learning * std::sqrt(static_cast<double>(dataset.train.size()) /
                                    static_cast<double>(std::max<std::size_t>(1, learntFrom)));

    const auto encode = [&](const Split& split) {
        return tokenizeSplit(split, *tokenizer, config.dataset.maxLength, steps);
    };
    std::size_t rows = std::min(firstSentences, dataset.train.size());
    TokenizedSplit train;
    double encoding = secondsOf([&] { train = encode(evenSample(dataset.train, rows)); });
    if (rows < dataset.train.size()) {
        rows = std::min(dataset.train.size(),
                        static_cast<std::size_t>(static_cast<double>(rows) * mostEncodingSeconds /
                                                 std::max(encoding, 1e-6)));
        encoding = secondsOf([&] { train = encode(evenSample(dataset.train, rows)); });
    }
    TokenizedSplit validation = encode(evenSample(dataset.validation, rows));
    const double perRow = encoding / static_cast<double>(std::max<std::size_t>(1, rows));
    seconds += perRow * static_cast<double>(dataset.train.size() + dataset.validation.size());

    std::string sampled;
    if (rows < dataset.train.size())
        sampled =
            fmt::format("tokens are counted in {} of {} training sentences", rows, dataset.train.size());
    else if (learntFrom < dataset.train.size())
        sampled = fmt::format("tokens are counted with a tokenizer of {} of {} training sentences",
                              learntFrom, dataset.train.size());
    const SplitSize trainSize = sizeOf(train, dataset.train.size(), config.sae);
    const SplitSize validationSize = sizeOf(validation, dataset.validation.size(), config.sae);
    return {{std::move(dataset.classNames), std::move(dataset.conceptNames), std::move(*tokenizer),
             std::move(train), std::move(validation)},
            trainSize,
            validationSize,
            textBytes,
            seconds,
            std::move(sampled),
            load.others()};
}

}  // namespace saeception
