// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/attention.h"

#include "model/simd.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace saeception {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Sentences are short (about a dozen tokens), so each head's matrices are tiny: a library matrix product per
// head spends its time on being called. One kernel per (row, head) keeps everything in the first-level cache
// instead. Sums run over separate lanes (keys, or channels of one head), never across lanes, so all vector
// widths give the same bits.

/// Where one head's vectors lie: element c of token t is base[t * stride + c].
struct HeadView {
    const float* base = nullptr;
    std::int64_t stride = 0;
};

struct HeadShape {
    std::int64_t tokens = 0;
    std::int64_t channels = 0;
    std::int64_t paddedTokens = 0;  ///< multiple of 16, so that loops over keys have no remainder
    float scale = 1;
};

HeadShape headShape(std::int64_t tokens, std::int64_t channels) {
    return {tokens, channels, (tokens + 15) / 16 * 16, 1.0F / std::sqrt(static_cast<float>(channels))};
}

/// [tokens, channels] -> [channels, paddedTokens], zero beyond `tokens`.
SAECEPTION_INLINE void transpose(HeadView from, HeadShape shape, float* to) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
        float* row = to + c * shape.paddedTokens;
        for (std::int64_t t = 0; t < shape.tokens; ++t)
            row[t] = from.base[t * from.stride + c];
        for (std::int64_t t = shape.tokens; t < shape.paddedTokens; ++t)
            row[t] = 0;
    }
}

/// out[j] = scale * sum_c vector[c] * transposed[c, j] for j < count (rounded up to 16).
SAECEPTION_INLINE void dotWithAll(const float* vector, const float* transposed, HeadShape shape, float scale,
                                  std::int64_t count, float* out) {
    for (std::int64_t block = 0; block < count; block += 16) {
        float sums[16] = {};
        for (std::int64_t c = 0; c < shape.channels; ++c) {
            const float factor = vector[c];
            const float* row = transposed + c * shape.paddedTokens + block;
            for (int lane = 0; lane < 16; ++lane)
                sums[lane] += factor * row[lane];
        }
        for (int lane = 0; lane < 16; ++lane)
            out[block + lane] = sums[lane] * scale;
    }
}

SAECEPTION_INLINE void addScaled(float factor, const float* from, float* to, std::int64_t channels) {
    for (std::int64_t c = 0; c < channels; ++c)
        to[c] += factor * from[c];
}

SAECEPTION_INLINE void setScaled(float factor, const float* from, float* to, std::int64_t channels) {
    for (std::int64_t c = 0; c < channels; ++c)
        to[c] = factor * from[c];
}

SAECEPTION_INLINE void softmaxInPlace(float* row, std::int64_t count) {
    float largest = row[0];
    for (std::int64_t j = 1; j < count; ++j)
        largest = std::max(largest, row[j]);
    float sum = 0;
    for (std::int64_t j = 0; j < count; ++j) {
        row[j] = std::exp(row[j] - largest);
        sum += row[j];
    }
    const float inverse = 1.0F / sum;
    for (std::int64_t j = 0; j < count; ++j)
        row[j] *= inverse;
}

/// One query over the first `count` keys. `probabilities` [paddedTokens] gets the softmax; `factors` are
/// dropout's, or null.
SAECEPTION_INLINE void attendOne(const float* query, const float* keysTransposed, HeadView values,
                                 HeadShape shape, std::int64_t count, const float* factors,
                                 float* probabilities, float* out) {
    dotWithAll(query, keysTransposed, shape, shape.scale, count, probabilities);
    softmaxInPlace(probabilities, count);
    for (std::int64_t j = 0; j < count; ++j) {
        const float weight = factors != nullptr ? probabilities[j] * factors[j] : probabilities[j];
        if (j == 0)
            setScaled(weight, values.base, out, shape.channels);
        else
            addScaled(weight, values.base + j * values.stride, out, shape.channels);
    }
}

/// Gradient of the scores of one query: from d(out) and the stored probabilities to d(scaled scores), in
/// `scratch`.
SAECEPTION_INLINE void scoreGradient(const float* gradient, const float* valuesTransposed, HeadShape shape,
                                     std::int64_t count, const float* factors, const float* probabilities,
                                     float* scratch) {
    dotWithAll(gradient, valuesTransposed, shape, 1.0F, count, scratch);
    float mean = 0;
    for (std::int64_t j = 0; j < count; ++j) {
        if (factors != nullptr)
            scratch[j] *= factors[j];
        mean += probabilities[j] * scratch[j];
    }
    for (std::int64_t j = 0; j < count; ++j)
        scratch[j] = probabilities[j] * (scratch[j] - mean) * shape.scale;
}

