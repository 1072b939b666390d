// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dropout.h"

#include "base/random.h"
#include "model/simd.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Below this many elements a second thread costs more than it brings.
constexpr std::int64_t grain = 1 << 15;

struct MaskRule {
    std::uint32_t low = 0;  ///< halves of the key, the index's upper half mixed in
    std::uint32_t high = 0;
    std::uint32_t threshold = 0;  ///< hashes below it are dropped
    float scale = 1;
};

MaskRule maskRule(std::uint64_t key, double p, std::uint64_t first) {
    MaskRule rule;
    rule.low = static_cast<std::uint32_t>(key);
    rule.high =
        static_cast<std::uint32_t>(key >> 32) ^ (static_cast<std::uint32_t>(first >> 32) * 0x9E3779B9U);
    rule.threshold = static_cast<std::uint32_t>(std::min(std::floor(p * 4294967296.0), 4294967295.0));
    rule.scale = static_cast<float>(1.0 / (1.0 - p));
    return rule;
}

/// Three multiply-xorshift rounds (constants: C. Wellons, hash-prospector, "triple32"), the key entering
/// twice so that two keys do not give permutations of one mask. 32-bit arithmetic, because that is what
/// vector units multiply fast.
SAECEPTION_INLINE float factor(std::uint32_t index, MaskRule rule) {
    std::uint32_t x = index ^ rule.low;
    x ^= x >> 17;
    x *= 0xED5AD4BBU;
    x ^= x >> 11;
    x ^= rule.high;
    x *= 0xAC4C1B51U;
    x ^= x >> 15;
    x *= 0x31848BABU;
    x ^= x >> 14;
    return x >= rule.threshold ? rule.scale : 0.0F;
}

SAECEPTION_VECTORISED void writeFactors(MaskRule rule, std::uint32_t first, float* out, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = factor(first + static_cast<std::uint32_t>(i), rule);
}

SAECEPTION_VECTORISED void multiplyByFactors(MaskRule rule, std::uint32_t first, const float* x, float* out,
                                             std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = x[i] * factor(first + static_cast<std::uint32_t>(i), rule);
}

SAECEPTION_VECTORISED void addMultiplied(MaskRule rule, std::uint32_t first, const float* residual,
                                         const float* x, float* out, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = residual[i] + x[i] * factor(first + static_cast<std::uint32_t>(i), rule);
}

/// Calls body(rule, low half of the first index, begin, count) over pieces within which the upper half of the
/// index is fixed.
template <typename Body>
void forEachPiece(std::uint64_t key, double p, std::int64_t count, const Body& body) {
    at::parallel_for(0, count, grain, [&](std::int64_t begin, std::int64_t end) {
        constexpr std::int64_t period = std::int64_t{1} << 32;
        while (begin < end) {
            const std::int64_t stop = std::min(end, (begin / period + 1) * period);
            body(maskRule(key, p, static_cast<std::uint64_t>(begin)), static_cast<std::uint32_t>(begin),
                 begin, stop - begin);
            begin = stop;
        }
    });
}

at::Tensor masked(const at::Tensor& x, double p, std::uint64_t key) {
    const at::Tensor source = x.contiguous();
    at::Tensor out = at::empty(source.sizes(), source.options());
    const float* from = source.data_ptr<float>();
    float* to = out.data_ptr<float>();
    forEachPiece(key, p, source.numel(),
                 [&](MaskRule rule, std::uint32_t first, std::int64_t begin, std::int64_t count) {
                     multiplyByFactors(rule, first, from + begin, to + begin, count);
                 });
    return out;
}

class Dropout : public torch::autograd::Function<Dropout> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, double p, std::int64_t key) {
        context->saved_data["p"] = p;
        context->saved_data["key"] = key;
        return masked(x, p, static_cast<std::uint64_t>(key));
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        return {masked(gradients[0], context->saved_data["p"].toDouble(),
                       static_cast<std::uint64_t>(context->saved_data["key"].toInt())),
                at::Tensor(), at::Tensor()};
    }
};

class AddDropout : public torch::autograd::Function<AddDropout> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& residual, const at::Tensor& x,
                              double p, std::int64_t key) {
        context->saved_data["p"] = p;
        context->saved_data["key"] = key;
        const at::Tensor base = residual.contiguous();
        const at::Tensor source = x.contiguous();
        at::Tensor out = at::empty(source.sizes(), source.options());
        const float* add = base.data_ptr<float>();
        const float* from = source.data_ptr<float>();
        float* to = out.data_ptr<float>();
        forEachPiece(static_cast<std::uint64_t>(key), p, source.numel(),
                     [&](MaskRule rule, std::uint32_t first, std::int64_t begin, std::int64_t count) {
                         addMultiplied(rule, first, add + begin, from + begin, to + begin, count);
                     });
        return out;
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        return {gradients[0],
                masked(gradients[0], context->saved_data["p"].toDouble(),
                       static_cast<std::uint64_t>(context->saved_data["key"].toInt())),
                at::Tensor(), at::Tensor()};
    }
};

}  // namespace

std::uint64_t DropoutKey::next() {
    return deriveSeed(seed, "dropout", {static_cast<std::int64_t>(counter++)});
}

at::Tensor dropout(const at::Tensor& x, double p, DropoutKey* key) {
    if (key == nullptr || p <= 0)
        return x;
    return Dropout::apply(x, p, static_cast<std::int64_t>(key->next()));
}

at::Tensor addDropout(const at::Tensor& residual, const at::Tensor& x, double p, DropoutKey* key) {
    if (key == nullptr || p <= 0)
        return residual + x;
    TORCH_CHECK(residual.sizes() == x.sizes(), "addDropout: shapes differ");
    return AddDropout::apply(residual, x, p, static_cast<std::int64_t>(key->next()));
}

void dropoutFactors(std::uint64_t key, double p, std::uint64_t first, float* out, std::int64_t count) {
    while (count > 0) {
        const std::int64_t untilWrap =
            (std::int64_t{1} << 32) - static_cast<std::int64_t>(first & 0xFFFFFFFFU);
        const std::int64_t piece = std::min(count, untilWrap);
        writeFactors(maskRule(key, p, first), static_cast<std::uint32_t>(first), out, piece);
        first += static_cast<std::uint64_t>(piece);
        out += piece;
        count -= piece;
    }
}

}  // namespace saeception
