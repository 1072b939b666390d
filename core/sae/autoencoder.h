// SPDX-License-Identifier: GPL-3.0-or-later
// What every sparse autoencoder offers: sparse codes, reconstructions, one training step's gradients, and its
// weights.
#pragma once

#include "base/torch_headers.h"
#include "config/config.h"
#include "model/tensor_io.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saeception {

/// Losses of one training batch, before the step that they lead to.
struct SaeLosses {
    double total = 0;           ///< reconstruction + coefficient * auxiliary + sparsity
    double reconstruction = 0;  ///< mean squared error over all n * d elements
    double sparsity = 0;        ///< penalty on activity (l1, jumprelu), its weight of this step included
    double auxiliary = 0;  ///< dead-feature (AuxK) loss, before its coefficient; 0 when no feature is dead
    double l0 = 0;         ///< mean active features a row
};

/// A weight with the gradient buffer that computeGradients fills.
struct SaeParameter {
    std::string name;
    at::Tensor value;
    at::Tensor gradient;
    bool perFeature = true;  ///< feature-major: row f belongs to feature f; false: shared by all features
};

/// Sees the dense pre-activations [rows, features] of each block of rows as they are encoded, overwritten by
/// the next block. `firstRow`: the block's first; `code` holds all rows up to the block's last.
using EncodingVisitor =
    std::function<void(const at::Tensor& preActivations, std::int64_t firstRow, const SparseCode& code)>;

/// The internal layout keeps both weight matrices [features, input] so that one feature is one contiguous
/// row; stateDict() gives the field's layout (encoder.weight [features, input], decoder.weight [input,
/// features]).
class Autoencoder {
public:
    virtual ~Autoencoder() = default;

    virtual std::string_view type() const = 0;
    std::int64_t inputSize() const { return m_inputSize; }
    std::int64_t features() const { return m_features; }

    /// Sparse codes of `rows` [n, input] float32.
    SparseCode encode(const at::Tensor& rows, const EncodingVisitor& visit = {}) const;
    /// What a pre-activation must exceed to fire, by feature, [features]; empty where one value holds for all
    /// features of a row.
    virtual std::span<const float> ownThresholds() const { return {}; }
    /// That one value, of a row with this code.
    virtual float rowThreshold(const SparseCode::Row& /*code*/) const { return 0; }
    /// Reconstructions [n, input] of sparse codes.
    virtual at::Tensor decode(const SparseCode& code) const = 0;

    /// Whether decoder rows are kept at unit length after every step.
    virtual bool hasUnitDecoder() const = 0;
    /// Restores what every optimiser step must keep, such as unit decoder rows.
    virtual void afterStep();

    /// Sets all weights from a sample of activations [n, input] (n >= 2), reproducibly in `seed`.
    virtual void initialise(const at::Tensor& sample, std::uint64_t seed) = 0;

    /// Gives `features` a new start: decoder rows `directions` [count, input] of unit length, encoder rows
    /// the same at length `encoderNorm`, silent at the centre of the data.
    virtual void restartFeatures(const std::vector<std::int32_t>& features, const at::Tensor& directions,
                                 double encoderNorm) = 0;
    /// Length of a restarted encoder row, as a share of the mean length of the living ones.
    virtual double restartNormShare() const { return 1.0; }

    /// Weight of the sparsity penalty as a share, 0 to 1, of what the config says; for its warm-up.
    virtual void setPenaltyShare(double) {}
    /// The sparsity penalty of a code at its full weight, mean over rows; 0 for kinds without one.
    virtual double sparsityPenalty(const SparseCode&) const { return 0; }

    /// Losses of `rows` [n, input] and their gradients into parameters()[i].gradient (overwritten).
    /// `dead` lists the features the auxiliary loss may revive; empty switches it off.
    virtual SaeLosses computeGradients(const at::Tensor& rows, const std::vector<std::int32_t>& dead) = 0;
    /// How often each feature fired in the last computeGradients, [features].
    virtual const std::vector<std::int32_t>& lastFires() const = 0;

    std::vector<SaeParameter>& parameters() { return m_parameters; }
    const SaeParameter& parameter(std::string_view name) const;

    virtual NamedTensors stateDict() const = 0;
    /// @throws UserError naming `origin`, the tensor and both shapes where they disagree.
    virtual void loadStateDict(const NamedTensors& state, const std::string& origin) = 0;

protected:
    Autoencoder(std::int64_t inputSize, std::int64_t features)
        : m_inputSize(inputSize), m_features(features) {}
    /// The first weights that every kind declares, in this order.
    enum Weight { EncoderWeight, DecoderWeight, LatentBias, OutputBias };

    /// What the encoder is multiplied with, of `rows` [n, input].
    virtual at::Tensor encoderInput(const at::Tensor& rows) const { return rows; }
    /// Appends what of a block of pre-activations [rows, features] is active.
    virtual void appendActive(const at::Tensor& preActivations, SparseCode& code) const = 0;

    /// A zero weight whose first dimension is the features; the other kind is shared by all of them.
    at::Tensor addParameter(std::string name, at::IntArrayRef shape);
    at::Tensor addSharedParameter(std::string name, at::IntArrayRef shape);
    /// Feature numbers as an index, int64.
    static at::Tensor featureIndex(const std::vector<std::int32_t>& features);

    std::int64_t m_inputSize;
    std::int64_t m_features;
    std::vector<SaeParameter> m_parameters;
};

/// The autoencoder that config.sae describes, for activations of `inputSize`, weights zero until initialise
/// or loadStateDict. `features` 0: inputSize * expansion_factor of them.
std::unique_ptr<Autoencoder> makeAutoencoder(const SaeConfig& config, std::int64_t inputSize,
                                             std::int64_t features = 0);

struct Checkpoint;

/// The autoencoder saved in `checkpoint`, ours or Python's, for activations of `inputSize`. Its kind is the
/// checkpoint's 'sae_type', else what its tensors tell (topk or topk_ste: as config says, else topk); k is
/// the checkpoint's, else config's; the number of features is its tensors'.
/// @throws UserError in one line naming `origin` (the file), the tensor and both shapes where they disagree.
std::unique_ptr<Autoencoder> loadAutoencoder(const Checkpoint& checkpoint, const SaeConfig& config,
                                             std::int64_t inputSize, const std::string& origin);

}  // namespace saeception
