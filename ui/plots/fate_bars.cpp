// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/fate_bars.h"

#include "base/format_text.h"
#include "ui/models/feature_words.h"
#include "ui/theme.h"

#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr Fate shown[] = {Fate::Kept, Fate::Drifted, Fate::SplitUp, Fate::Merged, Fate::Gone};
constexpr int shownCount = 5;
constexpr int swatch = 9;
constexpr int thick = 10;
constexpr int thin = 4;
constexpr int leastBar = 14 * gridUnit;

// None of them is a class's colour.
QColor colourOf(Fate fate) {
    const Theme& theme = Theme::instance();
    switch (fate) {
        case Fate::Kept:
            return theme.series(2);
        case Fate::Drifted:
            return theme.series(4);
        case Fate::SplitUp:
            return theme.series(5);
        case Fate::Merged:
            return theme.series(3);
        default:
            // Most features of a step may be of this kind: they are not to be louder than the others.
            return mixed(theme.series(6), theme.colours().surface, 0.33);
    }
}

QString capital(QString text) {
    text[0] = text[0].toUpper();
    return text;
}

QString shareText(double share) {
    return QString::fromStdString(formatPercent(100 * share));
}

const FateSums& sumsOf(const StepFates& step, bool later) {
    return later ? step.after : step.before;
}

int aliveIn(const FateSums& sums) {
    int alive = 0;
    for (const Fate fate : shown)
        alive += sums[static_cast<std::size_t>(fate)].features;
    return alive;
}

PairFate pairFateOf(Fate fate, bool later) {
    switch (fate) {
        case Fate::Kept:
            return PairFate::Kept;
        case Fate::Drifted:
            return PairFate::Drifted;
        case Fate::SplitUp:
            return PairFate::Split;
        case Fate::Merged:
            return PairFate::Merged;
        default:
            return later ? PairFate::Born : PairFate::Died;
    }
}

}  // namespace

StepFates StepFates::of(const CycleStep& step) {
    return {step.cycle(),
            {},
            fateSums(step.matches->before, *step.before),
            fateSums(step.matches->after, *step.after)};
}

FateBars::FateBars(QWidget* parent) : QAbstractScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("What became of the features in each step"));
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void FateBars::setSteps(std::vector<StepFates> steps) {
    m_steps = std::move(steps);
    QStringList described;
    for (const StepFates& step : m_steps)
        for (const bool later : {false, true})
            for (const Fate fate : shown)
                if (step.message.isEmpty())
                    described << segmentText(step.cycle, later, fate);
    setAccessibleDescription(described.join(QLatin1Char('\n')));
    updateGeometry();
    layOut();
    showChosen();
    viewport()->update();
}

void FateBars::setChosen(int cycle, int fate) {
    m_cycle = cycle;
    m_fate = fate;
    showChosen();
    viewport()->update();
}

int FateBars::lineHeight() const {
    return std::max(fontMetrics().height() + gridUnit / 2, thick + thin + gridUnit);
}

int FateBars::blockHeight() const {
    return 2 * lineHeight() + gridUnit;
}

int FateBars::headerHeight() const {
    return 2 * fontMetrics().height() + gridUnit;
}

QSize FateBars::sizeHint() const {
    const int steps = std::clamp(static_cast<int>(m_steps.size()), 1, stepsShown);
    return {100 * gridUnit, headerHeight() + steps * blockHeight()};
}

QSize FateBars::minimumSizeHint() const {
    const Columns at = columns();
    return {at.bar + leastBar + gridUnit + shownCount * at.countWidth, sizeHint().height()};
}

