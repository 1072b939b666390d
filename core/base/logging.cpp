// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/logging.h"

#include "base/error.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace saeception {
namespace {

// One shared distributing sink, so that run logs can come and go while other threads log.
std::shared_ptr<spdlog::sinks::dist_sink_mt> distributor() {
    static const auto sink = std::make_shared<spdlog::sinks::dist_sink_mt>();
    return sink;
}

}  // namespace

void routeLogging() {
    static const bool installed = [] {
        auto logger = std::make_shared<spdlog::logger>("saeception", distributor());
        logger->set_level(spdlog::level::debug);
        logger->flush_on(spdlog::level::info);
        spdlog::set_default_logger(std::move(logger));
        return true;
    }();
    static_cast<void>(installed);
}

struct RunLog::Impl {
    std::shared_ptr<spdlog::sinks::sink> sink;
};

void initialiseLogging() {
    routeLogging();
    auto console = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    console->set_level(spdlog::level::warn);
    console->set_pattern("%^%l%$: %v");
    distributor()->add_sink(std::move(console));
}

RunLog::RunLog(const std::filesystem::path& file) : m_impl(nullptr) {
    routeLogging();
    try {
        auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
        sink->set_pattern("%Y-%m-%d %H:%M:%S.%e [%l] %v");
        distributor()->add_sink(sink);
        m_impl = new Impl{std::move(sink)};
    } catch (const spdlog::spdlog_ex& error) {
        fail("cannot open the log {}: {}; choose another folder with output_dir=DIR", file.string(),
             oneLine(error.what()));
    }
}

RunLog::~RunLog() {
    try {
        m_impl->sink->flush();
    } catch (const spdlog::spdlog_ex&) {
        // A full disk has already been reported by whoever wrote last; a destructor must not throw.
    }
    distributor()->remove_sink(m_impl->sink);
    delete m_impl;
}

}  // namespace saeception
