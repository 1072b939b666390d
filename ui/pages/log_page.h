// SPDX-License-Identifier: GPL-3.0-or-later
// The Log page: what the program and its runs say, live, by level, text and run; and what a finished run
// said.
#pragma once

#include "ui/models/log_filter_model.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace saeception {

class LogView;
class NoticeBanner;
struct RunLogLines;

class LogPage : public QWidget {
    Q_OBJECT

public:
    explicit LogPage(QWidget* parent = nullptr);

    /// Shows all lines of the run in `runFolder` and chooses its last error. Lines that this process did not
    /// log are read from the run's own log files, in the background.
    void showRun(const QString& runFolder);
    /// Shows the lines of all runs and levels.
    void showAll();
    /// Whether a run's log file is being read.
    bool isReading() const { return m_reading; }

    LogModel* model() const { return m_log; }
    LogView* view() const { return m_view; }

Q_SIGNALS:
    /// The run that a line belongs to is to be opened.
    void runRequested(const QString& runFolder);
    /// The empty page's button.
    void launchPageRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeEmptyState();
    QWidget* makeBar();
    QWidget* makeDetails();
    void makeActions();
    void addRun(const QString& folder);
    void chooseRun(const QString& folder);
    void readRun(const QString& folder, bool chooseError);
    void applyFilter();
    void showCounts();
    void showChosen();
    void copyChosen();
    void chooseFile();
    void saveTo(const QString& path);
    void openChosen();
    QString chosenRun() const;
    void applyTheme();

    LogBuffer* m_buffer;
    LogModel* m_log;
    LogFilterModel* m_lines;
    quint64 m_request = 0;
    bool m_reading = false;

    NoticeBanner* m_banner;
    QStackedWidget* m_stack;
    QComboBox* m_level = nullptr;
    QComboBox* m_run = nullptr;
    QLineEdit* m_text = nullptr;
    QToolButton* m_expression = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_counts = nullptr;
    LogView* m_view = nullptr;
    QSplitter* m_content = nullptr;
    QLabel* m_detailsHead = nullptr;
    QPlainTextEdit* m_details = nullptr;
    QMenu* m_menu = nullptr;
    QAction* m_follow = nullptr;
    QAction* m_open = nullptr;
    QAction* m_onlyRun = nullptr;
    QAction* m_copy = nullptr;
    QAction* m_save = nullptr;
    QAction* m_clear = nullptr;
};

}  // namespace saeception
