// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runs_page.h"

#include "ui/format.h"
#include "ui/icons.h"
#include "ui/jobs/run_scanner.h"
#include "ui/models/run_filter_model.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/run_details.h"
#include "ui/pages/run_list.h"
#include "ui/reveal.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

const QString importedKey = QStringLiteral("runs/imported");
const QString splitterKey = QStringLiteral("runs/splitter");
constexpr qsizetype mostImported = 200;

bool isAtOrBelow(const QString& path, const QString& folder) {
    return path == folder || path.startsWith(folder + QLatin1Char('/'));
}

QString cleaned(const QString& folder) {
    return QDir::cleanPath(QDir(folder).absolutePath());
}

}  // namespace

RunsPage::RunsPage(QWidget* parent)
    : QWidget(parent),
      m_runs(new RunTableModel(this)),
      m_shown(new RunFilterModel(this)),
      m_scanner(new RunScanner(this)),
      m_outputs({cleaned(QStringLiteral("outputs")), cleaned(QStringLiteral("multirun"))}),
      m_imported(QSettings().value(importedKey).toStringList()),
      m_banner(new NoticeBanner(this)),
      m_stack(new QStackedWidget(this)) {
    m_shown->setSourceModel(m_runs);
    m_details = new RunDetails(this);
    makeActions();
    makeTable();
    m_empty = makeEmptyState();
    m_content = new QSplitter(Qt::Vertical, this);
    m_content->setChildrenCollapsible(false);
    m_content->addWidget(m_table);
    m_content->addWidget(m_details);
    m_content->setStretchFactor(0, 1);
    m_content->setSizes({60 * gridUnit, 19 * gridUnit});
    m_content->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(m_content, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(splitterKey, m_content->saveState()); });
    auto* list = new QWidget(this);
    auto* listColumn = new QVBoxLayout(list);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(gridUnit);
    listColumn->addWidget(makeBar());
    listColumn->addWidget(m_content, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(list);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    connectScanner();
    applyTheme();
    selectionChanged();
    showState();
    setFocusProxy(m_table);
}

RunsPage::~RunsPage() {
    m_details->commit();
}

EmptyState* RunsPage::makeEmptyState() {
    auto* page = new EmptyState({}, {}, this);
    connect(page->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("runsEmptyLaunch")),
            &QPushButton::clicked, this, &RunsPage::launchPageRequested);
    connect(page->addButton(QStringLiteral("folder"), tr("Import…"), QStringLiteral("runsEmptyImport")),
            &QPushButton::clicked, this, &RunsPage::chooseImport);
    return page;
}

