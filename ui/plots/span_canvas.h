// SPDX-License-Identifier: GPL-3.0-or-later
// A transparent picture that is filled with vertical strokes one pixel wide, their ends antialiased: what a
// dense curve looks like, at a fraction of what stroking its polygon costs.
#pragma once

#include <QImage>

namespace saeception {

class SpanCanvas {
public:
    /// In device pixels.
    SpanCanvas(int width, int height);

    /// Covers column `x` from `top` to `bottom` (device pixels, may lie outside) with an opaque colour; the
    /// first and the last pixel in proportion to how much of them is covered.
    void span(int x, double top, double bottom, QRgb colour);
    const QImage& image() const { return m_image; }

private:
    QImage m_image;
    uchar* m_bits;
    qsizetype m_stride;
};

}  // namespace saeception
