// SPDX-License-Identifier: GPL-3.0-or-later
// The Launch page: what to run, on what, with which numbers; checked while it is typed, and shown as the
// command it equals.
#pragma once

#include "config/compose.h"
#include "ui/jobs/job_spec.h"
#include "ui/jobs/run_session.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace saeception {

class ConfigForm;
class PathEdit;

class LaunchPage : public QWidget {
    Q_OBJECT

public:
    explicit LaunchPage(QWidget* parent = nullptr);

    /// Every override that the page stands for, in the order in which they are applied.
    QStringList overrides() const;
    /// Fills the page from overrides; those without a field of their own go to the line "More overrides".
    void load(const QStringList& overrides);
    /// The same for a job to be run again with changes.
    void load(const JobSpec& job);
    /// The one-line reason why the present choices cannot run; empty when they can.
    QString error() const;
    /// The equivalent command line, quoted for a POSIX shell.
    QString command() const;
    /// Whether a job that is asked for now has to wait for others.
    void setQueueBusy(bool busy);
    /// What Run and Stop offer.
    void setRunState(RunState state);

Q_SIGNALS:
    void jobsRequested(const QList<saeception::JobSpec>& jobs);
    void runRequested(const QStringList& overrides);
    void stopRequested();

private:
    struct Group {
        std::string name;
        QComboBox* chooser = nullptr;
        bool chosen = false;  ///< by the user; otherwise it shows what the experiment chooses
    };
    struct Path {
        std::string key;
        PathEdit* edit = nullptr;
    };

    QWidget* makeChoosers();
    QWidget* makeNumbers();
    QWidget* makeFooter();
    void addGroup(QFormLayout* form, const std::string& name, const QString& label);
    void addPath(QFormLayout* form, const std::string& key, const QString& label, bool files);
    QStringList baseOverrides() const;
    void scheduleCheck();
    void check();
    void showBase(const Composition& base);
    void showError(const QString& message);
    void applyTheme();

    std::vector<Group> m_groups;
    std::vector<Path> m_paths;
    ConfigForm* m_numbers = nullptr;
    QLineEdit* m_more = nullptr;
    QLabel* m_error = nullptr;
    QLineEdit* m_command = nullptr;
    QToolButton* m_copy = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    QTimer m_check;
    RunState m_state = RunState::Waiting;
};

/// `words` as one POSIX shell command.
QString shellCommand(const QStringList& words);

/// Splits at white space outside quotes; the quotes stay, for they belong to the override grammar.
QStringList splitOverrides(const QString& text);

}  // namespace saeception
