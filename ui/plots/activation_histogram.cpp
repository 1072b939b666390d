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
#include <utility>

namespace saeception {
namespace {

// On a log axis one token must still be a bar one can see.
constexpr double countFloor = 0.6;
constexpr std::size_t mostSideBySide = 3;

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

std::vector<std::uint32_t> ActivationHistogram::counts() const {
    std::vector<std::uint32_t> sum;
    for (const std::vector<std::uint32_t>& own : m_counts) {
        sum.resize(std::max(sum.size(), own.size()));
        for (std::size_t bin = 0; bin < own.size(); ++bin)
            sum[bin] += own[bin];
    }
    return sum;
}

void ActivationHistogram::setCounts(std::vector<std::vector<std::uint32_t>> counts, QStringList names,
                                    float upperEdge) {
    m_counts = std::move(counts);
    m_names = std::move(names);
    m_upperEdge = upperEdge;
    draw();
    const std::vector<std::uint32_t> all = this->counts();
    const quint64 total = std::accumulate(all.begin(), all.end(), quint64(0));
    setAccessibleDescription(
        tr("%1 activations between 0 and %2")
            .arg(QLocale().toString(total), QString::number(static_cast<double>(upperEdge), 'f', 2)));
}

void ActivationHistogram::draw() {
    for (QCPBars* bars : m_bars)
        m_plot->removePlottable(bars);
    m_bars.clear();
    const bool apart = m_counts.size() <= mostSideBySide;
    const std::vector<std::vector<std::uint32_t>> series =
        apart ? m_counts : std::vector<std::vector<std::uint32_t>>{counts()};
    const std::size_t bins = series.empty() ? 0 : series.front().size();
    const double binWidth = bins == 0 ? 1.0 : static_cast<double>(m_upperEdge) / static_cast<double>(bins);
    const double barWidth = 0.9 * binWidth / static_cast<double>(std::max<std::size_t>(1, series.size()));
    double largest = 1;
    for (std::size_t c = 0; c < series.size(); ++c) {
        auto* bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
        bars->setBaseValue(countFloor);
        bars->setWidth(barWidth);
        bars->setPen(Qt::NoPen);
        QVector<double> keys;
        QVector<double> values;
        const double offset =
            (static_cast<double>(c) - (static_cast<double>(series.size()) - 1) / 2) * barWidth;
        for (std::size_t bin = 0; bin < bins; ++bin) {
            if (series[c][bin] == 0)
                continue;
            keys.append((static_cast<double>(bin) + 0.5) * binWidth + offset);
            values.append(series[c][bin]);
            largest = std::max(largest, values.back());
        }
        bars->setData(keys, values, true);
        m_bars.push_back(bars);
    }
    m_plot->yAxis->setRange(countFloor, std::max(12.0, 1.5 * largest));
    m_plot->xAxis->setRange(0, m_upperEdge > 0 ? 1.01 * static_cast<double>(m_upperEdge) : 1.0);
    applyTheme();
}

QString ActivationHistogram::binDescription(double x) const {
    const QRect bars = m_plot->axisRect()->rect();
    const std::vector<std::uint32_t> all = counts();
    if (all.empty() || !(m_upperEdge > 0) || x < bars.left() || x > bars.right())
        return {};
    const double binWidth = static_cast<double>(m_upperEdge) / static_cast<double>(all.size());
    const double position = m_plot->xAxis->pixelToCoord(x) / binWidth;
    if (position < 0 || position >= static_cast<double>(all.size()))
        return {};
    const auto bin = static_cast<std::size_t>(position);
    const double from = static_cast<double>(bin) * binWidth;
    const QString range =
        tr("%1 – %2").arg(QString::number(from, 'f', 2), QString::number(from + binWidth, 'f', 2));
    QString text = all[bin] == 1 ? tr("%1: 1 token").arg(range)
                                 : tr("%1: %2 tokens").arg(range, QLocale().toString(all[bin]));
    if (m_counts.size() > 1 && all[bin] > 0) {
        QStringList parts;
        for (std::size_t c = 0; c < m_counts.size(); ++c)
            parts << m_names.value(static_cast<qsizetype>(c)) + QLatin1Char(' ') +
                         QLocale().toString(m_counts[c][bin]);
        text += QStringLiteral(" (%1)").arg(parts.join(QStringLiteral(", ")));
    }
    return text;
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
    for (std::size_t c = 0; c < m_bars.size(); ++c)
        // Shading alone is too faint for a mark (3:1) on the light page.
        m_bars[c]->setBrush(m_bars.size() > 1 ? Theme::instance().classColour(static_cast<int>(c))
                                              : mixed(colours.shading, colours.accent, 0.5));
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
