// SPDX-License-Identifier: GPL-3.0-or-later
// Features of two cycles matched where it is known what became of them: permutations, splits, mergers,
// deaths.
#include "base/files.h"
#include "base/random.h"
#include "cycle/cycle_matches.h"
#include "features/assignment.h"
#include "features/feature_index_builder.h"
#include "features/match_features.h"
#include "model/checkpoint.h"
#include "support/expect_error.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

constexpr int width = 32;
constexpr int sentences = 300;
constexpr int tokensOfSentence = 6;

/// Activations [tokens][features] and decoder rows of one cycle's autoencoder.
struct Planted {
    std::vector<std::vector<float>> activations;
    std::vector<std::vector<float>> decoder;

    int features() const { return static_cast<int>(decoder.size()); }
    at::Tensor directions() const {
        at::Tensor rows = at::empty({features(), width});
        for (int f = 0; f < features(); ++f)
            for (int i = 0; i < width; ++i)
                rows[f][i] = decoder[static_cast<std::size_t>(f)][static_cast<std::size_t>(i)];
        return rows;
    }
    /// Feature `to` of a cycle with more features, silent everywhere until it is written.
    void grow(int features) {
        for (std::vector<float>& row : activations)
            row.resize(static_cast<std::size_t>(features));
        decoder.resize(static_cast<std::size_t>(features), std::vector<float>(width, 0.0F));
    }
};

std::vector<float> direction(Rng& rng) {
    std::vector<float> row;
    double square = 0;
    for (int i = 0; i < width; ++i) {
        row.push_back(static_cast<float>(rng.normal()));
        square += static_cast<double>(row.back()) * static_cast<double>(row.back());
    }
    for (float& x : row)
        x /= static_cast<float>(std::sqrt(square));
    return row;
}

/// Features that fire on a twelfth of the tokens each, independently.
Planted plant(int features, std::uint64_t seed) {
    Rng rng(seed);
    Planted planted;
    for (int token = 0; token < sentences * tokensOfSentence; ++token) {
        planted.activations.emplace_back();
        for (int f = 0; f < features; ++f)
            planted.activations.back().push_back(
                rng.uniform() < 1.0 / 12 ? static_cast<float>(1 + rng.uniform()) : 0.0F);
    }
    for (int f = 0; f < features; ++f)
        planted.decoder.push_back(direction(rng));
    return planted;
}

void save(const Planted& planted, int cycle, const fs::path& file, const std::string& sae = {},
          std::int64_t sampleEntries = FiringSample::defaultEntries) {
    IndexOrigin origin;
    origin.cycle = cycle;
    origin.classNames = {"a", "b"};
    origin.sae = sae;
    FeatureIndexBuilder builder(planted.features(), origin, sampleEntries);
    const std::vector<float> logits = {0, 1};
    const std::vector<std::int32_t> tokens(tokensOfSentence, 0);
    const auto count = static_cast<int>(planted.activations.size()) / tokensOfSentence;
    for (int s = 0; s < count; ++s) {
        std::vector<std::int64_t> offsets = {0};
        std::vector<std::int32_t> columns;
        std::vector<float> values;
        for (int t = 0; t < tokensOfSentence; ++t) {
            const std::vector<float>& row =
                planted.activations[static_cast<std::size_t>(s * tokensOfSentence + t)];
            for (std::size_t f = 0; f < row.size(); ++f)
                if (row[f] > 0) {
                    columns.push_back(static_cast<std::int32_t>(f));
                    values.push_back(row[f]);
                }
            offsets.push_back(static_cast<std::int64_t>(columns.size()));
        }
        builder.add({s, SplitKind::Train, s % 2, logits, tokens, 0, offsets, columns, values});
    }
    createDirectories(file.parent_path());
    builder.save(file, std::vector<std::string>{"x"});
}

}  // namespace

class TestFeatureMatches : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    fs::path path(const char* name) const { return m_folder->filePath(QLatin1String(name)).toStdString(); }
    FeatureMatches match(const Planted& before, const Planted& after,
                         std::int64_t sampleAfter = FiringSample::defaultEntries) const {
        save(before, 0, path("before.safetensors"));
        save(after, 1, path("after.safetensors"), {}, sampleAfter);
        return matchFeatures(FeatureIndex::open(path("before.safetensors")), before.directions(),
                             FeatureIndex::open(path("after.safetensors")), after.directions());
    }

