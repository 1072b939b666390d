// SPDX-License-Identifier: GPL-3.0-or-later
// How a chart is made and drawn; what the user does to it is in curve_chart_actions.cpp.
#include "ui/plots/curve_chart.h"

#include "ui/format.h"
#include "ui/models/curve_range.h"
#include "ui/plots/curve_plottable.h"
#include "ui/plots/curve_ticker.h"
#include "ui/plots/plot_input.h"
#include "ui/plots/plot_overlay.h"
#include "ui/theme.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int leastFrameMs = 100;  // faster than this the eye gains nothing and training loses a core
constexpr int mostFrameMs = 2000;
constexpr int idleShare = 60;  // a chart waits this many times as long as it took to draw
constexpr int leftMargin = 6 * gridUnit;

QFont scaled(QFont font, double factor) {
    font.setPointSizeF(font.pointSizeF() * factor);
    return font;
}

}  // namespace

CurveChart::CurveChart(ChartSpec spec, CurveStore& store, QWidget* parent)
    : QWidget(parent),
      m_spec(std::move(spec)),
      m_store(store),
      m_title(new QLabel(m_spec.title, this)),
      m_readout(new QLabel(this)),
      m_more(new QToolButton(this)),
      m_plot(new QCustomPlot(this)),
      m_frameMs(leastFrameMs),
      m_emptyText(m_spec.emptyText) {
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    // On a Base background labels would take the colour of text fields.
    m_readout->setForegroundRole(QPalette::WindowText);
    m_readout->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_more->setText(QStringLiteral("⋯"));
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::NoFocus);
    m_more->setToolTip(tr("Pin, maximise, save (menu key)"));
    m_more->setAccessibleName(tr("Menu of chart %1").arg(m_spec.title));
    m_more->setFixedSize(3 * gridUnit, fontMetrics().height() + gridUnit / 2);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(gridUnit, gridUnit / 2, gridUnit / 2, 0);
    header->setSpacing(gridUnit / 2);
    header->addWidget(m_title);
    header->addWidget(m_readout, 1);
    header->addWidget(m_more);
    auto* column = new QVBoxLayout(this);
    // The frame of the focus lies in the margin.
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addLayout(header);
    column->addWidget(m_plot, 1);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Chart: %1").arg(m_spec.title));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);

    makePlot();
    makeActions();
    m_frame.setSingleShot(true);
    connect(&m_frame, &QTimer::timeout, this, [this] { drawFrame(); });
    connect(&m_store, &CurveStore::pointsArrived, this, &CurveChart::requestFrame);
    // At once: what was drawn until now may be gone.
    connect(&m_store, &CurveStore::linesChanged, this, &CurveChart::collect);
    connect(&m_store, &CurveStore::viewChanged, this, &CurveChart::applyView);
    connect(&Theme::instance(), &Theme::changed, this, &CurveChart::applyTheme);
    collect();
    applyView();
    applyTheme();
}

void CurveChart::makePlot() {
    m_empty = new QLabel(m_plot);
    m_empty->setForegroundRole(QPalette::WindowText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setMinimumSize(160, 96);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setAccessibleName(m_spec.title);
    m_plot->setPlottingHint(QCP::phCacheLabels);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelFont(scaled(font(), 0.85));
        axis->setSubTicks(false);
        axis->setTickLength(0);
        axis->setTickLabelPadding(gridUnit / 2);
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setRange(0, 1);
    }
    // A common left margin lets charts above each other line up.
    m_plot->axisRect()->setMinimumMargins(QMargins(leftMargin, gridUnit, gridUnit * 2, gridUnit / 2));
    m_curves = new CurvePlottable(m_plot->xAxis, m_plot->yAxis);
    m_overlay = new PlotOverlay(m_plot);

    auto* input = new PlotInput(m_plot);
    connect(input, &PlotInput::hovered, this, &CurveChart::hoverAt);
    connect(input, &PlotInput::left, this, &CurveChart::hoverLeft);
    connect(input, &PlotInput::showRequested, this, &CurveChart::showPixels);
    connect(input, &PlotInput::resetRequested, this, &CurveChart::reset);
    connect(input, &PlotInput::boxChanged, this, [this](const QRectF& box) {
        m_overlay->setBox(box);
        m_overlay->redraw();
    });
    m_plot->installEventFilter(this);
}

