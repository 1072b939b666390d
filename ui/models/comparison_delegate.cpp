// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/comparison_delegate.h"

#include "ui/format.h"
#include "ui/models/comparison_model.h"
#include "ui/models/metric_words.h"
#include "ui/plots/series_mark.h"
#include "ui/theme.h"

#include <QApplication>
#include <QPainter>

#include <cmath>

namespace saeception {
namespace {

constexpr int markSize = 8;
constexpr int titleWidth = 22 * gridUnit;

const ComparisonModel* modelOf(const QModelIndex& index) {
    return qobject_cast<const ComparisonModel*>(index.model());
}

int wordWidth(const QFontMetrics& metrics) {
    return std::max(metrics.horizontalAdvance(verdictText(1)), metrics.horizontalAdvance(verdictText(-1))) +
           gridUnit / 2;
}

int changeWidth(const QFontMetrics& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("▲ 0.0000")) + wordWidth(metrics) + 2 * gridUnit;
}

int intervalWidth(const QFontMetrics& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("[0.0000, 0.0000]")) + gridUnit;
}

// The parts of a column, from the right: change, interval, value. The reference has no change.
struct Parts {
    QRect value;
    QRect interval;
    QRect change;
};

Parts partsOf(const QRect& rect, const QFontMetrics& metrics, bool interval, bool change) {
    Parts parts{rect.adjusted(gridUnit, 0, -gridUnit, 0), {}, {}};
    if (change) {
        parts.change = parts.value;
        parts.change.setLeft(parts.value.right() - changeWidth(metrics) + gridUnit);
        parts.value.setRight(parts.value.right() - changeWidth(metrics));
    }
    if (interval) {
        parts.interval = parts.value;
        parts.interval.setLeft(parts.value.right() - intervalWidth(metrics) + gridUnit);
        parts.value.setRight(parts.value.right() - intervalWidth(metrics));
    }
    return parts;
}

bool hasChange(const QAbstractItemModel* model, int column) {
    return model->columnCount() > 1 &&
           !model->headerData(column, Qt::Horizontal, ComparisonModel::ReferenceRole).toBool();
}

QString cycleOf(const QAbstractItemModel* model, int column) {
    return cycleText(model->headerData(column, Qt::Horizontal, ComparisonModel::CycleRole).toInt());
}

constexpr int right = Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine;
constexpr int left = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine;

}  // namespace

void ComparisonDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const {
    const ThemeColours& colours = Theme::instance().colours();
    painter->save();
    painter->setFont(option.font);
    if (index.data(ComparisonModel::HeadingRole).toBool()) {
        if (index.row() > 0) {
            painter->setPen(colours.separator);
            painter->drawLine(option.rect.topLeft(), option.rect.topRight());
        }
        painter->restore();
        return;
    }
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter->fillRect(option.rect, colours.accentFill);
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(colours.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    const ComparisonModel* model = modelOf(index);
    const QFontMetrics& metrics = option.fontMetrics;
    const bool changes = hasChange(model, index.column());
    const Parts parts = partsOf(option.rect, metrics, model->hasIntervals(), changes);
    if (changes) {
        const int verdict = index.data(ComparisonModel::VerdictRole).toInt();
        QRect word = parts.change;
        word.setLeft(word.right() - wordWidth(metrics) + gridUnit / 2);
        painter->setPen(verdict > 0 ? colours.text : verdict < 0 ? colours.warning : colours.faintText);
        painter->drawText(parts.change.adjusted(0, 0, -wordWidth(metrics), 0), right,
                          index.data(ComparisonModel::ChangeTextRole).toString());
        painter->drawText(word, left, verdictText(verdict));
    }
    painter->setPen(colours.faintText);
    painter->drawText(parts.interval, left, index.data(ComparisonModel::IntervalRole).toString());
    if (!std::isnan(index.data(ComparisonModel::ValueRole).toDouble()))
        painter->setPen(colours.text);
    painter->drawText(parts.value, right, index.data().toString());
    painter->restore();
}

QSize ComparisonDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QFontMetrics& metrics = option.fontMetrics;
    const ComparisonModel* model = modelOf(index);
    const int value = metrics.horizontalAdvance(index.data().toString());
    const int width = value + 2 * gridUnit + (hasChange(model, index.column()) ? changeWidth(metrics) : 0) +
                      (model->hasIntervals() ? intervalWidth(metrics) : 0);
    return {width, std::max(3 * gridUnit, metrics.height() + gridUnit)};
}

ComparisonHeader::ComparisonHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setHighlightSections(false);
    setSectionResizeMode(QHeaderView::ResizeToContents);
}

