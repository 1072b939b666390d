// SPDX-License-Identifier: GPL-3.0-or-later
// What the features of a run's cycles are called, each name made once.
#pragma once

#include "ui/jobs/run_features.h"

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace saeception {

/// The name of feature (cycle, feature), empty where it is not known.
using FeatureNameOf = std::function<QString(int cycle, int feature)>;

/// A name that is asked for is made at once; those of the whole cycle are then made on a pool thread, so that
/// all of them are at hand when a table is sorted or filtered by them.
class FeatureNames : public QObject {
    Q_OBJECT

public:
    /// `features` must outlive this object.
    explicit FeatureNames(RunFeatures* features, QObject* parent = nullptr);

    /// Its label, else the tokens that it fires on most (featureWords); empty until the cycle's index is
    /// there.
    QString of(int cycle, int feature);
    FeatureNameOf function() {
        return [this](int cycle, int feature) { return of(cycle, feature); };
    }

Q_SIGNALS:
    /// A label was written; -1: about many features.
    void changed(int cycle, int feature);

private:
    struct Known {
        std::shared_ptr<const FeatureIndex> index;
        std::vector<QString> words;
        std::vector<char> made;
    };
    Known* known(int cycle);

    RunFeatures* m_features;
    std::map<int, Known> m_known;
};

}  // namespace saeception
