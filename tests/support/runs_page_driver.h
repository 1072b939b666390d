// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page over a temporary folder of runs, driven as a person drives it.
#pragma once

#include "support/run_fixture.h"
#include "ui/models/run_table_model.h"
#include "ui/pages/run_list.h"
#include "ui/pages/runs_page.h"
#include "ui/theme.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace saeception {

class RunsPageDriver {
protected:
    QTemporaryDir m_home;  ///< of settings and trash
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunsPage> m_page;

    void begin(const char* name) {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QString::fromLatin1(name));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
        qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
        QDir().mkpath(m_home.filePath(QStringLiteral("data")));
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void beginTest() {
        QSettings().clear();
        // Beside the trash, so that both are on one disk.
        m_folder = std::make_unique<QTemporaryDir>(m_home.filePath(QStringLiteral("runs")));
    }
    void endTest() {
        m_page.reset();
        QSettings().clear();
    }

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    std::filesystem::path in(const std::string& name) const {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    std::filesystem::path runAt(const std::string& name) const { return in("outputs") / name; }
    RunList& table() const { return find<RunList>("runTable"); }
    QAbstractItemModel& rows() const { return *table().model(); }
    QString cell(int row, int column) const { return rows().index(row, column).data().toString(); }
    QAction& action(const char* name) const { return find<QAction>(name); }
    QString banner() const {
        auto* found = m_page->findChild<NoticeBanner*>();
        return found->isVisibleTo(m_page.get()) ? found->text() : QString();
    }
    int rowNamed(const QString& name) const {
        for (int row = 0; row < rows().rowCount(); ++row)
            if (cell(row, RunTableModel::Name) == name)
                return row;
        return -1;
    }
    void choose(int row, Qt::KeyboardModifiers modifiers = {}) const {
        const QModelIndex index = rows().index(row, RunTableModel::Name);
        table().scrollTo(index);
        QTest::mouseClick(table().viewport(), Qt::LeftButton, modifiers, table().visualRect(index).center());
    }
    void openPage() {
        m_page = std::make_unique<RunsPage>();
        m_page->resize(1216, 700);
        m_page->setOutputFolders({QString::fromStdString(in("outputs").string())});
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void openWith(int runs) {
        openPage();
        QTRY_COMPARE_WITH_TIMEOUT(rows().rowCount(), runs, 20000);
    }
    void writeRuns() {
        fixture::RunSpec spec;
        fixture::writeFinishedRun(runAt("2026-01-02/10-00-00"), spec);
        spec.firstAccuracy = 0.8;
        spec.cycles = 1;
        spec.lastWord = "[error] no space left on the disk";
        spec.model = "gpt2_small";
        spec.dataset = "sst2";
        spec.experiment.clear();
        fixture::writeFinishedRun(runAt("named/first"), spec);
        spec.cycles = 0;
        spec.lastWord.clear();
        fixture::writeFinishedRun(runAt("zero"), spec);
    }
};

}  // namespace saeception
