// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/fate_bars.h"

#include "ui/models/feature_words.h"
#include "ui/plots/fate_look.h"
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

constexpr int thick = 10;
constexpr int thin = 4;
constexpr int leastBar = 14 * gridUnit;

}  // namespace

int StepFates::alive(bool later) const {
    int alive = 0;
    for (const Fate fate : shownFates)
        alive += side(later)[static_cast<std::size_t>(fate)].features;
    return alive;
}

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
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("What became of the features in each step"));
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void FateBars::setSteps(std::vector<StepFates> steps) {
    m_steps = std::move(steps);
    QStringList described;
    for (const StepFates& step : m_steps)
        for (const bool later : {false, true})
            for (const Fate fate : shownFates)
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
    const int steps = std::clamp(static_cast<int>(m_steps.size()), 1, leastStepsShown);
    return {at.bar + leastBar + gridUnit + shownFateCount * at.countWidth,
            headerHeight() + steps * blockHeight()};
}

FateBars::Columns FateBars::columns() const {
    const QFontMetrics metrics = fontMetrics();
    const QString many = QLocale().toString(24'576);
    Columns at;
    at.side = metrics.horizontalAdvance(tr("Cycle %1 → %2").arg(88).arg(88)) + 3 * gridUnit;
    at.bar = at.side + metrics.horizontalAdvance(tr("%1 in cycle %2").arg(many).arg(88)) + gridUnit;
    at.countWidth = 2 * gridUnit;
    const int numbers =
        metrics.horizontalAdvance(many) + gridUnit + metrics.horizontalAdvance(firingsText(0.0088));
    int widest = numbers;
    for (const Fate fate : shownFates)
        for (const bool later : {false, true})
            widest = std::max(widest,
                              metrics.horizontalAdvance(fateTitle(fate, later)) + fateSwatch + gridUnit / 2);
    at.countWidth += widest;
    at.count = std::max(at.bar + leastBar + gridUnit, viewport()->width() - shownFateCount * at.countWidth);
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
    const FateSums& sums = step.side(later);
    const Columns at = columns();
    const double alive = step.alive(later);
    const int width = at.barEnd - at.bar;
    const int top = lineTop(indexOf(step.cycle), later) + (lineHeight() - thick - thin - 1) / 2;
    double from = 0;
    for (const Fate fate : shownFates) {
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
    const FateSums& sums = step.side(later);
    const FateSum& sum = sums[static_cast<std::size_t>(fate)];
    const QLocale locale;
    return tr("%1 %2 of %3 features of cycle %4 · %5 of firings")
        .arg(fateTitle(fate, later), locale.toString(sum.features), locale.toString(step.alive(later)))
        .arg(later ? cycle : cycle - 1)
        .arg(firingsText(sum.firings));
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
        for (int i = 0; i < shownFateCount; ++i) {
            const QRect bar = segmentIn(step, hit.later, shownFates[i], false);
            const QRect thinBar = segmentIn(step, hit.later, shownFates[i], true);
            const int left = at.count + i * at.countWidth;
            if ((!bar.isEmpty() && bar.adjusted(0, -3, 0, 0).contains(position)) ||
                (!thinBar.isEmpty() && thinBar.adjusted(0, 0, 0, 3).contains(position)) ||
                (position.x() >= left && position.x() < left + at.countWidth))
                hit.fate = static_cast<int>(shownFates[i]);
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
    if (hit.fate < 0 || hit.step->side(hit.later)[static_cast<std::size_t>(hit.fate)].features == 0) {
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
