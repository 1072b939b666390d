// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_features.h"

#include "base/files.h"
#include "base/seconds_of.h"
#include "base/thread_budget.h"
#include "bench_index.h"
#include "cycle/cycle_runner.h"
#include "cycle/extract_stage.h"
#include "cycle/features_stage.h"
#include "cycle/job_plan.h"
#include "cycle/live_model.h"
#include "features/feature_query.h"
#include "features/sentence_search.h"
#include "model/checkpoint.h"
#include "sae/initialisation.h"
#include "sae/topk.h"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <thread>

namespace saeception {
namespace {
namespace fs = std::filesystem;

constexpr double gib = 1 << 30;

/// Goes with all that is in it.
class ScratchFolder {
public:
    ScratchFolder() : m_path(fs::temp_directory_path() / ("saeception-bench-" + std::to_string(getpid()))) {
        createDirectories(m_path);
    }
    ~ScratchFolder() {
        std::error_code code;
        fs::remove_all(m_path, code);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

class Silence : public EventSink {
public:
    void handle(const Event&) override {}
};

/// The most memory that is resident while it lives, looked at every few milliseconds.
class MemoryWatch {
public:
    MemoryWatch()
        : m_begin(residentBytes()), m_most(m_begin), m_watcher([this](const std::stop_token& stop) {
              while (!stop.stop_requested()) {
                  m_most = std::max(m_most.load(), residentBytes());
                  std::this_thread::sleep_for(std::chrono::milliseconds(5));
              }
          }) {}
    std::int64_t grown() const { return m_most - m_begin; }

private:
    const std::int64_t m_begin;
    std::atomic<std::int64_t> m_most;
    std::jthread m_watcher;
};

void say(const std::string& what, const std::string& figure, const std::string& limit = {}) {
    fmt::print("  {:<52} {:>14}   {}\n", what, figure, limit);
    std::fflush(stdout);
}

std::string milliseconds(double seconds) {
    return fmt::format("{:.2f} ms", 1e3 * seconds);
}

/// Runs each of `works`, `rounds` times, and says the median and the worst.
void sayTimes(const std::string& what, const std::vector<std::function<void()>>& works, int rounds,
              const std::string& limit) {
    std::vector<double> seconds;
    for (int round = 0; round < rounds; ++round)
        for (const auto& work : works)
            seconds.push_back(secondsOf(work));
    std::sort(seconds.begin(), seconds.end());
    say(what, milliseconds(seconds[seconds.size() / 2]),
        fmt::format("worst of {} {}; {}", seconds.size(), milliseconds(seconds.back()), limit));
}

/// All that the card of a feature shows.
std::size_t readCard(const FeatureIndex& index, int feature) {
    std::size_t read = index.histogram(feature).size() + index.quantiles(feature).size();
    for (int label = 0; label < index.classCount(); ++label)
        read += index.histogram(feature, label).size();
    for (const Band band : {Band::Top, Band::Upper, Band::Middle, Band::Low, Band::NearMiss})
        read += index.sentences(feature, band).size();
    return read + index.topTokens(feature).size() + index.bottomTokens(feature).size() +
           index.neighbours(feature).size() + index.companions(feature).size() +
           index.conceptsOf(feature).size() + index.peakTokens(feature, 5).size();
}

ActivationStore::Part partOf(const TokenizedSplit& split, const CodeSource& source,
                             const at::Tensor& directions, std::uint64_t seed) {
    constexpr std::int64_t rowsAtOnce = 65536;  // their codes take memory of their own for a moment
    const at::Tensor activations = at::empty({split.tokens(), directions.size(1)});
    std::vector<std::int32_t> labels;
    for (std::int64_t s = 0; s < split.rows(); ++s)
        labels.insert(labels.end(), static_cast<std::size_t>(split.length(s)),
                      split.labels[static_cast<std::size_t>(s)]);
    for (std::int64_t first = 0; first < split.tokens(); first += rowsAtOnce) {
        const std::int64_t count = std::min(rowsAtOnce, split.tokens() - first);
        const std::vector<std::int32_t> some(labels.begin() + first, labels.begin() + first + count);
        decodeInto(activations.narrow(0, first, count),
                   source.draw(some, seed + static_cast<std::uint64_t>(first)), directions);
    }
    return {&split, activations, at::randn({split.rows(), benchClasses})};
}

ExperimentConfig gpt2SmallConfig(const FeaturesBenchOptions& options) {
    ComposeRequest request;
    request.overrides = {"model=gpt2_small",
                         "dataset=demo",
                         "sae=topk",
                         "model.target_layer=-2",
                         "sae.expansion_factor=" + std::to_string(options.features / 768),
                         "sae.k=" + std::to_string(options.k)};
    return planJob("train_cycle", std::move(request)).composition.config;
}

/// @returns the index file
fs::path benchBuilding(const FeaturesBenchOptions& options, const fs::path& folder) {
    const at::NoGradGuard noGrad;
    const ExperimentConfig config = gpt2SmallConfig(options);
    const Gpt2Classifier model(Gpt2Config{}, 1);
    PreparedData data{{"negative", "positive"},
                      {},
                      letterTokenizer(folder / "tokenizer"),
                      sentencesLikeSst2(options.sentences, 1),
                      sentencesLikeSst2(sst2ValidationSentences, 2)};
    const auto tokens = static_cast<double>(data.train.tokens() + data.validation.tokens());
    const RunDirectory run = RunDirectory::create({}, (folder / "run").string());
    Silence silence;
    const StageContext context{config, run, silence, {}};
    fmt::print(
        "Index of {} features, k {}, GPT-2 small (12 x 768), {} + {} sentences of {} tokens, {} threads\n",
        options.features, options.k, data.train.rows(), data.validation.rows(),
        static_cast<std::int64_t>(tokens), at::get_num_threads());

    PreparedData few{data.classNames,
                     {},
                     letterTokenizer(folder / "tokenizer"),
                     evenSample(data.train, options.extracted),
                     evenSample(data.validation, 1)};
    const double read = static_cast<double>(few.train.tokens() + few.validation.tokens());
    const double extraction = secondsOf([&] { extractActivations(model, few, 0, context); }) * tokens / read;
    say("extracting the activations of all of them", fmt::format("{:.0f} s", extraction),
        fmt::format("from {} sentences", few.train.rows() + few.validation.rows()));

    const at::Tensor directions = randomUnitRows(options.features, 768, 1);
    const CodeSource source(options.features, options.k);
    const ActivationStore store(partOf(data.train, source, directions, 3),
                                partOf(data.validation, source, directions, 4));
    TopKAutoencoder sae(768, {options.features, options.k, 0, 0});
    sae.loadStateDict({{"encoder.weight", directions},
                       {"decoder.weight", directions.t().contiguous()},
                       {"latent_bias", at::zeros({options.features})},
                       {"pre_bias", at::zeros({768})}},
                      "the benchmark's autoencoder");
    const IndexedCheckpoints checkpoints{run.model(0), run.sae(0)};
    saveCheckpoint(checkpoints.model, {1, model.stateDict(), {}});
    saveCheckpoint(checkpoints.sae, {1, sae.stateDict(), {}});
    double building = 0;
    std::int64_t memory = 0;
    {
        const MemoryWatch watch;
        building = secondsOf([&] { indexFeatures(model, sae, store, data, 0, checkpoints, context); });
        memory = watch.grown();
    }
    say("building the index", fmt::format("{:.0f} s", building),
        fmt::format("{:.2f} of the extraction's time; limit 0.5", building / extraction));
    say("memory beyond the store", fmt::format("{:.2f} GiB", static_cast<double>(memory) / gib),
        fmt::format("the store itself {:.2f} GiB; limit 1 GiB", tokens * 768 * 4 / gib));
    say("index file", fmt::format("{:.2f} GiB", static_cast<double>(fs::file_size(run.features(0))) / gib));
    return run.features(0);
}

void benchReading(const fs::path& file, const std::string& limitOfOpening) {
    std::shared_ptr<const FeatureIndex> index;
    sayTimes("opening it", {[&] { index = std::make_shared<const FeatureIndex>(FeatureIndex::open(file)); }},
             9, limitOfOpening);
    std::vector<std::function<void()>> cards;
    for (int i = 0; i < 500; ++i) {
        const int feature = static_cast<int>(static_cast<std::int64_t>(i) * index->featureCount() / 500);
        cards.emplace_back([&index, feature] { readCard(*index, feature); });
    }
    sayTimes("reading all that the card of a feature shows", cards, 1, "limit 50 ms with the window");
}

void benchSearching(const FeaturesBenchOptions& options, const fs::path& folder) {
    const fs::path file = folder / "many" / "index.safetensors";
    writeRandomIndex(file, letterTokenizer(folder / "tokenizer"), options.manyFeatures, options.k,
                     options.sentences);
    fmt::print("{} features over {} sentences, index of {:.2f} GiB\n", options.manyFeatures,
               options.sentences, static_cast<double>(fs::file_size(file)) / gib);
    benchReading(file, "limit 100 ms");
    const FeatureIndex index = FeatureIndex::open(file);
    const SentenceSearch sentences(index);
    std::vector<std::function<void()>> queries;
    for (const char* text : {"u>0.0001 class:positive density<1%", "effect>0.1 max>3", "abcd", "near:17",
                             "alive -starred csi>0.2"})
        queries.emplace_back([&, text] { FeatureQuery::parse(text, index).matches(index, {}, sentences); });
    sayTimes("filtering them by a query", queries, 9, "limit 50 ms with the window");
    std::vector<std::function<void()>> sorts;
    for (const std::span<const float> column : {index.usefulness(), index.density(), index.maxActivation()})
        sorts.emplace_back([&index, column] {
            std::vector<int> order(static_cast<std::size_t>(index.featureCount()));
            std::iota(order.begin(), order.end(), 0);
            std::stable_sort(order.begin(), order.end(), [column](int a, int b) {
                return column[static_cast<std::size_t>(a)] > column[static_cast<std::size_t>(b)];
            });
        });
    sayTimes("sorting them by a column", sorts, 9, "limit 50 ms with the window");
}

void benchInspecting(const std::string& modelName, std::vector<std::string> more, const fs::path& folder,
                     const std::string& limit, int threads) {
    const fs::path root = folder / modelName;
    ComposeRequest request;
    request.overrides = {"dataset=demo",
                         "model=" + modelName,
                         "sae=topk",
                         "dataset.limit=48",
                         "dataset.max_length=64",
                         "model.epochs_per_cycle=1",
                         "model.target_layer=-2",
                         "sae.expansion_factor=8",
                         "sae.epochs=1",
                         "cycle.max_cycles=0",
                         "evaluation.bootstrap_samples=0",
                         "threads=" + std::to_string(threads),
                         "hydra.run.dir=" + root.string()};
    request.overrides.insert(request.overrides.end(), more.begin(), more.end());
    Silence silence;
    CycleRunner(planJob("train_cycle", std::move(request))).run(silence, {});
    const RunDirectory run = RunDirectory::at(root);
    std::shared_ptr<const LiveModel> model;
    const double loading = secondsOf([&] { model = LiveModel::load(run, 0, threads); });
    fmt::print("Inspector, {}, {} features\n", modelName, model->features());
    say("reading the model and its autoencoder, once", fmt::format("{:.0f} ms", 1e3 * loading));
    std::string longest;
    while (longest.size() < 600)
        longest += "the film is superb and the jokes are dull , ";
    std::vector<std::function<void()>> sentences;
    std::vector<std::function<void()>> edits;
    for (const std::string& text :
         {std::string("A fine film."), std::string("The acting is superb and the plot is not dull at all."),
          longest}) {
        sentences.emplace_back([&model, text] { model->inspect(text); });
        edits.emplace_back([&model, ids = model->inspect(text).ids] {
            model->edit(ids, std::vector<FeatureEdit>{{3, EditKind::Fix, 4, -1}});
        });
    }
    sayTimes("a sentence of 4 to 64 tokens", sentences, 9, limit);
    sayTimes("the same with a feature changed", edits, 9, limit);
}

}  // namespace

void benchFeatures(const FeaturesBenchOptions& options, int threads) {
    at::set_num_threads(resolveThreads(threads));
    at::manual_seed(1);
    const ScratchFolder folder;
    benchReading(benchBuilding(options, folder.path()), "limit 100 ms");
    benchSearching(options, folder.path());
    benchInspecting("gpt2_tiny", {"sae.k=16", "sae.aux_k=16"}, folder.path(), "limit 300 ms", threads);
    benchInspecting("gpt2_small", {"sae.k=50", "sae.aux_k=50"}, folder.path(), "limit 1000 ms", threads);
}

}  // namespace saeception
