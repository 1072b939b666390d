// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/processor_load.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace saeception {
namespace {

double ownSeconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Seconds that this process's processors have worked; 0 where that is not known.
double busySeconds() {
    cpu_set_t set;
    CPU_ZERO(&set);
    const bool knowsSet = ::sched_getaffinity(0, sizeof set, &set) == 0;
    std::ifstream file("/proc/stat");
    std::int64_t ticks = 0;
    for (std::string line; std::getline(file, line) && line.starts_with("cpu");) {
        int number = 0;
        const auto [end, error] = std::from_chars(line.data() + 3, line.data() + line.size(), number);
        if (error != std::errc() || (knowsSet && !CPU_ISSET(number, &set)))
            continue;  // "cpu " is the sum over all
        std::istringstream values(line.substr(static_cast<std::size_t>(end - line.data())));
        // user, nice, system; idle and waiting for disks; interrupts and what other virtual machines took
        std::int64_t user = 0, nice = 0, system = 0, idle = 0, waiting = 0, hard = 0, soft = 0, stolen = 0;
        if (values >> user >> nice >> system >> idle >> waiting >> hard >> soft >> stolen)
            ticks += user + nice + system + hard + soft + stolen;
    }
    return static_cast<double>(ticks) / static_cast<double>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
}

}  // namespace

ProcessorLoad::ProcessorLoad()
    : m_start(std::chrono::steady_clock::now()), m_busy(busySeconds()), m_own(ownSeconds()) {}

double ProcessorLoad::others() const {
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    const double work = busySeconds() - m_busy - (ownSeconds() - m_own);
    return elapsed > 0 ? std::max(0.0, work / elapsed) : 0;
}

}  // namespace saeception
