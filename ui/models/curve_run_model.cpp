// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_run_model.h"

#include "ui/theme.h"

namespace saeception {

CurveRunModel::CurveRunModel(CurveStore& store, QObject* parent)
    : QAbstractListModel(parent), m_store(store) {
    connect(&m_store, &CurveStore::runsChanged, this, &CurveRunModel::follow);
    connect(&Theme::instance(), &Theme::changed, this, &CurveRunModel::follow);
    follow();
}

int CurveRunModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

QVariant CurveRunModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int place = m_store.indexOf(m_ids[index.row()]);
    if (place < 0)
        return {};
    const CurveStore::Run& run = m_store.runs()[static_cast<std::size_t>(place)];
    switch (role) {
        case Qt::DisplayRole:
            return run.title;
        case Qt::ToolTipRole:
            return run.folder.isEmpty() ? run.title : run.title + QLatin1Char('\n') + run.folder;
        case IdRole:
            return run.id;
        case Qt::DecorationRole:
            return m_store.colour(place, 0);
        case Qt::CheckStateRole:
            return run.checked ? Qt::Checked : Qt::Unchecked;
        default:
            return {};
    }
}

bool CurveRunModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const int place = m_store.indexOf(m_ids[index.row()]);
    if (place < 0)
        return false;
    m_store.setChecked(place, value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags CurveRunModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsUserCheckable : flags;
}

void CurveRunModel::follow() {
    QStringList wanted;
    for (const CurveStore::Run& run : m_store.runs())
        if (run.matches)
            wanted.append(run.id);
    for (int row = static_cast<int>(m_ids.size()) - 1; row >= 0; --row)
        if (!wanted.contains(m_ids[row])) {
            beginRemoveRows({}, row, row);
            m_ids.removeAt(row);
            endRemoveRows();
        }
    // Both are in the store's order, so what is missing is inserted where it stands in `wanted`.
    for (int row = 0; row < wanted.size(); ++row)
        if (row >= m_ids.size() || m_ids[row] != wanted[row]) {
            beginInsertRows({}, row, row);
            m_ids.insert(row, wanted[row]);
            endInsertRows();
        }
    if (!m_ids.isEmpty())
        Q_EMIT dataChanged(index(0), index(static_cast<int>(m_ids.size()) - 1));
}

}  // namespace saeception
