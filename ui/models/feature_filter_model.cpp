// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting and filtering of features by their raw values.
#include "ui/models/feature_filter_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {

FeatureFilterModel::FeatureFilterModel(FeatureTableModel* table, QObject* parent)
    : QAbstractProxyModel(parent), m_table(table) {
    QAbstractProxyModel::setSourceModel(table);
    connect(table, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(table, &QAbstractItemModel::modelReset, this, [this] {
        m_wanted.clear();
        rebuild();
        endResetModel();
    });
    connect(table, &QAbstractItemModel::dataChanged, this, &FeatureFilterModel::passOn);
    rebuild();
}

void FeatureFilterModel::setWanted(std::vector<std::uint8_t> wanted) {
    if (wanted == m_wanted)
        return;
    beginResetModel();
    m_wanted = std::move(wanted);
    rebuild();
    endResetModel();
}

// Rows stay where they are until somebody sorts again: a row that one has just changed must not run away.
void FeatureFilterModel::passOn(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
    if (rowCount() == 0)
        return;
    if (first.row() != last.row()) {
        Q_EMIT dataChanged(index(0, first.column()), index(rowCount() - 1, last.column()), roles);
    } else if (const int row = rowOf(first.row()); row >= 0) {
        Q_EMIT dataChanged(index(row, first.column()), index(row, last.column()), roles);
    }
}

int FeatureFilterModel::rowOf(int feature) const {
    return feature >= 0 && feature < static_cast<int>(m_rows.size())
               ? m_rows[static_cast<std::size_t>(feature)]
               : -1;
}

void FeatureFilterModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || (column == m_sortColumn && order == m_sortOrder))
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<int> features;
    for (const QModelIndex& persistent : before)
        features.push_back(featureAt(persistent.row()));
    m_sortColumn = column;
    m_sortOrder = order;
    rebuild();
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after.append(index(rowOf(features[static_cast<std::size_t>(i)]), before[i].column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void FeatureFilterModel::rebuild() {
    const int count = m_table->rowCount();
    // Another data set may have fewer classes: then a column sorted by, or a class filtered by, is gone.
    const bool sortable = m_sortColumn < m_table->columnCount();
    struct Key {
        float value;
        int feature;
    };
    std::vector<Key> keys;
    keys.reserve(static_cast<std::size_t>(count));
    for (int feature = 0; feature < count; ++feature)
        if (m_wanted.empty() || m_wanted[static_cast<std::size_t>(feature)] != 0)
            keys.push_back({sortable ? m_table->value(feature, m_sortColumn) : 0.0F, feature});
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    std::sort(keys.begin(), keys.end(), [descending](const Key& a, const Key& b) {
        if (std::isnan(a.value) != std::isnan(b.value))
            return std::isnan(b.value);
        if (a.value < b.value || b.value < a.value)
            return descending ? b.value < a.value : a.value < b.value;
        return a.feature < b.feature;
    });

    m_features.clear();
    m_rows.assign(static_cast<std::size_t>(count), -1);
    for (const Key& key : keys) {
        m_rows[static_cast<std::size_t>(key.feature)] = static_cast<int>(m_features.size());
        m_features.push_back(key.feature);
    }
}

QModelIndex FeatureFilterModel::mapToSource(const QModelIndex& proxyIndex) const {
    return proxyIndex.isValid() ? m_table->index(featureAt(proxyIndex.row()), proxyIndex.column())
                                : QModelIndex();
}

QModelIndex FeatureFilterModel::mapFromSource(const QModelIndex& sourceIndex) const {
    const int row = sourceIndex.isValid() ? rowOf(sourceIndex.row()) : -1;
    return row < 0 ? QModelIndex() : createIndex(row, sourceIndex.column());
}

QModelIndex FeatureFilterModel::index(int row, int column, const QModelIndex& parent) const {
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex FeatureFilterModel::parent(const QModelIndex&) const {
    return {};
}

int FeatureFilterModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_features.size());
}

int FeatureFilterModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_table->columnCount();
}

QVariant FeatureFilterModel::headerData(int section, Qt::Orientation orientation, int role) const {
    // The base class maps through row 0, which a filter may have left empty.
    return orientation == Qt::Horizontal ? m_table->headerData(section, orientation, role) : QVariant();
}

}  // namespace saeception
