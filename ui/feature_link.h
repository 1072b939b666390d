// SPDX-License-Identifier: GPL-3.0-or-later
// Links to features, to be kept and sent: "saeception:feature?run=/path&cycle=1&feature=17".
#pragma once

#include <QString>

#include <filesystem>
#include <optional>

namespace saeception {

struct FeatureLink {
    std::filesystem::path run;  ///< its folder
    int cycle = 0;
    int feature = 0;
    bool operator==(const FeatureLink&) const = default;

    QString text() const;
};

/// Whether `text` claims to be such a link.
bool isFeatureLink(const QString& text);

/// Nothing for a text that is no whole link.
std::optional<FeatureLink> parseFeatureLink(const QString& text);

}  // namespace saeception
