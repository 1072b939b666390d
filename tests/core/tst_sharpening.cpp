// SPDX-License-Identifier: GPL-3.0-or-later
// Sharpened targets against independent numbers, and the gradient that the auxiliary loss must have.
#include "sae/topk.h"
#include "sharpening/per_class.h"
#include "sharpening/per_example.h"
#include "sharpening/sharpening.h"
#include "support/expect_error.h"
#include "support/golden.h"

#include <QTest>

using namespace saeception;
using namespace saeception::test;

class TestSharpening : public QObject {
    Q_OBJECT

private:
    SafetensorsFile m_file = golden("sharpening.safetensors");
    TopKAutoencoder m_sae{24, {96, 12, 0, 0}};
    std::vector<std::int32_t> m_labels;

private Q_SLOTS:
    void initTestCase() {
        NamedTensors state;
        for (const char* name : {"encoder.weight", "decoder.weight", "latent_bias", "pre_bias"})
            state.emplace_back(name, loadTensor(m_file, std::string("param.") + name));
        m_sae.loadStateDict(state, "golden");
        const at::Tensor labels = loadTensor(m_file, "labels").to(at::kInt);
        m_labels.assign(labels.data_ptr<std::int32_t>(), labels.data_ptr<std::int32_t>() + labels.numel());
    }

    void codesMatchReference() {
        const SparseCode code = m_sae.encode(loadTensor(m_file, "input"));
        const at::Tensor dense = at::zeros({code.rows(), code.features});
        for (std::int64_t i = 0; i < code.rows(); ++i)
            for (std::size_t e = 0; e < code.row(i).size(); ++e)
                dense[i][code.row(i).columns[e]] = code.row(i).values[e];
        QVERIFY(maxRelativeError(dense, loadTensor(m_file, "code")) < 1e-5);
    }

    void targetsMatchReference_data() {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<int>("percent");
        for (const QString& strategy : {QStringLiteral("per_class"), QStringLiteral("per_example")})
            for (const int percent : {1, 5, 10})
                QTest::newRow(qPrintable(QStringLiteral("%1 %2 %").arg(strategy).arg(percent)))
                    << QString(strategy) << percent;
    }
    void targetsMatchReference() {
        QFETCH(QString, strategy);
        QFETCH(int, percent);
        const std::string type = strategy.toStdString();
        const at::Tensor targets = sharpenedTargets({type, static_cast<double>(percent), 0}, m_sae,
                                                    m_sae.encode(loadTensor(m_file, "input")), m_labels, 3);
        const at::Tensor expected = loadTensor(m_file, type + "." + std::to_string(percent) + ".0");
        QVERIFY(maxRelativeError(targets, expected) < 1e-5);
    }

    void randomTargetsAreUnitVectorsOfTheirSeedAndExample() {
        const auto draw = [&](std::int64_t rows, std::uint64_t seed) {
            const SparseCode code = m_sae.encode(loadTensor(m_file, "input").narrow(0, 0, rows));
            const std::span<const std::int32_t> labels(m_labels.data(), static_cast<std::size_t>(rows));
            return sharpenedTargets({"random", 5.0, 0}, m_sae, code, labels, 3, seed);
        };
        const at::Tensor targets = draw(64, 7);
        QCOMPARE(targets.sizes().vec(), (std::vector<std::int64_t>{64, 24}));
        QVERIFY(maxRelativeError(targets.norm(2, {1}), loadTensor(m_file, "random.norms")) < 1e-5);
        QVERIFY(at::equal(targets, draw(64, 7)));
        QVERIFY(at::equal(targets.narrow(0, 0, 10), draw(10, 7)));
        QVERIFY(!at::allclose(targets, draw(64, 8)));
        // Uniform on the sphere: directions of different examples are about orthogonal and cancel out.
        QVERIFY(targets.mean(0).norm().item<double>() < 0.3);
        const at::Tensor cosines = at::mm(targets, targets.t()) - at::eye(64);
        QVERIFY(std::abs(cosines.square().sum().item<double>() / (64 * 63) - 1.0 / 24) < 0.01);
    }

