// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job.h"

#include "base/error.h"
#include "base/thread_budget.h"

#include <exception>
#include <new>

namespace saeception {

Job::Job(Work work, std::shared_ptr<EventBridge> bridge, RunControl control)
    : m_work(std::move(work)), m_bridge(std::move(bridge)), m_control(std::move(control)) {}

void Job::run() {
    lowerThreadPriority();
    // The bridge ignores whatever follows a terminal event, so these only speak where the work itself has
    // not.
    try {
        m_work(*m_bridge, m_control);
        m_bridge->handle(
            makeEvent(m_control.stop.stop_requested() ? EventBody(RunStopped{}) : EventBody(RunFinished{})));
    } catch (const Cancelled&) {
        m_bridge->handle(makeEvent(RunStopped{}));
    } catch (const std::bad_alloc&) {
        m_bridge->handle(makeEvent(
            RunFailed{"out of memory: lower model.hidden_size, sae.expansion_factor or a batch size"}));
    } catch (const std::exception& error) {
        m_bridge->handle(makeEvent(RunFailed{oneLine(error.what())}));
    } catch (...) {
        m_bridge->handle(
            makeEvent(RunFailed{"an unknown error ended the run; the log in its folder may say more"}));
    }
}

}  // namespace saeception
