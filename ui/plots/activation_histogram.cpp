// SPDX-License-Identifier: GPL-3.0-or-later
// The histogram of one feature's activations, on QCustomPlot.
#include "ui/plots/activation_histogram.h"

#include "ui/theme.h"

#include <QHelpEvent>
#include <QLocale>
#include <QToolTip>
#include <QVBoxLayout>

// QCustomPlot's header is written with Qt's keywords, which our targets switch off.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef foreach
#undef slots
#undef signals

#include <algorithm>
#include <cmath>
#include <numeric>

namespace saeception {
namespace {

// On a log axis one token must still be a bar one can see.
constexpr double countFloor = 0.6;

/// Counts in words people use: 1, 2, 5, 10, 100, 1 k, 10 k.
class CountTicker : public QCPAxisTicker {
public:
    explicit CountTicker(const QCPAxis* axis) : m_axis(axis) {}

protected:
    QVector<double> createTickVector(double, const QCPRange& range) override {
        // Ticks are chosen before the axes are laid out: what stands below this one is reckoned, not asked.
        const int line = QFontMetrics(m_axis->tickLabelFont()).height();
        const double pixels = m_axis->parentPlot()->height() - 2 * line - 3 * gridUnit;
        const std::vector<double> ticks = countTicks(range.lower, range.upper, pixels, 1.1 * line);
        return {ticks.begin(), ticks.end()};
    }
    QVector<double> createSubTickVector(int, const QVector<double>&) override { return {}; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        if (tick >= 1e6)
            return QString::number(tick / 1e6, 'g', 3) + QStringLiteral(" M");
        if (tick >= 1e3)
            return QString::number(tick / 1e3, 'g', 3) + QStringLiteral(" k");
        return QString::number(tick, 'f', 0);
    }

private:
    const QCPAxis* m_axis;
};

}  // namespace

std::vector<double> countTicks(double lowest, double highest, double pixels, double spacing) {
    const double decade = std::max(1.0, pixels) / std::log10(highest / lowest);
    const bool fine = highest <= 100 * std::max(1.0, lowest) && decade * std::log10(2.0) >= spacing;
    const double step = fine ? 10 : std::pow(10.0, std::max(1.0, std::ceil(spacing / decade)));
    std::vector<double> ticks;
    for (double power = 1; power <= highest; power *= step)
        for (const double digit : {1.0, 2.0, 5.0})
            if ((fine || digit == 1) && digit * power >= lowest && digit * power <= highest)
                ticks.push_back(digit * power);
    return ticks;
}

ActivationHistogram::ActivationHistogram(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
    m_bars->setBaseValue(countFloor);
    m_plot->xAxis->setLabel(tr("Activation"));
    m_plot->yAxis->setLabel(tr("Tokens (log)"));
    m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->yAxis->setTicker(QSharedPointer<CountTicker>::create(m_plot->yAxis));
    m_plot->xAxis->setNumberFormat(QStringLiteral("gb"));
    m_plot->axisRect()->setMinimumMargins(QMargins(0, 4, gridUnit, 0));
    setAccessibleName(tr("Histogram of activations"));
    applyTheme();
}

QSize ActivationHistogram::minimumSizeHint() const {
    return {30 * gridUnit, fontMetrics().height() * 3 + 10 * gridUnit};
}

void ActivationHistogram::setCounts(std::span<const std::uint32_t> counts, float upperEdge) {
    m_counts.assign(counts.begin(), counts.end());
    m_upperEdge = upperEdge;

    QVector<double> keys;
    QVector<double> values;
    const double binWidth =
        m_counts.empty() ? 1.0 : static_cast<double>(upperEdge) / static_cast<double>(m_counts.size());
    for (std::size_t bin = 0; bin < m_counts.size(); ++bin) {
        if (m_counts[bin] == 0)
            continue;
        keys.append((static_cast<double>(bin) + 0.5) * binWidth);
        values.append(m_counts[bin]);
    }
    m_bars->setData(keys, values, true);
    m_bars->setWidth(0.9 * binWidth);
    const double largest = keys.isEmpty() ? 1.0 : *std::max_element(values.cbegin(), values.cend());
    m_plot->yAxis->setRange(countFloor, std::max(12.0, 1.5 * largest));
    m_plot->xAxis->setRange(0, upperEdge > 0 ? 1.01 * static_cast<double>(upperEdge) : 1.0);
    m_plot->replot(QCustomPlot::rpQueuedReplot);

    const quint64 total = std::accumulate(m_counts.begin(), m_counts.end(), quint64(0));
    setAccessibleDescription(
        tr("%1 activations between 0 and %2")
            .arg(QLocale().toString(total), QString::number(static_cast<double>(upperEdge), 'f', 2)));
}

QString ActivationHistogram::binDescription(double x) const {
    const QRect bars = m_plot->axisRect()->rect();
    if (m_counts.empty() || !(m_upperEdge > 0) || x < bars.left() || x > bars.right())
        return {};
    const double binWidth = static_cast<double>(m_upperEdge) / static_cast<double>(m_counts.size());
    const double position = m_plot->xAxis->pixelToCoord(x) / binWidth;
    if (position < 0 || position >= static_cast<double>(m_counts.size()))
        return {};
    const auto bin = static_cast<std::size_t>(position);
    const double from = static_cast<double>(bin) * binWidth;
    const QString range =
        tr("%1 – %2").arg(QString::number(from, 'f', 2), QString::number(from + binWidth, 'f', 2));
    return m_counts[bin] == 1 ? tr("%1: 1 token").arg(range)
                              : tr("%1: %2 tokens").arg(range, QLocale().toString(m_counts[bin]));
}

bool ActivationHistogram::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = binDescription(help->pos().x());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this, QRect(help->pos(), QSize(2, 2)));
        return true;
    }
    return QWidget::event(event);
}

void ActivationHistogram::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        applyTheme();
}

void ActivationHistogram::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    m_plot->setBackground(colours.window);
    m_bars->setPen(Qt::NoPen);
    // Shading alone is too faint for a mark (3:1) on the light page.
    m_bars->setBrush(mixed(colours.shading, colours.accent, 0.5));
    QFont small = font();
    if (small.pointSizeF() > 0)
        small.setPointSizeF(0.9 * small.pointSizeF());
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setLabelColor(colours.faintText);
        axis->setTickLabelColor(colours.faintText);
        axis->setLabelFont(small);
        axis->setTickLabelFont(small);
        axis->setBasePen(QPen(colours.separator));
        axis->setTickPen(QPen(colours.separator));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0, 3);
        axis->grid()->setPen(QPen(colours.grid));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace saeception
