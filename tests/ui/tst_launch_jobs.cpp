// SPDX-License-Identifier: GPL-3.0-or-later
// What the Launch page asks for: single runs, stages of a run, sweeps; and what it is filled in from: jobs,
// files, folders.
#include "base/files.h"
#include "support/launch_page_driver.h"
#include "support/run_fixture.h"
#include "ui/widgets/notice_banner.h"

#include <QDropEvent>
#include <QMimeData>

using namespace saeception;
namespace fs = std::filesystem;

class TestLaunchJobs : public QObject, protected LaunchPageDriver {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSignalSpy> m_jobs;

    QList<JobSpec> asked() const {
        return m_jobs->isEmpty() ? QList<JobSpec>() : m_jobs->last()[0].value<QList<JobSpec>>();
    }
    QString in(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    QString banner() const {
        auto* banner = m_page->findChild<NoticeBanner*>();
        return banner->isVisible() ? banner->text() : QString();
    }
    void addSweepKey(int place, const QString& key, const QString& values) const {
        m_page->findChild<QTabBar*>()->setCurrentIndex(1);
        click("addSweepKey");
        const QByteArray number = QByteArray::number(place);
        auto* edit = find<QComboBox>(("sweepKey" + number).constData()).lineEdit();
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, key);
        QTest::keyClick(edit, Qt::Key_Return);
        type(("sweepValues" + number).constData(), values);
    }
    QStringList listedJobs() const {
        const QAbstractItemModel* model = find<QListView>("sweepJobs").model();
        QStringList jobs;
        for (int row = 0; row < model->rowCount(); ++row)
            jobs.append(model->index(row, 0).data().toString());
        return jobs;
    }
    // A run as the demo leaves one, its record whole.
    fs::path writeRun(const char* name, int cycles) const {
        const fs::path root = in(name).toStdString();
        fixture::RunSpec spec;
        spec.cycles = spec.cyclesAsked = cycles;
        fixture::writeFinishedRun(root, spec);
        writeFile(root / ".hydra" / "config.yaml",
                  toYaml(composed({QStringLiteral("experiment=demo"), QStringLiteral("sae.aux_k=8"),
                                   QStringLiteral("seed=5")})
                             .tree));
        return root;
    }
    void drop(const QString& path) const {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        const QPoint middle = m_page->rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_page.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(middle, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_page.get(), &event);
        settle();
    }

private Q_SLOTS:
    void initTestCase() {
        begin("tst_launch_jobs");
        qRegisterMetaType<QList<JobSpec>>();
    }
    void cleanupTestCase() { end(); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        openPage();
        m_jobs = std::make_unique<QSignalSpy>(m_page.get(), &LaunchPage::jobsRequested);
        load({QStringLiteral("experiment=demo")});
    }
    void cleanup() {
        m_jobs.reset();
        m_page.reset();
        m_folder.reset();
        QSettings().clear();
    }

    void runAsksForOneJob() {
        QTest::mouseClick(&run(), Qt::LeftButton);
        QTRY_COMPARE(m_jobs->size(), 1);
        JobSpec expected;
        expected.overrides = QStringList{QStringLiteral("experiment=demo")};
        QCOMPARE(asked(), QList<JobSpec>{expected});
        m_page->setQueueBusy(true);
        QCOMPARE(run().text(), QStringLiteral("Add to queue"));
        QVERIFY(run().isEnabled());
        m_page->setQueueBusy(false);
        QCOMPARE(run().text(), QStringLiteral("Run"));
        // Asked for in the same moment as a change: the change counts.
        line("seed").setFocus();
        line("seed").selectAll();
        QTest::keyClicks(&line("seed"), QStringLiteral("9"));
        m_page->requestRun();
        QTRY_COMPARE(m_jobs->size(), 2);
        QCOMPARE(asked()[0].overrides.last(), QStringLiteral("seed=9"));
        line("seed").selectAll();
        QTest::keyClicks(&line("seed"), QStringLiteral("-1"));
        m_page->requestRun();
        settle();
        QVERIFY(line("seed").hasFocus());
        QCOMPARE(m_jobs->size(), 2);
    }

