// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion without its gradients: flat headers, buttons, choosers, lines and bars in the theme's colours.
#pragma once

#include <QProxyStyle>

namespace saeception {

/// A header with this property set stands off its edges by one grid unit, as the delegates of our lists do.
inline constexpr char paddedHeader[] = "paddedHeader";

class StudioStyle : public QProxyStyle {
    Q_OBJECT

public:
    StudioStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option,
                         const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
};

}  // namespace saeception
