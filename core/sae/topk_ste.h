// SPDX-License-Identifier: GPL-3.0-or-later
// TopK with a straight-through backward pass: the forward pass keeps the top k, the gradient is that of the
// relu alone, dL/dpre = (D^T dL/dx^) [pre > 0] for every unit, so that units below the top k learn, too.
#pragma once

#include "sae/topk.h"

namespace saeception {

class TopKSteAutoencoder : public TopKAutoencoder {
public:
    using TopKAutoencoder::TopKAutoencoder;
    std::string_view type() const override { return "topk_ste"; }

protected:
    // The backward pass is dense by nature: a block of rows at a time bounds its memory.
    std::int64_t rowsAtOnce(std::int64_t batchRows) const override;
    SparseCode select(const at::Tensor& centred, const at::Tensor& dead, SparseCode* auxCode) override;
    void backpropagate(const SparseCode& code, const at::Tensor& centred,
                       const at::Tensor& outputGradient) override;

private:
    at::Tensor m_positive;  // [rows, features] bool: what the relu let through
};

}  // namespace saeception
