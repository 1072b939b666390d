// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/absorption.h"

#include "base/error.h"
#include "evaluation/classification.h"
#include "evaluation/probe.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::int32_t> isLetter(const std::vector<std::int32_t>& letters, std::int32_t letter) {
    std::vector<std::int32_t> result;
    result.reserve(letters.size());
    for (const std::int32_t own : letters)
        result.push_back(own == letter);
    return result;
}

/// F1 of class 1.
double f1Positive(const std::vector<std::int32_t>& labels, const std::vector<std::int32_t>& predictions) {
    std::int64_t both = 0;
    std::int64_t either = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        both += labels[i] == 1 && predictions[i] == 1;
        either += labels[i] + predictions[i];
    }
    return either == 0 ? 0 : 2 * static_cast<double>(both) / static_cast<double>(either);
}

/// The `count` columns (or all) whose mean over class 1 exceeds that over class 0 most, largest first.
std::vector<std::int32_t> columnsThatFireFor(const RowMatrix& rows, const std::vector<std::int32_t>& labels,
                                             int count) {
    const at::Tensor sums = rows.groupSums(labels, 2);
    const double ones = static_cast<double>(std::count(labels.begin(), labels.end(), 1));
    const double zeros = static_cast<double>(labels.size()) - ones;
    const at::Tensor excess = (sums[1] / ones - sums[0] / zeros).to(at::kFloat).contiguous();
    const float* const strength = excess.data_ptr<float>();
    std::vector<std::int32_t> order(static_cast<std::size_t>(rows.columns()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int32_t a, std::int32_t b) { return strength[a] > strength[b]; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(count)));
    return order;
}

/// The features that tell the letter: columns in the order of their mean difference, as many as help.
std::vector<std::int32_t> findMainFeatures(const SparseCode& code, const std::vector<std::int32_t>& labels,
                                           const AbsorptionOptions& options, const StepControl& steps) {
    const RowMatrix rows(code);
    std::vector<std::int32_t> columns = columnsThatFireFor(rows, labels, options.maxMainFeatures);
    const at::Tensor values = rows.selectColumns(columns);
    double best = 0;
    std::size_t kept = 0;
    while (kept < columns.size()) {
        steps.holdOrStop();
        const at::Tensor some = values.slice(1, 0, static_cast<std::int64_t>(kept) + 1);
        const double f1 = f1Positive(labels, fitProbe(some, labels, {}, steps).predict(some));
        if (kept > 0 && f1 <= best + options.leastF1Gain)
            break;
        best = f1;
        ++kept;
    }
    columns.resize(kept);
    return columns;
}

/// What each feature adds to the reconstruction when it fires with 1, [features, input], and what decoding
/// nothing gives, [1, input].
std::pair<at::Tensor, at::Tensor> decoderDirections(const Autoencoder& sae) {
    SparseCode nothing;
    nothing.features = sae.features();
    nothing.endRow();
    SparseCode each;
    each.features = sae.features();
    for (std::int64_t f = 0; f < sae.features(); ++f) {
        each.add(static_cast<std::int32_t>(f), 1);
        each.endRow();
    }
    const at::Tensor offset = sae.decode(nothing);
    return {sae.decode(each) - offset, offset};
}

/// Whether one other feature carries the letter on a row where its main features are silent.
bool isAbsorbed(const SparseCode::Row& row, const LetterAbsorption& letter, const double* projections,
                const double* cosines, double total, const AbsorptionOptions& options) {
    double best = 0;
    for (std::size_t j = 0; j < row.size(); ++j) {
        const std::int32_t feature = row.columns[j];
        if (!(row.values[j] > 0))
            continue;
        if (std::find(letter.mainFeatures.begin(), letter.mainFeatures.end(), feature) !=
            letter.mainFeatures.end())
            return false;
        if (cosines[feature] >= options.leastCosine)
            best = std::max(best, row.values[j] * projections[feature]);
    }
    return total > 0 && best >= options.leastShare * total;
}

}  // namespace

std::int64_t Absorption::words() const {
    std::int64_t sum = 0;
    for (const LetterAbsorption& letter : letters)
        sum += letter.words;
    return sum;
}

double Absorption::rate() const {
    double sum = 0;
    for (const LetterAbsorption& letter : letters)
        sum += letter.rate();
    return letters.empty() ? nan : sum / static_cast<double>(letters.size());
}

double Absorption::mainFeatures() const {
    double sum = 0;
    for (const LetterAbsorption& letter : letters)
        sum += static_cast<double>(letter.mainFeatures.size());
    return letters.empty() ? nan : sum / static_cast<double>(letters.size());
}

Absorption measureAbsorption(const Autoencoder& sae, const LetterRows& train, const LetterRows& test,
                             const AbsorptionOptions& options, const StepControl& steps) {
    Absorption result;
    result.probeAccuracy = nan;
    if (train.letters.empty() || test.letters.empty())
        return result;
    const LinearProbe probe = fitProbe(train.activations, train.letters, {}, steps);
    const std::vector<std::int32_t> read = probe.predict(test.activations);
    result.probeAccuracy = accuracy(test.letters, read);
    if (probe.classes.size() < 2)
        return result;

    const SparseCode trainCode = sae.encode(train.activations);
    const SparseCode testCode = sae.encode(test.activations);
    const auto [directions, offset] = decoderDirections(sae);
    const at::Tensor lengths = directions.to(at::kDouble).norm(2, 1).clamp_min(1e-30);
    for (std::size_t c = 0; c < probe.classes.size(); ++c) {
        LetterAbsorption letter;
        letter.letter = probe.classes[c];
        // Of two letters the probe has one direction, towards the second.
        const auto outputs = probe.coefficients.size(0);
        const at::Tensor weights = outputs == 1 ? probe.coefficients[0] * (c == 0 ? -1.0 : 1.0)
                                                : probe.coefficients[static_cast<std::int64_t>(c)];
        const at::Tensor direction = weights / weights.norm().clamp_min(1e-30);
        const at::Tensor projections = directions.to(at::kDouble).mv(direction).contiguous();
        const at::Tensor cosines = (projections / lengths).contiguous();
        const at::Tensor totals = (test.activations - offset).to(at::kDouble).mv(direction).contiguous();
        for (std::size_t i = 0; i < read.size(); ++i) {
            if (read[i] != letter.letter || test.letters[i] != letter.letter)
                continue;
            if (letter.words++ == 0)
                letter.mainFeatures =
                    findMainFeatures(trainCode, isLetter(train.letters, letter.letter), options, steps);
            letter.absorbed +=
                isAbsorbed(testCode.row(static_cast<std::int64_t>(i)), letter, projections.data_ptr<double>(),
                           cosines.data_ptr<double>(), totals.data_ptr<double>()[i], options);
        }
        if (letter.words > 0)
            result.letters.push_back(std::move(letter));
    }
    return result;
}

}  // namespace saeception
