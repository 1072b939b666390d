// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/feature_map.h"

#include "ui/format.h"
#include "ui/models/feature_words.h"
#include "ui/theme.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr double margin = 2 * gridUnit;
constexpr double reach = 12;  // pixels from a dot within which a click still means it
constexpr double mostZoom = 60;

}  // namespace

FeatureMap::FeatureMap(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Map of features"));
    connect(&Theme::instance(), &Theme::changed, this, &FeatureMap::redraw);
}

QSize FeatureMap::sizeHint() const {
    return {56 * gridUnit, 56 * gridUnit};
}
QSize FeatureMap::minimumSizeHint() const {
    return {24 * gridUnit, 24 * gridUnit};
}

void FeatureMap::setFeatures(std::shared_ptr<const FeatureIndex> features) {
    m_features = std::move(features);
    m_wanted.clear();
    m_chosen = -1;
    measure();
    showAll();
}

void FeatureMap::setWanted(std::vector<std::uint8_t> wanted) {
    m_wanted = std::move(wanted);
    redraw();
}

void FeatureMap::setChosen(int feature) {
    m_chosen = feature;
    setAccessibleDescription(m_features && feature >= 0 ? tr("Feature %1 is chosen").arg(feature)
                                                        : QString());
    if (const QPointF place = placeOf(feature); !place.isNull() && !QRectF(rect()).contains(place)) {
        const auto at = 2 * static_cast<std::size_t>(feature);
        m_centre = {static_cast<double>(m_features->positions()[at]),
                    static_cast<double>(m_features->positions()[at + 1])};
        redraw();
    }
    update();
}

void FeatureMap::setColouring(Colouring colouring) {
    m_colouring = colouring;
    measure();
    redraw();
}

QString FeatureMap::legend() const {
    if (!m_features)
        return {};
    switch (m_colouring) {
        case Colouring::ClassEffect:
            return tr("Colour: the class it raises most; fuller: more");
        case Colouring::StrongestClass:
            return tr("Colour: the class for which it fires most strongly");
        case Colouring::Density:
            return tr("Full colour: fires often (log scale)");
        case Colouring::Csi:
            return tr("Full colour: selective for one class");
        case Colouring::Usefulness:
            break;
    }
    return tr("Full colour: tells much about the label");
}

// What the faintest and the fullest colour stand for; the odd extreme one must not pale all others.
void FeatureMap::measure() {
    m_low = 0;
    m_high = 1;
    if (!m_features)
        return;
    std::vector<double> values;
    for (int f = 0; f < m_features->featureCount(); ++f) {
        if (!m_features->isAlive(f))
            continue;
        const auto at = static_cast<std::size_t>(f);
        const double value =
            m_colouring == Colouring::ClassEffect ? static_cast<double>(m_features->effectContrast(f))
            : m_colouring == Colouring::Density   ? std::log10(static_cast<double>(m_features->density()[at]))
            : m_colouring == Colouring::Usefulness
                ? std::sqrt(static_cast<double>(m_features->usefulness()[at]))
                : 1.0;
        if (std::isfinite(value))
            values.push_back(value);
    }
    if (values.empty())
        return;
    const auto high = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * 98 / 100);
    std::nth_element(values.begin(), high, values.end());
    m_high = *high;
    if (m_colouring == Colouring::Density)
        m_low = *std::min_element(values.begin(), values.end());
    if (!(m_high > m_low))
        m_high = m_low + 1;
}

bool FeatureMap::isWanted(int feature) const {
    return m_wanted.empty() || m_wanted[static_cast<std::size_t>(feature)] != 0;
}

QColor FeatureMap::colourOf(int feature) const {
    const ThemeColours& colours = Theme::instance().colours();
    const QColor faint = mixed(colours.surface, colours.faintText, 0.35);
    const auto at = static_cast<std::size_t>(feature);
    const auto share = [this](double value) {
        return std::clamp((value - m_low) / (m_high - m_low), 0.0, 1.0);
    };
    switch (m_colouring) {
        case Colouring::ClassEffect: {
            const auto contrast = static_cast<double>(m_features->effectContrast(feature));
            if (!std::isfinite(contrast))
                return faint;
            return mixed(faint, Theme::instance().classColour(m_features->favouredClass(feature)),
                         share(contrast));
        }
        case Colouring::StrongestClass:
            return Theme::instance().classColour(m_features->strongestClass(feature));
        case Colouring::Density:
            return mixed(faint, colours.accent,
                         share(std::log10(static_cast<double>(m_features->density()[at]))));
        case Colouring::Csi:
            return mixed(faint, colours.accent, static_cast<double>(m_features->csi()[at]));
        case Colouring::Usefulness:
            break;
    }
    return mixed(faint, colours.accent, share(std::sqrt(static_cast<double>(m_features->usefulness()[at]))));
}

