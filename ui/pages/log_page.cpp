// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/log_page.h"

#include "ui/icons.h"
#include "ui/jobs/in_background.h"
#include "ui/jobs/run_log_reader.h"
#include "ui/pages/log_view.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace saeception {
namespace {

const QString levelKey = QStringLiteral("log/level");
const QString expressionKey = QStringLiteral("log/expression");
const QString splitterKey = QStringLiteral("log/splitter");
constexpr int mostDetails = 20;  // chosen lines that are written out below

QString countText(qint64 count) {
    return QLocale::c().toString(count);
}

}  // namespace

LogPage::LogPage(QWidget* parent)
    : QWidget(parent),
      m_buffer(new LogBuffer(this)),
      m_log(new LogModel(this)),
      m_lines(new LogFilterModel(m_log, this)),
      m_banner(new NoticeBanner(this)),
      m_stack(new QStackedWidget(this)),
      m_view(new LogView(m_lines, this)) {
    setWindowTitle(tr("Log"));
    makeActions();
    m_content = new QSplitter(Qt::Vertical, this);
    m_content->setChildrenCollapsible(false);
    m_content->addWidget(m_view);
    m_content->addWidget(makeDetails());
    m_content->setStretchFactor(0, 1);
    m_content->setSizes({60 * gridUnit, 12 * gridUnit});
    m_content->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(m_content, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(splitterKey, m_content->saveState()); });
    auto* list = new QWidget(this);
    auto* listColumn = new QVBoxLayout(list);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(gridUnit);
    listColumn->addWidget(makeBar());
    listColumn->addWidget(m_problem);
    listColumn->addWidget(m_content, 1);
    m_stack->addWidget(makeEmptyState());
    m_stack->addWidget(list);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    setFocusProxy(m_view);

    connect(m_buffer, &LogBuffer::linesReady, m_log, &LogModel::append);
    connect(m_log, &LogModel::runSeen, this, &LogPage::addRun);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_log, signal, this, &LogPage::showCounts);
    connect(m_view, &LogView::followingChanged, m_follow, &QAction::setChecked);
    connect(m_view, &LogView::chosenChanged, this, &LogPage::showChosen);
    connect(m_view, &LogView::showAllRequested, this, &LogPage::showAll);
    connect(m_view, &QAbstractItemView::activated, this, &LogPage::openChosen);
    connect(m_view, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& at) { m_menu->popup(m_view->viewport()->mapToGlobal(at)); });
    applyTheme();
    applyFilter();
    showChosen();
}

QWidget* LogPage::makeEmptyState() {
    auto* empty = new EmptyState(
        tr("Nothing has been logged yet"),
        tr("Runs say here what they do, as they do it: their stages, what they saved, warnings and errors."),
        this);
    connect(empty->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("logEmptyLaunch")),
            &QPushButton::clicked, this, &LogPage::launchPageRequested);
    return empty;
}

