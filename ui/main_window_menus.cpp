// SPDX-License-Identifier: GPL-3.0-or-later
// The window's menus: every action that belongs to no single page.
#include "ui/icons.h"
#include "ui/main_window.h"
#include "ui/pages/launch_page.h"
#include "ui/run_viewer.h"
#include "ui/theme.h"
#include "ui/widgets/command_palette.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenuBar>
#include <QMessageBox>

#include <array>
#include <utility>

namespace saeception {

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(tr("&Open run…"), QKeySequence(QStringLiteral("Ctrl+O")), this, &MainWindow::chooseRun);
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence(QStringLiteral("Ctrl+Q")), this, &QWidget::close);

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    m_runAction =
        run->addAction(tr("&Run what Launch shows"), QKeySequence(QStringLiteral("Ctrl+R")), this, [this] {
            showPage(Launch);
            m_launch->requestRun();
        });
    m_pauseAction = run->addAction(tr("&Pause"), QKeySequence(QStringLiteral("Ctrl+Shift+P")), this,
                                   [this] { m_queue->pause(m_viewer->foremost()); });
    m_resumeAction = run->addAction(tr("R&esume"), QKeySequence(QStringLiteral("Ctrl+Shift+R")), this,
                                    [this] { m_queue->resume(m_viewer->foremost()); });
    m_stopAction = run->addAction(tr("&Stop"), QKeySequence(QStringLiteral("Ctrl+.")), this,
                                  [this] { m_queue->cancel(m_viewer->foremost()); });

    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (int page = 0; page < PageCount; ++page)
        view->addAction(pageTitle(static_cast<Page>(page)), pageShortcut(static_cast<Page>(page)), this,
                        [this, page] { showPage(static_cast<Page>(page)); });
    view->addSeparator();
    QMenu* themes = view->addMenu(tr("&Theme"));
    auto* choice = new QActionGroup(themes);
    const std::array<std::pair<ThemeChoice, QString>, 3> choices = {{{ThemeChoice::System, tr("&System")},
                                                                     {ThemeChoice::Light, tr("&Light")},
                                                                     {ThemeChoice::Dark, tr("&Dark")}}};
    for (const auto& [theme, text] : choices) {
        QAction* action =
            themes->addAction(text, this, [theme = theme] { Theme::instance().setChoice(theme); });
        action->setCheckable(true);
        choice->addAction(action);
        connect(themes, &QMenu::aboutToShow, action,
                [action, theme = theme] { action->setChecked(Theme::instance().choice() == theme); });
    }

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&Welcome"), this, &MainWindow::showWelcome);
    help->addAction(tr("&Commands…"), QKeySequence(QStringLiteral("Ctrl+K")), m_palette,
                    &CommandPalette::toggle);
    help->addAction(tr("&Keyboard shortcuts"), QKeySequence(QStringLiteral("?")), this,
                    &MainWindow::showShortcuts);
    help->addSeparator();
    help->addAction(tr("&About SAEception Studio"), this, &MainWindow::about);
    updateActions();
}

void MainWindow::updateActions() {
    const JobInfo* job = m_queue->job(m_viewer->foremost());
    const JobState state = job != nullptr ? job->state : JobState::Done;
    m_pauseAction->setEnabled(state == JobState::Running);
    m_resumeAction->setEnabled(state == JobState::Pausing || state == JobState::Paused);
    m_stopAction->setEnabled(isActive(state) && state != JobState::Stopping);
    m_launch->setQueueBusy(!m_queue->isIdle());
}

void MainWindow::about() {
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("About SAEception Studio"),
                        tr("<h3>SAEception Studio %1</h3>").arg(QCoreApplication::applicationVersion()),
                        QMessageBox::Ok, this);
    box->setIconPixmap(applicationIcon().pixmap(64, 64));
    box->setInformativeText(
        tr("Train, sharpen and browse sparse autoencoders in cycles.<br><br>Free software under the GNU "
           "General Public License, version 3 or later. Built with Qt, LibTorch and QCustomPlot."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

}  // namespace saeception
