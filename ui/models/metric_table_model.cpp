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
    const MetricRow shown = rowTexts(row);
    switch (role) {
        case Qt::DisplayRole:
            return QString::fromStdString(shown.text(section));
        case ValueRole:
            return m_columns[section].values[row];
        case ChangeRole:
            return shown.change(section);
        case ChangeTextRole:
            return QString::fromStdString(shown.changeText(section));
        case VerdictRole:
            return shown.verdict(section);
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole: {
            const QString change = QString::fromStdString(shown.changeText(section));
            const QString value = QString::fromStdString(shown.text(section));
            if (change.isEmpty())
                return value;
            const int verdict = shown.verdict(section);
            const QString word = verdict > 0 ? tr(", better") : verdict < 0 ? tr(", worse") : QString();
            return tr("%1, %2 against %3%4").arg(value, change, cycleText(m_columns[0].cycle), word);
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

MetricRow MetricTableModel::rowTexts(std::size_t row) const {
    std::vector<double> values;
    for (const Column& column : m_columns)
        values.push_back(column.values[row]);
    return {m_rows[row].key, std::move(values)};
}

}  // namespace saeception
