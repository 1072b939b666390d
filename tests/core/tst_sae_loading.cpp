// SPDX-License-Identifier: GPL-3.0-or-later
// Autoencoders out of checkpoints: the kind is recognised, and what does not fit is said in one line.
#include "base/error.h"
#include "model/checkpoint.h"
#include "sae/autoencoder.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/sae_fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
using namespace saeception::test;

namespace {

constexpr std::int64_t width = 12;

at::Tensor rows() {
    at::manual_seed(1);
    return at::randn({40, width});
}

/// A small autoencoder of `kind` that has seen data.
std::unique_ptr<Autoencoder> small(const std::string& kind) {
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(smallSaeConfig(kind), width);
    sae->initialise(rows(), 3);
    return sae;
}

Checkpoint pythonCheckpoint() {
    return loadCheckpoint(goldenPath("sae_cycle_0_best.pt"));
}

}  // namespace

class TestSaeLoading : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    // Python's file says neither kind nor k: tensors and config do.
    void pythonCheckpointIsRecognised() {
        SaeConfig config;
        config.k = 10;
        config.expansionFactor = 3;  // not that of the file
        config.saeType = "l1";
        const std::unique_ptr<Autoencoder> sae = loadAutoencoder(pythonCheckpoint(), config, 48, "x.pt");
        QCOMPARE(std::string(sae->type()), std::string("topk"));
        QCOMPARE(sae->features(), 384);
        at::manual_seed(1);
        QCOMPARE(sae->encode(at::randn({5, 48})).nonZeros(), 50);
    }

    void kOfTheCheckpointComesFirst() {
        Checkpoint checkpoint = pythonCheckpoint();
        checkpoint.extra.emplace_back("k", 7);
        SaeConfig config;
        config.k = 10;
        at::manual_seed(1);
        const SparseCode code = loadAutoencoder(checkpoint, config, 48, "x.pt")->encode(at::randn({5, 48}));
        QCOMPARE(code.nonZeros(), 35);
    }

    void everyKindSurvivesAFile_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("named");
        for (const char* kind : saeKinds) {
            QTest::addRow("%s by its name", kind) << kind << true;
            QTest::addRow("%s by its tensors", kind) << kind << false;
        }
    }
    void everyKindSurvivesAFile() {
        QFETCH(QString, kind);
        QFETCH(bool, named);
        const std::unique_ptr<Autoencoder> sae = small(kind.toStdString());
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("sae.pt").toStdString();
        PtDict extra;
        SaeConfig config;  // of a run with another autoencoder
        if (named) {
            extra = {{"sae_type", kind.toStdString()}, {"k", smallSaeConfig("topk").k}};
        } else {
            config.k = smallSaeConfig("topk").k;
            if (kind == "topk_ste")
                config.saeType = "topk_ste";  // the one kind whose tensors are another's
        }
        saveCheckpoint(file, {1, sae->stateDict(), extra});
        const std::unique_ptr<Autoencoder> loaded =
            loadAutoencoder(loadCheckpoint(file), config, width, file.string());
        QCOMPARE(loaded->type(), sae->type());
        QCOMPARE(loaded->features(), sae->features());
        const SparseCode code = sae->encode(rows());
        QVERIFY(code.nonZeros() > 0);
        QVERIFY(at::equal(dense(loaded->encode(rows())), dense(code)));
        QVERIFY(at::equal(loaded->decode(code), sae->decode(code)));
    }

    void whatDoesNotFitIsSaidInOneLine_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("words");
        QTest::newRow("width") << "width"
                               << "x.pt|encoder.weight|[384, 48]|[features, 64]";
        QTest::newRow("decoder") << "decoder"
                                 << "x.pt|decoder.weight|[48, 383]|[48, 384]";
        QTest::newRow("bias") << "bias"
                              << "x.pt|latent_bias|[3]|[384]";
        QTest::newRow("no encoder") << "no encoder"
                                    << "x.pt|encoder.weight";
        QTest::newRow("type") << "type"
                              << "x.pt|'gated'|topk, topk_ste, batch_topk, jumprelu, l1";
        QTest::newRow("k") << "k"
                           << "x.pt|'k'|384";
        QTest::newRow("threshold") << "threshold"
                                   << "x.pt|threshold";
        QTest::newRow("classifier") << "classifier"
                                    << "x.pt|no autoencoder|sae_cycle_0_best.pt";
    }
    void whatDoesNotFitIsSaidInOneLine() {
        QFETCH(QString, fault);
        QFETCH(QString, words);
        Checkpoint checkpoint =
            fault == "classifier" ? loadCheckpoint(goldenPath("model_cycle_0_best.pt")) : pythonCheckpoint();
        for (auto entry = checkpoint.state.begin(); entry != checkpoint.state.end(); ++entry) {
            if (fault == "decoder" && entry->first == "decoder.weight")
                entry->second = at::zeros({48, 383});
            if (fault == "bias" && entry->first == "latent_bias")
                entry->second = at::zeros({3});
            if (fault == "no encoder" && entry->first == "encoder.weight") {
                checkpoint.state.erase(entry);
                break;
            }
        }
        if (fault == "type")
            checkpoint.extra.emplace_back("sae_type", "gated");
        if (fault == "k")
            checkpoint.extra.emplace_back("k", 385);
        if (fault == "threshold")
            checkpoint.state.emplace_back("threshold", at::scalar_tensor(-1.0F));
        const std::int64_t size = fault == "width" ? 64 : 48;
        const std::string message = errorOf([&] { loadAutoencoder(checkpoint, {}, size, "x.pt"); });
        const QString missing = missingFrom(message, words);
        QVERIFY2(missing.isEmpty(), qPrintable(missing));
    }
};

QTEST_GUILESS_MAIN(TestSaeLoading)
#include "tst_sae_loading.moc"
