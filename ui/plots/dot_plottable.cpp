// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/dot_plottable.h"

#include "ui/theme.h"

#include <QPainter>

#include <algorithm>
#include <map>

namespace saeception {
namespace {

constexpr int pictureEdge = 13;
constexpr double radius = 3;
constexpr double smallRadius = 2;
constexpr std::size_t many = 2000;
constexpr double diamond = 5;
constexpr double ringRadius = 7;

}  // namespace

QPixmap dotPicture(int label, bool marked, double ratio, bool small) {
    const ThemeColours& colours = Theme::instance().colours();
    QColor colour = label < 0 ? colours.faintText : Theme::instance().classColour(label);
    QPixmap picture(QSize(pictureEdge, pictureEdge) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF centre(pictureEdge / 2.0, pictureEdge / 2.0);
    if (marked) {
        painter.setPen(QPen(colours.surface, 1));
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({centre + QPointF(0, -diamond), centre + QPointF(diamond, 0),
                                       centre + QPointF(0, diamond), centre + QPointF(-diamond, 0)}));
    } else {
        // Where many lie on one another they grow darker.
        colour.setAlpha(small ? 120 : 170);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(centre, small ? smallRadius : radius, small ? smallRadius : radius);
    }
    return picture;
}

DotPlottable::DotPlottable(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {
    setSelectable(QCP::stNone);
}

void DotPlottable::setDots(std::vector<ScatterDot> dots) {
    m_dots = std::move(dots);
    std::stable_partition(m_dots.begin(), m_dots.end(), [](const ScatterDot& dot) { return !dot.marked; });
}

QPointF DotPlottable::pixelOf(int dot) const {
    const ScatterDot& at = m_dots[static_cast<std::size_t>(dot)];
    return {keyAxis()->coordToPixel(at.x), valueAxis()->coordToPixel(at.y)};
}

int DotPlottable::nearest(const QPointF& pixel, double reach) const {
    int best = -1;
    double least = reach * reach;
    for (int dot = 0; dot < static_cast<int>(m_dots.size()); ++dot) {
        const QPointF way = pixelOf(dot) - pixel;
        // The later lie above the earlier.
        if (const double distance = QPointF::dotProduct(way, way); distance <= least) {
            least = distance;
            best = dot;
        }
    }
    return best;
}

QCPRange DotPlottable::getKeyRange(bool& found, QCP::SignDomain) const {
    QCPRange range;
    found = !m_dots.empty();
    for (const ScatterDot& dot : m_dots)
        range.expand(dot.x);
    return range;
}

QCPRange DotPlottable::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const {
    QCPRange range;
    found = !m_dots.empty();
    for (const ScatterDot& dot : m_dots)
        range.expand(dot.y);
    return range;
}

void DotPlottable::draw(QCPPainter* painter) {
    std::map<std::pair<int, bool>, QPixmap> pictures;
    const double ratio = parentPlot()->devicePixelRatioF();
    const QPointF corner(pictureEdge / 2.0, pictureEdge / 2.0);
    const QRectF area = QRectF(clipRect()).adjusted(-pictureEdge, -pictureEdge, pictureEdge, pictureEdge);
    for (int dot = 0; dot < static_cast<int>(m_dots.size()); ++dot) {
        const QPointF at = pixelOf(dot);
        if (!area.contains(at))
            continue;
        const ScatterDot& drawn = m_dots[static_cast<std::size_t>(dot)];
        QPixmap& picture = pictures[{drawn.label, drawn.marked}];
        if (picture.isNull())
            picture = dotPicture(drawn.label, drawn.marked, ratio, m_dots.size() > many);
        painter->drawPixmap(at - corner, picture);
    }
}

DotRings::DotRings(QCustomPlot* plot, const DotPlottable* dots) : QCPAbstractItem(plot), m_dots(dots) {
    const QString name = QStringLiteral("rings");
    plot->addLayer(name, nullptr, QCustomPlot::limAbove);
    plot->layer(name)->setMode(QCPLayer::lmBuffered);
    setLayer(name);
    setSelectable(false);
    setClipToAxisRect(false);
}

void DotRings::draw(QCPPainter* painter) {
    const ThemeColours& colours = Theme::instance().colours();
    const QRectF area =
        QRectF(parentPlot()->axisRect()->rect()).adjusted(-ringRadius, -ringRadius, ringRadius, ringRadius);
    const auto ring = [&](int dot, double width, const QColor& colour) {
        if (dot < 0 || dot >= static_cast<int>(m_dots->dots().size()))
            return;
        const QPointF at = m_dots->pixelOf(dot);
        if (!area.contains(at))
            return;
        painter->setAntialiasing(true);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colours.surface, width + 2));
        painter->drawEllipse(at, ringRadius, ringRadius);
        painter->setPen(QPen(colour, width));
        painter->drawEllipse(at, ringRadius, ringRadius);
    };
    ring(m_hovered, 1.5, colours.faintText);
    ring(m_chosen, 2, colours.text);
}

}  // namespace saeception
