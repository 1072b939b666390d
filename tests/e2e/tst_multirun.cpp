// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps and --cfg as a user meets them: headings, folders, comparison, failures at the end, Ctrl-C.
#include "base/files.h"

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
QStringList tinySweep(const QStringList& more) {
    return QStringList{"train_cycle",
                       "experiment=demo",
                       "threads=1",
                       "dataset.limit=200",
                       "model.vocab_size=300",
                       "model.hidden_size=16",
                       "model.num_layers=2",
                       "model.num_heads=2",
                       "model.epochs_per_cycle=1",
                       "sae.expansion_factor=2",
                       "sae.aux_k=8",
                       "sae.epochs=1",
                       "evaluation.bootstrap_samples=0"} +
           more;
}

// Rows of a CSV file without quoted fields, by column.
QList<QMap<QString, QString>> readTable(const fs::path& file) {
    QList<QMap<QString, QString>> rows;
    QStringList head;
    for (const QString& line : QString::fromStdString(readFile(file)).split("\r\n", Qt::SkipEmptyParts)) {
        const QStringList fields = line.split(QLatin1Char(','));
        if (head.isEmpty()) {
            head = fields;
            continue;
        }
        QMap<QString, QString> row;
        for (int i = 0; i < head.size(); ++i)
            row[head[i]] = fields.value(i);
        rows.append(row);
    }
    return rows;
}

QString onlyFolderIn(const QString& path) {
    const QStringList names = QDir(path).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return names.size() == 1 ? path + "/" + names.front() : QString();
}

}  // namespace

