// SPDX-License-Identifier: GPL-3.0-or-later
// A padded batch as tensors.
#pragma once

#include "base/torch_headers.h"
#include "data/batches.h"

namespace saeception {

struct BatchTensors {
    at::Tensor ids;       ///< [rows, columns] int64
    at::Tensor lengths;   ///< [rows] int64
    at::Tensor labels;    ///< [rows] int64
    at::Tensor examples;  ///< [rows] int64, example ids
};

inline BatchTensors toTensors(const PaddedBatch& batch) {
    return {at::tensor(batch.ids, at::kLong).view({batch.rows, batch.columns}),
            at::tensor(batch.lengths, at::kLong), at::tensor(batch.labels, at::kLong),
            at::tensor(batch.examples, at::kLong)};
}

}  // namespace saeception
