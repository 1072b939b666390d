// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/loop_drawing.h"

#include "ui/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <array>

namespace saeception {
namespace {

constexpr int steps = 4;
constexpr double boxHeight = 7 * gridUnit;
constexpr double between = 5 * gridUnit;
constexpr double wayBack = 4 * gridUnit;  // how far below the boxes the loop closes
constexpr double head = 5;                // of an arrow

struct Step {
    QString title;
    QString what;
};

std::array<Step, steps> loopSteps() {
    return {{{LoopDrawing::tr("Fine-tune"), LoopDrawing::tr("the language model")},
             {LoopDrawing::tr("Train"), LoopDrawing::tr("a sparse autoencoder")},
             {LoopDrawing::tr("Evaluate"), LoopDrawing::tr("both, and browse")},
             {LoopDrawing::tr("Sharpen"), LoopDrawing::tr("features into targets")}}};
}

void drawHead(QPainter& painter, const QPointF& tip, const QPointF& way) {
    const QPointF across(-way.y(), way.x());
    painter.drawPolyline(
        QPolygonF({tip - way * head + across * head, tip, tip - way * head - across * head}));
}

}  // namespace

LoopDrawing::LoopDrawing(QWidget* parent) : QWidget(parent) {
    setAccessibleName(
        tr("The loop: fine-tune the model, train an autoencoder, evaluate both, sharpen the "
           "features, and round again"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize LoopDrawing::sizeHint() const {
    int widest = 0;
    for (const Step& step : loopSteps())
        widest = std::max(widest, fontMetrics().horizontalAdvance(step.what));
    return {static_cast<int>(steps * (widest + 4 * gridUnit) + (steps - 1) * between),
            static_cast<int>(boxHeight + wayBack) + fontMetrics().height() + gridUnit};
}

QSize LoopDrawing::minimumSizeHint() const {
    return sizeHint();
}

void LoopDrawing::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double boxWidth = (width() - 1 - (steps - 1) * between) / steps;
    const auto box = [&](int step) {
        return QRectF(0.5 + step * (boxWidth + between), 0.5, boxWidth, boxHeight);
    };
    QFont heavy = font();
    heavy.setWeight(QFont::DemiBold);
    const auto texts = loopSteps();
    for (int step = 0; step < steps; ++step) {
        const QRectF here = box(step);
        painter.setPen(mixed(colours.separator, colours.faintText, 0.3));
        painter.setBrush(colours.surface);
        painter.drawRoundedRect(here, 6, 6);
        const double middle = here.center().y();
        const QRectF upper(here.left(), middle - fontMetrics().height() - 1, here.width(),
                           fontMetrics().height());
        painter.setFont(heavy);
        painter.setPen(colours.text);
        painter.drawText(upper, Qt::AlignCenter, texts[static_cast<std::size_t>(step)].title);
        painter.setFont(font());
        painter.setPen(colours.faintText);
        painter.drawText(upper.translated(0, fontMetrics().height() + 2), Qt::AlignCenter,
                         texts[static_cast<std::size_t>(step)].what);
    }
    painter.setPen(QPen(colours.accent, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    for (int step = 0; step + 1 < steps; ++step) {
        const QPointF from(box(step).right() + gridUnit, box(step).center().y());
        const QPointF to(box(step + 1).left() - gridUnit, box(step).center().y());
        painter.drawLine(from, to);
        drawHead(painter, to, {1, 0});
    }
    const QPointF start(box(steps - 1).center().x(), boxHeight + gridUnit);
    const QPointF end(box(0).center().x(), boxHeight + gridUnit);
    const double low = boxHeight + wayBack;
    constexpr double round = 8;
    QPainterPath back(start);
    back.lineTo(start.x(), low - round);
    back.quadTo(start.x(), low, start.x() - round, low);
    back.lineTo(end.x() + round, low);
    back.quadTo(end.x(), low, end.x(), low - round);
    back.lineTo(end);
    painter.drawPath(back);
    drawHead(painter, end, {0, -1});
    painter.setPen(colours.faintText);
    painter.drawText(QRectF(0, low + gridUnit / 2.0, width(), fontMetrics().height()), Qt::AlignCenter,
                     tr("the next cycle: retrain the model towards its sharpened features"));
}

}  // namespace saeception
