// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.jsonl: one JSON object a line for every point of a curve, every stage that starts or ends, every
// finished epoch, and every evaluated cycle.
#pragma once

#include "cycle/append_file.h"
#include "cycle/events.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace saeception {

/// The stage that stageName() calls `name`; nothing for any other name.
std::optional<Stage> stageNamed(std::string_view name);

/// Lines are complete and on their way to disk as soon as handle() returns, so the file can be followed while
/// a run goes on.
///   {"time", "cycle", "stage", "tag", "step", "value"}                            a point
///   {"time", "event": "stage_started", "cycle", "stage"}
///   {"time", "event": "epoch_finished", "cycle", "stage", "epoch", "epochs", "metrics": {...}}
///   {"time", "event": "stage_finished", "cycle", "stage", "seconds"}
///   {"time", "event": "cycle_evaluated", "cycle", "metrics": {...}}
/// JSON has no NaN: "NaN", "Infinity" and "-Infinity" stand as text. Times are seconds since the Unix epoch.
class EventLog : public EventSink {
public:
    /// Appends to `file`; a last line that a crash left incomplete is cut off. @throws UserError naming the
    /// path.
    explicit EventLog(const std::filesystem::path& file);
    /// @throws UserError when the line cannot be written (full disk), which ends the run.
    void handle(const Event& event) override;

private:
    AppendFile m_file;
};

/// Calls `visit` with the scalars and finished stages of a metrics.jsonl, in file order; the run may still be
/// writing it. Of a stage that was run again for the same cycle, only the last run counts.
/// @return how many lines could not be read (0 when the file is absent). Infinite values come back as NaN.
std::int64_t readEventLog(const std::filesystem::path& file, const std::function<void(const Event&)>& visit);

}  // namespace saeception