void RunsPage::makeActions() {
    m_menu = new QMenu(this);
    const auto add = [this](const QString& text, const char* name, auto&& work) {
        QAction* action = m_menu->addAction(text, this, std::forward<decltype(work)>(work));
        action->setObjectName(QString::fromLatin1(name));
        return action;
    };
    m_open = add(tr("&Open"), "openRun", [this] {
        if (const auto rows = m_table->chosenRows(); rows.size() == 1)
            Q_EMIT openRequested(m_runs->run(rows[0]).root);
    });
    const auto chosen = [this] {
        std::vector<std::filesystem::path> roots;
        for (const int row : m_table->chosenRows())
            roots.push_back(m_runs->run(row).root);
        return roots;
    };
    m_compare = add(tr("&Compare"), "compareRuns", [this, chosen] {
        if (const auto roots = chosen(); !roots.empty())
            Q_EMIT compareRequested(roots);
    });
    m_charts = add(tr("Add to c&harts"), "chartRuns", [this, chosen] {
        if (const auto roots = chosen(); !roots.empty())
            Q_EMIT chartsRequested(roots);
    });
    m_charts->setToolTip(tr("Draws their curves on the Dashboard beside those shown there"));
    m_menu->addSeparator();
    m_rename = add(tr("&Rename"), "renameRun", [this] { m_table->editChosen(RunTableModel::Name); });
    m_editTags = add(tr("Edit &tags"), "editTags", [this] { m_table->editChosen(RunTableModel::Tags); });
    m_editNote = add(tr("Edit &note"), "editNote", [this] { m_table->editChosen(RunTableModel::Note); });
    m_menu->addSeparator();
    m_reveal = add(tr("Show in &file manager"), "revealRun", [this] {
        if (const auto rows = m_table->chosenRows(); rows.size() == 1)
            revealInFileManager(QString::fromStdString(m_runs->run(rows[0]).root.string()));
    });
    m_copyPath = add(tr("Copy &path"), "copyRunPath", [this] {
        QStringList paths;
        for (const int row : m_table->chosenRows())
            paths.append(QString::fromStdString(m_runs->run(row).root.string()));
        QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
    });
    m_menu->addSeparator();
    m_forget = add(tr("Take off the &list"), "forgetRun", [this] { forget(); });
    m_forget->setToolTip(tr("Forgets an imported folder; its files stay"));
    m_trash = add(tr("Move to t&rash…"), "trashRun", [this] { askToTrash(); });
    m_menu->setToolTipsVisible(true);

    m_open->setShortcut(QKeySequence(Qt::Key_Return));
    m_compare->setShortcut(QKeySequence(QStringLiteral("Ctrl+D")));
    m_charts->setShortcut(QKeySequence(QStringLiteral("Ctrl+T")));
    m_rename->setShortcut(QKeySequence(Qt::Key_F2));
    m_copyPath->setShortcut(QKeySequence::Copy);
    m_trash->setShortcut(QKeySequence(Qt::Key_Delete));
}

void RunsPage::makeTable() {
    m_table = new RunList(m_shown, this);
    for (QAction* action : {m_compare, m_charts, m_rename, m_copyPath, m_trash}) {
        action->setShortcutContext(Qt::WidgetShortcut);
        m_table->addAction(action);
    }
    // Return also ends the editing of a cell, so the table itself tells what it meant.
    m_open->setShortcutContext(Qt::WidgetShortcut);
    connect(m_table, &QAbstractItemView::activated, m_open, &QAction::trigger);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        if (!m_table->chosenRows().empty())
            m_menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsPage::selectionChanged);
    connect(m_runs, &QAbstractItemModel::dataChanged, this, &RunsPage::selectionChanged);
    connect(m_runs, &RunTableModel::notesEdited, m_scanner, &RunScanner::saveNotes);
    connect(m_details, &RunDetails::notesEdited, this,
            [this](const std::filesystem::path& root, const RunNotes& notes) {
                if (const int row = m_runs->rowOf(root); row >= 0)
                    m_runs->setNotes(row, notes);
            });
}

QWidget* RunsPage::makeBar() {
    auto* bar = new QWidget(this);
    m_filter = new QLineEdit(bar);
    m_filter->setObjectName(QStringLiteral("runFilter"));
    m_filter->setPlaceholderText(tr("Filter: words, tags, states"));
    m_filter->setAccessibleName(tr("Filter the runs"));
    m_filter->setToolTip(tr("Shows runs in which all of these words occur (Ctrl+F)"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(36 * gridUnit);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_shown->setWords(words);
        showCounts();
    });
    // From the filter down into the list.
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        m_table->setFocus();
        if (m_table->chosenRows().empty() && m_shown->rowCount() > 0)
            m_table->selectRow(0);
    });
    auto* find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, m_filter, [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });
    addAction(find);
    auto* again = new QAction(this);
    again->setShortcut(QKeySequence::Refresh);
    again->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(again, &QAction::triggered, this, &RunsPage::refresh);
    addAction(again);
    m_counts = new QLabel(bar);
    m_counts->setObjectName(QStringLiteral("runCounts"));
    auto* open = new QPushButton(tr("Open"), bar);
    open->setObjectName(QStringLiteral("openButton"));
    open->setToolTip(tr("Shows the run's curves, metrics and features (Return)"));
    auto* compare = new QPushButton(themedIcon(QStringLiteral("compare")), tr("Compare"), bar);
    compare->setObjectName(QStringLiteral("compareButton"));
    compare->setToolTip(tr("Sets the selected runs side by side (Ctrl+D)"));
    for (const auto& [button, action] : {std::pair(open, m_open), std::pair(compare, m_compare)}) {
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::enabledChanged, button, &QWidget::setEnabled);
    }
    auto* import = new QPushButton(themedIcon(QStringLiteral("folder")), tr("Import…"), bar);
    import->setObjectName(QStringLiteral("importButton"));
    import->setToolTip(tr("Adds a run, or a folder of runs, from elsewhere"));
    connect(import, &QPushButton::clicked, this, &RunsPage::chooseImport);
    auto* more = new QPushButton(tr("More"), bar);
    more->setObjectName(QStringLiteral("moreButton"));
    more->setToolTip(tr("What else can be done with the selected runs"));
    more->setMenu(m_menu);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_filter, 1);
    row->addWidget(m_counts);
    row->addStretch(1);
    row->addWidget(open);
    row->addWidget(compare);
    row->addWidget(import);
    row->addWidget(more);
    return bar;
}

