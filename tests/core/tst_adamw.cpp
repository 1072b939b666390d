// SPDX-License-Identifier: GPL-3.0-or-later
// The fused AdamW against reference losses, against the formula written out, and with row-sparse gradients.
#include "model/adamw.h"
#include "model/gpt2.h"
#include "support/golden.h"

#include <QTest>

#include <limits>

using namespace saeception;
using namespace saeception::test;

namespace {

/// AdamW as its paper and PyTorch write it, in double precision.
struct PlainAdamW {
    at::Tensor p, m, v;
    int steps = 0;
    explicit PlainAdamW(const at::Tensor& start)
        : p(start.detach().to(at::kDouble)), m(at::zeros_like(p)), v(at::zeros_like(p)) {}
    void step(const at::Tensor& gradient, double learningRate, double decay) {
        ++steps;
        const at::Tensor g = gradient.to(at::kDouble);
        p = p * (1 - learningRate * decay);
        m = m * 0.9 + g * 0.1;
        v = v * 0.999 + g * g * 0.001;
        const at::Tensor root = v.sqrt() / std::sqrt(1 - std::pow(0.999, steps)) + 1e-8;
        p = p - learningRate / (1 - std::pow(0.9, steps)) * m / root;
    }
};

at::Tensor leaf(std::vector<std::int64_t> shape) {
    return at::randn(shape).set_requires_grad(true);
}

}  // namespace

