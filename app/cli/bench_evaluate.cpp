// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_evaluate.h"

#include "base/seconds_of.h"
#include "base/thread_budget.h"
#include "base/torch_headers.h"
#include "bench_data.h"
#include "evaluation/bootstrap.h"
#include "evaluation/clustering.h"
#include "evaluation/k_sparse_probe.h"
#include "evaluation/reconstruction.h"
#include "evaluation/selectivity.h"
#include "evaluation/sparsity.h"
#include "sae/initialisation.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

namespace saeception {
namespace {

at::Tensor decoded(const SparseCode& code, const at::Tensor& directions) {
    const at::Tensor rows = at::empty({code.rows(), directions.size(1)});
    decodeInto(rows, code, directions);
    return rows;
}

/// Runs `work` and prints what it took; it may return a remark.
void family(const char* name, const std::function<std::string()>& work) {
    std::string remark;
    const double seconds = secondsOf([&] { remark = work(); });
    fmt::print("  {:<34} {:>8.2f} s   {:>5.2f} GiB now, {:>5.2f} GiB at most   {}\n", name, seconds,
               static_cast<double>(residentBytes()) / (1 << 30),
               static_cast<double>(peakResidentBytes()) / (1 << 30), remark);
    std::fflush(stdout);
}

std::string probeRemark(const LinearProbe& probe, const RowMatrix& rows,
                        const std::vector<std::int32_t>& labels) {
    return fmt::format("{} iterations{}, accuracy {:.3f}", probe.iterations,
                       probe.converged ? "" : " without converging", probe.accuracy(rows, labels));
}

void benchClustering(const char* name, const RowMatrix& rows, const std::vector<std::int32_t>& labels) {
    std::vector<std::int32_t> clusters;
    family(fmt::format("k-means and indices, {}", name).c_str(), [&] {
        const KMeansResult result = kMeans(rows, {});
        clusters = result.labels;
        return fmt::format("ARI {:.3f}, Davies-Bouldin {:.2f}", adjustedRandIndex(labels, clusters),
                           classIndices(rows, labels).daviesBouldin);
    });
    family(fmt::format("silhouettes, {}", name).c_str(), [&] {
        return fmt::format("labels {:.3f}, clusters {:.3f}", silhouette(rows, labels),
                           silhouette(rows, clusters));
    });
}

void benchBootstrap(const EvaluateBenchOptions& options, const at::Tensor& base, const SparseCode& code,
                    const std::vector<std::int32_t>& labels, const SparsityStats& sparsity,
                    const ReconstructionStats& reconstruction) {
    const Bootstrap bootstrap(options.validationRows, options.bootstrapSamples, 3);
    const auto resample = [&](const char* name, const Bootstrap::Statistics& statistics) {
        family(fmt::format("bootstrap x {}, {}", options.bootstrapSamples, name).c_str(), [&] {
            const std::vector<double> values = statistics({});
            const Interval first = bootstrap.intervals(values, statistics, IntervalKind::Centred).front();
            return fmt::format("{:.4f} [{:.4f}, {:.4f}]", values.front(), first.low, first.high);
        });
    };
    resample("CSI and U", [&](Multiplicities times) -> std::vector<double> {
        return {selectivity(code, labels, benchClasses, times).usefulnessMean,
                selectivity(base, labels, benchClasses, times).usefulnessMean};
    });
    resample("cluster indices", [&](Multiplicities times) -> std::vector<double> {
        return {classIndices(code, labels, times).daviesBouldin,
                classIndices(base, labels, times).daviesBouldin};
    });
    resample("sparsity",
             [&](Multiplicities times) -> std::vector<double> { return {sparsity.summary(times).deadPct}; });
    resample("reconstruction", [&](Multiplicities times) -> std::vector<double> {
        return {reconstruction.explainedVariance(times)};
    });
}

}  // namespace

void benchEvaluate(const EvaluateBenchOptions& options, int threads) {
    at::set_num_threads(resolveThreads(threads));
    at::manual_seed(1);
    fmt::print(
        "Metrics of {} training and {} validation codes x {} features, k {}, activations of {}, {} threads\n",
        options.trainRows, options.validationRows, options.features, options.k, options.inputSize,
        at::get_num_threads());
    const std::vector<std::int32_t> trainLabels = drawLabels(options.trainRows, 1);
    const std::vector<std::int32_t> labels = drawLabels(options.validationRows, 2);
    const CodeSource source(options.features, options.k);
    const at::Tensor directions = randomUnitRows(options.features, options.inputSize, 1);
    SparseCode trainCode;
    SparseCode code;
    at::Tensor trainBase;
    at::Tensor base;
    family("(drawing codes and activations)", [&] {
        trainCode = source.draw(trainLabels, 3);
        code = source.draw(labels, 4);
        trainBase = decoded(trainCode, directions);
        base = decoded(code, directions);
        return std::string();
    });

    family("CSI and U, dense and sparse", [&] {
        return fmt::format("U {:.4f} and {:.4f}", selectivity(base, labels, benchClasses).usefulnessMean,
                           selectivity(code, labels, benchClasses).usefulnessMean);
    });
    benchClustering("dense", base, labels);
    benchClustering("sparse", code, labels);
    family("probe, dense", [&] { return probeRemark(fitProbe(trainBase, trainLabels), base, labels); });
    family("probe, sparse", [&] { return probeRemark(fitProbe(trainCode, trainLabels), code, labels); });
    family("k-sparse probes, k 1 to 50", [&] {
        constexpr std::array sizes = {1, 5, 10, 25, 50};
        std::string remark = "accuracy";
        for (const KSparseProbe& probe : fitKSparseProbes(trainCode, trainLabels, sizes))
            remark += fmt::format(" {:.3f}",
                                  probe.probe.accuracy(RowMatrix(code).selectColumns(probe.columns), labels));
        return remark;
    });

    SparsityStats sparsity(options.features);
    ReconstructionStats reconstruction(options.validationRows);
    family("sparsity and reconstruction", [&] {
        std::vector<std::int64_t> sentences;
        std::vector<std::int32_t> tokenLabels;
        for (std::int64_t i = 0; i < options.validationRows * options.tokensPerSentence; ++i) {
            sentences.push_back(i / options.tokensPerSentence);
            tokenLabels.push_back(labels[static_cast<std::size_t>(sentences.back())]);
        }
        const SparseCode tokens = source.draw(tokenLabels, 5);
        const at::Tensor x = decoded(tokens, directions);
        sparsity.add(tokens, sentences);
        reconstruction.add(x, x * 0.9, sentences);
        return fmt::format("{} tokens, dead {:.1f} %", tokens.rows(), sparsity.summary().deadPct);
    });
    benchBootstrap(options, base, code, labels, sparsity, reconstruction);
    fmt::print("  peak memory {:.2f} GiB, of which {:.2f} GiB are the training activations themselves\n",
               static_cast<double>(peakResidentBytes()) / (1 << 30),
               static_cast<double>(trainBase.numel() * 4) / (1 << 30));
}

}  // namespace saeception
