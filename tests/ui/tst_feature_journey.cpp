// SPDX-License-Identifier: GPL-3.0-or-later
// Through the window from feature to sentence to history and back, by mouse and keyboard; links; indexes that
// are built again where they cannot be used.
#include "features/feature_index.h"
#include "support/live_run.h"
#include "ui/feature_link.h"
#include "ui/jobs/queue_store.h"
#include "ui/jobs/run_features.h"
#include "ui/main_window.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/inspector_page.h"
#include "ui/pages/sentences_page.h"
#include "ui/pages/welcome_page.h"
#include "ui/run_viewer.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/link_row.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace saeception;
namespace fs = std::filesystem;

class TestFeatureJourney : public QObject {
    Q_OBJECT

    QTemporaryDir m_settings;
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;

    fs::path root(const char* name = "run") const {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }
    template <typename Widget>
    Widget& in(const QWidget* page, const char* name) const {
        auto* widget = page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("there is no %s", name);
        return *widget;
    }
    void openRun(const char* name = "run") {
        QSignalSpy read(m_window.get(), &MainWindow::runFinished);
        m_window->openRun(root(name));
        QTRY_COMPARE_WITH_TIMEOUT(read.size(), 1, 30000);
    }
    void showFeatures() {
        m_window->showPage(MainWindow::Features);
        QTRY_VERIFY(!m_window->featuresPage()->isLoading() && m_window->featuresPage()->feature() >= 0);
    }
    QString info() const { return in<ElidedLabel>(m_window->inspectorPage(), "inspectorInfo").text(); }

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_feature_journey"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().install(*qApp, ThemeChoice::Light);
        fixture::trainLiveRun(root());
    }
    void init() {
        QFile::remove(QueueStore::defaultFile());
        WelcomePage::setWantedAtStart(false);
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() {
        m_window.reset();
        trainingPool().waitForDone();
        QSettings().clear();
    }

    void fromAFeatureToASentenceAndBack() {
        openRun();
        showFeatures();
        const FeaturesPage* page = m_window->featuresPage();
        const int cycle = page->cycle();
        const int feature = page->feature();
        auto& sentences = in<QListView>(page, "topSentences");
        const QRect first = sentences.visualRect(sentences.model()->index(0, 0));
        QTest::mouseClick(sentences.viewport(), Qt::LeftButton, {}, first.center());
        QTest::mouseDClick(sentences.viewport(), Qt::LeftButton, {}, first.center());
        QCOMPARE(m_window->currentPage(), MainWindow::Inspector);
        QTRY_VERIFY(!m_window->inspectorPage()->isLoading());
        const FeatureIndex index = FeatureIndex::open(RunDirectory::at(root()).features(cycle));
        const ShadedSentence top = index.sentences(feature, Band::Top).front();
        QVERIFY(info().startsWith(QStringLiteral("%1 sentence %2 ·")
                                      .arg(top.split == SplitKind::Train ? QStringLiteral("training")
                                                                         : QStringLiteral("validation"))
                                      .arg(top.example)));
        Q_EMIT m_window->inspectorPage()->featureRequested(0, 3);
        QCOMPARE(m_window->currentPage(), MainWindow::Features);
        QTRY_VERIFY(page->cycle() == 0 && page->feature() == 3);
        // Back leads to where one came from.
        QTest::keyClick(m_window->featuresPage(), Qt::Key_Left, Qt::AltModifier);
        QTRY_VERIFY(page->cycle() == cycle && page->feature() == feature);
    }

    void fromAFeatureToItsHistoryAndBack() {
        openRun();
        showFeatures();
        m_window->featuresPage()->showFeature(1, 5);
        Q_EMIT m_window->featuresPage()->historyRequested(1, 5);
        QCOMPARE(m_window->currentPage(), MainWindow::Evolution);
        QTRY_VERIFY(!m_window->evolutionPage()->isLoading());
        QCOMPARE(m_window->evolutionPage()->step(), 1);
        Q_EMIT m_window->evolutionPage()->featureRequested(0, 2);
        QCOMPARE(m_window->currentPage(), MainWindow::Features);
        QTRY_VERIFY(m_window->featuresPage()->cycle() == 0 && m_window->featuresPage()->feature() == 2);
        Q_EMIT m_window->evolutionPage()->sentenceRequested(0, SplitKind::Train, 4);
        QCOMPARE(m_window->currentPage(), MainWindow::Inspector);
        QTRY_VERIFY(info().startsWith(QStringLiteral("training sentence 4")));
    }

    void fromTheSentencesToTheInspector() {
        openRun();
        m_window->showPage(MainWindow::Inspector);
        QTRY_VERIFY(!m_window->inspectorPage()->isLoading());
        QTest::mouseClick(&in<QPushButton>(m_window->inspectorPage(), "browseSentences"), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), MainWindow::Sentences);
        QTRY_VERIFY(!m_window->sentencesPage()->isLoading() &&
                    m_window->sentencesPage()->rows()->rowCount() > 0);
        auto& table = in<QTableView>(m_window->sentencesPage(), "sentenceTable");
        const QModelIndex at = table.model()->index(2, 2);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(at).center());
        QTest::mouseDClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(at).center());
        QCOMPARE(m_window->currentPage(), MainWindow::Inspector);
        QTRY_VERIFY(info().startsWith(QStringLiteral("validation sentence 2 ·")));
    }

    void aLinkOpensItsRunAndFeature() {
        fixture::copyRun(root(), root("other"));
        openRun("other");
        showFeatures();
        m_window->featuresPage()->showFeature(1, 7);
        QTest::keyClick(m_window->featuresPage(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        const QString link = QApplication::clipboard()->text();
        QVERIFY(isFeatureLink(link));
        openRun();
        QCOMPARE(m_window->viewer()->folder(), QString::fromStdString(root().string()));
        // Pasted where one searches.
        showFeatures();
        auto& query = in<QLineEdit>(m_window->featuresPage(), "featureQuery");
        query.setFocus();
        query.setText(link);
        QTRY_COMPARE(m_window->viewer()->folder(), QString::fromStdString(root("other").string()));
        QTRY_VERIFY(m_window->featuresPage()->cycle() == 1 && m_window->featuresPage()->feature() == 7);
        m_window->openLink(QStringLiteral("saeception:feature?run=/nowhere"));
        QTRY_VERIFY(m_window->findChild<QMessageBox*>(QStringLiteral("errorDialog")) != nullptr);
        m_window->findChild<QMessageBox*>(QStringLiteral("errorDialog"))->close();
    }

    void aDamagedIndexIsBuiltAgainOnRequest() {
        fixture::copyRun(root(), root("damaged"));
        const RunDirectory run = RunDirectory::at(root("damaged"));
        const std::string whole = readFile(run.features(1));
        writeFile(run.features(1), whole.substr(0, whole.size() / 2));
        openRun("damaged");
        m_window->showPage(MainWindow::Features);
        auto& again = in<QPushButton>(m_window->featuresPage(), "featuresRebuild");
        QTRY_VERIFY(again.isVisible());
        // The run stays in sight meanwhile, and with it what one was about.
        auto& query = in<QLineEdit>(m_window->featuresPage(), "featureQuery");
        query.setText(QStringLiteral("alive"));
        QSignalSpy forgotten(&in<RunFeatures>(m_window.get(), "runFeatures"), &RunFeatures::aboutToForget);
        QSignalSpy ended(m_window.get(), &MainWindow::runFinished);
        QTest::mouseClick(&again, Qt::LeftButton);
        Q_EMIT m_window->sentencesPage()->rebuildRequested(1);  // another page offers it as well
        QCOMPARE(m_window->queue()->jobs().size(), std::size_t(1));
        QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty(), 60000);
        QCOMPARE(ended[0][0].value<RunState>(), RunState::Done);
        QTRY_VERIFY(m_window->featuresPage()->cycle() == 1 && m_window->featuresPage()->feature() >= 0);
        QVERIFY(readFile(run.features(1)) == whole);
        QVERIFY(forgotten.isEmpty());
        QCOMPARE(query.text(), QStringLiteral("alive"));
        QCOMPARE(m_window->currentPage(), MainWindow::Features);
    }

    void everyPageAboutFeaturesIsOfTheRunInView() {
        // One cycle instead of two.
        fixture::copyRun(root(), root("shorter"));
        fs::remove_all(RunDirectory::at(root("shorter")).features(1).parent_path());
        for (const MainWindow::Page page :
             {MainWindow::Features, MainWindow::Evolution, MainWindow::Inspector, MainWindow::Sentences}) {
            openRun();
            m_window->showPage(page);
            const auto columns = [&] {
                return in<QTableView>(m_window->sentencesPage(), "sentenceTable").model()->columnCount();
            };
            const auto isShown = [&](int cycles) {
                switch (page) {
                    case MainWindow::Features:
                        return in<QComboBox>(m_window->featuresPage(), "cycleSelector").count() == cycles;
                    case MainWindow::Evolution:
                        return m_window->evolutionPage()->step() == (cycles == 2 ? 1 : -1);
                    case MainWindow::Inspector:
                        return m_window->inspectorPage()->findChild<QWidget*>(
                                   QStringLiteral("inspectorColumn%1").arg(cycles)) == nullptr &&
                               m_window->inspectorPage()->findChild<QWidget*>(
                                   QStringLiteral("inspectorColumn%1").arg(cycles - 1)) != nullptr;
                    default:
                        return !m_window->sentencesPage()->isLoading() && columns() > 0;
                }
            };
            QTRY_VERIFY(isShown(2));
            const int before = columns();
            openRun("shorter");
            QCOMPARE(m_window->currentPage(), page);  // whoever looks at features stays with them
            QTRY_VERIFY(isShown(1));
            if (page == MainWindow::Sentences)
                QTRY_VERIFY(columns() < before);
        }
    }
};

QTEST_MAIN(TestFeatureJourney)
#include "tst_feature_journey.moc"
