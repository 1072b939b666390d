// SPDX-License-Identifier: GPL-3.0-or-later
#include "results_table.h"

#include "base/format_text.h"
#include "cycle/metric_info.h"
#include "cycle/metric_row.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace saeception {
namespace {

struct Cell {
    std::string value;
    std::string change;  // "▲ 0.012"
    int quality = 0;     // +1 better than the first cycle, -1 worse, 0 neither
};

struct Row {
    std::string title;
    bool isFamily = false;
    std::vector<Cell> cells;
};

// For terminals without Unicode.
std::string plain(std::string text, bool unicode) {
    if (unicode)
        return text;
    for (const auto& [from, to] : {std::pair("▲ ", "+"), std::pair("▼ ", "-"), std::pair("–", "-")})
        if (const std::size_t at = text.find(from); at != std::string::npos)
            text.replace(at, std::string_view(from).size(), to);
    return text;
}

std::vector<Row> makeRows(const std::map<int, MetricTable>& results, bool unicode) {
    std::vector<Row> rows;
    std::string family;
    for (const MetricInfo& info : metricInfos()) {
        const bool present = std::any_of(results.begin(), results.end(), [&](const auto& entry) {
            return std::any_of(entry.second.begin(), entry.second.end(),
                               [&](const auto& pair) { return pair.first == info.key; });
        });
        if (info.detail || !present)
            continue;
        if (info.family != family) {
            family = info.family;
            rows.push_back({family, true, {}});
        }
        const bool showsUnit = !info.unit.empty() && info.format != MetricFormat::Percent;
        Row row{showsUnit ? fmt::format("  {} ({})", info.title, info.unit) : fmt::format("  {}", info.title),
                false,
                {}};
        std::vector<double> values;
        for (const auto& [cycle, table] : results)
            values.push_back(metric(table, info.key));
        const MetricRow shown(info.key, values);
        for (std::size_t c = 0; c < values.size(); ++c)
            row.cells.push_back(
                {plain(shown.text(c), unicode), plain(shown.changeText(c), unicode), shown.verdict(c)});
        rows.push_back(std::move(row));
    }
    return rows;
}

struct ColumnWidths {
    std::size_t value = 0;
    std::size_t change = 0;
    std::size_t total() const { return 2 + value + (change > 0 ? 2 + change : 0); }
};

}  // namespace

std::string resultsTable(const std::map<int, MetricTable>& results, const ConsoleStyle& style) {
    const std::vector<Row> rows = makeRows(results, style.unicode);
    if (rows.empty())
        return {};
    std::size_t titleWidth = std::string_view("Metric").size();
    std::vector<ColumnWidths> widths;
    std::vector<std::string> headings;
    for (const auto& [cycle, table] : results) {
        headings.push_back(fmt::format("Cycle {}", cycle));
        widths.push_back({headings.back().size(), 0});
    }
    for (const Row& row : rows) {
        titleWidth = std::max(titleWidth, displayWidth(row.title));
        for (std::size_t c = 0; c < row.cells.size(); ++c) {
            widths[c].value = std::max(widths[c].value, displayWidth(row.cells[c].value));
            widths[c].change = std::max(widths[c].change, displayWidth(row.cells[c].change));
        }
    }
    const auto paint = [&](const std::string& text, const char* code) {
        return style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
    };
    const auto trimmed = [](std::string line) {
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    };
    std::string text;
    for (std::size_t begin = 0; begin < widths.size();) {
        std::size_t end = begin;
        std::size_t width = titleWidth;
        do
            width += widths[end++].total();
        while (end < widths.size() && (style.columns == 0 || width + widths[end].total() <=
                                                                 static_cast<std::size_t>(style.columns)));
        std::string heading = padRight("Metric", titleWidth);
        for (std::size_t c = begin; c < end; ++c)
            heading += fmt::format("  {}{}", padLeft(headings[c], widths[c].value),
                                   std::string(widths[c].change > 0 ? 2 + widths[c].change : 0, ' '));
        if (begin > 0)
            text += '\n';
        text += paint(trimmed(heading), "1") + '\n';
        for (const Row& row : rows) {
            if (row.isFamily) {
                text += paint(row.title, "2") + '\n';
                continue;
            }
            std::string line = padRight(row.title, titleWidth);
            for (std::size_t c = begin; c < end; ++c) {
                const Cell& cell = row.cells[c];
                line += fmt::format("  {}", padLeft(cell.value, widths[c].value));
                if (widths[c].change == 0)
                    continue;
                // Blue and yellow stay apart for every kind of colour vision; the arrow says the direction
                // anyhow.
                const std::string change = padLeft(cell.change, widths[c].change);
                line += fmt::format(
                    "  {}", cell.quality == 0 ? change : paint(change, cell.quality > 0 ? "34" : "33"));
            }
            text += trimmed(line) + '\n';
        }
        begin = end;
    }
    return text;
}

}  // namespace saeception
