// SPDX-License-Identifier: GPL-3.0-or-later
// The program's files in other programs' hands: a real run checked and its exports computed with by Python,
// and token ids equal to GPT-2's.
#include "base/error.h"
#include "base/files.h"
#include "data/tokenizer.h"
#include "model/checkpoint.h"
#include "model/pretrained.h"
#include "sae/autoencoder.h"
#include "support/python.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
using namespace saeception::test;
namespace fs = std::filesystem;

namespace {

struct Outcome {
    int status = -1;
    QString out;
    QString err;
};

Outcome finish(QProcess& process) {
    Outcome outcome;
    if (!process.waitForFinished(300000) || process.exitStatus() != QProcess::NormalExit)
        return outcome;
    outcome.status = process.exitCode();
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    outcome.err = QString::fromUtf8(process.readAllStandardError());
    return outcome;
}

void start(QProcess& process, const QStringList& arguments, const QString& folder) {
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral(SAECEPTION_PROGRAM), arguments);
    process.waitForStarted();
}

Outcome run(const QStringList& arguments, const QString& folder, const QByteArray& input = {}) {
    QProcess process;
    start(process, arguments, folder);
    process.write(input);
    process.closeWriteChannel();
    return finish(process);
}

const QString gpt2Folder = QStringLiteral(SAECEPTION_SHARED_DIR "/data/gpt2");

}  // namespace

class TestInterop : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_run;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    Outcome runExport(const QStringList& arguments) const {
        return run(QStringList{"export"} + arguments, m_folder.path());
    }
    void expectFailure(const Outcome& outcome, int status, const QString& words) const {
        QCOMPARE(outcome.status, status);
        QVERIFY2(outcome.out.isEmpty(), qPrintable(outcome.out));
        QCOMPARE(outcome.err.count('\n'), 1);
        for (const QString& word : words.split('|'))
            QVERIFY2(outcome.err.contains(word), qPrintable(outcome.err));
    }
    fs::path checkpoint(const char* name) const {
        return fs::path(m_run.toStdString()) / "checkpoints" / name;
    }

