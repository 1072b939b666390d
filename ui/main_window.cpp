// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "base/error.h"
#include "base/thread_budget.h"
#include "cycle/run_directory.h"
#include "ui/icons.h"
#include "ui/jobs/job_spec.h"
#include "ui/jobs/run_replay.h"
#include "ui/jobs/run_scanner.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/dashboard_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/launch_page.h"
#include "ui/pages/runs_page.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/rail.h"
#include "ui/widgets/status_line.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDate>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace saeception {
namespace {

// "2024-05-17 10-32-01" of a dated folder, else the folder's own name.
QString runName(const std::filesystem::path& root) {
    const QString name = QString::fromStdString(root.filename().string());
    const QString day = QString::fromStdString(root.parent_path().filename().string());
    return QDate::fromString(day, Qt::ISODate).isValid() ? day + QLatin1Char(' ') + name : name;
}

const QString runInView = QStringLiteral("in view");
const QSize firstSize(1280, 800);
const QSize windowFrame(16, 40);  // about what a window manager puts around a window

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      m_rail(new Rail),
      m_pages(new QStackedWidget),
      m_launch(new LaunchPage),
      m_dashboard(new DashboardPage),
      m_features(new FeaturesPage),
      m_runs(new RunsPage),
      m_compare(new ComparePage(m_runs->model())),
      m_notice(new NoticeBanner),
      m_status(new StatusLine) {
    setWindowTitle(QStringLiteral("SAEception Studio"));
    setWindowIcon(applicationIcon());
    m_rail->addPage(QStringLiteral("launch"), tr("Launch"));
    m_rail->addPage(QStringLiteral("dashboard"), tr("Dashboard"));
    m_rail->addPage(QStringLiteral("features"), tr("Features"));
    m_rail->addPage(QStringLiteral("runs"), tr("Runs"));
    m_rail->addPage(QStringLiteral("compare"), tr("Compare"));
    for (QWidget* page :
         {static_cast<QWidget*>(m_launch), static_cast<QWidget*>(m_dashboard),
          static_cast<QWidget*>(m_features), static_cast<QWidget*>(m_runs), static_cast<QWidget*>(m_compare)})
        m_pages->addWidget(page);

    auto* centre = new QWidget;
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    m_notice->setObjectName(QStringLiteral("runNotice"));
    auto* below = new QVBoxLayout;
    below->setSpacing(0);
    below->addWidget(m_notice);
    below->addWidget(m_pages, 1);
    row->addLayout(below, 1);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    setCentralWidget(centre);
    setMinimumSize(960, 600);

    // The one experiment that needs nothing but a click.
    m_launch->load(QStringList{QStringLiteral("experiment=demo")});
    makeMenus();
    connectPages();
    connectRuns();
    restoreLayout();
    m_runs->refresh();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    m_openAction = file->addAction(tr("&Open run…"), QKeySequence(QStringLiteral("Ctrl+O")), this,
                                   &MainWindow::chooseRun);
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence(QStringLiteral("Ctrl+Q")), this, &QWidget::close);

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    m_runAction = run->addAction(tr("&Run"), QKeySequence(QStringLiteral("Ctrl+R")), this, [this] {
        if (m_launch->error().isEmpty())
            startRun(m_launch->overrides());
        else
            showPage(Launch);
    });
    m_stopAction =
        run->addAction(tr("&Stop"), QKeySequence(QStringLiteral("Ctrl+.")), this, &MainWindow::stopRun);
    m_stopAction->setEnabled(false);

    QMenu* view = menuBar()->addMenu(tr("&View"));
    const QString names[PageCount] = {tr("&Launch"), tr("&Dashboard"), tr("&Features"), tr("&Runs"),
                                      tr("&Compare")};
    for (int page = 0; page < PageCount; ++page)
        view->addAction(names[page], QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + page)), this,
                        [this, page] { showPage(static_cast<Page>(page)); });

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About SAEception Studio"), this, &MainWindow::about);
}

