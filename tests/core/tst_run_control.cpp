// SPDX-License-Identifier: GPL-3.0-or-later
// Holding a run between two steps: it goes on where it was, counts no time, and changes no bit of a result.
#include "cycle/cycle_runner.h"
#include "cycle/stage_context.h"
#include "data/batches.h"
#include "data/dataset.h"
#include "data/tokenizer.h"
#include "evaluation/bootstrap.h"
#include "evaluation/clustering.h"
#include "evaluation/probe.h"
#include "evaluation/row_matrix.h"
#include "support/tiny_loop.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <functional>
#include <set>
#include <thread>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point from) {
    return std::chrono::duration<double>(Clock::now() - from).count();
}

// Works, for as long as the machine takes for it, on nothing.
void passTime(double seconds) {
    for (const Clock::time_point from = Clock::now(); secondsSince(from) < seconds;)
        std::this_thread::yield();
}

// Pauses the run of `sink` whenever `when` says so, and has another thread resume it once it holds.
class Pauser {
public:
    Pauser(Recorder& sink, std::function<bool(const Event&)> when) {
        sink.onEvent = [this, when = std::move(when)](const Event& event) {
            if (std::holds_alternative<RunPaused>(event.body)) {
                ++m_holds;
                m_holds.notify_one();
            } else if (when(event)) {
                gate->pause();
            }
        };
        m_thread = std::jthread([this](const std::stop_token& over) {
            for (int seen = 0;; ++seen) {
                m_holds.wait(seen);
                if (over.stop_requested())
                    return;
                gate->resume();
            }
        });
    }
    ~Pauser() {
        m_thread.request_stop();
        ++m_holds;
        m_holds.notify_one();
    }

    std::shared_ptr<PauseGate> gate = std::make_shared<PauseGate>();

private:
    std::atomic<int> m_holds = 0;
    std::jthread m_thread;
};

}  // namespace

class TestRunControl : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    ExperimentConfig m_config;
    std::optional<RunDirectory> m_directory;
    Recorder m_events;
    PauseGate m_gate;
    std::stop_source m_stop;

    // To be called on the thread that does the work.
    StageContext context() { return {m_config, *m_directory, m_events, m_stop.get_token(), &m_gate}; }
    std::size_t pauses() const { return m_events.all<RunPaused>().size(); }
    fs::path path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