private Q_SLOTS:
    void init() {
        at::set_num_threads(1);
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void theBestAssignmentIsTheBestOfAll() {
        Rng rng(4);
        for (int round = 0; round < 60; ++round) {
            const auto lefts = static_cast<std::int32_t>(1 + rng.below(6));
            const auto rights = static_cast<std::int32_t>(1 + rng.below(6));
            std::vector<AssignmentEdge> edges;
            std::vector<std::vector<double>> weights(static_cast<std::size_t>(lefts),
                                                     std::vector<double>(static_cast<std::size_t>(rights)));
            for (std::int32_t l = 0; l < lefts; ++l)
                for (std::int32_t r = 0; r < rights; ++r)
                    if (rng.uniform() < 0.6) {
                        const double weight = static_cast<double>(1 + rng.below(1000)) / 1000;
                        edges.push_back({l, r, weight});
                        weights[static_cast<std::size_t>(l)][static_cast<std::size_t>(r)] = weight;
                    }
            double sum = 0;
            std::vector<char> usedLeft(static_cast<std::size_t>(lefts));
            std::vector<char> usedRight(static_cast<std::size_t>(rights));
            for (const auto& [l, r] : bestAssignment(lefts, rights, edges)) {
                QVERIFY(weights[static_cast<std::size_t>(l)][static_cast<std::size_t>(r)] > 0);
                QVERIFY(!usedLeft[static_cast<std::size_t>(l)]++);
                QVERIFY(!usedRight[static_cast<std::size_t>(r)]++);
                sum += weights[static_cast<std::size_t>(l)][static_cast<std::size_t>(r)];
            }
            // Every way to give each left a right of its own; lefts beyond the rights get none.
            std::vector<int> order(static_cast<std::size_t>(std::max(lefts, rights)));
            std::iota(order.begin(), order.end(), 0);
            double best = 0;
            do {
                double own = 0;
                for (std::size_t l = 0; l < static_cast<std::size_t>(lefts); ++l)
                    if (order[l] < rights)
                        own += weights[l][static_cast<std::size_t>(order[l])];
                best = std::max(best, own);
            } while (std::next_permutation(order.begin(), order.end()));
            QVERIFY(std::abs(sum - best) < 1e-6);
        }
        QVERIFY(bestAssignment(0, 3, {}).empty());
    }

    void findsAPermutation_data() {
        QTest::addColumn<qint64>("sampleAfter");
        QTest::newRow("same samples") << qint64(FiringSample::defaultEntries);
        QTest::newRow("the later sample is a part of the earlier") << qint64(2000);
    }
    void findsAPermutation() {
        QFETCH(qint64, sampleAfter);
        constexpr int features = 48;
        Planted before = plant(features, 1);
        constexpr int silent = 7;
        for (std::vector<float>& row : before.activations)
            row[silent] = 0;
        std::vector<int> order(features);
        std::iota(order.begin(), order.end(), 0);
        Rng(5).shuffle(order);
        Planted after;
        after.activations.assign(before.activations.size(), std::vector<float>(features));
        after.decoder.assign(features, {});
        Rng noise(6);
        for (std::size_t f = 0; f < features; ++f) {
            const auto to = static_cast<std::size_t>(order[f]);
            after.decoder[to] = before.decoder[f];
            for (float& x : after.decoder[to])
                x += 0.02F * static_cast<float>(noise.normal());
            for (std::size_t t = 0; t < before.activations.size(); ++t)
                after.activations[t][to] = 1.5F * before.activations[t][f];
        }
        const FeatureMatches matches = match(before, after, sampleAfter);
        QCOMPARE(matches.cycle, 1);
        for (int f = 0; f < features; ++f) {
            const int to = order[static_cast<std::size_t>(f)];
            if (f == silent) {
                QCOMPARE(matches.before.fate(f), Fate::Silent);
                QCOMPARE(matches.after.fate(to), Fate::Silent);
                QVERIFY(matches.before.of(f).empty());
                continue;
            }
            QCOMPARE(matches.before.fate(f), Fate::Kept);
            QCOMPARE(matches.after.fate(to), Fate::Kept);
            QCOMPARE(matches.before.of(f).size(), std::size_t(1));
            QCOMPARE(matches.before.of(f).front().feature, to);
            QCOMPARE(matches.after.of(to).front().feature, f);
            QVERIFY(matches.before.of(f).front().coactivation > 0.999F);
            QVERIFY(matches.before.of(f).front().cosine > 0.98F);
        }
        QCOMPARE(matches.before.counts()[static_cast<std::size_t>(Fate::Kept)], features - 1);
    }

    void findsSplitsMergersDeathsAndBirths() {
        constexpr int features = 30;
        Planted before = plant(features, 2);
        Planted after = before;
        after.grow(features + 2);
        Rng rng(9);
        constexpr std::size_t splits = 3, partOfSplit = features;  // 3 -> 3 and 30
        constexpr std::size_t mergesA = 10, mergesB = 11;          // 10 and 11 -> 10
        constexpr std::size_t dies = 20;                           // and 20 is another feature after
        constexpr std::size_t isBorn = features + 1;
        constexpr std::size_t drifts = 25;
        after.decoder[partOfSplit] = direction(rng);
        after.decoder[splits] = direction(rng);
        for (std::size_t i = 0; i < width; ++i) {
            // Each part writes half of what the whole wrote.
            after.decoder[splits][i] = 0.8F * after.decoder[splits][i] + 0.6F * before.decoder[splits][i];
            after.decoder[partOfSplit][i] =
                0.8F * after.decoder[partOfSplit][i] + 0.6F * before.decoder[splits][i];
            after.decoder[mergesA][i] = 0.7F * (before.decoder[mergesA][i] + before.decoder[mergesB][i]);
        }
        after.decoder[dies] = direction(rng);
        after.decoder[isBorn] = direction(rng);
        for (std::size_t i = 0; i < width; ++i)
            after.decoder[drifts][i] = 0.5F * before.decoder[drifts][i] + 0.86F * after.decoder[isBorn][i];
        for (std::size_t t = 0; t < after.activations.size(); ++t) {
            std::vector<float>& row = after.activations[t];
            if (t % 2 == 0)
                std::swap(row[splits], row[partOfSplit]);
            row[mergesA] += row[mergesB];
            row[mergesB] = 0;
            row[dies] = 0;
            row[isBorn] = rng.uniform() < 0.08 ? 2.0F : 0.0F;
            if (rng.uniform() < 0.4)
                row[drifts] = 0;
        }
        const FeatureMatches matches = match(before, after);
        for (int f = 0; f < features; ++f) {
            const auto at = static_cast<std::size_t>(f);
            const Fate expected = at == splits                     ? Fate::SplitUp
                                  : at == mergesA || at == mergesB ? Fate::Merged
                                  : at == dies                     ? Fate::Gone
                                  : at == drifts                   ? Fate::Drifted
                                                                   : Fate::Kept;
            QVERIFY2(matches.before.fate(f) == expected, qPrintable(QString::number(f)));
        }
        const auto parts = matches.before.of(splits);
        QCOMPARE(parts.size(), std::size_t(2));
        QCOMPARE(std::min(parts[0].feature, parts[1].feature), static_cast<std::int32_t>(splits));
        QCOMPARE(std::max(parts[0].feature, parts[1].feature), static_cast<std::int32_t>(partOfSplit));
        for (const std::size_t part : {splits, partOfSplit}) {
            QCOMPARE(matches.after.fate(static_cast<int>(part)), Fate::SplitUp);
            QCOMPARE(matches.after.of(static_cast<int>(part)).front().feature,
                     static_cast<std::int32_t>(splits));
        }
        QCOMPARE(matches.after.fate(mergesA), Fate::Merged);
        QCOMPARE(matches.after.of(mergesA).size(), std::size_t(2));
        QCOMPARE(matches.before.of(mergesB).front().feature, static_cast<std::int32_t>(mergesA));
        QCOMPARE(matches.after.fate(mergesB), Fate::Silent);
        QCOMPARE(matches.after.fate(dies), Fate::Silent);
        QVERIFY(matches.before.of(dies).empty());
        QCOMPARE(matches.after.fate(isBorn), Fate::Gone);
        QCOMPARE(matches.before.of(drifts).front().feature, static_cast<std::int32_t>(drifts));
    }

    void aFileOfMatchesIsReadBack() {
        FeatureMatches matches = match(plant(20, 3), plant(20, 3));
        // One of every kind.
        const auto become = [](MatchedSide& side, std::size_t f, Fate fate, std::vector<Counterpart> own) {
            const auto at = side.counterparts.begin() + static_cast<std::ptrdiff_t>(side.offsets[f]);
            const auto more = static_cast<std::int64_t>(own.size()) - (side.offsets[f + 1] - side.offsets[f]);
            side.counterparts.insert(
                side.counterparts.erase(at, at + (side.offsets[f + 1] - side.offsets[f])), own.begin(),
                own.end());
            for (std::size_t i = f + 1; i < side.offsets.size(); ++i)
                side.offsets[i] += more;
            side.fates[f] = fate;
        };
        become(matches.before, 2, Fate::SplitUp, {{2, 0.5F, 0.7F}, {3, 0.25F, 0.6F}});
        become(matches.before, 3, Fate::Gone, {});
        become(matches.after, 3, Fate::SplitUp, {{2, 0.25F, 0.6F}});
        become(matches.after, 4, Fate::Merged, {{4, 0.5F, 0.5F}, {5, 0.125F, 0.5F}});
        become(matches.after, 19, Fate::Silent, {});
        matches.before.sae = "one";
        matches.after.model = "two";
        matches.after.data = "three";
        matches.save(path("matches.safetensors"));
        const FeatureMatches again = FeatureMatches::open(path("matches.safetensors"));
        QCOMPARE(again.cycle, 1);
        QCOMPARE(again.before.sae, std::string("one"));
        QCOMPARE(again.after.model, std::string("two"));
        QCOMPARE(again.after.data, std::string("three"));
        for (const auto& [saved, read] :
             {std::pair(&matches.before, &again.before), std::pair(&matches.after, &again.after)}) {
            QVERIFY(saved->counterparts.size() >= 19);
            QVERIFY(read->fates == saved->fates);
            QVERIFY(read->offsets == saved->offsets);
            QVERIFY(std::ranges::equal(
                read->counterparts, saved->counterparts, [](const Counterpart& a, const Counterpart& b) {
                    return a.feature == b.feature && a.cosine == b.cosine && a.coactivation == b.coactivation;
                }));
        }
        // Fates that do not go with what stands for a feature.
        for (const auto& [f, fate] :
             {std::pair(2, Fate::Kept), std::pair(3, Fate::Drifted), std::pair(3, Fate::Merged),
              std::pair(0, Fate::Gone), std::pair(0, Fate::Silent)}) {
            FeatureMatches wrong = matches;
            wrong.before.fates[static_cast<std::size_t>(f)] = fate;
            wrong.save(path("wrong.safetensors"));
            QVERIFY(errorOf([&] { FeatureMatches::open(path("wrong.safetensors")); }).find("damaged") !=
                    std::string::npos);
        }
        FeatureMatches endless = matches;
        endless.after.counterparts.front().cosine = NAN;
        endless.save(path("wrong.safetensors"));
        QVERIFY(!errorOf([&] { FeatureMatches::open(path("wrong.safetensors")); }).empty());
        const std::string whole = readFile(path("matches.safetensors"));
        for (std::size_t size = 0; size < whole.size(); size += 61) {
            writeFile(path("cut.safetensors"), std::string_view(whole).substr(0, size));
            const std::string error = errorOf([&] { FeatureMatches::open(path("cut.safetensors")); });
            QVERIFY2(error.find("cut.safetensors") != std::string::npos, error.c_str());
        }
        Rng rng(8);
        for (int round = 0; round < 200; ++round) {
            std::string damaged = whole;
            for (int i = 0; i < 6; ++i)
                damaged[rng.below(damaged.size())] = static_cast<char>(rng.below(256));
            writeFile(path("damaged.safetensors"), damaged);
            try {
                const FeatureMatches read = FeatureMatches::open(path("damaged.safetensors"));
                for (const auto& [side, other] :
                     {std::pair(&read.before, &read.after), std::pair(&read.after, &read.before)})
                    for (int f = 0; f < static_cast<int>(side->fates.size()); ++f) {
                        const bool alone = side->fate(f) == Fate::Gone || side->fate(f) == Fate::Silent;
                        QCOMPARE(side->of(f).empty(), alone);
                        for (const Counterpart& counterpart : side->of(f))
                            QVERIFY(counterpart.feature >= 0 &&
                                    counterpart.feature < static_cast<std::int32_t>(other->fates.size()));
                    }
            } catch (const UnusableIndex&) {
            }
        }
    }

    void matchesOfOtherWeightsAreNotTaken() {
        const RunDirectory run = RunDirectory::at(path("run"));
        const Planted planted[] = {plant(20, 3), plant(20, 3)};
        for (int cycle = 0; cycle < 2; ++cycle) {
            save(planted[cycle], cycle, run.features(cycle), "sae " + std::to_string(cycle));
            Checkpoint checkpoint;
            checkpoint.state = {{"decoder.weight", planted[cycle].directions().t().contiguous()}};
            createDirectories(run.checkpoints());
            saveCheckpoint(run.sae(cycle), checkpoint);
        }
        const FeatureIndex before = FeatureIndex::open(run.features(0));
        const FeatureIndex after = FeatureIndex::open(run.features(1));
        QVERIFY(!keptMatches(run, before, after));
        QCOMPARE(makeMatches(run, before, after).before.counts()[static_cast<std::size_t>(Fate::Kept)], 20);
        QVERIFY(keptMatches(run, before, after));
        // The same weights over other sentences.
        Planted fewer = planted[1];
        fewer.activations.resize(fewer.activations.size() / 2);
        save(fewer, 1, run.features(1), "sae 1");
        QVERIFY(!keptMatches(run, before, FeatureIndex::open(run.features(1))));
        save(planted[1], 1, run.features(1), "sae 1");
        QVERIFY(keptMatches(run, before, FeatureIndex::open(run.features(1))));
        save(planted[1], 1, run.features(1), "another sae");
        QVERIFY(!keptMatches(run, before, FeatureIndex::open(run.features(1))));
        Checkpoint other;
        other.state = {{"decoder.weight", at::zeros({width, 5})}};
        saveCheckpoint(run.sae(1), other);
        QVERIFY(errorOf([&] { makeMatches(run, before, after); }).find("no decoder.weight of 20 features") !=
                std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestFeatureMatches)
#include "tst_feature_matches.moc"
