// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/comparison_model.h"

#include "cycle/metric_info.h"
#include "ui/format.h"
#include "ui/models/metric_words.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace saeception {
namespace {

const std::string conceptFamily = "Concepts";

bool isConceptScore(const std::string& key) {
    return key.starts_with("sae_concept_");
}

double intervalEnd(const MetricTable& metrics, const std::string& key, std::string_view end) {
    return metric(metrics, key + std::string(end));
}

}  // namespace

void ComparisonModel::setRuns(const std::vector<RunContents>& runs) {
    std::vector<Column> columns;
    m_runCount = static_cast<int>(runs.size());
    m_hasIntervals = false;
    for (std::size_t run = 0; run < runs.size(); ++run)
        for (const auto& [cycle, metrics] : runs[run].results)
            columns.push_back({runs[run].root, static_cast<int>(run), QString::fromStdString(runs[run].title),
                               cycle, metrics});
    for (const Column& column : columns)
        m_hasIntervals =
            m_hasIntervals || std::any_of(column.metrics.begin(), column.metrics.end(),
                                          [](const auto& entry) { return isIntervalKey(entry.first); });
    changeColumns(std::move(columns));
    changeRows(wantedRows());
    tellAllChanged();
}

void ComparisonModel::setDetails(bool details) {
    m_details = details;
    changeRows(wantedRows());
}

void ComparisonModel::setReference(int column) {
    if (column < 0 || column >= columnCount() || column == m_reference)
        return;
    m_reference = column;
    rebuildTexts();
    tellAllChanged();
}

void ComparisonModel::changeColumns(std::vector<Column> columns) {
    const auto holds = [](const std::vector<Column>& list, const Column& wanted) {
        return std::any_of(list.begin(), list.end(), [&](const Column& c) { return c.isSame(wanted); });
    };
    const Column reference = m_columns.empty() ? Column() : m_columns[static_cast<std::size_t>(m_reference)];
    // Those that stay must come in the same order, or all are taken out and put in again.
    std::vector<Column> staying;
    std::copy_if(m_columns.begin(), m_columns.end(), std::back_inserter(staying),
                 [&](const Column& c) { return holds(columns, c); });
    std::size_t next = 0;
    for (const Column& column : columns)
        if (next < staying.size() && column.isSame(staying[next]))
            ++next;
    const bool inOrder = next == staying.size();
    for (int i = columnCount() - 1; i >= 0; --i) {
        if (inOrder && holds(columns, m_columns[static_cast<std::size_t>(i)]))
            continue;
        beginRemoveColumns({}, i, i);
        m_columns.erase(m_columns.begin() + i);
        m_reference = std::min(m_reference, std::max(0, static_cast<int>(m_columns.size()) - 1));
        rebuildTexts();
        endRemoveColumns();
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i < m_columns.size() && m_columns[i].isSame(columns[i])) {
            m_columns[i] = columns[i];
            continue;
        }
        beginInsertColumns({}, static_cast<int>(i), static_cast<int>(i));
        m_columns.insert(m_columns.begin() + static_cast<std::ptrdiff_t>(i), columns[i]);
        rebuildTexts();
        endInsertColumns();
    }
    const auto kept = std::find_if(m_columns.begin(), m_columns.end(),
                                   [&](const Column& column) { return column.isSame(reference); });
    m_reference = kept == m_columns.end() ? 0 : static_cast<int>(kept - m_columns.begin());
    rebuildTexts();
}

std::vector<ComparisonModel::Row> ComparisonModel::wantedRows() const {
    std::set<std::string> present;
    for (const Column& column : m_columns)
        for (const auto& [key, value] : column.metrics)
            if (!isIntervalKey(key))
                present.insert(key);
    std::vector<std::pair<std::string, std::vector<std::string>>> families;
    const auto add = [&](const std::string& family, const std::string& key) {
        auto place = std::find_if(families.begin(), families.end(),
                                  [&](const auto& entry) { return entry.first == family; });
        if (place == families.end())
            place = families.insert(families.end(), {family, {}});
        place->second.push_back(key);
    };
    // The order never depends on which cycles are shown, so that rows which stay keep their order.
    for (const MetricInfo& info : metricInfos())
        if (present.erase(info.key) != 0 && (m_details || !info.detail))
            add(info.family, info.key);
    for (const std::string& key : present)
        if (isConceptScore(key) && m_details)
            add(conceptFamily, key);
    for (const std::string& key : present)
        if (!isConceptScore(key))
            add(tr("Other").toStdString(), key);
    std::vector<Row> rows;
    for (const auto& [family, keys] : families) {
        rows.push_back({{}, family});
        for (const std::string& key : keys)
            rows.push_back({key, family});
    }
    return rows;
}

void ComparisonModel::changeRows(const std::vector<Row>& rows) {
    const auto holds = [](const std::vector<Row>& list, const Row& row) {
        return std::find(list.begin(), list.end(), row) != list.end();
    };
    for (int last = rowCount() - 1; last >= 0; --last) {
        if (holds(rows, m_rows[static_cast<std::size_t>(last)]))
            continue;
        int first = last;
        while (first > 0 && !holds(rows, m_rows[static_cast<std::size_t>(first) - 1]))
            --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        m_texts.erase(m_texts.begin() + first, m_texts.begin() + last + 1);
        endRemoveRows();
        last = first;
    }
    for (std::size_t first = 0; first < rows.size(); ++first) {
        if (first < m_rows.size() && m_rows[first] == rows[first])
            continue;
        // As many at once as come before the next row that is there already.
        std::size_t last = first;
        while (last + 1 < rows.size() && !(first < m_rows.size() && rows[last + 1] == m_rows[first]))
            ++last;
        beginInsertRows({}, static_cast<int>(first), static_cast<int>(last));
        for (std::size_t row = first; row <= last; ++row) {
            const auto place = static_cast<std::ptrdiff_t>(row);
            m_rows.insert(m_rows.begin() + place, rows[row]);
            m_texts.insert(m_texts.begin() + place, textsOf(rows[row]));
        }
        endInsertRows();
        first = last;
    }
}

