// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/estimate_text.h"

#include "ui/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("EstimateText", text);
}

// More digits than the estimate is good for would promise too much.
double rounded(double seconds) {
    const double step = seconds < 60 ? 1 : seconds < 600 ? 5 : seconds < 3600 ? 30 : 300;
    return std::max(1.0, step * std::round(seconds / step));
}

QString stageLine(const StageEstimate& stage) {
    const QString title = QString::fromUtf8(stageTitle(stage.stage).data(),
                                            static_cast<qsizetype>(stageTitle(stage.stage).size()));
    const QString time = durationText(rounded(stage.seconds));
    return stage.stage == Stage::Prepare ? tr("%1: %2").arg(title, time)
                                         : tr("%1, %2: %3").arg(cycleText(stage.cycle), title, time);
}

}  // namespace

QString estimateText(const RunEstimate& estimate) {
    const QString cycles = estimate.cycles == 1 ? tr("1 cycle") : tr("%1 cycles").arg(estimate.cycles);
    return tr("About %1 for %2, %3 of memory, %4 on disk")
        .arg(durationText(rounded(estimate.seconds)), cycles, memoryText(estimate.memoryBytes),
             memoryText(estimate.diskBytes));
}

QString estimateDetails(const RunEstimate& estimate) {
    QStringList lines;
    for (const StageEstimate& stage : estimate.stages)
        lines.append(stageLine(stage));
    lines.append(QString());
    if (estimate.mappedBytes > 0)
        lines.append(tr("Of the memory, %1 are stored activations, which the system may drop and read again.")
                         .arg(memoryText(estimate.mappedBytes)));
    if (estimate.cacheBytes > 0)
        lines.append(tr("While it runs, its cache holds up to %1.").arg(memoryText(estimate.cacheBytes)));
    lines.append(tr("From %1 of calibration on this computer; expect ±%2 %.")
                     .arg(durationText(rounded(estimate.calibrationSeconds)))
                     .arg(estimate.uncertaintyPct));
    if (estimate.onBusyMachine())
        lines.append(tr("Other work kept %1 cores busy meanwhile: the times are those of a computer as busy "
                        "as that.")
                         .arg(estimate.otherCores, 0, 'f', 1));
    for (const std::string* remark : {&estimate.sampled, &estimate.sizesUnknown})
        if (!remark->empty())
            lines.append(QString::fromStdString(*remark));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace saeception
