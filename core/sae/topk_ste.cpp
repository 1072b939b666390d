// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/topk_ste.h"

#include "sae/products.h"
#include "sae/selection.h"
#include "sae/sparse_kernels.h"

#include <algorithm>

namespace saeception {

std::int64_t TopKSteAutoencoder::rowsAtOnce(std::int64_t batchRows) const {
    return std::min(batchRows, rowsPerBlock);
}

SparseCode TopKSteAutoencoder::select(const at::Tensor& centred, const at::Tensor& dead,
                                      SparseCode* auxCode) {
    SparseCode code;
    code.features = m_features;
    m_positive = at::empty({centred.size(0), m_features}, at::kBool);
    forEachPreActivationBlock(centred, m_encoder, m_latentBias,
                              [&](const at::Tensor& preActivations, std::int64_t begin) {
                                  at::Tensor positive = m_positive.narrow(0, begin, preActivations.size(0));
                                  at::gt_out(positive, preActivations, 0);
                                  appendTop(preActivations, m_options.k, nullptr, code);
                                  appendDead(preActivations, dead, auxCode);
                              });
    return code;
}

void TopKSteAutoencoder::backpropagate(const SparseCode& code, const at::Tensor& centred,
                                       const at::Tensor& outputGradient) {
    accumulateByFeature(orderByFeature(code), code.values, outputGradient,
                        m_parameters[DecoderWeight].gradient);
    at::Tensor codeGradient = at::empty({outputGradient.size(0), m_features});
    multiplyTransposed(outputGradient, m_decoder, {}, codeGradient);
    codeGradient.mul_(m_positive);
    addOuterProducts(codeGradient, centred, m_parameters[EncoderWeight].gradient);
    m_parameters[LatentBias].gradient.add_(codeGradient.sum(0));
}

}  // namespace saeception
