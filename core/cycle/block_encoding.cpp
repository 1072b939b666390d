// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/block_encoding.h"

#include "base/error.h"

#include <algorithm>

namespace saeception {

SparseCode encodeInBlocks(const Autoencoder& sae, const at::Tensor& rows, const StepControl& steps) {
    constexpr std::int64_t rowsPerBlock = 8192;
    SparseCode code;
    code.features = sae.features();
    for (std::int64_t begin = 0; begin < rows.size(0); begin += rowsPerBlock) {
        steps.holdOrStop();
        code.append(sae.encode(rows.narrow(0, begin, std::min(rowsPerBlock, rows.size(0) - begin))));
        if (begin == 0)  // growing by doubling would hold a dense kind's code nearly twice
            code.reserve(rows.size(0), code.nonZeros() / code.rows() + 1);
    }
    return code;
}

}  // namespace saeception
