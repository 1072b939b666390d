// SPDX-License-Identifier: GPL-3.0-or-later
// Autoencoders out of checkpoints: the kind is recognised, and what does not fit is said in one line.
#include "base/error.h"
#include "model/checkpoint.h"
#include "sae/autoencoder.h"
#include "support/expect_error.h"
#include "support/golden.h"

#include <QTest>

using namespace saeception;
using namespace saeception::test;

class TestSaeLoading : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(2); }

    // Python's file says neither kind nor k: tensors and config do.
    void pythonCheckpointIsRecognised() {
        const Checkpoint checkpoint = loadCheckpoint(goldenPath("sae_cycle_0_best.pt"));
        SaeConfig config;
        config.k = 10;
        config.expansionFactor = 3;  // not that of the file
        config.saeType = "l1";
        const std::unique_ptr<Autoencoder> sae = loadAutoencoder(checkpoint, config, 48, "x.pt");
        QCOMPARE(std::string(sae->type()), std::string("topk"));
        QCOMPARE(sae->features(), 384);
        at::manual_seed(1);
        const SparseCode code = sae->encode(at::randn({5, 48}));
        QCOMPARE(code.nonZeros(), 50);
    }

    void kOfTheCheckpointComesFirst() {
        Checkpoint checkpoint = loadCheckpoint(goldenPath("sae_cycle_0_best.pt"));
        checkpoint.extra.emplace_back("k", 7);
        SaeConfig config;
        config.k = 10;
        at::manual_seed(1);
        const SparseCode code = loadAutoencoder(checkpoint, config, 48, "x.pt")->encode(at::randn({5, 48}));
        QCOMPARE(code.nonZeros(), 35);
    }
};

QTEST_GUILESS_MAIN(TestSaeLoading)
#include "tst_sae_loading.moc"
