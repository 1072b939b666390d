// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: runs as they come, the table, and what the card shows of a feature.
#include "support/evolution_fixture.h"
#include "support/feature_fixture.h"
#include "support/features_page_driver.h"
#include "ui/format.h"
#include "ui/models/feature_table_model.h"
#include "ui/models/top_sentences_model.h"
#include "ui/pages/features_page.h"
#include "ui/plots/activation_histogram.h"
#include "ui/plots/effect_bars.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/link_row.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSplitter>
#include <QTabBar>
#include <QTest>

using namespace saeception;

class TestFeaturesPage : public QObject, FeaturesPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_features_page"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

    void saysThatNoRunIsOpen() {
        QVERIFY(shows("featuresState"));
        QCOMPARE(find<EmptyState>("featuresState").title(), QStringLiteral("No run is open"));
        QVERIFY(!shows("cycleSelector"));
        QSignalSpy asked(m_page.get(), &FeaturesPage::launchPageRequested);
        QTest::mouseClick(&find<QPushButton>("featuresLaunch"), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
    }

    void runWithoutFeaturesGainsThem() {
        fixture::writeRun(run("run"), 0);
        m_features->setRun(run("run"));
        QCOMPARE(find<EmptyState>("featuresState").text(),
                 QStringLiteral("They appear when the first cycle has been indexed."));
        QVERIFY(!shows("featuresLaunch"));
        fixture::writeRun(run("run"), 1);
        m_features->reload();
        QTRY_COMPARE(rows().rowCount(), 6);
        QVERIFY(shows("featureTable"));
        QVERIFY(!shows("featuresState"));
        QCOMPARE(cycles().count(), 1);
    }

    void folderThatIsNoRunIsNamed() {
        m_features->setRun(run("elsewhere"));
        QVERIFY(shows("noticeBanner"));
        QVERIFY(textOf("noticeText").contains(QStringLiteral("elsewhere")));
        openRun(1);
        QVERIFY(!shows("noticeBanner"));
    }

    void beginsWithTheMostUsefulFeatureOfTheNewestCycle() {
        openRun(2);
        QCOMPARE(cycles().currentText(), QStringLiteral("Cycle 1"));
        QCOMPARE(find<QLabel>("featureCounts").text(), QStringLiteral("6 features, 4 alive"));
        for (int row = 1; row < 6; ++row)
            QVERIFY(raw(row - 1, FeatureTableModel::Usefulness) >= raw(row, FeatureTableModel::Usefulness));
        QCOMPARE(table().currentIndex().row(), 0);
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(0))));
    }

    void clickedHeadersSort() {
        openRun(1);
        QHeaderView& header = *table().horizontalHeader();
        const auto click = [&](int column) {
            QTest::mouseClick(header.viewport(), Qt::LeftButton, {},
                              QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) / 2,
                                     header.height() / 2));
        };
        const int chosen = featureInRow(table().currentIndex().row());
        click(FeatureTableModel::MaxActivation);
        QCOMPARE(featureInRow(0), 0);
        QCOMPARE(raw(0, FeatureTableModel::MaxActivation), 8.0F);
        click(FeatureTableModel::MaxActivation);
        QCOMPARE(raw(5, FeatureTableModel::MaxActivation), 8.0F);
        click(FeatureTableModel::Csi);
        QCOMPARE(featureInRow(5), 4);
        QCOMPARE(featureInRow(table().currentIndex().row()), chosen);
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(chosen)));
    }

    void keysMoveThroughTheTable() {
        openRun(1);
        table().setFocus();
        for (int row = 1; row < 6; ++row) {
            QTest::keyClick(&table(), Qt::Key_Down);
            QCOMPARE(table().currentIndex().row(), row);
            QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(row))));
        }
        QTest::keyClick(&table(), Qt::Key_Up);
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(4))));
    }

    void cardShowsTheFeature() {
        openRun(1);
        choose(1);
        const FeatureIndex index = FeatureIndex::open(fixture::indexFile(run("run"), 0));
        QCOMPARE(heading(), QStringLiteral("Feature 1 · fires on %1 of tokens · strongest for negative")
                                .arg(formatShare(static_cast<double>(index.density()[1]))));
        QVERIFY(textOf("featureQuantiles").contains(QStringLiteral("max\u00A04.00")));
        QVERIFY(textOf("featureFacts").contains(QStringLiteral("positive 0")));
        const QAbstractItemModel& model = *sentences().model();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("A dull <b> film"));
        QVERIFY(model.index(0, 0).data(TopSentencesModel::WrongRole).toBool());
        const auto* histogram = m_page->findChild<ActivationHistogram*>();
        QCOMPARE(histogram->upperEdge(), index.histogramEdges(1).back());
        QCOMPARE(histogram->counts(), index.histogram(1));
        QVERIFY(find<EffectBars>("featureEffects").effects() == std::vector<double>({0.125, -0.125}));
        QVERIFY(textOf("raisedTokens").startsWith(QStringLiteral("Raises splendid · won")));
        QVERIFY(shows("vocabularyCaveat"));
        QVERIFY(!shows("featureConcepts"));
    }

    void relatedFeaturesAreOneClickAway() {
        openRun(1);
        choose(0);
        auto& neighbours = find<LinkRow>("featureNeighbours");
        QCOMPARE(neighbours.text(), QStringLiteral("5 0.75, 3 0.50"));
        auto* links = neighbours.findChildren<QLabel*>().last();
        Q_EMIT links->linkActivated(neighbours.items()[1].address);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 3 ·")));
        QCOMPARE(featureInRow(table().currentIndex().row()), 3);
        QCOMPARE(find<LinkRow>("featureNeighbours").text(), QStringLiteral("none"));
    }

    void bandsShowSentencesOfEveryStrength() {
        openRun(1);
        choose(0);
        auto& tabs = find<QTabBar>("sentenceBands");
        const FeatureIndex index = FeatureIndex::open(fixture::indexFile(run("run"), 0));
        const auto click = [&](Band band) {
            QTest::mouseClick(&tabs, Qt::LeftButton, {}, tabs.tabRect(static_cast<int>(band)).center());
        };
        for (const Band band : {Band::Upper, Band::NearMiss, Band::Top}) {
            click(band);
            QCOMPARE(sentences().model()->rowCount(), index.sentenceCount(0, band));
            QVERIFY(
                tabs.tabText(static_cast<int>(band)).endsWith(QString::number(index.sentenceCount(0, band))));
        }
        QVERIFY(!tabs.isTabEnabled(static_cast<int>(Band::Low)));
        click(Band::NearMiss);
        QVERIFY(textOf("bandWords").contains(QStringLiteral("lacked")));
        // The band stays from feature to feature.
        choose(1);
        QCOMPARE(tabs.currentIndex(), static_cast<int>(Band::NearMiss));
    }

    void sentencesOpenInTheInspector() {
        openRun(2);
        choose(1);
        QSignalSpy asked(m_page.get(), &FeaturesPage::sentenceRequested);
        const QRect first = sentences().visualRect(sentences().model()->index(0, 0));
        QTest::mouseClick(sentences().viewport(), Qt::LeftButton, {}, first.center());
        QTest::mouseDClick(sentences().viewport(), Qt::LeftButton, {}, first.center());
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().at(0).toInt(), 1);
        QCOMPARE(asked.front().at(2).toLongLong(), 1);
    }

    void featureThatNeverFiresSaysSo() {
        openRun(1);
        choose(2);
        QCOMPARE(heading(), QStringLiteral("Feature 2 · never fires"));
        QVERIFY(
            textOf("featureFacts").startsWith(QStringLiteral("This feature never fired on this data set.")));
        // What came closest is all there is to show.
        QCOMPARE(find<QTabBar>("sentenceBands").currentIndex(), static_cast<int>(Band::NearMiss));
        QVERIFY(!m_page->findChild<ActivationHistogram*>()->isVisibleTo(m_page.get()));
        choose(0);
        QCOMPARE(find<QTabBar>("sentenceBands").currentIndex(), static_cast<int>(Band::Top));
        QVERIFY(m_page->findChild<ActivationHistogram*>()->isVisibleTo(m_page.get()));
    }

    void whoComesLaterSeesTheLatestCycle() {
        m_page->hide();
        openRun(1);
        QCOMPARE(m_page->cycle(), 0);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1);
        m_features->reload();
        QTRY_COMPARE(m_page->cycle(), 1);
        m_page->show();
        QTRY_VERIFY(m_page->feature() >= 0);
        fixture::writeIndex(fixture::indexFile(run("run"), 2), 2);
        m_features->reload();
        QCOMPARE(cycles().count(), 3);
        QCOMPARE(m_page->cycle(), 1);
    }

    void aNewCycleLeavesTheChosenOneAlone() {
        openRun(1);
        choose(3);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1);
        m_features->reload();
        QCOMPARE(cycles().count(), 2);
        QCOMPARE(cycles().currentText(), QStringLiteral("Cycle 0"));
        QTest::qWait(0);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 3 ·")));
    }

    void aRewrittenIndexIsReadAgain() {
        openRun(1);
        choose(1);
        fixture::writeIndex(fixture::indexFile(run("run"), 0), 0, 7, 3);
        m_features->reload();
        QTRY_VERIFY(find<QLabel>("featureQuantiles").text().contains(QStringLiteral("max\u00A012.00")));
        QVERIFY(heading().startsWith(QStringLiteral("Feature 1 ·")));
        QCOMPARE(rows().rowCount(), 7);
    }

    void columnsAreChosenInTheHeadersMenu() {
        openRun(1);
        QVERIFY(table().isColumnHidden(FeatureTableModel::MeanActivation));
        QHeaderView& header = *table().horizontalHeader();
        Q_EMIT header.customContextMenuRequested(QPoint(10, 5));
        auto* menu = table().findChild<QMenu*>(QStringLiteral("featureColumns"));
        QVERIFY(menu != nullptr);
        for (QAction* action : menu->actions())
            if (action->text() == QLatin1String("Mean"))
                action->trigger();
        menu->close();
        QVERIFY(!table().isColumnHidden(FeatureTableModel::MeanActivation));
        m_page = std::make_unique<FeaturesPage>(m_features.get());
        QVERIFY(!table().isColumnHidden(FeatureTableModel::MeanActivation));
        QVERIFY(table().isColumnHidden(FeatureTableModel::MedianActivation));
    }

    void corruptIndexLeavesThePageAlive() {
        fixture::writeRun(run("run"), 2);
        writeFile(fixture::indexFile(run("run"), 1), "not an index at all");
        m_features->setRun(run("run"));
        QTRY_VERIFY(shows("featuresRebuild"));
        const auto& state = find<EmptyState>("featuresState");
        QVERIFY(state.title().contains(QStringLiteral("cycle 1")));
        QVERIFY(state.text().contains(QStringLiteral("saeception features build")));
        QVERIFY(!shows("featuresLaunch"));
        QSignalSpy rebuild(m_page.get(), &FeaturesPage::rebuildRequested);
        QTest::mouseClick(&find<QPushButton>("featuresRebuild"), Qt::LeftButton);
        QCOMPARE(rebuild.size(), 1);
        QCOMPARE(rebuild.front().front().toInt(), 1);
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Up);
        QTRY_COMPARE(rows().rowCount(), 6);
        QVERIFY(!shows("featuresState"));
        QTest::keyClick(&cycles(), Qt::Key_Down);
        QTRY_VERIFY(shows("featuresRebuild"));
        QCOMPARE(rows().rowCount(), 0);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1);
        QTest::mouseClick(&find<QPushButton>("featuresAgain"), Qt::LeftButton);
        QTRY_COMPARE(rows().rowCount(), 6);
        QVERIFY(!shows("featuresState"));
    }

    void supersededRequestsNeverShow() {
        fixture::writeRun(run("first"), 1, 6);
        fixture::writeRun(run("second"), 1, 9);
        QList<int> seen;
        connect(&rows(), &QAbstractItemModel::modelReset, this, [&] { seen << rows().rowCount(); });
        m_features->setRun(run("first"));
        m_features->setRun(run("second"));
        QTRY_COMPARE(rows().rowCount(), 9);
        m_features->setRun(run("first"));
        m_features->setRun({});
        QTest::qWait(50);
        QVERIFY(!seen.contains(6));
        QCOMPARE(rows().rowCount(), 0);
        disconnect(&rows(), nullptr, this, nullptr);
    }

    void closingWhileReadingIsSafe() {
        fixture::writeRun(run("run"), 1);
        m_features->setRun(run("run"));
        m_page.reset();
        QTest::qWait(0);
    }

    void chosenSentencesAreCopied() {
        openRun(1);
        choose(1);
        sentences().setFocus();
        sentences().setCurrentIndex(sentences().model()->index(0, 0));
        QTest::keyClick(&sentences(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("A dull <b> film"));
    }

    void fitsASmallWindowInBothThemes() {
        openRun(1);
        QVERIFY(m_page->minimumSizeHint().width() <= 1100);
        QVERIFY(m_page->minimumSizeHint().height() <= 640);
        const QHeaderView& header = *table().horizontalHeader();
        QVERIFY(header.length() <= table().viewport()->width());
        Theme::instance().setChoice(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        const QColor dark = Theme::instance().colours().faintText;
        QCOMPARE(find<QLabel>("featureFacts").palette().color(QPalette::WindowText), dark);
        const QImage image = sentences().viewport()->grab().toImage();
        QCOMPARE(image.pixelColor(image.width() - 12, 2).rgb(), Theme::instance().colours().surface.rgb());
        Theme::instance().setChoice(ThemeChoice::Light);
    }

    void inASmallWindowOnlyTheWordsAreShorter() {
        openRun(1);
        const int figure = table().horizontalHeader()->sectionSize(FeatureTableModel::Density);
        const int words = table().horizontalHeader()->sectionSize(FeatureTableModel::Words);
        m_page->resize(872, 640);
        QCoreApplication::processEvents();
        const QHeaderView& header = *table().horizontalHeader();
        QCOMPARE(header.sectionSize(FeatureTableModel::Density), figure);
        QVERIFY(header.sectionSize(FeatureTableModel::Words) < words);
        QCOMPARE(header.length(), table().viewport()->width());
    }

    void columnsFitWhenLoadedBeforeTheFirstShow() {
        fixture::writeRun(run("run"), 1);
        m_page = std::make_unique<FeaturesPage>(m_features.get());
        m_features->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 6);
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QVERIFY(table().horizontalHeader()->length() <= table().viewport()->width());
    }

    void splitterProportionsAreRemembered() {
        openRun(1);
        auto* splitter = m_page->findChild<QSplitter*>();
        QWidget* handle = splitter->handle(1);
        const QPoint grip = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, grip);
        QTest::mouseMove(handle, grip - QPoint(60, 0));
        QTest::mouseRelease(handle, Qt::LeftButton, {}, grip - QPoint(60, 0));
        const QList<int> dragged = splitter->sizes();
        m_page = std::make_unique<FeaturesPage>(m_features.get());
        m_page->resize(1216, 700);
        m_page->show();
        m_features->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 6);
        QTRY_COMPARE(m_page->findChild<QSplitter*>()->sizes(), dragged);
    }
};

QTEST_MAIN(TestFeaturesPage)
#include "tst_features_page.moc"