class TestAdamW : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(3); }

    void tenStepsOfGpt2MatchTheReference() {
        const nlohmann::json reference = goldenJson("gpt2_tiny_adamw.json");
        const SafetensorsFile file = golden("gpt2_tiny_expected.safetensors");
        Gpt2Config config{613, 48, 48, 3, 4, 2, 1e-5, 0};
        Gpt2Classifier model(config, 1);
        model.loadStateDict(loadTensors(golden("gpt2_tiny.safetensors")), "golden");
        AdamWOptions options;
        options.weightDecay = reference["weight_decay"];
        options.decayAll = true;
        AdamW optimiser(model.parameters(), options);
        const at::Tensor ids = loadTensor(file, "input_ids"), labels = loadTensor(file, "labels");
        const at::Tensor lengths = loadTensor(file, "attention_mask").sum(1);
        const int total = reference["total_steps"];
        for (int step = 0; step < total; ++step) {
            const at::Tensor loss = at::cross_entropy_loss(model.logits(ids, lengths), labels);
            loss.backward();
            const double rate = reference["learning_rate"].get<double>() *
                                linearSchedule(step, reference["warmup_steps"], total);
            const double norm = optimiser.clipAndStep(rate, reference["max_grad_norm"]);
            // Losses fall by five orders of magnitude; float32 logits then leave a few 1e-7 absolute.
            const double expected = reference["losses"][step];
            QVERIFY2(
                std::abs(loss.item<double>() - expected) < 1e-4 * expected + 3e-7,
                qPrintable(QString("step %1: %2, not %3").arg(step).arg(loss.item<double>()).arg(expected)));
            const double expectedNorm = reference["grad_norms_before_clip"][step];
            QVERIFY2(std::abs(norm - expectedNorm) < 2e-4 * expectedNorm + 1e-5,
                     qPrintable(QString("step %1: norm %2, not %3").arg(step).arg(norm).arg(expectedNorm)));
        }
        QCOMPARE(optimiser.steps(), std::int64_t(total));
    }

    void followsTheFormulaAndSparesBiases() {
        // Longer than one piece of work, and of a length that no vector width divides.
        const at::Tensor matrix = leaf({211, 331}), bias = leaf({37});
        AdamWOptions options;
        options.weightDecay = 0.1;
        AdamW optimiser({{"matrix", matrix}, {"bias", bias}}, options);
        PlainAdamW plainMatrix(matrix), plainBias(bias);
        for (int step = 0; step < 5; ++step) {
            const at::Tensor a = at::randn_like(matrix), b = at::randn_like(bias);
            matrix.mutable_grad() = a.clone();
            bias.mutable_grad() = b.clone();
            const double norm = optimiser.clipAndStep(1e-2, 0);
            const double expected = std::sqrt(
                (a.to(at::kDouble).square().sum() + b.to(at::kDouble).square().sum()).item<double>());
            QVERIFY(relativeError(norm, expected) < 1e-6);
            QVERIFY(!matrix.grad().defined());
            plainMatrix.step(a, 1e-2, 0.1);
            plainBias.step(b, 1e-2, 0);
        }
        QVERIFY(maxAbsoluteError(matrix, plainMatrix.p) < 2e-6);
        QVERIFY(maxAbsoluteError(bias, plainBias.p) < 2e-6);
        QVERIFY(maxAbsoluteError(optimiser.secondMoment(0), plainMatrix.v) < 1e-6);
    }

    void clippingScalesTheJointNorm() {
        const at::Tensor p = leaf({50, 20});
        AdamW optimiser({{"p", p}}, {});
        const at::Tensor g = at::randn_like(p) * 10;
        p.mutable_grad() = g.clone();
        const double norm = optimiser.clipAndStep(1e-3, 2.0);
        QVERIFY(relativeError(norm, g.norm().item<double>()) < 1e-5);
        QVERIFY(maxRelativeError(optimiser.firstMoment(0), g * (0.1 * 2.0 / norm)) < 1e-5);
    }

    // Rows without a gradient still decay and their moments still fade: the same bits as with a dense
    // gradient.
    void sparseRowsGiveTheSameBitsAsDenseOnes() {
        const at::Tensor sparse = leaf({5000, 24});
        const at::Tensor dense = sparse.detach().clone().set_requires_grad(true);
        AdamWOptions options;
        AdamW first({{"p", sparse}}, options), second({{"p", dense}}, options);
        for (int step = 0; step < 4; ++step) {
            const at::Tensor ids = at::randint(5000, {40}, at::TensorOptions(at::kLong));
            const at::Tensor factor = at::randn({40, 24});
            (at::embedding(sparse, ids, -1, false, true) * factor).sum().backward();
            (at::embedding(dense, ids, -1, false, false) * factor).sum().backward();
            QVERIFY(sparse.grad().is_sparse() && !dense.grad().is_sparse());
            // Duplicated ids may be summed in another order by the two: compare the sums, then give both the
            // same ones.
            QVERIFY(maxAbsoluteError(sparse.grad().to_dense(), dense.grad()) < 1e-5);
            dense.mutable_grad() = sparse.grad().to_dense();
            const double a = first.clipAndStep(1e-2, 1.0), b = second.clipAndStep(1e-2, 0.0 + 1.0);
            QVERIFY(relativeError(a, b) < 1e-12);
        }
        QVERIFY(at::equal(sparse.detach(), dense.detach()));
        QVERIFY(at::equal(first.secondMoment(0), second.secondMoment(0)));
    }

    void accumulatedSparseGradientsAdd() {
        const at::Tensor p = leaf({10, 4});
        AdamW optimiser({{"p", p}}, {});
        for (int pass = 0; pass < 2; ++pass)
            at::embedding(p, at::tensor({3, 7}, at::TensorOptions(at::kLong)), -1, false, true)
                .sum()
                .backward();
        QVERIFY(relativeError(optimiser.clipAndStep(1e-3, 0), std::sqrt(8 * 4.0)) < 1e-6);
    }

    void sameBitsOnAnyNumberOfThreads() {
        const int threads = at::get_num_threads();
        const at::Tensor start = at::randn({400, 300}), g = at::randn({400, 300});
        std::vector<at::Tensor> results;
        std::vector<double> norms;
        for (const int count : {1, 2}) {
            at::set_num_threads(count);
            const at::Tensor p = start.clone().set_requires_grad(true);
            AdamW optimiser({{"p", p}}, {});
            p.mutable_grad() = g.clone();
            norms.push_back(optimiser.clipAndStep(1e-2, 1.0));
            results.push_back(p.detach());
        }
        at::set_num_threads(threads);
        QCOMPARE(norms[0], norms[1]);
        QVERIFY(at::equal(results[0], results[1]));
    }

    void gradientThatIsNotFiniteChangesNothing() {
        const at::Tensor p = leaf({5, 5});
        const at::Tensor before = p.detach().clone();
        AdamW optimiser({{"p", p}}, {});
        p.mutable_grad() = at::full({5, 5}, std::numeric_limits<double>::quiet_NaN());
        QVERIFY(!std::isfinite(optimiser.clipAndStep(1e-2, 1.0)));
        QVERIFY(at::equal(p.detach(), before));
        QVERIFY(!p.grad().defined());
        QCOMPARE(optimiser.steps(), std::int64_t(0));
    }

    void parametersWithoutGradientStay() {
        const at::Tensor a = leaf({3, 3}), b = leaf({3, 3});
        const at::Tensor before = b.detach().clone();
        AdamW optimiser({{"a", a}, {"b", b}}, {});
        a.sum().backward();
        optimiser.clipAndStep(1e-2, 0);
        QVERIFY(at::equal(b.detach(), before));
    }

    void scheduleRisesThenFalls() {
        QCOMPARE(linearSchedule(0, 3, 10), 0.0);
        QCOMPARE(linearSchedule(3, 3, 10), 1.0);
        QVERIFY(std::abs(linearSchedule(1, 3, 10) - 1.0 / 3) < 1e-12);
        QVERIFY(std::abs(linearSchedule(9, 3, 10) - 1.0 / 7) < 1e-12);
        QCOMPARE(linearSchedule(10, 3, 10), 0.0);
        QCOMPARE(linearSchedule(0, 0, 10), 1.0);
        QCOMPARE(linearSchedule(99, 3, 10), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestAdamW)
#include "tst_adamw.moc"
