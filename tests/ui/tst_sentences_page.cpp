// SPDX-License-Identifier: GPL-3.0-or-later
// The Sentences page driven as a person drives it, while runs come, grow and break.
#include "sentence_fixture.h"
#include "ui/jobs/run_features.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_words.h"
#include "ui/pages/sentence_header.h"
#include "ui/pages/sentence_list.h"
#include "ui/pages/sentences_page.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSemaphore>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>

using namespace saeception;
using Kind = SentenceTableModel::Kind;

class TestSentencesPage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunFeatures> m_features;
    std::unique_ptr<SentencesPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    SentenceList& list() const { return find<SentenceList>("sentenceTable"); }
    SentenceFilterModel& rows() const { return *m_page->rows(); }
    SentenceTableModel& table() const { return *m_page->table(); }
    QLineEdit& search() const { return find<QLineEdit>("sentenceSearch"); }
    QString text(const char* name) const { return find<QLabel>(name).text(); }
    bool shows(const char* name) const { return find<QWidget>(name).isVisibleTo(m_page.get()); }
    std::filesystem::path run(const char* name = "run") const {
        return m_folder->filePath(QString::fromLatin1(name)).toStdString();
    }
    int section(Kind kind, int cycle = -1) const { return table().sectionOf({kind, cycle}); }
    SentenceKey keyAt(int row) const {
        return table().predictions()->rows().key(rows().sourceRows()[static_cast<std::size_t>(row)]);
    }
    int rowOf(SentenceKey key) const { return rows().rowOf(*table().predictions()->rows().rowOf(key)); }
    std::vector<fixture::Recounted> recount(int cycles) const {
        std::vector<std::shared_ptr<const FeatureIndex>> indexes;
        for (int cycle = 0; cycle < cycles; ++cycle)
            indexes.push_back(fixture::openIndex(fixture::indexFile(run(), cycle)));
        return fixture::recount(indexes);
    }
    void makePage() {
        m_page = std::make_unique<SentencesPage>(m_features.get());
        m_page->resize(1160, 740);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void openRun(int cycles) {
        fixture::writeVariedRun(run(), cycles);
        m_features->setRun(run());
        QTRY_COMPARE(rows().rowCount(), 64);
        QVERIFY(!m_page->isLoading());
    }
    void chooseItem(const char* chooser, const QString& item) {
        auto& box = find<QComboBox>(chooser);
        QVERIFY2(box.findText(item) >= 0, qPrintable(item));
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Home);
        // Separators are passed over.
        for (int step = 0; step < box.count() && box.currentText() != item; ++step)
            QTest::keyClick(&box, Qt::Key_Down);
        QCOMPARE(box.currentText(), item);
    }
    void click(int row, int column, bool twice = false) {
        const QModelIndex index = rows().index(row, column);
        list().scrollTo(index);
        const QPoint at = list().visualRect(index).center();
        QTest::mouseClick(list().viewport(), Qt::LeftButton, {}, at);
        if (twice)
            QTest::mouseDClick(list().viewport(), Qt::LeftButton, {}, at);
    }
    void checkAgainst(const std::vector<fixture::Recounted>& all, const SentenceFilter& filter,
                      const std::vector<int>& cycles) {
        std::vector<int> expected;
        for (std::size_t row = 0; row < all.size(); ++row)
            if (fixture::passes(all[row], filter, cycles))
                expected.push_back(static_cast<int>(row));
        std::vector<int> shown = rows().sourceRows();
        std::sort(shown.begin(), shown.end());
        QCOMPARE(shown, expected);
        QCOMPARE(text("shownSentences"),
                 sentenceCountText(static_cast<int>(expected.size()), static_cast<int>(all.size())));
        QCOMPARE(shows("clearFilters"), !filter.isEmpty());
        QCOMPARE(shows("noSentence"), expected.empty());
        QCOMPARE(text("sentenceSummary").isEmpty(), expected.empty());
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_sentences_page"));
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_features = std::make_unique<RunFeatures>();
        makePage();
    }
    void cleanup() {
        m_page.reset();
        m_features.reset();
        QSettings().clear();
    }

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

    void beginsWithValidationAndTheColumnsThatMatter() {
        openRun(3);
        QCOMPARE(splitOf(keyAt(0)), SplitKind::Validation);
        QCOMPARE(exampleOf(keyAt(1)), 2);
        QCOMPARE(splitOf(keyAt(24)), SplitKind::Train);
        QStringList titles;
        for (int column = 0; column < rows().columnCount(); ++column)
            if (!list().isColumnHidden(column))
                titles << rows().headerData(column, Qt::Horizontal).toString();
        QCOMPARE(titles.join(QLatin1Char(' ')),
                 QStringLiteral("Split Example Sentence Gold Cycle 0 Cycle 1 Cycle 2 Loss 2 Flips"));
        QCOMPARE(list().horizontalHeader()->length(), list().viewport()->width());
        checkAgainst(recount(3), {}, {0, 1, 2});
        QVERIFY(text("sentenceSummary").startsWith(QStringLiteral("Accuracy of these: 0.")));
    }

    void filtersNarrowTheTable() {
        openRun(3);
        QAbstractItemModelTester tester(&rows(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto all = recount(3);
        SentenceFilter filter;
        search().setFocus();
        QTest::keyClicks(&search(), QStringLiteral("FILM"));
        filter.text = QStringLiteral("film");
        checkAgainst(all, filter, {0, 1, 2});
        chooseItem("predictionFilter", QStringLiteral("Wrong in cycle 1"));
        filter.outcome = SentenceFilter::Outcome::Wrong;
        filter.cycle = 1;
        checkAgainst(all, filter, {0, 1, 2});
        chooseItem("goldFilter", QStringLiteral("Gold: positive"));
        filter.label = 1;
        checkAgainst(all, filter, {0, 1, 2});
        chooseItem("splitFilter", QStringLiteral("Training"));
        filter.split = SplitKind::Train;
        checkAgainst(all, filter, {0, 1, 2});
        chooseItem("flipsFilter", QStringLiteral("Flips between cycles"));
        filter.change = SentenceFilter::Change::Flips;
        checkAgainst(all, filter, {0, 1, 2});
        QTest::mouseClick(&find<QPushButton>("clearFilters"), Qt::LeftButton);
        checkAgainst(all, {}, {0, 1, 2});
        QVERIFY(search().text().isEmpty());
        QVERIFY(search().hasFocus());
        for (const auto& [item, change] :
             {std::pair("Becomes right", SentenceFilter::Change::BecomesRight),
              std::pair("Becomes wrong", SentenceFilter::Change::BecomesWrong)}) {
            chooseItem("flipsFilter", QString::fromLatin1(item));
            filter = {};
            filter.change = change;
            checkAgainst(all, filter, {0, 1, 2});
            QVERIFY(rows().rowCount() > 0);
        }
        chooseItem("flipsFilter", QStringLiteral("Flips or not"));
        for (const auto& [item, outcome] :
             {std::pair("Wrong in every cycle", SentenceFilter::Outcome::Wrong),
              std::pair("Right in every cycle", SentenceFilter::Outcome::Right)}) {
            chooseItem("predictionFilter", QString::fromLatin1(item));
            filter = {};
            filter.outcome = outcome;
            checkAgainst(all, filter, {0, 1, 2});
            QVERIFY(rows().rowCount() > 0);
        }
    }

    void aNumberFindsTheExample() {
        openRun(2);
        search().setFocus();
        QTest::keyClicks(&search(), QStringLiteral("12"));
        QCOMPARE(rows().rowCount(), 2);
        QCOMPARE(keyAt(0), sentenceKey(SplitKind::Validation, 12));
        QCOMPARE(keyAt(1), sentenceKey(SplitKind::Train, 12));
    }

    void nothingFoundOffersTheWayBack() {
        openRun(2);
        QVERIFY(!shows("noSentence"));
        search().setText(QStringLiteral("no such words"));
        QVERIFY(shows("noSentence"));
        QCOMPARE(text("noSentenceText"), QStringLiteral("No sentence passes the filters."));
        QVERIFY(text("sentenceSummary").isEmpty());
        QVERIFY(!find<QAction>("exportSentences").isEnabled());
        QTest::mouseClick(&find<QPushButton>("showAllSentences"), Qt::LeftButton);
        QCOMPARE(rows().rowCount(), 64);
        QVERIFY(!shows("noSentence"));
    }

    void keysLeadFromTheSearchToTheSentence() {
        openRun(3);
        QSignalSpy asked(m_page.get(), &SentencesPage::sentenceRequested);
        list().setFocus();
        QTest::keyClick(&list(), Qt::Key_Slash);
        QVERIFY(search().hasFocus());
        QTest::keyClicks(&search(), QStringLiteral("a/b"));
        QCOMPARE(search().text(), QStringLiteral("a/b"));
        list().setFocus();
        QTest::keyClick(&list(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(search().hasFocus());
        QCOMPARE(search().selectedText(), QStringLiteral("a/b"));
        QTest::keyClicks(&search(), QStringLiteral("film"));
        QVERIFY(rows().rowCount() > 3);
        QTest::keyClick(&search(), Qt::Key_Return);
        QCOMPARE(asked.size(), 0);
        QVERIFY(list().hasFocus());
        QCOMPARE(list().currentIndex().row(), 0);
        QTest::keyClick(&list(), Qt::Key_Down);
        QTest::keyClick(&list(), Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), 2);
        QCOMPARE(asked[0][1].value<SplitKind>(), splitOf(keyAt(1)));
        QCOMPARE(asked[0][2].toLongLong(), exampleOf(keyAt(1)));
        QTest::keyClick(&list(), Qt::Key_End);
        QCOMPARE(list().currentIndex().row(), rows().rowCount() - 1);
        QTest::keyClick(&list(), Qt::Key_Enter, Qt::KeypadModifier);
        QCOMPARE(asked.size(), 2);
        QTest::keyClick(&list(), Qt::Key_Home);
        QCOMPARE(list().currentIndex().row(), 0);
        search().setFocus();
        QTest::keyClick(&search(), Qt::Key_Down);
        QVERIFY(list().hasFocus());
        QCOMPARE(list().currentIndex().row(), 0);
    }

    void aDoubleClickOpensWithTheCyclesModel() {
        openRun(3);
        QSignalSpy asked(m_page.get(), &SentencesPage::sentenceRequested);
        QVERIFY(!find<QAction>("openSentence").isEnabled());
        click(4, section(Kind::Prediction, 0), true);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), 0);
        QCOMPARE(sentenceKey(asked[0][1].value<SplitKind>(), asked[0][2].toLongLong()), keyAt(4));
        click(6, section(Kind::Sentence));
        QCOMPARE(asked.size(), 1);
        find<QAction>("openSentence").trigger();
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked[1][0].toInt(), 2);
        QCOMPARE(asked[1][2].toLongLong(), exampleOf(keyAt(6)));
    }

    void clickedHeadersSort() {
        openRun(2);
        QHeaderView& header = *list().horizontalHeader();
        const auto clickHeader = [&](int column) {
            QTest::mouseClick(header.viewport(), Qt::LeftButton, {},
                              QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) / 2,
                                     header.height() / 2));
        };
        click(2, section(Kind::Sentence));
        const SentenceKey chosen = keyAt(2);
        list().scrollToBottom();
        clickHeader(section(Kind::Loss, 1));
        QCOMPARE(list().verticalScrollBar()->value(), 0);
        double last = 1e9;
        for (int row = 0; row < 64; ++row) {
            const double loss =
                rows().index(row, section(Kind::Loss, 1)).data(SentenceTableModel::RawRole).toDouble();
            QVERIFY(loss <= last);
            last = loss;
        }
        QCOMPARE(keyAt(list().currentIndex().row()), chosen);
        clickHeader(section(Kind::Loss, 1));
        QCOMPARE(rows().sortOrder(), Qt::AscendingOrder);
        clickHeader(section(Kind::Split));
        QCOMPARE(keyAt(2), chosen);
    }

    void filteringKeepsWhatIsChosen() {
        openRun(2);
        QVERIFY(rows().rowCount() > 10);
        search().setText(QStringLiteral("film"));
        const SentenceKey first = keyAt(1);
        const SentenceKey second = keyAt(4);
        search().clear();
        click(rowOf(first), section(Kind::Sentence));
        QTest::mouseClick(list().viewport(), Qt::LeftButton, Qt::ControlModifier,
                          list().visualRect(rows().index(rowOf(second), section(Kind::Sentence))).center());
        QCOMPARE(list().chosenRows().size(), std::size_t(2));
        search().setText(QStringLiteral("film"));
        QCOMPARE(list().chosenRows(), (std::vector<int>{*table().predictions()->rows().rowOf(first),
                                                        *table().predictions()->rows().rowOf(second)}));
        QCOMPARE(keyAt(list().currentIndex().row()), second);
        search().setText(QStringLiteral("no such words"));
        QVERIFY(list().chosenRows().empty());
        QVERIFY(!find<QAction>("openSentence").isEnabled());
        QVERIFY(!find<QAction>("copySentences").isEnabled());
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

    void showSentencesSearchesUnfiltered() {
        openRun(2);
        chooseItem("splitFilter", QStringLiteral("Validation"));
        m_page->showSentences(QStringLiteral("film"));
        QCOMPARE(search().text(), QStringLiteral("film"));
        SentenceFilter filter;
        filter.text = QStringLiteral("film");
        checkAgainst(recount(2), filter, {0, 1});
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

    void columnsAreChosenAndRemembered() {
        openRun(2);
        QHeaderView& header = *list().horizontalHeader();
        const auto choose = [&](const char* action) {
            QContextMenuEvent event(QContextMenuEvent::Mouse, QPoint(20, 10),
                                    header.viewport()->mapToGlobal(QPoint(20, 10)));
            QApplication::sendEvent(header.viewport(), &event);
            auto* menu = list().findChild<QMenu*>(QStringLiteral("columnMenu"));
            QVERIFY(menu != nullptr);
            auto* chosen = menu->findChild<QAction*>(QString::fromLatin1(action));
            QVERIFY2(chosen != nullptr, action);
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(chosen).center());
            QTRY_VERIFY(list().findChild<QMenu*>(QStringLiteral("columnMenu")) == nullptr);
        };
        QVERIFY(list().isColumnHidden(section(Kind::Tokens)));
        choose("column_tokens");
        choose("column_loss_0");
        choose("column_split");
        const auto check = [&] {
            QVERIFY(!list().isColumnHidden(section(Kind::Tokens)));
            QVERIFY(!list().isColumnHidden(section(Kind::Loss, 0)));
            QVERIFY(!list().isColumnHidden(section(Kind::Loss, 1)));
            QVERIFY(list().isColumnHidden(section(Kind::Split)));
            QCOMPARE(list().horizontalHeader()->length(), list().viewport()->width());
        };
        check();
        makePage();
        QTRY_COMPARE(rows().rowCount(), 64);
        check();
        // The same choices are in the menu of the page.
        auto& columns = find<QMenu>("columnChoices");
        Q_EMIT columns.aboutToShow();
        auto* restore = columns.findChild<QAction*>(QStringLiteral("columnsAsAtTheStart"));
        restore->trigger();
        QVERIFY(list().isColumnHidden(section(Kind::Tokens)));
        QVERIFY(!list().isColumnHidden(section(Kind::Split)));
        QVERIFY(list().isColumnHidden(section(Kind::Loss, 0)));
    }

    void widthsAreSharedAndRemembered() {
        openRun(3);
        QHeaderView& header = *list().horizontalHeader();
        const int before = header.sectionSize(section(Kind::Prediction, 1));
        const int edge = header.sectionViewportPosition(section(Kind::Prediction, 1)) + before - 1;
        QTest::mousePress(header.viewport(), Qt::LeftButton, {}, QPoint(edge, 10));
        QTest::mouseMove(header.viewport(), QPoint(edge + 20, 10));
        QTest::mouseRelease(header.viewport(), Qt::LeftButton, {}, QPoint(edge + 20, 10));
        const int dragged = header.sectionSize(section(Kind::Prediction, 1));
        QVERIFY(dragged > before);
        QCOMPARE(header.sectionSize(section(Kind::Prediction, 0)), dragged);
        QCOMPARE(header.sectionSize(section(Kind::Prediction, 2)), dragged);
        QCOMPARE(header.length(), list().viewport()->width());
        makePage();
        QTRY_COMPARE(rows().rowCount(), 64);
        QCOMPARE(list().horizontalHeader()->sectionSize(section(Kind::Prediction, 0)), dragged);
    }

    void chosenSentencesAreCopied() {
        openRun(2);
        click(1, section(Kind::Sentence));
        QTest::keyClick(&list(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(&list(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(&list(), Qt::Key_C, Qt::ControlModifier);
        QStringList expected;
        const auto all = recount(2);
        for (int row = 1; row < 4; ++row)
            expected << all[static_cast<std::size_t>(rows().sourceRows()[static_cast<std::size_t>(row)])]
                            .text.trimmed();
        QCOMPARE(QApplication::clipboard()->text(), expected.join(QLatin1Char('\n')));
    }

    void whatTheFiltersLeaveIsExported() {
        openRun(2);
        chooseItem("predictionFilter", QStringLiteral("Wrong in cycle 1"));
        list().sortByColumn(section(Kind::Loss, 1), Qt::DescendingOrder);
        const int count = rows().rowCount();
        QVERIFY(count > 2 && count < 64);
        list().setFocus();
        QTest::keyClick(&list(), Qt::Key_S, Qt::ControlModifier);
        auto* dialog = m_page->findChild<QFileDialog*>(QStringLiteral("exportDialog"));
        QVERIFY(dialog != nullptr);
        const QString path = m_folder->filePath(QStringLiteral("wrong.csv"));
        Q_EMIT dialog->fileSelected(path);
        QTRY_COMPARE(text("exportNote"), QStringLiteral("Exported %1 sentences to wrong.csv").arg(count));
        const QString csv = QString::fromStdString(readFile(path.toStdString()));
        QVERIFY(csv.startsWith(QStringLiteral("split,example,sentence,gold,prediction_0,")));
        const QString first = csv.section(QLatin1Char('\n'), 1, 1);
        QVERIFY2(first.startsWith(splitOf(keyAt(0)) == SplitKind::Train
                                      ? QStringLiteral("train,%1,").arg(exampleOf(keyAt(0)))
                                      : QStringLiteral("validation,%1,").arg(exampleOf(keyAt(0)))),
                 qPrintable(first));
        int lines = 0;
        for (const QString& line : csv.split(QLatin1Char('\n')))
            lines +=
                line.startsWith(QStringLiteral("train,")) || line.startsWith(QStringLiteral("validation,"))
                    ? 1
                    : 0;
        QCOMPARE(lines, count);
        QVERIFY(!shows("sentencesExportBanner"));

        Q_EMIT dialog->fileSelected(QStringLiteral("/nowhere/at/all.csv"));
        auto& banner = find<NoticeBanner>("sentencesExportBanner");
        QTRY_VERIFY(banner.isVisibleTo(m_page.get()));
        QVERIFY2(banner.text().contains(QStringLiteral("/nowhere/at/all.csv")), qPrintable(banner.text()));
        QVERIFY(text("exportNote").isEmpty());
        dialog->close();
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

    void fitsASmallWindowInBothThemes() {
        openRun(3);
        QVERIFY(m_page->minimumSizeHint().width() <= 1000);
        QVERIFY(m_page->minimumSizeHint().height() <= 560);
        for (const ThemeChoice theme : {ThemeChoice::Dark, ThemeChoice::Light}) {
            Theme::instance().setChoice(theme);
            QCoreApplication::processEvents();
            const ThemeColours& colours = Theme::instance().colours();
            QCOMPARE(find<QLabel>("shownSentences").palette().color(QPalette::WindowText), colours.faintText);
            QCOMPARE(list().palette().color(QPalette::Highlight), colours.accentFill);
        }
    }
};

QTEST_MAIN(TestSentencesPage)
#include "tst_sentences_page.moc"