QWidget* LogPage::makeBar() {
    auto* bar = new QWidget(this);
    m_level = new QComboBox(bar);
    m_level->setObjectName(QStringLiteral("logLevel"));
    m_level->setAccessibleName(tr("Least level"));
    m_level->setToolTip(tr("The least level that is shown"));
    m_level->addItem(tr("All levels"), static_cast<int>(LogLevel::Trace));
    m_level->addItem(tr("Warnings and errors"), static_cast<int>(LogLevel::Warning));
    m_level->addItem(tr("Errors"), static_cast<int>(LogLevel::Error));
    m_level->setCurrentIndex(std::max(0, m_level->findData(QSettings().value(levelKey).toInt())));
    m_run = new QComboBox(bar);
    m_run->setObjectName(QStringLiteral("logRun"));
    m_run->setAccessibleName(tr("Run"));
    m_run->setToolTip(tr("The run whose lines are shown"));
    m_run->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_run->setMaximumWidth(32 * gridUnit);
    m_run->addItem(tr("All runs"), QString());
    m_text = new QLineEdit(bar);
    m_text->setObjectName(QStringLiteral("logFilter"));
    m_text->setAccessibleName(tr("Filter the lines"));
    m_text->setPlaceholderText(tr("Filter: part of a line"));
    m_text->setToolTip(tr("Shows the lines that hold this text (Ctrl+F)"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(40 * gridUnit);
    m_expression = new QToolButton(bar);
    m_expression->setObjectName(QStringLiteral("logExpression"));
    m_expression->setText(QStringLiteral(".*"));
    m_expression->setToolTip(tr("Take the filter as a regular expression"));
    m_expression->setAccessibleName(tr("Regular expression"));
    m_expression->setCheckable(true);
    m_expression->setMinimumHeight(m_text->sizeHint().height());
    m_expression->setChecked(QSettings().value(expressionKey).toBool());
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("logFilterProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_counts = new QLabel(bar);
    m_counts->setObjectName(QStringLiteral("logCounts"));
    auto* follow = new QToolButton(bar);
    follow->setObjectName(QStringLiteral("logFollow"));
    follow->setDefaultAction(m_follow);
    follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    follow->setMinimumHeight(m_text->sizeHint().height());
    auto* more = new QPushButton(tr("More"), bar);
    more->setObjectName(QStringLiteral("logMore"));
    more->setToolTip(tr("What else can be done with these lines"));
    more->setMenu(m_menu);

    connect(m_level, &QComboBox::activated, this, [this] {
        QSettings().setValue(levelKey, m_level->currentData());
        applyFilter();
    });
    connect(m_run, &QComboBox::activated, this,
            [this] { readRun(m_run->currentData().toString(), /*chooseError=*/false); });
    connect(m_text, &QLineEdit::textChanged, this, &LogPage::applyFilter);
    connect(m_text, &QLineEdit::returnPressed, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_expression, &QToolButton::toggled, this, [this](bool on) {
        QSettings().setValue(expressionKey, on);
        applyFilter();
    });

    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_level);
    row->addWidget(m_run);
    row->addWidget(m_text, 1);
    row->addWidget(m_expression);
    row->addWidget(m_counts);
    row->addStretch(1);
    row->addWidget(follow);
    row->addWidget(more);
    return bar;
}

QWidget* LogPage::makeDetails() {
    auto* panel = new QWidget(this);
    m_detailsHead = new QLabel(panel);
    m_detailsHead->setObjectName(QStringLiteral("logDetailsHead"));
    m_detailsHead->setTextFormat(Qt::PlainText);
    m_details = new QPlainTextEdit(panel);
    m_details->setObjectName(QStringLiteral("logDetails"));
    m_details->setAccessibleName(tr("The whole line"));
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, gridUnit / 2, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(m_detailsHead);
    column->addWidget(m_details, 1);
    panel->setMinimumHeight(8 * gridUnit);
    return panel;
}

void LogPage::makeActions() {
    m_menu = new QMenu(this);
    const auto add = [this](const QString& text, const char* name, const QKeySequence& key, auto&& work) {
        QAction* action = m_menu->addAction(text, this, std::forward<decltype(work)>(work));
        action->setObjectName(QString::fromLatin1(name));
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        return action;
    };
    m_open = add(tr("&Open the line's run"), "openLineRun", QKeySequence(Qt::Key_Return),
                 [this] { openChosen(); });
    m_open->setStatusTip(tr("Choose a line that belongs to a run"));
    // Return does other things in a filter; the view itself tells what it meant.
    m_open->setShortcutContext(Qt::WidgetShortcut);
    m_onlyRun = add(tr("Only &this run"), "onlyLineRun", {}, [this] { chooseRun(chosenRun()); });
    m_onlyRun->setStatusTip(m_open->statusTip());
    add(tr("Show &all lines"), "showAllLog", {}, [this] { showAll(); });
    m_menu->addSeparator();
    add(tr("Next problem"), "nextProblem", QKeySequence(Qt::Key_F8),
        [this] { m_view->chooseProblem(true, LogLevel::Warning); });
    add(tr("Previous problem"), "previousProblem", QKeySequence(Qt::SHIFT | Qt::Key_F8),
        [this] { m_view->chooseProblem(false, LogLevel::Warning); });
    m_follow = add(tr("&Follow"), "followLog", {}, [this] { m_view->setFollowing(m_follow->isChecked()); });
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Stay at the newest line until a line is chosen or scrolled to (End)"));
    m_menu->addSeparator();
    m_copy = add(tr("&Copy lines"), "copyLines", QKeySequence::Copy, [this] { copyChosen(); });
    m_copy->setStatusTip(tr("Choose the lines to copy"));
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    m_save = add(tr("&Save lines as text…"), "saveLog", QKeySequence::Save, [this] { chooseFile(); });
    m_clear = add(tr("C&lear the log"), "clearLog", {}, [this] { m_log->clear(); });
    m_clear->setToolTip(tr("The runs' own log files stay"));
    m_view->addAction(m_open);
    m_view->addAction(m_copy);
    auto* find = new QAction(tr("Filter the lines"), this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, this, [this] {
        m_text->setFocus();
        m_text->selectAll();
    });
    addAction(find);
}

void LogPage::addRun(const QString& folder) {
    if (m_run->findData(folder) >= 0)
        return;
    m_run->addItem(logRunTitle(folder), folder);
    m_run->setItemData(m_run->count() - 1, folder, Qt::ToolTipRole);
}

void LogPage::chooseRun(const QString& folder) {
    addRun(folder);
    m_run->setCurrentIndex(m_run->findData(folder));
    applyFilter();
}

void LogPage::showRun(const QString& runFolder) {
    const QString run = logRunFolder(runFolder);
    m_level->setCurrentIndex(0);
    m_text->clear();
    addRun(run);
    m_run->setCurrentIndex(m_run->findData(run));
    readRun(run, /*chooseError=*/true);
}

void LogPage::showAll() {
    m_level->setCurrentIndex(0);
    m_text->clear();
    m_run->setCurrentIndex(0);
    applyFilter();
}

void LogPage::readRun(const QString& folder, bool chooseError) {
    const quint64 request = ++m_request;
    m_reading = !folder.isEmpty() && !m_log->hasLive(folder);
    applyFilter();
    if (!m_reading) {
        if (chooseError)
            m_view->chooseLastError();
        return;
    }
    inBackground([folder] {
        return readRunLog(folder);
    }).then(this, [this, request, chooseError](const RunLogLines& found) {
        if (request != m_request)
            return;
        m_reading = false;
        m_log->recall(found.lines);
        m_banner->showLines({}, found.problem.isEmpty() ? QStringList() : QStringList(found.problem));
        applyFilter();
        if (chooseError)
            m_view->chooseLastError();
    });
}

void LogPage::applyFilter() {
    LogFilter filter;
    filter.least = static_cast<LogLevel>(m_level->currentData().toInt());
    filter.text = m_text->text();
    filter.isExpression = m_expression->isChecked();
    filter.run = m_run->currentData().toString();
    const QString problem = logFilterProblem(filter);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_view->setFilter(filter);
    showCounts();
}

void LogPage::showCounts() {
    const int all = m_log->rowCount();
    const int shown = m_lines->rowCount();
    QString text = shown == all ? tr("%1 lines").arg(countText(all))
                                : tr("%1 of %2 lines").arg(countText(shown), countText(all));
    if (m_log->dropped() > 0)
        text += tr(" · %1 older ones dropped").arg(countText(m_log->dropped()));
    m_counts->setText(text);
    m_save->setEnabled(shown > 0);
    m_clear->setEnabled(all > 0);
    const bool untouched = all == 0 && !m_reading && m_run->currentIndex() == 0;
    m_stack->setCurrentIndex(untouched ? 0 : 1);
    if (shown > 0)
        m_view->setEmptyText({}, false);
    else if (m_reading)
        m_view->setEmptyText(tr("Reading the run's log…"), false);
    else if (!m_problem->text().isEmpty())
        m_view->setEmptyText(tr("The filter cannot be applied."), true);
    else
        m_view->setEmptyText(tr("No line matches."), true);
}

void LogPage::showChosen() {
    const std::vector<int> chosen = m_view->chosenRows();
    const bool ofRun = !chosenRun().isEmpty();
    m_open->setEnabled(ofRun);
    m_onlyRun->setEnabled(ofRun);
    m_copy->setEnabled(!chosen.empty());
    QStringList texts;
    for (std::size_t i = 0; i < chosen.size() && i < mostDetails; ++i)
        texts.append(chosen.size() == 1 ? m_log->row(chosen[i]).text : m_log->lineText(chosen[i]));
    if (chosen.size() > mostDetails)
        texts.append(QStringLiteral("…"));
    m_details->setPlainText(texts.join(QLatin1Char('\n')));
    if (chosen.empty()) {
        m_detailsHead->setText(tr("Choose a line to read the whole of it here."));
    } else if (chosen.size() > 1) {
        m_detailsHead->setText(tr("%1 lines chosen").arg(chosen.size()));
    } else {
        const LogRow& line = m_log->row(chosen.front());
        QStringList parts = {logTimeText(line.time), logLevelText(line.level)};
        if (!line.run.isEmpty())
            parts.append(line.run);
        m_detailsHead->setText(parts.join(QStringLiteral("  ·  ")));
    }
}

QString LogPage::chosenRun() const {
    const std::vector<int> chosen = m_view->chosenRows();
    return chosen.size() == 1 ? m_log->row(chosen.front()).run : QString();
}

void LogPage::openChosen() {
    if (const QString run = chosenRun(); !run.isEmpty())
        Q_EMIT runRequested(run);
}

void LogPage::copyChosen() {
    QStringList lines;
    for (const int row : m_view->chosenRows())
        lines.append(m_log->lineText(row));
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void LogPage::chooseFile() {
    auto* dialog = new QFileDialog(this, tr("Save lines"), QStringLiteral("saeception.log"),
                                   tr("Log files (*.log *.txt)"));
    dialog->setObjectName(QStringLiteral("saveLogDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("log"));
    connect(dialog, &QFileDialog::fileSelected, this, &LogPage::saveTo);
    dialog->open();
}

void LogPage::saveTo(const QString& path) {
    QStringList lines;
    for (int row = 0; row < m_lines->rowCount(); ++row)
        lines.append(m_log->lineText(m_lines->sourceRow(row)));
    writeInBackground(path, [lines] {
        return (lines.join(QLatin1Char('\n')) + QLatin1Char('\n')).toStdString();
    }).then(this, [this](const QString& problem) {
        if (!problem.isEmpty())
            m_banner->showLine(problem);
    });
}

void LogPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void LogPage::applyTheme() {
    if (m_counts == nullptr)
        return;
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_counts, m_detailsHead}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
    QPalette alert = m_problem->palette();
    alert.setColor(QPalette::WindowText, colours.error);
    m_problem->setPalette(alert);
}

}  // namespace saeception
