// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/cycle_runner.h"

#include "base/files.h"
#include "base/logging.h"
#include "base/thread_budget.h"
#include "base/torch_headers.h"
#include "config/schema.h"
#include "cycle/event_log.h"
#include "cycle/hydra_record.h"
#include "cycle/resume_plan.h"
#include "cycle/stage_commands.h"
#include "cycle/stage_sequence.h"
#include "cycle/tensorboard_sink.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <new>
#include <optional>
#include <vector>

namespace saeception {
namespace fs = std::filesystem;
namespace {

// Warnings and the end of a run, for the log file.
class LogSink : public EventSink {
public:
    void handle(const Event& event) override {
        if (const auto* warning = std::get_if<Warning>(&event.body))
            spdlog::warn("{}", warning->text);
        else if (const auto* started = std::get_if<StageStarted>(&event.body))
            spdlog::info("cycle {}: {}", started->cycle, stageTitle(started->stage));
        else if (const auto* finished = std::get_if<StageFinished>(&event.body))
            spdlog::info("cycle {}: {} took {:.1f} s", finished->cycle, stageName(finished->stage),
                         finished->seconds);
        else if (std::holds_alternative<RunPaused>(event.body))
            spdlog::info("paused");
        else if (const auto* resumed = std::get_if<RunResumed>(&event.body))
            spdlog::info("resumed after {:.1f} s", resumed->seconds);
        else if (const auto* failed = std::get_if<RunFailed>(&event.body))
            spdlog::error("{}", failed->message);
    }
};

// One line about `error`, with a remedy where a library gives none.
std::string explain(const std::exception& error) {
    const std::string what = error.what();
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
        what.find("allocate memory") != std::string::npos)
        return "out of memory; lower dataset.batch_size, sae.batch_size, sae.expansion_factor or "
               "model.hidden_size";
    if (dynamic_cast<const UserError*>(&error) != nullptr)
        return oneLine(what);
    return oneLine(what.substr(0, what.find('\n')));  // a library's own words without its backtrace
}

// metrics.jsonl, the TensorBoard file and the log of the command. What happens before they are opened waits
// for that, so that a command that never gets to work leaves no trace in a run.
class RecordSink : public EventSink {
public:
    RecordSink(const RunDirectory& run, std::string command) : m_run(run), m_command(std::move(command)) {}

    void open() {
        if (m_files)
            return;
        m_files.emplace(m_run, m_command);
        for (const Event& event : m_waiting)
            m_files->write(event);
        m_waiting.clear();
    }
    bool isOpen() const { return m_files.has_value(); }
    void handle(const Event& event) override {
        if (m_files)
            m_files->write(event);
        else
            m_waiting.push_back(event);
    }

private:
    struct Files {
        Files(const RunDirectory& run, const std::string& command)
            : log(run.log(command)), metrics(run.metricsLog()), tensorBoard(run.root()) {}
        void write(const Event& event) {
            metrics.handle(event);
            tensorBoard.handle(event);
            lines.handle(event);
        }
        RunLog log;
        EventLog metrics;
        TensorBoardSink tensorBoard;
        LogSink lines;
    };
    const RunDirectory& m_run;
    const std::string m_command;
    std::optional<Files> m_files;
    std::vector<Event> m_waiting;
};

RunDirectory folderOf(const JobPlan& plan) {
    return plan.continues ? RunDirectory::open(plan.composition.runDir)
                          : RunDirectory::create(plan.composition.outputDir(), plan.composition.runDir);
}

// The first and the last cycle that any stage of the plan works on.
std::pair<int, int> cyclesOf(const JobPlan& plan) {
    const ExperimentConfig& config = plan.composition.config;
    const std::vector<Artefact> makes = artefactsToMake(plan);
    const std::vector<Artefact> needs = inputsOf(makes.front(), config);
    int last = config.cycle.current;
    for (const Artefact& artefact : makes)
        last = std::max(last, artefact.cycle);
    return {needs.empty() ? 0 : needs.front().cycle, last};
}

// A process that was killed leaves behind what it had not come to the end of writing.
void removeHalfWritten(const RunDirectory& run) {
    for (const fs::path& folder :
         {run.hydra(), run.checkpoints(), run.cache(), run.tokenizer(), run.root() / "features"}) {
        std::error_code code;
        std::vector<fs::path> halves;
        for (fs::recursive_directory_iterator entry(folder, code), end; !code && entry != end;
             entry.increment(code))
            if (AtomicFile::isTemporary(entry->path()))
                halves.push_back(entry->path());
        for (const fs::path& half : halves)
            fs::remove(half, code);
    }
}

}  // namespace

