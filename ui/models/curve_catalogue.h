// SPDX-License-Identifier: GPL-3.0-or-later
// Which tags share a chart, what the chart is called, and under which heading it stands.
#pragma once

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// One tag of a chart.
struct CurveTag {
    std::string tag;
    bool validation = false;  ///< drawn dashed, point by point, never smoothed
    bool smoothed = true;     ///< false for what is exact already, such as a learning rate
    QString kind = {};        ///< translated, where a chart has several: "training", "validation"
};

struct ChartSpec {
    std::string key;    ///< stable: its first tag
    QString title;      ///< translated
    QString section;    ///< translated heading
    QString emptyText;  ///< what is awaited
    std::vector<CurveTag> tags;
    bool standing = false;  ///< shown before its first point arrives, since every whole run brings it

    /// The entry for `tag`, or null.
    const CurveTag* find(std::string_view tag) const;
};

/// Tags of the page's own measurements, which core knows nothing of.
namespace tags {
inline constexpr char processMemory[] = "process/memory_mb";  ///< resident, megabytes
inline constexpr char processCpu[] = "process/cpu_pct";       ///< % of one core, over the last second
}  // namespace tags

/// The charts of every tag that training emits, in the order in which they are shown.
std::vector<ChartSpec> knownCharts();

/// A chart for a tag that knownCharts() lacks: "probe/top_1" is "Top 1" under the heading "Probe", or under
/// one of the known headings where its prefix has one.
ChartSpec chartForTag(const std::string& tag);

}  // namespace saeception
