// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/live_feature_model.h"

#include "ui/format.h"
#include "ui/models/live_words.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace saeception {
namespace {

constexpr int leastBarWidth = 5 * gridUnit;
constexpr int mostBarWidth = 14 * gridUnit;
constexpr int barHeight = 6;

}  // namespace

LiveFeatureModel::LiveFeatureModel(NameOf name, QObject* parent)
    : RawTableModel(parent), m_name(std::move(name)) {
    showSentence(nullptr, -1, {});
}

void LiveFeatureModel::clear() {
    showSentence(nullptr, -1, {});
}

void LiveFeatureModel::showSentence(std::shared_ptr<const LiveSentence> sentence, int token,
                                    const QString& counted) {
    beginResetModel();
    m_rows.clear();
    std::map<int, Row> rows;
    // Of the whole sentence, whichever token is looked at: bars of one sentence can be compared.
    std::map<int, double> sums;
    m_largest = 0;
    const int sign = sentence ? countedSign(*sentence) : 1;
    for (std::size_t t = 0; sentence && t < sentence->tokens.size(); ++t) {
        for (const FeatureActivation& fires : sentence->tokens[t].features) {
            sums[fires.feature] += static_cast<double>(fires.contribution());
            m_largest = std::max(m_largest, std::abs(static_cast<double>(fires.contribution())));
        }
        if (token >= 0 && static_cast<int>(t) != token)
            continue;
        for (const FeatureActivation& fires : sentence->tokens[t].features) {
            Row& row = rows[fires.feature];
            row.feature = fires.feature;
            row.activation = std::max(row.activation, static_cast<double>(fires.activation));
            row.adds += sign * static_cast<double>(fires.contribution());
        }
    }
    for (const auto& [feature, sum] : sums)
        m_largest = std::max(m_largest, std::abs(sum));
    int widest = 0;
    for (const auto& [feature, row] : rows) {
        m_rows.push_back(row);
        widest = std::max(widest, feature);
    }
    // What moves the prediction most comes first, and where nothing does what fires most.
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) {
        const double left = std::abs(a.adds);
        const double right = std::abs(b.adds);
        return left != right ? left > right : a.activation > b.activation;
    });
    const QString towards = counted.isEmpty() ? tr("Adds") : tr("To %1").arg(counted);
    setColumns({
        {tr("Feature"),
         {},
         tr("Its number; a click leads to it on the Features page"),
         Kind::Link,
         Qt::AscendingOrder,
         QString::number(widest)},
        {tr("Fires on"),
         {},
         tr("Its label, else the tokens on which it fires most"),
         Kind::Words,
         Qt::AscendingOrder,
         QString(14, QLatin1Char('n'))},
        {tr("Activation"),
         {},
         token < 0 ? tr("Its largest activation in the sentence") : tr("Its activation on the token"),
         Kind::Number,
         Qt::DescendingOrder,
         QStringLiteral("00.0 → 00")},
        {towards,
         {},
         tr("Activation × effect: what it adds to the logit of %1 over the others', the scales of the layer "
            "norms "
            "held as they are")
             .arg(counted),
         Kind::Number,
         Qt::DescendingOrder,
         QStringLiteral("+0.000")},
    });
    endResetModel();
}

void LiveFeatureModel::setEdits(std::vector<FeatureEdit> edits) {
    m_edits = std::move(edits);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, Activation), index(rowCount() - 1, Activation));
}

void LiveFeatureModel::refreshNames() {
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, Words), index(rowCount() - 1, Words));
}

int LiveFeatureModel::rowOf(int feature) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [feature](const Row& row) { return row.feature == feature; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int LiveFeatureModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

double LiveFeatureModel::value(int at, int column) const {
    const Row& row = m_rows[static_cast<std::size_t>(at)];
    return column == Activation ? row.activation : column == Adds ? row.adds : row.feature;
}

QString LiveFeatureModel::activationText(const Row& row) const {
    const QString before = formatFigure(row.activation, 2);
    const auto edit = std::find_if(m_edits.begin(), m_edits.end(),
                                   [&row](const FeatureEdit& e) { return e.feature == row.feature; });
    if (edit == m_edits.end())
        return before;
    const double after = edit->kind == EditKind::Ablate  ? 0
                         : edit->kind == EditKind::Scale ? edit->value * row.activation
                                                         : edit->value;
    return before + QStringLiteral(" → ") + QString::number(after, 'g', 3);
}

QString LiveFeatureModel::text(int at, int column) const {
    const Row& row = m_rows[static_cast<std::size_t>(at)];
    switch (column) {
        case Feature:
            return QString::number(row.feature);
        case Words:
            return m_name(row.feature);
        case Activation:
            return activationText(row);
        default:
            return row.adds == 0 ? QStringLiteral("–") : contributionText(row.adds);
    }
}

bool LiveFeatureModel::holds(int row, const QString& term) const {
    return tells(text(row, Words), featureIn(row), term);
}

void ContributionDelegate::setScale(double largest, int towards, int against) {
    m_largest = largest;
    m_towards = towards;
    m_against = against;
}

int ContributionDelegate::barRoom(int tableWidth) {
    // Of what is left beyond what the words need, a part.
    return std::clamp(tableWidth / 3 - 12 * gridUnit, leastBarWidth, mostBarWidth) + gridUnit;
}

void ContributionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    RawCellDelegate::paint(painter, option, index);
    const double value = index.data(RawTableModel::RawRole).toDouble();
    if (index.column() != LiveFeatureModel::Adds || !(m_largest > 0))
        return;
    const ThemeColours& colours = Theme::instance().colours();
    const int barWidth = barRoom(option.widget != nullptr ? option.widget->width() : 0) - gridUnit;
    const double centre = option.rect.left() + gridUnit + barWidth / 2.0;
    const double length = value / m_largest * barWidth / 2;
    const int label = value > 0 ? m_towards : m_against;
    painter->save();
    painter->fillRect(QRectF(std::min(centre, centre + length),
                             option.rect.center().y() - barHeight / 2.0 + 1, std::abs(length), barHeight),
                      label >= 0 ? Theme::instance().classColour(label) : colours.faintText);
    painter->fillRect(QRectF(std::round(centre), option.rect.center().y() - 5, 1, 12), colours.separator);
    painter->restore();
}

}  // namespace saeception
