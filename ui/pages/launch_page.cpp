// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/launch_page.h"

#include "base/error.h"
#include "config/overrides.h"
#include "config/sweep.h"
#include "cycle/run_library.h"
#include "cycle/stage_commands.h"
#include "ui/icons.h"
#include "ui/jobs/launch_file.h"
#include "ui/models/config_values.h"
#include "ui/pages/config_form.h"
#include "ui/pages/config_preview.h"
#include "ui/pages/launch_choosers.h"
#include "ui/pages/sweep_editor.h"
#include "ui/theme.h"
#include "ui/widgets/config_row.h"
#include "ui/widgets/notice_banner.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>

namespace saeception {
namespace {

QStringList texts(const std::vector<std::string>& list) {
    QStringList result;
    for (const std::string& text : list)
        result.append(QString::fromStdString(text));
    return result;
}

// A job out of a sweep as a run of its own: without the sweep's folder, and of one configuration even where
// its preset is a sweep.
QStringList withoutSweep(const QStringList& overrides) {
    QStringList list;
    ComposeRequest request;
    for (const QString& text : overrides) {
        if (text.startsWith(QLatin1String("hydra.sweep.")))
            continue;
        list.append(text);
        request.overrides.push_back(text.toStdString());
    }
    try {
        if (asksForSweep(request))
            list.append(QStringLiteral("hydra.mode=RUN"));
    } catch (const UserError&) {
        // What is wrong with it is said on the page.
    }
    return list;
}

// Whether the command starts a run of its own.
bool isFresh(const QString& command) {
    return stageCommand(command.toStdString()).needs(ExperimentConfig{}).empty();
}

QString onlyLocalFile(const QMimeData* data) {
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

}  // namespace

LaunchPage::~LaunchPage() = default;

LaunchPage::LaunchPage(QWidget* parent)
    : QWidget(parent), m_values(new ConfigValues(this)), m_checker(new LaunchChecker(this)) {
    setAcceptDrops(true);
    makeParts();
    makeActions();
    connectParts();
    applyTheme();
    setFocusProxy(m_choosers);
    check(true);
}

void LaunchPage::connectParts() {
    m_check.setSingleShot(true);
    m_check.setInterval(0);
    m_settled.setSingleShot(true);
    m_settled.setInterval(600);
    connect(&m_check, &QTimer::timeout, this, [this] { check(); });
    connect(&m_settled, &QTimer::timeout, this, [this] {
        if (error().isEmpty() && m_verdict.spec)
            Q_EMIT estimateWanted(*m_verdict.spec);
    });
    connect(m_values, &ConfigValues::edited, this, &LaunchPage::scheduleCheck);
    connect(m_choosers, &LaunchChoosers::changed, this, &LaunchPage::scheduleCheck);
    connect(m_sweep, &SweepEditor::changed, this, [this] {
        m_shownJob = 0;
        scheduleCheck();
    });
    connect(m_sweep, &SweepEditor::jobChosen, this, [this](int job) {
        m_shownJob = job;
        scheduleCheck();
    });
    connect(m_checker, &LaunchChecker::checked, this, &LaunchPage::showVerdict);
    connect(m_checker, &LaunchChecker::prepared, this, [this](const QList<JobSpec>& jobs) {
        showRun();
        Q_EMIT jobsRequested(jobs);
    });
    connect(m_checker, &LaunchChecker::refused, this, [this](const QString& reason) {
        m_verdict.error = reason;
        showProblems();
        showRun();
    });
    connect(&Theme::instance(), &Theme::changed, this, &LaunchPage::applyTheme);
}

QStringList LaunchPage::overrides() const {
    return m_choosers->groupOverrides() + m_values->overrides() + m_choosers->otherOverrides();
}

LaunchChoices LaunchPage::choices() const {
    LaunchChoices choices;
    choices.command = m_choosers->command();
    choices.groups = m_choosers->groupOverrides();
    choices.values = m_values->overrides(true);
    choices.others = m_choosers->otherOverrides();
    choices.sweep = m_sweep->overrides();
    choices.shownJob = m_shownJob;
    return choices;
}

void LaunchPage::load(const QStringList& overrides) {
    fill(QStringLiteral("train_cycle"), overrides, false);
}

void LaunchPage::load(const JobSpec& job) {
    fill(job.command, job.sweepNumber ? withoutSweep(job.overrides) : job.overrides, false);
}

void LaunchPage::fill(const QString& command, const QStringList& overrides, bool keepGroups) {
    m_filling = true;
    m_banner->showLines({}, {});
    QStringList others;
    if (keepGroups) {
        others = m_choosers->otherOverrides();
    } else {
        m_choosers->clear();
        m_choosers->setCommand(command);
    }
    m_sweep->clear();
    m_values->resetAll();
    for (const QString& text : overrides) {
        try {
            const Override parsed = parseOverride(text.toStdString());
            if (m_choosers->load(parsed) || m_sweep->load(parsed) || m_values->load(parsed))
                continue;
        } catch (const UserError&) {
            // The check below says what is wrong with it.
        }
        others.append(text);
    }
    m_choosers->setOtherOverrides(others);
    m_shownJob = 0;
    m_filling = false;
    check(true);
}

bool LaunchPage::loadFile(const QString& path) {
    const std::filesystem::path file = path.toStdString();
    std::error_code code;
    if (std::filesystem::is_directory(file, code)) {
        if (isRunFolder(file)) {
            Q_EMIT runFolderDropped(path);
            return true;
        }
        m_banner->showLine(
            tr("%1 is not a run's folder; drop one that holds .hydra, or a YAML file").arg(path));
        return false;
    }
    try {
        const LaunchFile read = readLaunchFile(file);
        const QString command = read.command.isEmpty() ? QStringLiteral("train_cycle") : read.command;
        fill(command, read.overrides, read.valuesOnly);
        if (!read.problems.isEmpty())
            m_banner->showLines(tr("%1 was loaded, all but this:").arg(QFileInfo(path).fileName()),
                                read.problems);
        return true;
    } catch (const std::exception& problem) {
        m_banner->showLine(QString::fromStdString(oneLine(problem.what())));
        return false;
    }
}

QString LaunchPage::ownError() const {
    const std::vector<std::string> wrong = m_values->wrongKeys();
    if (wrong.empty())
        return m_sweep->error();
    const QString first = m_values->problem(wrong.front());
    return wrong.size() == 1 ? first : tr("%1 (and %2 more)").arg(first).arg(wrong.size() - 1);
}

QString LaunchPage::error() const {
    const QString own = ownError();
    return own.isEmpty() ? m_verdict.error : own;
}

bool LaunchPage::isChecking() const {
    return m_check.isActive() || m_checker->isChecking();
}

int LaunchPage::jobCount() const {
    return m_verdict.isSweep ? static_cast<int>(m_verdict.jobs.size()) : 1;
}

QString LaunchPage::command() const {
    JobSpec spec;
    spec.command = m_choosers->command();
    const QStringList sweep = m_sweep->overrides();
    spec.overrides =
        (sweep.isEmpty() ? QStringList() : QStringList{QStringLiteral("-m")}) + overrides() + sweep;
    return jobCommand(spec);
}

void LaunchPage::scheduleCheck() {
    if (!m_filling)
        m_check.start();
}

void LaunchPage::check(bool atOnce) {
    m_check.stop();
    LaunchChoices now = choices();
    if (now != m_asked) {
        m_settled.stop();
        m_estimate->clear();
        Q_EMIT estimateObsolete();
    }
    m_asked = now;
    m_command->setPlainText(command());
    showProblems();
    // A fresh run is composed in a few milliseconds; anything else may have to look through many folders.
    if (atOnce && now.sweep.isEmpty() && isFresh(now.command))
        showVerdict(m_checker->checkNow(now));
    else
        m_checker->check(now);
    showRun();
}

void LaunchPage::showVerdict(const LaunchVerdict& verdict) {
    m_verdict = verdict;
    m_filling = true;
    m_choosers->setSweep(verdict.isSweep);
    m_choosers->showChoices(verdict.choices);
    m_choosers->showPlace(verdict.place, verdict.warnings);
    if (verdict.base)
        m_values->setBase(*verdict.base);
    m_filling = false;
    m_sweep->showJobs(verdict.jobs, verdict.shownJob, verdict.isSweep);
    // A value that equals its base is no override any longer, and a sweep names its folder by another key.
    if (choices() != m_asked)
        m_check.start();
    m_command->setPlainText(command());
    if (ConfigRow* path = m_form->row("dataset.path"); path != nullptr && verdict.base)
        path->setPlaceholder(verdict.base->effective.dataset.format == "demo"
                                 ? tr("not needed for the demo")
                                 : tr("folder with the data set's files"));
    showProblems();
    showPreview();
    showRun();
    if (error().isEmpty() && !m_check.isActive())
        m_settled.start();
    decide();
}

void LaunchPage::showProblems() {
    // What is wrong with one job of several is not what the form says.
    const bool ofAJob = m_verdict.isSweep && m_verdict.error.startsWith(QLatin1String("job #"));
    m_values->setComplaint(ofAJob ? QString() : m_verdict.error);
    m_sweep->showProblem(ofAJob ? m_verdict.error : QString());
    const QString message = error();
    const bool byOthers = ownError().isEmpty() && !message.isEmpty() && m_values->complainedKey().empty();
    QString otherProblem;
    for (const QString& text : m_choosers->otherOverrides())
        if (byOthers && (message.contains(text) || message.contains(text.section(QLatin1Char('='), 0, 0))))
            otherProblem = message;
    m_choosers->showOtherProblem(otherProblem);
    m_error->setText(message);
    m_error->setVisible(!message.isEmpty());
    m_showError->setVisible(!m_values->wrongKeys().empty() || !m_values->complainedKey().empty() ||
                            !m_sweep->error().isEmpty() || ofAJob || !otherProblem.isEmpty());
}

void LaunchPage::showPreview() {
    QStringList changed = texts(m_values->changedKeys());
    QString note;
    if (m_verdict.isSweep && !m_verdict.jobs.isEmpty()) {
        note = tr("Job %1").arg(m_verdict.jobs.value(m_verdict.shownJob));
        changed += m_verdict.sweptKeys;
    } else if (!ownError().isEmpty() || !m_values->complainedKey().empty()) {
        note = tr("Without the settings that are wrong");
    } else if (!m_verdict.spec && !isFresh(m_asked.command)) {
        note = tr("As the presets compose it, for want of a run to go on with");
    } else if (changed.isEmpty()) {
        note = tr("As the presets compose it");
    } else {
        note = changed.size() == 1 ? tr("1 setting differs from the presets")
                                   : tr("%1 settings differ from the presets").arg(changed.size());
    }
    m_preview->showConfig(m_verdict.yaml, changed, note);
    m_tabs->setTabText(SweepTab, m_verdict.isSweep && !m_verdict.jobs.isEmpty()
                                     ? tr("Sweep (%1)").arg(m_verdict.jobs.size())
                                     : tr("Sweep"));
}

void LaunchPage::showRun() {
    const int jobs = jobCount();
    QString text;
    if (m_checker->isPreparing())
        text = tr("Preparing…");
    else if (jobs > 1)
        text = m_queueBusy ? tr("Add %1 jobs to queue").arg(jobs) : tr("Run %1 jobs").arg(jobs);
    else
        text = m_queueBusy ? tr("Add to queue") : tr("Run");
    m_run->setText(text);
    m_run->setEnabled(error().isEmpty() && !m_checker->isPreparing());
    m_run->setToolTip(error());
}

void LaunchPage::requestRun() {
    if (m_checker->isPreparing())
        return;
    m_runWanted = true;
    check();  // files may have come or gone since
    if (!ownError().isEmpty())
        decide();
}

void LaunchPage::decide() {
    if (!m_runWanted || (isChecking() && ownError().isEmpty()))
        return;
    m_runWanted = false;
    if (!error().isEmpty())
        return goToProblem();
    m_checker->prepare(choices());
    showRun();
}

void LaunchPage::goToProblem() {
    const std::vector<std::string> wrong = m_values->wrongKeys();
    const std::string key = wrong.empty() ? m_values->complainedKey() : wrong.front();
    if (!key.empty())
        m_form->showKey(key);
    else if (!m_choosers->goToOtherProblem() && (m_verdict.isSweep || !m_sweep->error().isEmpty()))
        m_tabs->setCurrentIndex(SweepTab);
}

void LaunchPage::setQueueBusy(bool busy) {
    m_queueBusy = busy;
    showRun();
}

void LaunchPage::showEstimate(const QString& text, const QString& details) {
    m_estimate->setText(text);
    m_estimate->setToolTip(details);
}

void LaunchPage::dragEnterEvent(QDragEnterEvent* event) {
    if (!onlyLocalFile(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void LaunchPage::dropEvent(QDropEvent* event) {
    const QString path = onlyLocalFile(event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    loadFile(path);
}

void LaunchPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    scheduleCheck();  // runs and files may have come while the page was hidden
}

void LaunchPage::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette alert = palette();
    alert.setColor(QPalette::WindowText, colours.error);
    m_error->setPalette(alert);
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_estimate->setPalette(faint);
}

}  // namespace saeception
