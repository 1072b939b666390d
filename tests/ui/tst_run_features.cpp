// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages are told of a run's features: indexes, labels and matches, and never those of another run.
#include "features/feature_labels.h"
#include "model/checkpoint.h"
#include "support/feature_fixture.h"
#include "ui/jobs/run_features.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;

class TestRunFeatures : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunFeatures> m_features;

    fs::path run(const char* name = "run") const {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
    void openRun(int cycles) {
        fixture::writeRun(run(), cycles);
        m_features->setRun(run());
    }
    bool isReady(int cycle) const { return m_features->state(cycle) == RunFeatures::State::Ready; }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_features = std::make_unique<RunFeatures>();
    }
    void cleanup() { m_features.reset(); }

    void readsWhatIsWanted() {
        QSignalSpy cycles(m_features.get(), &RunFeatures::cyclesChanged);
        QSignalSpy indexes(m_features.get(), &RunFeatures::indexChanged);
        openRun(3);
        QCOMPARE(cycles.size(), 1);
        QVERIFY(m_features->cycles() == std::vector<int>({0, 1, 2}));
        QCOMPARE(m_features->lastCycle(), 2);
        QCOMPARE(m_features->state(1), RunFeatures::State::Unread);
        m_features->want(1);
        m_features->want(1);
        QCOMPARE(m_features->state(1), RunFeatures::State::Reading);
        QVERIFY(m_features->isReading());
        QTRY_VERIFY(isReady(1));
        QCOMPARE(indexes.size(), 1);
        QCOMPARE(indexes.front().front().toInt(), 1);
        QCOMPARE(m_features->index(1)->cycle(), 1);
        QVERIFY(!m_features->index(0));
        const auto marks = m_features->search(1)->find("wonderful");
        QCOMPARE(std::count(marks.begin(), marks.end(), 1), 1);
        QVERIFY(!m_features->isReading());
    }

    void whatAnEarlierRunWouldHaveToldNeverArrives() {
        fixture::writeRun(run("other"), 1, 9);
        openRun(1);
        m_features->want(0);
        m_features->setRun(run("other"));
        QCOMPARE(m_features->state(0), RunFeatures::State::Unread);
        m_features->want(0);
        QSignalSpy indexes(m_features.get(), &RunFeatures::indexChanged);
        QTRY_VERIFY(isReady(0));
        QCOMPARE(m_features->index(0)->featureCount(), 9);
        QCOMPARE(indexes.size(), 1);
        m_features->setRun({});
        QVERIFY(m_features->cycles().empty());
        QVERIFY(!m_features->hasRun());
    }

    void aFolderThatIsNoRunIsNamed() {
        m_features->setRun(run("nowhere"));
        QVERIFY(m_features->problem().contains(QStringLiteral("nowhere")));
        QVERIFY(m_features->cycles().empty());
        m_features->want(0);
        QCOMPARE(m_features->state(0), RunFeatures::State::Unread);
    }

    void anUnusableIndexSaysWhyAndIsReadAgain() {
        openRun(1);
        const std::string whole = readFile(fixture::indexFile(run(), 0));
        writeFile(fixture::indexFile(run(), 0), whole.substr(0, 3000));
        m_features->want(0);
        QTRY_COMPARE(m_features->state(0), RunFeatures::State::Unusable);
        QVERIFY(!m_features->index(0));
        QVERIFY2(m_features->reason(0).contains(QStringLiteral("saeception features build")),
                 qPrintable(m_features->reason(0)));
        writeFile(fixture::indexFile(run(), 0), whole);
        m_features->reload();
        QTRY_VERIFY(isReady(0));
        QVERIFY(m_features->reason(0).isEmpty());
        // What has not changed is not read again.
        QSignalSpy indexes(m_features.get(), &RunFeatures::indexChanged);
        m_features->reload();
        QVERIFY(!m_features->isReading());
        m_features->retry(0);
        QVERIFY(indexes.wait());
    }

    void reloadFindsNewCyclesAndForgetsThoseThatAreGone() {
        openRun(1);
        QSignalSpy cycles(m_features.get(), &RunFeatures::cyclesChanged);
        fixture::writeIndex(fixture::indexFile(run(), 1), 1);
        m_features->reload();
        QCOMPARE(cycles.size(), 1);
        QCOMPARE(m_features->lastCycle(), 1);
        m_features->want(0);
        QTRY_VERIFY(isReady(0));
        fs::remove(fixture::indexFile(run(), 0));
        m_features->reload();
        QCOMPARE(cycles.size(), 2);
        QVERIFY(!m_features->index(0));
    }

    void labelsShowAtOnceAndAreSaved() {
        openRun(2);
        m_features->want(0);
        m_features->want(1);
        QTRY_VERIFY(isReady(0) && isReady(1));
        QSignalSpy changed(m_features.get(), &RunFeatures::labelsChanged);
        m_features->setLabel(0, 3, {"Film", "a note", true, {"B list", "a list"}});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.front().at(1).toInt(), 3);
        QCOMPARE(m_features->label(0, 3).label, std::string("Film"));
        QCOMPARE(m_features->lists(), QStringList({QStringLiteral("a list"), QStringLiteral("B list")}));
        QTRY_COMPARE(loadFeatureLabels(run(), "").size(), std::size_t(1));
        // The same once more is nothing new.
        m_features->setLabel(0, 3, {"Film", "a note", true, {"B list", "a list"}});
        QCOMPARE(changed.size(), 1);
        m_features->setLabel(0, 3, {});
        QTRY_VERIFY(loadFeatureLabels(run(), "").empty());
        QVERIFY(m_features->labels(0).empty());
    }

    void whatAnotherWindowWroteLaterStands() {
        openRun(1);
        m_features->want(0);
        RunFeatures other;
        other.setRun(run());
        other.want(0);
        QTRY_VERIFY(isReady(0) && other.state(0) == RunFeatures::State::Ready);
        const std::string sae = m_features->index(0)->origin().sae;
        m_features->setLabel(0, 1, {"here", "", false, {}});
        QTRY_VERIFY(!m_features->isSaving());
        QCOMPARE(loadFeatureLabels(run(), sae).at(1).label, std::string("here"));
        other.setLabel(0, 1, {"there", "", false, {}});
        QTRY_VERIFY(!other.isSaving());
        QCOMPARE(m_features->label(0, 1).label, std::string("here"));
        QSignalSpy read(m_features.get(), &RunFeatures::indexChanged);
        m_features->retry(0);
        QTRY_COMPARE(read.size(), 1);
        QCOMPARE(m_features->label(0, 1).label, std::string("there"));
    }

    void aLabelGivenWhileTheIndexIsReadStays() {
        openRun(1);
        m_features->want(0);
        QTRY_VERIFY(isReady(0));
        QSignalSpy read(m_features.get(), &RunFeatures::indexChanged);
        m_features->retry(0);
        m_features->setLabel(0, 1, {"meanwhile", "", false, {}});
        QTRY_COMPARE(read.size(), 1);
        QCOMPARE(m_features->label(0, 1).label, std::string("meanwhile"));
    }

    void aLabelThatCannotBeSavedIsTakenBackAndSaid() {
        openRun(1);
        m_features->want(0);
        QTRY_VERIFY(isReady(0));
        writeFile(run() / "features" / "labels.json", "no JSON");
        QSignalSpy failed(m_features.get(), &RunFeatures::labelsFailed);
        m_features->setLabel(0, 1, {"dull words", "", false, {}});
        QCOMPARE(m_features->label(0, 1).label, std::string("dull words"));
        QVERIFY(failed.wait());
        QVERIFY(failed.front().front().toString().contains(QStringLiteral("labels.json")));
        QVERIFY(m_features->label(0, 1).empty());
        QCOMPARE(readFile(run() / "features" / "labels.json"), std::string("no JSON"));
    }

    void matchesAreWorkedOutWhenAskedFor() {
        openRun(2);
        for (int cycle = 0; cycle < 2; ++cycle) {
            Checkpoint checkpoint;
            checkpoint.state = {{"decoder.weight", at::eye(8).narrow(1, 0, 6).contiguous()}};
            createDirectories(RunDirectory::at(run()).checkpoints());
            saveCheckpoint(RunDirectory::at(run()).sae(cycle), checkpoint);
        }
        QVERIFY(!m_features->matches(1));
        m_features->wantMatches(1);
        QTRY_VERIFY(m_features->matches(1));
        QCOMPARE(m_features->matches(1)->before.fate(0), Fate::Kept);
        QCOMPARE(m_features->matches(1)->before.fate(2), Fate::Silent);
        QVERIFY(fs::exists(RunDirectory::at(run()).matches(1)));
        m_features->wantMatches(0);  // nothing before it
        QVERIFY(!m_features->matches(0));
        // An index that is read anew has matches of its own.
        QSignalSpy matched(m_features.get(), &RunFeatures::matchesChanged);
        fixture::writeIndex(fixture::indexFile(run(), 1), 1, 6, 5);
        m_features->reload();
        QVERIFY(matched.wait());
        QVERIFY(m_features->matches(1));
    }

    void matchesThatCannotBeToldSayWhy() {
        openRun(2);
        m_features->wantMatches(1);
        QTRY_VERIFY(!m_features->matchesReason(1).isEmpty());
        QVERIFY2(m_features->matchesReason(1).contains(QStringLiteral("sae_cycle_0_best.pt")),
                 qPrintable(m_features->matchesReason(1)));
        QVERIFY(!m_features->matches(1));
    }
};

QTEST_MAIN(TestRunFeatures)
#include "tst_run_features.moc"
