// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_chart.h"

#include "ui/format.h"
#include "ui/theme.h"

// QCustomPlot's header is written with Qt's keywords, which are switched off here.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace saeception {
namespace {

constexpr int frameMs = 80;  // faster than this the eye gains nothing and training loses a core
constexpr double hoverReach = 40;
const QString behindLayer = QStringLiteral("behind");

class NumberTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        // Ticks are round numbers: what is left of a sum of tenths is noise.
        const double rounded = std::abs(tick) < 1e-12 ? 0 : tick;
        if (std::abs(rounded) < 1e5 && std::abs(rounded) >= 1e-4)
            return QLocale(QLocale::English)
                .toString(rounded, 'g', 4)
                .replace(QLatin1Char('-'), QStringLiteral("−"));
        return numberText(rounded);
    }
};

QString kindText(CurveChart::Kind kind) {
    return kind == CurveChart::Kind::Training ? CurveChart::tr("training") : CurveChart::tr("validation");
}

// Adds the points from `first` on; 0 draws all anew.
void draw(QCPGraph& graph, const CurveBuffer& buffer, std::size_t first) {
    if (first == 0)
        graph.data()->clear();
    for (std::size_t i = first; i < buffer.size(); ++i)
        graph.data()->add(QCPGraphData(buffer.x()[i], buffer.y()[i]));
}

QFont scaled(QFont font, double factor) {
    font.setPointSizeF(font.pointSizeF() * factor);
    return font;
}

}  // namespace

CurveChart::CurveChart(const QString& title, const QString& emptyText, double smoothing, QWidget* parent)
    : QWidget(parent),
      m_smoothing(smoothing),
      m_firstEmptyText(emptyText),
      m_title(new QLabel(title, this)),
      m_readout(new QLabel(this)),
      m_plot(new QCustomPlot(this)),
      m_tracer(new QCPItemTracer(m_plot)) {
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    // On a Base background labels would take the colour of text fields.
    m_readout->setForegroundRole(QPalette::WindowText);
    m_readout->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(gridUnit, gridUnit / 2, gridUnit, 0);
    header->addWidget(m_title);
    header->addWidget(m_readout, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(header);
    column->addWidget(m_plot, 1);

    m_empty = new QLabel(emptyText, m_plot);
    m_empty->setForegroundRole(QPalette::WindowText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);

    m_plot->setMinimumSize(160, 96);
    m_plot->setAccessibleName(title);
    m_plot->setNoAntialiasingOnDrag(true);
    m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        const QSharedPointer<NumberTicker> ticker(new NumberTicker);
        ticker->setTickCount(axis == m_plot->xAxis ? 5 : 4);
        axis->setTicker(ticker);
        axis->setTickLabelFont(scaled(font(), 0.85));
        axis->setSubTicks(false);
        axis->setTickLength(0);
        axis->setTickLabelPadding(gridUnit / 2);
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
    }
    m_plot->xAxis->setRange(0, 1);
    m_plot->yAxis->setRange(0, 1);
    m_plot->axisRect()->setMinimumMargins(QMargins(gridUnit, gridUnit, gridUnit * 2, gridUnit / 2));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_plot->addLayer(behindLayer, m_plot->layer(QStringLiteral("grid")), QCustomPlot::limAbove);
    m_tracer->setStyle(QCPItemTracer::tsCircle);
    m_tracer->setSize(8);
    m_tracer->setVisible(false);
    m_tracer->position->setType(QCPItemPosition::ptPlotCoords);

    m_frame.setSingleShot(true);
    m_frame.setInterval(frameMs);
    connect(&m_frame, &QTimer::timeout, this, &CurveChart::drawFrame);
    connect(m_plot, &QCustomPlot::mouseWheel, this, [this] { m_following = false; });
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (event->buttons() & Qt::LeftButton)
            m_following = false;
        else
            hover(event->position());
    });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, &CurveChart::follow);
    connect(&Theme::instance(), &Theme::changed, this, &CurveChart::applyTheme);
    applyTheme();
}