void FeatureMap::showAll() {
    m_centre = {0, 0};
    m_scale = wholeScale();
    redraw();
}

QPointF FeatureMap::placeOf(int feature) const {
    if (!m_features || feature < 0 || !m_features->isAlive(feature))
        return {};
    const auto at = 2 * static_cast<std::size_t>(feature);
    const auto x = static_cast<double>(m_features->positions()[at]);
    const auto y = static_cast<double>(m_features->positions()[at + 1]);
    if (!std::isfinite(x) || !std::isfinite(y))
        return {};
    return {width() / 2.0 + (x - m_centre.x()) * m_scale, height() / 2.0 - (y - m_centre.y()) * m_scale};
}

double FeatureMap::dotRadius() const {
    const int count = m_features ? m_features->featureCount() : 0;
    const double base = count > 8000 ? 1.8 : count > 2000 ? 2.4 : 3.2;
    const double zoom = m_scale / wholeScale();
    return std::min(6.0, base * std::pow(std::max(1.0, zoom), 0.4));
}

void FeatureMap::redraw() {
    m_dots = {};
    update();
    Q_EMIT viewChanged();
}

bool FeatureMap::showsAll() const {
    return m_centre.isNull() && m_scale <= wholeScale();
}

double FeatureMap::wholeScale() const {
    return std::max(1.0, (std::min(width(), height()) - 2 * margin) / 2);
}

void FeatureMap::drawDots() {
    const double ratio = devicePixelRatioF();
    m_dots = QImage(size() * ratio, QImage::Format_ARGB32_Premultiplied);
    m_dots.setDevicePixelRatio(ratio);
    m_dots.fill(Qt::transparent);
    if (!m_features)
        return;
    QPainter painter(&m_dots);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double radius = dotRadius();
    const QRectF inside = QRectF(rect()).adjusted(-radius, -radius, radius, radius);
    const ThemeColours& colours = Theme::instance().colours();
    // What is not wanted first, so that it never covers the rest.
    for (const bool wanted : {false, true})
        for (int f = 0; f < m_features->featureCount(); ++f) {
            if (isWanted(f) != wanted)
                continue;
            const QPointF place = placeOf(f);
            if (place.isNull() || !inside.contains(place))
                continue;
            painter.setBrush(wanted ? colourOf(f) : mixed(colours.surface, colours.separator, 0.6));
            painter.drawEllipse(place, radius, radius);
        }
}

