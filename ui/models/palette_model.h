// SPDX-License-Identifier: GPL-3.0-or-later
// What the command palette offers, ranked by how well it answers to what is typed.
#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QStringList>

#include <functional>
#include <vector>

namespace saeception {

struct PaletteEntry {
    QString text;           ///< what it does: "Open run…"
    QString group = {};     ///< the menu or page it belongs to; searched as well
    QString shortcut = {};  ///< as shown
    QString key = {};       ///< by which it is remembered as used; empty: group and text
    bool enabled = true;
    bool checked = false;  ///< an option that is on
    QString reason = {};   ///< why it cannot be done now, or what it does
    std::function<void()> run = {};
};

/// Without a pattern: what was used lately first, then as given, what cannot be done now last.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        GroupRole = Qt::UserRole,  ///< QString
        ShortcutRole,              ///< QString
        PositionsRole,             ///< QList<int>, the matched characters of the text
        ReasonRole,                ///< QString
        CheckedRole,               ///< bool
    };

    using QAbstractListModel::QAbstractListModel;

    /// `recent`: keys of entries, the latest first.
    void setEntries(QList<PaletteEntry> entries, const QStringList& recent);
    void setPattern(const QString& pattern);
    const PaletteEntry& entry(int row) const;

    /// By which `entry` is remembered.
    static QString keyOf(const PaletteEntry& entry);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Shown {
        qsizetype entry = 0;
        int score = 0;
        QList<int> positions;
    };

    void rank();

    QList<PaletteEntry> m_entries;
    QList<int> m_lately;  ///< by entry: 0 was used last; -1 not lately
    QString m_pattern;
    std::vector<Shown> m_shown;
};

}  // namespace saeception