private Q_SLOTS:
    void initTestCase() {
        m_run = path("run");
        const Outcome outcome =
            run({"train_cycle", "experiment=demo", "hydra.run.dir=" + m_run, "threads=2", "dataset.limit=300",
                 "model.vocab_size=400", "model.hidden_size=16", "model.num_layers=2", "model.num_heads=2",
                 "model.epochs_per_cycle=1", "model.target_layer=-1", "cycle.max_cycles=1",
                 "sae.expansion_factor=4", "sae.k=8", "sae.aux_k=8", "sae.epochs=1"},
                m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    }

    void everyFileOfARunOpensInPython() {
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        const QString said = runScript("check_run.py", {m_run});
        QVERIFY2(said.contains(" tags, 2 results of ") && said.endsWith(" 4 checkpoints"), qPrintable(said));
        for (const char* name : {"model_cycle_1_best.pt", "sae_cycle_1_best.pt", "results_cycle_1.pt"}) {
            const QString read =
                runScript("read_checkpoint.py", {QString::fromStdString(checkpoint(name).string())});
            QVERIFY2(!read.startsWith("failed"), qPrintable(read));
        }
    }

    void saeLensExportComputesTheSame() {
        const QString output = path("saelens");
        const Outcome outcome =
            runExport({"hydra.run.dir=" + m_run, "--format", "saelens", "--output", output});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(outcome.out.contains("cfg.json") && outcome.out.contains("Cycle 1 of "));
        const fs::path file = checkpoint("sae_cycle_1_best.pt");
        const auto sae = loadAutoencoder(loadCheckpoint(file), SaeConfig(), 16, file.string());
        at::manual_seed(4);
        const at::Tensor rows = at::randn({30, 16});
        const SparseCode code = sae->encode(rows);
        at::Tensor dense = at::zeros({30, 64});
        for (std::int64_t i = 0; i < 30; ++i)
            for (std::size_t j = 0; j < code.row(i).size(); ++j)
                dense[i][code.row(i).columns[j]] = code.row(i).values[j];
        const QString expected = path("sae.safetensors");
        saveTensors(expected.toStdString(),
                    {{"rows", rows}, {"code", dense}, {"reconstruction", sae->decode(code)}});
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        const QString said = runScript("check_saelens.py", {output, expected});
        QVERIFY2(said.startsWith("topk blocks.1.hook_resid_post "), qPrintable(said));
    }

    void transformersExportComputesTheSame() {
        const QString output = path("transformers");
        const Outcome outcome = runExport(
            {"hydra.run.dir=" + m_run, "cycle.current=0", "--format=transformers", "--output=" + output});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY(outcome.out.contains("tokenizer_config.json") && outcome.out.contains("Cycle 0 of "));
        ExperimentConfig config;
        config.model.hiddenSize = 16;
        config.model.numHeads = 2;
        const Gpt2Classifier model = loadClassifier(checkpoint("model_cycle_0_best.pt"), config);
        const Tokenizer tokenizer = Tokenizer::load(output.toStdString());
        const std::string texts[] = {"the acting is wonderful", "dull", "a plot that never wakes up at all"};
        const at::NoGradGuard noGrad;
        at::Tensor ids = at::full({3, 24}, tokenizer.endOfText(), at::TensorOptions(at::kLong));
        at::Tensor lengths = at::zeros({3}, at::TensorOptions(at::kLong));
        for (std::int64_t i = 0; i < 3; ++i) {
            const std::vector<std::int32_t> row = tokenizer.encode(texts[i]);
            QVERIFY(!row.empty() && row.size() <= 24);
            lengths[i] = static_cast<std::int64_t>(row.size());
            for (std::size_t j = 0; j < row.size(); ++j)
                ids[i][static_cast<std::int64_t>(j)] = row[j];
        }
        const QString expected = path("model.safetensors");
        saveTensors(expected.toStdString(),
                    {{"input_ids", ids}, {"lengths", lengths}, {"logits", model.logits(ids, lengths)}});
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        QCOMPARE(runScript("check_transformers.py", {output, expected}),
                 QString("same logits ['negative', 'positive']"));
    }

    void safetensorsExportHoldsTheCheckpoints() {
        const QString output = path("plain");
        const Outcome outcome =
            runExport({"hydra.run.dir=" + m_run, "--format", "safetensors", "--output", output});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        for (const char* stem : {"model_cycle_1", "sae_cycle_1"}) {
            const SafetensorsFile file =
                SafetensorsFile::open(output.toStdString() + fmt::format("/{}.safetensors", stem));
            const NamedTensors state =
                loadCheckpoint(checkpoint(fmt::format("{}_best.pt", stem).c_str())).state;
            QCOMPARE(file.tensors().size(), state.size());
            for (const auto& [name, tensor] : state)
                QVERIFY2(at::equal(loadTensor(file, name), tensor), name.c_str());
        }
    }

    void exportErrorsAreOneLine() {
        const QString run = "hydra.run.dir=" + m_run, output = path("not_made");
        expectFailure(runExport({run, "--output", output}), 2, "export needs --format");
        expectFailure(runExport({run, "--format", "saelens"}), 2, "export needs --output");
        expectFailure(
            runExport({run, "--format", "sae_lens", "--output", output}), 2,
            "--format sae_lens is unknown|Did you mean 'saelens'?|safetensors, saelens, transformers");
        expectFailure(runExport({"--format", "saelens", "--output", output}), 2, "needs the run's folder");
        expectFailure(runExport({"hydra.run.dir=" + path("gone"), "--format", "saelens", "--output", output}),
                      1, "there is no folder|gone");
        expectFailure(runExport({run, "cycle.current=7", "--format", "saelens", "--output", output}), 1,
                      "sae_cycle_7_best.pt|train_sae|cycle.current=7");
        expectFailure(runExport({run, "--format", "saelens", "--output", m_run}), 1, "not an empty folder");
        expectFailure(runExport({run, "dataset.num_classes=3", "dataset.class_names=[a,b,c]", "--format",
                                 "transformers", "--output", output}),
                      1, "score.weight|[2, 16]|[3, 16]");
        QVERIFY(!QDir(output).exists());
    }

    void tokenIdsEqualGpt2s_data() {
        QTest::addColumn<QString>("file");
        for (const char* name : {"gpt2_tokenizer.json", "gpt2_tokenizer_sst2.json"})
            QTest::newRow(name) << QStringLiteral(SAECEPTION_SHARED_DIR "/golden/") + name;
    }
    void tokenIdsEqualGpt2s() {
        QFETCH(QString, file);
        if (!QFile::exists(gpt2Folder) || !QFile::exists(file))
            QSKIP("GPT-2's vocabulary is not here");
        const auto golden = nlohmann::json::parse(readFile(file.toStdString()));
        QByteArray input;
        for (const auto& entry : golden)
            input += nlohmann::json{{"text", entry["text"]}, {"other", 1}}.dump().c_str() + QByteArray("\n");
        const Outcome outcome = run({"tokenize", "--tokenizer", gpt2Folder}, m_folder.path(), input);
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        const QStringList lines = outcome.out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), static_cast<qsizetype>(golden.size()));
        for (std::size_t i = 0; i < golden.size(); ++i)
            QVERIFY2(nlohmann::json::parse(lines[static_cast<qsizetype>(i)].toStdString()) ==
                         nlohmann::json({{"ids", golden[i]["ids"]}}),
                     golden[i].dump().c_str());
    }

    void tokenizeAnswersWhileItsInputIsOpen() {
        QProcess process;
        start(process, {"tokenize", "--tokenizer", m_run + "/tokenizer"}, m_folder.path());
        const Tokenizer tokenizer = Tokenizer::load((m_run + "/tokenizer").toStdString());
        for (const char* text : {"the acting", "", "cr\u00e8me \"x\""}) {
            process.write(QByteArray::fromStdString(nlohmann::json{{"text", text}}.dump() + "\n"));
            while (!process.canReadLine())
                QVERIFY(process.waitForReadyRead(60000));
            const auto answer = nlohmann::json::parse(process.readLine().toStdString());
            QCOMPARE(answer["ids"].get<std::vector<std::int32_t>>(), tokenizer.encode(text));
        }
        process.closeWriteChannel();
        QCOMPARE(finish(process).status, 0);
    }

    void tokenizeStopsAtABadLineAfterTheGoodOnes() {
        const QStringList command = {"tokenize", "--tokenizer", m_run + "/tokenizer"};
        const std::pair<QByteArray, QString> cases[] = {
            {"{\"text\": 5}", "standard input:3: 'text' is 5, not a text"},
            {"{\"txt\": \"a\"}", "standard input:3: there is no key 'text'"},
            {"[1]", "standard input:3: '[1]' is no JSON object"},
            {"text", "standard input:3: not valid JSON"},
            {"{\"text\": 1e999}", "standard input:3: not valid JSON"},
            {"{\"text\": \"\xFF\"}", "standard input:3: not valid JSON"},
        };
        for (const auto& [line, words] : cases) {
            const Outcome outcome =
                run(command, m_folder.path(), "{\"text\": \"a\"}\n\n" + line + "\n{\"text\": \"b\"}\n");
            QCOMPARE(outcome.status, 1);
            QCOMPARE(outcome.out.count('\n'), 1);
            QVERIFY2(outcome.err.contains(words) && outcome.err.count('\n') == 1, qPrintable(outcome.err));
        }
        writeFile(path("texts.jsonl").toStdString(), "{\"text\": \"a\"}\n{\"text\": \"a\"}");
        const Outcome file = run(command + QStringList{"texts.jsonl"}, m_folder.path());
        QCOMPARE(file.status, 0);
        QCOMPARE(file.out.count('\n'), 2);
        expectFailure(run(command + QStringList{"gone.jsonl"}, m_folder.path()), 1, "cannot read gone.jsonl");
        expectFailure(run({"tokenize"}, m_folder.path()), 2, "--tokenizer DIR");
        expectFailure(run({"tokenize", "--tokenizer", path("gone")}, m_folder.path()), 1,
                      "gone does not exist");
    }
};

QTEST_GUILESS_MAIN(TestInterop)
#include "tst_interop.moc"
