// SPDX-License-Identifier: GPL-3.0-or-later
// Going on with an unfinished run of the whole loop in its own folder: where it stands, and the plan of the
// rest. Torch-free.
#pragma once

#include "cycle/events.h"
#include "cycle/job_plan.h"
#include "cycle/run_directory.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

/// All that the run was to make is made.
class NothingLeft : public UserError {
public:
    using UserError::UserError;
};

/// A stage that is run again from its start.
struct ResumePoint {
    Stage stage{};
    int cycle = 0;
    bool operator==(const ResumePoint&) const = default;
};

/// Plans the rest of a run that train_cycle left unfinished, on the run's own record: what a stage came to
/// the end of is kept, as metrics.jsonl tells and as long as its file is whole; a stage that was cut is run
/// again from its start, and so is all that comes after it. With the same number of threads the run ends with
/// the same files, bit for bit, as one that was never cut. Nothing is made or changed here.
/// `overrides` may raise cycle.max_cycles and set threads, and nothing else.
/// @throws UserError in one line: no run, another command's, in use, of a newer version, or an override that
/// would change what is made already; NothingLeft.
JobPlan planResume(const std::filesystem::path& run, std::vector<std::string> overrides = {});

/// Where `plan`, of planResume(), goes on.
ResumePoint resumePoint(const JobPlan& plan);
/// Where planResume() would go on; nothing where it throws. Reads metrics.jsonl, which may be large.
std::optional<ResumePoint> resumePoint(const RunDirectory& run);
/// "Training the SAE of cycle 1".
std::string resumeText(const ResumePoint& point);
/// "saeception train_cycle --resume DIR", ready to be pasted into a shell.
std::string resumeCommand(const RunDirectory& run);

}  // namespace saeception
