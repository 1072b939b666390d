// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/feature_names.h"

#include "ui/jobs/in_background.h"
#include "ui/models/feature_words.h"

#include <algorithm>

namespace saeception {

FeatureNames::FeatureNames(RunFeatures* features, QObject* parent) : QObject(parent), m_features(features) {
    connect(features, &RunFeatures::labelsChanged, this, &FeatureNames::changed);
    // Names are told of the index in the store; the others would only keep theirs alive.
    connect(features, &RunFeatures::cyclesChanged, this, [this] {
        std::erase_if(m_known, [this](const auto& entry) {
            return m_features->index(entry.first) != entry.second.index;
        });
    });
}

FeatureNames::Known* FeatureNames::known(int cycle) {
    const std::shared_ptr<const FeatureIndex> index = m_features->index(cycle);
    if (!index)
        return nullptr;
    Known& of = m_known[cycle];
    if (of.index != index) {
        of.index = index;
        of.words.assign(static_cast<std::size_t>(index->featureCount()), {});
        of.made.assign(of.words.size(), 0);
        inBackground([index] {
            std::vector<QString> words;
            for (int f = 0; f < index->featureCount(); ++f)
                words.push_back(featureWords(*index, f, {}));
            return words;
        }).then(this, [this, cycle, index](const std::vector<QString>& words) {
            const auto found = m_known.find(cycle);
            if (found == m_known.end() || found->second.index != index)
                return;
            found->second.words = words;
            std::fill(found->second.made.begin(), found->second.made.end(), char(1));
        });
    }
    return &of;
}

QString FeatureNames::of(int cycle, int feature) {
    const FeatureLabels& labels = m_features->labels(cycle);
    if (const auto label = labels.find(feature); label != labels.end() && !label->second.label.empty())
        return QString::fromStdString(label->second.label).simplified();
    Known* of = known(cycle);
    const auto at = static_cast<std::size_t>(feature);
    if (of == nullptr || feature < 0 || at >= of->words.size())
        return {};
    if (of->made[at] == 0) {
        of->words[at] = featureWords(*of->index, feature, {});
        of->made[at] = 1;
    }
    return of->words[at];
}

}  // namespace saeception
