// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/config_diff_model.h"

#include "ui/plots/series_mark.h"
#include "ui/theme.h"

#include <QFont>
#include <QGuiApplication>
#include <QPixmap>

#include <algorithm>
#include <map>

namespace saeception {

void ConfigDiffModel::setRuns(const std::vector<RunContents>& runs) {
    std::map<std::string, std::size_t> places;
    std::vector<Row> rows;
    for (std::size_t run = 0; run < runs.size(); ++run)
        for (const auto& [key, value] : runs[run].config) {
            const auto [place, isNew] = places.emplace(key, rows.size());
            if (isNew)
                rows.push_back({key, Values(runs.size())});
            rows[place->second].values[run] = value;
        }
    std::erase_if(rows, [](const Row& row) {
        return std::all_of(row.values.begin(), row.values.end(),
                           [&](const auto& value) { return value == row.values.front(); });
    });
    if (!m_rows.empty()) {
        beginRemoveRows({}, 0, rowCount() - 1);
        m_rows.clear();
        endRemoveRows();
    }
    if (!m_titles.empty()) {
        beginRemoveColumns({}, 0, columnCount() - 1);
        m_titles.clear();
        endRemoveColumns();
    }
    if (!runs.empty()) {
        beginInsertColumns({}, 0, static_cast<int>(runs.size()) - 1);
        for (const RunContents& run : runs)
            m_titles.push_back(run.title);
        endInsertColumns();
    }
    if (!rows.empty()) {
        beginInsertRows({}, 0, static_cast<int>(rows.size()) - 1);
        m_rows = std::move(rows);
        endInsertRows();
    }
}

int ConfigDiffModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ConfigDiffModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_titles.size());
}

QVariant ConfigDiffModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Values& values = m_rows[static_cast<std::size_t>(index.row())].values;
    const auto& value = values[static_cast<std::size_t>(index.column())];
    const bool differs = value != values.front();
    const QString text = !value           ? tr("not set")
                         : value->empty() ? tr("empty")
                                          : QString::fromStdString(*value);
    switch (role) {
        case Qt::DisplayRole:
            return text;
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return differs ? tr("%1, unlike %2").arg(text, QString::fromStdString(m_titles.front())) : text;
        case Qt::FontRole: {
            QFont font;
            font.setWeight(differs ? QFont::DemiBold : QFont::Normal);
            font.setItalic(!value || value->empty());
            return font;
        }
        case Qt::ForegroundRole:
            return differs || index.column() == 0 ? QVariant()
                                                  : QVariant(Theme::instance().colours().faintText);
        case DiffersRole:
            return differs;
        case MissingRole:
            return !value.has_value();
        default:
            return {};
    }
}

QVariant ConfigDiffModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (section < 0 || section >= (orientation == Qt::Vertical ? rowCount() : columnCount()))
        return {};
    const std::string& text = orientation == Qt::Vertical ? m_rows[static_cast<std::size_t>(section)].key
                                                          : m_titles[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return QString::fromStdString(text);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::DecorationRole && orientation == Qt::Horizontal)
        return seriesMark(section, 2 * gridUnit, qApp->devicePixelRatio());
    return {};
}

}  // namespace saeception
