// SPDX-License-Identifier: GPL-3.0-or-later
// The chosen job below the queue: the command that it is, the folder of its run, and why it failed.
#pragma once

#include "ui/jobs/job_info.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace saeception {

class JobDetails : public QWidget {
    Q_OBJECT

public:
    explicit JobDetails(QWidget* parent = nullptr);

    void showJob(const JobInfo& job);
    /// Shows `words` in place of a job.
    void showWords(const QString& words);

    /// The command and the folder of the job that is shown; empty where there is none.
    const QString& command() const { return m_commandText; }
    const QString& folder() const { return m_folderText; }

Q_SIGNALS:
    void copyRequested();
    void revealRequested();
    void logRequested();
    void showRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* addLine(QGridLayout* grid, int row, const QString& caption, QWidget* button);
    QToolButton* makeButton(const char* icon, const char* name, const QString& words);
    void setLine(QLabel* line, QWidget* button, const QString& text);
    void applyTheme();

    bool m_failed = false;
    QString m_commandText;
    QString m_folderText;
    QLabel* m_title;
    QPushButton* m_show;
    QPushButton* m_log;
    QToolButton* m_copy;
    QToolButton* m_reveal;
    QLabel* m_command;
    QLabel* m_folder;
    QLabel* m_reason;
    QLabel* m_words;
    QWidget* m_form;
    QList<QLabel*> m_captions;
};

}  // namespace saeception
