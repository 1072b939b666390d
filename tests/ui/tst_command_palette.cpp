// SPDX-License-Identifier: GPL-3.0-or-later
// Finding things to do by a few letters, the command palette's keys, and the list of shortcuts.
#include "ui/models/fuzzy_match.h"
#include "ui/theme.h"
#include "ui/widgets/action_list.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/shortcut_list.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMainWindow>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

#include <memory>

using namespace saeception;

class TestCommandPalette : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;
    std::unique_ptr<QMainWindow> m_window;
    QStackedWidget* m_stack = nullptr;
    QWidget* m_runs = nullptr;
    QLineEdit* m_field = nullptr;
    QPushButton* m_button = nullptr;
    CommandPalette* m_palette = nullptr;
    QAction* m_open = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_rename = nullptr;
    int m_themeSet = 0;

    // A window like ours: a menu bar, two pages in a stack, charts with the same actions.
    void makeWindow() {
        m_window = std::make_unique<QMainWindow>();
        m_window->resize(960, 640);
        QMenu* file = m_window->menuBar()->addMenu(QStringLiteral("&File"));
        m_open = file->addAction(QStringLiteral("&Open run…"));
        m_open->setShortcut(QKeySequence(QStringLiteral("Ctrl+O")));
        file->addSeparator();
        QMenu* recent = file->addMenu(QStringLiteral("Recent"));
        recent->addAction(QStringLiteral("Forget recent runs"));
        m_stop = m_window->menuBar()->addMenu(QStringLiteral("&Run"))->addAction(QStringLiteral("&Stop"));
        m_stop->setEnabled(false);
        m_stop->setStatusTip(QStringLiteral("Nothing runs"));
        m_stack = new QStackedWidget;
        m_window->setCentralWidget(m_stack);
        auto* launch = new QWidget;
        launch->setWindowTitle(QStringLiteral("Launch"));
        auto* column = new QVBoxLayout(launch);
        m_field = new QLineEdit;
        m_button = new QPushButton(QStringLiteral("Press"));
        column->addWidget(m_field);
        column->addWidget(m_button);
        for (int chart = 0; chart < 2; ++chart) {
            auto* plot = new QWidget;
            plot->setObjectName(QStringLiteral("chart%1").arg(chart));
            plot->setFocusPolicy(Qt::StrongFocus);
            plot->setMinimumHeight(20);
            auto* pin = new QAction(QStringLiteral("Pin"), plot);
            pin->setShortcut(QKeySequence(Qt::Key_P));
            pin->setShortcutContext(Qt::WidgetShortcut);
            plot->addAction(pin);
            column->addWidget(plot);
        }
        m_runs = new QWidget;
        m_runs->setWindowTitle(QStringLiteral("Runs"));
        auto* menu = new QMenu(m_runs);
        m_rename = menu->addAction(QStringLiteral("Re&name"));
        m_rename->setShortcut(QKeySequence(Qt::Key_F2));
        m_rename->setShortcutContext(Qt::WidgetShortcut);
        m_runs->addAction(m_rename);
        auto* hidden = new QAction(QStringLiteral("Hidden"), m_runs);
        hidden->setVisible(false);
        m_runs->addAction(hidden);
        m_stack->addWidget(launch);
        m_stack->addWidget(m_runs);
        m_palette = new CommandPalette(m_window.get());
        m_palette->addProvider([this] {
            return QList<PaletteEntry>{{.text = QStringLiteral("Dark theme"),
                                        .group = QStringLiteral("View"),
                                        .run = [this] { ++m_themeSet; }}};
        });
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    QLineEdit& line() const { return *m_palette->findChild<QLineEdit*>(QStringLiteral("paletteLine")); }
    QListView& list() const { return *m_palette->findChild<QListView*>(QStringLiteral("paletteList")); }
    QStringList texts() const {
        QStringList all;
        for (int row = 0; row < m_palette->model()->rowCount({}); ++row)
            all.append(m_palette->model()->index(row).data().toString());
        return all;
    }
    QString current() const { return list().currentIndex().data().toString(); }

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_command_palette"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home.path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QSettings().clear();
        m_themeSet = 0;
    }
    void cleanup() { m_window.reset(); }

    void lettersAreFoundInOrder_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<int>>("positions");
        QTest::newRow("nothing") << ""
                                 << "Open run" << QList<int>{};
        QTest::newRow("prefix") << "op"
                                << "Open run" << QList<int>{0, 1};
        QTest::newRow("word starts before earlier letters") << "or"
                                                            << "Open run" << QList<int>{0, 5};
        QTest::newRow("upper case") << "OR"
                                    << "open run" << QList<int>{0, 5};
        QTest::newRow("one piece before scattered") << "un"
                                                    << "Use a run" << QList<int>{7, 8};
        QTest::newRow("words in any order") << "run op"
                                            << "Open run" << QList<int>{0, 1, 5, 6, 7};
        QTest::newRow("camel case") << "lt"
                                    << "setLightTheme" << QList<int>{3, 8};
        QTest::newRow("umlauts") << "ÄP"
                                 << "Äpfel" << QList<int>{0, 1};
    }
    void lettersAreFoundInOrder() {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(QList<int>, positions);
        const auto match = fuzzyMatch(pattern, text);
        QVERIFY(match.has_value());
        QCOMPARE(match->positions, positions);
    }

    void whatIsNotThereIsNotFound() {
        QVERIFY(!fuzzyMatch(QStringLiteral("po"), QStringLiteral("op")));
        QVERIFY(!fuzzyMatch(QStringLiteral("open x"), QStringLiteral("Open run")));
        QVERIFY(!fuzzyMatch(QStringLiteral("a"), QString()));
        QVERIFY(fuzzyMatch(QString(1000, QLatin1Char('a')), QString(1000, QLatin1Char('a'))).has_value());
    }

    void betterAnswersComeFirst_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("start of the text")
            << "run" << QStringList{"Run", "Run the demo", "Open run", "Prune"};
        QTest::newRow("starts of words") << "od" << QStringList{"Open dashboard", "Load"};
        QTest::newRow("group") << "file" << QStringList{"File a bug", "Quit"};
    }
    void betterAnswersComeFirst() {
        QFETCH(QString, pattern);
        QFETCH(QStringList, expected);
        PaletteModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QList<PaletteEntry> entries;
        for (const char* text :
             {"Prune", "Open run", "Run the demo", "Run", "Load", "Open dashboard", "File a bug"})
            entries.append({.text = QString::fromLatin1(text)});
        entries.append({.text = QStringLiteral("Quit"), .group = QStringLiteral("File")});
        model.setEntries(entries, {});
        model.setPattern(pattern);
        QStringList found;
        for (int row = 0; row < model.rowCount({}); ++row)
            found.append(model.index(row).data().toString());
        QCOMPARE(found, expected);
    }

    void usedLatelyFirstAndImpossibleLast() {
        PaletteModel model;
        const QList<PaletteEntry> entries = {{.text = QStringLiteral("a one"), .enabled = false},
                                             {.text = QStringLiteral("a two")},
                                             {.text = QStringLiteral("a three")},
                                             {.text = QStringLiteral("a four")}};
        model.setEntries(entries, {PaletteModel::keyOf(entries[3]), PaletteModel::keyOf(entries[2])});
        const auto texts = [&] {
            QString all;
            for (int row = 0; row < model.rowCount({}); ++row)
                all += model.index(row).data().toString().mid(2) + QLatin1Char(' ');
            return all.trimmed();
        };
        QCOMPARE(texts(), QStringLiteral("four three two one"));
        model.setPattern(QStringLiteral("a"));
        QCOMPARE(texts(), QStringLiteral("four three two one"));
    }

    void actionsAreListedByMenuAndPage() {
        makeWindow();
        QStringList found;
        for (const ListedAction& listed : listedActions(*m_window))
            found.append(listed.group + QLatin1Char('/') + listed.text + (listed.isAmbiguous ? "?" : ""));
        QCOMPARE(found, (QStringList{"File/Open run…", "File › Recent/Forget recent runs", "Run/Stop",
                                     "Launch/Pin?", "Runs/Rename"}));
        // The chart with the keyboard is the one that is meant.
        auto* chart = m_window->findChild<QWidget*>(QStringLiteral("chart1"));
        chart->setFocus();
        const ListedAction pin = listedActions(*m_window)[3];
        QVERIFY(!pin.isAmbiguous);
        QCOMPARE(pin.owner.data(), chart);
    }

    void opensSearchesRunsAndCloses() {
        makeWindow();
        m_button->setFocus();
        QSignalSpy opened(m_open, &QAction::triggered);
        m_palette->toggle();
        QVERIFY(m_palette->isVisible());
        QVERIFY(line().hasFocus());
        // What cannot be done stands last.
        QCOMPARE(texts(), (QStringList{"Open run…", "Forget recent runs", "Rename", "Dark theme", "Stop"}));
        QTest::keyClicks(&line(), QStringLiteral("oru"));
        QCOMPARE(current(), QStringLiteral("Open run…"));
        QTest::keyClick(&line(), Qt::Key_Return);
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_button->hasFocus());
        QTRY_COMPARE(opened.size(), 1);
        // The next time it is the first.
        m_palette->open();
        QTest::keyClicks(&line(), QStringLiteral("dark"));
        QTest::keyClick(&line(), Qt::Key_Enter);
        QTRY_COMPARE(m_themeSet, 1);
        m_palette->open();
        QCOMPARE(texts().mid(0, 2), (QStringList{"Dark theme", "Open run…"}));
        QTest::keyClick(&line(), Qt::Key_Escape);
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_button->hasFocus());
    }

    void arrowsGoRoundAndDisabledDoNothing() {
        makeWindow();
        QSignalSpy stopped(m_stop, &QAction::triggered);
        m_palette->open();
        QCOMPARE(current(), QStringLiteral("Open run…"));
        QTest::keyClick(&line(), Qt::Key_Down);
        QCOMPARE(current(), QStringLiteral("Forget recent runs"));
        QTest::keyClick(&line(), Qt::Key_Up);
        QTest::keyClick(&line(), Qt::Key_Up);
        QCOMPARE(current(), QStringLiteral("Stop"));
        QCOMPARE(list().currentIndex().data(PaletteModel::ReasonRole).toString(),
                 QStringLiteral("Nothing runs"));
        QTest::keyClick(&line(), Qt::Key_Return);
        QVERIFY(m_palette->isVisible());
        QTest::keyClick(&line(), Qt::Key_Down);
        QCOMPARE(current(), QStringLiteral("Open run…"));
        QTest::keyClick(&line(), Qt::Key_PageDown);
        QCOMPARE(current(), QStringLiteral("Stop"));
        QTest::keyClick(&line(), Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(current(), QStringLiteral("Open run…"));
        QTest::keyClicks(&line(), QStringLiteral("zzz"));
        auto* nothing = m_palette->findChild<QLabel*>(QStringLiteral("paletteNothing"));
        QVERIFY(nothing->isVisible());
        QTest::keyClick(&line(), Qt::Key_Return);
        QVERIFY(m_palette->isVisible());
        QCOMPARE(stopped.size(), 0);
    }

    void anActionOfAnotherPageBringsItUpFirst() {
        makeWindow();
        QStringList order;
        connect(m_palette, &CommandPalette::pageRequested, this, [&](QWidget* page) {
            order.append(page->windowTitle());
            m_stack->setCurrentWidget(page);
        });
        connect(m_rename, &QAction::triggered, this, [&] { order.append(QStringLiteral("rename")); });
        m_palette->open();
        QTest::keyClicks(&line(), QStringLiteral("rename runs"));
        QCOMPARE(current(), QStringLiteral("Rename"));
        QTest::keyClick(&line(), Qt::Key_Return);
        QTRY_COMPARE(order, (QStringList{"Runs", "rename"}));
        m_palette->open();
        QTest::keyClicks(&line(), QStringLiteral("ren"));
        QTest::keyClick(&line(), Qt::Key_Return);
        QTRY_COMPARE(order, (QStringList{"Runs", "rename", "rename"}));
    }

    void mouseRunsAndClosesOutside() {
        makeWindow();
        m_palette->open();
        QTest::mouseClick(list().viewport(), Qt::LeftButton, {},
                          list().visualRect(m_palette->model()->index(3)).center());
        QTRY_COMPARE(m_themeSet, 1);
        m_palette->open();
        QTest::mouseClick(m_palette, Qt::LeftButton, {}, QPoint(5, m_palette->height() - 5));
        QVERIFY(!m_palette->isVisible());
        // It goes when the keyboard goes elsewhere, and fits whatever size the window has.
        m_palette->open();
        m_window->resize(700, 420);
        QCoreApplication::processEvents();
        QCOMPARE(m_palette->geometry(), m_window->rect());
        QVERIFY(m_palette->rect().contains(
            m_palette->findChild<QWidget*>(QStringLiteral("palettePanel"))->geometry()));
        m_field->setFocus();
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_field->hasFocus());
    }

    void shortcutsAreListedAndSearched() {
        makeWindow();
        const QList<ShortcutGroup> groups = shortcutGroups(*m_window);
        QCOMPARE(groups[0].title, QStringLiteral("File"));
        QCOMPARE(groups[0].rows.size(), 1);
        QCOMPARE(groups[0].rows[0].keys, QStringLiteral("Ctrl+O"));
        QCOMPARE(groups[1].title, QStringLiteral("Launch"));
        QCOMPARE(groups[2].rows[0].text, QStringLiteral("Rename"));
        QVERIFY(groups.last().title.startsWith(QStringLiteral("Charts")));
        ShortcutList dialog(m_window.get());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        const qsizetype all = dialog.shownTexts().size();
        QVERIFY(all > 10);
        auto* filter = dialog.findChild<QLineEdit*>(QStringLiteral("shortcutFilter"));
        QTRY_VERIFY(filter->hasFocus());
        QTest::keyClicks(filter, QStringLiteral("f2"));
        QCOMPARE(dialog.shownTexts(), (QStringList{"Rename"}));
        QTest::keyClicks(filter, QStringLiteral(" nothing"));
        QVERIFY(dialog.shownTexts().isEmpty());
        QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("noShortcut")) != nullptr);
        filter->clear();
        QCOMPARE(dialog.shownTexts().size(), all);
        QTest::keyClick(filter, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }

    void aQuestionMarkCanStillBeTyped() {
        makeWindow();
        ShortcutList dialog(m_window.get());
        QAction* show = m_window->menuBar()->actions()[0]->menu()->addAction(QStringLiteral("Shortcuts"));
        show->setShortcut(QKeySequence(QStringLiteral("?")));
        connect(show, &QAction::triggered, &dialog, &QWidget::show);
        m_field->setFocus();
        QTest::keyClick(m_field, '?');
        QCOMPARE(m_field->text(), QStringLiteral("?"));
        QVERIFY(!dialog.isVisible());
        m_button->setFocus();
        QTest::keyClick(m_button, '?');
        QVERIFY(dialog.isVisible());
    }
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
