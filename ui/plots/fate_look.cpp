// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/fate_look.h"

#include "base/format_text.h"
#include "ui/models/feature_words.h"
#include "ui/theme.h"

namespace saeception {

QColor fateColour(Fate fate) {
    const Theme& theme = Theme::instance();
    switch (fate) {
        case Fate::Kept:
            return theme.series(2);
        case Fate::Drifted:
            return theme.series(4);
        case Fate::SplitUp:
            return theme.series(5);
        case Fate::Merged:
            return theme.series(3);
        case Fate::Silent:
        case Fate::Gone:
            break;
    }
    // Most features of a step may be of this kind: they are not to be louder than the others.
    return mixed(theme.series(6), theme.colours().surface, 0.33);
}

QString fateTitle(Fate fate, bool later) {
    QString text = fateText(fate, later);
    text[0] = text[0].toUpper();
    return text;
}

QString firingsText(double share) {
    return QString::fromStdString(formatPercent(100 * share));
}

}  // namespace saeception
