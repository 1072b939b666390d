// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop program: reads its options and opens the window.
#include "base/logging.h"
#include "base/runtime_tuning.h"
#include "ui/main_window.h"
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
    const QCommandLineOption run(QStringLiteral("run"),
                                 tr("Start a run at once, with the overrides that follow."));
    const QCommandLineOption open(QStringLiteral("open"), tr("Show the existing run in folder RUN."),
                                  tr("RUN"));
    const QCommandLineOption theme(QStringLiteral("theme"), tr("light, dark or system."), tr("THEME"));
    const QCommandLineOption pictures(
        QStringLiteral("screenshot-dir"),
        tr("Save a picture of every page to DIR once the run has ended or been opened, "
           "then quit."),
        tr("DIR"));
    parser.addOptions({run, open, theme, pictures});
    parser.addPositionalArgument(tr("overrides"), tr("Overrides such as experiment=demo sae.k=25."),
                                 tr("[overrides...]"));
    parser.process(application);

    const auto refuse = [](const QString& message) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(message));
        return 2;
    };
    ThemeChoice choice = ThemeChoice::System;
    parseThemeChoice(QSettings().value(QStringLiteral("window/theme")).toString(), choice);
    if (parser.isSet(theme) && !parseThemeChoice(parser.value(theme), choice))
        return refuse(tr("--theme=%1: choose light, dark or system").arg(parser.value(theme)));
    if (parser.isSet(run) && parser.isSet(open))
        return refuse(tr("--run and --open exclude each other"));

    initialiseLogging();
    Theme::instance().install(application, choice);
    MainWindow window;
    window.show();
    if (parser.isSet(pictures))
        window.savePicturesAtEnd(parser.value(pictures));
    if (parser.isSet(run) || !parser.positionalArguments().isEmpty())
        window.loadOverrides(parser.positionalArguments(), parser.isSet(run));
    if (parser.isSet(open))
        window.openRun(parser.value(open).toStdString());
    return QApplication::exec();
}
