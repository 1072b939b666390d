// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page driven as a person drives it: keys, clicks and choices, and what the card then shows.
#include "features/feature_labels.h"
#include "support/evolution_fixture.h"
#include "support/feature_fixture.h"
#include "ui/feature_link.h"
#include "ui/format.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_table_model.h"
#include "ui/models/top_sentences_model.h"
#include "ui/pages/features_page.h"
#include "ui/plots/activation_histogram.h"
#include "ui/plots/effect_bars.h"
#include "ui/plots/feature_map.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/link_row.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QStandardPaths>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace saeception;

class TestFeaturesPage : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunFeatures> m_features;
    std::unique_ptr<FeaturesPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    QTableView& table() const { return find<QTableView>("featureTable"); }
    QAbstractItemModel& rows() const { return *table().model(); }
    QListView& sentences() const { return find<QListView>("topSentences"); }
    QComboBox& cycles() const { return find<QComboBox>("cycleSelector"); }
    QString heading() const { return find<QLabel>("featureHeading").text(); }
    int featureInRow(int row) const { return rows().index(row, FeatureTableModel::Feature).data().toInt(); }
    float raw(int row, int column) const {
        return rows().index(row, column).data(FeatureTableModel::rawRole).toFloat();
    }
    bool shows(const char* name) const { return find<QWidget>(name).isVisibleTo(m_page.get()); }
    std::filesystem::path run(const char* name) const {
        return m_folder->filePath(QString::fromLatin1(name)).toStdString();
    }
    void openRun(int cycleCount) {
        fixture::writeRun(run("run"), cycleCount);
        m_features->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 6);
    }
    QLineEdit& query() const { return find<QLineEdit>("featureQuery"); }
    void ask(const char* words) {
        query().setFocus();
        query().selectAll();
        QTest::keyClicks(&query(), QLatin1String(words));
    }
    QString labelText(const char* name) const { return find<QLabel>(name).text(); }
    void choose(int feature) {
        for (int row = 0; row < rows().rowCount(); ++row)
            if (featureInRow(row) == feature) {
                const QModelIndex index = rows().index(row, FeatureTableModel::Feature);
                table().scrollTo(index);
                QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, table().visualRect(index).center());
            }
    }

