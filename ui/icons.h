// SPDX-License-Identifier: GPL-3.0-or-later
// Our own icons: one SVG set, drawn in the colours of the theme in force, crisp at every scale.
#pragma once

#include <QIcon>
#include <QString>

namespace saeception {

/// Icon `name` of resources/icons ("launch", "dashboard", ...). It follows the theme by itself:
/// accent-coloured when On or Selected, faint when disabled.
QIcon themedIcon(const QString& name);

/// The program's own many-coloured icon.
QIcon applicationIcon();

}  // namespace saeception
