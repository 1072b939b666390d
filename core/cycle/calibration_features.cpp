// SPDX-License-Identifier: GPL-3.0-or-later
// The stages that work on activations: the autoencoder's training, its targets and the evaluation.
#include "cycle/calibration.h"

#include "base/random.h"
#include "base/seconds_of.h"
#include "cycle/block_encoding.h"
#include "cycle/calibration_store.h"
#include "cycle/evaluate_representation.h"
#include "cycle/evaluate_sae.h"
#include "cycle/evaluate_task.h"
#include "cycle/metric_collector.h"
#include "cycle/run_footprint.h"
#include "cycle/sae_progress.h"
#include "cycle/step_counts.h"
#include "sae/activation_scale.h"
#include "sae/initialisation.h"
#include "sae/optimiser.h"
#include "sharpening/sharpening.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace saeception {
namespace {

constexpr double saeBudget = 0.25;  // of seconds, for steps without dead features and again for steps with
constexpr std::int64_t startRows = 2048;
constexpr std::int64_t scoredRows = 2048;
constexpr std::int64_t mostSentences = 2048;
constexpr std::int64_t fewSentences = 64;
constexpr std::int64_t fewProbedRows = 1000;
constexpr std::int64_t manyProbedRows = 4000;

// Probes of trained models have taken once to eight times the iterations of those that are measured here,
// the more the better the classes are told apart.
constexpr double moreIterations = 1.6;

// Of the features, once they can be told to be dead: about what runs show.
constexpr std::int64_t oneInIsDead = 10;

// Sentences of one token, so that every activation row is a sentence's.
TokenizedSplit singles(std::int64_t rows, const TokenizedSplit& labelled) {
    TokenizedSplit split;
    split.ids.resize(static_cast<std::size_t>(rows));
    for (std::int64_t i = 0; i < rows; ++i) {
        split.offsets.push_back(i + 1);
        split.labels.push_back(labelled.labels[static_cast<std::size_t>(i % labelled.rows())]);
    }
    return split;
}

int fewSamples(int asked) {
    return std::min(asked, 2 * at::get_num_threads());
}

}  // namespace

const at::Tensor& Calibration::pool() {
    if (!m_pool.defined())
        extraction();
    return m_pool;
}

// Rows of the pool, with repetitions that noise tells apart.
at::Tensor Calibration::activations(std::int64_t rows, std::uint64_t seed) {
    const at::Tensor& all = pool();
    Rng rng(seed);
    std::vector<std::int64_t> which(static_cast<std::size_t>(rows));
    for (std::int64_t& row : which)
        row = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(all.size(0))));
    at::Generator generator = at::detail::createCPUGenerator(seed);
    const at::Tensor noise = at::empty({rows, all.size(1)}).normal_(0, 1, generator);
    return all.index_select(0, at::tensor(which, at::kLong)) + noise * (0.1 * all.std());
}

// Activations of sentences that a trained model would tell apart, though not every one: probes take far more
// iterations on such than on what an untrained model gives.
at::Tensor Calibration::sentenceActivations(const TokenizedSplit& sentences, std::uint64_t seed) {
    const at::Tensor rows = activations(sentences.rows(), seed);
    const at::Tensor directions = randomUnitRows(m_data.data.classes(), rows.size(1), 1);
    constexpr double distance = 5;  // of every class from the rest, in standard deviations of one column
    return rows +
           directions.index_select(0, at::tensor(sentences.labels, at::kInt)) * (distance * rows.std());
}

Autoencoder& Calibration::autoencoder() {
    if (m_sae)
        return *m_sae;
    const at::NoGradGuard noGrad;
    const std::int64_t wanted = std::min(m_data.train.saeRows, saeInitialRows);
    const at::Tensor sample = activations(std::max<std::int64_t>(2, std::min(wanted, startRows)), 1);
    m_steps.holdOrStop();
    m_sae = makeAutoencoder(m_config.sae, m_sizes.hiddenSize);
    m_saeStart = secondsOf([&] { m_sae->initialise(sample, 1); }) * static_cast<double>(wanted) /
                 static_cast<double>(sample.size(0));
    return *m_sae;
}

double Calibration::activeFeatures() {
    const at::NoGradGuard noGrad;
    const SparseCode code = autoencoder().encode(activations(256, 2));
    return static_cast<double>(code.nonZeros()) / static_cast<double>(code.rows());
}

