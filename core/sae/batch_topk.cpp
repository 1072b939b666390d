// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/batch_topk.h"

#include "base/error.h"
#include "sae/selection.h"
#include "sae/state.h"

#include <algorithm>
#include <cmath>

namespace saeception {

SparseCode BatchTopKAutoencoder::select(const at::Tensor& centred, const at::Tensor& dead,
                                        SparseCode* auxCode) {
    SparseCode code;
    code.features = m_features;
    const std::int64_t wanted = centred.size(0) * m_options.k;
    m_smallestKept = 0;
    // What the blocks so far keep is the least that a later activation must exceed.
    forEachPreActivationBlock(centred, m_encoder, m_latentBias,
                              [&](const at::Tensor& preActivations, std::int64_t) {
                                  appendAbove(preActivations, m_smallestKept, code);
                                  m_smallestKept = std::max(m_smallestKept, keepLargest(code, wanted));
                                  appendDead(preActivations, dead, auxCode);
                              });
    return code;
}

void BatchTopKAutoencoder::appendActive(const at::Tensor& preActivations, SparseCode& code) const {
    appendAbove(preActivations, m_threshold, code);
}

void BatchTopKAutoencoder::initialise(const at::Tensor& sample, std::uint64_t seed) {
    TopKAutoencoder::initialise(sample, seed);
    const at::NoGradGuard noGrad;
    select(sample - m_preBias, {}, nullptr);
    m_threshold = m_smallestKept;
    m_rowsAveraged = 0;  // the first batch replaces it
}

SaeLosses BatchTopKAutoencoder::computeGradients(const at::Tensor& rows,
                                                 const std::vector<std::int32_t>& dead) {
    const SaeLosses losses = TopKAutoencoder::computeGradients(rows, dead);
    // Batches count by their rows, so that the short one at the end of an epoch does not weigh like a full
    // one.
    constexpr double batchesRemembered = 100;
    const auto count = static_cast<double>(rows.size(0));
    m_rowsAveraged = std::min(m_rowsAveraged + count, std::max(batchesRemembered * count, m_rowsAveraged));
    m_threshold = static_cast<float>(m_threshold + (m_smallestKept - m_threshold) * count / m_rowsAveraged);
    return losses;
}

NamedTensors BatchTopKAutoencoder::stateDict() const {
    NamedTensors state = TopKAutoencoder::stateDict();
    state.emplace_back("threshold", at::scalar_tensor(m_threshold, at::kFloat));
    return state;
}

void BatchTopKAutoencoder::loadStateDict(const NamedTensors& state, const std::string& origin) {
    const auto threshold = stateTensor(state, "threshold", {}, origin).item<float>();
    if (!(threshold >= 0) || !std::isfinite(threshold))
        fail("{}: threshold is {}; a BatchTopK autoencoder that has been trained has one of 0 or more",
             origin, threshold);
    TopKAutoencoder::loadStateDict(state, origin);
    m_threshold = threshold;
    m_rowsAveraged = 0;
}

}  // namespace saeception