void CurveChart::append(int cycle, Kind kind, double step, double value) {
    Curve& curve = curveFor({cycle, kind});
    if (!std::isfinite(value)) {
        ++m_notFinite;
        value = std::numeric_limits<double>::quiet_NaN();
    }
    if (curve.buffer.append(step, value))
        curve.drawn = 0;
    if (smooths(kind)) {
        double shown = value;
        if (std::isfinite(value)) {
            curve.average = m_smoothing * curve.average + (1 - m_smoothing) * value;
            curve.weight = m_smoothing * curve.weight + (1 - m_smoothing);
            shown = curve.average / curve.weight;
        }
        curve.smoothed.append(step, shown);
    }
    if (kind == Kind::Training || m_curves.size() == 1)
        m_newest = {cycle, kind};
    if (kind == Kind::Validation)
        m_newestValidation = {cycle, kind};
    requestFrame();
}

void CurveChart::clear() {
    m_tracer->setGraph(nullptr);
    m_tracer->setVisible(false);
    m_plot->clearGraphs();
    m_curves.clear();
    m_notFinite = 0;
    m_following = true;
    m_hovering = false;
    m_empty->setText(m_firstEmptyText);
    m_plot->xAxis->setRange(0, 1);
    m_plot->yAxis->setRange(0, 1);
    drawFrame();
}

void CurveChart::setEmptyText(const QString& text) {
    m_empty->setText(text);
}

void CurveChart::preferValidation() {
    m_prefersValidation = true;
}

QString CurveChart::title() const {
    return m_title->text();
}

QString CurveChart::readout() const {
    return m_readout->text();
}

std::size_t CurveChart::pointCount(int cycle, Kind kind) const {
    const auto found = m_curves.find({cycle, kind});
    return found == m_curves.end() ? 0 : found->second.buffer.size();
}

bool CurveChart::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_plot && event->type() == QEvent::Leave)
        leave();
    if (watched == m_plot && event->type() == QEvent::Resize)
        placeEmptyText();
    return QWidget::eventFilter(watched, event);
}

void CurveChart::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    drawFrame();
}

void CurveChart::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeEmptyText();
}

CurveChart::Curve& CurveChart::curveFor(const CurveKey& key) {
    const auto [place, isNew] = m_curves.try_emplace(key);
    if (isNew) {
        if (smooths(key.second)) {
            place->second.behind = m_plot->addGraph();
            // Below every cycle's line, not only its own.
            place->second.behind->setLayer(behindLayer);
        }
        place->second.graph = m_plot->addGraph();
        style(key, place->second);
    }
    return place->second;
}

void CurveChart::style(const CurveKey& key, Curve& curve) {
    const QColor colour = Theme::instance().series(key.first);
    const bool validation = key.second == Kind::Validation;
    curve.graph->setPen(QPen(colour, validation ? 1.5 : 1.75, validation ? Qt::DashLine : Qt::SolidLine));
    if (curve.behind != nullptr)
        curve.behind->setPen(QPen(mixed(colour, Theme::instance().colours().surface, 0.72), 1));
    // A lone point draws no line, and validation has few points, each worth seeing.
    curve.graph->setScatterStyle(validation || curve.buffer.size() == 1
                                     ? QCPScatterStyle(QCPScatterStyle::ssDisc, colour, validation ? 5 : 4)
                                     : QCPScatterStyle(QCPScatterStyle::ssNone));
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
    m_readout->setPalette(faint);
    m_empty->setPalette(faint);
    for (auto& [key, curve] : m_curves)
        style(key, curve);
    drawFrame();
}

void CurveChart::requestFrame() {
    if (isVisible() && !m_frame.isActive())
        m_frame.start();
}

