// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting and filtering of features by their raw values.
#include "ui/models/feature_filter_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace saeception {

FeatureFilterModel::FeatureFilterModel(FeatureTableModel* table, QObject* parent)
    : RowOrderModel(table, parent), m_table(table) {
    adopt(ordered());
}

void FeatureFilterModel::setWanted(std::vector<std::uint8_t> wanted) {
    if (wanted == m_wanted)
        return;
    m_wanted = std::move(wanted);
    replace(ordered());
}

std::vector<int> FeatureFilterModel::wantedRows() {
    m_wanted.clear();
    return ordered();
}

void FeatureFilterModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || (column == m_sortColumn && order == m_sortOrder))
        return;
    m_sortColumn = column;
    m_sortOrder = order;
    reorder([this] { return ordered(); });
}

std::vector<int> FeatureFilterModel::ordered() const {
    const int count = m_table->rowCount();
    // Another data set may have fewer classes: then a column sorted by is gone.
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
    std::vector<int> features(keys.size());
    std::transform(keys.begin(), keys.end(), features.begin(), [](const Key& key) { return key.feature; });
    return features;
}

}  // namespace saeception
