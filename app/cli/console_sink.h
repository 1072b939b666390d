// SPDX-License-Identifier: GPL-3.0-or-later
// Shows a run on the console: one rewriting progress line on a terminal, plain lines anywhere else.
#pragma once

#include "cycle/events.h"
#include "terminal.h"

#include <cstdio>
#include <map>
#include <string>

namespace saeception {

class ConsoleSink : public EventSink {
public:
    /// `stream` outlives the sink.
    ConsoleSink(std::FILE* stream, ConsoleStyle style) : m_stream(stream), m_style(style) {}
    ~ConsoleSink() override;

    void handle(const Event& event) override;

private:
    void on(const RunStarted& started);
    void on(const StageStarted& started);
    void on(const Progress& progress);
    void on(const Scalar& scalar);
    void on(const EpochFinished& epoch);
    void on(const StageFinished& finished);
    void on(const Warning& warning);
    void on(const ArtefactSaved&) {}
    void on(const CycleEvaluated&) {}
    void on(const RunPaused&) {}
    void on(const RunResumed&) {}
    void on(const RunFinished&) { clearLine(); }
    void on(const RunStopped&) { clearLine(); }
    void on(const RunFailed&) { clearLine(); }

    std::string heading(Stage stage, int cycle) const;
    std::string progressText(const Progress& progress, int columns) const;
    std::string bold(const std::string& text) const;
    void printLine(const std::string& text);
    void clearLine();

    std::FILE* m_stream;
    ConsoleStyle m_style;
    bool m_lineShown = false;
    std::map<std::string, double> m_scalars;  // latest of this stage, by tag
};

}  // namespace saeception
