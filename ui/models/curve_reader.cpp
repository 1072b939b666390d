// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_reader.h"

#include "base/error.h"
#include "cycle/event_log.h"

namespace saeception {

CurvesRead readRunCurves(const std::filesystem::path& metricsLog, const std::stop_token& stop) {
    CurvesRead read;
    read.unreadable = readEventLog(metricsLog, [&](const Event& event) {
        throwIfStopped(stop);
        read.curves.apply(event);
    });
    return read;
}

}  // namespace saeception
