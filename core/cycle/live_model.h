// SPDX-License-Identifier: GPL-3.0-or-later
// The model and the autoencoder of one cycle, at hand for sentences that a person types: what fires, what is
// predicted and why, and what changing features would do. Torch-free.
#pragma once

#include "base/step_control.h"
#include "cycle/run_directory.h"
#include "features/feature_index.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// What is done to a feature's activation.
enum class EditKind {
    Ablate,  ///< becomes 0
    Scale,   ///< is multiplied by the value
    Fix      ///< becomes the value, also where the feature is silent
};

struct FeatureEdit {
    int feature = 0;
    EditKind kind = EditKind::Ablate;
    double value = 0;
    int token = -1;  ///< on this token of the sentence alone; -1: on every token that is SAE data
    bool operator==(const FeatureEdit&) const = default;
};

struct FeatureActivation {
    int feature = 0;
    float activation = 0;
    /// What a unit of activation here adds to the margin (LiveSentence): the decoder direction along the
    /// gradient through all that follows, the scales of its layer norms held as they are (FrozenNorms).
    float effect = 0;
    float contribution() const { return activation * effect; }
};

struct LiveToken {
    std::string text;  ///< as a person reads it; the first of several tokens of one character shows it, the
                       ///< others "…"
    bool inSaeData = true;                    ///< not: the first token, or all but the last, as sae.* asks
    std::vector<FeatureActivation> features;  ///< that fire, the strongest first
    std::vector<float> logits;   ///< what the classifier would say if the sentence ended here, [classes]
    float contribution() const;  ///< of all its features
};

struct LiveSentence {
    int cycle = 0;
    std::vector<std::string> classNames;
    std::vector<std::int32_t> ids;
    std::vector<LiveToken> tokens;
    std::size_t leftOut = 0;    ///< tokens beyond dataset.max_length, which the model does not read
    std::vector<float> logits;  ///< [classes]
    int prediction = 0;
    std::vector<double> probabilities;
    int featureCount = 0;  ///< of the autoencoder
    /// Logit of the predicted class less the mean of the others'. It is what the features of all tokens add
    /// to it, what the reconstruction's error adds, and the rest: biases, tokens that are no SAE data, and
    /// what is not linear in the blocks that follow (nothing after the last).
    double margin = 0;
    double fromFeatures = 0;
    double fromError = 0;
    double rest() const { return margin - fromFeatures - fromError; }
    /// Share of the variance of its SAE-data activations that the reconstruction leaves, 0..1 and beyond; NaN
    /// of a single token, which does not vary.
    double fvu = 0;
};

/// A prediction with features changed.
struct EditedPrediction {
    std::vector<float> logits;
    int prediction = 0;
    std::vector<double> probabilities;
};

/// What changing features does to a whole split.
struct SplitEffect {
    struct Flip {
        std::int64_t example = 0;
        int label = 0;
        int before = 0;
        int after = 0;
        float change = 0;  ///< of the logit of the class predicted before, less that of the class after
    };
    std::int64_t sentences = 0;
    std::int64_t touched = 0;  ///< in which an activation changes where the classifier can see it
    double accuracyBefore = 0;
    double accuracyAfter = 0;
    double lossBefore = 0;  ///< mean cross-entropy, nats
    double lossAfter = 0;
    std::vector<Flip> flips;         ///< the largest change first
    std::int64_t corrected() const;  ///< wrong before, right after
    std::int64_t broken() const;     ///< right before, wrong after
};

/// Const functions may be called from several threads. Every call computes on `threads` threads of its own.
class LiveModel {
public:
    /// Reads what `cycle` of `run` has. @throws UserError in one line where something is missing or does not
    /// fit.
    static std::shared_ptr<const LiveModel> load(const RunDirectory& run, int cycle, int threads = 0);
    ~LiveModel();

    int cycle() const;
    int features() const;
    const std::vector<std::string>& classNames() const;
    /// The last block's stream is read by the autoencoder, and of it only the last token reaches the
    /// classifier.
    bool readsLastBlock() const;

    /// Any text: empty, long, in any script; what is no valid UTF-8 becomes U+FFFD.
    LiveSentence inspect(std::string_view text) const;
    /// The tokens themselves, at least one. @throws UserError for ids that the model does not know.
    LiveSentence inspect(std::span<const std::int32_t> ids) const;

    /// The prediction for `sentence` (of inspect) with features changed where the autoencoder reads: the
    /// stream x becomes x + decode(changed code) - decode(code), so that what the autoencoder leaves out
    /// stays.
    /// @throws UserError for a feature or token that does not exist, or a value that is no number
    EditedPrediction edit(std::span<const std::int32_t> ids, std::span<const FeatureEdit> edits) const;

    /// Sentences done and in all.
    using Progress = std::function<void(std::int64_t, std::int64_t)>;

    /// Reads the validation sentences of `index`, which is of this cycle, up to where the autoencoder reads,
    /// and keeps their activations; once for all calls. @throws Cancelled
    void readValidation(const FeatureIndex& index, const StepControl& steps,
                        const Progress& progress = {}) const;

    /// The same over those sentences; edits of one token are left out. `progress` counts the sentences in
    /// which something changes.
    /// @throws UserError where readValidation() has not returned before, and as edit(). @throws Cancelled
    SplitEffect editValidation(std::span<const FeatureEdit> edits, const StepControl& steps,
                               const Progress& progress = {}) const;

private:
    struct Impl;
    explicit LiveModel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace saeception
