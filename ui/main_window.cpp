// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "base/error.h"
#include "ui/icons.h"
#include "ui/jobs/estimator.h"
#include "ui/jobs/queue_store.h"
#include "ui/jobs/run_features.h"
#include "ui/models/palette_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/cycle_map_page.h"
#include "ui/pages/dashboard_page.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/inspector_page.h"
#include "ui/pages/launch_page.h"
#include "ui/pages/log_page.h"
#include "ui/pages/queue_page.h"
#include "ui/pages/runs_page.h"
#include "ui/pages/sentences_page.h"
#include "ui/pages/welcome_page.h"
#include "ui/run_viewer.h"
#include "ui/theme.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/quit_dialog.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/shortcut_list.h"
#include "ui/widgets/status_line.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <iterator>

namespace saeception {
namespace {

const QSize firstSize(1280, 800);
const QSize windowFrame(16, 40);  // about what a window manager puts around a window

struct PageWords {
    const char* name;  ///< of files and icons
    const char* title;
};

constexpr std::array<PageWords, MainWindow::PageCount> pageWords = {{
    {"launch", QT_TRANSLATE_NOOP("MainWindow", "Launch")},
    {"queue", QT_TRANSLATE_NOOP("MainWindow", "Queue")},
    {"cycles", QT_TRANSLATE_NOOP("MainWindow", "Cycles")},
    {"dashboard", QT_TRANSLATE_NOOP("MainWindow", "Dashboard")},
    {"features", QT_TRANSLATE_NOOP("MainWindow", "Features")},
    {"evolution", QT_TRANSLATE_NOOP("MainWindow", "Evolution")},
    {"inspector", QT_TRANSLATE_NOOP("MainWindow", "Inspector")},
    {"sentences", QT_TRANSLATE_NOOP("MainWindow", "Sentences")},
    {"runs", QT_TRANSLATE_NOOP("MainWindow", "Runs")},
    {"compare", QT_TRANSLATE_NOOP("MainWindow", "Compare")},
    {"log", QT_TRANSLATE_NOOP("MainWindow", "Log")},
}};

// The one file or folder that is dropped; empty for anything else.
QString droppedPath(const QMimeData* data) {
    return data->hasUrls() && data->urls().size() == 1 ? data->urls().front().toLocalFile() : QString();
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      m_queue(new JobQueue(this)),
      m_store(new QueueStore(m_queue, QueueStore::defaultFile(), this)),
      m_rail(new Rail),
      m_pages(new QStackedWidget),
      m_launch(new LaunchPage),
      m_queuePage(new QueuePage(m_queue)),
      m_map(new CycleMapPage),
      m_dashboard(new DashboardPage),
      m_runFeatures(new RunFeatures(this)),
      m_features(new FeaturesPage(m_runFeatures)),
      m_evolution(new EvolutionPage(m_runFeatures)),
      m_inspector(new InspectorPage(m_runFeatures)),
      m_sentences(new SentencesPage(m_runFeatures)),
      m_runs(new RunsPage),
      m_compare(new ComparePage(m_runs->model())),
      m_log(new LogPage),
      m_welcome(new WelcomePage),
      m_notice(new NoticeBanner),
      m_status(new StatusLine),
      m_viewer(new RunViewer(
          *m_queue, {m_map, m_dashboard, m_runFeatures, m_runs, m_compare, m_notice, m_status}, this)),
      m_estimator(new Estimator),
      m_palette(new CommandPalette(this)) {
    m_runFeatures->setObjectName(QStringLiteral("runFeatures"));
    setWindowTitle(QStringLiteral("SAEception Studio"));
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    makePages();

    // The one experiment that needs nothing but a click.
    m_launch->load(QStringList{QStringLiteral("experiment=demo")});
    makeMenus();
    connectLaunch();
    connectQueue();
    connectRuns();
    connectFeatures();
    restoreLayout();
    m_runs->refresh();
    m_store->load();
}

MainWindow::~MainWindow() = default;

std::array<QWidget*, MainWindow::PageCount> MainWindow::pages() const {
    return {m_launch,    m_queuePage, m_map,  m_dashboard, m_features, m_evolution,
            m_inspector, m_sentences, m_runs, m_compare,   m_log};
}

QString MainWindow::pageName(Page page) {
    return QString::fromLatin1(pageWords[page].name);
}

QString MainWindow::pageTitle(Page page) {
    return tr(pageWords[page].title);
}

QKeySequence MainWindow::pageShortcut(Page page) {
    constexpr int digits = 10;  // Ctrl+1 to Ctrl+9, then Ctrl+0
    return page < digits ? QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + (page + 1) % digits))
                         : QKeySequence(QStringLiteral("Ctrl+Shift+L"));
}

void MainWindow::makePages() {
    int number = 0;
    for (QWidget* page : pages()) {
        const QString title = pageTitle(static_cast<Page>(number));
        m_rail->addPage(pageName(static_cast<Page>(number)), title, pageShortcut(static_cast<Page>(number)));
        page->setWindowTitle(title);
        m_pages->addWidget(page);
        ++number;
    }
    m_welcome->setWindowTitle(tr("Welcome"));
    m_pages->addWidget(m_welcome);
    m_notice->setObjectName(QStringLiteral("runNotice"));

    auto* below = new QVBoxLayout;
    below->setSpacing(0);
    below->addWidget(m_notice);
    below->addWidget(m_pages, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(below, 1);
    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    setCentralWidget(centre);
    setMinimumSize(960, 640);
}

void MainWindow::connectLaunch() {
    connect(m_rail, &Rail::pageChosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    connect(m_launch, &LaunchPage::jobsRequested, this, &MainWindow::addJobs);
    connect(m_launch, &LaunchPage::runFolderDropped, this,
            [this](const QString& folder) { openRun(folder.toStdString()); });
    connect(m_launch, &LaunchPage::estimateWanted, m_estimator, &Estimator::request);
    connect(m_launch, &LaunchPage::estimateObsolete, m_estimator, &Estimator::cancel);
    m_estimator->setParent(this);
    connect(m_estimator, &Estimator::estimated, this, [this](const QString& text, const QString& details) {
        const int jobs = m_launch->jobCount();
        m_launch->showEstimate(jobs > 1 ? tr("%1, the first of %2 jobs").arg(text).arg(jobs) : text, details);
    });
    connect(m_welcome, &WelcomePage::demoRequested, this,
            [this] { loadOverrides({QStringLiteral("experiment=demo")}, true); });
    connect(m_welcome, &WelcomePage::setUpRequested, this,
            [this](const QStringList& overrides) { loadOverrides(overrides, false); });
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::chooseRun);
    connect(m_palette, &CommandPalette::pageRequested, m_pages, &QStackedWidget::setCurrentWidget);
    connect(m_pages, &QStackedWidget::currentChanged, this,
            [this](int page) { m_rail->setCurrent(page < PageCount ? page : -1); });
}

void MainWindow::connectQueue() {
    connect(m_queuePage, &QueuePage::launchPageRequested, this, [this] { showPage(Launch); });
    connect(m_queuePage, &QueuePage::showRequested, this, [this](quint64 id) {
        try {
            m_viewer->showJob(id);
            showPage(Dashboard);
        } catch (const std::exception& error) {
            showError(tr("Show the run"), QString::fromStdString(oneLine(error.what())));
        }
    });
    connect(m_queuePage, &QueuePage::editRequested, this, [this](const JobSpec& job) {
        m_launch->load(job);
        showPage(Launch);
    });
    connect(m_queuePage, &QueuePage::logRequested, this, [this](const QString& folder) {
        m_log->showRun(folder);
        showPage(Log);
    });
    connect(m_status, &StatusLine::clicked, this, [this] { showPage(Queue); });
    connect(m_queue, &JobQueue::jobChanged, this, &MainWindow::updateActions);
    connect(m_queue, &JobQueue::jobAdded, this, &MainWindow::updateActions);
    connect(m_queue, &JobQueue::jobRemoved, this, &MainWindow::updateActions);
    connect(m_queue, &JobQueue::finished, this,
            [this](quint64, RunState state, const QString&) { Q_EMIT runFinished(state); });
    connect(m_queue, &JobQueue::idle, this, [this] {
        if (m_question)
            m_question->reject();
        if (m_closing)
            close();
    });
    connect(m_store, &QueueStore::noticed, m_queuePage, &QueuePage::showNotice);
}

void MainWindow::connectRuns() {
    const auto toLaunch = [this] { showPage(Launch); };
    connect(m_dashboard, &DashboardPage::launchPageRequested, this, toLaunch);
    connect(m_dashboard, &DashboardPage::runChosen, this,
            [this](const QString& folder) { openRun(folder.toStdString()); });
    connect(m_map, &CycleMapPage::launchPageRequested, this, toLaunch);
    connect(m_map, &CycleMapPage::noticed, this, [this](const QString& line) {
        if (m_queue->activeJobs().empty())
            m_status->setMessage(line);
    });
    connect(m_map, &CycleMapPage::stageRequested, this, &MainWindow::addHere);
    connect(m_map, &CycleMapPage::resumeRequested, this, [this](const QString& folder) {
        JobSpec job;
        job.resume = folder;
        addHere(job);
    });
    connect(m_runs, &RunsPage::openRequested, this, &MainWindow::openRun);
    connect(m_runs, &RunsPage::launchPageRequested, this, toLaunch);
    connect(m_runs, &RunsPage::chartsRequested, this,
            [this](const std::vector<std::filesystem::path>& roots) {
                m_viewer->addToCharts(roots);
                showPage(Dashboard);
            });
    connect(m_runs, &RunsPage::compareRequested, this,
            [this](const std::vector<std::filesystem::path>& roots) {
                m_compare->setRuns(roots);
                showPage(Compare);
            });
    connect(m_compare, &ComparePage::runsPageRequested, this, [this] { showPage(Runs); });
    connect(m_log, &LogPage::launchPageRequested, this, toLaunch);
    connect(m_log, &LogPage::runRequested, this,
            [this](const QString& folder) { openRun(folder.toStdString()); });
    connect(m_viewer, &RunViewer::viewChanged, this, [this] {
        updateActions();
        // A run of an earlier session has its say, too.
        if (m_viewer->job() == 0 && m_log->model()->rowCount() == 0)
            m_log->showRun(m_viewer->folder());
    });
    connect(m_viewer, &RunViewer::runRead, this, [this](RunState state, const QString& message) {
        if (state == RunState::Failed)
            showError(tr("Open run"), message);
        Q_EMIT runFinished(state);
    });
    m_palette->addProvider([this] {
        QList<PaletteEntry> entries;
        const RunTableModel* runs = m_runs->model();
        for (int row = 0; row < std::min(runs->rowCount(), 200); ++row) {
            const RunSummary& run = runs->run(row);
            entries.append({.text = tr("Open run %1").arg(QString::fromStdString(runTitle(run))),
                            .group = tr("Runs"),
                            .run = [this, root = run.root] { openRun(root); }});
        }
        return entries;
    });
}

void MainWindow::addJobs(const QList<JobSpec>& jobs) {
    if (jobs.isEmpty())
        return;
    const bool idle = m_queue->isIdle() && !m_queue->isHeld();
    const std::vector<quint64> ids = m_queue->addAll({jobs.begin(), jobs.end()});
    if (idle)
        m_viewer->showJob(ids.front());
    showPage(idle && jobs.size() == 1 ? Dashboard : Queue);
}

void MainWindow::addHere(const JobSpec& job) {
    m_viewer->showJob(m_queue->add(job));
}

void MainWindow::loadOverrides(const QStringList& overrides, bool start) {
    m_launch->load(overrides);
    if (start) {
        JobSpec job;
        job.overrides = overrides;
        addJobs({job});
    } else {
        showPage(Launch);
    }
}

quint64 MainWindow::startWork(const QString& title, int threads, Job::Work work) {
    const quint64 id = m_queue->addWork(title, threads, std::move(work));
    m_viewer->showJob(id);
    showPage(Dashboard);
    return id;
}

void MainWindow::openRun(const std::filesystem::path& root) {
    try {
        m_viewer->openRun(root);
        constexpr Page ofRuns[] = {Features, Evolution, Inspector, Sentences, Cycles, Compare};
        if (std::find(std::begin(ofRuns), std::end(ofRuns), currentPage()) == std::end(ofRuns))
            showPage(Dashboard);
    } catch (const std::exception& error) {
        showError(tr("Open run"), QString::fromStdString(oneLine(error.what())));
    }
}

void MainWindow::openPath(const QString& path) {
    if (QFileInfo(path).isDir()) {
        openRun(path.toStdString());
    } else if (m_launch->loadFile(path)) {
        showPage(Launch);
    }
}

void MainWindow::showPage(Page page) {
    m_pages->setCurrentIndex(page);
    m_pages->currentWidget()->setFocus();
}

MainWindow::Page MainWindow::currentPage() const {
    return static_cast<Page>(m_pages->currentIndex());
}

void MainWindow::showWelcome() {
    m_pages->setCurrentWidget(m_welcome);
    m_welcome->setFocus();
}

QWidget* MainWindow::showShortcuts() {
    auto* list = new ShortcutList(this);
    list->setAttribute(Qt::WA_DeleteOnClose);
    list->show();
    return list;
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedPath(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    openPath(droppedPath(event->mimeData()));
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_queue->isIdle() && (m_closing || !m_queue->activeJobs().empty())) {
        event->ignore();
        if (!m_closing || m_waiting)
            askToClose();
        return;
    }
    m_store->flush();
    saveLayout();
    event->accept();
}

void MainWindow::askToClose() {
    if (m_question)
        return;
    m_question = new QuitDialog(m_queue, this);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QuitDialog::chosen, this, [this](QuitChoice choice) {
        m_closing = true;
        m_waiting = choice == QuitChoice::Wait;
        m_queue->settle(choice);
        if (m_queue->isIdle())
            close();
    });
    m_question->open();
}

void MainWindow::chooseRun() {
    auto* dialog = new QFileDialog(this, tr("Open run"), QStringLiteral("outputs"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& path) { openRun(std::filesystem::path(path.toStdString())); });
    dialog->open();
}

void MainWindow::showError(const QString& title, const QString& message) {
    auto* box = new QMessageBox(QMessageBox::Warning, title, message, QMessageBox::Ok, this);
    box->setObjectName(QStringLiteral("errorDialog"));
    box->setTextFormat(Qt::PlainText);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::restoreLayout() {
    const QSettings settings;
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(firstSize.boundedTo(screen()->availableSize() - windowFrame));
    const QString last = settings.value(QStringLiteral("window/lastPage")).toString();
    Page shown = Launch;
    for (int page = 0; page < PageCount; ++page)
        if (pageName(static_cast<Page>(page)) == last)
            shown = static_cast<Page>(page);
    showPage(shown);
    if (WelcomePage::isWantedAtStart())
        showWelcome();
}

void MainWindow::saveLayout() {
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (currentPage() < PageCount)
        settings.setValue(QStringLiteral("window/lastPage"), pageName(currentPage()));
    settings.setValue(QStringLiteral("window/theme"), themeChoiceName(Theme::instance().choice()));
}

}  // namespace saeception
