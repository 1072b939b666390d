// SPDX-License-Identifier: GPL-3.0-or-later
// What the user does to a chart: zoom, crosshair, pin, maximise, save.
#include "ui/jobs/in_background.h"
#include "ui/plots/curve_chart.h"
#include "ui/plots/curve_export.h"
#include "ui/plots/curve_plottable.h"
#include "ui/plots/plot_input.h"
#include "ui/plots/plot_overlay.h"
#include "ui/theme.h"

#include <QAction>
#include <QBuffer>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr double pictureScale = 2;  // of a PNG, so that it stays sharp in a document
const QSize leastPicture(720, 420);
constexpr double keyStep = 0.02;  // of the chart's width, for the crosshair
constexpr double keyPan = 0.1;    // of the chart's width or height
constexpr double keyZoom = 0.8;
constexpr double narrowest = 1e-10;  // of the magnitude of an axis' ends: doubles can tell no more apart

bool canShow(const QCPRange& range, bool logarithmic) {
    const double magnitude = std::max(std::abs(range.lower), std::abs(range.upper));
    return QCPRange::validRange(range) && range.size() > magnitude * narrowest &&
           (!logarithmic || range.lower > 0);
}

}  // namespace

void CurveChart::makeActions() {
    m_menu = new QMenu(this);
    const auto add = [this](QMenu* menu, const QString& text, const QKeySequence& key, auto does) {
        QAction* action = menu->addAction(text, this, does);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetShortcut);
        addAction(action);
        return action;
    };
    m_pinAction = add(m_menu, tr("Pin to the top"), Qt::Key_P, [this] { Q_EMIT pinRequested(!m_pinned); });
    m_maximiseAction =
        add(m_menu, tr("Maximise"), Qt::Key_Return, [this] { Q_EMIT maximiseRequested(!m_maximised); });
    add(m_menu, tr("Show all and follow"), Qt::Key_0, [this] { reset(); });
    m_menu->addSeparator();
    add(m_menu, tr("Save as PNG…"), QKeySequence(QStringLiteral("Ctrl+S")),
        [this] { chooseFile(QStringLiteral("png")); });
    add(m_menu, tr("Save as SVG…"), {}, [this] { chooseFile(QStringLiteral("svg")); });
    add(m_menu, tr("Save as PDF…"), {}, [this] { chooseFile(QStringLiteral("pdf")); });
    add(m_menu, tr("Save all points as CSV…"), QKeySequence(QStringLiteral("Ctrl+Shift+S")),
        [this] { chooseFile(QStringLiteral("csv")); });
    connect(m_more, &QToolButton::clicked, this,
            [this] { m_menu->popup(m_more->mapToGlobal(m_more->rect().bottomLeft())); });
}

void CurveChart::setPinned(bool pinned) {
    m_pinned = pinned;
    m_pinAction->setText(pinned ? tr("Unpin") : tr("Pin to the top"));
}

void CurveChart::setMaximised(bool maximised) {
    m_maximised = maximised;
    m_maximiseAction->setText(maximised ? tr("Back to all charts") : tr("Maximise"));
}

void CurveChart::reset() {
    m_following = true;
    m_stale = true;
    requestNow();
}

void CurveChart::showPixels(const QRectF& pixels) {
    if (m_lines.empty())
        return;
    const QCPRange keys(m_plot->xAxis->pixelToCoord(pixels.left()),
                        m_plot->xAxis->pixelToCoord(pixels.right()));
    const QCPRange values(m_plot->yAxis->pixelToCoord(pixels.bottom()),
                          m_plot->yAxis->pixelToCoord(pixels.top()));
    if (!canShow(keys, false) || !canShow(values, m_logarithmic))
        return;
    m_following = false;
    m_stale = true;
    m_plot->xAxis->setRange(keys);
    m_plot->yAxis->setRange(values);
    requestNow();
}

void CurveChart::hoverAt(const QPointF& plotPixel) {
    Q_EMIT hovered(m_plot->xAxis->pixelToCoord(plotPixel.x()), m_plot->mapTo(this, plotPixel.toPoint()));
}

