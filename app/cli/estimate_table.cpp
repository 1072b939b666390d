// SPDX-License-Identifier: GPL-3.0-or-later
#include "estimate_table.h"

#include "base/format_text.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace saeception {
namespace {

struct Row {
    std::string where;
    std::string what;
    std::string time;
    std::string memory;
};

std::string bold(const std::string& text, const ConsoleStyle& style) {
    return style.colour ? "\x1b[1m" + text + "\x1b[0m" : text;
}

std::string paragraph(const std::string& text, const ConsoleStyle& style) {
    constexpr std::size_t plainWidth = 100;
    const std::size_t columns = style.columns > 0 ? static_cast<std::size_t>(style.columns) : plainWidth;
    std::string lines;
    for (const std::string& line : wrapText(text, std::max<std::size_t>(40, columns)))
        lines += line + '\n';
    return lines;
}

std::string plusMinus(int percent, const ConsoleStyle& style) {
    return fmt::format("{}{} %", style.unicode ? "±" : "+/-", percent);
}

}  // namespace

std::string estimateTable(const RunEstimate& estimate, const ConsoleStyle& style) {
    std::vector<Row> rows = {{"", "Stage", "Time", "Memory"}};
    for (const StageEstimate& stage : estimate.stages)
        rows.push_back({stage.stage == Stage::Prepare ? "" : fmt::format("cycle {}", stage.cycle),
                        std::string(stageTitle(stage.stage)), formatDuration(stage.seconds),
                        formatBytes(stage.memoryBytes)});
    rows.push_back({"", "All", formatDuration(estimate.seconds), formatBytes(estimate.memoryBytes)});
    std::size_t where = 0, what = 0, time = 0, memory = 0;
    for (const Row& row : rows) {
        where = std::max(where, displayWidth(row.where));
        what = std::max(what, displayWidth(row.what));
        time = std::max(time, displayWidth(row.time));
        memory = std::max(memory, displayWidth(row.memory));
    }
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        const std::string line = padRight(row.where, where) + "  " + padRight(row.what, what) + "  " +
                                 padLeft(row.time, time) + "  " + padLeft(row.memory, memory);
        text += (i == 0 || i + 1 == rows.size() ? bold(line, style) : line) + '\n';
    }
    text += '\n';
    if (estimate.mappedBytes > 0)
        text +=
            paragraph(fmt::format("Of the memory, {} are stored activations, which the system may drop and "
                                  "read again.",
                                  formatBytes(estimate.mappedBytes)),
                      style);
    std::string disk = fmt::format("On disk, the run leaves {}", formatBytes(estimate.diskBytes));
    if (estimate.cacheBytes > 0)
        disk += fmt::format("; its cache holds up to {} meanwhile", formatBytes(estimate.cacheBytes));
    text += paragraph(disk + ".", style);
    text += paragraph(
        fmt::format("From {} of calibration on this machine; expect {}.",
                    formatDuration(estimate.calibrationSeconds), plusMinus(estimate.uncertaintyPct, style)),
        style);
    if (estimate.onBusyMachine())
        text += paragraph(fmt::format("Other work kept {:.1f} cores busy meanwhile: the times are those of a "
                                      "machine as busy as that.",
                                      estimate.otherCores),
                          style);
    for (const std::string* remark : {&estimate.sampled, &estimate.sizesUnknown})
        if (!remark->empty())
            text += paragraph(*remark, style);
    return text;
}

std::string estimateLine(const RunEstimate& estimate) {
    return fmt::format("{}, {} of memory, {} on disk", formatDuration(estimate.seconds),
                       formatBytes(estimate.memoryBytes), formatBytes(estimate.diskBytes));
}

}  // namespace saeception