private Q_SLOTS:
    void initTestCase() { m_directory = RunDirectory::create("", path("run").string()); }

    void aStageHoldsUntilItIsResumed() {
        std::atomic<int> steps = 0;
        m_gate.pause();
        std::thread worker([&] {
            const StageContext own = context();
            StageReporter reporter(own, Stage::Sae, 0, 2);
            for (; steps < 2; ++steps)
                reporter.advance();
            reporter.finish();
        });
        QTRY_COMPARE(pauses(), std::size_t(1));
        QCOMPARE(steps.load(), 0);
        QVERIFY(m_events.all<StageStarted>().empty());
        m_gate.resume();
        worker.join();
        QCOMPARE(steps.load(), 2);
        const std::vector<RunResumed> resumed = m_events.all<RunResumed>();
        QCOMPARE(resumed.size(), std::size_t(1));
        QVERIFY(resumed.front().seconds > 0);
        QCOMPARE(std::chrono::duration<double>(m_gate.held()).count(), resumed.front().seconds);
        QCOMPARE(m_events.all<StageFinished>().size(), std::size_t(1));
    }

    void aStopEndsTheHolding() {
        const std::size_t before = pauses();
        const std::size_t resumedBefore = m_events.all<RunResumed>().size();
        bool cancelled = false;
        m_gate.pause();
        std::thread worker([&] {
            const StageContext own = context();
            try {
                own.holdOrStop();
            } catch (const Cancelled&) {
                cancelled = true;
            }
        });
        QTRY_COMPARE(pauses(), before + 1);
        m_stop.request_stop();
        worker.join();
        QVERIFY(cancelled);
        QCOMPARE(m_events.all<RunResumed>().size(), resumedBefore);
        m_gate.resume();
        m_stop = {};
    }

    void threadsThatShareTheWorkHoldWithoutAWord() {
        const std::size_t before = pauses();
        const StageContext own = context();
        const StepControl steps = own.steps();
        std::atomic<bool> asked = false;
        std::atomic<bool> wentOn = false;
        m_gate.pause();
        std::thread helper([&] {
            asked = true;
            steps.holdOrStop();
            wentOn = true;
        });
        QTRY_VERIFY(asked);
        QVERIFY(!wentOn);
        m_gate.resume();
        helper.join();
        QCOMPARE(pauses(), before);
    }

    void heldTimeCountsNowhere() {
        constexpr int total = 4;
        Recorder events;
        PauseGate gate;
        std::jthread resumer;
        events.onEvent = [&](const Event& event) {
            if (std::holds_alternative<StageStarted>(event.body))
                gate.pause();
            else if (std::holds_alternative<RunPaused>(event.body))
                resumer = std::jthread([&] {
                    passTime(0.3);
                    gate.resume();
                });
        };
        const StageContext own{m_config, *m_directory, events, {}, &gate};
        const auto held = [&] { return events.all<RunResumed>().front().seconds; };
        const Clock::time_point from = Clock::now();
        StageReporter reporter(own, Stage::Evaluate, 0, total);
        reporter.advance();
        passTime(0.6);
        reporter.advance();
        const double worked = secondsSince(from) - held();
        const std::vector<Progress> progress = events.all<Progress>();
        QVERIFY(!progress.empty());
        QCOMPARE(progress.back().step, 2);
        QVERIFY(progress.back().secondsLeft > 0);
        QVERIFY(progress.back().secondsLeft <= worked * (total - 2) / 2);
        reporter.finish();
        QVERIFY(events.all<StageFinished>().front().seconds + held() <= secondsSince(from));
    }

    void aPausedTrainingGivesTheSameBits() {
        Recorder plainEvents;
        CycleRunner(tinyLoop(path("plain"))).run(plainEvents, {});

        Recorder events;
        int scalars = 0;
        RunOutcome outcome;
        {
            const Pauser pauser(events, [&](const Event& event) {
                return std::holds_alternative<StageStarted>(event.body) ||
                       (std::holds_alternative<Scalar>(event.body) && ++scalars % 50 == 0);
            });
            outcome = CycleRunner(tinyLoop(path("paused"))).run(events, {{}, pauser.gate});
        }
        QVERIFY(!outcome.stopped);
        QCOMPARE(outcome.results.size(), std::size_t(2));

        // Every stage of every cycle was held at least once while it ran.
        std::set<std::pair<Stage, int>> held;
        std::set<std::pair<Stage, int>> finished;
        std::pair<Stage, int> open;
        for (const Event& event : events.events()) {
            if (const auto* started = std::get_if<StageStarted>(&event.body))
                open = {started->stage, started->cycle};
            else if (std::holds_alternative<RunPaused>(event.body))
                held.insert(open);
            else if (const auto* done = std::get_if<StageFinished>(&event.body))
                finished.emplace(done->stage, done->cycle);
        }
        QCOMPARE(finished.size(), std::size_t(11));
        QVERIFY(held == finished);
        QCOMPARE(events.all<RunPaused>().size(), events.all<RunResumed>().size());
        QVERIFY(events.all<RunPaused>().size() > finished.size());

        QCOMPARE(firstDifference(path("plain"), path("paused")), std::string());
    }

    // Whatever takes long asks between its own steps, and not only where a stage counts one.
    void longWorkAsksOften() {
        int asked = 0;
        const StepControl steps({}, [&] { ++asked; });
        auto since = [&, before = 0]() mutable {
            const int more = asked - before;
            before = asked;
            return more;
        };
        at::set_num_threads(1);
        const at::Tensor rows = at::rand({200, 6}, at::kFloat);
        std::vector<std::int32_t> labels(200);
        for (std::size_t i = 0; i < labels.size(); ++i)
            labels[i] = static_cast<std::int32_t>(i % 2);
        const LinearProbe probe = fitProbe(rows, labels, {}, steps);
        QVERIFY(since() >= probe.iterations);
        QVERIFY(probe.iterations > 0);
        KMeansOptions options;
        options.clusters = 3;
        static_cast<void>(kMeans(rows, options, steps));
        QVERIFY(since() > options.clusters);
        static_cast<void>(silhouetteWidths(rows, labels, steps));
        QVERIFY(since() > 0);
        static_cast<void>(Bootstrap(10, 30, 1).intervals(
            {0}, [](Multiplicities) { return std::vector<double>{0}; }, IntervalKind::Percentile, steps));
        QCOMPARE(since(), 30);
        const std::vector<std::string> texts(3000, "a text of some words");
        const Tokenizer tokenizer = Tokenizer::train(texts, 270, steps);
        QVERIFY(since() >= 3);
        const Split split(texts.size(), Example{texts.front(), 0, {}});
        static_cast<void>(tokenizeSplit(split, tokenizer, 32, steps));
        QVERIFY(since() >= 3);
    }
};

QTEST_GUILESS_MAIN(TestRunControl)
#include "tst_run_control.moc"
