// SPDX-License-Identifier: GPL-3.0-or-later
// The runs sorted, and filtered by words.
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace saeception {

/// A run is shown when all words of the filter occur in it. Runs without a value come last in either order,
/// equal ones newest first.
class RunFilterModel : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit RunFilterModel(QObject* parent = nullptr);

    void setWords(const QString& words);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
};

}  // namespace saeception
