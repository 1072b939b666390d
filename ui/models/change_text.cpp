// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/change_text.h"

#include "ui/format.h"

#include <algorithm>
#include <cmath>

namespace saeception {

QString changeText(double change, int decimals) {
    if (std::isnan(change))
        return QStringLiteral("–");
    if (change == 0)
        return QStringLiteral("=");
    const double size = std::abs(change);
    if (size < 0.5 * std::pow(10.0, -decimals))
        return QStringLiteral("≈ 0");
    return (change > 0 ? QStringLiteral("▲ ") : QStringLiteral("▼ ")) + formatFigure(size, decimals);
}

QString plainFigure(double value) {
    if (std::isnan(value))
        return QStringLiteral("–");
    if (value == 0)
        return QStringLiteral("0");
    const auto places = 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
    return QString::number(value, 'f', std::clamp(places, 0, 15));
}

}  // namespace saeception