void MainWindow::connectPages() {
    connect(m_rail, &Rail::pageChosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    connect(m_launch, &LaunchPage::runRequested, this, &MainWindow::startRun);
    connect(m_launch, &LaunchPage::stopRequested, this, &MainWindow::stopRun);
    connect(m_dashboard, &DashboardPage::stopRequested, this, [this](const QString&) { stopRun(); });
    connect(m_dashboard, &DashboardPage::launchPageRequested, this, [this] { showPage(Launch); });
}

void MainWindow::connectRuns() {
    connect(m_runs, &RunsPage::openRequested, this, &MainWindow::openRun);
    connect(m_runs, &RunsPage::launchPageRequested, this, [this] { showPage(Launch); });
    connect(m_runs, &RunsPage::compareRequested, this,
            [this](const std::vector<std::filesystem::path>& roots) {
                m_compare->setRuns(roots);
                showPage(Compare);
            });
    connect(m_compare, &ComparePage::runsPageRequested, this, [this] { showPage(Runs); });
    connect(m_runs->scanner(), &RunScanner::inspected, this, &MainWindow::showProblems);
    connect(this, &MainWindow::runFinished, m_runs, &RunsPage::refresh);
}

void MainWindow::showProblems(const RunSummary& run) {
    if (run.root != m_opened)
        return;
    QStringList lines;
    if (run.status == RunStatus::Running)
        lines << tr("Another process still writes this run. What is shown is its state when it was opened.");
    if (run.status == RunStatus::Failed)
        lines << tr("This run failed: %1").arg(QString::fromStdString(run.ending));
    if (run.status == RunStatus::Interrupted)
        lines << tr("This run ended without a word, as after a crash. What it left is shown.");
    for (const std::string& problem : run.problems)
        lines << QString::fromStdString(problem);
    m_notice->showLines({}, lines);
}

void MainWindow::startRun(const QStringList& overrides) {
    JobSpec spec;
    spec.overrides = overrides;
    startWork(jobTitle(spec), jobThreads(spec), jobWork(spec));
}

void MainWindow::loadOverrides(const QStringList& overrides, bool start) {
    m_launch->load(overrides);
    if (start)
        startRun(overrides);
    else
        showPage(Launch);
}

void MainWindow::startWork(const QString& title, int threads, Job::Work work) {
    if (isRunActive())
        return;
    m_features->setRun({});
    m_opened.clear();
    m_notice->showLines({}, {});
    begin(title, threads, std::move(work), true);
    showPage(Dashboard);
    Q_EMIT runStarted();
}

void MainWindow::begin(const QString& title, int threads, Job::Work work, bool live) {
    delete m_session;
    m_session = new RunSession(title, std::move(work), this);
    m_live = live;
    m_dashboard->begin(runInView, title, live);
    m_dashboard->view(runInView);
    m_status->begin(title, threads);
    connect(m_session, &RunSession::eventsArrived, this, &MainWindow::receive);
    connect(m_session, &RunSession::stateChanged, this, &MainWindow::stateChanged);
    connect(m_session, &RunSession::finished, this, &MainWindow::ended);
    m_session->start(live ? trainingPool() : *QThreadPool::globalInstance());
}

void MainWindow::openRun(const std::filesystem::path& root) {
    if (isRunActive()) {
        showError(tr("Open run"), tr("A run is active. Stop it, or open the other run once it has ended."));
        return;
    }
    try {
        // What is left of a damaged run is shown as well.
        const RunDirectory directory = isRunFolder(root) ? RunDirectory::at(root) : RunDirectory::open(root);
        m_notice->showLines({}, {});
        m_opened = directory.root();
        m_runs->scanner()->inspect(m_opened);
        m_compare->follow(m_opened);
        begin(tr("Run %1").arg(runName(directory.root())), resolveThreads(0), replayWork(directory), false);
        m_features->setRun(directory.root());
        if (currentPage() == Launch || currentPage() == Runs)
            showPage(Dashboard);
    } catch (const std::exception& error) {
        showError(tr("Open run"), QString::fromStdString(oneLine(error.what())));
    }
}

void MainWindow::stopRun() {
    if (m_session != nullptr)
        m_session->requestStop();
}

void MainWindow::receive(const EventBatch& batch) {
    m_dashboard->consume(runInView, batch);
    m_status->consume(batch);
    if (!m_live)
        return;
    for (const Event& event : batch) {
        if (const auto* started = std::get_if<RunStarted>(&event.body)) {
            m_features->setRun(started->directory);
            m_runs->remember(QString::fromStdString(started->directory));
            m_compare->follow(started->directory);
        } else if (std::holds_alternative<CycleEvaluated>(event.body)) {
            m_compare->reload();
        } else if (const auto* saved = std::get_if<ArtefactSaved>(&event.body))
            if (saved->stage == Stage::Features)
                m_features->reload();
    }
}

void MainWindow::stateChanged(RunState state) {
    const bool active = isActive(state);
    m_launch->setRunState(state);
    m_dashboard->setState(runInView, m_live ? state : RunState::Waiting);
    m_status->setState(state);
    m_runAction->setEnabled(!active);
    m_openAction->setEnabled(!active);
    m_stopAction->setEnabled(active && state != RunState::Stopping);
}

void MainWindow::ended(RunState state, const QString& message) {
    if (m_question != nullptr)
        m_question->reject();
    if (m_closing) {
        close();
    } else if (state == RunState::Failed) {
        showError(m_live ? tr("The run failed") : tr("Open run"), message);
    }
    Q_EMIT runFinished(state);
}

void MainWindow::showPage(Page page) {
    m_pages->setCurrentIndex(page);
    m_rail->setCurrent(page);
    m_pages->currentWidget()->setFocus();
}

MainWindow::Page MainWindow::currentPage() const {
    return static_cast<Page>(m_pages->currentIndex());
}

bool MainWindow::isRunActive() const {
    return m_session != nullptr && m_session->isActive();
}

QStringList MainWindow::savePictures(const QString& directory) {
    const QString names[PageCount] = {QStringLiteral("launch"), QStringLiteral("dashboard"),
                                      QStringLiteral("features"), QStringLiteral("runs"),
                                      QStringLiteral("compare")};
    const Page before = currentPage();
    QStringList files;
    if (!QDir().mkpath(directory))
        return files;
    for (int page = 0; page < PageCount; ++page) {
        showPage(static_cast<Page>(page));
        // Layouts settle and charts draw their frame before the picture is taken.
        for (int turn = 0; turn < 3; ++turn)
            QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents, 100);
        const QString file = QDir(directory).filePath(names[page] + QStringLiteral(".png"));
        if (!grab().save(file))
            return {};
        files.append(file);
    }
    showPage(before);
    return files;
}

