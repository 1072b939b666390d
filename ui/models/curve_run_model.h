// SPDX-License-Identifier: GPL-3.0-or-later
// The runs whose curves the charts can show, a row each with a check mark, as far as the filter lets them
// pass.
#pragma once

#include "ui/models/curve_store.h"

#include <QAbstractListModel>
#include <QStringList>

namespace saeception {

class CurveRunModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole };  ///< QString: the run's id in the store

    explicit CurveRunModel(CurveStore& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void follow();

    CurveStore& m_store;
    QStringList m_ids;  ///< in the store's order
};

}  // namespace saeception
