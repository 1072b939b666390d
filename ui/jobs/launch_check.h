// SPDX-License-Identifier: GPL-3.0-or-later
// What the choices on the Launch page amount to: the configuration they compose, what keeps it from running,
// the jobs of a sweep. Worked out off the GUI thread, for it looks through folders.
#pragma once

#include "ui/jobs/job_spec.h"
#include "ui/models/config_values.h"

#include <QObject>
#include <QThreadPool>

#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace saeception {

/// Everything that the page asks for, as overrides.
struct LaunchChoices {
    QString command = QStringLiteral("train_cycle");
    QStringList groups;  ///< of the choosers
    QStringList values;  ///< of the form's fields
    QStringList others;  ///< Hydra's own settings, deletions, keys without a field
    QStringList sweep;   ///< one a swept key, "sae.k=25,50"; none: a single job, unless a preset is a sweep
    int shownJob = 0;    ///< of a sweep: the one whose configuration is wanted

    bool operator==(const LaunchChoices&) const = default;
    QStringList overrides() const { return groups + values + others; }
};

struct LaunchVerdict {
    std::optional<ConfigBase> base;              ///< none where not even the groups fit together
    std::map<std::string, std::string> choices;  ///< group -> option, as the groups' overrides make them
    QString error;                               ///< why it cannot run, in one line; else empty
    QString place;                               ///< which run a stage works in and why; else empty
    QStringList warnings;                        ///< one line each, of what may surprise
    QString yaml;                                ///< the composed configuration, of the shown job in a sweep
    bool isSweep = false;
    QStringList jobs;             ///< of a sweep: "#0 : sae.k=25"
    QStringList sweptKeys;        ///< in which its jobs differ
    int shownJob = 0;             ///< the one that `yaml` belongs to
    std::optional<JobSpec> spec;  ///< the job that `yaml` belongs to, where it could run
};

/// Most jobs of a sweep that are checked one by one as the page is filled in; running it checks all.
inline constexpr int mostCheckedJobs = 200;

/// @throws Cancelled; whatever is wrong with the choices stands in the verdict.
LaunchVerdict judgeLaunch(const LaunchChoices& choices, const std::stop_token& stop);

/// The jobs that the choices ask for; those of a sweep with their folder taken and multirun.yaml written.
/// @throws UserError, Cancelled
QList<JobSpec> launchJobs(const LaunchChoices& choices, const std::stop_token& stop);

/// Judges and prepares on threads of its own. Of several requests only the newest is answered.
class LaunchChecker : public QObject {
    Q_OBJECT

public:
    explicit LaunchChecker(QObject* parent = nullptr);
    ~LaunchChecker() override;

    void check(const LaunchChoices& choices);
    /// The same on the calling thread; an earlier request is not answered any more.
    LaunchVerdict checkNow(const LaunchChoices& choices);
    /// Whether an answer to check() is still to come.
    bool isChecking() const { return m_checking; }
    void prepare(const LaunchChoices& choices);
    bool isPreparing() const { return m_preparing; }

Q_SIGNALS:
    void checked(const saeception::LaunchVerdict& verdict);
    void prepared(const QList<saeception::JobSpec>& jobs);
    /// Why the jobs could not be prepared, in one line.
    void refused(const QString& reason);

private:
    template <typename Work>
    void post(Work work);
    void supersede();

    QThreadPool m_checks;
    QThreadPool m_preparations;
    std::stop_source m_stop;
    std::stop_source m_quit;
    quint64 m_request = 0;
    bool m_checking = false;
    bool m_preparing = false;
};

}  // namespace saeception