SAECEPTION_VECTORISED void causalForward(HeadView q, HeadView k, HeadView v, HeadShape shape,
                                         const float* factors, float* probabilities, float* out,
                                         std::int64_t outStride, float* scratch) {
    float* keysTransposed = scratch;
    float* row = scratch + shape.channels * shape.paddedTokens;
    transpose(k, shape, keysTransposed);
    for (std::int64_t i = 0; i < shape.tokens; ++i) {
        attendOne(q.base + i * q.stride, keysTransposed, v, shape, i + 1,
                  factors != nullptr ? factors + i * shape.tokens : nullptr, row, out + i * outStride);
        std::copy(row, row + i + 1, probabilities + i * shape.tokens);
    }
}

SAECEPTION_VECTORISED void causalBackward(HeadView q, HeadView k, HeadView v, HeadShape shape,
                                          const float* factors, const float* probabilities, HeadView gradient,
                                          float* dq, float* dk, float* dv, std::int64_t stride,
                                          float* scratch) {
    float* valuesTransposed = scratch;
    float* row = scratch + shape.channels * shape.paddedTokens;
    transpose(v, shape, valuesTransposed);
    for (std::int64_t i = 0; i < shape.tokens; ++i) {
        const float* dropped = factors != nullptr ? factors + i * shape.tokens : nullptr;
        const float* softmax = probabilities + i * shape.tokens;
        const float* outGradient = gradient.base + i * gradient.stride;
        const float* query = q.base + i * q.stride;
        float* queryGradient = dq + i * stride;
        scoreGradient(outGradient, valuesTransposed, shape, i + 1, dropped, softmax, row);
        // Query i is the first to reach key i: it sets that key's gradients, later queries add to them.
        for (std::int64_t j = 0; j < i; ++j) {
            addScaled(dropped != nullptr ? softmax[j] * dropped[j] : softmax[j], outGradient, dv + j * stride,
                      shape.channels);
            addScaled(row[j], query, dk + j * stride, shape.channels);
        }
        setScaled(dropped != nullptr ? softmax[i] * dropped[i] : softmax[i], outGradient, dv + i * stride,
                  shape.channels);
        setScaled(row[i], query, dk + i * stride, shape.channels);
        setScaled(row[0], k.base, queryGradient, shape.channels);
        for (std::int64_t j = 1; j <= i; ++j)
            addScaled(row[j], k.base + j * k.stride, queryGradient, shape.channels);
    }
}

SAECEPTION_VECTORISED void lastForward(const float* q, HeadView k, HeadView v, HeadShape shape,
                                       std::int64_t count, const float* factors, float* probabilities,
                                       float* out, float* scratch) {
    float* keysTransposed = scratch;
    float* row = scratch + shape.channels * shape.paddedTokens;
    transpose(k, shape, keysTransposed);
    attendOne(q, keysTransposed, v, shape, count, factors, row, out);
    std::copy(row, row + count, probabilities);
}

SAECEPTION_VECTORISED void lastBackward(const float* q, HeadView k, HeadView v, HeadShape shape,
                                        std::int64_t count, const float* factors, const float* probabilities,
                                        const float* gradient, float* dq, float* dk, float* dv,
                                        std::int64_t stride, float* scratch) {
    float* valuesTransposed = scratch;
    float* row = scratch + shape.channels * shape.paddedTokens;
    transpose(v, shape, valuesTransposed);
    scoreGradient(gradient, valuesTransposed, shape, count, factors, probabilities, row);
    for (std::int64_t j = 0; j < count; ++j) {
        setScaled(factors != nullptr ? probabilities[j] * factors[j] : probabilities[j], gradient,
                  dv + j * stride, shape.channels);
        setScaled(row[j], q, dk + j * stride, shape.channels);
    }
    setScaled(row[0], k.base, dq, shape.channels);
    for (std::int64_t j = 1; j < count; ++j)
        addScaled(row[j], k.base + j * k.stride, dq, shape.channels);
    for (std::int64_t j = count; j < shape.tokens; ++j) {
        std::fill(dk + j * stride, dk + j * stride + shape.channels, 0.0F);
        std::fill(dv + j * stride, dv + j * stride + shape.channels, 0.0F);
    }
}

/// Per-thread working memory of one head, and dropout's factors for it.
struct Workspace {
    explicit Workspace(HeadShape shape)
        : scratch(static_cast<std::size_t>((shape.channels + 1) * shape.paddedTokens)) {}

