// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page driven as a person drives it: keys, clicks and choices, and what the card then shows.
#include "support/feature_fixture.h"
#include "ui/models/feature_table_model.h"
#include "ui/models/top_sentences_model.h"
#include "ui/pages/features_page.h"
#include "ui/plots/activation_histogram.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace saeception;

class TestFeaturesPage : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
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
        m_page->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 6);
    }
    void choose(int feature) {
        for (int row = 0; row < rows().rowCount(); ++row)
            if (featureInRow(row) == feature) {
                table().scrollTo(rows().index(row, 0));
                QTest::mouseClick(table().viewport(), Qt::LeftButton, {},
                                  table().visualRect(rows().index(row, 0)).center());
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
        m_page = std::make_unique<FeaturesPage>();
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
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
        m_page->setRun(run("run"));
        QCOMPARE(find<EmptyState>("featuresState").text(),
                 QStringLiteral("They appear when the first cycle has been indexed."));
        QVERIFY(!shows("featuresLaunch"));
        fixture::writeRun(run("run"), 1);
        m_page->reload();
        QTRY_COMPARE(rows().rowCount(), 6);
        QVERIFY(shows("featureTable"));
        QVERIFY(!shows("featuresState"));
        QCOMPARE(cycles().count(), 1);
    }

    void folderThatIsNoRunIsNamed() {
        m_page->setRun(run("elsewhere"));
        QVERIFY(shows("featuresBanner"));
        QVERIFY(find<QLabel>("featuresBannerText").text().contains(QStringLiteral("elsewhere")));
        openRun(1);
        QVERIFY(!shows("featuresBanner"));
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
        QVERIFY(find<QLabel>("featureFacts").text().contains(QStringLiteral("max 4.00")));
        QVERIFY(find<QLabel>("featureClassMeans").text().contains(QStringLiteral("positive 0")));
        const QAbstractItemModel& model = *sentences().model();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("A dull <b> film"));
        QVERIFY(model.index(0, 0).data(TopSentencesModel::WrongRole).toBool());
        const auto* histogram = m_page->findChild<ActivationHistogram*>();
        QCOMPARE(histogram->upperEdge(), index.histogramEdges(1).back());
        const auto counts = index.histogram(1);
        QCOMPARE(histogram->counts(), std::vector<std::uint32_t>(counts.begin(), counts.end()));
    }

    void featureThatNeverFiresSaysSo() {
        openRun(1);
        choose(2);
        QCOMPARE(heading(), QStringLiteral("Feature 2 · never fires"));
        QVERIFY(shows("featureMessage"));
        QCOMPARE(find<QLabel>("featureMessage").text(),
                 QStringLiteral("This feature never fired on this data set."));
        QVERIFY(!shows("topSentences"));
        choose(0);
        QVERIFY(shows("topSentences"));
    }

    void choosingACycleKeepsTheFeature() {
        openRun(2);
        choose(1);
        QVERIFY(find<QLabel>("featureFacts").text().contains(QStringLiteral("max 8.00")));
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Up);
        QCOMPARE(cycles().currentText(), QStringLiteral("Cycle 0"));
        QTRY_VERIFY(find<QLabel>("featureFacts").text().contains(QStringLiteral("max 4.00")));
        QVERIFY(heading().startsWith(QStringLiteral("Feature 1 ·")));
        QCOMPARE(featureInRow(table().currentIndex().row()), 1);
    }

    void aNewCycleLeavesTheChosenOneAlone() {
        openRun(1);
        choose(3);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1);
        m_page->reload();
        QCOMPARE(cycles().count(), 2);
        QCOMPARE(cycles().currentText(), QStringLiteral("Cycle 0"));
        QTest::qWait(0);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 3 ·")));
    }

    void aRewrittenIndexIsReadAgain() {
        openRun(1);
        choose(1);
        fixture::writeIndex(fixture::indexFile(run("run"), 0), 0, 7, 3);
        m_page->reload();
        QTRY_VERIFY(find<QLabel>("featureFacts").text().contains(QStringLiteral("max 12.00")));
        QVERIFY(heading().startsWith(QStringLiteral("Feature 1 ·")));
        QCOMPARE(rows().rowCount(), 7);
    }

    void filtersNarrowTheTable() {
        openRun(1);
        choose(2);
        auto& alive = find<QCheckBox>("aliveFilter");
        QTest::mouseClick(&alive, Qt::LeftButton, {}, QPoint(8, alive.height() / 2));
        QCOMPARE(rows().rowCount(), 4);
        QCOMPARE(find<QLabel>("shownCount").text(), QStringLiteral("4 of 6"));
        QCOMPARE(featureInRow(table().currentIndex().row()), featureInRow(0));
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(0))));

        auto& number = find<QLineEdit>("numberFilter");
        number.setFocus();
        QTest::keyClicks(&number, QStringLiteral("x5"));
        QCOMPARE(number.text(), QStringLiteral("5"));
        QCOMPARE(rows().rowCount(), 1);
        QVERIFY(heading().startsWith(QStringLiteral("Feature 5 ·")));
        QTest::keyClick(&number, Qt::Key_Down);
        QVERIFY(table().hasFocus());
        number.clear();
        auto& strongest = find<QComboBox>("classFilter");
        strongest.setFocus();
        QTest::keyClick(&strongest, Qt::Key_Down);
        QCOMPARE(strongest.currentText(), QStringLiteral("Strongest for negative"));
        for (int row = 0; row < rows().rowCount(); ++row)
            QVERIFY(raw(row, FeatureTableModel::FirstClassMean) >=
                    raw(row, FeatureTableModel::FirstClassMean + 1));
        QVERIFY(rows().rowCount() > 0 && rows().rowCount() < 4);
    }

    void aFilterThatHidesAllEmptiesTheCard() {
        openRun(1);
        choose(3);
        QVERIFY(!shows("nothingMatches"));
        auto& number = find<QLineEdit>("numberFilter");
        number.setFocus();
        QTest::keyClicks(&number, QStringLiteral("9"));
        QCOMPARE(rows().rowCount(), 0);
        QVERIFY(shows("nothingMatches"));
        QCOMPARE(find<QLabel>("nothingMatches").text(), QStringLiteral("No feature matches the filter."));
        QVERIFY(heading().isEmpty());
        QVERIFY(shows("featureMessage"));
        QCOMPARE(find<QLabel>("featureMessage").text(), QStringLiteral("No feature is selected."));
        number.clear();
        QVERIFY(!shows("nothingMatches"));
        QCOMPARE(table().currentIndex().row(), 0);
        QVERIFY(heading().startsWith(QStringLiteral("Feature %1 ·").arg(featureInRow(0))));
    }

    void aCycleWhoseFilterHidesTheFeatureChoosesTheFirstRow() {
        fixture::writeRun(run("run"), 1, 6);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1, 9);
        m_page->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 9);
        auto& number = find<QLineEdit>("numberFilter");
        number.setFocus();
        QTest::keyClicks(&number, QStringLiteral("8"));
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
        const auto arrange = [this] {
            find<QLineEdit>("numberFilter").setText(QStringLiteral("1"));
            find<QCheckBox>("aliveFilter").setChecked(true);
            find<QComboBox>("classFilter").setCurrentIndex(1);
            table().sortByColumn(FeatureTableModel::Feature, Qt::AscendingOrder);
        };
        arrange();
        QCOMPARE(rows().rowCount(), 1);
        m_page->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 1);
        fixture::writeRun(run("other"), 1, 9);
        m_page->setRun(run("other"));
        QTRY_COMPARE(rows().rowCount(), 9);
        QVERIFY(find<QLineEdit>("numberFilter").text().isEmpty());
        QVERIFY(!find<QCheckBox>("aliveFilter").isChecked());
        QCOMPARE(find<QComboBox>("classFilter").currentIndex(), 0);
        const QHeaderView& header = *table().horizontalHeader();
        QCOMPARE(header.sortIndicatorSection(), int(FeatureTableModel::Usefulness));
        QCOMPARE(header.sortIndicatorOrder(), Qt::DescendingOrder);
        for (int row = 1; row < 9; ++row)
            QVERIFY(raw(row - 1, FeatureTableModel::Usefulness) >= raw(row, FeatureTableModel::Usefulness));
        QCOMPARE(table().currentIndex().row(), 0);
    }

    void corruptIndexLeavesThePageAlive() {
        fixture::writeRun(run("run"), 2);
        writeFile(fixture::indexFile(run("run"), 1), "not an index at all");
        m_page->setRun(run("run"));
        QTRY_VERIFY(shows("featuresBanner"));
        const QString words = find<QLabel>("featuresBannerText").text();
        QVERIFY(words.contains(QStringLiteral("cycle_1")));
        QVERIFY(!words.contains(QLatin1Char('\n')));
        QVERIFY(find<EmptyState>("featuresState").title().contains(QStringLiteral("cycle 1")));
        cycles().setFocus();
        QTest::keyClick(&cycles(), Qt::Key_Up);
        QTRY_COMPARE(rows().rowCount(), 6);
        QVERIFY(!shows("featuresBanner"));
        QTest::keyClick(&cycles(), Qt::Key_Down);
        QTRY_VERIFY(shows("featuresBanner"));
        QCOMPARE(rows().rowCount(), 0);
        fixture::writeIndex(fixture::indexFile(run("run"), 1), 1);
        auto* again = find<QWidget>("featuresBanner").findChild<QPushButton*>();
        QTest::mouseClick(again, Qt::LeftButton);
        QTRY_COMPARE(rows().rowCount(), 6);
        QVERIFY(!shows("featuresBanner"));
    }

    void supersededRequestsNeverShow() {
        fixture::writeRun(run("first"), 1, 6);
        fixture::writeRun(run("second"), 1, 9);
        QList<int> seen;
        connect(&rows(), &QAbstractItemModel::modelReset, this, [&] { seen << rows().rowCount(); });
        m_page->setRun(run("first"));
        m_page->setRun(run("second"));
        QTRY_COMPARE(rows().rowCount(), 9);
        m_page->setRun(run("first"));
        m_page->setRun({});
        QTest::qWait(50);
        QVERIFY(!seen.contains(6));
        QCOMPARE(rows().rowCount(), 0);
        disconnect(&rows(), nullptr, this, nullptr);
    }

    void closingWhileReadingIsSafe() {
        fixture::writeRun(run("run"), 1);
        m_page->setRun(run("run"));
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

    void columnsNarrowBeforeOneIsHidden() {
        openRun(1);
        const int roomy = table().horizontalHeader()->sectionSize(FeatureTableModel::Density);
        m_page->resize(872, 640);
        QCoreApplication::processEvents();
        const QHeaderView& header = *table().horizontalHeader();
        QVERIFY(header.length() <= table().viewport()->width());
        QVERIFY(header.sectionSize(FeatureTableModel::Density) < roomy);
        QCOMPARE(header.length(), table().viewport()->width());
    }

    void columnsFitWhenLoadedBeforeTheFirstShow() {
        fixture::writeRun(run("run"), 1);
        m_page = std::make_unique<FeaturesPage>();
        m_page->setRun(run("run"));
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
        m_page = std::make_unique<FeaturesPage>();
        m_page->resize(1216, 700);
        m_page->show();
        m_page->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 6);
        QTRY_COMPARE(m_page->findChild<QSplitter*>()->sizes(), dragged);
    }
};

QTEST_MAIN(TestFeaturesPage)
#include "tst_features_page.moc"