double Calibration::sae() {
    const at::NoGradGuard noGrad;
    Autoencoder& sae = autoencoder();
    const SaeConfig& config = m_config.sae;
    const SaeCounts counts = saeCounts(config, std::max<std::int64_t>(1, m_data.train.saeRows));
    const at::Tensor rows = activations(2 * counts.batch, 3);
    std::vector<std::int64_t> order(static_cast<std::size_t>(rows.size(0)));
    std::iota(order.begin(), order.end(), 0);
    const double scale = config.normalizeActivations == "expected_norm" ? expectedNormScale(rows, order) : 1;
    SaeOptimiser optimiser(
        sae, {config.learningRate, config.weightDecay, config.projectDecoderGrad, config.maxGradNorm});
    SaeProgress progress(0);
    Rng rng(4);
    const auto step = [&](const std::vector<std::int32_t>& dead) {
        m_steps.holdOrStop();
        return secondsOf([&] {
            const at::Tensor x = gatherRows(rows, order.data(), counts.batch, scale);
            const SaeLosses losses = sae.computeGradients(x, dead);
            progress.add(x, losses, optimiser.step(1e-3));
        });
    };
    const auto mean = [&](const std::vector<std::int32_t>& dead) {
        rng.shuffle(order);
        double single = step(dead);
        double left = saeBudget - single;
        if (left > single) {
            single = step(dead);
            left -= single;
        }
        double sum = 0;
        int taken = 0;
        do
            sum += step(dead);
        while (++taken < 100 && sum < left);
        return sum / taken;
    };
    const double alive = mean({});
    std::vector<std::int32_t> dead;
    for (std::int64_t f = 0; f < sae.features(); f += oneInIsDead)
        dead.push_back(static_cast<std::int32_t>(f));
    const double reviving = mean(dead);
    const double before =
        std::min(1.0, static_cast<double>(config.deadTokensThreshold) /
                          static_cast<double>(counts.batch * std::max<std::int64_t>(1, counts.steps)));

    std::vector<std::int64_t> scored(static_cast<std::size_t>(std::min(scoredRows, rows.size(0))));
    std::iota(scored.begin(), scored.end(), 0);
    const double score = secondsOf([&] { scoreSae(sae, rows, scored, scale, m_steps); }) *
                         static_cast<double>(m_data.validation.saeRows) / static_cast<double>(scored.size());
    const double file = writingSeconds(8.0 * static_cast<double>(sae.features() * m_sizes.hiddenSize));
    return m_saeStart + static_cast<double>(counts.steps) * (before * alive + (1 - before) * reviving) +
           config.epochs * (score + file);
}

double Calibration::targets() {
    const at::NoGradGuard noGrad;
    const Autoencoder& sae = autoencoder();
    const std::int64_t rows = std::min(m_data.train.rows, mostSentences);
    const TokenizedSplit sentences = singles(rows, m_data.data.train);
    const at::Tensor base = activations(rows, 5);
    const auto work = [&] {
        const SparseCode code = encodeInBlocks(sae, base, m_steps);
        sharpenedTargets(m_config.sharpening, sae, code, sentences.labels, m_data.data.classes());
    };
    const auto whole = static_cast<double>(m_data.train.rows);
    return secondsOf(work) * whole / static_cast<double>(rows) +
           writingSeconds(4 * whole * static_cast<double>(m_sizes.hiddenSize));
}

// Selectivity, clusters and probes of the sentences, beside the task's own metrics.
double Calibration::representation() {
    const auto classes = static_cast<std::int64_t>(m_data.data.classes());
    const std::int64_t rows = std::min(m_data.validation.rows, mostSentences);
    const std::int64_t probed = std::min(m_data.train.rows, fewProbedRows);
    const double share = static_cast<double>(m_data.validation.rows) / static_cast<double>(rows);
    const int asked = m_config.evaluation.bootstrapSamples;
    const int drawn = fewSamples(asked);
    const double resamples = drawn > 0 ? static_cast<double>(asked) / drawn : 0;

    PreparedData& data = m_data.data;
    PreparedData sentences{data.classNames,
                           {},
                           std::move(data.tokenizer),
                           singles(probed, data.train),
                           singles(rows, data.validation)};
    const ActivationStore store(
        partOf(sentences.train, sentenceActivations(sentences.train, 6), classes),
        partOf(sentences.validation, sentenceActivations(sentences.validation, 7), classes));
    const Bootstrap bootstrap(rows, drawn, 1);
    MetricCollector metrics(bootstrap, m_steps);
    using Clock = std::chrono::steady_clock;
    std::array<double, representationSteps> seconds{};
    std::size_t at = 0;
    double resampled = 0;
    auto from = Clock::now();
    const auto next = [&] {
        const auto now = Clock::now();
        const double drawing = metrics.resamplingSeconds() - resampled;
        seconds.at(at++) = std::chrono::duration<double>(now - from).count() - drawing;
        resampled = metrics.resamplingSeconds();
        from = now;
    };
    evaluateTask(metrics, store);
    evaluateRepresentation(metrics, autoencoder(), store, sentences, 1, context(), next);
    data.tokenizer = std::move(sentences.tokenizer);

    // Silhouettes, which make up most of the time that clusters take, grow with the square.
    double sum = share * seconds[0] + share * share * (seconds[1] + seconds[2]) +
                 share * resamples * metrics.resamplingSeconds();
    const double few = moreIterations * (seconds[3] + seconds[4] + seconds[5]);
    if (m_data.train.rows <= probed)
        return sum + few;
    const std::int64_t more = std::min(m_data.train.rows, manyProbedRows);
    const double perRow =
        std::max(few / static_cast<double>(probed) / 4,
                 (moreIterations * probing(more) - few) / static_cast<double>(more - probed));
    return sum + few + perRow * static_cast<double>(m_data.train.rows - probed);
}