void CurveChart::setEmptyText(const QString& text) {
    m_emptyText = text;
    m_stale = true;
    requestFrame();
}

QString CurveChart::emptyText() const {
    return m_emptyText;
}

QString CurveChart::readout() const {
    return m_readout->text();
}

std::size_t CurveChart::pointCount(int run, const std::string& tag, int cycle) const {
    for (const ShownLine& line : m_lines)
        if (line.run == run && line.tag->tag == tag && line.cycle == cycle)
            return line.line->series.size();
    return 0;
}

void CurveChart::collect() {
    m_lines = m_store.lines(m_spec);
    m_values.reset();
    // The plottable's pointers may be dangling: none until the next frame.
    m_curves->setLines({}, m_axis, {});
    m_stale = true;
    requestNow();
}

void CurveChart::applyView() {
    const CurveView& view = m_store.view();
    const bool otherAxes = view.axis != m_axis || view.logarithmic != m_logarithmic;
    m_values.reset();
    m_axis = view.axis;
    m_logarithmic = view.logarithmic;
    m_plot->xAxis->setTicker(tickerFor(m_axis, 5));
    m_plot->yAxis->setTicker(QSharedPointer<ValueTicker>::create(4, m_logarithmic));
    m_plot->yAxis->setScaleType(m_logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    m_stale = true;
    if (otherAxes)
        reset();
    else
        requestNow();
}

void CurveChart::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    m_plot->setBackground(QBrush(colours.surface));
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelColor(colours.faintText);
        axis->grid()->setPen(QPen(colours.grid, 1));
        axis->grid()->setZeroLinePen(QPen(colours.separator, 1));
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->xAxis->setBasePen(QPen(colours.separator, 1));
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    faint.setColor(QPalette::ButtonText, colours.faintText);
    m_readout->setPalette(faint);
    m_empty->setPalette(faint);
    m_more->setPalette(faint);
    drawFrame(true);
}

std::uint64_t CurveChart::pointsEver() const {
    std::uint64_t points = 0;
    for (const ShownLine& line : m_lines)
        points += line.line->series.appended() + (std::uint64_t(line.line->series.revision()) << 32);
    return points;
}

bool CurveChart::canBeSeen() const {
    return isVisible() && !visibleRegion().isEmpty();
}

void CurveChart::requestFrame() {
    if (!m_frame.isActive())
        m_frame.start(m_frameMs);
}

void CurveChart::requestNow() {
    m_frame.start(0);
}

void CurveChart::drawFrame(bool always) {
    m_stale = m_stale || always || pointsEver() != m_drawn;
    // A chart that is scrolled out of sight draws once it is painted again.
    if (!m_stale || !(canBeSeen() || always))
        return;
    QElapsedTimer clock;
    clock.start();
    m_stale = false;
    if (m_drawn != pointsEver())
        m_values.reset();
    m_drawn = pointsEver();
    const double smoothing = m_store.view().smoothing;
    std::vector<DrawnLine> drawn;
    for (const ShownLine& line : m_lines) {
        const bool smoothed = smoothing > 0 && line.tag->smoothed;
        drawn.push_back({&line.line->series, smoothed ? &line.line->smoothed : nullptr, smoothing,
                         m_store.colour(line.run, line.cycle), line.tag->validation});
        drawn.back().shown();
    }
    m_curves->setLines(std::move(drawn), m_axis, Theme::instance().colours().surface);
    const bool any = std::any_of(m_lines.begin(), m_lines.end(),
                                 [](const ShownLine& line) { return line.line->series.size() > 0; });
    QString message = any ? QString() : m_emptyText;
    if (any && m_following)
        rescale();
    if (any && m_logarithmic && valuesToShow().isEmpty())
        message = tr("No value above zero to show on a logarithmic axis.");
    m_empty->setText(message);
    m_empty->setVisible(!message.isEmpty());
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis})
        axis->setVisible(any);
    m_plot->yAxis->grid()->setVisible(any);
    updateHeader();
    // The view has moved beneath the crosshair.
    if (m_crosshair)
        setCrosshair(*m_crosshair);
    m_plot->replot(QCustomPlot::rpQueuedRefresh);
    m_frameMs = std::clamp(static_cast<int>(clock.elapsed()) * idleShare, leastFrameMs, mostFrameMs);
}