FateBars::Columns FateBars::columns() const {
    const QFontMetrics metrics = fontMetrics();
    const QString many = QLocale().toString(24'576);
    Columns at;
    at.side = metrics.horizontalAdvance(tr("Cycle %1 → %2").arg(88).arg(88)) + 3 * gridUnit;
    at.bar = at.side + metrics.horizontalAdvance(tr("%1 in cycle %2").arg(many).arg(88)) + gridUnit;
    at.countWidth = 2 * gridUnit;
    const int numbers =
        metrics.horizontalAdvance(many) + gridUnit + metrics.horizontalAdvance(tr("%1 %").arg(0.88));
    int widest = numbers;
    for (const Fate fate : shown)
        for (const bool later : {false, true})
            widest = std::max(
                widest, metrics.horizontalAdvance(capital(fateText(fate, later))) + swatch + gridUnit / 2);
    at.countWidth += widest;
    at.count = std::max(at.bar + leastBar + gridUnit, viewport()->width() - shownCount * at.countWidth);
    at.barEnd = at.count - gridUnit;
    return at;
}

int FateBars::indexOf(int cycle) const {
    for (std::size_t i = 0; i < m_steps.size(); ++i)
        if (m_steps[i].cycle == cycle)
            return static_cast<int>(i);
    return -1;
}

int FateBars::lineTop(int step, bool later) const {
    return headerHeight() + step * blockHeight() + gridUnit / 2 + (later ? lineHeight() : 0) -
           verticalScrollBar()->value();
}

QRect FateBars::stepRect(int cycle) const {
    const int step = indexOf(cycle);
    return step < 0 ? QRect()
                    : QRect(0, lineTop(step, false) - gridUnit / 2, viewport()->width(), blockHeight());
}

QRect FateBars::segmentIn(const StepFates& step, bool later, Fate wanted, bool firings) const {
    const FateSums& sums = sumsOf(step, later);
    const Columns at = columns();
    const double alive = aliveIn(sums);
    const int width = at.barEnd - at.bar;
    const int top = lineTop(indexOf(step.cycle), later) + (lineHeight() - thick - thin - 1) / 2;
    double from = 0;
    for (const Fate fate : shown) {
        const FateSum& sum = sums[static_cast<std::size_t>(fate)];
        const double share = firings ? sum.firings : alive > 0 ? sum.features / alive : 0;
        if (fate == wanted) {
            if (sum.features == 0)
                return {};
            const int left = at.bar + static_cast<int>(std::lround(from * width));
            const int right = at.bar + static_cast<int>(std::lround((from + share) * width));
            return firings ? QRect(left, top + thick + 1, std::max(1, right - left), thin)
                           : QRect(left, top, std::max(2, right - left), thick);
        }
        from += share;
    }
    return {};
}

QRect FateBars::segmentRect(int cycle, bool later, Fate fate) const {
    const int step = indexOf(cycle);
    return step < 0 || !m_steps[static_cast<std::size_t>(step)].message.isEmpty()
               ? QRect()
               : segmentIn(m_steps[static_cast<std::size_t>(step)], later, fate, false);
}

QString FateBars::segmentText(int cycle, bool later, Fate fate) const {
    const StepFates& step = m_steps[static_cast<std::size_t>(indexOf(cycle))];
    const FateSums& sums = sumsOf(step, later);
    const FateSum& sum = sums[static_cast<std::size_t>(fate)];
    const QLocale locale;
    return tr("%1 %2 of %3 features of cycle %4 · %5 of firings")
        .arg(capital(fateText(fate, later)), locale.toString(sum.features), locale.toString(aliveIn(sums)))
        .arg(later ? cycle : cycle - 1)
        .arg(shareText(sum.firings));
}

void FateBars::layOut() {
    const int content = static_cast<int>(m_steps.size()) * blockHeight();
    const int room = viewport()->height() - headerHeight();
    verticalScrollBar()->setRange(0, std::max(0, content - room));
    verticalScrollBar()->setPageStep(std::max(0, room));
    verticalScrollBar()->setSingleStep(blockHeight());
}

void FateBars::showChosen() {
    const QRect step = stepRect(m_cycle);
    if (step.isNull())
        return;
    const int above = step.top() - headerHeight();
    const int below = step.bottom() + 1 - viewport()->height();
    if (above < 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + above);
    else if (below > 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + below);
}

void FateBars::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::instance().colours().surface);
    for (int step = 0; step < static_cast<int>(m_steps.size()); ++step)
        paintStep(painter, step);
    paintHeader(painter);
}

