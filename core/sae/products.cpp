// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/products.h"

#include <algorithm>

namespace saeception {
namespace {

// Calls work(first, size) for tiles of up to `tile` of `count`, from within a parallel region if threads are
// to be had: there the BLAS library uses one thread for each call. At least two tiles, because a single one
// would be run outside.
template <typename Work>
void forEachTile(std::int64_t count, std::int64_t tile, const Work& work) {
    const std::int64_t size = std::max<std::int64_t>(1, std::min(tile, (count + 1) / 2));
    at::parallel_for(0, (count + size - 1) / size, 1, [&](std::int64_t begin, std::int64_t end) {
        const at::NoGradGuard noGrad;  // the setting is each thread's own
        for (std::int64_t i = begin; i < end; ++i)
            work(i * size, std::min(size, count - i * size));
    });
}

constexpr std::int64_t featuresPerTile = 256;
constexpr std::int64_t rowsPerTile = 128;
constexpr std::int64_t columnsPerTile = 64;

}  // namespace

void multiplyTransposed(const at::Tensor& rows, const at::Tensor& weights, const at::Tensor& bias,
                        at::Tensor& out) {
    const at::Tensor transposed = weights.t();
    forEachTile(weights.size(0), featuresPerTile, [&](std::int64_t first, std::int64_t size) {
        at::Tensor tile = out.narrow(1, first, size);
        if (bias.defined())
            at::addmm_out(tile, bias.narrow(0, first, size), rows, transposed.narrow(1, first, size));
        else
            at::mm_out(tile, rows, transposed.narrow(1, first, size));
    });
}

void multiply(const at::Tensor& codes, const at::Tensor& weights, const at::Tensor& bias, at::Tensor& out) {
    forEachTile(codes.size(0), rowsPerTile, [&](std::int64_t first, std::int64_t size) {
        at::Tensor tile = out.narrow(0, first, size);
        if (bias.defined())
            at::addmm_out(tile, bias, codes.narrow(0, first, size), weights);
        else
            at::mm_out(tile, codes.narrow(0, first, size), weights);
    });
}

void addOuterProducts(const at::Tensor& codes, const at::Tensor& rows, at::Tensor& out) {
    const at::Tensor transposed = codes.t();
    forEachTile(codes.size(1), featuresPerTile, [&](std::int64_t first, std::int64_t size) {
        at::Tensor tile = out.narrow(0, first, size);
        tile.addmm_(transposed.narrow(0, first, size), rows);
    });
}

at::Tensor weightedRowSum(const at::Tensor& rows, const at::Tensor& weights) {
    const std::int64_t size = rows.size(1);
    at::Tensor out = at::zeros({size});
    float* const result = out.data_ptr<float>();
    const float* const row = rows.data_ptr<float>();
    const float* const weight = weights.data_ptr<float>();
    forEachTile(size, columnsPerTile, [&](std::int64_t first, std::int64_t count) {
        for (std::int64_t i = 0; i < rows.size(0); ++i)
            if (weight[i] != 0)
                for (std::int64_t c = first; c < first + count; ++c)
                    result[c] += weight[i] * row[i * size + c];
    });
    return out;
}

}  // namespace saeception
