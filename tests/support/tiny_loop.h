// SPDX-License-Identifier: GPL-3.0-or-later
// A whole loop of two cycles that takes a second, and the comparison of two of them bit for bit.
#pragma once

#include "base/files.h"
#include "cycle/events.h"
#include "cycle/job_plan.h"
#include "cycle/run_directory.h"
#include "model/checkpoint.h"

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace saeception::fixture {

/// On one thread, so that tests that run side by side do not wait for each other.
inline JobPlan tinyLoop(const std::filesystem::path& root, std::vector<std::string> more = {}) {
    ComposeRequest request;
    request.overrides = {"experiment=demo",
                         "threads=1",
                         "cycle.max_cycles=1",
                         "dataset.limit=200",
                         "dataset.max_length=32",
                         "model.vocab_size=400",
                         "model.hidden_size=16",
                         "model.num_layers=2",
                         "model.num_heads=2",
                         "model.epochs_per_cycle=2",
                         "sae.expansion_factor=4",
                         "sae.k=8",
                         "sae.aux_k=8",
                         "sae.epochs=2",
                         "evaluation.bootstrap_samples=20",
                         "hydra.run.dir=" + root.string()};
    request.overrides.insert(request.overrides.end(), more.begin(), more.end());
    return planJob("train_cycle", std::move(request));
}

/// Keeps every event, from whatever thread, and then calls `onEvent`.
class Recorder : public EventSink {
public:
    void handle(const Event& event) override {
        {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(event);
        }
        if (onEvent)
            onEvent(event);
    }
    std::vector<Event> events() const {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }
    template <typename Body>
    std::vector<Body> all() const {
        std::vector<Body> found;
        for (const Event& event : events())
            if (const auto* body = std::get_if<Body>(&event.body))
                found.push_back(*body);
        return found;
    }

    std::function<void(const Event&)> onEvent;

private:
    mutable std::mutex m_mutex;
    std::vector<Event> m_events;
};

inline bool sameCheckpoint(const std::filesystem::path& a, const std::filesystem::path& b) {
    const Checkpoint left = loadCheckpoint(a);
    const Checkpoint right = loadCheckpoint(b);
    bool same = left.epoch == right.epoch && left.state.size() == right.state.size();
    for (std::size_t i = 0; same && i < left.state.size(); ++i)
        same = left.state[i].first == right.state[i].first &&
               at::equal(left.state[i].second, right.state[i].second);
    return same;
}

/// The first file in which two runs of `cycles` cycles differ; empty when all that they made is the same.
inline std::string firstDifference(const std::filesystem::path& left, const std::filesystem::path& right,
                                   int cycles = 2) {
    const RunDirectory a = RunDirectory::at(left);
    const RunDirectory b = RunDirectory::at(right);
    for (int cycle = 0; cycle < cycles; ++cycle) {
        for (const auto file : {&RunDirectory::model, &RunDirectory::sae})
            if (!sameCheckpoint((a.*file)(cycle), (b.*file)(cycle)))
                return (b.*file)(cycle).filename().string();
        for (const auto file : {&RunDirectory::resultsJson, &RunDirectory::features})
            if (readFile((a.*file)(cycle)) != readFile((b.*file)(cycle)))
                return (b.*file)(cycle).lexically_relative(b.root()).string();
    }
    return {};
}

}  // namespace saeception::fixture