private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_features_page"));
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_features = std::make_unique<RunFeatures>();
        m_page = std::make_unique<FeaturesPage>(m_features.get());
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
        m_features.reset();
        QSettings().clear();
    }

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
        QVERIFY(labelText("noticeText").contains(QStringLiteral("elsewhere")));
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
        QVERIFY(labelText("featureQuantiles").contains(QStringLiteral("max\u00A04.00")));
        QVERIFY(labelText("featureFacts").contains(QStringLiteral("positive 0")));
        const QAbstractItemModel& model = *sentences().model();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("A dull <b> film"));
        QVERIFY(model.index(0, 0).data(TopSentencesModel::WrongRole).toBool());
        const auto* histogram = m_page->findChild<ActivationHistogram*>();
        QCOMPARE(histogram->upperEdge(), index.histogramEdges(1).back());
        QCOMPARE(histogram->counts(), index.histogram(1));
        QVERIFY(find<EffectBars>("featureEffects").effects() == std::vector<double>({0.125, -0.125}));
        QVERIFY(labelText("raisedTokens").startsWith(QStringLiteral("Raises splendid · won")));
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
        QVERIFY(labelText("bandWords").contains(QStringLiteral("lacked")));
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
        QVERIFY(labelText("featureFacts")
                    .startsWith(QStringLiteral("This feature never fired on this data set.")));
        // What came closest is all there is to show.
        QCOMPARE(find<QTabBar>("sentenceBands").currentIndex(), static_cast<int>(Band::NearMiss));
        QVERIFY(!m_page->findChild<ActivationHistogram*>()->isVisibleTo(m_page.get()));
        choose(0);
        QCOMPARE(find<QTabBar>("sentenceBands").currentIndex(), static_cast<int>(Band::Top));
        QVERIFY(m_page->findChild<ActivationHistogram*>()->isVisibleTo(m_page.get()));
    }

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
        QVERIFY(labelText("featureQuantiles").contains(QStringLiteral("max\u00A03.00")));
        // Nothing became of this one: the first row stands for the cycle.
        choose(5);
        QTest::keyClick(&cycles(), Qt::Key_Down);
        QTRY_COMPARE(m_page->cycle(), 1);
        QTRY_COMPARE(m_page->feature(), featureInRow(0));
    }

    void whatIsBeingTypedBelongsToWhatWasShown() {
        openRun(2);
        choose(1);
        m_page->showFeature(0, 5);
        QTRY_VERIFY(heading().startsWith(QStringLiteral("Feature 5 ·")));
        QTRY_COMPARE(m_page->feature(), 5);
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("mine"));
        QTest::mouseClick(&find<QToolButton>("featureBack"), Qt::LeftButton);
        QTRY_COMPARE(m_page->cycle(), 1);
        QCOMPARE(m_page->feature(), 1);
        QCOMPARE(m_features->label(0, 5).label, std::string("mine"));
        QVERIFY(m_features->label(1, 5).empty());
        QVERIFY(m_features->label(1, 1).empty());
        QVERIFY(label.text().isEmpty());
        // Nor does another run take it along.
        QTest::keyClicks(&label, QStringLiteral("late"));
        const auto index = m_features->index(1);
        fixture::writeRun(run("other"), 1);
        m_features->setRun(run("other"));
        QTRY_VERIFY(loadFeatureLabels(run("run"), index->origin().sae).contains(1));
        QCOMPARE(loadFeatureLabels(run("run"), index->origin().sae).at(1).label, std::string("late"));
    }

    void whatIsBeingTypedStaysWithItsAutoencoder() {
        openRun(1);
        choose(3);
        const std::string before = m_features->index(0)->origin().sae;
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("mine"));
        // The cycle's autoencoder is trained again meanwhile.
        fixture::writeIndex(fixture::indexFile(run("run"), 0), fixture::fixtureOrigin(0, "another"), 6, 1,
                            fixture::fixtureSupplement(6));
        m_features->reload();
        QTRY_COMPARE(m_features->index(0)->origin().sae, std::string("another"));
        QTRY_VERIFY(loadFeatureLabels(run("run"), before).contains(3));
        QCOMPARE(loadFeatureLabels(run("run"), before).at(3).label, std::string("mine"));
        QVERIFY(label.text().isEmpty());
        label.clearFocus();
        QVERIFY(loadFeatureLabels(run("run"), "another").empty());
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
        QVERIFY2(labelText("queryProblem").contains(QStringLiteral("too long to be searched for")),
                 qPrintable(labelText("queryProblem")));
    }

    void aStarLeavesWhatIsBeingTyped() {
        openRun(1);
        choose(3);
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("half"));
        QTest::keyClick(&label, Qt::Key_D, Qt::ControlModifier);
        QVERIFY(m_features->label(0, 3).starred);
        QCOMPARE(label.text(), QStringLiteral("half"));
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
        QVERIFY(labelText("noticeText").contains(QStringLiteral("There is no cycle 7")));
        QCOMPARE(m_page->cycle(), 1);
        QCOMPARE(m_page->feature(), 1);
    }

    void aRightClickOffersWhatCanBeDone() {
        openRun(1);
        choose(3);
        const QPoint place = table().visualRect(table().currentIndex()).center();
        QContextMenuEvent asked(QContextMenuEvent::Mouse, place, table().viewport()->mapToGlobal(place));
        QCoreApplication::sendEvent(table().viewport(), &asked);
        auto* menu = m_page->findChild<QMenu*>(QStringLiteral("featureMenu"));
        QVERIFY(menu != nullptr);
        menu->actions().front()->trigger();
        QVERIFY(m_features->label(0, 3).starred);
        menu->close();
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

    void queriesNarrowTheTable() {
        openRun(1);
        choose(2);
        ask("alive");
        QCOMPARE(rows().rowCount(), 4);
        QCOMPARE(labelText("shownCount"), QStringLiteral("4 of 6"));
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
        QVERIFY(labelText("shownCount").isEmpty());
    }

    void aQueryThatIsWrongSaysSoAndKeepsTheRows() {
        openRun(1);
        ask("max>3");
        QCOMPARE(rows().rowCount(), 2);
        query().setText(QStringLiteral("densty>1"));
        QVERIFY(shows("queryProblem"));
        QVERIFY(labelText("queryProblem").contains(QStringLiteral("Did you mean 'density'?")));
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
        QCOMPARE(labelText("nothingMatches"), QStringLiteral("No feature matches the query."));
        QVERIFY(heading().isEmpty());
        QVERIFY(shows("featureMessage"));
        QCOMPARE(labelText("featureMessage"), QStringLiteral("No feature is selected."));
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

    void starLabelListsAndNoteAreKeptWithTheRun() {
        openRun(1);
        choose(3);
        const int row = table().currentIndex().row();
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {},
                          table().visualRect(rows().index(row, FeatureTableModel::Star)).center());
        QCOMPARE(rows().index(row, FeatureTableModel::Star).data().toString(), QStringLiteral("★"));
        QVERIFY(find<QToolButton>("featureStar").isChecked());
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("the word film"));
        QTest::keyClick(&label, Qt::Key_Return);
        QCOMPARE(rows().index(row, FeatureTableModel::Words).data().toString(),
                 QStringLiteral("the word film"));
        auto& lists = find<QLineEdit>("featureLists");
        lists.setFocus();
        QTest::keyClicks(&lists, QStringLiteral("to show,, nouns ,nouns"));
        QTest::mouseClick(&find<QToolButton>("featureNoteButton"), Qt::LeftButton);
        auto& note = find<QPlainTextEdit>("featureNote");
        QVERIFY(note.hasFocus());
        QTest::keyClicks(&note, QStringLiteral("fires on both classes"));
        choose(0);  // leaving it is enough
        QVERIFY(find<QLineEdit>("featureLabel").text().isEmpty());
        QVERIFY(!shows("featureNote"));
        const FeatureLabel expected = {"the word film", "fires on both classes", true, {"to show", "nouns"}};
        QCOMPARE(m_features->label(0, 3), expected);
        QTRY_VERIFY(loadFeatureLabels(run("run"), "").contains(3) &&
                    loadFeatureLabels(run("run"), "").at(3) == expected);
        ask("list:nouns");
        QCOMPARE(rows().rowCount(), 1);
        QCOMPARE(label.text(), QStringLiteral("the word film"));
        QVERIFY(shows("featureNote"));
        // Another window of the same run sees it.
        RunFeatures again;
        FeaturesPage other(&again);
        again.setRun(run("run"));
        QTRY_COMPARE(other.findChild<QTableView*>(QStringLiteral("featureTable"))->model()->rowCount(), 6);
        QCOMPARE(again.label(0, 3), expected);
    }

    void aLabelThatCannotBeSavedIsSaid() {
        openRun(1);
        choose(3);
        writeFile(run("run") / "features" / "labels.json", "no JSON");
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("film"));
        QTest::keyClick(&label, Qt::Key_Return);
        QTRY_VERIFY(shows("noticeBanner"));
        QVERIFY(labelText("noticeText").contains(QStringLiteral("Not saved:")));
        QTRY_VERIFY(label.text().isEmpty());
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
        QVERIFY(labelText("noticeText").contains(QStringLiteral("no feature 77 in cycle 0")));
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
            QVERIFY(!labelText("mapLegend").isEmpty());
            map.grab();
        }
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