CycleRunner::CycleRunner(JobPlan plan) : m_plan(std::move(plan)), m_directory(folderOf(m_plan)) {
    resolveFor(m_plan.composition, m_directory.root().string());
}

CycleRunner::CycleRunner(Composition composition, RunDirectory directory)
    : m_directory(std::move(directory)) {
    m_plan.command = "train_cycle";
    m_plan.composition = std::move(composition);
    resolveFor(m_plan.composition, m_directory.root().string());
}

RunOutcome CycleRunner::run(EventSink& sink, const RunControl& control) {
    routeLogging();
    // OpenMP keeps the thread count per calling thread, so it is set here and not once per process.
    const int asked = m_plan.composition.config.threads;
    at::set_num_threads(resolveThreads(asked > 0 ? asked : control.threads));
    RunOutcome outcome;
    bool ready = false;
    try {
        const RunLock lock(m_directory);
        runStagesWith(sink, control, outcome, ready);
    } catch (const std::exception& error) {
        const std::string message = explain(error);
        // A run that could not even be prepared leaves no folder behind that later passes for one.
        if (!ready)
            m_directory.discard();
        sink.handle(makeEvent(RunFailed{message}));
        throw UserError(message);
    }
    sink.handle(makeEvent(outcome.stopped ? EventBody(RunStopped{}) : EventBody(RunFinished{})));
    return outcome;
}

void CycleRunner::runStagesWith(EventSink& sink, const RunControl& control, RunOutcome& outcome,
                                bool& ready) {
    Composition& composition = m_plan.composition;
    resolveFor(composition, m_directory.root().string());
    if (!m_plan.continues)
        writeHydraRecord(m_directory, m_plan.command, composition);
    EventFanOut events;
    events.add(sink);
    RecordSink record(m_directory, m_plan.command);
    events.add(record);
    if (!m_plan.continues)
        record.open();
    const StageContext context{composition.config, m_directory, events, control.stop, control.gate.get()};
    const auto [first, last] = cyclesOf(m_plan);
    context.emit(RunStarted{m_directory.root().string(), first, last});
    for (const std::string& warning : m_plan.warnings)
        context.emit(Warning{warning});
    const auto begin = [&] {
        if (m_plan.sizesFromCheckpoint)
            composition.tree = unbindConfig(composition.config);
        createDirectories(m_directory.checkpoints());
        createDirectories(m_directory.cache());
        record.open();
        if (m_plan.resumes)
            removeHalfWritten(m_directory);
        writeHydraRecord(m_directory, m_plan.command, composition,
                         m_plan.keepsRecord ? m_plan.command : std::string());
        ready = true;
        if (m_plan.resumes)
            spdlog::info("goes on with: {}", resumeText(resumePoint(m_plan)));
        else
            warnOfStale(events);
    };
    try {
        runStages(m_plan, composition.config, context, begin, outcome.results);
    } catch (const Cancelled&) {
        outcome.stopped = true;
    } catch (const std::exception& error) {
        if (record.isOpen())
            LogSink().handle(makeEvent(RunFailed{explain(error)}));
        throw;
    }
    if (record.isOpen())
        spdlog::info(outcome.stopped ? "stopped on request" : "done");
}

void CycleRunner::warnOfStale(EventSink& sink) const {
    if (!m_plan.continues)
        return;
    const StageCommand& command = stageCommand(m_plan.command);
    const ExperimentConfig& config = m_plan.composition.config;
    const std::vector<Artefact> stale = staleAfter(command, config, m_directory);
    if (stale.empty())
        return;
    std::string list;
    for (const Artefact& artefact : stale)
        list += (list.empty() ? "" : ", ") + artefactName(artefact);
    sink.handle(makeEvent(
        Warning{fmt::format("{} from before will not belong to the new {}; make {} again, beginning with: {}",
                            list, artefactName(command.makes(config).front()),
                            stale.size() == 1 ? "it" : "them", makingCommand(stale.front(), m_directory))}));
}

}  // namespace saeception
