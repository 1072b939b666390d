// SPDX-License-Identifier: GPL-3.0-or-later
// First-letter absorption of an autoencoder whose features were made to absorb by hand.
#include "evaluation/absorption.h"

#include "base/error.h"
#include "support/metrics_golden.h"

#include <QtTest>

using namespace saeception;
using namespace saeception::test;

namespace {

constexpr std::int64_t inputSize = 8;
constexpr int wordsPerLetter = 60;

/// Letter l lives along axis l. Feature l reads it, but is silenced by axis 4, which feature 3 reads; feature
/// 3 writes axis 4 and `share` of letter 0. Feature 4 fires on nothing.
std::unique_ptr<Autoencoder> absorbingAutoencoder(double share) {
    SaeConfig config;
    config.saeType = "topk";
    config.k = 3;
    config.auxK = 0;
    config.expansionFactor = 1;
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, inputSize);
    NamedTensors state;
    for (const auto& [name, tensor] : sae->stateDict()) {
        at::Tensor value = at::zeros_like(tensor);
        if (name == "encoder.weight" || name == "decoder.weight") {
            const bool encodes = name == "encoder.weight";
            at::Tensor rows = encodes ? value : value.t();  // [features, input]
            for (std::int64_t f = 0; f < 3; ++f)
                rows[f][f] = 1;
            if (encodes)
                rows[0][4] = -2;
            rows[3][4] = 1;
            if (!encodes)
                rows[3][0] = share;
        }
        state.emplace_back(name, value);
    }
    sae->loadStateDict(state, "test");
    return sae;
}

/// 60 words of each of three letters; the first `special` words of letter 0 also have axis 4.
LetterRows words(int special, std::uint64_t seed) {
    LetterRows rows;
    rows.activations = normalRows(3 * wordsPerLetter, inputSize, seed) * 0.02;
    for (std::int64_t i = 0; i < 3 * wordsPerLetter; ++i) {
        const std::int64_t letter = i / wordsPerLetter;
        rows.letters.push_back(static_cast<std::int32_t>(letter));
        rows.activations[i][letter] += 1;
        if (i < special)
            rows.activations[i][4] += 1;
    }
    return rows;
}

}  // namespace

class AbsorptionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatWasAbsorbed() {
        const auto sae = absorbingAutoencoder(1.0);
        const Absorption found = measureAbsorption(*sae, words(2, 1), words(3, 2));
        QCOMPARE(found.probeAccuracy, 1.0);
        QCOMPARE(found.letters.size(), std::size_t(3));
        QCOMPARE(found.words(), std::int64_t(3 * wordsPerLetter));
        for (const LetterAbsorption& letter : found.letters) {
            QCOMPARE(letter.words, std::int64_t(wordsPerLetter));
            QVERIFY((letter.mainFeatures == std::vector<std::int32_t>{letter.letter}));
            QCOMPARE(letter.absorbed, std::int64_t(letter.letter == 0 ? 3 : 0));
        }
        COMPARE_CLOSE(found.rate(), 3.0 / wordsPerLetter / 3, 1e-12);
        QCOMPARE(found.mainFeatures(), 1.0);
    }

    void aFeatureThatCarriesTooLittleDoesNotAbsorb() {
        const auto sae = absorbingAutoencoder(0.1);
        QCOMPARE(measureAbsorption(*sae, words(2, 1), words(3, 2)).rate(), 0.0);
        AbsorptionOptions lenient;
        lenient.leastShare = 0.01;
        QVERIFY(measureAbsorption(*sae, words(2, 1), words(3, 2), lenient).rate() > 0);
        lenient.leastCosine = 0.9;
        QCOMPARE(measureAbsorption(*sae, words(2, 1), words(3, 2), lenient).rate(), 0.0);
    }

    void aFrequentExceptionIsASplitNotAnAbsorption() {
        // With axis 4 on a third of the words, feature 3 raises the k-sparse probe's F1: it is a main
        // feature.
        const auto sae = absorbingAutoencoder(1.0);
        const Absorption found = measureAbsorption(*sae, words(20, 1), words(3, 2));
        QVERIFY((found.letters[0].mainFeatures == std::vector<std::int32_t>{0, 3}));
        QCOMPARE(found.rate(), 0.0);
    }

    void whatCannotBeMeasuredIsNan() {
        const auto sae = absorbingAutoencoder(1.0);
        LetterRows none{at::zeros({0, inputSize}), {}};
        QVERIFY(std::isnan(measureAbsorption(*sae, none, words(0, 1)).rate()));
        QVERIFY(std::isnan(measureAbsorption(*sae, words(0, 1), none).probeAccuracy));
        // One letter alone needs no reading.
        LetterRows one{normalRows(5, inputSize, 3), Labels(5, 7)};
        QVERIFY(std::isnan(measureAbsorption(*sae, one, one).rate()));
        // Two letters share one direction.
        const auto two = [](LetterRows rows) {
            rows.activations = rows.activations.slice(0, 0, 2 * wordsPerLetter).contiguous();
            rows.letters.resize(2 * wordsPerLetter);
            return rows;
        };
        const Absorption found = measureAbsorption(*sae, two(words(2, 1)), two(words(3, 2)));
        QCOMPARE(found.letters.size(), std::size_t(2));
        QCOMPARE(found.letters[0].absorbed, std::int64_t(3));
        QCOMPARE(found.letters[1].absorbed, std::int64_t(0));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 measureAbsorption(*sae, words(2, 1), words(3, 2), {}, stop.get_token()));
    }
};

QTEST_GUILESS_MAIN(AbsorptionTest)
#include "tst_absorption.moc"
