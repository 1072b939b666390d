// SPDX-License-Identifier: GPL-3.0-or-later
// The two exceptions that cross layers: an error a person can act on, and a stop that was asked for.
#pragma once

#include <spdlog/fmt/fmt.h>

#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

namespace saeception {

/// What went wrong and what to do about it, in one line: names the file, line or key and the remedy.
class UserError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Thrown between steps once a stop has been requested; everything saved before it stays valid.
class Cancelled : public std::runtime_error {
public:
    Cancelled() : std::runtime_error("stopped on request") {}
};

/// Throws UserError with a formatted message (fmt syntax).
template <typename... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
    throw UserError(fmt::format(format, std::forward<Args>(args)...));
}

/// Throws Cancelled if `stop` has been requested. Called between steps, never within one.
void throwIfStopped(const std::stop_token& stop);

/// `text` on one line: line breaks and other control characters become spaces.
std::string oneLine(std::string text);

}  // namespace saeception
