// SPDX-License-Identifier: GPL-3.0-or-later
// The Sentences page while runs come, grow and break.
#include "support/sentence_fixture.h"
#include "support/sentences_page_driver.h"
#include "ui/jobs/run_features.h"
#include "ui/models/sentence_words.h"
#include "ui/pages/sentence_header.h"
#include "ui/pages/sentences_page.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QComboBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>

using namespace saeception;

class TestSentencesRuns : public QObject, SentencesPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_sentences_runs"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

    void saysThatNoRunIsOpen() {
        QCOMPARE(find<EmptyState>("sentencesState").title(), QStringLiteral("No run is open"));
        QVERIFY(!shows("sentenceTable"));
        QVERIFY(!shows("sentencesRebuild"));
        QSignalSpy launch(m_page.get(), &SentencesPage::launchPageRequested);
        QSignalSpy open(m_page.get(), &SentencesPage::openRequested);
        QTest::mouseClick(&find<QPushButton>("sentencesLaunch"), Qt::LeftButton);
        QTest::mouseClick(&find<QPushButton>("sentencesOpen"), Qt::LeftButton);
        QCOMPARE(launch.size(), 1);
        QCOMPARE(open.size(), 1);
        m_features->setRun(run("nowhere"));
        QVERIFY(find<NoticeBanner>("sentencesBanner").text().contains(QStringLiteral("nowhere")));
        QVERIFY(shows("sentencesBanner"));
    }

    void aRunWithoutIndexesGainsThem() {
        fixture::writeVariedRun(run(), 0);
        m_features->setRun(run());
        QCOMPARE(find<EmptyState>("sentencesState").title(), QStringLiteral("No sentences yet"));
        QVERIFY(!shows("sentencesLaunch"));
        fixture::writeVariedIndex(run(), 0);
        m_features->reload();
        QCOMPARE(find<EmptyState>("sentencesState").title(), QStringLiteral("Reading the sentences…"));
        QVERIFY(m_page->isLoading());
        QTRY_COMPARE(rows().rowCount(), 64);
        QVERIFY(shows("sentenceTable"));
        QVERIFY(!m_page->isLoading());
        // One cycle alone flips nothing.
        QVERIFY(!shows("flipsFilter"));
        QVERIFY(list().isColumnHidden(section(Kind::Flips)));
        QCOMPARE(find<QComboBox>("predictionFilter").findText(QStringLiteral("Wrong in every cycle")), -1);
    }

    void asksForCyclesOnlyWhileItIsSeen() {
        m_page->hide();
        fixture::writeVariedRun(run(), 2);
        m_features->setRun(run());
        QCOMPARE(m_features->state(0), RunFeatures::State::Unread);
        // Another page asks: still nothing is made of it here.
        QSignalSpy read(m_features.get(), &RunFeatures::indexChanged);
        m_features->want(1);
        QVERIFY(read.wait());
        QCOMPARE(table().rowCount(), 0);
        QCOMPARE(m_features->state(0), RunFeatures::State::Unread);
        m_page->show();
        QTRY_COMPARE(rows().rowCount(), 64);
        QCOMPARE(table().predictions()->cycles().size(), std::size_t(2));
    }

    void aNewCycleLosesNothing() {
        openRun(2);
        m_page->resize(1160, 400);
        chooseItem("predictionFilter", QStringLiteral("Right in cycle 0"));
        list().sortByColumn(section(Kind::Loss, 1), Qt::DescendingOrder);
        const int middle = rows().rowCount() / 2;
        click(middle, section(Kind::Sentence));
        list().verticalScrollBar()->setValue(list().verticalScrollBar()->maximum() / 2);
        const SentenceKey chosen = keyAt(middle);
        const SentenceKey top = keyAt(list().rowAt(0));
        const int scrolled = list().verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        const std::vector<int> shown = rows().sourceRows();

        fixture::writeVariedIndex(run(), 2);
        m_features->reload();
        QCOMPARE(rows().sourceRows(), shown);  // while it is read
        QTRY_VERIFY(section(Kind::Prediction, 2) >= 0);
        QVERIFY(!m_page->isLoading());
        QCOMPARE(rows().sourceRows(), shown);
        QCOMPARE(find<QComboBox>("predictionFilter").currentText(), QStringLiteral("Right in cycle 0"));
        QVERIFY(find<QComboBox>("predictionFilter").findText(QStringLiteral("Wrong in cycle 2")) > 0);
        QCOMPARE(rows().sortSection(), section(Kind::Loss, 1));
        QCOMPARE(list().horizontalHeader()->sortIndicatorSection(), section(Kind::Loss, 1));
        QCOMPARE(keyAt(list().currentIndex().row()), chosen);
        QCOMPARE(list().chosenRows().size(), std::size_t(1));
        QCOMPARE(keyAt(list().rowAt(0)), top);
        QCOMPARE(list().verticalScrollBar()->value(), scrolled);
        // The newest loss shows, and that of before as long as it explains the order.
        QVERIFY(!list().isColumnHidden(section(Kind::Loss, 2)));
        QVERIFY(!list().isColumnHidden(section(Kind::Loss, 1)));
        QVERIFY(list().isColumnHidden(section(Kind::Loss, 0)));
        QVERIFY(shows("flipsFilter"));
    }

    void aNewCycleThatChangesTheRowsKeepsThePlace() {
        openRun(2);
        m_page->resize(1160, 400);
        chooseItem("predictionFilter", QStringLiteral("Right in every cycle"));
        // Sentences that are still right with the cycle to come.
        const auto later = fixture::variedSentences(2);
        const auto stays = [&](SentenceKey key) {
            for (const auto& sentence : later)
                if (sentenceKey(sentence.split, sentence.example) == key)
                    return (sentence.logits[1] > sentence.logits[0] ? 1 : 0) == sentence.label;
            return false;
        };
        int row = rows().rowCount() / 2;
        while (!stays(keyAt(row)))
            ++row;
        click(row, section(Kind::Sentence));
        const SentenceKey chosen = keyAt(row);
        const int y = list().visualRect(rows().index(row, section(Kind::Sentence))).y();
        const int before = rows().rowCount();
        fixture::writeVariedIndex(run(), 2);
        m_features->reload();
        QTRY_VERIFY(section(Kind::Prediction, 2) >= 0);
        QVERIFY(rows().rowCount() < before);
        QCOMPARE(keyAt(list().currentIndex().row()), chosen);
        QCOMPARE(list().chosenRows().size(), std::size_t(1));
        QVERIFY(list().viewport()->rect().contains(list().visualRect(list().currentIndex()).center()));
        const int now = list().visualRect(rows().index(rowOf(chosen), section(Kind::Sentence))).y();
        QVERIFY(now == y || list().verticalScrollBar()->value() == 0 ||
                list().verticalScrollBar()->value() == list().verticalScrollBar()->maximum());
        SentenceFilter filter;
        filter.outcome = SentenceFilter::Outcome::Right;
        checkAgainst(recount(3), filter, {0, 1, 2});
    }

    void filtersStayThroughReloadsAndEndWithTheRun() {
        openRun(2);
        search().setText(QStringLiteral("film"));
        chooseItem("splitFilter", QStringLiteral("Validation"));
        list().sortByColumn(section(Kind::Example), Qt::AscendingOrder);
        const std::vector<int> shown = rows().sourceRows();
        QVERIFY(!shown.empty() && shown.size() < 24);
        fixture::writeVariedIndex(run(), 1);
        m_features->retry(1);
        QTRY_VERIFY(!m_page->isLoading());
        QCOMPARE(rows().sourceRows(), shown);
        QSignalSpy resets(&rows(), &QAbstractItemModel::modelReset);
        QSignalSpy removed(&rows(), &QAbstractItemModel::columnsRemoved);
        const auto before = table().predictions();
        fixture::writeVariedIndex(run(), 0);
        m_features->setRun(run());  // the same once more
        QTRY_VERIFY(!m_page->isLoading() && table().predictions() != before);
        QCOMPARE(rows().sourceRows(), shown);
        QVERIFY(resets.empty() && removed.empty());
        fixture::writeVariedRun(run("other"), 1);
        m_features->setRun(run("other"));
        QVERIFY(search().text().isEmpty());
        QTRY_COMPARE(rows().rowCount(), 64);
        QCOMPARE(find<QComboBox>("splitFilter").currentIndex(), 0);
        QCOMPARE(rows().sortSection(), section(Kind::Split));
        QCOMPARE(rows().sortOrder(), Qt::DescendingOrder);
        QCOMPARE(table().predictions()->cycles().size(), std::size_t(1));
    }

    void aFilterByACycleThatIsGoneGivesWay() {
        openRun(2);
        chooseItem("predictionFilter", QStringLiteral("Wrong in cycle 1"));
        QVERIFY(rows().rowCount() < 64);
        std::filesystem::remove(fixture::indexFile(run(), 1));
        m_features->reload();
        QTRY_COMPARE(rows().rowCount(), 64);
        QCOMPARE(find<QComboBox>("predictionFilter").currentText(), QStringLiteral("Any prediction"));
        QVERIFY(!shows("clearFilters"));
    }

    void anUnusableIndexSaysWhyAndOffersToBeBuilt() {
        fixture::writeVariedRun(run(), 3);
        writeFile(fixture::indexFile(run(), 1), "not an index at all");
        m_features->setRun(run());
        QTRY_COMPARE(rows().rowCount(), 64);
        QCOMPARE(table().predictions()->cycles().size(), std::size_t(2));
        auto& banner = find<NoticeBanner>("sentencesBanner");
        QVERIFY(shows("sentencesBanner"));
        QVERIFY2(banner.text().contains(QStringLiteral("Cycle 1 is not shown")), qPrintable(banner.text()));
        QVERIFY(banner.text().contains(m_features->reason(1)));
        QSignalSpy asked(m_page.get(), &SentencesPage::rebuildRequested);
        auto& rebuild = find<QPushButton>("sentencesBannerRebuild");
        QCOMPARE(rebuild.text(), QStringLiteral("Build the index again"));
        QTest::mouseClick(&rebuild, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), 1);
        // Dismissed it stays away.
        QTest::mouseClick(banner.findChild<QToolButton*>(QStringLiteral("dismissNotice")), Qt::LeftButton);
        QVERIFY(!shows("sentencesBanner"));
        m_features->retry(0);
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY(!shows("sentencesBanner"));
        fixture::writeVariedIndex(run(), 1);
        m_features->reload();
        QTRY_COMPARE(table().predictions()->cycles().size(), std::size_t(3));
        QVERIFY(!shows("sentencesBanner"));
    }

    void noUsableIndexAtAllIsAState() {
        fixture::writeVariedRun(run(), 0);
        for (int cycle = 0; cycle < 2; ++cycle) {
            createDirectories(fixture::indexFile(run(), cycle).parent_path());
            writeFile(fixture::indexFile(run(), cycle), "not an index at all");
        }
        m_features->setRun(run());
        auto& state = find<EmptyState>("sentencesState");
        QTRY_COMPARE(state.title(), QStringLiteral("The sentences cannot be shown"));
        QVERIFY(state.text().contains(m_features->reason(1)));
        QVERIFY(shows("sentencesState") && shows("sentencesRebuild"));
        QVERIFY(!shows("sentencesBanner"));
        QSignalSpy asked(m_page.get(), &SentencesPage::rebuildRequested);
        auto& rebuild = find<QPushButton>("sentencesRebuild");
        QCOMPARE(rebuild.text(), QStringLiteral("Build 2 indexes again"));
        QTest::mouseClick(&rebuild, Qt::LeftButton);
        QCOMPARE(asked.size(), 2);
        fixture::writeVariedIndex(run(), 0);
        m_features->reload();
        QTRY_COMPARE(rows().rowCount(), 64);
        QVERIFY(shows("sentencesBanner"));
        QCOMPARE(rebuild.text(), QStringLiteral("Build the index again"));
    }

    void cyclesOfOtherSentencesAreNamedOnce() {
        fixture::writeVariedRun(run(), 2);
        fixture::writeIndex(fixture::indexFile(run(), 0), 0, 6, 1, {}, fixture::variedSentences(0, 10));
        m_features->setRun(run());
        QTRY_COMPARE(rows().rowCount(), 64);
        auto& banner = find<NoticeBanner>("sentencesBanner");
        QVERIFY(shows("sentencesBanner"));
        QCOMPARE(banner.lines().size(), 1);
        QVERIFY2(banner.text().contains(QStringLiteral("of these 64, cycle 0 has 54")),
                 qPrintable(banner.text()));
        QVERIFY(!shows("sentencesBannerRebuild"));
        const int train = rowOf(sentenceKey(SplitKind::Train, 0));
        QCOMPARE(rows().index(train, section(Kind::Prediction, 0)).data().toString(), QStringLiteral("–"));
        QVERIFY(rows().index(train, section(Kind::Prediction, 1)).data().toString() != QStringLiteral("–"));
        // Without a model of its own the newest one opens it.
        QSignalSpy asked(m_page.get(), &SentencesPage::sentenceRequested);
        click(train, section(Kind::Prediction, 0), true);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), 1);
        QTest::mouseClick(banner.findChild<QToolButton*>(QStringLiteral("dismissNotice")), Qt::LeftButton);
        m_features->retry(1);
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY(!shows("sentencesBanner"));
    }

    void aNewestCycleOfOtherSentencesKeepsThePlaceToo() {
        openRun(2);
        m_page->resize(1160, 400);
        const SentenceKey key = sentenceKey(SplitKind::Train, 60);
        click(rowOf(key), section(Kind::Sentence));
        search().setText(QStringLiteral("film"));
        QVERIFY(rowOf(key) < 0 || keyAt(list().currentIndex().row()) == key);
        search().clear();
        list().sortByColumn(section(Kind::Loss, 1), Qt::AscendingOrder);
        click(rowOf(key), section(Kind::Sentence));
        fixture::writeIndex(fixture::indexFile(run(), 2), 2, 6, 1, {}, fixture::variedSentences(2, 15));
        m_features->reload();
        QTRY_COMPARE(rows().rowCount(), 49);
        QCOMPARE(list().horizontalHeader()->sortIndicatorSection(), section(Kind::Loss, 1));
        QCOMPARE(rows().sortSection(), section(Kind::Loss, 1));
        QCOMPARE(keyAt(list().currentIndex().row()), key);
        QVERIFY(list().viewport()->rect().contains(list().visualRect(list().currentIndex()).center()));
    }

    void supersededRunsNeverShow() {
        fixture::writeVariedRun(run("first"), 3);
        fixture::writeRun(run("second"), 1);
        QList<int> seen;
        connect(&table(), &QAbstractItemModel::modelReset, this, [&] { seen << table().rowCount(); });
        m_features->setRun(run("first"));
        m_features->setRun(run("second"));
        QTRY_COMPARE(rows().rowCount(), 4);
        // All is read, and the table waits for a thread.
        QThreadPool& pool = *QThreadPool::globalInstance();
        const int threads = pool.maxThreadCount();
        QSemaphore held;
        pool.setMaxThreadCount(1);
        pool.start([&held] { held.acquire(); });
        m_features->setRun(run("first"));
        QTRY_VERIFY(!m_features->isReading());
        QVERIFY(m_page->isLoading());
        m_features->setRun({});
        QVERIFY(!m_page->isLoading());
        held.release();
        pool.waitForDone();
        pool.setMaxThreadCount(threads);
        QCOMPARE(table().rowCount(), 0);
        QCOMPARE(find<EmptyState>("sentencesState").title(), QStringLiteral("No run is open"));
        m_features->setRun(run("second"));
        QTRY_COMPARE(rows().rowCount(), 4);
        QVERIFY(!seen.contains(64));
        disconnect(&table(), nullptr, this, nullptr);
    }

    void closingWhileReadingIsSafe() {
        fixture::writeVariedRun(run(), 2);
        m_features->setRun(run());
        m_page.reset();
        QTRY_VERIFY(!m_features->isReading());
    }
};

QTEST_MAIN(TestSentencesRuns)
#include "tst_sentences_runs.moc"