void CurveChart::drawFrame() {
    for (auto& [key, curve] : m_curves) {
        const CurveBuffer& line = curve.behind != nullptr ? curve.smoothed : curve.buffer;
        draw(*curve.graph, line, curve.drawn);
        if (curve.behind != nullptr)
            draw(*curve.behind, curve.buffer, curve.drawn);
        const bool wasLone = curve.drawn <= 1;
        curve.drawn = curve.buffer.size();
        if (wasLone)
            style(key, curve);
    }
    m_empty->setVisible(m_curves.empty());
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis})
        axis->setVisible(!m_curves.empty());
    m_plot->yAxis->grid()->setVisible(!m_curves.empty());
    if (m_following)
        rescale();
    if (!m_hovering)
        leave();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurveChart::rescale() {
    double last = 1;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto& [key, curve] : m_curves) {
        if (curve.buffer.size() > 0)
            last = std::max(last, curve.buffer.x().back());
        for (const double value : curve.buffer.y()) {
            if (!std::isfinite(value))
                continue;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    m_plot->xAxis->setRange(0, last * 1.02);
    if (low > high)
        return;
    // A nearly constant curve stays nearly flat, on an axis whose labels differ.
    const double leastMargin = high == low && high == 0 ? 1 : std::max(std::abs(high), std::abs(low)) * 0.02;
    const double margin = std::max((high - low) * 0.08, leastMargin);
    m_plot->yAxis->setRange(low - margin, high + margin);
    if (low >= 0 && low - margin < 0)
        m_plot->yAxis->setRangeLower(0);
}

void CurveChart::follow() {
    m_following = true;
    drawFrame();
}

void CurveChart::hover(const QPointF& position) {
    double nearest = hoverReach;
    const Curve* found = nullptr;
    CurveKey foundKey{};
    QPointF foundPoint;
    const double key = m_plot->xAxis->pixelToCoord(position.x());
    for (const auto& [curveKey, curve] : m_curves) {
        const QCPGraphDataContainer& points = *curve.graph->data();
        auto point = points.findBegin(key, true);
        for (int step = 0; step < 3 && point != points.constEnd(); ++step, ++point) {
            const QPointF pixel(m_plot->xAxis->coordToPixel(point->key),
                                m_plot->yAxis->coordToPixel(point->value));
            const double distance = std::hypot(pixel.x() - position.x(), pixel.y() - position.y());
            if (distance < nearest) {
                nearest = distance;
                found = &curve;
                foundKey = curveKey;
                foundPoint = QPointF(point->key, point->value);
            }
        }
    }
    m_hovering = found != nullptr;
    if (!m_hovering) {
        leave();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    const QColor colour = Theme::instance().series(foundKey.first);
    m_tracer->setPen(QPen(colour, 2));
    m_tracer->setBrush(Theme::instance().colours().surface);
    m_tracer->position->setCoords(foundPoint);
    m_tracer->setVisible(true);
    m_readout->setText(tr("%1, %2, step %3: %4")
                           .arg(cycleText(foundKey.first), kindText(foundKey.second),
                                numberText(foundPoint.x()), numberText(foundPoint.y())));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurveChart::leave() {
    m_hovering = false;
    m_tracer->setVisible(false);
    QString text = headline();
    if (m_notFinite > 0)
        text = tr("Not finite: %1").arg(m_notFinite) + QStringLiteral(" · ") + text;
    m_readout->setText(text);
}

QString CurveChart::headline() const {
    auto shown = m_curves.end();
    if (m_prefersValidation && pointCount(m_newestValidation.first, Kind::Validation) > 0)
        shown = m_curves.find(m_newestValidation);
    else if (pointCount(m_newest.first, m_newest.second) > 0)
        shown = m_curves.find(m_newest);
    if (shown == m_curves.end())
        return {};
    const auto& [key, curve] = *shown;
    if (!m_prefersValidation)
        return numberText(curve.buffer.y().back());
    const CurveBuffer& line = smooths(key.second) ? curve.smoothed : curve.buffer;
    return kindText(key.second) + QLatin1Char(' ') + numberText(line.y().back());
}

void CurveChart::placeEmptyText() {
    m_empty->setGeometry(m_plot->rect().adjusted(gridUnit * 2, 0, -gridUnit * 2, 0));
}

}  // namespace saeception
