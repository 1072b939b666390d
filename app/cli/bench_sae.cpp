// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_sae.h"

#include "base/seconds_of.h"
#include "base/thread_budget.h"
#include "base/torch_headers.h"
#include "sae/initialisation.h"
#include "sae/optimiser.h"
#include "sae/topk.h"

#include <spdlog/fmt/fmt.h>

namespace saeception {
namespace {

// What one writes first: dense codes, autograd through everything, Adam as separate tensor operations.
class DenseStep {
public:
    DenseStep(const NamedTensors& state, int k) : m_k(k) {
        for (const auto& [name, tensor] : state) {
            m_weights.push_back(tensor.clone().requires_grad_(true));
            m_first.push_back(at::zeros_like(tensor));
            m_second.push_back(at::zeros_like(tensor));
        }
    }

    double operator()(const at::Tensor& x) {
        const at::Tensor pre = at::relu(at::addmm(m_weights[2], x - m_weights[3], m_weights[0].t()));
        const auto [top, index] = at::topk(pre, m_k, 1);
        const at::Tensor code = at::zeros_like(pre).scatter(1, index, top);
        const at::Tensor reconstruction = at::addmm(m_weights[3], code, m_weights[1].t());
        at::Tensor loss = (reconstruction - x).square().mean();
        loss.backward();
        const at::NoGradGuard noGrad;
        ++m_step;
        for (std::size_t i = 0; i < m_weights.size(); ++i) {
            const at::Tensor gradient = m_weights[i].grad();
            m_first[i].mul_(0.9).add_(gradient, 0.1);
            m_second[i].mul_(0.999).addcmul_(gradient, gradient, 0.001);
            const double firstCorrection = 1 - std::pow(0.9, m_step);
            const double secondCorrection = 1 - std::pow(0.999, m_step);
            const at::Tensor denominator = (m_second[i] / secondCorrection).sqrt_().add_(1e-8);
            m_weights[i].addcdiv_(m_first[i], denominator, -learningRate / firstCorrection);
            m_weights[i].mutable_grad() = at::Tensor();
        }
        m_weights[1].div_(m_weights[1].norm(2, at::IntArrayRef{0}, true));
        return loss.item<double>();
    }

    static constexpr double learningRate = 1e-3;

private:
    int m_k;
    int m_step = 0;
    std::vector<at::Tensor> m_weights;  // encoder, decoder, latent bias, pre-bias
    std::vector<at::Tensor> m_first;
    std::vector<at::Tensor> m_second;
};

}  // namespace

void benchSae(const SaeBenchOptions& options, int threads) {
    at::set_num_threads(resolveThreads(threads));
    at::manual_seed(1);
    const at::Tensor directions = randomUnitRows(options.features / 2, options.inputSize, 1);
    const auto batch = [&] {
        const at::Tensor use = (at::rand({options.batchSize, directions.size(0)}) < 0.01).to(at::kFloat);
        return at::mm(use, directions) + 0.1 * at::randn({options.batchSize, options.inputSize});
    };
    TopKAutoencoder sae(options.inputSize, {options.features, options.k, 0, 0});
    sae.initialise(batch(), 2);
    DenseStep dense(sae.stateDict(), options.k);
    SaeOptimiser optimiser(sae, {DenseStep::learningRate, 0, false});

    fmt::print("SAE step, {} -> {}, k {}, batch {}, {} threads, {} steps each\n", options.inputSize,
               options.features, options.k, options.batchSize, at::get_num_threads(), options.steps);
    double sparseSeconds = 0;
    double denseSeconds = 0;
    double largestDifference = 0;
    for (int step = 0; step <= options.steps; ++step) {
        const at::Tensor x = batch();
        double sparseLoss = 0;
        double denseLoss = 0;
        const double sparseTime = secondsOf([&] {
            sparseLoss = sae.computeGradients(x, {}).total;
            optimiser.step();
        });
        const double denseTime = secondsOf([&] { denseLoss = dense(x); });
        largestDifference = std::max(largestDifference, std::abs(sparseLoss - denseLoss) / denseLoss);
        if (step == 0)
            continue;  // first touch of buffers
        sparseSeconds += sparseTime;
        denseSeconds += denseTime;
    }
    const double tokens = static_cast<double>(options.batchSize) * options.steps;
    fmt::print("  sparse step          {:>10.0f} tokens/s\n", tokens / sparseSeconds);
    fmt::print("  dense autograd step  {:>10.0f} tokens/s\n", tokens / denseSeconds);
    fmt::print("  ratio                {:>10.2f} times\n", denseSeconds / sparseSeconds);
    fmt::print("  losses agree within  {:>10.1e} (relative, largest over the steps)\n", largestDifference);
    fmt::print("  peak memory          {:>10.2f} GiB (both)\n",
               static_cast<double>(peakResidentBytes()) / (1 << 30));
}

}  // namespace saeception