    /// Factors of `count` probabilities from index `first` on, or null without dropout.
    const float* drop(double p, std::uint64_t key, std::int64_t first, std::int64_t count) {
        if (p <= 0)
            return nullptr;
        factors.resize(static_cast<std::size_t>(count));
        dropoutFactors(key, p, static_cast<std::uint64_t>(first), factors.data(), count);
        return factors.data();
    }

    std::vector<float> scratch;
    std::vector<float> factors;
};

/// Calls body(workspace, row, head) for every (row, head), in parallel.
template <typename Body>
void forEachHead(std::int64_t rows, std::int64_t heads, HeadShape shape, const Body& body) {
    const std::int64_t grain =
        std::max<std::int64_t>(1, 65536 / (shape.tokens * shape.tokens * shape.channels + 1));
    at::parallel_for(0, rows * heads, grain, [&](std::int64_t begin, std::int64_t end) {
        Workspace workspace(shape);
        for (std::int64_t i = begin; i < end; ++i)
            body(workspace, i / heads, i % heads);
    });
}

void remember(AutogradContext* context, std::int64_t heads, double p, std::int64_t key) {
    context->saved_data["heads"] = heads;
    context->saved_data["p"] = p;
    context->saved_data["key"] = key;
}

class CausalAttention : public torch::autograd::Function<CausalAttention> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& packed, std::int64_t heads,
                              double p, std::int64_t key) {
        const at::Tensor qkv = packed.contiguous();
        const std::int64_t rows = qkv.size(0), tokens = qkv.size(1), width = qkv.size(2) / 3;
        const HeadShape shape = headShape(tokens, width / heads);
        at::Tensor out = at::empty({rows, tokens, width}, qkv.options());
        at::Tensor probabilities = at::empty({rows, heads, tokens, tokens}, qkv.options());
        const float* in = qkv.data_ptr<float>();
        float* result = out.data_ptr<float>();
        float* softmax = probabilities.data_ptr<float>();
        const std::int64_t square = tokens * tokens;
        forEachHead(rows, heads, shape, [&](Workspace& work, std::int64_t row, std::int64_t head) {
            const float* base = in + row * tokens * 3 * width + head * shape.channels;
            const std::int64_t cell = (row * heads + head) * square;
            causalForward({base, 3 * width}, {base + width, 3 * width}, {base + 2 * width, 3 * width}, shape,
                          work.drop(p, static_cast<std::uint64_t>(key), cell, square), softmax + cell,
                          result + row * tokens * width + head * shape.channels, width, work.scratch.data());
        });
        remember(context, heads, p, key);
        context->save_for_backward({qkv, probabilities});
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& qkv = saved[0];
        const at::Tensor gradient = gradients[0].contiguous();
        const std::int64_t heads = context->saved_data["heads"].toInt();
        const double p = context->saved_data["p"].toDouble();
        const auto key = static_cast<std::uint64_t>(context->saved_data["key"].toInt());
        const std::int64_t rows = qkv.size(0), tokens = qkv.size(1), width = qkv.size(2) / 3;
        const HeadShape shape = headShape(tokens, width / heads);
        at::Tensor dqkv = at::empty_like(qkv);
        const float* in = qkv.data_ptr<float>();
        const float* softmax = saved[1].data_ptr<float>();
        const float* up = gradient.data_ptr<float>();
        float* down = dqkv.data_ptr<float>();
        const std::int64_t square = tokens * tokens;
        forEachHead(rows, heads, shape, [&](Workspace& work, std::int64_t row, std::int64_t head) {
            const std::int64_t offset = row * tokens * 3 * width + head * shape.channels;
            const float* base = in + offset;
            float* target = down + offset;
            const std::int64_t cell = (row * heads + head) * square;
            causalBackward({base, 3 * width}, {base + width, 3 * width}, {base + 2 * width, 3 * width}, shape,
                           work.drop(p, key, cell, square), softmax + cell,
                           {up + row * tokens * width + head * shape.channels, width}, target, target + width,
                           target + 2 * width, 3 * width, work.scratch.data());
        });
        return {dqkv, at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

class LastQueryAttention : public torch::autograd::Function<LastQueryAttention> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& queries, const at::Tensor& packed,
                              const at::Tensor& lengthsOfRows, std::int64_t heads, double p,
                              std::int64_t key) {
        const at::Tensor q = queries.contiguous();
        const at::Tensor kv = packed.contiguous();
        const at::Tensor lengths = lengthsOfRows.contiguous();
        const std::int64_t rows = kv.size(0), tokens = kv.size(1), width = kv.size(2) / 2;
        const HeadShape shape = headShape(tokens, width / heads);
        at::Tensor out = at::empty({rows, width}, q.options());
        at::Tensor probabilities = at::empty({rows, heads, tokens}, q.options());
        const std::int64_t* counts = lengths.data_ptr<std::int64_t>();
        const float* query = q.data_ptr<float>();
        const float* in = kv.data_ptr<float>();
        float* result = out.data_ptr<float>();
        float* softmax = probabilities.data_ptr<float>();
        forEachHead(rows, heads, shape, [&](Workspace& work, std::int64_t row, std::int64_t head) {
            const float* base = in + row * tokens * 2 * width + head * shape.channels;
            const std::int64_t place = row * width + head * shape.channels;
            const std::int64_t cell = (row * heads + head) * tokens;
            lastForward(query + place, {base, 2 * width}, {base + width, 2 * width}, shape, counts[row],
                        work.drop(p, static_cast<std::uint64_t>(key), cell, tokens), softmax + cell,
                        result + place, work.scratch.data());
        });
        remember(context, heads, p, key);
        context->save_for_backward({q, kv, lengths, probabilities});
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& q = saved[0];
        const at::Tensor& kv = saved[1];
        const at::Tensor gradient = gradients[0].contiguous();
        const std::int64_t heads = context->saved_data["heads"].toInt();
        const double p = context->saved_data["p"].toDouble();
        const auto key = static_cast<std::uint64_t>(context->saved_data["key"].toInt());
        const std::int64_t rows = kv.size(0), tokens = kv.size(1), width = kv.size(2) / 2;
        const HeadShape shape = headShape(tokens, width / heads);
        at::Tensor dq = at::empty_like(q);
        at::Tensor dkv = at::empty_like(kv);
        const std::int64_t* counts = saved[2].data_ptr<std::int64_t>();
        const float* query = q.data_ptr<float>();
        const float* in = kv.data_ptr<float>();
        const float* softmax = saved[3].data_ptr<float>();
        const float* up = gradient.data_ptr<float>();
        float* queryGradient = dq.data_ptr<float>();
        float* down = dkv.data_ptr<float>();
        forEachHead(rows, heads, shape, [&](Workspace& work, std::int64_t row, std::int64_t head) {
            const std::int64_t offset = row * tokens * 2 * width + head * shape.channels;
            const std::int64_t place = row * width + head * shape.channels;
            const std::int64_t cell = (row * heads + head) * tokens;
            lastBackward(query + place, {in + offset, 2 * width}, {in + offset + width, 2 * width}, shape,
                         counts[row], work.drop(p, key, cell, tokens), softmax + cell, up + place,
                         queryGradient + place, down + offset, down + offset + width, 2 * width,
                         work.scratch.data());
        });
        return {dq, dkv, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

}  // namespace

at::Tensor causalAttention(const at::Tensor& qkv, std::int64_t heads, double p, DropoutKey* key) {
    TORCH_CHECK(qkv.dim() == 3 && heads > 0 && qkv.size(2) % (3 * heads) == 0,
                "causalAttention: qkv is not [B, L, 3 d]");
    if (key == nullptr || p <= 0)
        return CausalAttention::apply(qkv, heads, 0.0, std::int64_t{0});
    return CausalAttention::apply(qkv, heads, p, static_cast<std::int64_t>(key->next()));
}

at::Tensor lastQueryAttention(const at::Tensor& q, const at::Tensor& kv, const at::Tensor& lengths,
                              std::int64_t heads, double p, DropoutKey* key) {
    TORCH_CHECK(kv.dim() == 3 && heads > 0 && kv.size(2) % (2 * heads) == 0 && q.size(0) == kv.size(0) &&
                    2 * q.size(1) == kv.size(2) && lengths.numel() == kv.size(0),
                "lastQueryAttention: shapes do not fit");
    TORCH_CHECK(lengths.numel() == 0 || (lengths.min().item<std::int64_t>() >= 1 &&
                                         lengths.max().item<std::int64_t>() <= kv.size(1)),
                "lastQueryAttention: a length is out of range");
    if (key == nullptr || p <= 0)
        return LastQueryAttention::apply(q, kv, lengths, heads, 0.0, std::int64_t{0});
    return LastQueryAttention::apply(q, kv, lengths, heads, p, static_cast<std::int64_t>(key->next()));
}

}  // namespace saeception