void CurveChart::setCrosshair(double x) {
    m_crosshair = x;
    std::vector<PlotOverlay::Dot> dots;
    for (const DrawnLine& line : m_curves->lines()) {
        if (line.series->size() == 0)
            continue;
        const std::size_t i = line.series->nearest(m_axis, x);
        const double value = line.shown()[i];
        if (std::isfinite(value) && (!m_logarithmic || value > 0))
            dots.push_back({QPointF(m_plot->xAxis->coordToPixel(line.series->x(m_axis, i)),
                                    m_plot->yAxis->coordToPixel(value)),
                            line.colour});
    }
    m_overlay->setCrosshair(m_plot->xAxis->coordToPixel(x), std::move(dots));
    if (canBeSeen())
        m_overlay->redraw();
}

void CurveChart::clearCrosshair() {
    if (!m_crosshair)
        return;
    m_crosshair.reset();
    m_overlay->clearCrosshair();
    m_overlay->redraw();
}

std::vector<HoverRow> CurveChart::rowsAt(double x, double y) const {
    std::vector<HoverRow> rows;
    double best = std::numeric_limits<double>::infinity();
    std::size_t nearest = 0;
    const double smoothing = m_store.view().smoothing;
    for (const ShownLine& line : m_lines) {
        const CurveSeries& series = line.line->series;
        if (series.size() == 0)
            continue;
        const std::size_t i = series.nearest(m_axis, x);
        HoverRow row;
        row.colour = m_store.colour(line.run, line.cycle);
        row.dashed = line.tag->validation;
        const bool named = m_spec.tags.size() > 1 && line.tag->validation;
        row.name = named ? tr("%1, %2").arg(line.name, line.tag->kind) : line.name;
        row.value = series.value(i);
        const bool smoothed = smoothing > 0 && line.tag->smoothed;
        if (smoothed)
            line.line->smoothed.update(series, smoothing);
        row.smoothed = smoothed ? line.line->smoothed.values()[i] : std::numeric_limits<double>::quiet_NaN();
        row.step = series.step(i);
        row.seconds = series.relativeTime(i);
        row.wallTime = series.wallTime(i);
        const double shown = smoothed ? row.smoothed : row.value;
        const double distance = std::abs(m_plot->yAxis->coordToPixel(shown) + m_plot->y() - y);
        row.distance = std::isfinite(distance) ? distance : std::numeric_limits<double>::max();
        if (distance < best) {
            best = distance;
            nearest = rows.size();
        }
        rows.push_back(std::move(row));
    }
    if (std::isfinite(best))
        rows[nearest].nearest = rows.size() > 1;
    return rows;
}

void CurveChart::moveCrosshair(double pixels) {
    const QRectF area = plotArea(*m_plot);
    const double from = m_crosshair ? m_plot->xAxis->coordToPixel(*m_crosshair) : area.center().x() - pixels;
    hoverAt(QPointF(std::clamp(from + pixels, area.left(), area.right() - 1), area.center().y()));
}

void CurveChart::keyPressEvent(QKeyEvent* event) {
    const QRectF area = plotArea(*m_plot);
    const bool pan = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right: {
            const double sign = event->key() == Qt::Key_Left ? -1 : 1;
            if (pan)
                showPixels(area.translated(sign * keyPan * area.width(), 0));
            else
                moveCrosshair(sign * keyStep * area.width());
            return;
        }
        case Qt::Key_Up:
        case Qt::Key_Down:
            if (!pan)
                break;  // scrolls the page
            showPixels(area.translated(0, (event->key() == Qt::Key_Up ? -1 : 1) * keyPan * area.height()));
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
        case Qt::Key_Minus: {
            const double factor = event->key() == Qt::Key_Minus ? 1 / keyZoom : keyZoom;
            const double x = m_crosshair ? m_plot->xAxis->coordToPixel(*m_crosshair) : area.center().x();
            showPixels(scaledAbout(area, QPointF(x, area.center().y()), factor, factor));
            return;
        }
        case Qt::Key_Home:
            reset();
            return;
        case Qt::Key_Enter:  // the keypad's; the shortcut is the other one
            Q_EMIT maximiseRequested(!m_maximised);
            return;
        case Qt::Key_Escape:
            if (m_maximised) {
                Q_EMIT maximiseRequested(false);
                return;
            }
            if (m_crosshair) {
                Q_EMIT hoverLeft();
                return;
            }
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void CurveChart::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void CurveChart::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    Q_EMIT hoverLeft();
    update();
}