void FateBars::paintHeader(QPainter& painter) const {
    const ThemeColours& colours = Theme::instance().colours();
    const QFontMetrics metrics = fontMetrics();
    const Columns at = columns();
    const int line = metrics.height();
    const int top = gridUnit / 2;
    painter.fillRect(0, 0, viewport()->width(), headerHeight(), colours.surface);
    painter.fillRect(0, headerHeight() - 1, viewport()->width(), 1, colours.separator);
    painter.setFont(font());
    painter.setPen(colours.faintText);
    const QRect caption(at.bar, top, at.barEnd - at.bar, line);
    painter.drawText(caption, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(tr("Thick: features that fire"), Qt::ElideRight, caption.width()));
    painter.drawText(
        caption.translated(0, line), Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(tr("Thin: their share of all firings"), Qt::ElideRight, caption.width()));
    for (int i = 0; i < shownCount; ++i) {
        const QRect cell(at.count + i * at.countWidth, top, at.countWidth - gridUnit, line);
        const QString earlier = capital(fateText(shown[i], false));
        const QString later = fateText(shown[i], true);
        const int width = metrics.horizontalAdvance(earlier);
        painter.fillRect(cell.right() - width - gridUnit / 2 - swatch + 1, cell.center().y() - swatch / 2,
                         swatch, swatch, colourOf(shown[i]));
        painter.setPen(colours.text);
        painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, earlier);
        painter.setPen(colours.faintText);
        if (later != fateText(shown[i], false))
            painter.drawText(cell.translated(0, line), Qt::AlignRight | Qt::AlignVCenter, later);
    }
}

void FateBars::paintStep(QPainter& painter, int number) const {
    const StepFates& step = m_steps[static_cast<std::size_t>(number)];
    const ThemeColours& colours = Theme::instance().colours();
    const QRect block = stepRect(step.cycle);
    const Columns at = columns();
    const bool chosen = step.cycle == m_cycle;
    if (chosen && m_steps.size() > 1) {
        painter.fillRect(block.adjusted(0, 1, 0, -1), mixed(colours.surface, colours.accentFill, 0.6));
        painter.fillRect(0, block.top() + 1, 3, block.height() - 2, colours.accent);
    }
    if (chosen && hasFocus()) {
        painter.setPen(colours.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(block.adjusted(0, 1, -1, -2));
    }
    QFont title = font();
    title.setWeight(chosen ? QFont::DemiBold : QFont::Normal);
    painter.setFont(title);
    painter.setPen(colours.text);
    const int top = lineTop(number, false);
    painter.drawText(QRect(gridUnit, top, at.side, lineHeight()), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Cycle %1 → %2").arg(step.cycle - 1).arg(step.cycle));
    painter.setFont(font());
    if (!step.message.isEmpty()) {
        const QRect room(at.side, top, viewport()->width() - at.side - gridUnit, 2 * lineHeight());
        painter.setPen(colours.faintText);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, step.message);
        return;
    }
    for (const bool later : {false, true})
        paintLine(painter, step, later, lineTop(number, later));
}

void FateBars::paintLine(QPainter& painter, const StepFates& step, bool later, int top) const {
    const ThemeColours& colours = Theme::instance().colours();
    const FateSums& sums = sumsOf(step, later);
    const Columns at = columns();
    const QLocale locale;
    painter.setPen(colours.faintText);
    painter.drawText(
        QRect(at.side, top, at.bar - at.side - gridUnit, lineHeight()), Qt::AlignRight | Qt::AlignVCenter,
        tr("%1 in cycle %2").arg(locale.toString(aliveIn(sums))).arg(later ? step.cycle : step.cycle - 1));
    const int share = fontMetrics().horizontalAdvance(tr("%1 %").arg(0.88)) + gridUnit;
    for (int i = 0; i < shownCount; ++i) {
        const FateSum& sum = sums[static_cast<std::size_t>(shown[i])];
        const bool isChosen =
            step.cycle == m_cycle && m_fate == static_cast<int>(pairFateOf(shown[i], later));
        const bool isOther = step.cycle == m_cycle && m_fate >= 0 && !isChosen;
        const QColor colour = isOther ? mixed(colourOf(shown[i]), colours.surface, 0.6) : colourOf(shown[i]);
        // A thin line of the ground between neighbours: they are told apart without their colours.
        if (const QRect segment = segmentIn(step, later, shown[i], false); !segment.isEmpty())
            painter.fillRect(segment.width() > 3 ? segment.adjusted(0, 0, -1, 0) : segment, colour);
        if (const QRect segment = segmentIn(step, later, shown[i], true); !segment.isEmpty())
            painter.fillRect(segment.width() > 3 ? segment.adjusted(0, 0, -1, 0) : segment, colour);
        QRect cell(at.count + i * at.countWidth, top, at.countWidth - gridUnit, lineHeight());
        QFont strong = font();
        strong.setWeight(isChosen ? QFont::DemiBold : QFont::Normal);
        painter.setFont(strong);
        painter.setPen(sum.features == 0 ? colours.faintText : colours.text);
        painter.drawText(cell.adjusted(0, 0, -share, 0), Qt::AlignRight | Qt::AlignVCenter,
                         locale.toString(sum.features));
        painter.setFont(font());
        painter.setPen(colours.faintText);
        painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, shareText(sum.firings));
        if (isChosen)
            painter.fillRect(cell.left() + gridUnit, cell.bottom() - 1, cell.width() - gridUnit, 2,
                             colours.accent);
    }
}

