// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/span_canvas.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

// `colour`, opaque, over `under` (premultiplied) with coverage 0..256.
QRgb over(QRgb under, QRgb colour, int coverage) {
    const int rest = 256 - coverage;
    const auto channel = [&](int shift) {
        const int top = static_cast<int>((colour >> shift) & 0xff);
        const int below = static_cast<int>((under >> shift) & 0xff);
        return static_cast<QRgb>((top * coverage + below * rest) >> 8) << shift;
    };
    return channel(24) | channel(16) | channel(8) | channel(0);
}

}  // namespace

SpanCanvas::SpanCanvas(int width, int height)
    : m_image(std::max(1, width), std::max(1, height), QImage::Format_ARGB32_Premultiplied) {
    m_image.fill(0);
    m_bits = m_image.bits();
    m_stride = m_image.bytesPerLine();
}

void SpanCanvas::span(int x, double top, double bottom, QRgb colour) {
    if (x < 0 || x >= m_image.width())
        return;
    top = std::max(top, 0.0);
    bottom = std::min(bottom, static_cast<double>(m_image.height()));
    if (!(top < bottom))
        return;
    const int first = static_cast<int>(top);
    const int last = std::min(static_cast<int>(bottom), m_image.height() - 1);
    const auto pixel = [&](int y) -> QRgb& {
        return *reinterpret_cast<QRgb*>(m_bits + y * m_stride + static_cast<qsizetype>(x) * 4);
    };
    const auto part = [](double covered) { return static_cast<int>(std::lround(covered * 256)); };
    if (first == last) {
        pixel(first) = over(pixel(first), colour, part(bottom - top));
        return;
    }
    pixel(first) = over(pixel(first), colour, part(first + 1 - top));
    for (int y = first + 1; y < last; ++y)
        pixel(y) = colour;
    pixel(last) = over(pixel(last), colour, part(bottom - last));
}

}  // namespace saeception
