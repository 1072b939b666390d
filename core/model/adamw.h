// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW (Loshchilov and Hutter 2019) fused into one pass over each parameter, with clipping folded in, and
// its schedule.
#pragma once

#include "base/torch_headers.h"
#include "model/tensor_io.h"

#include <cstdint>
#include <vector>

namespace saeception {

struct AdamWOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.01;
    bool decayAll = false;  ///< false: no decay for one-dimensional tensors (biases and layer norms)
};

/// Factor of the peak learning rate at `step` (from 0): rises linearly over `warmup` steps from 0 (the first
/// step is at 0), then falls linearly to 0 at `total`. In [0, 1].
double linearSchedule(std::int64_t step, std::int64_t warmup, std::int64_t total);

/// Owns the moments of its parameters (float32 leaves on the CPU). Those without a gradient, and those that
/// do not require one, are left as they are. Gradients may be dense or row-sparse (embeddings).
class AdamW {
public:
    AdamW(const NamedTensors& parameters, const AdamWOptions& options);
    ~AdamW();
    AdamW(AdamW&&) noexcept;
    AdamW& operator=(AdamW&&) noexcept;

    /// One step with the gradients at hand, scaled so that their joint 2-norm is at most `maxGradNorm` (<= 0:
    /// no clipping); gradients are consumed (set undefined). @return the norm before clipping. With a norm
    /// that is not finite nothing is changed but the gradients are dropped, and that norm is returned.
    double clipAndStep(double learningRate, double maxGradNorm);
    /// Drops all gradients.
    void zeroGrad();
    /// Steps taken so far.
    std::int64_t steps() const;
    /// The moments of the parameter `index` of the constructor's list, for callers that must reset some of
    /// them (SAE resampling): same shape as the parameter, writable in place.
    at::Tensor firstMoment(std::size_t index);
    at::Tensor secondMoment(std::size_t index);

private:
    struct State;
    std::vector<State> m_states;
    AdamWOptions m_options;
    std::int64_t m_steps = 0;
};

}  // namespace saeception
