// SPDX-License-Identifier: GPL-3.0-or-later
// What is exported for SAELens and transformers computes, by those programs' own formulas in Python, what it
// computes here.
#include "model/transformers_export.h"
#include "sae/saelens_export.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/python.h"

#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
using namespace saeception::test;

namespace {

at::Tensor dense(const SparseCode& code) {
    at::Tensor matrix = at::zeros({code.rows(), code.features});
    for (std::int64_t i = 0; i < code.rows(); ++i)
        for (std::size_t j = 0; j < code.row(i).size(); ++j)
            matrix[i][code.row(i).columns[j]] = code.row(i).values[j];
    return matrix;
}

/// An autoencoder of 12 inputs and 48 features with no weight at its start value.
std::unique_ptr<Autoencoder> randomSae(const SaeConfig& config) {
    at::manual_seed(5);
    std::unique_ptr<Autoencoder> sae = makeAutoencoder(config, 12);
    sae->initialise(at::randn({200, 12}) + 0.5, 3);
    NamedTensors state = sae->stateDict();
    for (auto& [name, tensor] : state)
        tensor =
            name == "threshold" ? at::rand_like(tensor) * 0.5 + 0.1 : tensor + 0.1 * at::randn_like(tensor);
    sae->loadStateDict(state, "test");
    return sae;
}

}  // namespace

class TestExports : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path fresh(const char* name) const {
        const std::filesystem::path folder = m_folder.filePath(name).toStdString();
        createDirectories(folder);
        return folder;
    }

private Q_SLOTS:
    void saeLensComputesTheSame_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("architecture");
        QTest::newRow("l1") << "l1"
                            << "standard";
        QTest::newRow("topk") << "topk"
                              << "topk";
        QTest::newRow("topk_ste") << "topk_ste"
                                  << "topk";
        QTest::newRow("batch_topk") << "batch_topk"
                                    << "jumprelu";
        QTest::newRow("jumprelu") << "jumprelu"
                                  << "jumprelu";
    }
    void saeLensComputesTheSame() {
        QFETCH(QString, type);
        QFETCH(QString, architecture);
        SaeConfig config;
        config.saeType = type.toStdString();
        config.expansionFactor = 4;
        config.k = 6;
        const std::unique_ptr<Autoencoder> sae = randomSae(config);
        const std::filesystem::path folder = fresh(qPrintable("saelens_" + type));
        const auto files = exportSaeLens(*sae, config.k, {"gpt2", 7, "sst2", 64}, folder / ".");
        QCOMPARE(files.size(), std::size_t(2));

        const at::Tensor rows = at::randn({40, 12}) + 0.5;
        const SparseCode code = sae->encode(rows);
        QVERIFY(code.nonZeros() > 40);
        const std::filesystem::path expected = folder / "expected.safetensors";
        saveTensors(expected, {{"rows", rows}, {"code", dense(code)}, {"reconstruction", sae->decode(code)}});

        // The layout itself, whether or not Python is here.
        const NamedTensors weights = loadTensors(SafetensorsFile::open(folder / "sae_weights.safetensors"));
        for (const auto& [name, tensor] : weights)
            if (name == "W_enc" || name == "W_dec")
                QCOMPARE(tensor.sizes().vec(), (name == "W_enc" ? std::vector<std::int64_t>{12, 48}
                                                                : std::vector<std::int64_t>{48, 12}));
            else
                QCOMPARE(tensor.numel(), std::int64_t(name == "b_dec" ? 12 : 48));
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        const QString said = runScript("check_saelens.py", {QString::fromStdString(folder.string()),
                                                            QString::fromStdString(expected.string())});
        QVERIFY2(said.startsWith(architecture + " blocks.7.hook_resid_post gpt2 "), qPrintable(said));
    }

    void transformersComputeTheSame() {
        // Sizes and numbers of heads as golden's model; the tokenizer is trained on the spot.
        Gpt2Classifier model({400, 48, 24, 3, 4, 2, 1e-5, 0.1}, 8);
        NamedTensors state = model.stateDict();
        at::manual_seed(6);
        for (auto& [name, tensor] : state)
            tensor = tensor + 0.2 * at::randn_like(tensor);
        model.loadStateDict(state, "test");
        const std::vector<std::string> texts = {"a fine film , a fine film", "so so , a fine mess of a film"};
        const Tokenizer tokenizer = Tokenizer::train(texts, 270);
        const std::filesystem::path folder = fresh("transformers");
        QCOMPARE(exportTransformers(model, tokenizer, {"negative", "positive"}, folder).size(),
                 std::size_t(6));

        const at::NoGradGuard noGrad;
        const at::Tensor ids = at::randint(400, {5, 9}, at::TensorOptions(at::kLong));
        const at::Tensor lengths = at::tensor({9, 3, 1, 7, 5}, at::kLong);
        const std::filesystem::path expected = folder / "expected.safetensors";
        saveTensors(expected,
                    {{"input_ids", ids}, {"lengths", lengths}, {"logits", model.logits(ids, lengths)}});
        QCOMPARE(Tokenizer::load(folder).encode(texts[1]), tokenizer.encode(texts[1]));
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        QCOMPARE(runScript("check_transformers.py", {QString::fromStdString(folder.string()),
                                                     QString::fromStdString(expected.string())}),
                 QString("same logits ['negative', 'positive']"));
    }

    void unwritableFoldersAreNamed() {
        SaeConfig config;
        config.expansionFactor = 4;
        const std::unique_ptr<Autoencoder> sae = randomSae(config);
        const std::filesystem::path nowhere = m_folder.filePath("no/such/folder").toStdString();
        QCOMPARE(missingFrom(errorOf([&] {
                                 (void)exportSaeLens(*sae, 6, {"gpt2", 0, "sst2", 64}, nowhere);
                             }),
                             "no/such/folder"),
                 QString());
    }
};

QTEST_GUILESS_MAIN(TestExports)
#include "tst_exports.moc"
