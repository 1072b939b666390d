// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/metric_table_model.h"

#include "cycle/metric_info.h"
#include "ui/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

QString tooltipOf(const std::string& key) {
    const MetricInfo* info = findMetric(key);
    if (info == nullptr)
        return QString::fromStdString(key);
    QString tip = QStringLiteral("<p><b>%1</b>, %2</p><p>%3</p>")
                      .arg(QString::fromStdString(info->title).toHtmlEscaped(),
                           QString::fromStdString(info->family).toHtmlEscaped(),
                           QString::fromStdString(info->doc).toHtmlEscaped());
    if (info->better != 0)
        tip += QStringLiteral("<p>%1</p>")
                   .arg(info->better > 0 ? MetricTableModel::tr("Higher is better.")
                                         : MetricTableModel::tr("Lower is better."));
    return tip;
}

struct Written {
    int decimals = 0;
    std::string suffix;
};

// Takes apart how core writes one value: "12.4", "3.7 %", "1.2 k", "1.2e-05".
Written takenApart(const std::string& text) {
    const std::size_t end = std::min(text.find_first_not_of("-.0123456789"), text.size());
    const std::size_t point = text.find('.');
    return {point < end ? static_cast<int>(end - point - 1) : 0, text.substr(end)};
}

double scaleOf(const std::string& suffix) {
    if (suffix.starts_with('e'))
        return std::pow(10.0, std::stoi(suffix.substr(1)));
    const std::size_t prefix =
        suffix.size() == 2 ? std::string_view("kMGT").find(suffix[1]) : std::string::npos;
    return prefix == std::string::npos ? 1 : std::pow(1000.0, static_cast<double>(prefix + 1));
}

}  // namespace

void MetricTableModel::clear() {
    if (!m_columns.empty()) {
        beginRemoveColumns({}, 1, static_cast<int>(m_columns.size()));
        m_columns.clear();
        endRemoveColumns();
    }
    if (!m_rows.empty()) {
        beginRemoveRows({}, 0, static_cast<int>(m_rows.size()) - 1);
        m_rows.clear();
        endRemoveRows();
    }
}

void MetricTableModel::setCycle(int cycle, const MetricTable& metrics) {
    addRows(metrics);
    auto place =
        std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.cycle >= cycle; });
    std::vector<double> values;
    values.reserve(m_rows.size());
    for (const Row& row : m_rows)
        values.push_back(row.key.empty() ? missing : metric(metrics, row.key));
    if (place != m_columns.end() && place->cycle == cycle) {
        place->values = std::move(values);
    } else {
        const int section = static_cast<int>(place - m_columns.begin()) + 1;
        beginInsertColumns({}, section, section);
        m_columns.insert(place, Column{cycle, std::move(values)});
        endInsertColumns();
    }
    // The first column is what the others are compared with, so all of them may read differently now.
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 1), index(rowCount() - 1, columnCount() - 1));
}

void MetricTableModel::addRows(const MetricTable& metrics) {
    std::vector<Row> fresh;
    std::string family = m_rows.empty() ? std::string() : m_rows.back().family;
    for (const auto& [key, value] : metrics) {
        const MetricInfo* info = findMetric(key);
        const bool known = std::any_of(m_rows.begin(), m_rows.end(),
                                       [&name = key](const Row& row) { return row.key == name; });
        if (known || (info != nullptr && info->detail))
            continue;
        const std::string own = info != nullptr ? info->family : tr("Other").toStdString();
        if (own != family || (m_rows.empty() && fresh.empty()))
            fresh.push_back({{}, own});
        family = own;
        fresh.push_back({key, own});
    }
    if (fresh.empty())
        return;
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
    m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
    for (Column& column : m_columns)
        column.values.resize(m_rows.size(), missing);
    endInsertRows();
}

int MetricTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MetricTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : 1 + static_cast<int>(m_columns.size());
}

