// SPDX-License-Identifier: GPL-3.0-or-later
// The Sentences page driven as a person drives it: filters, search, order, columns, what is opened and
// exported.
#include "support/sentences_page_driver.h"
#include "ui/models/sentence_words.h"
#include "ui/pages/sentence_header.h"
#include "ui/pages/sentences_page.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace saeception;

class TestSentencesPage : public QObject, SentencesPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_sentences_page"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

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
        QVERIFY(textOf("sentenceSummary").startsWith(QStringLiteral("Accuracy of these: 0.")));
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
        QCOMPARE(textOf("noSentenceText"), QStringLiteral("No sentence passes the filters."));
        QVERIFY(textOf("sentenceSummary").isEmpty());
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

    void showSentencesSearchesUnfiltered() {
        openRun(2);
        chooseItem("splitFilter", QStringLiteral("Validation"));
        m_page->showSentences(QStringLiteral("film"));
        QCOMPARE(search().text(), QStringLiteral("film"));
        SentenceFilter filter;
        filter.text = QStringLiteral("film");
        checkAgainst(recount(2), filter, {0, 1});
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
        QTRY_COMPARE(textOf("exportNote"), QStringLiteral("Exported %1 sentences to wrong.csv").arg(count));
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
        QVERIFY(textOf("exportNote").isEmpty());
        dialog->close();
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
