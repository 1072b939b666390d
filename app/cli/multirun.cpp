// SPDX-License-Identifier: GPL-3.0-or-later
#include "multirun.h"

#include "base/error.h"
#include "base/files.h"
#include "config/override_value.h"
#include "results_table.h"
#include "run_job.h"
#include "sweep_results.h"

#include <csignal>
#include <cstdio>
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

// Where the sweep goes, and which folder in it each job gets.
struct Place {
    std::string directory;
    bool isNamed = false;  ///< by hydra.sweep.dir, and not by date and time
    std::vector<fs::path> jobs;
};

// Every job composed and its inputs looked for, so that nothing is made where one of them cannot start.
Place checkJobs(const CommandLine& line, const ComposeRequest& request, const SweepPlan& sweep) {
    Place place;
    std::map<std::string, std::size_t> taken;
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        const SweepJob& job = sweep.jobs[number];
        try {
            const JobPlan plan = planJob(line.command, jobRequest(request, job, number));
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
    return place;
}

// Creating the folder itself claims it: two sweeps that start in one second get two.
fs::path claimFolder(const Place& place) {
    std::error_code code;
    const fs::path wanted = fs::path(place.directory).lexically_normal();
    if (place.isNamed) {
        if (fs::exists(wanted, code) && (!fs::is_directory(wanted, code) || !fs::is_empty(wanted, code)))
            fail(
                "hydra.sweep.dir={} is not empty, and a sweep never writes into another's folder; name a new "
                "one",
                wanted.string());
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
void writeRecord(const fs::path& folder, const CommandLine& line, const ComposeRequest& request,
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
    hydra["overrides"]["task"] = line.words;
    tree["hydra"] = hydra;
    writeFile(folder / "multirun.yaml", toYaml(tree));
}

class SweepRun {
public:
    SweepRun(const CommandLine& line, ComposeRequest request, const SweepPlan& sweep, const Place& place,
             fs::path folder)
        : m_line(line), m_request(std::move(request)), m_folder(std::move(folder)) {
        // The folder that was taken, whatever the time says by then.
        m_request.overrides.push_back("hydra.sweep.dir=" + overrideValueText(m_folder.string()));
        for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
            SweepRecord record;
            record.job = sweep.jobs[number];
            record.directory = m_folder / place.jobs[number];
            m_records.push_back(std::move(record));
        }
    }

    int run() {
        std::printf("Launching %zu job%s, one after another, in %s\n", m_records.size(),
                    m_records.size() == 1 ? "" : "s", m_folder.c_str());
        for (std::size_t number = 0; number < m_records.size() && !m_stopped; ++number)
            runOne(number);
        compare();
        return report();
    }

private:
    void runOne(std::size_t number) {
        SweepRecord& record = m_records[number];
        std::printf("\n%s\n", jobHeading(record.job, number).c_str());
        std::fflush(stdout);
        try {
            SweepJob job = record.job;
            job.overrides.push_back(m_request.overrides.back());
            JobResult result = runJob(m_line.command, jobRequest(m_request, job, number), m_signals, m_style);
            record.config = result.config;
            record.results = std::move(result.outcome.results);
            record.status = result.outcome.stopped ? JobStatus::Stopped : JobStatus::Done;
        } catch (const std::exception& error) {
            // Whatever ends one job leaves the others their turn.
            record.status = JobStatus::Failed;
            record.error = oneLine(error.what());
            std::fflush(stdout);
            std::fprintf(stderr, "saeception: job #%zu failed: %s\n", number, record.error.c_str());
        }
        m_stopped = record.status == JobStatus::Stopped || m_signals.received() != 0;
        saveResults();
    }

    // A table that cannot be written takes no job its turn.
    void saveResults() {
        try {
            writeSweepResults(m_folder / "results.csv", m_records);
            m_unsaved.clear();
        } catch (const std::exception& error) {
            const bool isNew = m_unsaved.empty();
            m_unsaved = oneLine(error.what());
            std::fflush(stdout);
            if (isNew)
                std::fprintf(stderr, "saeception: warning: %s\n", m_unsaved.c_str());
        }
    }

    void compare() {
        std::vector<std::pair<std::string, MetricTable>> columns;
        const std::size_t reference = referenceJob(m_records);
        std::size_t place = 0;
        for (std::size_t number = 0; number < m_records.size(); ++number) {
            const SweepRecord& record = m_records[number];
            if (record.results.empty())
                continue;
            if (number == reference)
                place = columns.size();
            columns.emplace_back(jobLabel(record, number), record.results.rbegin()->second);
        }
        ConsoleStyle style = m_style;
        if (style.rewriting)
            style.columns = terminalColumns(stdout);
        if (const std::string table = comparisonTable(columns, place, style); !table.empty())
            std::printf("\n%s", table.c_str());
    }

    int report() const {
        std::printf("\nSweep folder: %s\n", m_folder.c_str());
        std::fflush(stdout);
        std::size_t failed = 0;
        std::size_t waiting = 0;
        for (const SweepRecord& record : m_records) {
            failed += record.status == JobStatus::Failed ? 1 : 0;
            waiting += record.status == JobStatus::Waiting ? 1 : 0;
        }
        if (failed > 0)
            std::fprintf(stderr, "saeception: %zu of %zu jobs failed\n", failed, m_records.size());
        for (std::size_t number = 0; number < m_records.size(); ++number)
            if (m_records[number].status == JobStatus::Failed)
                std::fprintf(stderr, "  %s: %s\n", jobHeading(m_records[number].job, number).c_str(),
                             m_records[number].error.c_str());
        if (m_stopped) {
            std::fprintf(stderr, "saeception: stopped; %zu of %zu jobs were not started\n", waiting,
                         m_records.size());
            return exitSignal + m_signals.received();
        }
        if (!m_unsaved.empty())
            std::fprintf(stderr, "saeception: results.csv is not up to date: %s\n", m_unsaved.c_str());
        return failed > 0 || !m_unsaved.empty() ? exitFailed : exitDone;
    }

    const CommandLine& m_line;
    ComposeRequest m_request;
    const fs::path m_folder;
    StopSignals m_signals;
    const ConsoleStyle m_style = consoleStyle(stdout);
    std::vector<SweepRecord> m_records;
    std::string m_unsaved;  ///< why results.csv lacks what the jobs gave; else empty
    bool m_stopped = false;
};

}  // namespace

bool wantsMultirun(const CommandLine& line) {
    return line.multirun || asksForSweep(composeRequest(line, line.words));
}

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

int runMultirun(const CommandLine& line) {
    ComposeRequest request = composeRequest(line, line.words);
    request.time = std::time(nullptr);
    const SweepPlan sweep = planSweep(request, true);
    const Place place = checkJobs(line, request, sweep);
    const fs::path folder = claimFolder(place);
    writeRecord(folder, line, request, sweep);
    // A viewer that goes away (saeception ... | head) must not take the training with it.
    std::signal(SIGPIPE, SIG_IGN);
    return SweepRun(line, std::move(request), sweep, place, folder).run();
}

}  // namespace saeception
