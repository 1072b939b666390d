// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/concept_table_model.h"

#include "base/format_text.h"
#include "evaluation/concepts.h"
#include "ui/format.h"
#include "ui/models/change_text.h"

#include <algorithm>
#include <limits>

namespace saeception {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void ConceptTableModel::setCycles(const Cycles& cycles) {
    if (cycles == m_cycles)
        return;
    beginResetModel();
    m_cycles = cycles;
    m_concepts.clear();
    m_matches.clear();
    m_parts.clear();
    const std::vector<std::string>* names = nullptr;
    for (const auto& [cycle, index] : cycles)
        if (index && !index->conceptNames().empty())
            names = &index->conceptNames();  // of the newest
    std::vector<Column> columns;
    for (std::size_t c = 0; names != nullptr && c < cycles.size(); ++c) {
        const auto& [cycle, index] = cycles[c];
        m_matches.emplace_back();
        if (index && index->conceptNames() == *names)
            m_matches.back() = index->bestForConcepts();
        const QString group = cycleText(cycle);
        m_parts.push_back({F1, c});
        columns.push_back(
            {tr("F1"), group,
             tr("F1 of the concept's best feature, which detects it by firing, over the validation "
                "tokens. ✓: recovered, %1 or more.")
                 .arg(recoveredConceptF1),
             Kind::Bar, Qt::DescendingOrder, QStringLiteral("0.000")});
        if (c > 0) {
            m_parts.push_back({Change, c});
            columns.push_back({tr("Change"), group, tr("F1 less that of the cycle before."), Kind::Number,
                               Qt::DescendingOrder, QStringLiteral("▲ 0.000")});
        }
        m_parts.push_back({Auroc, c});
        columns.push_back(
            {tr("AUROC"), group,
             tr("How well the feature's activation ranks the concept's tokens above all others: 1 "
                "perfectly, 0.5 like chance."),
             Kind::Number, Qt::DescendingOrder, QStringLiteral("0.000")});
        m_parts.push_back({Feature, c});
        columns.push_back({tr("Feature"), group,
                           tr("The concept's best feature; a click shows it on the Features page."),
                           Kind::Link, Qt::AscendingOrder,
                           QString::number(index ? std::max(1000, index->featureCount()) - 1 : 999)});
    }
    if (names != nullptr)
        for (const std::string& name : *names)
            m_concepts.push_back(QString::fromStdString(name));
    setColumns(std::move(columns));
    endResetModel();
}

int ConceptTableModel::cycle(int column) const {
    return m_cycles[m_parts[static_cast<std::size_t>(column)].cycle].first;
}

const ConceptMatch* ConceptTableModel::match(int row, std::size_t cycle) const {
    const std::vector<ConceptMatch>& of = m_matches[cycle];
    return of.empty() ? nullptr : &of[static_cast<std::size_t>(row)];
}

int ConceptTableModel::feature(int row, int column) const {
    const ConceptMatch* found = match(row, m_parts[static_cast<std::size_t>(column)].cycle);
    return found == nullptr ? -1 : found->feature;
}

QString ConceptTableModel::summary() const {
    if (m_concepts.empty())
        return {};
    QStringList shares;
    for (const std::vector<ConceptMatch>& of : m_matches) {
        const auto recovered = std::count_if(
            of.begin(), of.end(), [](const ConceptMatch& match) { return match.f1 >= recoveredConceptF1; });
        shares << (of.empty() ? QStringLiteral("…")
                              : QString::fromStdString(formatPercent(100.0 * static_cast<double>(recovered) /
                                                                     static_cast<double>(of.size()))));
    }
    return tr("Recovered %1 of %2 concepts: some feature detects them with an F1 of %3 or more.")
        .arg(shares.join(QStringLiteral(" → ")))
        .arg(m_concepts.size())
        .arg(recoveredConceptF1);
}

int ConceptTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_concepts.size());
}

double ConceptTableModel::value(int row, int column) const {
    const PartOf& of = m_parts[static_cast<std::size_t>(column)];
    const ConceptMatch* found = match(row, of.cycle);
    if (found == nullptr)
        return none;
    switch (of.part) {
        case F1:
            return found->f1;
        case Change: {
            const ConceptMatch* before = match(row, of.cycle - 1);
            return before == nullptr ? none : found->f1 - before->f1;
        }
        case Auroc:
            return found->auroc;
        case Feature:
            break;
    }
    return found->feature < 0 ? none : found->feature;
}

QString ConceptTableModel::text(int row, int column) const {
    const double raw = value(row, column);
    switch (part(column)) {
        case F1:
        case Auroc:
            return formatFigure(raw, 3);
        case Change:
            return changeText(raw, 3);
        case Feature:
            break;
    }
    return raw >= 0 ? QString::number(static_cast<int>(raw)) : QStringLiteral("–");
}

bool ConceptTableModel::holds(int row, const QString& term) const {
    return m_concepts[static_cast<std::size_t>(row)].contains(term, Qt::CaseInsensitive);
}

QVariant ConceptTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == RecoveredRole)
        return part(index.column()) == F1 && value(index.row(), index.column()) >= recoveredConceptF1;
    if (role == Qt::AccessibleTextRole && part(index.column()) == F1)
        return value(index.row(), index.column()) >= recoveredConceptF1
                   ? tr("%1, recovered").arg(text(index.row(), index.column()))
                   : text(index.row(), index.column());
    return RawTableModel::data(index, role);
}

QVariant ConceptTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal)
        return RawTableModel::headerData(section, orientation, role);
    return role == Qt::DisplayRole && section >= 0 && section < rowCount()
               ? QVariant(m_concepts[static_cast<std::size_t>(section)])
               : QVariant();
}

}  // namespace saeception
