// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop program: reads its options and opens the window.
#include "base/logging.h"
#include "base/runtime_tuning.h"
#include "ui/feature_link.h"
#include "ui/main_window.h"
#include "ui/studio_tour.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

#include <clocale>
#include <cstdio>

using namespace saeception;

int main(int argc, char** argv) {
    tuneRuntime(argv);
    QApplication application(argc, argv);
    // Qt takes the user's locale; numbers in configs and files are always written with a point.
    std::setlocale(LC_NUMERIC, "C");
    QApplication::setOrganizationName(QStringLiteral("saeception"));
    QApplication::setApplicationName(QStringLiteral("saeception-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("SAEception Studio"));
    QApplication::setApplicationVersion(QStringLiteral(SAECEPTION_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("saeception-studio"));

    QCommandLineParser parser;
    const auto tr = [](const char* text) { return QCoreApplication::translate("main", text); };
    parser.setApplicationDescription(tr("Train, sharpen and browse sparse autoencoders in cycles."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption run(QStringLiteral("run"), tr("Show the existing run in folder RUN."),
                                 tr("RUN"));
    const QCommandLineOption start(QStringLiteral("start"), tr("Start the overrides that follow at once."));
    const QCommandLineOption theme(QStringLiteral("theme"), tr("light, dark or system."), tr("THEME"));
    const QCommandLineOption tour(
        QStringLiteral("tour"),
        tr("Save a picture of every page, in both themes and two sizes, to DIR, then quit."), tr("DIR"));
    parser.addOptions({run, start, theme, tour});
    parser.addPositionalArgument(tr("overrides"),
                                 tr("Overrides such as experiment=demo sae.k=25, or a link to a feature."),
                                 tr("[overrides... | LINK]"));
    parser.process(application);

    const auto refuse = [](const QString& message) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(message));
        return 2;
    };
    ThemeChoice choice = ThemeChoice::System;
    parseThemeChoice(QSettings().value(QStringLiteral("window/theme")).toString(), choice);
    if (parser.isSet(theme) && !parseThemeChoice(parser.value(theme), choice))
        return refuse(tr("--theme=%1: choose light, dark or system").arg(parser.value(theme)));
    const QString shown = parser.value(run);
    const QStringList arguments = parser.positionalArguments();
    const bool link = arguments.size() == 1 && isFeatureLink(arguments.front());
    const bool overrides = !arguments.isEmpty() && !link;
    if (!shown.isEmpty() && (parser.isSet(start) || overrides))
        return refuse(
            tr("--run shows an existing run; to start a new one, use --start and overrides without it"));
    if (link && (!shown.isEmpty() || parser.isSet(start)))
        return refuse(tr("a link to a feature names its run; give it alone"));

    initialiseLogging();
    Theme::instance().install(application, choice);
    MainWindow window;
    window.show();
    if (overrides || parser.isSet(start))
        window.loadOverrides(arguments, parser.isSet(start));
    if (!shown.isEmpty())
        window.openRun(shown.toStdString());
    if (link)
        window.openLink(arguments.front());
    if (parser.isSet(tour)) {
        auto* walk = new Tour(&window, studioSights(window), &window);
        QObject::connect(walk, &Tour::finished, &window,
                         [](bool ok, const QStringList&, const QString& message) {
                             std::fprintf(ok ? stdout : stderr, "%s\n", qUtf8Printable(message));
                             QCoreApplication::exit(ok ? 0 : 1);
                         });
        walk->start(parser.value(tour));
    }
    return QApplication::exec();
}
