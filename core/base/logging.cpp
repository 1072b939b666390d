// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/logging.h"

#include "base/error.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace saeception {
namespace {

// One shared distributing sink, so that run logs can come and go while other threads log.
std::shared_ptr<spdlog::sinks::dist_sink_mt> distributor() {
    static const auto sink = std::make_shared<spdlog::sinks::dist_sink_mt>();
    return sink;
}

LogLevel levelOf(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::trace:
            return LogLevel::Trace;
        case spdlog::level::debug:
            return LogLevel::Debug;
        case spdlog::level::warn:
            return LogLevel::Warning;
        case spdlog::level::err:
            return LogLevel::Error;
        case spdlog::level::critical:
            return LogLevel::Critical;
        default:
            return LogLevel::Info;
    }
}

// The log file of one run: what other threads log is not its own.
class ThreadFileSink : public spdlog::sinks::sink {
public:
    explicit ThreadFileSink(const std::filesystem::path& file)
        : m_file(file.string()), m_thread(spdlog::details::os::thread_id()) {
        m_file.set_pattern("%Y-%m-%d %H:%M:%S.%e [%l] %v");
    }

    std::size_t thread() const { return m_thread; }
    void log(const spdlog::details::log_msg& message) override {
        if (message.thread_id == m_thread)
            m_file.log(message);
    }
    void flush() override { m_file.flush(); }
    void set_pattern(const std::string& pattern) override { m_file.set_pattern(pattern); }
    void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
        m_file.set_formatter(std::move(formatter));
    }

private:
    spdlog::sinks::basic_file_sink_mt m_file;
    const std::size_t m_thread;
};

// Passes lines on to the taps, with the run that is open on the thread they come from.
class TapSink : public spdlog::sinks::sink {
public:
    using Receiver = std::shared_ptr<const LogTap::Receiver>;

    void add(Receiver receiver) {
        const std::lock_guard lock(m_mutex);
        m_receivers.push_back(std::move(receiver));
    }
    void remove(const Receiver& receiver) {
        const std::lock_guard lock(m_mutex);
        std::erase(m_receivers, receiver);
    }
    void runOpens(std::size_t thread, std::string folder) {
        const std::lock_guard lock(m_mutex);
        m_runs.emplace_back(thread, std::move(folder));
    }
    void runCloses(std::size_t thread, const std::string& folder) {
        const std::lock_guard lock(m_mutex);
        const auto last = std::find(m_runs.rbegin(), m_runs.rend(), std::pair(thread, folder));
        if (last != m_runs.rend())
            m_runs.erase(std::next(last).base());
    }

    void log(const spdlog::details::log_msg& message) override {
        static thread_local bool within = false;
        if (within)
            return;
        within = true;
        deliver(message);
        within = false;
    }
    void flush() override {}
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

private:
    // Delivered under the lock: remove() then returns only after a call on its way has come back.
    void deliver(const spdlog::details::log_msg& message) noexcept try {
        const std::lock_guard lock(m_mutex);
        if (m_receivers.empty())
            return;
        const auto run = std::find_if(m_runs.rbegin(), m_runs.rend(),
                                      [&](const auto& open) { return open.first == message.thread_id; });
        const LogLine line{std::chrono::duration<double>(message.time.time_since_epoch()).count(),
                           levelOf(message.level), run == m_runs.rend() ? std::string() : run->second,
                           std::string(message.payload.data(), message.payload.size())};
        for (const Receiver& receiver : m_receivers)
            pass(line, *receiver);
    } catch (...) {
        // A line that cannot be shown must not end the work that logged it.
    }
    static void pass(const LogLine& line, const LogTap::Receiver& receiver) noexcept try {
        receiver(line);
    } catch (...) {
        // The same; the other taps still get theirs.
    }

    std::mutex m_mutex;
    std::vector<Receiver> m_receivers;
    std::vector<std::pair<std::size_t, std::string>> m_runs;  ///< (thread, folder), opened last comes last
};

std::shared_ptr<TapSink> tapSink() {
    static const auto sink = [] {
        auto made = std::make_shared<TapSink>();
        made->set_level(spdlog::level::info);
        return made;
    }();
    return sink;
}

}  // namespace

void routeLogging() {
    static const bool installed = [] {
        const spdlog::sinks_init_list sinks{distributor(), tapSink()};
        auto logger = std::make_shared<spdlog::logger>("saeception", sinks);
        logger->set_level(spdlog::level::debug);
        logger->flush_on(spdlog::level::info);
        spdlog::set_default_logger(std::move(logger));
        return true;
    }();
    static_cast<void>(installed);
}

struct RunLog::Impl {
    std::shared_ptr<ThreadFileSink> sink;
    std::string folder;
};

void initialiseLogging() {
    routeLogging();
    auto console = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    console->set_level(spdlog::level::warn);
    console->set_pattern("%^%l%$: %v");
    distributor()->add_sink(std::move(console));
}

RunLog::RunLog(const std::filesystem::path& file) {
    routeLogging();
    try {
        auto sink = std::make_shared<ThreadFileSink>(file);
        m_impl = std::make_unique<Impl>(Impl{std::move(sink), file.parent_path().string()});
    } catch (const spdlog::spdlog_ex& error) {
        fail("cannot open the log {}: {}; choose another folder with output_dir=DIR", file.string(),
             oneLine(error.what()));
    }
    distributor()->add_sink(m_impl->sink);
    tapSink()->runOpens(m_impl->sink->thread(), m_impl->folder);
}

RunLog::~RunLog() {
    try {
        m_impl->sink->flush();
    } catch (const spdlog::spdlog_ex&) {
        // A full disk has already been reported by whoever wrote last; a destructor must not throw.
    }
    tapSink()->runCloses(m_impl->sink->thread(), m_impl->folder);
    distributor()->remove_sink(m_impl->sink);
}

std::string_view logLevelName(LogLevel level) {
    static constexpr std::string_view names[] = {"trace", "debug", "info", "warning", "error", "critical"};
    return names[static_cast<std::size_t>(level)];
}

LogTap::LogTap(Receiver receive) : m_receive(std::make_shared<const Receiver>(std::move(receive))) {
    routeLogging();
    tapSink()->add(m_receive);
}

LogTap::~LogTap() {
    tapSink()->remove(m_receive);
}

}  // namespace saeception
