// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/cycle_runner.h"

#include "base/files.h"
#include "base/logging.h"
#include "base/thread_budget.h"
#include "base/torch_headers.h"
#include "cycle/auxiliary_stage.h"
#include "cycle/baseline_stage.h"
#include "cycle/evaluate_stage.h"
#include "cycle/event_log.h"
#include "cycle/extract_stage.h"
#include "cycle/features_stage.h"
#include "cycle/sae_stage.h"
#include "cycle/tensorboard_sink.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <new>
#include <optional>

namespace saeception {
namespace {

// What was asked for, in Hydra's own files, before anything is done.
void writeHydraFolder(const Composition& composition, const RunDirectory& directory) {
    writeFile(directory.hydra() / "config.yaml", toYaml(composition.tree));
    writeFile(directory.hydra() / "overrides.yaml", toYaml(composition.overrides));
    nlohmann::ordered_json hydra;
    hydra["hydra"]["run"]["dir"] = directory.root().string();
    hydra["hydra"]["job"]["name"] = "train_cycle";
    hydra["hydra"]["runtime"]["version"] = SAECEPTION_VERSION;
    hydra["hydra"]["runtime"]["output_dir"] = directory.root().string();
    hydra["hydra"]["runtime"]["choices"] = composition.choices;
    writeFile(directory.hydra() / "hydra.yaml", toYaml(hydra));
}

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

// A run whose data and model could not even be prepared leaves no folder behind that later passes for a run.
void discard(const RunDirectory& directory) {
    std::error_code code;
    std::filesystem::remove_all(directory.root(), code);
}

void runCycles(const StageContext& context, RunOutcome& outcome, bool& prepared) {
    const ExperimentConfig& config = context.config;
    const PreparedData data = prepareData(context);
    Gpt2Classifier model = makeInitialModel(data, context);
    prepared = true;
    std::unique_ptr<Autoencoder> sae;
    std::optional<ActivationStore> store;
    for (int cycle = 0; cycle <= config.cycle.maxCycles; ++cycle) {
        if (cycle == 0)
            trainBaseline(model, data, context);
        else
            trainAuxiliary(model, *sae, *store, data, cycle, context);
        store.emplace(extractActivations(model, data, cycle, context));
        if (cycle > 0) {  // nothing reads the previous cycle's activations any more, and they are large
            std::error_code code;
            std::filesystem::remove(context.directory.activations(cycle - 1), code);
        }
        sae = trainSae(*store, cycle, context);
        outcome.results[cycle] = evaluateCycle(model, *sae, *store, data, cycle, context);
        indexFeatures(*sae, *store, data, cycle, context);
    }
}

}  // namespace

CycleRunner::CycleRunner(Composition composition, RunDirectory directory)
    : m_composition(std::move(composition)), m_directory(std::move(directory)) {}

RunOutcome CycleRunner::run(EventSink& sink, const std::stop_token& stop) {
    // OpenMP keeps the thread count per calling thread, so it is set here and not once per process.
    at::set_num_threads(resolveThreads(m_composition.config.threads));
    RunOutcome outcome;
    bool prepared = false;
    EventFanOut events;
    events.add(sink);
    try {
        writeHydraFolder(m_composition, m_directory);
        const RunLog log(m_directory.log("train_cycle"));
        EventLog eventLog(m_directory.metricsLog());
        TensorBoardSink tensorBoard(m_directory.root());
        LogSink logSink;
        events.add(eventLog);
        events.add(tensorBoard);
        events.add(logSink);
        const StageContext context{m_composition.config, m_directory, events, stop};
        context.emit(RunStarted{m_directory.root().string(), 0, m_composition.config.cycle.maxCycles});
        try {
            runCycles(context, outcome, prepared);
        } catch (const Cancelled&) {
            outcome.stopped = true;
        } catch (const std::exception& error) {
            logSink.handle(makeEvent(RunFailed{explain(error)}));
            throw;
        }
        spdlog::info(outcome.stopped ? "stopped on request" : "done");
    } catch (const std::exception& error) {
        const std::string message = explain(error);
        if (!prepared)
            discard(m_directory);
        sink.handle(makeEvent(RunFailed{message}));
        throw UserError(message);
    }
    sink.handle(makeEvent(outcome.stopped ? EventBody(RunStopped{}) : EventBody(RunFinished{})));
    return outcome;
}

}  // namespace saeception