void RunsPage::connectScanner() {
    connect(m_scanner, &RunScanner::runsRead, m_runs, &RunTableModel::update);
    connect(m_scanner, &RunScanner::scanFinished, this,
            [this](const std::vector<std::filesystem::path>& roots) {
                m_runs->keepOnly(roots);
                m_scannedOnce = true;
                showState();
            });
    connect(m_scanner, &RunScanner::trashed, m_runs, &RunTableModel::remove);
    connect(m_scanner, &RunScanner::failed, m_banner, &NoticeBanner::showLine);
    connect(m_scanner, &RunScanner::holdsRuns, this, &RunsPage::remember);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(m_runs, signal, this, &RunsPage::showState);
        connect(m_shown, signal, this, &RunsPage::showCounts);
    }
}

void RunsPage::setOutputFolders(const QStringList& folders) {
    m_outputs.clear();
    for (const QString& folder : folders)
        m_outputs.append(cleaned(folder));
    m_scannedOnce = false;
    lookAgain();
}

void RunsPage::remember(const QString& folder) {
    const QString path = cleaned(folder);
    for (const QStringList& list : {m_outputs, m_imported})
        for (const QString& known : list)
            if (isAtOrBelow(path, known)) {
                refresh();
                return;
            }
    m_imported.prepend(path);
    m_imported = m_imported.mid(0, mostImported);
    QSettings().setValue(importedKey, m_imported);
    lookAgain();
}

void RunsPage::forget() {
    for (const int row : m_table->chosenRows())
        m_imported.removeAll(QString::fromStdString(m_runs->run(row).root.string()));
    QSettings().setValue(importedKey, m_imported);
    lookAgain();
}

bool RunsPage::isImported(const std::filesystem::path& root) const {
    return m_imported.contains(QString::fromStdString(root.string()));
}

void RunsPage::lookAgain() {
    m_scanner->setFolders(m_outputs + m_imported);
    showState();
}

void RunsPage::refresh() {
    if (m_scannedOnce || m_scanner->isScanning())
        m_scanner->rescan();
    else
        lookAgain();
}

void RunsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
    m_scanner->setActive(true);
}

void RunsPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_details->commit();
    m_scanner->setActive(false);
}

