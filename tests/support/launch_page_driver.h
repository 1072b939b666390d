// SPDX-License-Identifier: GPL-3.0-or-later
// The Launch page, driven as a person drives it.
#pragma once

#include "config/compose.h"
#include "ui/pages/config_form.h"
#include "ui/pages/launch_page.h"
#include "ui/theme.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

namespace saeception {

class LaunchPageDriver {
protected:
    QTemporaryDir m_home;  ///< of settings, and the working folder
    QString m_before = QDir::currentPath();
    std::unique_ptr<LaunchPage> m_page;

    void begin(const char* name) {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QString::fromLatin1(name));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
        QDir::setCurrent(m_home.path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void end() { QDir::setCurrent(m_before); }
    void openPage() {
        m_page = std::make_unique<LaunchPage>();
        m_page->resize(1180, 720);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        settle();
        QTRY_VERIFY(m_page->findChild<ConfigForm*>()->isBuilt());
    }
    void settle() const { QTRY_VERIFY_WITH_TIMEOUT(!m_page->isChecking(), 20000); }

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (widget == nullptr)
            qFatal("the page has no %s", name);
        return *widget;
    }
    bool has(const char* name) const {
        auto* widget = m_page->findChild<QWidget*>(QString::fromLatin1(name));
        return widget != nullptr && widget->isVisible();
    }
    QLineEdit& line(const char* name) const { return find<QLineEdit>(name); }
    QPushButton& run() const { return find<QPushButton>("run"); }
    QString problem(const char* key) const {
        auto* label = m_page->findChild<QLabel*>(QLatin1String("problem:") + QLatin1String(key));
        return label != nullptr && !label->isHidden() ? label->text() : QString();
    }
    QString command() const { return find<QPlainTextEdit>("command").toPlainText(); }
    QString yaml() const { return find<QPlainTextEdit>("composedConfig").toPlainText(); }

    void type(const char* name, const QString& text) const {
        QLineEdit& edit = line(name);
        edit.setFocus();
        edit.selectAll();
        QTest::keyClick(&edit, Qt::Key_Delete);
        QTest::keyClicks(&edit, text);
        settle();
    }
    void click(const char* name) const {
        auto& button = find<QAbstractButton>(name);
        for (QWidget* parent = button.parentWidget(); parent != nullptr; parent = parent->parentWidget())
            if (auto* scroll = qobject_cast<QScrollArea*>(parent))
                scroll->ensureWidgetVisible(&button);
        QTest::mouseClick(&button, Qt::LeftButton);
        settle();
    }
    void choose(const char* name, const QString& option) const {
        QComboBox& chooser = find<QComboBox>(name);
        const int item = chooser.findText(option);
        QVERIFY2(item >= 0, qPrintable(option));
        chooser.setFocus();
        QTest::keyClick(&chooser, Qt::Key_Home);
        for (int i = 0; i < item; ++i)
            QTest::keyClick(&chooser, Qt::Key_Down);
        QCOMPARE(chooser.currentIndex(), item);
        settle();
    }
    void load(const QStringList& overrides) const {
        m_page->load(overrides);
        settle();
    }
    void trigger(const char* action) const { find<QAction>(action).trigger(); }

    static Composition composed(const QStringList& overrides) {
        ComposeRequest request;
        for (const QString& text : overrides)
            request.overrides.push_back(text.toStdString());
        return compose(request);
    }
};

}  // namespace saeception
