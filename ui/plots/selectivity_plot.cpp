// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/selectivity_plot.h"

#include "ui/models/change_text.h"
#include "ui/plots/plot_input.h"
#include "ui/plots/plot_overlay.h"
#include "ui/theme.h"

#include <QEvent>
#include <QLabel>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr double reach = 10;        // pixels from the mouse to a dot
constexpr double linearStep = 0.2;  // whose multiple a linear axis reaches to
constexpr double margin = 0.03;     // of the range, that dots at its ends lie whole within

// Plain numbers at powers of ten, with 2 and 5 between where there is room.
class PlainTicker : public QCPAxisTicker {
public:
    PlainTicker(const QCPAxis* axis, bool logarithmic) : m_axis(axis), m_logarithmic(logarithmic) {
        setTickCount(5);
    }

protected:
    QVector<double> createTickVector(double step, const QCPRange& range) override {
        const double decades = m_logarithmic ? std::log10(range.upper / range.lower) : 0;
        if (!m_logarithmic || decades < 0.8)
            return QCPAxisTicker::createTickVector(step, range);
        // Ticks are chosen before the axes are laid out: what stands beside this one is reckoned, not asked.
        const QSize size = m_axis->parentPlot()->size();
        const QFontMetrics metrics(m_axis->tickLabelFont());
        const QString first = QStringLiteral("≤ 0.000001");
        const bool across = m_axis->orientation() == Qt::Horizontal;
        const double label =
            across ? metrics.horizontalAdvance(first + QStringLiteral("0.00001")) / 2.0 + gridUnit
                   : 1.5 * metrics.height();
        const double room = across ? size.width() - metrics.horizontalAdvance(first) - 7 * gridUnit
                                   : size.height() - 3 * metrics.height() - 2 * gridUnit;
        const double decade = std::max(1.0, room) / decades;
        const int every = std::max(1, static_cast<int>(std::ceil(label / decade)));
        const bool fine = decade > 3.5 * label;
        QVector<double> ticks;
        for (int power = static_cast<int>(std::floor(std::log10(range.lower)));
             power <= static_cast<int>(std::ceil(std::log10(range.upper))); ++power)
            for (const double digit : {1.0, 2.0, 5.0})
                if (const double tick = digit * std::pow(10.0, power);
                    ((power % every) + every) % every == 0 && (digit == 1 || fine) &&
                    tick >= 0.999 * range.lower && tick <= range.upper)
                    ticks.append(tick);
        return ticks;
    }
    QVector<double> createSubTickVector(int, const QVector<double>&) override { return {}; }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        if (std::abs(tick) < 1e-12)
            return QStringLiteral("0");
        const QString number =
            QString::number(tick, 'g', 4).contains(QLatin1Char('e'))
                ? QString::number(tick, 'f', -static_cast<int>(std::floor(std::log10(tick) + 1e-9)))
                : QString::number(tick, 'g', 4);
        return m_logarithmic && tick < 1.001 * SelectivityPlot::leastShown ? QStringLiteral("≤ ") + number
                                                                           : number;
    }

private:
    const QCPAxis* m_axis;
    bool m_logarithmic;
};

}  // namespace

SelectivityPlot::SelectivityPlot(Scale scale, QWidget* parent)
    : QWidget(parent),
      m_scale(scale),
      m_title(new QLabel(this)),
      m_text(new QLabel(this)),
      m_plot(new QCustomPlot(this)),
      m_dots(new DotPlottable(m_plot->xAxis, m_plot->yAxis)),
      m_rings(new DotRings(m_plot, m_dots)),
      m_diagonal(new QCPItemStraightLine(m_plot)),
      m_overlay(new PlotOverlay(m_plot)),
      m_input(new PlotInput(m_plot)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_text->setObjectName(QStringLiteral("plotText"));
    m_text->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_plot, 1);
    m_plot->setMinimumSize(24 * gridUnit, 18 * gridUnit);
    m_plot->setFocusPolicy(Qt::NoFocus);
    const bool logarithmic = scale == Scale::Logarithmic;
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
        axis->setTicker(QSharedPointer<PlainTicker>::create(axis, logarithmic));
    }
    m_plot->axisRect()->setMinimumMargins(QMargins(0, gridUnit, 2 * gridUnit, 0));
    m_diagonal->setLayer(QStringLiteral("grid"));
    m_diagonal->setSelectable(false);
    connect(m_input, &PlotInput::hovered, this, &SelectivityPlot::hover);
    connect(m_input, &PlotInput::left, this, [this] { hover({-100, -100}); });
    connect(m_input, &PlotInput::boxChanged, this, [this](const QRectF& box) {
        m_overlay->setBox(box);
        m_overlay->redraw();
    });
    connect(m_input, &PlotInput::showRequested, this, &SelectivityPlot::zoom);
    connect(m_input, &PlotInput::resetRequested, this, [this] {
        fitRange();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    });
    connect(m_input, &PlotInput::clicked, this, [this](const QPointF& position) {
        if (const int dot = m_dots->nearest(position, reach); dot >= 0)
            Q_EMIT dotClicked(m_dots->dots()[static_cast<std::size_t>(dot)].id);
    });
    fitRange();
    applyTheme();
}