MetricRow ComparisonModel::textsOf(const Row& row) const {
    std::vector<double> values;
    for (const Column& column : m_columns)
        values.push_back(row.key.empty() ? std::nan("") : metric(column.metrics, row.key));
    return {row.key, std::move(values), static_cast<std::size_t>(m_reference)};
}

void ComparisonModel::rebuildTexts() {
    m_texts.clear();
    for (const Row& row : m_rows)
        m_texts.push_back(textsOf(row));
}

void ComparisonModel::tellAllChanged() {
    if (columnCount() == 0)
        return;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

QString ComparisonModel::columnText(int column) const {
    const Column& shown = m_columns[static_cast<std::size_t>(column)];
    return m_runCount > 1 ? shown.title + QStringLiteral(" · ") + cycleText(shown.cycle)
                          : cycleText(shown.cycle);
}

int ComparisonModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ComparisonModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QString ComparisonModel::tooltip(int row, int column) const {
    const auto place = static_cast<std::size_t>(column);
    const std::string& key = m_rows[static_cast<std::size_t>(row)].key;
    const MetricRow& shown = m_texts[static_cast<std::size_t>(row)];
    const MetricTable& own = m_columns[place].metrics;
    const MetricTable& other = m_columns[static_cast<std::size_t>(m_reference)].metrics;
    const double low = intervalEnd(own, key, intervalLow);
    const double high = intervalEnd(own, key, intervalHigh);
    QStringList lines = {tr("%1, %2: %3")
                             .arg(QString::fromStdString(metricTitle(key)), columnText(column),
                                  QString::fromStdString(shown.text(place)))};
    if (const std::string interval = shown.intervalText(low, high); !interval.empty())
        lines << tr("95 % interval over validation sentences: %1").arg(QString::fromStdString(interval));
    const QString change = QString::fromStdString(shown.changeText(place));
    if (change.isEmpty())
        return lines.join(QLatin1Char('\n'));
    const QString word = verdictText(shown.verdict(place));
    lines << (change == QStringLiteral("=")
                  ? tr("The same as %1").arg(columnText(m_reference))
                  : tr("%1 against %2%3")
                        .arg(change, columnText(m_reference), word.isEmpty() ? word : tr(": %1").arg(word)));
    const double otherLow = intervalEnd(other, key, intervalLow);
    const double otherHigh = intervalEnd(other, key, intervalHigh);
    if (std::isfinite(low) && std::isfinite(high) && std::isfinite(otherLow) && std::isfinite(otherHigh))
        lines << (low <= otherHigh && otherLow <= high
                      ? tr("The two intervals overlap: chance may have a part in the change.")
                      : tr("The two intervals do not overlap."));
    return lines.join(QLatin1Char('\n'));
}

QVariant ComparisonModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const auto column = static_cast<std::size_t>(index.column());
    const std::string& key = m_rows[row].key;
    if (role == HeadingRole)
        return key.empty();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (key.empty())
        return {};
    const MetricRow& shown = m_texts[row];
    const MetricTable& metrics = m_columns[column].metrics;
    switch (role) {
        case Qt::DisplayRole:
            return QString::fromStdString(shown.text(column));
        case ValueRole:
            return metric(metrics, key);
        case LowRole:
            return intervalEnd(metrics, key, intervalLow);
        case HighRole:
            return intervalEnd(metrics, key, intervalHigh);
        case IntervalRole:
            return QString::fromStdString(shown.intervalText(intervalEnd(metrics, key, intervalLow),
                                                             intervalEnd(metrics, key, intervalHigh)));
        case ChangeTextRole:
            return QString::fromStdString(shown.changeText(column));
        case VerdictRole:
            return shown.verdict(column);
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return tooltip(index.row(), index.column());
        default:
            return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (section < 0 || section >= (orientation == Qt::Vertical ? rowCount() : columnCount()))
        return {};
    if (orientation == Qt::Vertical) {
        const Row& row = m_rows[static_cast<std::size_t>(section)];
        if (role == HeadingRole)
            return row.key.empty();
        if (role == KeyRole)
            return QString::fromStdString(row.key);
        if (role == Qt::DisplayRole)
            return QString::fromStdString(row.key.empty() ? row.family : metricTitle(row.key));
        return role == Qt::ToolTipRole && !row.key.empty() ? QVariant(metricTooltip(row.key)) : QVariant();
    }
    const Column& column = m_columns[static_cast<std::size_t>(section)];
    switch (role) {
        case Qt::DisplayRole:
            return columnText(section);
        case RunRole:
            return column.run;
        case TitleRole:
            return column.title;
        case CycleRole:
            return column.cycle;
        case ReferenceRole:
            return section == m_reference;
        case Qt::ToolTipRole:
            return section == m_reference
                       ? tr("%1\nThe others are compared with it.").arg(columnText(section))
                       : tr("%1\nClick to compare the others with it.").arg(columnText(section));
        default:
            return {};
    }
}

}  // namespace saeception
