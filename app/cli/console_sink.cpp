// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_sink.h"

#include "base/error.h"
#include "base/format_text.h"
#include "cycle/scalar_tags.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr std::size_t cycleWidth = 9;
constexpr std::size_t titleWidth = 38;
constexpr int leastBarWidth = 6;
constexpr int mostBarWidth = 24;

struct ShownScalar {
    const char* tag;
    const char* name;
    bool percent;
};

// What a progress line tells besides time, as far as the stage reports it.
constexpr ShownScalar shownScalars[] = {
    {tags::trainLoss, "loss", false},
    {tags::trainAccuracy, "accuracy", false},
    {tags::trainAuxiliaryLoss, "auxiliary", false},
    {tags::saeReconstruction, "reconstruction", false},
    {tags::saeExplainedVariance, "explained", false},
    {tags::saeDeadPct, "dead", true},
};

std::string readable(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    const bool percent = name.ends_with(" pct");
    if (percent)
        name.resize(name.size() - 4);
    return name;
}

// Cut to `columns`, never inside a character.
std::string cut(const std::string& text, std::size_t columns) {
    std::string kept;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t next = i + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80)
            ++next;
        const std::string character = text.substr(i, next - i);
        if (displayWidth(kept) + displayWidth(character) > columns)
            break;
        kept += character;
        i = next;
    }
    return kept;
}

}  // namespace

ConsoleSink::~ConsoleSink() {
    clearLine();
}

void ConsoleSink::handle(const Event& event) {
    std::visit([this](const auto& body) { on(body); }, event.body);
}

void ConsoleSink::on(const RunStarted& started) {
    printLine(padRight("run", cycleWidth) + started.directory);
}

void ConsoleSink::on(const StageStarted& started) {
    m_scalars.clear();
    on(Progress{started.stage, started.cycle, 0, started.totalSteps, -1});
}

void ConsoleSink::on(const Progress& progress) {
    if (!m_style.rewriting)
        return;
    const int columns = m_style.columns > 0 ? m_style.columns : terminalColumns(m_stream);
    // The last column stays free, because some terminals wrap when it is written.
    const std::string text =
        cut(progressText(progress, columns), static_cast<std::size_t>(std::max(10, columns - 1)));
    std::fprintf(m_stream, "\r%s\x1b[K", text.c_str());
    std::fflush(m_stream);
    m_lineShown = true;
}

void ConsoleSink::on(const Scalar& scalar) {
    m_scalars[scalar.tag] = scalar.value;
}

void ConsoleSink::on(const EpochFinished& epoch) {
    std::string text =
        fmt::format("{}epoch {} of {}", heading(epoch.stage, epoch.cycle), epoch.epoch, epoch.epochs);
    const char* separator = "   ";
    for (const auto& [name, value] : epoch.metrics) {
        text += separator + readable(name) + " " +
                (name.ends_with("_pct") ? formatPercent(value) : formatNumber(value));
        separator = ", ";
    }
    printLine(text);
}

void ConsoleSink::on(const StageFinished& finished) {
    printLine(heading(finished.stage, finished.cycle) + "done in " + formatDuration(finished.seconds));
}

void ConsoleSink::on(const Warning& warning) {
    printLine("warning: " + oneLine(warning.text));
}

std::string ConsoleSink::heading(Stage stage, int cycle) const {
    const std::string where = stage == Stage::Prepare ? std::string() : fmt::format("cycle {}", cycle);
    return padRight(where, cycleWidth) + bold(padRight(stageTitle(stage), titleWidth));
}

std::string ConsoleSink::progressText(const Progress& progress, int columns) const {
    const double share =
        progress.totalSteps > 0
            ? std::clamp(static_cast<double>(progress.step) / static_cast<double>(progress.totalSteps), 0.0,
                         1.0)
            : 0.0;
    const std::string where =
        progress.stage == Stage::Prepare ? std::string() : fmt::format("cycle {}", progress.cycle);
    const std::string start = padRight(where, cycleWidth) + std::string(stageTitle(progress.stage)) + "  ";
    std::string end = fmt::format(" {:>3.0f} %", std::floor(share * 100));
    if (progress.secondsLeft >= 0)
        end += fmt::format("  {} left", formatDuration(std::ceil(progress.secondsLeft)));
    for (const ShownScalar& shown : shownScalars)
        if (const auto found = m_scalars.find(shown.tag); found != m_scalars.end())
            end += fmt::format("  {} {}", shown.name,
                               shown.percent ? formatPercent(found->second) : formatNumber(found->second));
    // The bar gives way before the words do.
    const int room = columns - 1 - static_cast<int>(displayWidth(start) + displayWidth(end));
    const int width = std::clamp(room, leastBarWidth, mostBarWidth);
    const int full = static_cast<int>(std::lround(share * width));
    std::string bar;
    for (int i = 0; i < width; ++i)
        bar += i < full ? (m_style.unicode ? "━" : "#") : (m_style.unicode ? "┄" : ".");
    return start + bar + end;
}

std::string ConsoleSink::bold(const std::string& text) const {
    return m_style.colour ? "\x1b[1m" + text + "\x1b[0m" : text;
}

void ConsoleSink::printLine(const std::string& text) {
    clearLine();
    std::fprintf(m_stream, "%s\n", text.c_str());
    std::fflush(m_stream);
}

void ConsoleSink::clearLine() {
    if (!m_lineShown)
        return;
    std::fputs("\r\x1b[K", m_stream);
    std::fflush(m_stream);
    m_lineShown = false;
}

}  // namespace saeception
