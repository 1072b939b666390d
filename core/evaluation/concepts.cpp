// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/concepts.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

namespace saeception {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// One row on which the chosen feature is above zero.
struct Fired {
    float value;
    bool carriesConcept;
};

/// Mann-Whitney: the chance that a row with the concept has a larger activation than one without, ties
/// counting half. Rows on which the feature is silent all tie at zero.
double areaUnderRoc(std::vector<Fired> fired, std::int64_t positives, std::int64_t rows) {
    const std::int64_t negatives = rows - positives;
    if (positives == 0 || negatives == 0)
        return nan;
    std::sort(fired.begin(), fired.end(), [](const Fired& a, const Fired& b) { return a.value < b.value; });
    const std::int64_t firedPositives =
        std::count_if(fired.begin(), fired.end(), [](const Fired& f) { return f.carriesConcept; });
    auto negativesBelow =
        static_cast<double>(negatives - (static_cast<std::int64_t>(fired.size()) - firedPositives));
    double wins = static_cast<double>(positives - firedPositives) * negativesBelow / 2;
    for (std::size_t begin = 0; begin < fired.size();) {
        std::size_t end = begin;
        double tiedPositives = 0;
        double tiedNegatives = 0;
        for (; end < fired.size() && fired[end].value == fired[begin].value; ++end)
            (fired[end].carriesConcept ? tiedPositives : tiedNegatives) += 1;
        wins += tiedPositives * (negativesBelow + tiedNegatives / 2);
        negativesBelow += tiedNegatives;
        begin = end;
    }
    return wins / (static_cast<double>(positives) * static_cast<double>(negatives));
}

}  // namespace

std::vector<ConceptRecovery> recoverConcepts(const SparseCode& code, std::span<const std::uint64_t> concepts,
                                             int conceptCount) {
    if (code.rows() != static_cast<std::int64_t>(concepts.size()) || conceptCount < 0 || conceptCount > 64)
        throw std::invalid_argument("concepts need one word a row and at most 64 concepts");
    const auto features = static_cast<std::size_t>(code.features);
    const std::uint64_t known = conceptCount == 64 ? ~0ULL : (1ULL << conceptCount) - 1;
    std::vector<std::int64_t> fires(features);
    std::vector<std::int64_t> together(static_cast<std::size_t>(conceptCount) * features);
    std::vector<ConceptRecovery> result(static_cast<std::size_t>(conceptCount));
    for (std::size_t i = 0; i < concepts.size(); ++i) {
        const SparseCode::Row row = code.row(static_cast<std::int64_t>(i));
        for (std::size_t j = 0; j < row.size(); ++j)
            fires[static_cast<std::size_t>(row.columns[j])] += row.values[j] > 0;
        for (std::uint64_t bits = concepts[i] & known; bits != 0; bits &= bits - 1) {
            const auto id = static_cast<std::size_t>(std::countr_zero(bits));
            ++result[id].rows;
            std::int64_t* const counts = together.data() + id * features;
            for (std::size_t j = 0; j < row.size(); ++j)
                counts[row.columns[j]] += row.values[j] > 0;
        }
    }

    // Features chosen for at least one concept: their activations are gathered once for all.
    std::vector<std::vector<std::int32_t>> conceptsOfFeature(features);
    for (int c = 0; c < conceptCount; ++c) {
        ConceptRecovery& recovery = result[static_cast<std::size_t>(c)];
        recovery.conceptId = c;
        recovery.auroc = nan;
        for (std::size_t f = 0; f < features; ++f) {
            const auto both = static_cast<double>(together[static_cast<std::size_t>(c) * features + f]);
            if (both == 0)
                continue;
            const double f1 = 2 * both / static_cast<double>(fires[f] + recovery.rows);
            if (f1 > recovery.f1) {
                recovery.feature = static_cast<int>(f);
                recovery.f1 = f1;
                recovery.precision = both / static_cast<double>(fires[f]);
                recovery.recall = both / static_cast<double>(recovery.rows);
            }
        }
        if (recovery.feature >= 0)
            conceptsOfFeature[static_cast<std::size_t>(recovery.feature)].push_back(c);
    }

    std::vector<std::vector<Fired>> fired(static_cast<std::size_t>(conceptCount));
    for (std::size_t i = 0; i < concepts.size(); ++i) {
        const SparseCode::Row row = code.row(static_cast<std::int64_t>(i));
        for (std::size_t j = 0; j < row.size(); ++j)
            for (const std::int32_t c : conceptsOfFeature[static_cast<std::size_t>(row.columns[j])])
                if (row.values[j] > 0)
                    fired[static_cast<std::size_t>(c)].push_back(
                        {row.values[j], (concepts[i] >> c & 1) != 0});
    }
    for (ConceptRecovery& recovery : result)
        if (recovery.feature >= 0)
            recovery.auroc = areaUnderRoc(std::move(fired[static_cast<std::size_t>(recovery.conceptId)]),
                                          recovery.rows, code.rows());
    return result;
}

double recoveredPct(std::span<const ConceptRecovery> concepts) {
    const auto occurs =
        std::count_if(concepts.begin(), concepts.end(), [](const auto& c) { return c.rows > 0; });
    const auto found =
        std::count_if(concepts.begin(), concepts.end(), [](const auto& c) { return c.recovered(); });
    return occurs == 0 ? nan : 100.0 * static_cast<double>(found) / static_cast<double>(occurs);
}

}  // namespace saeception
