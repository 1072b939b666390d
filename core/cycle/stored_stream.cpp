// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stored_stream.h"

namespace saeception {

at::Tensor storedStream(const at::Tensor& perToken, const TokenizedSplit& split, const PaddedBatch& batch) {
    at::Tensor stream = at::zeros({batch.rows, batch.columns, perToken.size(1)});
    for (std::int64_t row = 0; row < batch.rows; ++row) {
        const auto index = static_cast<std::size_t>(row);
        const std::int64_t first = split.offsets[static_cast<std::size_t>(batch.examples[index])];
        stream[row].narrow(0, 0, batch.lengths[index]).copy_(perToken.narrow(0, first, batch.lengths[index]));
    }
    return stream;
}

}  // namespace saeception
