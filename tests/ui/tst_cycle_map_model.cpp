// SPDX-License-Identifier: GPL-3.0-or-later
// The cycle map's model: what becomes of its nodes by events, by the files of a run, and by both; folders
// that are damaged; what is out of date.
#include "cycle/stage_commands.h"
#include "cycle_fixture.h"
#include "ui/jobs/run_replay.h"
#include "ui/models/cycle_map_model.h"
#include "ui/models/cycle_numbers.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace saeception;
using fixture::CycleRun;
using Kind = CycleNodeKind;
namespace fs = std::filesystem;

namespace {

class Collector : public EventSink {
public:
    void handle(const Event& event) override { events.push_back(event); }
    std::vector<Event> events;
};

}  // namespace

class TestCycleMapModel : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CycleMapModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    fs::path root() const { return fs::path(m_folder->path().toStdString()) / "run"; }
    void scan() { m_model->setContents(readCycleMap(root())); }
    void tell(double time, EventBody body) { m_model->apply({time, std::move(body)}); }
    StageState state(int cycle, Kind kind) const {
        const int row = m_model->rowOf({cycle, kind});
        return row < 0 ? StageState::Waiting : m_model->state(row).state;
    }
    bool stale(int cycle, Kind kind) const { return m_model->state(m_model->rowOf({cycle, kind})).stale; }
    QVariant at(int cycle, Kind kind, int role = Qt::DisplayRole) const {
        return m_model->index(m_model->rowOf({cycle, kind})).data(role);
    }
    QString words(int cycle, Kind kind) const {
        return at(cycle, kind, CycleMapModel::StateTextRole).toString();
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_model = std::make_unique<CycleMapModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    }
    void cleanup() {
        m_tester.reset();
        m_model.reset();
    }

    void everyCycleHasItsNodes() {
        tell(1, RunStarted{"/nowhere", 0, 1});
        QCOMPARE(m_model->rowCount(), 24);
        QStringList titles;
        for (int row = 0; row < 14; ++row)
            titles << m_model->index(row).data().toString();
        QCOMPARE(
            titles.join(QLatin1Char(' ')),
            QStringLiteral("Prepare data tokenizer Fine-tune model_0 Extract activations_0 Train SAE sae_0 "
                           "Evaluate results_0 Index features features_0 Sharpen targets_1"));
        QCOMPARE(at(1, Kind::Tune).toString(), QStringLiteral("Retrain"));
        QCOMPARE(at(1, Kind::Tune, CycleMapModel::NeedsRole).toStringList(),
                 QStringList({QStringLiteral("targets_1"), QStringLiteral("model_0")}));
        QCOMPARE(at(1, Kind::Tune, CycleMapModel::MakesRole).toStringList(),
                 QStringList{QStringLiteral("model_1")});
        QCOMPARE(m_model->rowOf({2, Kind::Sae}), -1);
        m_model->clear();
        QCOMPARE(m_model->rowCount(), 0);
    }

    void aRunByItsEvents() {
        m_model->setActive(true);
        tell(100, RunStarted{"/nowhere", 0, 1});
        QCOMPARE(state(0, Kind::Tune), StageState::Waiting);
        tell(100, StageStarted{Stage::Prepare, 0, 3});
        tell(102, StageFinished{Stage::Prepare, 0, 2});
        tell(102, StageStarted{Stage::Baseline, 0, 200});
        QCOMPARE(state(0, Kind::Prepare), StageState::Done);
        QCOMPARE(state(0, Kind::Tune), StageState::Running);
        QCOMPARE(state(0, Kind::Model), StageState::Waiting);
        tell(107, Progress{Stage::Baseline, 0, 50, 200, 15});
        QCOMPARE(at(0, Kind::Tune, CycleMapModel::FractionRole).toDouble(), 0.25);
        QCOMPARE(at(0, Kind::Tune, CycleMapModel::SecondsRole).toDouble(), 5.0);
        QCOMPARE(at(0, Kind::Tune, CycleMapModel::LongStateTextRole).toString(),
                 QStringLiteral("Running 25 %"));
        QCOMPARE(at(0, Kind::Tune, CycleMapModel::DetailTextRole).toString(), QStringLiteral("15 s left"));
        QCOMPARE(m_model->summary(), QStringLiteral("Running: Fine-tune, cycle 0"));
        m_model->tick(109);
        QCOMPARE(at(0, Kind::Tune, CycleMapModel::SecondsLeftRole).toDouble(), 13.0);
        tell(110, ArtefactSaved{Stage::Baseline, 0, "model"});
        QCOMPARE(words(0, Kind::Model), QStringLiteral("Best so far"));
        tell(110,
             EpochFinished{Stage::Baseline, 0, 1, 3, {{"train_loss", 0.5}, {"validation_accuracy", 0.75}}});
        const auto numbers = cycleNumbers(m_model->story(), {0, Kind::Tune});
        QCOMPARE(numbers.size(), std::size_t(3));
        QCOMPARE(numbers[0].value, QStringLiteral("1 of 3"));
        QCOMPARE(numbers[2].title, QStringLiteral("Validation accuracy"));
        QCOMPARE(numbers[2].value, QStringLiteral("0.750"));
        tell(111, Warning{"the loss is not finite"});
        QCOMPARE(cycleWarnings(m_model->story(), {0, Kind::Model}),
                 QStringList{QStringLiteral("the loss is not finite")});
        tell(126, StageFinished{Stage::Baseline, 0, 24});
        QCOMPARE(state(0, Kind::Model), StageState::Done);
        QCOMPARE(at(0, Kind::Tune, CycleMapModel::DetailTextRole).toString(), QStringLiteral("24 s"));
        double now = 125;
        for (const Stage stage : {Stage::Extract, Stage::Sae, Stage::Evaluate, Stage::Features}) {
            tell(now += 2, StageStarted{stage, 0, 10});
            tell(now, Progress{stage, 0, 5, 10, 2});
            tell(now + 2, StageFinished{stage, 0, 2});
        }
        tell(133, CycleEvaluated{0, fixture::metricsOf(0.9)});
        QCOMPARE(m_model->cycleSummary(0), QStringLiteral("accuracy 0.900 · 34 s"));
        // Sharpening sends no events: it follows the index of a cycle that is not the last.
        QCOMPARE(state(1, Kind::Sharpen), StageState::Running);
        QCOMPARE(state(1, Kind::Tune), StageState::Waiting);
        tell(137, StageStarted{Stage::Auxiliary, 1, 200});
        QCOMPARE(state(1, Kind::Sharpen), StageState::Done);
        QCOMPARE(state(1, Kind::Targets), StageState::Done);
        QCOMPARE(at(1, Kind::Sharpen, CycleMapModel::SecondsRole).toDouble(), 2.0);
        tell(138, RunPaused{});
        QCOMPARE(state(1, Kind::Tune), StageState::Paused);
        m_model->tick(500);  // time held is not the stage's
        QVERIFY(at(1, Kind::Tune, CycleMapModel::SecondsRole).toDouble() < 10);
        tell(140, RunResumed{2});
        QCOMPARE(state(1, Kind::Tune), StageState::Running);
        tell(141, RunFailed{"the loss is no longer finite"});
        m_model->setActive(false);
        QCOMPARE(state(1, Kind::Tune), StageState::Failed);
        QCOMPARE(m_model->story().record({1, Kind::Tune})->message,
                 std::string("the loss is no longer finite"));
        QCOMPARE(state(1, Kind::Extract), StageState::NotRun);
        QCOMPARE(m_model->summary(), QStringLiteral("Failed: Retrain, cycle 1; 1 of 2 cycles done"));
    }

    void rowsJoinAndChangeButNeverReset() {
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        tell(1, RunStarted{"/nowhere", 0, 0});
        QCOMPARE(inserted.size(), 1);
        tell(2, StageStarted{Stage::Sae, 0, 10});
        // The stage, and the artefact beneath it that it now is about to make.
        for (const auto& signal : changed)
            QVERIFY(signal[1].toModelIndex().row() - signal[0].toModelIndex().row() <= 1);
        const auto before = changed.size();
        tell(3, Progress{Stage::Sae, 0, 5, 10, 1});
        QCOMPARE(changed.size(), before + 1);
        QCOMPARE(changed.last()[0].toModelIndex().row(), m_model->rowOf({0, Kind::TrainSae}));
        tell(3, Scalar{Stage::Sae, 0, "sae/loss", 5, 0.5});
        QCOMPARE(changed.size(), before + 1);
        QCOMPARE(reset.size(), 0);
    }

    void aFinishedRunByItsFiles() {
        fixture::writeCycles(root(), 3);
        scan();
        QCOMPARE(m_model->rowCount(), 36);
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const CycleNode node = m_model->node(row);
            const bool removed = node.kind == Kind::Activations && node.cycle < 2;
            QVERIFY2(m_model->state(row).state == (removed ? StageState::Missing : StageState::Done) &&
                         !m_model->state(row).stale,
                     qPrintable(m_model->index(row).data(Qt::AccessibleTextRole).toString()));
        }
        QCOMPARE(words(0, Kind::Activations), QStringLiteral("Missing"));
        QCOMPARE(at(0, Kind::Activations, CycleMapModel::DetailTextRole).toString(),
                 QStringLiteral("can be remade"));
        QCOMPARE(at(1, Kind::Tune, CycleMapModel::DetailTextRole).toString(), QStringLiteral("20 s"));
        QCOMPARE(at(0, Kind::Results, CycleMapModel::FilesRole).toStringList().size(), 2);
        QVERIFY(at(0, Kind::Sae, CycleMapModel::BytesRole).toLongLong() > 0);
        QVERIFY(!m_model->isUnfinished());
        QCOMPARE(m_model->summary(), QStringLiteral("3 of 3 cycles done"));
        const auto numbers = cycleNumbers(m_model->story(), {1, Kind::Results});
        QVERIFY(!numbers.empty());
        QCOMPARE(numbers[0].title, QStringLiteral("Accuracy"));
        QCOMPARE(numbers[0].value, QStringLiteral("0.910"));
        QCOMPARE(numbers[0].change, QStringLiteral("▲ 0.010"));
        QCOMPARE(numbers[0].verdict, 1);
        const StageOffer& offer = m_model->story().contents().offers.at({1, Kind::TrainSae});
        QVERIFY(offer.missing.empty());
        QCOMPARE(offer.replaced, std::vector<Artefact>({{ArtefactKind::Sae, 1}}));
        QCOMPARE(offer.stale.size(), std::size_t(6));
    }

    void aRunThatWasCut() {
        CycleRun run(root(), 2);
        run.prepare();
        run.cycle(0);
        run.start(Stage::Auxiliary, 1);
        run.epoch(Stage::Auxiliary, 1, 1, 3, {{"train_loss", 0.5}});
        run.lastWord("info] stopped on request");
        scan();
        QCOMPARE(state(0, Kind::Index), StageState::Done);
        QCOMPARE(state(1, Kind::Sharpen), StageState::NotRun);
        QCOMPARE(state(1, Kind::Tune), StageState::Stopped);
        QCOMPARE(state(1, Kind::Model), StageState::NotRun);
        QCOMPARE(state(1, Kind::Extract), StageState::NotRun);
        QVERIFY(m_model->isUnfinished());
        // A checkpoint of its best epoch so far does not make it done.
        run.model(1);
        scan();
        QCOMPARE(state(1, Kind::Tune), StageState::Stopped);
        QCOMPARE(state(1, Kind::Model), StageState::Stopped);
        QCOMPARE(words(1, Kind::Model), QStringLiteral("Best so far"));
        run.lastWord("error] the disk is full");
        scan();
        QCOMPARE(state(1, Kind::Tune), StageState::Failed);
        QCOMPARE(m_model->story().record({1, Kind::Tune})->message, std::string("the disk is full"));
    }

    void whatWasMadeFromSomethingReplaced() {
        CycleRun run(root(), 2);
        run.prepare();
        run.cycle(0);
        run.cycle(1);
        run.trainSae(0);
        run.lastWord("info] done", "train_sae");
        scan();
        QVERIFY(!stale(0, Kind::Sae));
        QVERIFY(!stale(0, Kind::Model));
        for (const auto& [cycle, kind] :
             {std::pair(0, Kind::Results), std::pair(0, Kind::Features), std::pair(1, Kind::Model),
              std::pair(1, Kind::Sae), std::pair(1, Kind::Results), std::pair(1, Kind::Features)}) {
            QVERIFY2(stale(cycle, kind), qPrintable(at(cycle, kind).toString()));
            QCOMPARE(words(cycle, kind), QStringLiteral("Out of date"));
        }
        QVERIFY2(m_model->summary().startsWith(QStringLiteral("2 of 2 cycles done, ")) &&
                     m_model->summary().endsWith(QStringLiteral(" files out of date")),
                 qPrintable(m_model->summary()));
        // What the command line calls stale is out of date here.
        ExperimentConfig config;
        for (const Artefact& artefact : staleAfter(stageCommand("train_sae"), config, run.run()))
            QVERIFY(stale(artefact.cycle, nodeOf(artefact).kind));
        QCOMPARE(m_model->state(m_model->rowOf({0, Kind::Results})).cause, (CycleNode{0, Kind::Sae}));
        // Making them again one by one ends it, step by step.
        run.evaluate(0);
        scan();
        QVERIFY(!stale(0, Kind::Results));
        QVERIFY(stale(1, Kind::Model));
        run.tune(1);
        run.extract(1);
        run.trainSae(1);
        run.evaluate(1);
        scan();
        for (int row = 0; row < m_model->rowCount(); ++row)
            QVERIFY2(!m_model->state(row).stale, qPrintable(m_model->index(row).data().toString()));
    }

    void aCopyIsNotOutOfDate() {
        CycleRun run(root(), 1);
        run.prepare();
        run.cycle(0);
        run.lastWord("info] done");
        // Copying may leave any order of times.
        fs::last_write_time(run.run().resultsJson(0),
                            fs::file_time_type::clock::now() - std::chrono::hours(5));
        fs::last_write_time(run.run().sae(0), fs::file_time_type::clock::now());
        scan();
        QVERIFY(!stale(0, Kind::Results));
        fs::remove(run.run().metricsLog());
        m_model->clear();
        scan();
        QCOMPARE(state(0, Kind::TrainSae), StageState::Done);
        QVERIFY(!stale(0, Kind::Results));
    }

    void aStageRunByItselfInAFinishedRun() {
        fixture::writeCycles(root(), 2);
        scan();
        m_model->setActive(true);
        const double now = 1.8e9;
        tell(now, RunStarted{root().string(), 0, 0});
        tell(now, StageStarted{Stage::Prepare, 0, 3});
        tell(now + 1, StageFinished{Stage::Prepare, 0, 1});
        tell(now + 1, StageStarted{Stage::Extract, 0, 3});
        tell(now + 2, StageFinished{Stage::Extract, 0, 1});
        tell(now + 2, StageStarted{Stage::Sae, 0, 100});
        QCOMPARE(state(0, Kind::TrainSae), StageState::Running);
        QCOMPARE(words(0, Kind::Sae), QStringLiteral("Being redone"));
        QCOMPARE(state(1, Kind::Tune), StageState::Done);
        QVERIFY(!stale(0, Kind::Results));
        // A scan that saw less than the events have told changes nothing of what goes on.
        scan();
        QCOMPARE(state(0, Kind::TrainSae), StageState::Running);
        tell(now + 9, StageFinished{Stage::Sae, 0, 7});
        tell(now + 9, RunFinished{});
        m_model->setActive(false);
        QCOMPARE(state(0, Kind::TrainSae), StageState::Done);
        QVERIFY(stale(0, Kind::Results));
        QVERIFY(stale(1, Kind::Features));
        QVERIFY(!stale(0, Kind::Model));
    }

    void onlyWhatACommandWillDoIsWaitedFor() {
        CycleRun run(root(), 2);
        run.prepare();
        run.tune(0);
        run.lastWord("info] Preparing data", "train_sae");
        m_model->setActive(true);
        scan();
        tell(1.8e9, RunStarted{root().string(), 0, 0});
        QCOMPARE(state(0, Kind::Extract), StageState::Waiting);
        QCOMPARE(state(0, Kind::TrainSae), StageState::Waiting);
        QCOMPARE(state(0, Kind::Evaluate), StageState::NotRun);
        QCOMPARE(state(1, Kind::Tune), StageState::NotRun);
    }

    void aReplayAddsNothingWrongToTheFiles() {
        CycleRun run(root(), 2);
        run.prepare();
        run.cycle(0);
        run.start(Stage::Auxiliary, 1);
        run.model(1);
        run.lastWord("info] stopped on request");
        Collector replay;
        replayWork(run.run())(replay, RunControl());
        for (const bool filesFirst : {true, false}) {
            m_model->clear();
            if (filesFirst)
                scan();
            for (const Event& event : replay.events)
                m_model->apply(event);
            if (!filesFirst)
                scan();
            QCOMPARE(state(0, Kind::Index), StageState::Done);
            QCOMPARE(state(1, Kind::Tune), StageState::Stopped);
            QCOMPARE(at(0, Kind::TrainSae, CycleMapModel::SecondsRole).toDouble(), 10.0);
            QVERIFY(!stale(0, Kind::Results));
            QVERIFY(m_model->story().results().contains(0));
        }
    }

    void foldersThatAreDamaged() {
        fixture::writeCycles(root(), 2);
        const RunDirectory run = RunDirectory::at(root());
        writeFile(run.resultsJson(1), "{\"task_accuracy\": 0.9");
        fs::remove(run.model(0));
        fs::remove_all(root() / "features" / "cycle_1");
        fs::remove_all(run.tokenizer());
        writeFile(run.metricsLog(), "\xff{{{\n[]\n");
        scan();
        QCOMPARE(m_model->rowCount(), 24);
        QCOMPARE(state(0, Kind::Model), StageState::Missing);
        QCOMPARE(state(1, Kind::Results), StageState::Done);
        QCOMPARE(state(1, Kind::Index), StageState::NotRun);
        QCOMPARE(state(1, Kind::Features), StageState::NotRun);
        QCOMPARE(state(1, Kind::Sharpen), StageState::Done);
        QCOMPARE(state(0, Kind::Tokenizer), StageState::Missing);
        QVERIFY(!m_model->story().results().contains(1));
        QVERIFY(!m_model->story().contents().problems.empty());
        const StageOffer& offer = m_model->story().contents().offers.at({0, Kind::TrainSae});
        QVERIFY2(offer.missing.find("model_cycle_0_best.pt is missing") != std::string::npos,
                 offer.missing.c_str());
        // Without its record, what is there is shown.
        fs::remove_all(root() / ".hydra");
        m_model->clear();
        scan();
        QCOMPARE(m_model->rowCount(), 24);
        QVERIFY(!m_model->isUnfinished());
    }

    void aRunThatAsksForMoreThanCanBeDrawn() {
        CycleRun run(root(), 100'000);
        run.prepare();
        scan();
        QCOMPARE(m_model->story().cycles(), CycleMapContents::mostCycles);
        QVERIFY(m_model->story().contents().problems.back().find("the first 200 are shown") !=
                std::string::npos);
        tell(1, StageStarted{Stage::Sae, 5000, 1});
        QCOMPARE(m_model->rowCount(), 12 * CycleMapContents::mostCycles);
    }

    void nothingIsThere() {
        scan();
        QVERIFY(!m_model->story().contents().found);
        QCOMPARE(m_model->rowCount(), 0);
        fs::create_directories(root());
        scan();
        QVERIFY(!m_model->story().contents().found);
    }

    void theLoopFromABaseline() {
        fixture::writeCycles(root(), 3);
        const fs::path file = root() / ".hydra" / "config.yaml";
        writeFile(file, readFile(file) + "start_from: baseline\n");
        scan();
        QCOMPARE(at(2, Kind::Tune, CycleMapModel::NeedsRole).toStringList(),
                 QStringList({QStringLiteral("targets_2"), QStringLiteral("model_0")}));
    }
};

QTEST_MAIN(TestCycleMapModel)
#include "tst_cycle_map_model.moc"
