// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/metric_words.h"

#include "cycle/metric_info.h"

#include <QCoreApplication>

namespace saeception {
namespace {

QString words(const char* text) {
    return QCoreApplication::translate("MetricWords", text);
}

QString escaped(const std::string& text) {
    return QString::fromStdString(text).toHtmlEscaped();
}

}  // namespace

QString metricTooltip(const std::string& key) {
    const MetricInfo* info = findMetric(key);
    QString tip = QStringLiteral("<p><b>%1</b>").arg(escaped(metricTitle(key)));
    if (info != nullptr) {
        tip += QStringLiteral(", %1").arg(escaped(info->family));
        if (!info->unit.empty())
            tip += QStringLiteral(", ") + words("in %1").arg(escaped(info->unit));
        tip += QStringLiteral("</p><p>%1").arg(escaped(info->doc));
        if (info->better != 0)
            tip += QStringLiteral("</p><p>") +
                   (info->better > 0 ? words("Higher is better.") : words("Lower is better."));
    }
    return tip + QStringLiteral("</p><p>") +
           words("Stored as %1 in results_cycle_N.json.").arg(escaped(key)) + QStringLiteral("</p>");
}

QString verdictText(int verdict) {
    return verdict > 0 ? words("better") : verdict < 0 ? words("worse") : QString();
}

}  // namespace saeception