QVariant MetricTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    if (role == Qt::TextAlignmentRole)
        return index.column() == 0 ? QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter)
                                   : QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    const std::string& key = m_rows[row].key;
    if (role == HeadingRole)
        return key.empty();
    if (key.empty())
        return index.column() == 0 && role == Qt::DisplayRole ? QString::fromStdString(m_rows[row].family)
                                                              : QVariant();
    if (index.column() == 0) {
        if (role == Qt::DisplayRole)
            return QString::fromStdString(metricTitle(key));
        if (role == Qt::ToolTipRole)
            return tooltipOf(key);
        return {};
    }
    const auto section = static_cast<std::size_t>(index.column()) - 1;
    const Precision precision = precisionOf(row);
    const double change = shownChange(row, section, precision);
    const MetricInfo* info = findMetric(key);
    const double gain = info == nullptr || !std::isfinite(change) ? 0 : change * info->better;
    const int verdict = gain > 0 ? 1 : gain < 0 ? -1 : 0;
    switch (role) {
        case Qt::DisplayRole:
            return valueText(row, section, precision);
        case ValueRole:
            return m_columns[section].values[row];
        case ChangeRole:
            return change * precision.scale;
        case ChangeTextRole:
            return changeText(change, precision);
        case VerdictRole:
            return verdict;
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole: {
            const QString text = changeText(change, precision);
            const QString shown = valueText(row, section, precision);
            if (text.isEmpty())
                return shown;
            const QString word = verdict > 0 ? tr(", better") : verdict < 0 ? tr(", worse") : QString();
            return tr("%1, %2 against %3%4").arg(shown, text, cycleText(m_columns[0].cycle), word);
        }
        default:
            return {};
    }
}

QVariant MetricTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == 0 ? QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter)
                            : QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == ChangeTextRole)
        return section > 1 ? tr("Change") : QString();
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Metric") : cycleText(m_columns[static_cast<std::size_t>(section) - 1].cycle);
}

MetricTableModel::Precision MetricTableModel::precisionOf(std::size_t row) const {
    const std::string& key = m_rows[row].key;
    double largest = 0;
    for (const Column& column : m_columns)
        if (std::isfinite(column.values[row]) && std::abs(column.values[row]) > std::abs(largest))
            largest = column.values[row];
    const Written top = takenApart(metricText(key, largest));
    Precision precision{scaleOf(top.suffix), top.decimals, top.suffix};
    // A smaller value may ask for one digit more (9.51 beside 10.4), not for digits that drown the larger.
    // Whole numbers are written without digits that they would have otherwise, hence the next number.
    const double next = std::nextafter(largest, std::numeric_limits<double>::infinity());
    const int most = takenApart(metricText(key, next)).decimals + 1;
    for (const Column& column : m_columns) {
        const double value = column.values[row];
        if (!std::isfinite(value) || value == 0)
            continue;
        const Written own = takenApart(metricText(key, value));
        precision.decimals =
            std::max(precision.decimals, own.suffix == top.suffix ? std::min(own.decimals, most) : most);
    }
    return precision;
}

std::string MetricTableModel::written(const Precision& precision, double value) {
    std::string text = fmt::format("{:.{}f}", value, precision.decimals);
    // A negative value that rounds to nothing is nothing.
    return text.find_first_not_of("-.0") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
}

double MetricTableModel::shownChange(std::size_t row, std::size_t column, const Precision& precision) const {
    const double value = m_columns[column].values[row];
    const double first = m_columns[0].values[row];
    if (column == 0 || !std::isfinite(value) || !std::isfinite(first))
        return missing;
    const std::string shown = written(precision, value / precision.scale);
    const std::string shownFirst = written(precision, first / precision.scale);
    return shown == shownFirst ? 0 : std::stod(shown) - std::stod(shownFirst);
}

QString MetricTableModel::valueText(std::size_t row, std::size_t column, const Precision& precision) const {
    const double value = m_columns[column].values[row];
    if (!std::isfinite(value))
        return QString::fromStdString(metricText(m_rows[row].key, value));
    return QString::fromStdString(written(precision, value / precision.scale) + precision.suffix);
}

QString MetricTableModel::changeText(double change, const Precision& precision) {
    if (!std::isfinite(change))
        return {};
    if (change == 0)
        return QStringLiteral("=");
    return (change > 0 ? QStringLiteral("▲ ") : QStringLiteral("▼ ")) +
           QString::fromStdString(written(precision, std::abs(change)) + precision.suffix);
}

}  // namespace saeception
