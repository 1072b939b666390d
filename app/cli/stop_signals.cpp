// SPDX-License-Identifier: GPL-3.0-or-later
#include "stop_signals.h"

#include "base/error.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace saeception {
namespace {

void say(std::string_view text) {
    // Losing the words is no reason to lose the stop.
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0)
        return;
}

}  // namespace

StopSignals::StopSignals() {
    ::sigemptyset(&m_signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction action {};
        // Ignored from the start means ignored on purpose (nohup, a script's background job).
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
            ::sigaddset(&m_signals, signal);
    }
    ::pthread_sigmask(SIG_BLOCK, &m_signals, &m_maskBefore);
    m_signalDescriptor = ::signalfd(-1, &m_signals, SFD_CLOEXEC);
    m_wakeDescriptor = ::eventfd(0, EFD_CLOEXEC);
    if (m_signalDescriptor < 0 || m_wakeDescriptor < 0)
        fail("cannot watch for Ctrl-C: too many open files");
    m_thread = std::thread([this] { watch(); });
}

StopSignals::~StopSignals() {
    const std::uint64_t one = 1;
    if (::write(m_wakeDescriptor, &one, sizeof one) == sizeof one)
        m_thread.join();
    else
        m_thread.detach();
    ::close(m_signalDescriptor);
    ::close(m_wakeDescriptor);
    ::pthread_sigmask(SIG_SETMASK, &m_maskBefore, nullptr);
}

void StopSignals::watch() {
    std::array<pollfd, 2> sources = {{{m_signalDescriptor, POLLIN, 0}, {m_wakeDescriptor, POLLIN, 0}}};
    while (true) {
        if (::poll(sources.data(), sources.size(), -1) < 0)
            continue;
        if ((sources[1].revents & POLLIN) != 0)
            return;
        signalfd_siginfo info{};
        if (::read(m_signalDescriptor, &info, sizeof info) != sizeof info)
            continue;
        if (m_received != 0)
            ::_exit(128 + static_cast<int>(info.ssi_signo));
        m_received = static_cast<int>(info.ssi_signo);
        say("\nsaeception: stopping after this step; once more ends at once\n");
        m_stop.request_stop();
    }
}

}  // namespace saeception
