// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs page: every run below the output folders and every imported one, to be found, opened, compared,
// named, noted and thrown away.
#pragma once

#include <QStringList>
#include <QWidget>

#include <filesystem>
#include <vector>

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedWidget;

namespace saeception {

class EmptyState;
class NoticeBanner;
class RunDetails;
class RunFilterModel;
class RunList;
class RunScanner;
class RunTableModel;

class RunsPage : public QWidget {
    Q_OBJECT

public:
    explicit RunsPage(QWidget* parent = nullptr);
    ~RunsPage() override;

    /// Where runs are looked for beside the imported folders; "outputs" and "multirun" of the working folder
    /// until this is called.
    void setOutputFolders(const QStringList& folders);
    /// Keeps `folder` (a run or a folder of runs) in the list from now on, unless it is found anyway.
    void remember(const QString& folder);
    /// A run has begun, ended or changed: look again soon.
    void refresh();

    RunTableModel* model() const { return m_runs; }
    RunScanner* scanner() const { return m_scanner; }

Q_SIGNALS:
    void openRequested(const std::filesystem::path& root);
    void compareRequested(const std::vector<std::filesystem::path>& roots);
    void chartsRequested(const std::vector<std::filesystem::path>& roots);
    void launchPageRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    EmptyState* makeEmptyState();
    QWidget* makeBar();
    void makeActions();
    void makeTable();
    void connectScanner();
    void lookAgain();
    void selectionChanged();
    void showCounts();
    void showState();
    void chooseImport();
    void forget();
    void askToTrash();
    void applyTheme();
    bool isImported(const std::filesystem::path& root) const;

    RunTableModel* m_runs;
    RunFilterModel* m_shown;
    RunScanner* m_scanner;
    QStringList m_outputs;
    QStringList m_imported;
    bool m_scannedOnce = false;

    NoticeBanner* m_banner = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QSplitter* m_content = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_counts = nullptr;
    RunList* m_table = nullptr;
    RunDetails* m_details = nullptr;
    QMenu* m_menu = nullptr;
    QAction* m_open = nullptr;
    QAction* m_compare = nullptr;
    QAction* m_charts = nullptr;
    QAction* m_rename = nullptr;
    QAction* m_editTags = nullptr;
    QAction* m_editNote = nullptr;
    QAction* m_reveal = nullptr;
    QAction* m_copyPath = nullptr;
    QAction* m_forget = nullptr;
    QAction* m_trash = nullptr;
};

}  // namespace saeception