const CurveExtent& CurveChart::valuesToShow() {
    if (!m_values) {
        std::vector<const CurveSeries*> series;
        for (const ShownLine& line : m_lines)
            series.push_back(&line.line->series);
        m_values = valueRange(series, {m_logarithmic, m_store.view().ignoreOutliers});
    }
    return *m_values;
}

void CurveChart::rescale() {
    double first = std::numeric_limits<double>::infinity();
    double last = -first;
    for (const ShownLine& line : m_lines) {
        const CurveSeries& own = line.line->series;
        if (own.size() == 0)
            continue;
        first = std::min(first, own.x(m_axis, 0));
        last = std::max(last, own.x(m_axis, own.size() - 1));
    }
    if (m_axis != CurveAxis::Wall)
        first = std::min(first, 0.0);
    if (!(last > first))
        last = first + 1;
    const double margin = (last - first) * 0.02;
    m_plot->xAxis->setRange(first == 0 ? 0 : first - margin, last + margin);
    if (valuesToShow().isEmpty()) {
        m_plot->yAxis->setRange(m_logarithmic ? 0.1 : 0, 1);
        return;
    }
    const CurveExtent wide = withMargin(valuesToShow(), m_logarithmic);
    m_plot->yAxis->setRange(wide.low, wide.high);
}

void CurveChart::updateHeader() {
    std::uint64_t notFinite = 0;
    const ShownLine* newest = nullptr;
    bool severalRuns = false;
    for (const ShownLine& line : m_lines) {
        notFinite += line.line->series.notFiniteSeen();
        severalRuns = severalRuns || line.run != m_lines.front().run;
        // Validation first, then the latest cycle.
        if (line.line->series.size() > 0 &&
            (newest == nullptr ||
             std::pair(line.tag->validation, line.cycle) > std::pair(newest->tag->validation, newest->cycle)))
            newest = &line;
    }
    QStringList parts;
    if (notFinite > 0)
        parts.append(tr("Not finite: %1").arg(notFinite));
    if (newest != nullptr && !severalRuns) {
        const bool smoothed = m_store.view().smoothing > 0 && newest->tag->smoothed;
        const double value = smoothed && !newest->line->smoothed.values().empty()
                                 ? newest->line->smoothed.values().back()
                                 : newest->line->series.value(newest->line->series.size() - 1);
        parts.append(m_spec.tags.size() > 1 ? newest->tag->kind + QLatin1Char(' ') + numberText(value)
                                            : numberText(value));
    }
    m_readout->setText(parts.join(QStringLiteral(" · ")));
    const QString newestText = parts.isEmpty() ? m_emptyText : parts.join(QStringLiteral(", "));
    if (accessibleDescription() != newestText)
        setAccessibleDescription(newestText);
}

bool CurveChart::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_plot && event->type() == QEvent::Paint && (m_stale || pointsEver() != m_drawn))
        requestFrame();
    if (watched == m_plot && event->type() == QEvent::Resize) {
        placeEmptyText();
        // The crosshair has to move with the axis.
        m_stale = m_stale || m_crosshair.has_value();
        if (m_stale)
            requestNow();
    }
    return QWidget::eventFilter(watched, event);
}

void CurveChart::paintEvent(QPaintEvent* event) {
    QWidget::paintEvent(event);
    if (!hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(Theme::instance().colours().accent, 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void CurveChart::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    requestNow();
}

void CurveChart::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeEmptyText();
}

void CurveChart::placeEmptyText() {
    m_empty->setGeometry(m_plot->rect().adjusted(gridUnit * 2, 0, -gridUnit * 2, 0));
}

}  // namespace saeception
