// SPDX-License-Identifier: GPL-3.0-or-later
#include "multirun.h"

#include "base/error.h"
#include "cycle/sweep_launch.h"
#include "cycle/sweep_results.h"
#include "results_table.h"
#include "run_job.h"

#include <csignal>
#include <cstdio>

namespace saeception {
namespace {

class SweepRun {
public:
    SweepRun(const CommandLine& line, PreparedSweep sweep)
        : m_line(line),
          m_request(std::move(sweep.request)),
          m_folder(std::filesystem::absolute(sweep.folder).lexically_normal()) {
        for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
            SweepRecord record;
            record.job = std::move(sweep.jobs[number]);
            record.directory = std::move(sweep.directories[number]);
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
            JobResult result =
                runJob(m_line.command, jobRequest(m_request, record.job, number), m_signals, m_style);
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
    const ComposeRequest m_request;
    const std::filesystem::path m_folder;
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

int runMultirun(const CommandLine& line) {
    PreparedSweep sweep = prepareSweep(line.command, composeRequest(line, line.words));
    // A viewer that goes away (saeception ... | head) must not take the training with it.
    std::signal(SIGPIPE, SIG_IGN);
    return SweepRun(line, std::move(sweep)).run();
}

}  // namespace saeception
