// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/estimator.h"

#include "base/error.h"
#include "base/thread_budget.h"
#include "cycle/estimate.h"
#include "ui/models/estimate_text.h"

#include <new>

namespace saeception {
namespace {

struct Answer {
    QString text;
    QString details;
    QString problem;
};

/// @throws Cancelled
Answer answerTo(const JobSpec& spec, const std::stop_token& stop) {
    try {
        const JobPlan plan = planOf(spec);
        throwIfStopped(stop);
        const RunEstimate estimate = estimateRun(plan, stop);
        return {estimateText(estimate), estimateDetails(estimate), {}};
    } catch (const Cancelled&) {
        throw;
    } catch (const std::bad_alloc&) {
        return {{}, {}, Estimator::tr("There is not enough free memory to try out a step of this job.")};
    } catch (const std::exception& error) {
        return {{}, {}, QString::fromStdString(oneLine(error.what()))};
    }
}

}  // namespace

Estimator::Estimator(std::chrono::milliseconds quiet, QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(1);
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quiet);
    connect(&m_quiet, &QTimer::timeout, this, &Estimator::begin);
}

Estimator::~Estimator() {
    cancel();
    m_pool.waitForDone();
}

void Estimator::request(const JobSpec& spec) {
    if (m_wanted == spec)
        return;
    cancel();
    m_wanted = spec;
    m_quiet.start();
}

void Estimator::cancel() {
    ++m_request;
    m_quiet.stop();
    m_wanted.reset();
    m_stop.request_stop();
    m_stop = {};
    m_pool.clear();
}

void Estimator::begin() {
    m_pool.start([this, request = m_request, spec = *m_wanted, stop = m_stop.get_token()] {
        lowerThreadPriority();
        try {
            const auto deliver = [this, request, answer = answerTo(spec, stop)] {
                if (request != m_request)
                    return;
                m_wanted.reset();
                if (answer.problem.isEmpty())
                    Q_EMIT estimated(answer.text, answer.details);
                else
                    Q_EMIT failed(answer.problem);
            };
            QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
        } catch (const Cancelled&) {
            // A newer request is on its way, or nobody wants to know any more.
        }
    });
}

}  // namespace saeception
