// SPDX-License-Identifier: GPL-3.0-or-later
// What every test of a page does: settings of its own, a temporary folder, widgets by their names.
#pragma once

#include "ui/theme.h"

#include <QApplication>
#include <QLabel>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>

namespace saeception {

template <typename Page>
class PageDriver {
protected:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Page> m_page;

    /// Before all tests of the program `name`.
    static void begin(const char* name) {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QString::fromLatin1(name));
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->template findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    bool shows(const char* name) const { return find<QWidget>(name).isVisibleTo(m_page.get()); }
    QString textOf(const char* name) const { return find<QLabel>(name).text(); }
    std::filesystem::path run(const char* name = "run") const {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
};

}  // namespace saeception