void SelectivityPlot::setHeading(const QString& title, const QString& text) {
    m_title->setText(title);
    m_text->setText(text);
    setAccessibleName(title);
    setAccessibleDescription(text);
}

QString SelectivityPlot::text() const {
    return m_text->text();
}

void SelectivityPlot::setAxisNames(const QString& before, const QString& after) {
    m_plot->xAxis->setLabel(before);
    m_plot->yAxis->setLabel(after);
}

void SelectivityPlot::setDots(std::vector<ScatterDot> dots) {
    if (m_scale == Scale::Logarithmic)
        for (ScatterDot& dot : dots) {
            dot.x = std::max(dot.x, leastShown);
            dot.y = std::max(dot.y, leastShown);
        }
    m_dots->setDots(std::move(dots));
    m_rings->setHovered(-1);
    m_rings->setChosen(dotOf(m_chosen));
    fitRange();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

int SelectivityPlot::dotOf(int id) const {
    const auto& dots = m_dots->dots();
    const auto found =
        std::find_if(dots.begin(), dots.end(), [id](const ScatterDot& dot) { return dot.id == id; });
    return id < 0 || found == dots.end() ? -1 : static_cast<int>(found - dots.begin());
}

void SelectivityPlot::setChosen(int id) {
    m_chosen = id;
    m_rings->setChosen(dotOf(id));
    m_rings->redraw();
}

QPoint SelectivityPlot::positionOf(int id) const {
    const int dot = dotOf(id);
    return dot < 0 ? QPoint() : m_dots->pixelOf(dot).toPoint();
}

void SelectivityPlot::fitRange() {
    if (m_scale == Scale::Linear) {
        double most = linearStep;
        for (const ScatterDot& dot : m_dots->dots())
            most = std::max({most, dot.x, dot.y});
        most = std::min(1.0, linearStep * std::ceil(most / linearStep));
        m_full = QCPRange(-margin * most, (1 + margin) * most);
    } else {
        double least = 0.1;
        double most = 10 * leastShown;
        for (const ScatterDot& dot : m_dots->dots()) {
            least = std::min({least, dot.x, dot.y});
            most = std::max({most, dot.x, dot.y});
        }
        least = std::pow(10.0, std::floor(std::log10(std::min(least, 0.1 * most)) + 1e-9));
        const double spare = std::pow(most / least, margin);
        m_full = QCPRange(least / spare, most * spare);
    }
    m_plot->xAxis->setRange(m_full);
    m_plot->yAxis->setRange(m_full);
    m_diagonal->point1->setCoords(m_full.lower, m_full.lower);
    m_diagonal->point2->setCoords(m_full.upper, m_full.upper);
}

void SelectivityPlot::hover(const QPointF& position) {
    const int dot = m_dots->nearest(position, reach);
    if (dot < 0)
        QToolTip::hideText();
    else if (m_describe)
        QToolTip::showText(m_plot->mapToGlobal(position.toPoint()),
                           m_describe(m_dots->dots()[static_cast<std::size_t>(dot)].id), m_plot);
    if (dot == m_rings->hovered())
        return;
    m_rings->setHovered(dot);
    m_rings->redraw();
}

void SelectivityPlot::zoom(const QRectF& pixels) {
    const auto show = [this](QCPAxis* axis, double from, double to) {
        const QCPRange wanted(std::max(m_full.lower, axis->pixelToCoord(from)),
                              std::min(m_full.upper, axis->pixelToCoord(to)));
        if (wanted.lower < wanted.upper)
            axis->setRange(wanted);
    };
    show(m_plot->xAxis, pixels.left(), pixels.right());
    show(m_plot->yAxis, pixels.bottom(), pixels.top());
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void SelectivityPlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        applyTheme();
}

void SelectivityPlot::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = m_text->palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_text->setPalette(faint);
    m_plot->setBackground(colours.window);
    m_plot->axisRect()->setBackground(colours.surface);
    m_diagonal->setPen(QPen(mixed(colours.separator, colours.faintText, 0.5), 1));
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
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace saeception