    void estimatesAreAskedForOnceTheChoicesRest() {
        QSignalSpy wanted(m_page.get(), &LaunchPage::estimateWanted);
        QSignalSpy obsolete(m_page.get(), &LaunchPage::estimateObsolete);
        type("seed", QStringLiteral("9"));
        QVERIFY(obsolete.size() > 0);
        QCOMPARE(wanted.size(), 0);
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].value<JobSpec>().overrides.last(), QStringLiteral("seed=9"));
        m_page->showEstimate(QStringLiteral("about 30 s"));
        QCOMPARE(find<QLabel>("estimate").text(), QStringLiteral("about 30 s"));
        type("seed", QStringLiteral("-1"));
        QCOMPARE(find<QLabel>("estimate").text(), QString());
    }

    void whatIsLoadedComesBackTheSame_data() {
        QTest::addColumn<QStringList>("overrides");
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("all kinds") << QStringList{QStringLiteral("experiment=demo"),
                                                  QStringLiteral("model=gpt2_small"),
                                                  QStringLiteral("control=random"),
                                                  QStringLiteral("output_dir=/tmp/runs"),
                                                  QStringLiteral("model.learning_rate=3e-4"),
                                                  QStringLiteral("sae.k=9"),
                                                  QStringLiteral("sae.aux_k=8"),
                                                  QStringLiteral("+absorption=true"),
                                                  QStringLiteral("hydra.run.dir=/tmp/mine"),
                                                  QStringLiteral("hydra.job.name='my trial'"),
                                                  QStringLiteral("++sharpening.seed=4")};
        QTest::newRow("wrong values")
            << QStringList{QStringLiteral("seed=many"), QStringLiteral("sae.k=0"),
                           QStringLiteral("device=cuda"), QStringLiteral("sae.token_level=maybe")};
        QTest::newRow("unknown things")
            << QStringList{QStringLiteral("model=no_such_model"), QStringLiteral("no.such.key=1"),
                           QStringLiteral("~wandb"), QStringLiteral("not an override")};
    }
    void whatIsLoadedComesBackTheSame() {
        QFETCH(QStringList, overrides);
        load(overrides);
        QStringList sorted = m_page->overrides();
        QStringList expected = overrides;
        sorted.sort();
        expected.sort();
        expected.replaceInStrings(QStringLiteral("++sharpening"), QStringLiteral("sharpening"));
        expected.sort();
        sorted.sort();
        if (overrides.contains(QStringLiteral("not an override")))
            QCOMPARE(sorted.join(QLatin1Char(' ')), QStringLiteral("an model=no_such_model no.such.key=1 not "
                                                                   "override ~wandb"));
        else
            QCOMPARE(sorted, expected);
        const QStringList once = m_page->overrides();
        load(once);
        QCOMPARE(m_page->overrides(), once);
    }

    void theCommandIsWhatIsComposed() {
        load({QStringLiteral("experiment=demo"), QStringLiteral("sae=l1"), QStringLiteral("control=lambda_0"),
              QStringLiteral("seed=3"), QStringLiteral("model.dropout=0"),
              QStringLiteral("dataset.class_names=[bad,good]"), QStringLiteral("+absorption=true")});
        QCOMPARE(m_page->error(), QString());
        JobSpec spec;
        spec.overrides = m_page->overrides();
        QCOMPARE(m_page->command(), jobCommand(spec));
        QCOMPARE(yaml().toStdString(), toYaml(composed(m_page->overrides()).tree));
    }

    void stagesSayWhatIsMissing() {
        choose("stage", QStringLiteral("Train the autoencoder (train_sae)"));
        QVERIFY2(m_page->error().contains(QStringLiteral("there is no run below")),
                 qPrintable(m_page->error()));
        QVERIFY(!run().isEnabled());
        // A preset for a new run is not laid over an old one's record.
        QCOMPARE(command(), QStringLiteral("saeception train_sae"));
        QCOMPARE(find<QComboBox>("experiment").currentIndex(), -1);
        const fs::path root = writeRun("one", 1);
        line("runFolder").setText(QString::fromStdString(root.string()));
        settle();
        QCOMPARE(m_page->error(), QString());
        QVERIFY(run().isEnabled());
        QVERIFY(find<QLabel>("place").text().contains(QString::fromStdString(root.string())));
        // The run's own record is what the settings stand on.
        QCOMPARE(line("seed").text(), QStringLiteral("5"));
        QCOMPARE(line("all:sae.aux_k").text(), QStringLiteral("8"));
        type("stage:cycle.current", QStringLiteral("1"));
        QVERIFY2(m_page->error().contains(QStringLiteral("model_cycle_1_best.pt is missing in")),
                 qPrintable(m_page->error()));
        QVERIFY(!run().isEnabled());
        QVERIFY(!has("stage:problem:cycle.current") && !has("all:problem:seed"));
        type("stage:cycle.current", QStringLiteral("0"));
        QCOMPARE(m_page->error(), QString());
        // What is set differently from the record is said before it is done.
        type("all:sae.aux_k", QStringLiteral("4"));
        QVERIFY(find<QLabel>("placeWarning").text().contains(QStringLiteral("sae.aux_k=4 (was 8)")));
        QTest::mouseClick(&run(), Qt::LeftButton);
        QTRY_COMPARE(m_jobs->size(), 1);
        QCOMPARE(asked()[0].command, QStringLiteral("train_sae"));
        QVERIFY(asked()[0].overrides.last().startsWith(QStringLiteral("hydra.run.dir=")));
    }

    void stagesFindTheNewestRun() {
        const fs::path root = writeRun("outputs/2026-01-02/10-00-00", 1);
        load({});
        line("output_dir").setText(in("outputs"));
        settle();
        choose("stage", QStringLiteral("Evaluate (evaluate)"));
        QCOMPARE(m_page->error(), QString());
        QVERIFY(find<QLabel>("place").text().contains(QStringLiteral("the newest run with")));
        QVERIFY(find<QLabel>("place").text().contains(QString::fromStdString(root.string())));
    }

    void aFolderThatIsTakenIsRefused() {
        const fs::path root = writeRun("one", 1);
        line("runFolder").setText(QString::fromStdString(root.string()));
        settle();
        QVERIFY2(m_page->error().contains(QStringLiteral("is not empty")), qPrintable(m_page->error()));
        QVERIFY(!run().isEnabled());
    }

    void sweepsMakeAJobForEachCombination() {
        addSweepKey(0, QStringLiteral("sae.k"), QStringLiteral("4, 8"));
        QCOMPARE(find<QLabel>("sweepCount").text(), QStringLiteral("2 jobs, every combination"));
        addSweepKey(1, QStringLiteral("seed"), QStringLiteral("range(1,4)"));
        QCOMPARE(listedJobs().size(), 6);
        QCOMPARE(listedJobs()[5], QStringLiteral("#5 : sae.k=8 seed=3"));
        QCOMPARE(run().text(), QStringLiteral("Run 6 jobs"));
        QCOMPARE(m_page->jobCount(), 6);
        QCOMPARE(m_page->error(), QString());
        QCOMPARE(command(), QStringLiteral("saeception train_cycle -m experiment=demo sae.k=4,8 "
                                           "'seed=range(1,4)'"));
        // The configuration shown is that of the chosen job.
        QVERIFY(yaml().contains(QStringLiteral("seed: 1\n")));
        auto& list = find<QListView>("sweepJobs");
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {},
                          list.visualRect(list.model()->index(5, 0)).center());
        settle();
        QVERIFY(yaml().contains(QStringLiteral("seed: 3\n")) && yaml().contains(QStringLiteral("  k: 8\n")));

        line("runFolder").setText(in("sweep"));
        settle();
        QVERIFY(m_page->overrides().last().startsWith(QStringLiteral("hydra.sweep.dir=")));
        QTest::mouseClick(&run(), Qt::LeftButton);
        QTRY_COMPARE(m_jobs->size(), 1);
        const QList<JobSpec> jobs = asked();
        QCOMPARE(jobs.size(), 6);
        QVERIFY(QFile::exists(in("sweep/multirun.yaml")));
        for (int number = 0; number < 6; ++number) {
            QCOMPARE(jobs[number].sweepNumber, std::optional<int>(number));
            QVERIFY(jobs[number].sweepTime.has_value());
            ComposeRequest request;
            for (const QString& text : jobs[number].overrides)
                request.overrides.push_back(text.toStdString());
            request.jobNumber = number;
            const Composition composition = compose(request);
            QCOMPARE(composition.config.sae.k, number < 3 ? 4 : 8);
            QCOMPARE(composition.config.seed, std::int64_t(1 + number % 3));
            QCOMPARE(QString::fromStdString(composition.runDir),
                     in("sweep") + QStringLiteral("/%1").arg(number));
        }
        // A job of it to be run again is a run of its own.
        m_page->load(jobs[4]);
        settle();
        QCOMPARE(m_page->overrides(), (QStringList{QStringLiteral("experiment=demo"),
                                                   QStringLiteral("seed=2"), QStringLiteral("sae.k=8")}));
        QCOMPARE(m_page->jobCount(), 1);
        QCOMPARE(m_page->error(), QString());
    }

    void endedJobsOfASweepStandInItsTable() {
        load({QStringLiteral("experiment=demo"), QStringLiteral("cycle.max_cycles=0"),
              QStringLiteral("threads=1"), QStringLiteral("dataset.limit=100"),
              QStringLiteral("model.vocab_size=300"), QStringLiteral("model.hidden_size=16"),
              QStringLiteral("model.num_layers=2"), QStringLiteral("model.num_heads=2"),
              QStringLiteral("model.epochs_per_cycle=1"), QStringLiteral("sae.expansion_factor=2"),
              QStringLiteral("sae.aux_k=8"), QStringLiteral("sae.epochs=1"),
              QStringLiteral("evaluation.bootstrap_samples=0"), QStringLiteral("sae.k=4,8")});
        line("runFolder").setText(in("sweep"));
        settle();
        QCOMPARE(m_page->error(), QString());
        QTest::mouseClick(&run(), Qt::LeftButton);
        QTRY_COMPARE(m_jobs->size(), 1);
        class Deaf : public EventSink {
            void handle(const Event&) override {}
        } deaf;
        const fs::path sweep = in("sweep").toStdString();
        jobWork(asked()[1])(deaf, {});
        QVERIFY(fs::exists(sweep / "1" / "checkpoints" / "results_cycle_0.json"));
        const QString table = QString::fromStdString(readFile(sweep / "results.csv"));
        QVERIFY2(table.contains(QStringLiteral("sweep/0,not run,,4,")), qPrintable(table));
        QVERIFY2(table.contains(QStringLiteral("sweep/1,done,,8,0,")), qPrintable(table));
    }

    void wrongSweepsSayWhy() {
        addSweepKey(0, QStringLiteral("sae.kk"), QStringLiteral("4,8"));
        QVERIFY2(m_page->error().contains(QStringLiteral("Did you mean 'sae.k'?")),
                 qPrintable(m_page->error()));
        QVERIFY(find<QLabel>("sweepProblem0").isVisible());
        QVERIFY(!run().isEnabled());
        click("removeSweepKey0");
        QCOMPARE(m_page->error(), QString());
        addSweepKey(0, QStringLiteral("sae.k"), QStringLiteral("4,none"));
        QVERIFY2(m_page->error().contains(QStringLiteral("sae.k=none: must be a whole number")),
                 qPrintable(m_page->error()));
        type("sweepValues0", QStringLiteral("4,1000"));
        QVERIFY2(m_page->error().contains(QStringLiteral("job #1 (sae.k=1000): sae.k=1000 exceeds")),
                 qPrintable(m_page->error()));
        QVERIFY(find<QLabel>("sweepProblem").text().contains(m_page->error()));
        QVERIFY(problem("sae.k").isEmpty());  // the form's own value is right
        m_page->findChild<QTabBar*>()->setCurrentIndex(0);
        click("showError");
        QCOMPARE(m_page->findChild<QTabBar*>()->currentIndex(), 1);
        type("sweepValues0", QStringLiteral("4,8"));
        QCOMPARE(m_page->error(), QString());
        addSweepKey(1, QStringLiteral("sae"), QStringLiteral("glob(*topk*)"));
        QCOMPARE(listedJobs().size(), 6);
        addSweepKey(2, QStringLiteral("seed"), QStringLiteral("1"));
        QVERIFY(!find<QPushButton>("addSweepKey").isEnabled());
    }

    void aPresetMayBeASweep() {
        load({QStringLiteral("experiment=controls"), QStringLiteral("dataset=demo")});
        QCOMPARE(m_page->error(), QString());
        QCOMPARE(m_page->jobCount(), 4);
        QCOMPARE(listedJobs()[3], QStringLiteral("#3 : control=lambda_0"));
        QCOMPARE(command(), QStringLiteral("saeception train_cycle experiment=controls dataset=demo"));
        QTest::mouseClick(&run(), Qt::LeftButton);
        QTRY_COMPARE(m_jobs->size(), 1);
        QCOMPARE(asked().size(), 4);
        m_page->load(asked()[2]);
        settle();
        QCOMPARE(m_page->jobCount(), 1);
        QCOMPARE(m_page->error(), QString());
        QVERIFY(m_page->overrides().contains(QStringLiteral("control=random")));
        QDir(QStringLiteral("multirun")).removeRecursively();
    }

    void droppedConfigurationsFillTheForm() {
        const Composition other =
            composed({QStringLiteral("experiment=demo"), QStringLiteral("sae.k=9"),
                      QStringLiteral("dataset.class_names=[bad,good]"), QStringLiteral("+absorption=true")});
        writeFile(in("config.yaml").toStdString(), toYaml(other.tree));
        drop(in("config.yaml"));
        QCOMPARE(banner(), QString());
        // Against the present preset, the demo, only these differ.
        QCOMPARE(
            m_page->overrides(),
            (QStringList{QStringLiteral("experiment=demo"), QStringLiteral("dataset.class_names=[bad,good]"),
                         QStringLiteral("sae.k=9"), QStringLiteral("+absorption=true")}));
        writeFile(in("overrides.yaml").toStdString(), "- dataset=demo\n- sae=l1\n- seed=4\n");
        drop(in("overrides.yaml"));
        QCOMPARE(m_page->overrides(), (QStringList{QStringLiteral("dataset=demo"), QStringLiteral("sae=l1"),
                                                   QStringLiteral("seed=4")}));
        writeFile(in("multirun.yaml").toStdString(),
                  "hydra:\n  job:\n    name: train_cycle\n  overrides:\n    task:\n    - dataset=demo\n    - "
                  "sae.k=4,8\n");
        drop(in("multirun.yaml"));
        QCOMPARE(m_page->overrides(), QStringList{QStringLiteral("dataset=demo")});
        QCOMPARE(m_page->jobCount(), 2);
    }

    void whatCannotBeLoadedIsSaid() {
        writeFile(in("odd.yaml").toStdString(),
                  "sae:\n  k: 9\n  kk: 3\nmodel:\n  name: [1, 2]\nseed: many\n");
        QVERIFY(m_page->loadFile(in("odd.yaml")));
        settle();
        QVERIFY2(banner().contains(QStringLiteral("odd.yaml was loaded, all but this:")),
                 qPrintable(banner()));
        QVERIFY(banner().contains(QStringLiteral("'sae.kk'")));
        QCOMPARE(line("sae.k").text(), QStringLiteral("9"));
        QVERIFY(problem("seed").contains(QStringLiteral("seed=many")));
        for (const char* text : {"a: [1\n", "just words\n", "key: 'open\n"}) {
            const QStringList before = m_page->overrides();
            writeFile(in("bad.yaml").toStdString(), text);
            QVERIFY(!m_page->loadFile(in("bad.yaml")));
            QVERIFY2(banner().contains(QStringLiteral("bad.yaml")), qPrintable(banner()));
            QCOMPARE(m_page->overrides(), before);
        }
        QVERIFY(!m_page->loadFile(in("nothing.yaml")));
        writeFile(in("big.yaml").toStdString(), std::string(100000, '#'));
        QVERIFY(!m_page->loadFile(in("big.yaml")));
        QVERIFY(banner().contains(QStringLiteral("big.yaml has 97 kB")));
    }

    void droppedRunFoldersAreHandedOn() {
        QSignalSpy dropped(m_page.get(), &LaunchPage::runFolderDropped);
        const QString root = QString::fromStdString(writeRun("one", 1).string());
        drop(root);
        QCOMPARE(dropped.size(), 1);
        QCOMPARE(dropped[0][0].toString(), root);
        QVERIFY(!m_page->loadFile(m_folder->path()));
        QVERIFY(banner().contains(QStringLiteral("is not a run's folder")));
        QCOMPARE(dropped.size(), 1);
    }
};

QTEST_MAIN(TestLaunchJobs)
#include "tst_launch_jobs.moc"
