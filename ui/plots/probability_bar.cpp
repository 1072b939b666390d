// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/probability_bar.h"

#include "ui/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <utility>

namespace saeception {
namespace {

constexpr int barHeight = gridUnit;

}  // namespace

ProbabilityBar::ProbabilityBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Probabilities of the classes"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize ProbabilityBar::sizeHint() const {
    return {20 * gridUnit, barHeight};
}
QSize ProbabilityBar::minimumSizeHint() const {
    return {5 * gridUnit, barHeight};
}

void ProbabilityBar::setProbabilities(std::vector<double> probabilities, QStringList names) {
    m_probabilities = std::move(probabilities);
    QStringList words;
    for (std::size_t c = 0; c < m_probabilities.size(); ++c)
        words << tr("%1 %2 %").arg(names.value(static_cast<qsizetype>(c)),
                                   QString::number(100 * m_probabilities[c], 'f', 1));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    setToolTip(
        QStringLiteral("<qt>") +
        words.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
    update();
}

void ProbabilityBar::paintEvent(QPaintEvent*) {
    const ThemeColours& colours = Theme::instance().colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath outline;
    outline.addRoundedRect(rect(), barHeight / 2.0, barHeight / 2.0);
    painter.setClipPath(outline);
    painter.fillRect(rect(), mixed(colours.surface, colours.separator, 0.6));
    double begun = 0;
    for (std::size_t c = 0; c < m_probabilities.size(); ++c) {
        const double left = begun * width();
        begun += m_probabilities[c];
        painter.fillRect(QRectF(left, 0, begun * width() - left, height()),
                         Theme::instance().classColour(static_cast<int>(c)));
        if (c > 0)
            painter.fillRect(QRectF(left - 0.5, 0, 1, height()), colours.surface);
    }
}

}  // namespace saeception
