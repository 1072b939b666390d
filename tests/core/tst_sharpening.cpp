// SPDX-License-Identifier: GPL-3.0-or-later
// Sharpened targets against independent numbers, and the gradient that the auxiliary loss must have.
#include "sae/topk.h"
#include "sharpening/per_class.h"
#include "sharpening/sharpening.h"
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

    void perClassTargetsMatchReference_data() {
        QTest::addColumn<double>("percent");
        for (const double percent : {1.0, 5.0, 10.0})
            QTest::addRow("%g %%", percent) << percent;
    }
    void perClassTargetsMatchReference() {
        QFETCH(double, percent);
        const at::Tensor targets = sharpenedTargets({"per_class", percent}, m_sae,
                                                    m_sae.encode(loadTensor(m_file, "input")), m_labels, 3);
        const at::Tensor expected =
            loadTensor(m_file, "per_class." + std::to_string(static_cast<int>(percent)) + ".0");
        QVERIFY(maxRelativeError(targets, expected) < 1e-5);
    }

    void targetsFollowTheirExampleThroughAnyShuffle() {
        const at::Tensor input = loadTensor(m_file, "input");
        const at::Tensor order = at::arange(63, -1, -1);
        std::vector<std::int32_t> reversed(m_labels.rbegin(), m_labels.rend());
        const SharpeningConfig config{"per_class", 5.0};
        const at::Tensor straight = sharpenedTargets(config, m_sae, m_sae.encode(input), m_labels, 3);
        const at::Tensor shuffled =
            sharpenedTargets(config, m_sae, m_sae.encode(input.index_select(0, order)), reversed, 3);
        QVERIFY(maxRelativeError(shuffled.index_select(0, order), straight) < 1e-6);
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
    }
};

QTEST_GUILESS_MAIN(TestSharpening)
#include "tst_sharpening.moc"
