// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header, which is written with Qt's keywords although our targets switch them off.
#pragma once

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
