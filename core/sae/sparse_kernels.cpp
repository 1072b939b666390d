// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/sparse_kernels.h"

#include <algorithm>

// The widest vectors of the machine at hand; the order of additions within an element is the same on all of
// them.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SAECEPTION_VECTOR_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SAECEPTION_VECTOR_CLONES
#endif

namespace saeception {
namespace {

constexpr std::int64_t lanes = 16;

SAECEPTION_VECTOR_CLONES
void addScaled(float* __restrict out, const float* __restrict row, float scale, std::int64_t size) {
    for (std::int64_t i = 0; i < size; ++i)
        out[i] += scale * row[i];
}

SAECEPTION_VECTOR_CLONES
float dot(const float* __restrict a, const float* __restrict b, std::int64_t size) {
    // Independent partial sums let the compiler vectorise without reordering a single chain of additions.
    float partial[lanes] = {};
    std::int64_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::int64_t lane = 0; lane < lanes; ++lane)
            partial[lane] += a[i + lane] * b[i + lane];
    float sum = 0;
    for (; i < size; ++i)
        sum += a[i] * b[i];
    for (const float value : partial)
        sum += value;
    return sum;
}

}  // namespace

at::Tensor sparseDecode(const SparseCode& code, const at::Tensor& decoder, const at::Tensor& bias) {
    const std::int64_t size = decoder.size(1);
    at::Tensor out =
        bias.defined() ? bias.expand({code.rows(), size}).contiguous() : at::zeros({code.rows(), size});
    if (code.rows() == 1)
        out = out.clone();  // expand of one row shares the bias's memory
    float* const result = out.data_ptr<float>();
    const float* const weights = decoder.data_ptr<float>();
    at::parallel_for(0, code.rows(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t t = begin; t < end; ++t)
            for (std::int64_t e = code.rowOffsets[t]; e < code.rowOffsets[t + 1]; ++e)
                addScaled(result + t * size, weights + code.columns[e] * size, code.values[e], size);
    });
    return out;
}

std::vector<float> sparseCodeGradient(const SparseCode& code, const at::Tensor& decoder,
                                      const at::Tensor& gradient) {
    const std::int64_t size = decoder.size(1);
    std::vector<float> result(code.values.size());
    const float* const weights = decoder.data_ptr<float>();
    const float* const rows = gradient.data_ptr<float>();
    at::parallel_for(0, code.rows(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t t = begin; t < end; ++t)
            for (std::int64_t e = code.rowOffsets[t]; e < code.rowOffsets[t + 1]; ++e)
                result[e] = dot(rows + t * size, weights + code.columns[e] * size, size);
    });
    return result;
}

FeatureOrder orderByFeature(const SparseCode& code) {
    FeatureOrder order;
    order.offsets.assign(static_cast<std::size_t>(code.features) + 1, 0);
    for (const std::int32_t column : code.columns)
        ++order.offsets[column + 1];
    for (std::size_t f = 1; f < order.offsets.size(); ++f)
        order.offsets[f] += order.offsets[f - 1];
    order.rows.resize(code.columns.size());
    order.position.resize(code.columns.size());
    std::vector<std::int64_t> next(order.offsets.begin(), order.offsets.end() - 1);
    for (std::int64_t t = 0; t < code.rows(); ++t)
        for (std::int64_t e = code.rowOffsets[t]; e < code.rowOffsets[t + 1]; ++e) {
            const std::int64_t slot = next[code.columns[e]]++;
            order.rows[slot] = static_cast<std::int32_t>(t);
            order.position[slot] = e;
        }
    return order;
}

void accumulateByFeature(const FeatureOrder& order, const std::vector<float>& weights, const at::Tensor& rows,
                         at::Tensor& out) {
    const std::int64_t size = out.size(1);
    float* const result = out.data_ptr<float>();
    const float* const source = rows.data_ptr<float>();
    at::parallel_for(0, out.size(0), 64, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t f = begin; f < end; ++f)
            for (std::int64_t s = order.offsets[f]; s < order.offsets[f + 1]; ++s)
                addScaled(result + f * size, source + order.rows[s] * size, weights[order.position[s]], size);
    });
}

void accumulateByFeature(const FeatureOrder& order, const std::vector<float>& weights, at::Tensor& out) {
    float* const result = out.data_ptr<float>();
    for (std::int64_t f = 0; f < out.size(0); ++f)
        for (std::int64_t s = order.offsets[f]; s < order.offsets[f + 1]; ++s)
            result[f] += weights[order.position[s]];
}

}  // namespace saeception
