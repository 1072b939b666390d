// SPDX-License-Identifier: GPL-3.0-or-later
#include "results_table.h"

#include "base/format_text.h"
#include "cycle/metric_info.h"
#include "cycle/metric_row.h"
#include "cycle/result_warnings.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string_view>

namespace saeception {
namespace {

struct Column {
    std::string heading;
    const MetricTable* metrics;
};

struct Cell {
    std::string value;
    std::string interval;  // "[0.79, 0.84]"
    std::string change;    // "▲ 0.012"
    int quality = 0;       // +1 better than the reference, -1 worse, 0 neither
};

struct Row {
    std::string title;
    std::vector<Cell> cells;
};

struct ColumnWidths {
    std::size_t value = 0;
    std::size_t interval = 0;
    std::size_t change = 0;
    std::size_t total() const {
        return 2 + value + (interval > 0 ? 1 + interval : 0) + (change > 0 ? 2 + change : 0);
    }
};

// For terminals without Unicode.
std::string plain(std::string text, bool unicode) {
    if (unicode)
        return text;
    for (const auto& [from, to] :
         {std::pair("▲ ", "+"), std::pair("▼ ", "-"), std::pair("–", "-"), std::pair("∞", "inf")})
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from))
            text.replace(at, std::string_view(from).size(), to);
    return text;
}

std::vector<Row> makeRows(const std::vector<Column>& columns, std::size_t reference, bool unicode) {
    std::vector<Row> rows;
    for (const MetricInfo& info : metricInfos()) {
        const bool present = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
            return std::any_of(column.metrics->begin(), column.metrics->end(),
                               [&](const auto& pair) { return pair.first == info.key; });
        });
        if (info.headline.empty() || !present)
            continue;
        const bool showsUnit = !info.unit.empty() && info.format != MetricFormat::Percent;
        Row row{showsUnit ? fmt::format("{} ({})", info.headline, info.unit) : info.headline, {}};
        std::vector<double> values;
        for (const Column& column : columns)
            values.push_back(metric(*column.metrics, info.key));
        const MetricRow shown(info.key, values, reference);
        for (std::size_t c = 0; c < values.size(); ++c) {
            const double low = metric(*columns[c].metrics, info.key + std::string(intervalLow));
            const double high = metric(*columns[c].metrics, info.key + std::string(intervalHigh));
            row.cells.push_back({plain(shown.text(c), unicode), plain(shown.intervalText(low, high), unicode),
                                 plain(shown.changeText(c), unicode), shown.verdict(c)});
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Headings and rows laid out for one width of terminal.
class Layout {
public:
    Layout(const std::vector<Column>& columns, std::vector<Row> rows, const ConsoleStyle& style)
        : m_columns(columns), m_rows(std::move(rows)), m_style(style), m_widths(columns.size()) {
        m_titleWidth = std::string_view("Metric").size();
        for (const Row& row : m_rows) {
            m_titleWidth = std::max(m_titleWidth, displayWidth(row.title));
            for (std::size_t c = 0; c < row.cells.size(); ++c) {
                ColumnWidths& widths = m_widths[c];
                widths.value = std::max(widths.value, displayWidth(row.cells[c].value));
                widths.interval = std::max(widths.interval, displayWidth(row.cells[c].interval));
                widths.change = std::max(widths.change, displayWidth(row.cells[c].change));
            }
        }
        setHeadingWidths();
        m_hasIntervals = std::any_of(m_widths.begin(), m_widths.end(),
                                     [](const ColumnWidths& widths) { return widths.interval > 0; });
        if (m_hasIntervals && blockEnd(0) < columns.size()) {
            m_hasIntervals = false;
            for (ColumnWidths& widths : m_widths)
                widths.interval = 0;
            setHeadingWidths();
        }
    }

    bool hasIntervals() const { return m_hasIntervals; }

    std::string text() const {
        std::string result;
        for (std::size_t begin = 0; begin < m_widths.size();) {
            const std::size_t end = blockEnd(begin);
            if (begin > 0)
                result += '\n';
            appendBlock(result, begin, end);
            begin = end;
        }
        return result;
    }

private:
    // A heading stands over its column's values and intervals, and widens them where it is longer.
    void setHeadingWidths() {
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            ColumnWidths& widths = m_widths[c];
            const std::size_t interval = widths.interval > 0 ? 1 + widths.interval : 0;
            const std::size_t heading = displayWidth(m_columns[c].heading);
            widths.value = std::max(widths.value, heading - std::min(heading, interval));
        }
    }

    std::size_t blockEnd(std::size_t begin) const {
        std::size_t end = begin;
        std::size_t width = m_titleWidth;
        do
            width += m_widths[end++].total();
        while (end < m_widths.size() &&
               (m_style.columns == 0 ||
                width + m_widths[end].total() <= static_cast<std::size_t>(m_style.columns)));
        return end;
    }

    std::string paint(const std::string& text, const char* code) const {
        return m_style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
    }

    void appendBlock(std::string& out, std::size_t begin, std::size_t end) const {
        const auto trimmed = [](std::string line) {
            line.erase(line.find_last_not_of(' ') + 1);
            return line;
        };
        std::string heading = padRight("Metric", m_titleWidth);
        for (std::size_t c = begin; c < end; ++c) {
            const ColumnWidths& widths = m_widths[c];
            const std::size_t over = widths.value + (widths.interval > 0 ? 1 + widths.interval : 0);
            heading += "  " + padLeft(m_columns[c].heading, over) +
                       std::string(widths.change > 0 ? 2 + widths.change : 0, ' ');
        }
        out += paint(trimmed(heading), "1") + '\n';
        for (const Row& row : m_rows) {
            std::string line = padRight(row.title, m_titleWidth);
            for (std::size_t c = begin; c < end; ++c) {
                const Cell& cell = row.cells[c];
                const ColumnWidths& widths = m_widths[c];
                line += "  " + padLeft(cell.value, widths.value);
                if (widths.interval > 0)
                    line += ' ' + padLeft(cell.interval, widths.interval);
                if (widths.change == 0)
                    continue;
                // Blue and yellow stay apart for every kind of colour vision; the arrow says the direction
                // anyhow.
                const std::string change = padLeft(cell.change, widths.change);
                line += "  " + (cell.quality == 0 ? change : paint(change, cell.quality > 0 ? "34" : "33"));
            }
            out += trimmed(line) + '\n';
        }
    }

    const std::vector<Column>& m_columns;
    std::vector<Row> m_rows;
    const ConsoleStyle& m_style;
    std::vector<ColumnWidths> m_widths;
    std::size_t m_titleWidth = 0;
    bool m_hasIntervals = false;
};