void MainWindow::savePicturesAtEnd(const QString& directory) {
    connect(this, &MainWindow::runFinished, this, [this, directory](RunState state) {
        // The feature page reads its index in the background; give it a moment to show it.
        QTimer::singleShot(1500, this, [this, directory, state] {
            const bool saved = !savePictures(directory).isEmpty();
            QCoreApplication::exit(saved && state != RunState::Failed ? 0 : 1);
        });
    });
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (isRunActive() && m_live) {
        event->ignore();
        if (!m_closing)
            askToClose();
        return;
    }
    saveLayout();
    event->accept();
}

void MainWindow::askToClose() {
    if (m_question != nullptr)
        return;
    m_question = new QMessageBox(QMessageBox::Question, tr("A run is active"),
                                 tr("Stop %1 and close the window?").arg(m_session->title()),
                                 QMessageBox::NoButton, this);
    m_question->setObjectName(QStringLiteral("closeQuestion"));
    m_question->setInformativeText(tr("The run ends after its present step. Every finished stage is saved."));
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* stop = m_question->addButton(tr("Stop and close"), QMessageBox::AcceptRole);
    stop->setObjectName(QStringLiteral("stopAndClose"));
    QPushButton* keep = m_question->addButton(tr("Keep running"), QMessageBox::RejectRole);
    keep->setObjectName(QStringLiteral("keepRunning"));
    m_question->setDefaultButton(keep);
    m_question->setEscapeButton(keep);
    connect(stop, &QPushButton::clicked, this, [this] {
        m_closing = true;
        if (isRunActive())
            stopRun();
        else
            close();
    });
    connect(m_question, &QObject::destroyed, this, [this] { m_question = nullptr; });
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

void MainWindow::about() {
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("About SAEception Studio"),
                        tr("<h3>SAEception Studio %1</h3>").arg(QCoreApplication::applicationVersion()),
                        QMessageBox::Ok, this);
    box->setIconPixmap(applicationIcon().pixmap(64, 64));
    box->setInformativeText(
        tr("Train, sharpen and browse sparse autoencoders in cycles.<br><br>Free software under the GNU "
           "General Public "
           "License, version 3 or later. Built with Qt, LibTorch and QCustomPlot."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::restoreLayout() {
    const QSettings settings;
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(firstSize.boundedTo(screen()->availableSize() - windowFrame));
    const int page = settings.value(QStringLiteral("window/page"), int(Launch)).toInt();
    showPage(page >= 0 && page < PageCount ? static_cast<Page>(page) : Launch);
}

void MainWindow::saveLayout() {
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/page"), int(currentPage()));
    settings.setValue(QStringLiteral("window/theme"), themeChoiceName(Theme::instance().choice()));
}

}  // namespace saeception
