// SPDX-License-Identifier: GPL-3.0-or-later
// The Queue page: every job with its progress, in the order in which they run, and what can be asked of them.
#pragma once

#include "ui/jobs/job_spec.h"

#include <QKeySequence>
#include <QPointer>
#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

class QAction;
class QFrame;
class QLabel;
class QMenu;
class QPushButton;
class QSpinBox;
class QSplitter;
class QStackedWidget;

namespace saeception {

class ElidedLabel;
class JobDetails;
class JobList;
class JobQueue;
class JobTableModel;
class NoticeBanner;
struct JobInfo;

class QueuePage : public QWidget {
    Q_OBJECT

public:
    /// Works on `queue`, and gives it the number of jobs at a time that was chosen in an earlier session.
    explicit QueuePage(JobQueue* queue, QWidget* parent = nullptr);

    JobTableModel* model() const { return m_model; }
    /// Chooses the job in the table.
    void choose(quint64 id);
    /// One line above the page, until it is dismissed.
    void showNotice(const QString& line);

Q_SIGNALS:
    void launchPageRequested();
    /// To be shown on the Launch page, to be changed and started as a job of its own.
    void editRequested(const saeception::JobSpec& spec);
    void showRequested(quint64 id);
    void logRequested(const QString& runFolder);

private:
    using Test = bool (*)(const JobInfo&);

    QAction* add(const QString& text, const char* name, const QKeySequence& keys, const QString& tooltip,
                 std::function<void()> work);
    QAction* addForJobs(const QString& text, const char* name, const QKeySequence& keys,
                        const QString& tooltip, Test allows, std::function<void(quint64)> work);
    QAction* addForOne(const QString& text, const char* name, const QKeySequence& keys,
                       const QString& tooltip, Test allows, std::function<void(quint64)> work);
    void makeJobActions();
    void makeQueueActions();
    QWidget* makeBar();
    QWidget* makeHoldStrip();
    QWidget* makeEmptyState();
    QPushButton* button(QAction* action, const char* icon, bool words = true);
    void connectQueue();
    void updateActions();
    void updateDetails();
    void updateHold();
    void updateCounts();
    /// Moves the chosen waiting jobs by one place, or to an end.
    void moveChosen(bool up, bool toEnd);
    std::vector<quint64> allowed(Test allows) const;

    QPointer<JobQueue> m_queue;
    JobTableModel* m_model;
    JobList* m_table;
    JobDetails* m_details;
    NoticeBanner* m_banner;
    QFrame* m_holdStrip = nullptr;
    QLabel* m_holdText = nullptr;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_content = nullptr;
    ElidedLabel* m_counts = nullptr;
    QSpinBox* m_concurrency = nullptr;
    QMenu* m_menu;
    QAction* m_pause = nullptr;
    QAction* m_resume = nullptr;
    QAction* m_cancel = nullptr;
    QAction* m_retry = nullptr;
    QAction* m_resumeRun = nullptr;
    QAction* m_clone = nullptr;
    QAction* m_up = nullptr;
    QAction* m_down = nullptr;
    QAction* m_copy = nullptr;
    QAction* m_reveal = nullptr;
    QAction* m_log = nullptr;
    QAction* m_show = nullptr;
    QAction* m_clear = nullptr;
    QAction* m_hold = nullptr;
    QAction* m_release = nullptr;
    bool m_updateRequested = false;

    struct Rule {
        QAction* action;
        Test allows;
        bool one;  ///< works on a single job only
    };
    std::vector<Rule> m_rules;
};

}  // namespace saeception