QSize ComparisonHeader::sectionSizeFromContents(int section) const {
    const auto* shown = qobject_cast<const ComparisonModel*>(model());
    const QFontMetrics metrics = fontMetrics();
    const bool titled = shown->runCount() > 1;
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const int cycle = QFontMetrics(strong).horizontalAdvance(cycleOf(model(), section)) +
                      (hasChange(model(), section) ? changeWidth(metrics) : 0) +
                      (shown->hasIntervals() ? intervalWidth(metrics) : 0);
    const int title =
        titled
            ? markSize + gridUnit +
                  std::min(titleWidth, metrics.horizontalAdvance(model()
                                                                     ->headerData(section, Qt::Horizontal,
                                                                                  ComparisonModel::TitleRole)
                                                                     .toString()))
            : 0;
    const int line = metrics.height();
    return {std::max(cycle, title) + 2 * gridUnit, (titled ? 2 * line + gridUnit / 2 : line) + gridUnit};
}

void ComparisonHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const ThemeColours& colours = Theme::instance().colours();
    const auto value = [&](int role) { return model()->headerData(section, Qt::Horizontal, role); };
    const auto* shown = qobject_cast<const ComparisonModel*>(model());
    const QFontMetrics metrics = fontMetrics();
    painter->save();
    painter->fillRect(rect, colours.surface);
    painter->setPen(colours.separator);
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setFont(font());
    QRect lower = rect.adjusted(0, gridUnit / 2, 0, -gridUnit / 2);
    if (shown->runCount() > 1) {
        QRect upper(rect.left() + gridUnit, lower.top(), rect.width() - 2 * gridUnit, metrics.height());
        drawSeriesMark(*painter, QPointF(upper.left() + markSize / 2.0, upper.center().y() + 0.5),
                       value(ComparisonModel::RunRole).toInt(), markSize);
        upper.setLeft(upper.left() + markSize + gridUnit);
        painter->setPen(colours.text);
        painter->drawText(
            upper, left,
            metrics.elidedText(value(ComparisonModel::TitleRole).toString(), Qt::ElideMiddle, upper.width()));
        lower.setTop(upper.bottom() + gridUnit / 2);
    }
    const bool changes = hasChange(model(), section);
    const Parts parts = partsOf(lower, metrics, shown->hasIntervals(), changes);
    painter->setPen(colours.faintText);
    if (shown->hasIntervals())
        painter->drawText(parts.interval, left, tr("95 % interval"));
    if (changes)
        painter->drawText(parts.change.adjusted(0, 0, -wordWidth(metrics), 0), right, tr("Change"));
    if (!changes && shown->columnCount() > 1) {
        // What the others are told from.
        QFont strong = font();
        strong.setWeight(QFont::DemiBold);
        painter->setFont(strong);
        painter->setPen(colours.text);
    }
    painter->drawText(parts.value, right, cycleOf(model(), section));
    painter->restore();
}

ComparisonRowHeader::ComparisonRowHeader(QWidget* parent) : QHeaderView(Qt::Vertical, parent) {
    setSectionsClickable(false);
    setHighlightSections(false);
    setSectionResizeMode(QHeaderView::Fixed);
    setMinimumSectionSize(3 * gridUnit);
    setDefaultSectionSize(std::max(3 * gridUnit, fontMetrics().height() + gridUnit));
}

QSize ComparisonRowHeader::sizeHint() const {
    int width = 0;
    for (int row = 0; row < count(); ++row)
        width = std::max(width, fontMetrics().horizontalAdvance(
                                    model()->headerData(row, Qt::Vertical, Qt::DisplayRole).toString()));
    return {width + 4 * gridUnit, QHeaderView::sizeHint().height()};
}

void ComparisonRowHeader::paintEvent(QPaintEvent* event) {
    QHeaderView::paintEvent(event);
    // The style ends an empty header with a line, which here would stand alone at the foot.
    const int below = length() - offset();
    if (below < viewport()->height())
        QPainter(viewport())
            .fillRect(0, below, viewport()->width(), viewport()->height() - below,
                      Theme::instance().colours().surface);
}

void ComparisonRowHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const ThemeColours& colours = Theme::instance().colours();
    const bool heading = model()->headerData(section, Qt::Vertical, ComparisonModel::HeadingRole).toBool();
    painter->save();
    painter->setFont(font());
    painter->fillRect(rect, colours.surface);
    if (heading && section > 0) {
        painter->setPen(colours.separator);
        painter->drawLine(rect.topLeft(), rect.topRight());
    }
    const QRect content = rect.adjusted(heading ? gridUnit : 2 * gridUnit, 0, -gridUnit, 0);
    painter->setPen(heading ? colours.faintText : colours.text);
    painter->drawText(
        content, left,
        fontMetrics().elidedText(model()->headerData(section, Qt::Vertical, Qt::DisplayRole).toString(),
                                 Qt::ElideRight, content.width()));
    painter->restore();
}

}  // namespace saeception