void RunsPage::selectionChanged() {
    const std::vector<int> rows = m_table->chosenRows();
    const bool one = rows.size() == 1;
    const auto isRunning = [this](int row) { return m_runs->run(row).status == RunStatus::Running; };
    const bool anyRunning = std::any_of(rows.begin(), rows.end(), isRunning);
    m_open->setEnabled(one);
    m_compare->setEnabled(!rows.empty());
    m_charts->setEnabled(!rows.empty());
    for (QAction* action : {m_rename, m_editTags, m_editNote, m_reveal})
        action->setEnabled(one);
    m_copyPath->setEnabled(!rows.empty());
    m_forget->setVisible(
        std::any_of(rows.begin(), rows.end(), [this](int row) { return isImported(m_runs->run(row).root); }));
    m_trash->setEnabled(!rows.empty() && !anyRunning);
    m_trash->setToolTip(anyRunning ? tr("A running run stays; stop it first") : QString());
    if (one) {
        m_details->showRun(m_runs->run(rows[0]));
        return;
    }
    std::int64_t bytes = 0;
    for (const int row : rows)
        bytes += m_runs->run(row).bytes;
    m_details->showWords(rows.empty() ? tr("Choose a run to see more of it; several to compare them.")
                                      : tr("%1 runs chosen, %2").arg(rows.size()).arg(memoryText(bytes)));
}

void RunsPage::showCounts() {
    const int all = m_runs->rowCount();
    const int shown = m_shown->rowCount();
    m_counts->setText(shown != all ? tr("%1 of %2 runs").arg(shown).arg(all)
                      : all == 1   ? tr("1 run")
                                   : tr("%1 runs").arg(all));
    m_table->showNothing(all > 0 && shown == 0);
}

void RunsPage::showState() {
    const bool empty = m_runs->rowCount() == 0;
    m_stack->setCurrentIndex(empty ? 0 : 1);
    showCounts();
    if (!empty)
        return;
    m_empty->setTitle(m_scannedOnce ? tr("No runs yet") : tr("Looking for runs …"));
    m_empty->setText(m_scannedOnce ? tr("Start one on the Launch page, or import the folder of a run from "
                                        "elsewhere. Runs below %1 appear here by themselves.")
                                         .arg(m_outputs.join(tr(" and ")))
                                   : QString());
}

void RunsPage::chooseImport() {
    auto* dialog = new QFileDialog(this, tr("Import a run, or a folder of runs"));
    dialog->setObjectName(QStringLiteral("importDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_scanner, &RunScanner::probe);
    dialog->open();
}

void RunsPage::askToTrash() {
    std::vector<std::filesystem::path> roots;
    QStringList names;
    std::int64_t bytes = 0;
    for (const int row : m_table->chosenRows()) {
        const RunSummary& run = m_runs->run(row);
        if (run.status == RunStatus::Running)
            return;
        roots.push_back(run.root);
        names.append(QString::fromStdString(runTitle(run)));
        bytes += run.bytes;
    }
    if (roots.empty())
        return;
    constexpr qsizetype shown = 6;
    QString list = names.mid(0, shown).join(QLatin1Char('\n'));
    if (names.size() > shown)
        list += QLatin1Char('\n') + tr("… and %n more", nullptr, static_cast<int>(names.size() - shown));
    auto* question = new QMessageBox(QMessageBox::NoIcon, tr("Move to trash"),
                                     roots.size() == 1 ? tr("Move this run to the trash?")
                                                       : tr("Move %1 runs to the trash?").arg(roots.size()),
                                     QMessageBox::NoButton, this);
    question->setObjectName(QStringLiteral("trashQuestion"));
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(
        tr("%1\n\nThe whole folder goes, checkpoints and all (%2).").arg(list, memoryText(bytes)));
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* trash = question->addButton(tr("Move to trash"), QMessageBox::AcceptRole);
    trash->setObjectName(QStringLiteral("moveToTrash"));
    QPushButton* keep = question->addButton(tr("Keep"), QMessageBox::RejectRole);
    keep->setObjectName(QStringLiteral("keepRuns"));
    question->setDefaultButton(keep);
    question->setEscapeButton(keep);
    connect(trash, &QPushButton::clicked, m_scanner, [this, roots] { m_scanner->moveToTrash(roots); });
    question->open();
}

void RunsPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void RunsPage::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = m_counts->palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_counts->setPalette(faint);
}

}  // namespace saeception