FateBars::Hit FateBars::hitAt(const QPoint& position) const {
    if (position.y() < headerHeight())
        return {};
    for (const StepFates& step : m_steps) {
        if (!stepRect(step.cycle).contains(position))
            continue;
        Hit hit{&step, position.y() >= lineTop(indexOf(step.cycle), true), -1};
        const Columns at = columns();
        if (!step.message.isEmpty())
            return hit;
        for (int i = 0; i < shownCount; ++i) {
            const QRect bar = segmentIn(step, hit.later, shown[i], false);
            const QRect thinBar = segmentIn(step, hit.later, shown[i], true);
            const int left = at.count + i * at.countWidth;
            if ((!bar.isEmpty() && bar.adjusted(0, -3, 0, 0).contains(position)) ||
                (!thinBar.isEmpty() && thinBar.adjusted(0, 0, 0, 3).contains(position)) ||
                (position.x() >= left && position.x() < left + at.countWidth))
                hit.fate = static_cast<int>(shown[i]);
        }
        return hit;
    }
    return {};
}

void FateBars::mousePressEvent(QMouseEvent* event) {
    const Hit hit = hitAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || hit.step == nullptr)
        return;
    const int cycle = hit.step->cycle;
    if (hit.fate < 0 || sumsOf(*hit.step, hit.later)[static_cast<std::size_t>(hit.fate)].features == 0) {
        Q_EMIT stepChosen(cycle);
        return;
    }
    const int fate = static_cast<int>(pairFateOf(static_cast<Fate>(hit.fate), hit.later));
    Q_EMIT fateChosen(cycle, cycle == m_cycle && fate == m_fate ? -1 : fate);
}

void FateBars::mouseMoveEvent(QMouseEvent* event) {
    if (hitAt(event->position().toPoint()).step != nullptr)
        viewport()->setCursor(Qt::PointingHandCursor);
    else
        viewport()->unsetCursor();
}

void FateBars::keyPressEvent(QKeyEvent* event) {
    const int step = indexOf(m_cycle);
    const int moved = step + (event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0);
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        const int fate = m_fate + (event->key() == Qt::Key_Right ? 1 : -1);
        if (step >= 0 && fate >= -1 && fate < pairFateCount)
            Q_EMIT fateChosen(m_cycle, fate);
    } else if (moved != step && moved >= 0 && moved < static_cast<int>(m_steps.size())) {
        Q_EMIT stepChosen(m_steps[static_cast<std::size_t>(moved)].cycle);
    } else if (event->key() == Qt::Key_Escape && m_fate >= 0) {
        Q_EMIT fateChosen(m_cycle, -1);
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool FateBars::viewportEvent(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Hit hit = hitAt(help->pos());
    if (hit.step == nullptr || hit.fate < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(),
                           segmentText(hit.step->cycle, hit.later, static_cast<Fate>(hit.fate)), viewport());
    return true;
}

void FateBars::scrollContentsBy(int, int) {
    viewport()->update();
}

void FateBars::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    layOut();
    showChosen();
}

void FateBars::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateGeometry();
        layOut();
    }
}

}  // namespace saeception
