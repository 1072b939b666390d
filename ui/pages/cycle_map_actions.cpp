// SPDX-License-Identifier: GPL-3.0-or-later
// What can be started and fetched from the Cycle map: a stage by itself, the rest of a run, files and paths.
#include "cycle/stage_commands.h"
#include "ui/pages/cycle_details.h"
#include "ui/pages/cycle_map_page.h"
#include "ui/plots/cycle_diagram.h"
#include "ui/reveal.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

QString listed(const std::vector<Artefact>& artefacts) {
    QStringList names;
    for (const Artefact& artefact : artefacts)
        names << cycleNodeTitle(nodeOf(artefact));
    return names.join(QStringLiteral(", "));
}

}  // namespace

void CycleMapPage::makeActions() {
    const auto add = [this](const QString& text, const char* name, const QKeySequence& key, auto&& slot) {
        auto* action = new QAction(text, this);
        action->setObjectName(QString::fromLatin1(name));
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    m_runAction = add(tr("Run just this stage"), "runStageAction",
                      QKeySequence(QStringLiteral("Ctrl+Return")), [this] { runChosen(); });
    m_resumeAction =
        add(tr("Continue this run"), "continueRunAction", QKeySequence(QStringLiteral("Ctrl+Shift+Return")),
            [this] { Q_EMIT resumeRequested(QString::fromStdString(m_root.string())); });
    m_revealAction =
        add(tr("Show the file in the file manager"), "revealAction",
            QKeySequence(QStringLiteral("Ctrl+Shift+F")), [this] { revealInFileManager(pathToChosen()); });
    const auto copy = [this](const QString& path) {
        QGuiApplication::clipboard()->setText(path);
        Q_EMIT noticed(tr("Copied %1").arg(path));
    };
    m_copyAction = add(tr("Copy the file's path"), "copyPathAction", QKeySequence(QKeySequence::Copy),
                       [this, copy] { copy(pathToChosen()); });
    m_reloadAction = add(tr("Read the run's folder again"), "reloadMapAction",
                         QKeySequence(QKeySequence::Refresh), [this] { reload(); });
    connect(m_resume, &QPushButton::clicked, m_resumeAction, &QAction::trigger);
    connect(m_details, &CycleDetails::runRequested, m_runAction, &QAction::trigger);
    connect(m_details, &CycleDetails::revealRequested, this, &revealInFileManager);
    connect(m_details, &CycleDetails::copyRequested, this, copy);
}

// The chosen node's own file, or else the run's folder.
QString CycleMapPage::pathToChosen() const {
    const QModelIndex current = m_diagram->currentIndex();
    if (current.isValid()) {
        const int row = m_model->rowOf(m_model->node(current.row()).product());
        const QStringList files = m_model->index(row).data(CycleMapModel::FilesRole).toStringList();
        if (!files.isEmpty())
            return files.front();
    }
    return QString::fromStdString(m_root.string());
}

QString CycleMapPage::reasonAgainst(const CycleNode& stage) const {
    const CycleStory& story = m_model->story();
    const CycleMapContents& contents = story.contents();
    if (commandOf(stage).name.empty())
        return tr(
            "Extracting is no command of its own: whatever needs the activations makes them on its way.");
    if (story.isActive())
        return tr("The run goes on. Its stages can be run one by one once it has ended.");
    if (!contents.found || m_reading)
        return m_reading ? QString() : tr("The run's folder is not there.");
    if (contents.status == RunStatus::Running)
        return tr("Another process works in this run. Its stages can be run one by one once it has ended.");
    const auto offer = contents.offers.find(stage);
    return offer == contents.offers.end() ? QString() : QString::fromStdString(offer->second.missing);
}

std::optional<JobSpec> CycleMapPage::specOf(const CycleNode& stage) const {
    const CycleCommand command = commandOf(stage);
    if (command.name.empty())
        return std::nullopt;
    const QString name = QString::fromUtf8(command.name.data(), static_cast<qsizetype>(command.name.size()));
    if (command.name == "train_baseline") {  // a run's first model is not replaced: all else has come of it
        JobSpec spec;
        spec.command = name;
        for (const std::string& text : m_model->story().contents().overrides)
            spec.overrides << QString::fromStdString(text);
        return spec;
    }
    return stageSpec(name, QString::fromStdString(m_root.string()), command.current);
}

void CycleMapPage::showOffer() {
    const QModelIndex current = m_diagram->currentIndex();
    if (!current.isValid())
        return;
    const CycleNode stage = m_model->node(current.row()).maker();
    const CycleCommand command = commandOf(stage);
    const bool fresh = command.name == "train_baseline";
    const auto& offers = m_model->story().contents().offers;
    const auto offer = offers.find(stage);
    const bool again = offer != offers.end() && !offer->second.replaced.empty();
    const QString reason = reasonAgainst(stage);
    const bool ready = reason.isEmpty() && !m_reading && !command.name.empty();
    const QString text = fresh ? tr("Run in a new run") : again ? tr("Run again") : tr("Run just this stage");
    QString words = reason;
    if (reason.isEmpty() && fresh)
        words =
            tr("Starts a new run with the same settings. This run's own model stays, since all else was made "
               "from it.");
    else if (reason.isEmpty() && stage.kind == Kind::Sharpen)
        words = tr("Sharpening and retraining are one command.");
    else if (reason.isEmpty() && (stage.kind == Kind::Evaluate || stage.kind == Kind::Index))
        words = tr("Evaluating and indexing are one command.");
    m_details->setOffer(text, ready, words);
    m_runAction->setText(text);
    m_runAction->setEnabled(ready);
}

void CycleMapPage::runChosen() {
    const QModelIndex current = m_diagram->currentIndex();
    if (!current.isValid())
        return;
    const CycleNode stage = m_model->node(current.row()).maker();
    const std::optional<JobSpec> spec = specOf(stage);
    if (!spec || !reasonAgainst(stage).isEmpty())
        return;
    const auto& offers = m_model->story().contents().offers;
    const auto offer = offers.find(stage);
    if (offer == offers.end() || offer->second.replaced.empty()) {
        Q_EMIT stageRequested(*spec);
        return;
    }
    QString consequences = tr("It replaces %1.").arg(listed(offer->second.replaced));
    if (!offer->second.stale.empty())
        consequences +=
            QLatin1Char(' ') + tr("Out of date from then on, since they were made from what is replaced: "
                                  "%1. They stay until they are made again.")
                                   .arg(listed(offer->second.stale));
    confirm(*spec, tr("%1, cycle %2").arg(cycleNodeTitle(stage)).arg(stage.cycle), consequences);
}

void CycleMapPage::confirm(const JobSpec& spec, const QString& title, const QString& consequences) {
    if (m_question != nullptr)
        return;
    m_question = new QMessageBox(QMessageBox::NoIcon, tr("Run again"), tr("Run %1 again?").arg(title),
                                 QMessageBox::NoButton, this);
    m_question->setObjectName(QStringLiteral("againQuestion"));
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setTextFormat(Qt::PlainText);
    m_question->setInformativeText(consequences);
    QPushButton* run = m_question->addButton(tr("Run again"), QMessageBox::AcceptRole);
    run->setObjectName(QStringLiteral("runAgain"));
    QPushButton* keep = m_question->addButton(tr("Keep what is there"), QMessageBox::RejectRole);
    keep->setObjectName(QStringLiteral("keepFiles"));
    m_question->setDefaultButton(keep);
    m_question->setEscapeButton(keep);
    connect(run, &QPushButton::clicked, this, [this, spec] { Q_EMIT stageRequested(spec); });
    connect(m_question, &QObject::destroyed, this, [this] { m_question = nullptr; });
    m_question->open();
}

}  // namespace saeception
