// SPDX-License-Identifier: GPL-3.0-or-later
// Estimates what a job would take, off the GUI thread and at low priority, for whoever is about to launch it.
#pragma once

#include "ui/jobs/job_spec.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <optional>
#include <stop_token>

namespace saeception {

/// Of several requests only the newest is answered, with exactly one signal unless it is cancelled.
class Estimator : public QObject {
    Q_OBJECT

public:
    /// Calibrating loads every core for seconds: it begins once no newer request has come for `quiet`.
    explicit Estimator(std::chrono::milliseconds quiet = std::chrono::milliseconds(500),
                       QObject* parent = nullptr);
    /// Waits for the step at hand.
    ~Estimator() override;

    /// Takes the place of the request before; the same job again leaves the work that has begun on it.
    void request(const JobSpec& spec);
    /// Nothing is answered any more.
    void cancel();
    /// Whether an answer is still to come.
    bool isEstimating() const { return m_wanted.has_value(); }

Q_SIGNALS:
    /// @param text one line  @param details lines for a tooltip
    void estimated(const QString& text, const QString& details);
    /// Why there is no estimate, in one line.
    void failed(const QString& why);

private:
    void begin();

    QThreadPool m_pool;
    QTimer m_quiet;
    std::optional<JobSpec> m_wanted;
    std::stop_source m_stop;
    quint64 m_request = 0;
};

}  // namespace saeception
