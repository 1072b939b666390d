// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio_tour.h"

#include "ui/jobs/run_scanner.h"
#include "ui/main_window.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/cycle_map_page.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/inspector_page.h"
#include "ui/pages/log_page.h"
#include "ui/pages/runs_page.h"
#include "ui/pages/sentences_page.h"
#include "ui/run_viewer.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/shortcut_list.h"

#include <QPointer>
#include <QTabBar>

#include <memory>

namespace saeception {
namespace {

std::function<bool()> settledOn(MainWindow& window, MainWindow::Page page) {
    const auto pageIsReady = [&window, page]() -> bool {
        switch (page) {
            case MainWindow::Cycles:
                return !window.cycleMapPage()->isReading();
            case MainWindow::Features:
                return !window.featuresPage()->isLoading();
            case MainWindow::Evolution:
                return !window.evolutionPage()->isLoading();
            case MainWindow::Inspector:
                return !window.inspectorPage()->isLoading();
            case MainWindow::Sentences:
                return !window.sentencesPage()->isLoading();
            case MainWindow::Runs:
                return !window.runsPage()->scanner()->isScanning();
            case MainWindow::Compare:
                return !window.comparePage()->isLoading();
            case MainWindow::Log:
                return !window.logPage()->isReading();
            default:
                return true;
        }
    };
    return [&window, pageIsReady] { return !window.viewer()->isReading() && pageIsReady(); };
}

// The page's own tabs, each a sight of its own: "compare", "compare-configuration".
void addTabs(std::vector<TourStep>& steps, MainWindow& window, MainWindow::Page page, QWidget* where) {
    auto* tabs = where->findChild<QTabBar*>(MainWindow::pageName(page) + QStringLiteral("Tabs"));
    for (int tab = 1; tabs != nullptr && tab < tabs->count(); ++tab)
        steps.push_back({QStringLiteral("%1-%2").arg(MainWindow::pageName(page),
                                                     tabs->tabText(tab)
                                                         .remove(QLatin1Char('&'))
                                                         .toLower()
                                                         .replace(QLatin1Char(' '), QLatin1Char('-'))),
                         [&window, page, tabs, tab] {
                             window.showPage(page);
                             tabs->setCurrentIndex(tab);
                         },
                         settledOn(window, page), [tabs] { tabs->setCurrentIndex(0); }});
}

TourStep dialogStep(const QString& name, std::function<QWidget*()> open) {
    auto shown = std::make_shared<QPointer<QWidget>>();
    return {name,
            [open = std::move(open), shown] { *shown = open(); },
            {},
            [shown] {
                if (*shown)
                    (*shown)->close();
            }};
}

}  // namespace

std::vector<TourStep> studioSights(MainWindow& window) {
    std::vector<TourStep> steps;
    steps.push_back({QStringLiteral("welcome"), [&window] { window.showWelcome(); }, {}, {}});
    const std::array<QWidget*, MainWindow::PageCount> pages = window.pages();
    for (int number = 0; number < MainWindow::PageCount; ++number) {
        const auto page = static_cast<MainWindow::Page>(number);
        steps.push_back({MainWindow::pageName(page),
                         [&window, page] { window.showPage(page); },
                         settledOn(window, page),
                         {}});
        addTabs(steps, window, page, pages[number]);
        if (page == MainWindow::Inspector)
            steps.push_back({QStringLiteral("inspector-changes"),
                             [&window, page] {
                                 window.showPage(page);
                                 window.inspectorPage()->changeStrongest();
                             },
                             settledOn(window, page),
                             [&window] { window.inspectorPage()->forgetChanges(); }});
    }
    steps.push_back({QStringLiteral("palette"),
                     [&window] { window.commandPalette()->open(); },
                     {},
                     [&window] { window.commandPalette()->dismiss(); }});
    steps.push_back(dialogStep(QStringLiteral("shortcuts"), [&window] {
        QWidget* list = window.showShortcuts();
        list->move(window.geometry().center() - list->rect().center());
        return list;
    }));
    return steps;
}

}  // namespace saeception