// `text` in lines no wider than the terminal, the first behind `mark`, the others below its text.
std::string paragraph(std::string_view mark, std::string_view text, const ConsoleStyle& style) {
    std::string result;
    const auto width = style.columns == 0 ? text.size() + 1 : static_cast<std::size_t>(style.columns);
    const std::vector<std::string> lines =
        wrapText(text, std::max<std::size_t>(width, mark.size() + 20) - mark.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
        result += (i == 0 ? std::string(mark) : std::string(mark.size(), ' ')) + lines[i] + '\n';
    return result;
}

}  // namespace

std::string resultsTable(const std::map<int, MetricTable>& results, const ConsoleStyle& style) {
    std::vector<Column> columns;
    for (const auto& [cycle, table] : results)
        columns.push_back({fmt::format("Cycle {}", cycle), &table});
    std::vector<Row> rows = makeRows(columns, 0, style.unicode);
    if (rows.empty())
        return {};
    const Layout layout(columns, std::move(rows), style);
    std::string text = layout.text() + '\n';
    for (const std::string& warning : resultWarnings(results))
        text += paragraph("! ", plain(warning, style.unicode), style);
    const int first = results.begin()->first;
    const int last = results.rbegin()->first;
    const std::string files =
        first == last ? fmt::format("results_cycle_{}.json", first)
                      : fmt::format("results_cycle_{}.json to results_cycle_{}.json", first, last);
    return text + paragraph("",
                            fmt::format("{}All other metrics are in checkpoints/{}.",
                                        layout.hasIntervals()
                                            ? "In brackets: 95 % bootstrap intervals over sentences. "
                                            : "",
                                        files),
                            style);
}

std::string comparisonTable(const std::vector<std::pair<std::string, MetricTable>>& columns,
                            std::size_t reference, const ConsoleStyle& style) {
    std::vector<Column> shown;
    for (std::size_t c = 0; c < columns.size(); ++c)
        shown.push_back(
            {columns[c].first + (c == reference && columns.size() > 1 ? " (ref.)" : ""), &columns[c].second});
    std::vector<Row> rows = makeRows(shown, reference, style.unicode);
    if (rows.empty())
        return {};
    const Layout layout(shown, std::move(rows), style);
    std::string text = layout.text();
    const std::vector<std::string> warnings = resultWarnings(columns, reference);
    if (!warnings.empty() || layout.hasIntervals())
        text += '\n';
    for (const std::string& warning : warnings)
        text += paragraph("! ", plain(warning, style.unicode), style);
    if (layout.hasIntervals())
        text += paragraph("", "In brackets: 95 % bootstrap intervals over sentences; arrows: against (ref.).",
                          style);
    return text;
}

}  // namespace saeception