// The parts of evaluateRepresentation() that go by the training sentences, on `rows` of them.
double Calibration::probing(std::int64_t rows) {
    const auto classes = static_cast<std::int64_t>(m_data.data.classes());
    PreparedData& data = m_data.data;
    PreparedData sentences{data.classNames,
                           {},
                           std::move(data.tokenizer),
                           singles(rows, data.train),
                           singles(fewSentences, data.validation)};
    const ActivationStore store(
        partOf(sentences.train, sentenceActivations(sentences.train, 8), classes),
        partOf(sentences.validation, sentenceActivations(sentences.validation, 9), classes));
    const Bootstrap bootstrap(fewSentences, 0, 1);
    MetricCollector metrics(bootstrap, m_steps);
    std::vector<std::chrono::steady_clock::time_point> times;
    evaluateRepresentation(metrics, autoencoder(), store, sentences, 1, context(),
                           [&] { times.push_back(std::chrono::steady_clock::now()); });
    data.tokenizer = std::move(sentences.tokenizer);
    constexpr std::size_t beforeProbes = 2;
    return std::chrono::duration<double>(times.back() - times[beforeProbes]).count();
}

// What goes by the tokens of the validation sentences.
double Calibration::reconstruction() {
    const auto classes = static_cast<std::int64_t>(m_data.data.classes());
    const auto all = static_cast<double>(m_data.validation.tokens);
    const double meanLength = all / static_cast<double>(std::max<std::int64_t>(1, m_data.validation.rows));
    const auto rows = static_cast<std::int64_t>(static_cast<double>(measuredTokens) / meanLength) + 1;
    PreparedData& data = m_data.data;
    PreparedData few{data.classNames, data.conceptNames, std::move(data.tokenizer),
                     evenSample(data.train, rows), evenSample(data.validation, rows)};
    const double share =
        static_cast<double>(m_data.validation.rows) / static_cast<double>(few.validation.rows());
    const int asked = m_config.evaluation.bootstrapSamples;
    const int drawn = fewSamples(asked);
    const ActivationStore store(partOf(few.train, activations(few.train.tokens(), 10), classes),
                                partOf(few.validation, activations(few.validation.tokens(), 11), classes));
    const Bootstrap bootstrap(few.validation.rows(), drawn, 1);
    MetricCollector metrics(bootstrap, m_steps);
    const Autoencoder& sae = autoencoder();
    const StageContext nobody = context();
    const double seconds = secondsOf([&] {
                               evaluateAutoencoder(metrics, sae, store, few, nobody);
                               evaluateSplicing(metrics, *m_model, sae, store, nobody);
                           }) -
                           metrics.resamplingSeconds();
    double absorption = 0;
    if (m_config.absorption)
        absorption = secondsOf([&] { evaluateAbsorption(metrics, sae, store, few, 1, nobody); });
    data.tokenizer = std::move(few.tokenizer);
    const double blocks = static_cast<double>(m_sizes.numLayers - 1 - m_block) -
                          static_cast<double>(m_model->config().numLayers - 1 - m_config.model.targetLayer);
    const double perSample = drawn > 0 ? metrics.resamplingSeconds() / drawn : 0;
    return share * (seconds + asked * perSample) + 2 * blocks * m_forwardPerToken * all +
           absorption * static_cast<double>(m_data.train.rows) / static_cast<double>(few.train.rows());
}

double Calibration::evaluation() {
    const at::NoGradGuard noGrad;
    autoencoder();
    return representation() + reconstruction();
}

}  // namespace saeception
