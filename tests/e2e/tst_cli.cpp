// SPDX-License-Identifier: GPL-3.0-or-later
// The program as a user meets it: exit statuses, one-line errors, a real run from start to table, and Ctrl-C.
#include "base/files.h"

#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>
#include <csignal>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

struct Outcome {
    int status = -1;
    QString out;
    QString err;
};

// Away from the tests' own environment: no colours asked for, and signals as a terminal leaves them.
void prepare(QProcess& process, const QString& folder) {
    process.setWorkingDirectory(folder);
    process.setProgram(QStringLiteral(SAECEPTION_PROGRAM));
    process.setChildProcessModifier([] {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
            ::signal(signal, SIG_DFL);
    });
}

Outcome run(const QStringList& arguments, const QString& folder) {
    QProcess process;
    prepare(process, folder);
    process.setArguments(arguments);
    process.start();
    Outcome outcome;
    if (!process.waitForFinished(300000) || process.exitStatus() != QProcess::NormalExit)
        return outcome;
    outcome.status = process.exitCode();
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    outcome.err = QString::fromUtf8(process.readAllStandardError());
    return outcome;
}

// The demo made small enough for seconds.
QStringList tinyRun(const QString& runDir) {
    return {"train_cycle",
            "experiment=demo",
            "hydra.run.dir=" + runDir,
            "threads=2",
            "dataset.limit=300",
            "model.vocab_size=400",
            "model.hidden_size=16",
            "model.num_layers=2",
            "model.num_heads=2",
            "model.epochs_per_cycle=1",
            "sae.expansion_factor=4",
            "sae.k=8",
            "sae.aux_k=8",
            "sae.epochs=1"};
}

}  // namespace

class TestCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void aReaderThatGoesAwayIsNoFailure() {
        QProcess shell;
        shell.start("/bin/sh", {"-c", "trap '' PIPE; { '" SAECEPTION_PROGRAM
                                      "' train_cycle --help; echo \"ended with $?\" >&2; } | true"});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.readAllStandardError(), QByteArray("ended with 0\n"));
    }

    void outputThatIsLostIsNoSuccess_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("status");
        const QString program = QStringLiteral("'" SAECEPTION_PROGRAM "' ");
        QTest::newRow("disk is full") << program + "train_cycle --cfg job > /dev/full" << 1;
        QTest::newRow("disk is full, few words") << program + "--version > /dev/full" << 1;
        QTest::newRow("an error comes first") << program + "train_cycle sae.kk=1 > /dev/full" << 1;
    }
    void outputThatIsLostIsNoSuccess() {
        QFETCH(QString, command);
        QFETCH(int, status);
        if (!fs::exists("/dev/full"))
            QSKIP("there is no /dev/full here");
        QProcess shell;
        shell.start("/bin/sh", {"-c", command});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.exitCode(), status);
        const QString errors = QString::fromUtf8(shell.readAllStandardError());
        QCOMPARE(errors.count(QLatin1Char('\n')), status);
        if (command.contains("--version >") || command.contains("--cfg"))
            QVERIFY2(errors.contains("the output could not be written: No space left"), qPrintable(errors));
    }

    void version() {
        const Outcome outcome = run({"--version"}, m_folder.path());
        QCOMPARE(outcome.status, 0);
        QVERIFY(outcome.out.contains(QRegularExpression("^saeception \\d+\\.\\d+\\.\\d+\n$")));
    }

    void help() {
        const Outcome top = run({"--help"}, m_folder.path());
        QCOMPARE(top.status, 0);
        QVERIFY(top.out.contains("train_cycle") && top.out.contains("--version") && top.err.isEmpty());
        const Outcome command = run({"train_cycle", "--help"}, m_folder.path());
        QCOMPARE(command.status, 0);
        QVERIFY(command.out.contains("sae.expansion_factor") && command.out.contains("gpt2_small"));
        const Outcome bare = run({}, m_folder.path());
        QCOMPARE(bare.status, 2);
        QVERIFY(bare.out.isEmpty() && bare.err.contains("train_cycle"));
    }

    void composedConfig() {
        const Outcome outcome =
            run({"train_cycle", "model=gpt2_small", "sae.k=50", "--cfg", "job"}, m_folder.path());
        QCOMPARE(outcome.status, 0);
        QVERIFY(outcome.out.contains("hidden_size: 768\n") && outcome.out.contains("  k: 50\n"));
        QVERIFY(QDir(m_folder.path()).isEmpty());
    }

    void ownConfigFolder() {
        QTemporaryDir folder;
        fs::create_directories(folder.filePath("sae").toStdString());
        writeFile(folder.filePath("sae/mine.yaml").toStdString(), "k: 9\n");
        const Outcome outcome =
            run({"train_cycle", "-cd", folder.path(), "sae=mine", "--cfg", "job"}, m_folder.path());
        QCOMPARE(outcome.status, 0);
        QVERIFY(outcome.out.contains("  k: 9\n"));
    }

    void mistakes_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        const auto row = [](const QStringList& arguments, int status, const char* words) {
            QTest::newRow(qPrintable(arguments.join(QLatin1Char(' ')))) << arguments << status << words;
        };
        row({"train_cicle"}, 2,
            "unknown command 'train_cicle'|Did you mean 'train_cycle'|Available commands: train_cycle");
        row({"train_bseline"}, 2, "unknown command 'train_bseline'|Did you mean 'train_baseline'");
        row({"train_sae", "output_dir=runs"}, 1, "there is no run below|runs|saeception train_baseline");
        row({"--versoin"}, 2, "unknown flag|--version");
        row({"sae.k=3"}, 2, "command|train_cycle sae.k=3");
        row({"train_cycle", "--confg-dir", "x"}, 2, "unknown flag '--confg-dir'|'--config-dir'");
        row({"train_cycle", "--cfg"}, 2, "--cfg job");
        row({"train_cycle", "sae.k=1,2"}, 1, "ambiguous value|--multirun");
        row({"train_cycle", "--mulitrun"}, 2, "unknown flag '--mulitrun'|'--multirun'");
        row({"train_cycle", "--multirun=yes"}, 2, "--multirun takes no value");
        row({"train_cycle", "--cfg", "jobs"}, 2, "--cfg jobs|job|hydra|all");
        row({"train_cycle", "--cfg", "job", "-p", "sea"}, 1, "there is no 'sea'|'sae'");
        row({"train_cycle", "--resolve"}, 2, "--cfg job");
        row({"train_cycle", "-cn", "mine"}, 1, "primary configuration 'mine.yaml'");
        row({"train_cycle", "hydra.verbose=1"}, 1, "these are understood: hydra.run.dir");
        row({"train_cycle", "wandb.mode=online"}, 1, "TensorBoard|wandb sync");
        row({"train_cycle", "sae.kk=3"}, 1, "Could not override 'sae.kk'|'sae.k'");
        row({"train_cycle", "sae.k=0"}, 1, "sae.k=0|from 1");
        row({"train_cycle", "device=cuda"}, 1, "CPU only");
        row({"train_cycle", "model=big"}, 1, "Could not find 'model/big'|gpt2_small");
        row({"train_cycle", "nonsense"}, 1, "nonsense|missing");
        row({"train_cycle", "-cd", "/nonexistent/dir"}, 1, "/nonexistent/dir|does not exist");
        row({"train_cycle", "experiment=demo", "hydra.run.dir=/proc/nowhere/run"}, 1, "/proc/nowhere");
        row({"train_cycle", "experiment=demo", "output_dir=/proc/nowhere"}, 1, "/proc/nowhere");
        row({"train_cycle", "dataset.path=/nonexistent/data", "output_dir=runs"}, 1, "/nonexistent/data");
    }
    void mistakes() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        QTemporaryDir folder;
        const Outcome outcome = run(arguments, folder.path());
        QTEST(outcome.status, "status");
        QVERIFY2(outcome.err.startsWith("saeception: "), qPrintable(outcome.err));
        QCOMPARE(outcome.err.count(QLatin1Char('\n')), 1);
        for (const QString& word : words.split(QLatin1Char('|')))
            QVERIFY2(outcome.err.contains(word), qPrintable(outcome.err));
    }

    void runsTheLoop() {
        const QString runDir = m_folder.filePath("whole run");
        const Outcome outcome = run(tinyRun(runDir), m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.err.isEmpty(), qPrintable(outcome.err));
        for (const QChar c : outcome.out)
            QVERIFY2(c == QLatin1Char('\n') || c.unicode() >= 0x20, qPrintable(outcome.out));
        for (const char* words : {"Cycle 0", "Cycle 1", "Accuracy", "Explained variance", "ARI",
                                  "Task recovered", "epoch 1 of 1", "Fine-tuning", "Retraining"})
            QVERIFY2(outcome.out.contains(QLatin1String(words)), words);
        QVERIFY(outcome.out.endsWith("Run folder: " + runDir + "\n"));

        const fs::path root = runDir.toStdString();
        for (const char* file :
             {".hydra/config.yaml", ".hydra/overrides.yaml", ".hydra/hydra.yaml", "metrics.jsonl",
              "train_cycle.log", "checkpoints/model_cycle_0_best.pt", "checkpoints/model_cycle_1_best.pt",
              "checkpoints/sae_cycle_1_best.pt", "checkpoints/results_cycle_0.pt",
              "features/cycle_0/index.safetensors", "features/cycle_1/index.safetensors"})
            QVERIFY2(fs::exists(root / file) && fs::file_size(root / file) > 0, file);
        const auto results = nlohmann::json::parse(readFile(root / "checkpoints/results_cycle_1.json"));
        QVERIFY(results.dump().find("task_accuracy") != std::string::npos);
        QVERIFY(readFile(root / ".hydra/overrides.yaml").find("sae.k=8") != std::string::npos);

        // The recorded configuration is itself a configuration, and the same one.
        QTemporaryDir again;
        writeFile(again.filePath("config.yaml").toStdString(), readFile(root / ".hydra/config.yaml"));
        const Outcome replay = run({"train_cycle", "-cd", again.path(), "--cfg", "job"}, m_folder.path());
        QCOMPARE(replay.status, 0);
        QCOMPARE(replay.out.toStdString(), readFile(root / ".hydra/config.yaml"));

        // A second run never writes into the first one's folder.
        const Outcome second = run(tinyRun(runDir), m_folder.path());
        QCOMPARE(second.status, 1);
        QVERIFY2(second.err.contains("not empty"), qPrintable(second.err));
    }

    void stopsOnCtrlC_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("terminate") << SIGTERM;
    }
    void stopsOnCtrlC() {
        QFETCH(int, signal);
        QTemporaryDir folder;
        QProcess process;
        prepare(process, folder.path());
        const QString runDir = folder.filePath("run");
        process.setArguments(tinyRun(runDir) << "model.epochs_per_cycle=10000");
        process.start();
        // The first epoch's line tells that a checkpoint is there and training goes on.
        QByteArray out;
        QElapsedTimer timer;
        timer.start();
        while (!out.contains("epoch 1 of") && timer.elapsed() < 120000 &&
               process.state() != QProcess::NotRunning) {
            process.waitForReadyRead(1000);
            out += process.readAllStandardOutput();
        }
        QVERIFY2(out.contains("epoch 1 of"), out.constData());
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 128 + signal);
        const QString err = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(err.contains("stopping") && err.contains(runDir) && err.contains("model of cycle 0"),
                 qPrintable(err));
        const fs::path root = runDir.toStdString();
        QVERIFY(fs::exists(root / "checkpoints/model_cycle_0_best.pt"));
        QVERIFY(!fs::exists(root / "checkpoints/results_cycle_0.json"));
        // Nothing half-written: no temporary file is left anywhere.
        for (const auto& entry : fs::recursive_directory_iterator(root))
            QVERIFY2(entry.path().extension() != ".part", entry.path().c_str());
        QVERIFY(readFile(root / "metrics.jsonl").find("validation/accuracy") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