void FeatureMap::paintEvent(QPaintEvent*) {
    if (m_dots.isNull() || m_dots.devicePixelRatio() != devicePixelRatioF())
        drawDots();
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.fillRect(rect(), colours.surface);
    painter.drawImage(QPointF(0, 0), m_dots);
    painter.setRenderHint(QPainter::Antialiasing);
    if (const QPointF place = placeOf(m_chosen); !place.isNull()) {
        painter.setPen(QPen(colours.text, 2));
        painter.setBrush(colourOf(m_chosen));
        painter.drawEllipse(place, dotRadius() + 3, dotRadius() + 3);
    }
    if (hasFocus()) {
        painter.setPen(QPen(colours.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

int FeatureMap::nearest(QPointF position, double within) const {
    int best = -1;
    double least = within * within;
    for (int f = 0; m_features && f < m_features->featureCount(); ++f) {
        const QPointF place = placeOf(f);
        if (place.isNull() || !isWanted(f))
            continue;
        const QPointF away = place - position;
        if (const double square = QPointF::dotProduct(away, away); square < least) {
            least = square;
            best = f;
        }
    }
    return best;
}

int FeatureMap::featureAt(QPointF position) const {
    return nearest(position, reach);
}

void FeatureMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    m_isPressed = true;
    m_pressed = event->position();
    m_grabbed = m_centre;
    m_dragging = false;
}

void FeatureMap::mouseMoveEvent(QMouseEvent* event) {
    m_isPressed = m_isPressed && (event->buttons() & Qt::LeftButton);
    if (!m_isPressed) {
        setCursor(featureAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const QPointF moved = event->position() - m_pressed;
    if (!m_dragging && moved.manhattanLength() < QApplication::startDragDistance())
        return;
    m_dragging = true;
    setCursor(Qt::ClosedHandCursor);
    m_centre = m_grabbed + QPointF(-moved.x(), moved.y()) / m_scale;
    redraw();
}

void FeatureMap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    setCursor(Qt::ArrowCursor);
    // The end of a double click is no click.
    const int feature = m_dragging || !m_isPressed ? -1 : featureAt(event->position());
    m_dragging = false;
    m_isPressed = false;
    if (feature < 0)
        return;
    setChosen(feature);
    Q_EMIT featureChosen(feature);
}

void FeatureMap::mouseDoubleClickEvent(QMouseEvent*) {
    m_isPressed = false;
    showAll();
}

void FeatureMap::wheelEvent(QWheelEvent* event) {
    const double whole = wholeScale();
    const double factor = std::pow(1.0015, event->angleDelta().y());
    const double scale = std::clamp(m_scale * factor, whole, whole * mostZoom);
    // What is under the mouse stays there.
    const QPointF offset(event->position().x() - width() / 2.0, height() / 2.0 - event->position().y());
    m_centre += offset / m_scale - offset / scale;
    m_scale = scale;
    redraw();
    event->accept();
}

void FeatureMap::keyPressEvent(QKeyEvent* event) {
    const QPointF way = event->key() == Qt::Key_Left    ? QPointF(-1, 0)
                        : event->key() == Qt::Key_Right ? QPointF(1, 0)
                        : event->key() == Qt::Key_Up    ? QPointF(0, -1)
                        : event->key() == Qt::Key_Down  ? QPointF(0, 1)
                                                        : QPointF();
    if (way.isNull() || !m_features) {
        QWidget::keyPressEvent(event);
        return;
    }
    QPointF from = placeOf(m_chosen);
    if (from.isNull())
        from = QPointF(width() / 2.0, height() / 2.0);
    // The nearest dot within a quarter turn of that way.
    int best = -1;
    double least = std::numeric_limits<double>::infinity();
    for (int f = 0; f < m_features->featureCount(); ++f) {
        const QPointF place = placeOf(f);
        if (f == m_chosen || place.isNull() || !isWanted(f))
            continue;
        const QPointF away = place - from;
        const double along = QPointF::dotProduct(away, way);
        const double square = QPointF::dotProduct(away, away);
        if (along > 0 && along * along >= square / 2 && square < least) {
            least = square;
            best = f;
        }
    }
    if (best >= 0) {
        setChosen(best);
        Q_EMIT featureChosen(best);
    }
}

void FeatureMap::resizeEvent(QResizeEvent* event) {
    const double before =
        std::max(1.0, (std::min(event->oldSize().width(), event->oldSize().height()) - 2 * margin) / 2);
    const double now = wholeScale();
    m_scale = event->oldSize().isValid() ? m_scale * now / before : now;
    m_scale = std::max(m_scale, now);
    redraw();
}

void FeatureMap::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        redraw();
}

bool FeatureMap::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int feature = featureAt(help->pos());
        if (feature < 0) {
            QToolTip::hideText();
            return true;
        }
        const QString words = peakWords(*m_features, feature);
        const auto density = static_cast<double>(m_features->density()[static_cast<std::size_t>(feature)]);
        QToolTip::showText(
            help->globalPos(),
            QStringLiteral("<qt>%1<br>%2<br>%3")
                .arg(tr("Feature %1 · fires on %2 of tokens").arg(feature).arg(formatShare(density)),
                     words.toHtmlEscaped(), effectText(*m_features, feature).toHtmlEscaped()),
            this, QRect(help->pos() - QPoint(4, 4), QSize(8, 8)));
        return true;
    }
    return QWidget::event(event);
}

}  // namespace saeception
