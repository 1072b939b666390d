// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/l1.h"

#include "sae/selection.h"

#include <algorithm>

namespace saeception {

double L1Autoencoder::sparsityPenalty(const SparseCode& code) const {
    double sum = 0;
    for (const float value : code.values)
        sum += value;
    return m_penalty * sum / static_cast<double>(std::max<std::int64_t>(1, code.rows()));
}

void L1Autoencoder::appendActive(const at::Tensor& preActivations, SparseCode& code) const {
    appendAbove(preActivations, 0.0F, code);
}

}  // namespace saeception
