// SPDX-License-Identifier: GPL-3.0-or-later
// Which known concepts a code has a feature for, where the data set knows its concepts (the demo).
// Torch-free.
#pragma once

#include "evaluation/multiplicities.h"
#include "sae/sparse_code.h"

#include <cstdint>
#include <span>
#include <vector>

namespace saeception {

/// A concept counts as recovered when the best feature's F1 is at least this.
inline constexpr double recoveredConceptF1 = 0.5;

/// The feature that best detects one concept by firing (activation > 0) on its rows.
struct ConceptRecovery {
    int conceptId = 0;
    std::int64_t rows = 0;  ///< rows that carry the concept
    int feature = -1;  ///< best F1, the lowest of equal ones; -1 when no feature ever fires on the concept
    double precision = 0;
    double recall = 0;
    double f1 = 0;  ///< 2 |fires and concept| / (|fires| + |concept|)
    /// Area under the ROC curve of that feature's activation (equal activations share their mean rank); NaN
    /// when the concept is on every row or on none, or there is no feature.
    double auroc = 0;
    bool recovered() const { return f1 >= recoveredConceptF1; }
};

/// One entry a concept. concepts: [rows], bit c set where the row's token carries concept c; conceptCount:
/// 0..64.
std::vector<ConceptRecovery> recoverConcepts(const SparseCode& code, std::span<const std::uint64_t> concepts,
                                             int conceptCount);

/// Share of the concepts that occur and were recovered, in %; NaN when none occurs.
double recoveredPct(std::span<const ConceptRecovery> concepts);

/// The F1 of each concept's chosen feature, recounted over examples whose rows (tokens) stay together.
class ConceptTally {
public:
    /// recovered: what recoverConcepts() found in the same rows; exampleOfRow: [rows], 0 <= example <
    /// examples.
    ConceptTally(const SparseCode& code, std::span<const std::uint64_t> concepts,
                 std::span<const std::int64_t> exampleOfRow, std::int64_t examples,
                 std::span<const ConceptRecovery> recovered);

    /// [concepts]; NaN for a concept that the counted examples lack, 0 where it has no feature.
    std::vector<double> f1(Multiplicities times = {}) const;
    /// Share of the concepts that occur and have an F1 of at least recoveredConceptF1, in %.
    double recoveredPct(Multiplicities times = {}) const;

private:
    struct Counts {
        std::int32_t carries = 0;  ///< rows with the concept
        std::int32_t fires = 0;    ///< rows on which its feature fires
        std::int32_t both = 0;
    };
    std::size_t m_concepts;
    std::vector<Counts> m_counts;  // [examples, concepts]
};

}  // namespace saeception
