// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to a feature on the Features page: queries, links, the map, keys, back and forward, other cycles.
#include "support/evolution_fixture.h"
#include "support/feature_fixture.h"
#include "support/features_page_driver.h"
#include "ui/feature_link.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_table_model.h"
#include "ui/pages/features_page.h"
#include "ui/plots/feature_map.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace saeception;

class TestFeaturesSearch : public QObject, FeaturesPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_features_search"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

    void choosingACycleFollowsTheFeature() {
        fixture::writeRun(run("run"), 2);
        fixture::writeMatches(run("run"), 1, {{3, 1}, {1, 3}});
        m_features->setRun(run("run"));
        QTRY_VERIFY(m_features->matches(1));
        choose(1);
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Up);
        QTRY_VERIFY(heading().startsWith(QStringLiteral("Feature 3 ·")));
        QCOMPARE(cycles().currentText(), QStringLiteral("Cycle 0"));
        QCOMPARE(m_page->cycle(), 0);
        QCOMPARE(featureInRow(table().currentIndex().row()), 3);
        QVERIFY(textOf("featureQuantiles").contains(QStringLiteral("max\u00A03.00")));
        // Nothing became of this one: the first row stands for the cycle.
        choose(5);
        QTest::keyClick(&cycles(), Qt::Key_Down);
        QTRY_COMPARE(m_page->cycle(), 1);
        QTRY_COMPARE(m_page->feature(), featureInRow(0));
    }

    void aCycleWithoutAMatchWaitsForItsIndex() {
        openRun(3);
        choose(3);
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Home);
        // It begins to be read only now: what is in sight stays chosen.
        QCOMPARE(m_features->state(0), RunFeatures::State::Reading);
        QCOMPARE(m_page->cycle(), 0);
        QCOMPARE(m_page->feature(), 3);
        QTest::keyClick(&cycles(), Qt::Key_End);
        QCOMPARE(m_page->cycle(), 2);
        QCOMPARE(m_page->feature(), 3);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 3 ·")));
        // And once more, to the end: nothing is known to stand for it there.
        QTest::keyClick(&cycles(), Qt::Key_Home);
        QTRY_COMPARE(m_page->feature(), featureInRow(0));
        QTRY_COMPARE(m_features->state(0), RunFeatures::State::Ready);
    }

    void aTextTooLongToSearchForIsSaid() {
        openRun(1);
        query().setText(QStringLiteral("label:") + QString(32000, QChar(0x6587)));
        QVERIFY(shows("queryProblem"));
        QVERIFY2(textOf("queryProblem").contains(QStringLiteral("too long to be searched for")),
                 qPrintable(textOf("queryProblem")));
    }

    void aQueryIsNoPlaceToGoBackTo() {
        openRun(1);
        choose(1);
        QVERIFY(find<QToolButton>("featureBack").isEnabled());
        ask("max>7");
        QCOMPARE(m_page->feature(), 0);
        query().clear();
        QTest::mouseClick(&find<QToolButton>("featureBack"), Qt::LeftButton);
        QVERIFY(m_page->feature() != 1);  // what was shown before the choice
        QVERIFY(!find<QToolButton>("featureBack").isEnabled());
    }

    void aCycleThatIsNotThereIsSaid() {
        openRun(2);
        choose(1);
        m_page->showFeature(7, 3);
        QVERIFY(shows("noticeBanner"));
        QVERIFY(textOf("noticeText").contains(QStringLiteral("There is no cycle 7")));
        QCOMPARE(m_page->cycle(), 1);
        QCOMPARE(m_page->feature(), 1);
    }

    void queriesNarrowTheTable() {
        openRun(1);
        choose(2);
        ask("alive");
        QCOMPARE(rows().rowCount(), 4);
        QCOMPARE(textOf("shownCount"), QStringLiteral("4 of 6"));
        QCOMPARE(featureInRow(table().currentIndex().row()), featureInRow(0));
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(0))));
        ask("max>3 class:positive");
        QCOMPARE(rows().rowCount(), 1);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 0 ·")));
        QTest::keyClick(&query(), Qt::Key_Down);
        QVERIFY(table().hasFocus());
        QTest::keyClick(&table(), Qt::Key_Slash);
        QVERIFY(query().hasFocus());
        ask("dull");
        QCOMPARE(rows().rowCount(), 2);
        QTest::keyClick(&query(), Qt::Key_Escape);
        QVERIFY(query().text().isEmpty());
        QCOMPARE(rows().rowCount(), 6);
        QVERIFY(textOf("shownCount").isEmpty());
    }

    void aQueryThatIsWrongSaysSoAndKeepsTheRows() {
        openRun(1);
        ask("max>3");
        QCOMPARE(rows().rowCount(), 2);
        query().setText(QStringLiteral("densty>1"));
        QVERIFY(shows("queryProblem"));
        QVERIFY(textOf("queryProblem").contains(QStringLiteral("Did you mean 'density'?")));
        QCOMPARE(rows().rowCount(), 2);
        ask("density>1%");
        QVERIFY(!shows("queryProblem"));
        QCOMPARE(rows().rowCount(), 3);
    }

    void wordsAreOfferedInAMenu() {
        openRun(1);
        QMenu* menu = find<QPushButton>("queryWords").menu();
        Q_EMIT menu->aboutToShow();
        QStringList texts;
        for (QAction* action : menu->actions()) {
            texts << action->text();
            if (action->text() == QLatin1String("Strongest for negative"))
                action->trigger();
        }
        QVERIFY(texts.contains(QStringLiteral("Never fires")));
        QCOMPARE(query().text(), QStringLiteral("class:negative"));
        QCOMPARE(rows().rowCount(), 1);
    }

    void aQueryThatHidesAllEmptiesTheCard() {
        openRun(1);
        choose(3);
        QVERIFY(!shows("nothingMatches"));
        ask("max>99");
        QCOMPARE(rows().rowCount(), 0);
        QVERIFY(shows("nothingMatches"));
        QCOMPARE(textOf("nothingMatches"), QStringLiteral("No feature matches the query."));
        QVERIFY(heading().isEmpty());
        QVERIFY(shows("featureMessage"));
        QCOMPARE(textOf("featureMessage"), QStringLiteral("No feature is selected."));
        query().clear();
        QVERIFY(!shows("nothingMatches"));
        QCOMPARE(table().currentIndex().row(), 0);
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(0))));
    }

    void aCycleWhoseQueryHidesTheFeatureChoosesTheFirstRow() {
        fixture::writeRun(run("run"), 1, 6);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1, 9);
        m_features->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 9);
        ask("feature=8");
        QVERIFY(heading().startsWith(QStringLiteral("Feature 8 ·")));
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Up);
        QTRY_VERIFY(shows("nothingMatches"));
        QVERIFY(heading().isEmpty());
        QTest::keyClick(&cycles(), Qt::Key_Down);
        QTRY_VERIFY(heading().startsWith(QStringLiteral("Feature 8 ·")));
        QCOMPARE(featureInRow(table().currentIndex().row()), 8);
    }

    void anotherRunBeginsUnfilteredInTheDefaultOrder() {
        openRun(1);
        ask("feature=1");
        table().sortByColumn(FeatureTableModel::Feature, Qt::AscendingOrder);
        QCOMPARE(rows().rowCount(), 1);
        m_features->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 1);
        fixture::writeRun(run("other"), 1, 9);
        m_features->setRun(run("other"));
        QTRY_COMPARE(rows().rowCount(), 9);
        QVERIFY(query().text().isEmpty());
        const QHeaderView& header = *table().horizontalHeader();
        QCOMPARE(header.sortIndicatorSection(), int(FeatureTableModel::Usefulness));
        QCOMPARE(header.sortIndicatorOrder(), Qt::DescendingOrder);
        for (int row = 1; row < 9; ++row)
            QVERIFY(raw(row - 1, FeatureTableModel::Usefulness) >= raw(row, FeatureTableModel::Usefulness));
        QCOMPARE(table().currentIndex().row(), 0);
    }

    void oneGoesBackAndForward() {
        openRun(2);
        choose(1);
        choose(3);
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Up);
        QTRY_COMPARE(m_page->cycle(), 0);
        QTRY_COMPARE(m_page->feature(), featureInRow(0));  // no match is known
        const int first = m_page->feature();
        choose(5);
        auto& back = find<QToolButton>("featureBack");
        QVERIFY(!find<QToolButton>("featureForward").isEnabled());
        QTest::mouseClick(&back, Qt::LeftButton);
        QCOMPARE(m_page->feature(), first);
        QCOMPARE(m_page->cycle(), 0);
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(m_page->cycle(), 1);
        QCOMPARE(m_page->feature(), 3);
        QTest::keyClick(&table(), Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(m_page->feature(), 1);
        QTest::keyClick(&table(), Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(m_page->feature(), 3);
        // A new choice ends what lay ahead.
        choose(0);
        QVERIFY(!find<QToolButton>("featureForward").isEnabled());
    }

    void keysStepThroughTheFeatures() {
        openRun(1);
        query().setFocus();
        const int second = featureInRow(1);
        QTest::keyClick(&query(), Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(m_page->feature(), second);
        QTest::keyClick(&query(), Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(m_page->feature(), featureInRow(0));
        QTest::keyClick(&query(), Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(m_page->feature(), featureInRow(0));
        QTest::keyClick(&query(), Qt::Key_D, Qt::ControlModifier);
        QVERIFY(m_features->label(0, featureInRow(0)).starred);
        QTest::keyClick(&query(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(find<QLineEdit>("featureLabel").hasFocus());
    }

    void linksLeadToFeatures() {
        openRun(2);
        choose(3);
        QTest::mouseClick(&find<QToolButton>("copyFeatureLink"), Qt::LeftButton);
        const QString text = QApplication::clipboard()->text();
        const std::optional<FeatureLink> link = parseFeatureLink(text);
        QVERIFY(link);
        QCOMPARE(*link, (FeatureLink{run("run"), 1, 3}));
        QVERIFY(!text.contains(QLatin1Char(' ')));
        QSignalSpy asked(m_page.get(), &FeaturesPage::linkRequested);
        query().setFocus();
        query().paste();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().front().toString(), text);
        QVERIFY(query().text().isEmpty());
        m_page->showFeature(0, 5);
        QTRY_COMPARE(m_page->feature(), 5);
        QCOMPARE(m_page->cycle(), 0);
        m_page->showFeature(0, 77);
        QVERIFY(textOf("noticeText").contains(QStringLiteral("no feature 77 in cycle 0")));
    }

    void pathsOfAnyKindSurviveALink() {
        for (const char* path : {"/a b/c&d=e#f?g", "/ü/映画", "/100%25/+"}) {
            const FeatureLink link = {std::filesystem::path(path), 3, 17};
            QCOMPARE(*parseFeatureLink(link.text()), link);
        }
        for (const char* broken : {"saeception:feature", "saeception:feature?run=/a&cycle=1", "http://x",
                                   "saeception:other?run=/a&cycle=1&feature=2",
                                   "saeception:feature?run=/a&cycle=-1&feature=2", ""})
            QVERIFY2(!parseFeatureLink(QLatin1String(broken)), broken);
    }

    void theMapChoosesFeatures() {
        openRun(1);
        auto& tabs = find<QTabBar>("featuresTabs");
        QTest::mouseClick(&tabs, Qt::LeftButton, {}, tabs.tabRect(1).center());
        auto& map = find<FeatureMap>("featureMap");
        QVERIFY(map.isVisible());
        QVERIFY(map.placeOf(2).isNull());
        const QPoint place = map.placeOf(3).toPoint();
        QTest::mouseClick(&map, Qt::LeftButton, {}, place);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 3 ·")));
        QCOMPARE(map.chosen(), 3);
        QTest::mouseClick(&map, Qt::LeftButton, {}, QPoint(2, 2));  // nothing there
        QCOMPARE(map.chosen(), 3);
        map.setFocus();
        QTest::keyClick(&map, Qt::Key_Left);
        QCOMPARE(map.chosen(), 1);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 1 ·")));
        // What the query hides cannot be chosen.
        ask("-class:positive");
        QCOMPARE(map.featureAt(map.placeOf(3)), -1);
        QCOMPARE(map.featureAt(map.placeOf(1)), 1);
        query().clear();
        QCoreApplication::processEvents();
        // Zooming keeps what is under the mouse where it is.
        const QPointF before = map.placeOf(5);
        QWheelEvent zoom(before, map.mapToGlobal(before), {}, QPoint(0, 480), Qt::NoButton, Qt::NoModifier,
                         Qt::NoScrollPhase, false);
        QApplication::sendEvent(&map, &zoom);
        QVERIFY((map.placeOf(5) - before).manhattanLength() < 1);
        QVERIFY((map.placeOf(3) - map.placeOf(5)).manhattanLength() >
                (QPointF(place) - before).manhattanLength() * 1.5);
        QTest::mousePress(&map, Qt::LeftButton, {}, QPoint(100, 100));
        QTest::mouseMove(&map, QPoint(150, 130));
        QTest::mouseRelease(&map, Qt::LeftButton, {}, QPoint(150, 130));
        QVERIFY((map.placeOf(5) - before - QPointF(50, 30)).manhattanLength() < 2);
        QTest::mouseDClick(&map, Qt::LeftButton, {}, QPoint(100, 100));
        QVERIFY((map.placeOf(3) - QPointF(place)).manhattanLength() < 2);
        auto& colouring = find<QComboBox>("mapColouring");
        for (int i = 0; i < colouring.count(); ++i) {
            colouring.setCurrentIndex(i);
            QVERIFY(!textOf("mapLegend").isEmpty());
            map.grab();
        }
    }
};

QTEST_MAIN(TestFeaturesSearch)
#include "tst_features_search.moc"