    void targetsFollowTheirExampleThroughAnyShuffle_data() {
        QTest::addColumn<QString>("strategy");
        QTest::newRow("per_class") << "per_class";
        QTest::newRow("per_example") << "per_example";
    }
    void targetsFollowTheirExampleThroughAnyShuffle() {
        QFETCH(QString, strategy);
        const at::Tensor input = loadTensor(m_file, "input");
        const at::Tensor order = at::arange(63, -1, -1);
        std::vector<std::int32_t> reversed(m_labels.rbegin(), m_labels.rend());
        const SharpeningConfig config{strategy.toStdString(), 5.0, 0};
        const at::Tensor straight = sharpenedTargets(config, m_sae, m_sae.encode(input), m_labels, 3);
        const at::Tensor shuffled =
            sharpenedTargets(config, m_sae, m_sae.encode(input.index_select(0, order)), reversed, 3);
        QVERIFY(maxRelativeError(shuffled.index_select(0, order), straight) < 1e-6);
    }

    void anUnknownStrategyOrLossIsNamed() {
        const SparseCode code = m_sae.encode(loadTensor(m_file, "input"));
        QCOMPARE(missingFrom(errorOf([&] {
                                 sharpenedTargets({"best", 5.0, 0}, m_sae, code, m_labels, 3);
                             }),
                             "sharpening.type=best|per_class, per_example or random"),
                 QString());
        QCOMPARE(missingFrom(errorOf([] { auxiliaryLossNamed("l1"); }), "cycle.aux_loss=l1|cosine or mse"),
                 QString());
    }

    void eachExampleKeepsItsStrongestFeatures() {
        SparseCode code;
        code.features = 40;
        for (const auto& [feature, activation] : {std::pair(9, 1.0F), {3, 2.0F}, {30, 5.0F}, {4, 2.0F}})
            code.add(feature, activation);
        code.endRow();
        code.endRow();
        code.add(39, 0.5F);
        code.endRow();
        const SparseCode kept = keepStrongest(code, 5.0);  // 2 of 40
        QCOMPARE(kept.columns, (std::vector<std::int32_t>{3, 30, 39}));
        QCOMPARE(kept.values, (std::vector<float>{2.0F, 5.0F, 0.5F}));
        QCOMPARE(kept.rowOffsets, (std::vector<std::int64_t>{0, 2, 2, 3}));
        QCOMPARE(keepStrongest(code, 0.01).columns, (std::vector<std::int32_t>{30, 39}));
        QCOMPARE(keepStrongest(code, 100).columns, code.columns);
    }

    void atLeastOneFeatureIsKeptAndLabelsWithoutRowsKeepNone() {
        const SparseCode code = m_sae.encode(loadTensor(m_file, "input"));
        const auto salient = salientFeaturesPerClass(code, m_labels, 4, 0.01);
        QCOMPARE(salient.size(), std::size_t(4));
        for (std::size_t label = 0; label < 3; ++label)
            QCOMPARE(salient[label].size(), std::size_t(1));
        QVERIFY(salient[3].empty());
    }

    void cosineDistanceMatchesReferenceAndIsAlive() {
        at::Tensor activations = loadTensor(m_file, "aux.activations").requires_grad_(true);
        const at::Tensor loss = cosineDistance(activations, loadTensor(m_file, "per_class.5.0"));
        const double expected = loadTensor(m_file, "aux.cosine_distance_per_class_5")[0].item<double>();
        QVERIFY(relativeError(loss.item<double>(), expected) < 1e-5);
        loss.backward();
        QVERIFY(activations.grad().norm().item<double>() > 1e-3);
    }

    void alignedActivationsCostNothing() {
        const at::Tensor targets = loadTensor(m_file, "per_class.5.0");
        QVERIFY(std::abs(cosineDistance(targets * 3, targets).item<double>()) < 1e-5);
        QCOMPARE(meanSquaredDifference(targets, targets).item<double>(), 0.0);
        QVERIFY(meanSquaredDifference(targets * 3, targets).item<double>() > 0);
    }

    void meanSquaredDifferenceIsTakenOverAllElementsAndIsAlive() {
        at::Tensor activations = loadTensor(m_file, "aux.activations").requires_grad_(true);
        const at::Tensor targets = loadTensor(m_file, "per_class.5.0");
        const at::Tensor loss = auxiliaryLoss(auxiliaryLossNamed("mse"), activations, targets);
        const at::Tensor difference = (activations.detach() - targets).to(at::kDouble);
        const double expected = difference.square().sum().item<double>() / (64 * 24);
        QVERIFY(relativeError(loss.item<double>(), expected) < 1e-5);
        loss.backward();
        QVERIFY(maxRelativeError(activations.grad(), difference * (2.0 / (64 * 24))) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(TestSharpening)
#include "tst_sharpening.moc"