void CurveChart::contextMenuEvent(QContextMenuEvent* event) {
    setFocus();
    const QPoint at = event->reason() == QContextMenuEvent::Keyboard
                          ? m_more->mapToGlobal(m_more->rect().bottomLeft())
                          : event->globalPos();
    m_menu->popup(at);
}

void CurveChart::chooseFile(const QString& suffix) {
    QString name = m_spec.title.toLower();
    for (QChar& c : name)
        if (!c.isLetterOrNumber())
            c = QLatin1Char('_');
    auto* dialog = new QFileDialog(this, tr("Save chart"), name + QLatin1Char('.') + suffix,
                                   tr("%1 files (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->setObjectName(QStringLiteral("saveChart"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, &CurveChart::saveTo);
    dialog->open();
}

void CurveChart::saveTo(const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    drawFrame(true);
    std::function<std::string()> bytes;
    std::size_t points = 0;
    bool coarsened = false;
    if (suffix == QStringLiteral("csv")) {
        std::vector<ExportedCurve> curves;
        const double smoothing = m_store.view().smoothing;
        for (const ShownLine& line : m_lines) {
            const auto& run = m_store.runs()[static_cast<std::size_t>(line.run)];
            ExportedCurve curve{run.title.toStdString(), line.cycle, line.tag->tag, line.line->series, {}};
            if (smoothing > 0 && line.tag->smoothed)
                curve.smoothed.assign(line.line->smoothed.values().begin(),
                                      line.line->smoothed.values().end());
            points += curve.series.size();
            coarsened = coarsened || curve.series.isCoarsened();
            curves.push_back(std::move(curve));
        }
        bytes = [curves = std::move(curves)] { return curvesAsCsv(curves); };
    } else if (suffix == QStringLiteral("png") || suffix == QStringLiteral("svg") ||
               suffix == QStringLiteral("pdf")) {
        std::vector<LegendEntry> entries;
        for (const HoverRow& row : rowsAt(0, 0))
            entries.push_back({row.colour, row.dashed, row.name});
        // The pointer's traces are no part of the picture.
        Q_EMIT hoverLeft();
        clearCrosshair();
        {
            // A picture has its own legend to carry, whatever the size on screen.
            const QSize size = m_plot->size().expandedTo(leastPicture);
            const PlotCaption caption(*m_plot, m_spec.title, std::move(entries));
            if (suffix == QStringLiteral("png")) {
                const QImage image = m_plot->toPixmap(size.width(), size.height(), pictureScale).toImage();
                bytes = [image] {
                    QByteArray png;
                    QBuffer buffer(&png);
                    buffer.open(QIODevice::WriteOnly);
                    image.save(&buffer, "PNG");
                    return png.toStdString();
                };
            } else {
                const QByteArray drawing = suffix == QStringLiteral("svg")
                                               ? plotAsSvg(*m_plot, size, m_spec.title)
                                               : plotAsPdf(*m_plot, size, m_spec.title);
                bytes = [drawing] { return drawing.toStdString(); };
            }
        }
        m_plot->replot(QCustomPlot::rpQueuedRefresh);
    } else {
        Q_EMIT noticed(tr("%1: a chart is saved as .png, .svg, .pdf or .csv").arg(path), true);
        return;
    }
    writeInBackground(path, std::move(bytes))
        .then(this, [this, path, points, coarsened](const QString& problem) {
            if (!problem.isEmpty())
                Q_EMIT noticed(problem, true);
            else if (coarsened)
                Q_EMIT noticed(tr("Saved %1 (%n points; older ones had been merged to their extremes)",
                                  nullptr, static_cast<int>(points))
                                   .arg(path),
                               false);
            else
                Q_EMIT noticed(tr("Saved %1").arg(path), false);
        });
}

}  // namespace saeception
