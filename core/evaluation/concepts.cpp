// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/concepts.h"

#include <algorithm>
#include <bit>
#include <cmath>
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

ConceptTally::ConceptTally(const SparseCode& code, std::span<const std::uint64_t> concepts,
                           std::span<const std::int64_t> exampleOfRow, std::int64_t examples,
                           std::span<const ConceptRecovery> recovered)
    : m_concepts(recovered.size()), m_counts(static_cast<std::size_t>(examples) * recovered.size()) {
    if (concepts.size() != exampleOfRow.size() || code.rows() != static_cast<std::int64_t>(concepts.size()))
        throw std::invalid_argument("concepts and examples need one entry a row");
    std::vector<std::vector<std::size_t>> conceptsOf(static_cast<std::size_t>(code.features));
    for (std::size_t c = 0; c < m_concepts; ++c)
        if (recovered[c].feature >= 0)
            conceptsOf[static_cast<std::size_t>(recovered[c].feature)].push_back(c);
    for (std::size_t i = 0; i < concepts.size(); ++i) {
        Counts* const own = m_counts.data() + static_cast<std::size_t>(exampleOfRow[i]) * m_concepts;
        for (std::size_t c = 0; c < m_concepts; ++c)
            own[c].carries += static_cast<std::int32_t>(concepts[i] >> c & 1);
        const SparseCode::Row row = code.row(static_cast<std::int64_t>(i));
        for (std::size_t j = 0; j < row.size(); ++j) {
            if (!(row.values[j] > 0))
                continue;
            for (const std::size_t c : conceptsOf[static_cast<std::size_t>(row.columns[j])]) {
                ++own[c].fires;
                own[c].both += static_cast<std::int32_t>(concepts[i] >> c & 1);
            }
        }
    }
}

std::vector<double> ConceptTally::f1(Multiplicities times) const {
    std::vector<std::int64_t> carries(m_concepts);
    std::vector<std::int64_t> fires(m_concepts);
    std::vector<std::int64_t> both(m_concepts);
    const std::size_t examples = m_concepts == 0 ? 0 : m_counts.size() / m_concepts;
    for (std::size_t e = 0; e < examples; ++e) {
        const std::int64_t count = timesOf(times, e);
        for (std::size_t c = 0; c < m_concepts && count > 0; ++c) {
            const Counts& own = m_counts[e * m_concepts + c];
            carries[c] += count * own.carries;
            fires[c] += count * own.fires;
            both[c] += count * own.both;
        }
    }
    std::vector<double> result(m_concepts, nan);
    for (std::size_t c = 0; c < m_concepts; ++c)
        if (carries[c] > 0)
            result[c] = 2 * static_cast<double>(both[c]) / static_cast<double>(fires[c] + carries[c]);
    return result;
}

double ConceptTally::recoveredPct(Multiplicities times) const {
    double occur = 0;
    double found = 0;
    for (const double score : f1(times)) {
        occur += !std::isnan(score);
        found += score >= recoveredConceptF1;
    }
    return occur == 0 ? nan : 100 * found / occur;
}

}  // namespace saeception