class TestMultirun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comparesItsJobs() {
        QTemporaryDir folder;
        const Outcome outcome =
            run(tinySweep({"-m", "cycle.max_cycles=1", "control=random,lambda_0"}), folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.err.isEmpty(), qPrintable(outcome.err));
        QVERIFY(outcome.out.startsWith("Launching 2 jobs, one after another, in " +
                                       folder.filePath("multirun/")));
        QVERIFY(outcome.out.contains("\nSweep folder: " + folder.filePath("multirun/")));
        for (const char* words :
             {"\n#0 : control=random\n", "\n#1 : control=lambda_0\n", "random", "lambda_0", "Accuracy"})
            QVERIFY2(outcome.out.contains(QLatin1String(words)), words);
        const QString day = onlyFolderIn(folder.filePath("multirun"));
        QVERIFY(QRegularExpression("/\\d{4}-\\d\\d-\\d\\d$").match(day).hasMatch());
        const fs::path root = onlyFolderIn(day).toStdString();
        for (const char* file :
             {"multirun.yaml", "results.csv", "0/.hydra/config.yaml", "1/.hydra/config.yaml",
              "0/checkpoints/model_cycle_1_best.pt", "1/checkpoints/results_cycle_1.json"})
            QVERIFY2(fs::exists(root / file), file);
        QVERIFY(readFile(root / "0/.hydra/config.yaml").find("type: random") != std::string::npos);
        QVERIFY(readFile(root / "0/.hydra/overrides.yaml").find("control=random") != std::string::npos);
        QVERIFY(readFile(root / "1/.hydra/config.yaml").find("aux_loss_weight: 0.0") != std::string::npos);
        const std::string record = readFile(root / "multirun.yaml");
        QVERIFY(record.find("control=random,lambda_0") != std::string::npos);
        QVERIFY(record.find("mode: MULTIRUN") != std::string::npos);
        const auto rows = readTable(root / "results.csv");
        QCOMPARE(rows.size(), 4);  // two cycles each
        QCOMPARE(rows[3]["job"], QString("1"));
        QCOMPARE(rows[3]["control"], QString("lambda_0"));
        QCOMPARE(rows[3]["cycle"], QString("1"));
        QCOMPARE(rows[3]["status"], QString("done"));
        bool isNumber = false;
        const double accuracy = rows[3]["task_accuracy"].toDouble(&isNumber);
        QVERIFY(isNumber && accuracy >= 0 && accuracy <= 1);
        // Cycle 0 is the same training in both.
        QCOMPARE(rows[0]["task_accuracy"], rows[2]["task_accuracy"]);
    }

    // A job that fails while it runs leaves the others their turn, and is listed at the end.
    void failuresAreListed() {
        QTemporaryDir folder;
        for (const char* file : {"train.tsv", "dev.tsv"})
            writeFile(folder.filePath(file).toStdString(), "sentence\tlabel\nfine\t1\nbroken\tmaybe\n");
        const QStringList words = {"-m",
                                   "cycle.max_cycles=0",
                                   "hydra.sweep.dir=sweep",
                                   "hydra.sweep.subdir='on_${dataset.format}'",
                                   "dataset=sst2,demo",
                                   "dataset.path=" + folder.path()};
        const Outcome outcome = run(tinySweep(words), folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.startsWith("saeception: job #0 failed: "), qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("saeception: 1 of 2 jobs failed\n  #0 : dataset=sst2: ") &&
                     outcome.err.contains("'maybe'"),
                 qPrintable(outcome.err));
        QVERIFY(outcome.out.contains("Accuracy"));
        const fs::path root = folder.filePath("sweep").toStdString();
        const QString table = QString::fromStdString(readFile(root / "results.csv"));
        QVERIFY2(table.contains("\r\n0,sweep/on_tsv,failed,") &&
                     table.contains("\r\n1,sweep/on_demo,done,,demo,0,"),
                 qPrintable(table));
        QVERIFY(fs::exists(root / "on_demo/checkpoints/model_cycle_0_best.pt"));
        // Its folder is never taken by another sweep.
        const Outcome again = run(tinySweep(words), folder.path());
        QCOMPARE(again.status, 1);
        QVERIFY2(again.err.contains("hydra.sweep.dir=sweep is not empty"), qPrintable(again.err));
    }

    void aTableThatCannotBeWrittenEndsNoSweep() {
        QTemporaryDir folder;
        QStringList arguments =
            tinySweep({"seed=1,2", "-m", "hydra.sweep.dir=sweep",
                       "hydra.sweep.subdir=results.csv/${hydra.job.num}"});  // its name is a folder then
        arguments.front() = QStringLiteral("train_baseline");
        const Outcome outcome = run(arguments, folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.count("saeception: warning: ") == 1 &&
                     outcome.err.contains("saeception: results.csv is not up to date: "),
                 qPrintable(outcome.err));
        for (const char* job : {"0", "1"})
            QVERIFY2(fs::exists(fs::path(folder.path().toStdString()) / "sweep/results.csv" / job /
                                "checkpoints/model_cycle_0_best.pt"),
                     qPrintable(outcome.err));
    }

    void nothingStartsWhereOneJobIsInvalid_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        const auto row = [](const QStringList& arguments, const char* words) {
            QTest::newRow(qPrintable(arguments.join(QLatin1Char(' ')))) << arguments << words;
        };
        row({"sae.k=4,0"}, "job #1 (sae.k=0): sae.k=0: must be a whole number");
        row({"sae=topk,tpk"}, "job #1 (sae=tpk): Could not find 'sae/tpk'|topk_ste");
        row({"dataset=demo,sst2", "dataset.path=/nonexistent"}, "job #1 (dataset=sst2)|/nonexistent");
        row({"hydra.sweep.subdir=same", "sae.k=4,8"}, "the folder of job #0|hydra.job.num");
        row({"hydra.sweep.dir='s${sae.k}'", "sae.k=4,8"}, "hydra.sweep.dir must be the same");
        row({"sae.k=range(100000)"}, "at most 10000");
        row({"hydra.job.name=a,b"}, "the same for all jobs");
    }
    void nothingStartsWhereOneJobIsInvalid() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        QTemporaryDir folder;
        const Outcome outcome = run(tinySweep(QStringList{"-m"} + arguments), folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.out.isEmpty(), qPrintable(outcome.out));
        QCOMPARE(outcome.err.count(QLatin1Char('\n')), 1);
        for (const QString& word : words.split(QLatin1Char('|')))
            QVERIFY2(outcome.err.contains(word), qPrintable(outcome.err));
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void stopsAfterThePresentJob() {
        QTemporaryDir folder;
        QProcess process;
        prepare(process, folder.path());
        process.setArguments(
            tinySweep({"-m", "hydra.sweep.dir=sweep", "sae.k=4,8", "model.epochs_per_cycle=10000"}));
        process.start();
        QByteArray out;
        QElapsedTimer timer;
        timer.start();
        while (!out.contains("epoch 1 of") && timer.elapsed() < 120000 &&
               process.state() != QProcess::NotRunning) {
            process.waitForReadyRead(1000);
            out += process.readAllStandardOutput();
        }
        QVERIFY2(out.contains("epoch 1 of"), out.constData());
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 128 + SIGINT);
        out += process.readAllStandardOutput();
        QVERIFY2(!out.contains("#1 : sae.k=8"), out.constData());
        const QString err = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(err.contains("stopped; 1 of 2 jobs were not started"), qPrintable(err));
        const auto rows = readTable(fs::path(folder.filePath("sweep").toStdString()) / "results.csv");
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[0]["status"], QString("stopped"));
        QCOMPARE(rows[1]["status"], QString("not run"));
    }

    void showsEveryJob() {
        QTemporaryDir folder;
        const Outcome jobs =
            run({"train_cycle", "experiment=controls", "--cfg", "job", "-p", "sharpening"}, folder.path());
        QCOMPARE(jobs.status, 0);
        QCOMPARE(jobs.out.count("---\n"), 3);
        QVERIFY(jobs.out.startsWith("# #0 : control=per_class\n# @package sharpening\ntype: per_class\n"));
        QVERIFY(jobs.out.contains("# #2 : control=random\n# @package sharpening\ntype: random\n"));
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void showsWhatIsWritten() {
        QTemporaryDir folder;
        const QStringList words = {"train_cycle", "dataset.path=${output_dir}/data", "-p", "dataset.path"};
        QVERIFY(run(words + QStringList{"--cfg", "job"}, folder.path()).out.contains("'${output_dir}/data'"));
        QVERIFY(
            run(words + QStringList{"--cfg=job", "--resolve"}, folder.path()).out.contains("outputs/data"));
        const Outcome hydra = run({"train_cycle", "--cfg", "hydra", "hydra.run.dir=x"}, folder.path());
        QCOMPARE(hydra.status, 0);
        QVERIFY(hydra.out.startsWith("hydra:\n  run:\n    dir: x\n") && !hydra.out.contains("dropout"));
        const Outcome all = run({"train_cycle", "--cfg", "all"}, folder.path());
        QVERIFY(all.out.contains("dropout") && all.out.contains("\nhydra:\n"));
        // A missing value is shown as such, and refused where values are asked for.
        fs::create_directories(folder.filePath("sae").toStdString());
        writeFile(folder.filePath("sae/mine.yaml").toStdString(), "k: ???\n");
        const QStringList missing = {"train_cycle", "-cd", folder.path(), "sae=mine", "--cfg", "job"};
        QVERIFY(run(missing, folder.path()).out.contains("  k: '?"));
        const Outcome refused = run(missing + QStringList{"--resolve"}, folder.path());
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("Missing mandatory value: sae.k"), qPrintable(refused.err));
    }

    void otherPrimaryConfig() {
        QTemporaryDir folder;
        writeFile(folder.filePath("mine.yaml").toStdString(), "defaults: [config, _self_]\nseed: 5\n");
        const Outcome outcome =
            run({"train_cycle", "-cd", folder.path(), "-cn", "mine.yaml", "--cfg", "job", "-p", "seed"},
                folder.path());
        QVERIFY2(outcome.out == "# @package seed\n5\n", qPrintable(outcome.out + outcome.err));
    }
};

QTEST_GUILESS_MAIN(TestMultirun)
#include "tst_multirun.moc"
