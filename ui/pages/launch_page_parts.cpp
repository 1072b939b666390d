// SPDX-License-Identifier: GPL-3.0-or-later
// How the Launch page is laid out, and what can be done on it by keyboard.
#include "ui/icons.h"
#include "ui/models/config_values.h"
#include "ui/pages/config_form.h"
#include "ui/pages/config_preview.h"
#include "ui/pages/launch_choosers.h"
#include "ui/pages/launch_page.h"
#include "ui/pages/sweep_editor.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace saeception {
namespace {

const QString splitterKey = QStringLiteral("launch/splitter");
constexpr int commandLines = 4;

QFrame* separator(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    return line;
}

}  // namespace

void LaunchPage::makeParts() {
    m_choosers = new LaunchChoosers(*m_values);
    m_form = new ConfigForm(*m_values, m_choosers, tr("What to run"),
                            [this](const QStringList& words) { return m_choosers->matches(words); });
    m_banner = new NoticeBanner(this);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setChildrenCollapsible(false);
    auto* left = new QWidget;
    auto* leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, gridUnit, 0);
    leftColumn->addWidget(m_form);
    m_splitter->addWidget(left);
    m_splitter->addWidget(makeSide());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({90 * gridUnit, 50 * gridUnit});
    m_splitter->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(splitterKey, m_splitter->saveState()); });
    auto* body = new QVBoxLayout;
    body->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    body->setSpacing(gridUnit);
    body->addWidget(m_banner);
    body->addWidget(m_splitter, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(body, 1);
    column->addWidget(separator(this));
    column->addWidget(makeFooter());
}

QWidget* LaunchPage::makeSide() {
    auto* side = new QWidget;
    m_tabs = new QTabBar(side);
    m_tabs->setObjectName(QStringLiteral("launchTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Configuration"));
    m_tabs->addTab(tr("Sweep"));
    m_preview = new ConfigPreview(side);
    m_sweep = new SweepEditor(side);
    m_sheets = new QStackedWidget(side);
    m_sheets->addWidget(m_preview);
    m_sheets->addWidget(m_sweep);
    connect(m_tabs, &QTabBar::currentChanged, m_sheets, &QStackedWidget::setCurrentIndex);

    auto* commandTitle = new QLabel(tr("Command"), side);
    QFont font = commandTitle->font();
    font.setWeight(QFont::DemiBold);
    commandTitle->setFont(font);
    auto* copy = new QToolButton(side);
    copy->setObjectName(QStringLiteral("copyCommand"));
    copy->setIcon(themedIcon(QStringLiteral("copy")));
    copy->setToolTip(tr("Copy the command"));
    copy->setAccessibleName(tr("Copy the command"));
    copy->setAutoRaise(true);
    connect(copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(command()); });
    m_command = new QPlainTextEdit(side);
    m_command->setObjectName(QStringLiteral("command"));
    m_command->setAccessibleName(tr("Equivalent command"));
    m_command->setReadOnly(true);
    m_command->setAcceptDrops(false);
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_command->setTabChangesFocus(true);
    m_command->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_command->setFixedHeight(commandLines * m_command->fontMetrics().lineSpacing() + 2 * gridUnit);
    auto* head = new QHBoxLayout;
    head->addWidget(commandTitle, 1);
    head->addWidget(copy);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(gridUnit, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(m_tabs);
    column->addWidget(m_sheets, 1);
    column->addSpacing(gridUnit / 2);
    column->addLayout(head);
    column->addWidget(m_command);
    return side;
}

QWidget* LaunchPage::makeFooter() {
    auto* panel = new QWidget(this);
    m_error = new QLabel(panel);
    m_error->setObjectName(QStringLiteral("launchError"));
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_showError = new QToolButton(panel);
    m_showError->setObjectName(QStringLiteral("showError"));
    m_showError->setText(tr("Show"));
    m_showError->setToolTip(tr("Go to the setting that is wrong"));
    connect(m_showError, &QToolButton::clicked, this, &LaunchPage::goToProblem);
    m_estimate = new QLabel(panel);
    m_estimate->setObjectName(QStringLiteral("estimate"));
    m_estimate->setAccessibleName(tr("Estimate of time and memory"));
    m_run = new QPushButton(tr("Run"), panel);
    m_run->setObjectName(QStringLiteral("run"));
    m_run->setDefault(true);
    m_run->setMinimumSize(14 * gridUnit, 4 * gridUnit);
    connect(m_run, &QPushButton::clicked, this, &LaunchPage::requestRun);
    auto* row = new QHBoxLayout(panel);
    row->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_error, 1);
    row->addWidget(m_showError);
    row->addStretch(0);
    row->addWidget(m_estimate);
    row->addWidget(m_run);
    return panel;
}

void LaunchPage::makeActions() {
    const auto add = [this](const QString& text, const char* name, const QKeySequence& shortcut,
                            auto&& work) {
        auto* action = new QAction(text, this);
        action->setObjectName(QString::fromLatin1(name));
        action->setShortcut(shortcut);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, std::forward<decltype(work)>(work));
        addAction(action);
    };
    add(tr("Find a setting"), "findSetting", QKeySequence::Find, [this] { m_form->startSearch(); });
    add(tr("Show changed settings only"), "showChanged", {}, [this] { m_form->setChangedOnly(true); });
    add(tr("Show all settings"), "showAll", {}, [this] {
        m_form->setChangedOnly(false);
        m_form->clearSearch();
    });
    add(tr("Reset all settings"), "resetSettings", {}, [this] { load(QStringList()); });
    add(tr("Go to what is wrong"), "goToError", Qt::Key_F8, [this] { goToProblem(); });
    add(tr("Sweep over a key"), "sweepOverKey", {}, [this] {
        m_tabs->setCurrentIndex(SweepTab);
        m_sweep->addKey();
    });
    add(tr("Copy the command"), "copyCommandLine", {},
        [this] { QGuiApplication::clipboard()->setText(command()); });
    add(tr("Copy the configuration"), "copyConfiguration", {}, [this] { m_preview->copy(); });
    add(tr("Load a configuration…"), "loadConfiguration", QKeySequence(QStringLiteral("Ctrl+L")),
        [this] { chooseFile(); });
}

void LaunchPage::chooseFile() {
    auto* dialog = new QFileDialog(this, tr("Load a configuration"), {}, tr("YAML files (*.yaml *.yml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &LaunchPage::loadFile);
    dialog->open();
}

}  // namespace saeception
