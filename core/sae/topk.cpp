// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/topk.h"

#include "base/error.h"
#include "sae/initialisation.h"
#include "sae/sparse_kernels.h"
#include "sae/state.h"

#include <algorithm>

namespace saeception {
namespace {

// Rows whose dense pre-activations are held at once: few enough to stay in cache, many enough to feed the
// matrix product.
constexpr std::int64_t rowsPerBlock = 512;

// Appends the `count` largest positive entries of each row; `names` maps columns to features (null: the
// column itself).
void appendTop(const at::Tensor& preActivations, std::int64_t count, const std::int64_t* names,
               SparseCode& code) {
    const auto [top, where] = at::topk(preActivations, count, 1, true, false);
    const float* value = top.data_ptr<float>();
    const std::int64_t* column = where.data_ptr<std::int64_t>();
    for (std::int64_t row = 0; row < top.size(0); ++row) {
        for (std::int64_t i = 0; i < count; ++i, ++value, ++column)
            if (*value > 0)
                code.add(static_cast<std::int32_t>(names != nullptr ? names[*column] : *column), *value);
        code.endRow();
    }
}

}  // namespace

TopKAutoencoder::TopKAutoencoder(std::int64_t inputSize, TopKOptions options)
    : Autoencoder(inputSize, options.features),
      m_options(options),
      m_fires(static_cast<std::size_t>(options.features)) {
    if (options.k < 1 || options.k > options.features)
        fail("sae.k={} does not fit {} features; use 1 to {}", options.k, options.features, options.features);
    m_encoder = addParameter("encoder.weight", {m_features, m_inputSize});
    m_decoder = addParameter("decoder.weight", {m_features, m_inputSize});
    m_latentBias = addParameter("latent_bias", {m_features});
    m_preBias = addParameter("pre_bias", {m_inputSize});
}

void TopKAutoencoder::select(const at::Tensor& centred, SparseCode& code, const at::Tensor& dead,
                             SparseCode* auxCode) const {
    const std::int64_t count = centred.size(0);
    code.features = m_features;
    code.columns.reserve(code.columns.size() + static_cast<std::size_t>(count * m_options.k));
    code.values.reserve(code.values.size() + static_cast<std::size_t>(count * m_options.k));
    const at::Tensor encoderTransposed = m_encoder.t();
    at::Tensor block = at::empty({std::min(count, rowsPerBlock), m_features});
    for (std::int64_t begin = 0; begin < count; begin += rowsPerBlock) {
        const std::int64_t rows = std::min(rowsPerBlock, count - begin);
        at::Tensor preActivations = block.narrow(0, 0, rows);
        at::addmm_out(preActivations, m_latentBias, centred.narrow(0, begin, rows), encoderTransposed);
        appendTop(preActivations, m_options.k, nullptr, code);
        if (auxCode != nullptr)
            appendTop(preActivations.index_select(1, dead), std::min(m_options.auxK, dead.size(0)),
                      dead.data_ptr<std::int64_t>(), *auxCode);
    }
}

SparseCode TopKAutoencoder::encode(const at::Tensor& rows) const {
    const at::NoGradGuard noGrad;
    SparseCode code;
    select(rows - m_preBias, code, {}, nullptr);
    return code;
}

at::Tensor TopKAutoencoder::decode(const SparseCode& code) const {
    const at::NoGradGuard noGrad;
    return sparseDecode(code, m_decoder, m_preBias);
}

void TopKAutoencoder::initialise(const at::Tensor& sample, std::uint64_t seed) {
    const at::NoGradGuard noGrad;
    m_preBias.copy_(geometricMedian(sample));
    m_encoder.copy_(randomUnitRows(m_features, m_inputSize, seed));
    m_decoder.copy_(m_encoder);
    m_latentBias.zero_();
    // Codes are positively homogeneous in W: the least-squares scale of the reconstruction is the scale of
    // the encoder.
    const at::Tensor centred = sample - m_preBias;
    const at::Tensor reconstruction = sparseDecode(encode(sample), m_decoder, {});
    const double power = reconstruction.square().sum().item<double>();
    if (power > 0)
        m_encoder.mul_((reconstruction * centred).sum().item<double>() / power);
}

SaeLosses TopKAutoencoder::computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>& dead) {
    const at::NoGradGuard noGrad;
    const bool revive = m_options.auxK > 0 && !dead.empty();
    const at::Tensor deadIndex =
        revive ? at::tensor(std::vector<std::int64_t>(dead.begin(), dead.end()), at::kLong) : at::Tensor();
    const at::Tensor centred = rows - m_preBias;
    SparseCode code;
    SparseCode auxCode;
    auxCode.features = m_features;
    select(centred, code, deadIndex, revive ? &auxCode : nullptr);

    const double elements = static_cast<double>(rows.numel());
    const at::Tensor residual = rows - sparseDecode(code, m_decoder, m_preBias);
    SaeLosses losses;
    losses.reconstruction = residual.square().sum(at::kDouble).item<double>() / elements;
    losses.total = losses.reconstruction;
    losses.l0 = static_cast<double>(code.nonZeros()) / static_cast<double>(rows.size(0));

    for (SaeParameter& parameter : m_parameters)
        parameter.gradient.zero_();
    at::Tensor& encoderGradient = m_parameters[0].gradient;
    at::Tensor& decoderGradient = m_parameters[1].gradient;
    at::Tensor& latentGradient = m_parameters[2].gradient;
    const auto backpropagate = [&](const SparseCode& active, const at::Tensor& outputGradient) {
        const FeatureOrder order = orderByFeature(active);
        const std::vector<float> codeGradient = sparseCodeGradient(active, m_decoder, outputGradient);
        accumulateByFeature(order, active.values, outputGradient, decoderGradient);
        accumulateByFeature(order, codeGradient, centred, encoderGradient);
        accumulateByFeature(order, codeGradient, latentGradient);
        return order;
    };

    const at::Tensor outputGradient = residual * (-2.0 / elements);
    const FeatureOrder order = backpropagate(code, outputGradient);
    for (std::size_t f = 0; f < m_fires.size(); ++f)
        m_fires[f] = static_cast<std::int32_t>(order.offsets[f + 1] - order.offsets[f]);

    if (revive) {
        const at::Tensor error = sparseDecode(auxCode, m_decoder, {}) - residual;
        const at::Tensor variance = residual.var(at::IntArrayRef{1}, false, true).clamp_min(1e-12);
        losses.auxiliary = (error.square() / variance).sum(at::kDouble).item<double>() / elements;
        losses.total += m_options.auxCoefficient * losses.auxiliary;
        backpropagate(auxCode, error / variance * (2.0 * m_options.auxCoefficient / elements));
    }
    // pre_bias adds to the output and is taken from the input of every active pre-activation.
    m_parameters[3].gradient.copy_(outputGradient.sum(0) - at::mv(m_encoder.t(), latentGradient));
    return losses;
}

NamedTensors TopKAutoencoder::stateDict() const {
    return {{"encoder.weight", m_encoder.clone()},
            {"decoder.weight", m_decoder.t().contiguous()},
            {"latent_bias", m_latentBias.clone()},
            {"pre_bias", m_preBias.clone()}};
}

void TopKAutoencoder::loadStateDict(const NamedTensors& state, const std::string& origin) {
    const at::NoGradGuard noGrad;
    m_encoder.copy_(stateTensor(state, "encoder.weight", {m_features, m_inputSize}, origin));
    m_decoder.copy_(stateTensor(state, "decoder.weight", {m_inputSize, m_features}, origin).t());
    m_latentBias.copy_(stateTensor(state, "latent_bias", {m_features}, origin));
    m_preBias.copy_(stateTensor(state, "pre_bias", {m_inputSize}, origin));
}

}  // namespace saeception
