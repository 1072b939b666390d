// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/sweep_launch.h"

#include "base/error.h"
#include "base/files.h"
#include "config/override_value.h"
#include "cycle/job_plan.h"

#include <algorithm>
#include <ctime>
#include <map>

namespace saeception {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

void requireFree(const SweepPlace& place) {
    std::error_code code;
    const fs::path wanted = fs::path(place.directory).lexically_normal();
    if (place.isNamed && fs::exists(wanted, code) &&
        (!fs::is_directory(wanted, code) || !fs::is_empty(wanted, code)))
        fail(
            "hydra.sweep.dir={} is not empty, and a sweep never writes into another's folder; name a new one",
            wanted.string());
}

// Creating the folder itself claims it: two sweeps that start in one second get two.
fs::path claimFolder(const SweepPlace& place) {
    std::error_code code;
    const fs::path wanted = fs::path(place.directory).lexically_normal();
    if (place.isNamed) {
        createDirectories(wanted);
        return wanted;
    }
    if (wanted.has_parent_path())
        createDirectories(wanted.parent_path());
    for (int attempt = 1;; ++attempt) {
        fs::path candidate = wanted;
        if (attempt > 1)
            candidate += fmt::format("-{}", attempt);
        if (fs::create_directory(candidate, code))
            return candidate;
        if (code)
            fail("cannot create the folder {}: {}; choose another with hydra.sweep.dir=DIR",
                 candidate.string(), code.message());
    }
}

// As Hydra's multirun.yaml: what all jobs share, and Hydra's settings with what was swept over.
void writeRecord(const fs::path& folder, const std::string& command, const ComposeRequest& request,
                 const SweepPlan& sweep) {
    ComposeRequest shared = jobRequest(request, sweep.jobs.front(), 0);
    shared.asWritten = true;
    std::erase_if(shared.overrides, [&](const std::string& text) {
        const std::vector<std::string>& swept = sweep.jobs.front().swept;
        return std::find(swept.begin(), swept.end(), text) != swept.end();
    });
    Json tree = Json::object();
    Json hydra = Json::object();
    try {
        const Composition composition = compose(shared);
        tree = writtenTree(composition);
        hydra = composition.hydra;
        hydra["job"].erase("num");
    } catch (const UserError&) {
        // Some configurations are whole only with a swept group; the overrides below tell all there is.
    }
    hydra["mode"] = "MULTIRUN";
    hydra["sweep"]["dir"] = folder.string();
    hydra["job"]["name"] = command;
    hydra["overrides"]["task"] = request.overrides;
    tree["hydra"] = hydra;
    writeFile(folder / "multirun.yaml", toYaml(tree));
}

}  // namespace

ComposeRequest jobRequest(const ComposeRequest& request, const SweepJob& job, std::size_t number) {
    ComposeRequest result = request;
    result.overrides = job.overrides;
    result.jobNumber = static_cast<int>(number);
    return result;
}

std::string jobHeading(const SweepJob& job, std::size_t number) {
    return job.swept.empty() ? fmt::format("#{}", number)
                             : fmt::format("#{} : {}", number, joined(job.swept));
}

SweepPlace placeSweep(const std::string& command, ComposeRequest request, const SweepPlan& sweep,
                      const std::stop_token& stop) {
    // One time for all jobs, however long it takes to compose them.
    if (!request.time)
        request.time = std::time(nullptr);
    SweepPlace place;
    std::map<std::string, std::size_t> taken;
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        throwIfStopped(stop);
        const SweepJob& job = sweep.jobs[number];
        try {
            const JobPlan plan = planJob(command, jobRequest(request, job, number));
            checkInputs(plan);
            const Composition& composition = plan.composition;
            if (number == 0) {
                place.directory = composition.sweepDir;
                place.isNamed = composition.hasSweepDir;
            } else if (composition.sweepDir != place.directory) {
                fail(
                    "hydra.sweep.dir must be the same for all jobs, and is {} and {}; put what differs into "
                    "hydra.sweep.subdir",
                    place.directory, composition.sweepDir);
            }
            const auto [other, isNew] = taken.emplace(composition.runDir, number);
            if (!isNew)
                fail("hydra.sweep.subdir gives it the folder of job #{}, {}; add ${{hydra.job.num}} to it",
                     other->second, composition.runDir);
            place.jobs.push_back(fs::path(composition.runDir).lexically_relative(composition.sweepDir));
        } catch (const UserError& error) {
            if (job.swept.empty())
                throw;
            fail("job #{} ({}): {}", number, joined(job.swept), error.what());
        }
    }
    requireFree(place);
    return place;
}

PreparedSweep prepareSweep(const std::string& command, ComposeRequest request, const std::stop_token& stop) {
    request.jobName = command;
    if (!request.time)
        request.time = std::time(nullptr);
    const SweepPlan sweep = planSweep(request, true);
    const SweepPlace place = placeSweep(command, request, sweep, stop);
    PreparedSweep prepared;
    prepared.folder = claimFolder(place);
    writeRecord(prepared.folder, command, request, sweep);
    prepared.jobs = sweep.jobs;
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        // The folder that was taken, whatever the time says by then.
        prepared.jobs[number].overrides.push_back("hydra.sweep.dir=" +
                                                  overrideValueText(prepared.folder.string()));
        prepared.directories.push_back(prepared.folder / place.jobs[number]);
    }
    prepared.request = std::move(request);
    return prepared;
}

}  // namespace saeception
