// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/palette_model.h"

#include "ui/models/fuzzy_match.h"

#include <algorithm>

namespace saeception {
namespace {

constexpr int latelyBonus = 6;    // of the last one used; one less for each before it
constexpr int disabledCost = 12;  // what can be done now comes first where both answer about as well

// Every word of the pattern in the text, or else in the group for half the score.
std::optional<FuzzyMatch> matchEntry(const QStringList& words, const PaletteEntry& entry) {
    FuzzyMatch whole;
    for (const QString& word : words) {
        if (const auto inText = fuzzyMatch(word, entry.text)) {
            whole.score += inText->score;
            whole.positions += inText->positions;
        } else if (const auto inGroup = fuzzyMatch(word, entry.group)) {
            whole.score += inGroup->score / 2;
        } else {
            return std::nullopt;
        }
    }
    return whole;
}

}  // namespace

QString PaletteModel::keyOf(const PaletteEntry& entry) {
    return entry.key.isEmpty() ? entry.group + QLatin1Char('/') + entry.text : entry.key;
}

void PaletteModel::setEntries(QList<PaletteEntry> entries, const QStringList& recent) {
    beginResetModel();
    m_entries = std::move(entries);
    m_lately.clear();
    for (const PaletteEntry& entry : m_entries)
        m_lately.append(static_cast<int>(recent.indexOf(keyOf(entry))));
    rank();
    endResetModel();
}

void PaletteModel::setPattern(const QString& pattern) {
    if (pattern.simplified() == m_pattern)
        return;
    beginResetModel();
    m_pattern = pattern.simplified();
    rank();
    endResetModel();
}

void PaletteModel::rank() {
    m_shown.clear();
    const QStringList words = m_pattern.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        auto match = matchEntry(words, m_entries[i]);
        if (!match)
            continue;
        if (!words.isEmpty()) {
            if (m_lately[i] >= 0)
                match->score += std::max(0, latelyBonus - m_lately[i]);
            if (!m_entries[i].enabled)
                match->score -= disabledCost;
        }
        m_shown.push_back({i, match->score, match->positions});
    }
    std::stable_sort(m_shown.begin(), m_shown.end(), [&](const Shown& a, const Shown& b) {
        if (!words.isEmpty())
            return a.score > b.score;
        const bool canA = m_entries[a.entry].enabled;
        const bool canB = m_entries[b.entry].enabled;
        if (canA != canB)
            return canA;
        // As unsigned numbers those not used lately, -1, come after all others.
        return static_cast<unsigned>(m_lately[a.entry]) < static_cast<unsigned>(m_lately[b.entry]);
    });
}

const PaletteEntry& PaletteModel::entry(int row) const {
    return m_entries[m_shown[static_cast<std::size_t>(row)].entry];
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const PaletteEntry& shown = entry(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return shown.text;
        case Qt::ToolTipRole:
        case ReasonRole:
            return shown.reason;
        case Qt::AccessibleTextRole:
            return QStringList({shown.text, shown.group, shown.shortcut,
                                shown.enabled ? QString() : tr("unavailable")})
                .join(QLatin1Char(' '))
                .simplified();
        case GroupRole:
            return shown.group;
        case ShortcutRole:
            return shown.shortcut;
        case PositionsRole:
            return QVariant::fromValue(m_shown[static_cast<std::size_t>(index.row())].positions);
        case CheckedRole:
            return shown.checked;
        default:
            return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return {};
    return entry(index.row()).enabled ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsSelectable;
}

}  // namespace saeception
