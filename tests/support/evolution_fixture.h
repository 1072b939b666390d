// SPDX-License-Identifier: GPL-3.0-or-later
// Runs whose features have fates that a test decides: indexes of many features, and matches between them.
#pragma once

#include "cycle/run_directory.h"
#include "evaluation/concepts.h"
#include "features/feature_matches.h"
#include "support/feature_fixture.h"

#include <algorithm>
#include <map>

namespace saeception::fixture {

/// A pair that stands for one another in a step.
struct Link {
    int before = 0;
    int after = 0;
    Fate fate = Fate::Kept;
    float cosine = 0.9F;
    float coactivation = 0.8F;
};

/// Features that fire and have no link are gone.
inline FeatureMatches matchesOf(const FeatureIndex& before, const FeatureIndex& after,
                                std::vector<Link> links) {
    FeatureMatches matches;
    matches.cycle = after.cycle();
    const auto fill = [&](MatchedSide& side, const FeatureIndex& index, bool later) {
        side.model = index.origin().model;
        side.sae = index.origin().sae;
        side.data = index.origin().data;
        std::stable_sort(links.begin(), links.end(), [](const Link& a, const Link& b) {
            return Counterpart{0, a.cosine, a.coactivation}.score() >
                   Counterpart{0, b.cosine, b.coactivation}.score();
        });
        for (int f = 0; f < index.featureCount(); ++f) {
            Fate fate = index.isAlive(f) ? Fate::Gone : Fate::Silent;
            for (const Link& link : links)
                if ((later ? link.after : link.before) == f) {
                    fate = link.fate;
                    side.counterparts.push_back(
                        {later ? link.before : link.after, link.cosine, link.coactivation});
                }
            side.fates.push_back(fate);
            side.offsets.push_back(static_cast<std::int64_t>(side.counterparts.size()));
        }
    };
    fill(matches.before, before, false);
    fill(matches.after, after, true);
    return matches;
}

/// Of the run's own indexes, to where it looks for them.
inline void writeMatches(const std::filesystem::path& root, int cycle, const std::vector<Link>& links) {
    const FeatureIndex before = FeatureIndex::open(indexFile(root, cycle - 1));
    const FeatureIndex after = FeatureIndex::open(indexFile(root, cycle));
    matchesOf(before, after, links).save(RunDirectory::at(root).matches(cycle));
}

/// Features 0, 1, ... each fire on some tokens, but every tenth (9, 19, ...) on none; even ones more for
/// positive, odd ones more for negative, the later the seldomer. Effects as in fixtureSupplement.
inline void writeWideIndex(const std::filesystem::path& file, IndexOrigin origin, int features) {
    origin.topKPct = 250.0 / features;  // two features
    constexpr int tokens = 12;
    constexpr int active = 8;
    FeatureIndexBuilder builder(features, origin);
    std::uint64_t state = 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(origin.cycle);
    const auto random = [&state] {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>(state >> 33U);
    };
    int next = 0;
    const int sentences = std::max(8, features / 10);
    for (int s = 0; s < sentences; ++s) {
        std::vector<std::int32_t> ids = {0};
        std::vector<std::int64_t> offsets = {0};
        std::vector<std::int32_t> columns;
        std::vector<float> values;
        for (int t = 0; t < tokens; ++t) {
            std::map<std::int32_t, float> row;
            // Two in their turn, so that every one fires; the others drawn, low numbers more often.
            for (int a = 0; a < active; ++a) {
                const auto drawn = static_cast<std::int32_t>(
                    (static_cast<std::uint64_t>(random()) * random() / (1ULL << 31U)) *
                    static_cast<std::uint64_t>(features) / (1ULL << 31U));
                const std::int32_t f = a < 2 ? next++ % features : drawn % features;
                if (f % 10 != 9 && (a < 2 || f % 2 != s % 2 || random() % 3 == 0))
                    row[f] = 0.25F + static_cast<float>(random() % 1000) / 250.0F;
            }
            for (const auto& [f, value] : row) {
                columns.push_back(f);
                values.push_back(value);
            }
            offsets.push_back(static_cast<std::int64_t>(columns.size()));
            ids.push_back(static_cast<std::int32_t>(1 + random() % 13));
        }
        const std::vector<float> logits = {s % 2 == 0 ? 1.0F : -1.0F, 0.0F};
        builder.add({s, s % 8 == 7 ? SplitKind::Validation : SplitKind::Train, s % 2, logits, ids, 1, offsets,
                     columns, values});
    }
    createDirectories(file.parent_path());
    builder.save(file, tokenText, fixtureSupplement(features));
}

/// Three kept, drifted, split or merged in ten; the others gone.
inline std::vector<Link> wideLinks(int features) {
    std::vector<Link> links;
    for (int f = 0; f + 9 < features; f += 10) {
        links.push_back({f, f, Fate::Kept, 0.95F, 0.9F});
        links.push_back({f + 1, f + 2, Fate::Drifted, 0.6F, 0.4F});
        if (f % 20 == 0) {
            links.push_back({f + 3, f + 3, Fate::SplitUp, 0.7F, 0.6F});
            links.push_back({f + 3, f + 4, Fate::SplitUp, 0.5F, 0.4F});
        } else {
            links.push_back({f + 3, f + 3, Fate::Merged, 0.5F, 0.6F});
            links.push_back({f + 4, f + 3, Fate::Merged, 0.7F, 0.6F});
        }
    }
    return links;
}

/// A run of `cycles` wide indexes with their matches.
inline void writeWideRun(const std::filesystem::path& root, int cycles, int features = 60) {
    createDirectories(root / ".hydra");
    writeFile(root / ".hydra" / "config.yaml", "seed: 42\n");
    for (int cycle = 0; cycle < cycles; ++cycle) {
        writeWideIndex(indexFile(root, cycle), fixtureOrigin(cycle), features);
        if (cycle > 0)
            writeMatches(root, cycle, wideLinks(features));
    }
}

/// Concepts with the feature and the F1 of each; -1 and 0 where it has none.
struct KnownConcept {
    std::string name;
    int feature = -1;
    double f1 = 0;
};

/// An index as writeIndex() makes it that knows concepts.
inline void writeConceptIndex(const std::filesystem::path& file, int cycle,
                              const std::vector<KnownConcept>& concepts) {
    constexpr int features = 6;
    IndexOrigin origin = fixtureOrigin(cycle);
    IndexSupplement supplement = fixtureSupplement(features);
    ConceptCounts& counts = supplement.concepts;
    counts.fires.assign(features, 10);
    counts.together.assign(features * concepts.size(), 0);
    for (std::size_t c = 0; c < concepts.size(); ++c) {
        origin.conceptNames.push_back(concepts[c].name);
        counts.rows.push_back(10);
        counts.best.push_back({static_cast<int>(c), concepts[c].feature, concepts[c].f1, concepts[c].f1,
                               concepts[c].f1, 0.5 + concepts[c].f1 / 2});
        if (concepts[c].feature >= 0)
            counts.together[static_cast<std::size_t>(concepts[c].feature) * concepts.size() + c] = 5;
    }
    writeIndex(file, origin, features, 1, supplement);
}

}  // namespace saeception::fixture
