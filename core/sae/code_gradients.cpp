// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/code_gradients.h"

#include "model/adamw_kernel.h"
#include "sae/products.h"
#include "sae/selection.h"
#include "sae/sparse_kernels.h"

#include <algorithm>

namespace saeception {
namespace {

// Above this share of active entries, 1 in 5, matrix products are faster than the row-wise kernels (a step of
// 512 rows measured on one AVX-512 core, 96 -> 384 to 768 -> 6144).
constexpr std::int64_t denseAdvantage = 5;

bool mostlyDense(const SparseCode& code) {
    return code.nonZeros() * denseAdvantage > code.rows() * code.features;
}

// Rows begin .. begin + rows of `code`, [rows, features].
at::Tensor denseCode(const SparseCode& code, std::int64_t begin, std::int64_t rows) {
    at::Tensor result = at::zeros({rows, code.features});
    float* const values = result.data_ptr<float>();
    for (std::int64_t t = 0; t < rows; ++t)
        for (std::int64_t e = code.rowOffsets[begin + t]; e < code.rowOffsets[begin + t + 1]; ++e)
            values[t * code.features + code.columns[e]] = code.values[e];
    return result;
}

}  // namespace

at::Tensor decodeCode(const SparseCode& code, const at::Tensor& decoder, const at::Tensor& bias) {
    if (!mostlyDense(code))
        return sparseDecode(code, decoder, bias);
    at::Tensor result = at::empty({code.rows(), decoder.size(1)});
    for (std::int64_t begin = 0; begin < code.rows(); begin += rowsPerBlock) {
        const std::int64_t rows = std::min(rowsPerBlock, code.rows() - begin);
        at::Tensor block = result.narrow(0, begin, rows);
        multiply(denseCode(code, begin, rows), decoder, bias, block);
    }
    return result;
}

void backpropagateCode(const SparseCode& code, const at::Tensor& input, const at::Tensor& outputGradient,
                       const at::Tensor& decoder, float activationGradient, const CodeGradients& gradients) {
    at::Tensor encoderGradient = gradients.encoder;
    at::Tensor decoderGradient = gradients.decoder;
    at::Tensor biasGradient = gradients.bias;
    if (!mostlyDense(code)) {
        const FeatureOrder order = orderByFeature(code);
        std::vector<float> codeGradient = sparseCodeGradient(code, decoder, outputGradient);
        if (activationGradient != 0)
            for (float& value : codeGradient)
                value += activationGradient;
        accumulateByFeature(order, code.values, outputGradient, decoderGradient);
        accumulateByFeature(order, codeGradient, input, encoderGradient);
        accumulateByFeature(order, codeGradient, biasGradient);
        return;
    }
    for (std::int64_t begin = 0; begin < code.rows(); begin += rowsPerBlock) {
        const std::int64_t rows = std::min(rowsPerBlock, code.rows() - begin);
        const at::Tensor blockGradient = outputGradient.narrow(0, begin, rows);
        const at::Tensor activations = denseCode(code, begin, rows);
        addOuterProducts(activations, blockGradient, decoderGradient);
        at::Tensor codeGradient = at::empty_like(activations);
        multiplyTransposed(blockGradient, decoder, {}, codeGradient);
        if (activationGradient != 0)
            codeGradient.add_(activationGradient);
        codeGradient.mul_(activations.ne(0));
        addOuterProducts(codeGradient, input.narrow(0, begin, rows), encoderGradient);
        biasGradient.add_(codeGradient.sum(0));
    }
}

double totalSquares(const at::Tensor& rows) {
    const at::Tensor values = rows.contiguous();
    const std::int64_t size = values.size(1);
    const float* const data = values.data_ptr<float>();
    // One sum a row, added in order: the same for every number of threads.
    std::vector<double> sums(static_cast<std::size_t>(values.size(0)));
    at::parallel_for(0, values.size(0), 64, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            sums[static_cast<std::size_t>(row)] = sumOfSquares(data + row * size, size);
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

}  // namespace saeception
