// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of several kinds of autoencoder, made when first asked for, and their models at hand.
#pragma once

#include "cycle/cycle_features.h"
#include "cycle/cycle_runner.h"
#include "cycle/live_model.h"
#include "support/tiny_loop.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace saeception::fixture {

/// The cycle whose model is looked at.
inline constexpr int cycleShown = 1;

/// The margin of class `of` over the other of two.
inline double margin(const std::vector<float>& logits, int of) {
    return static_cast<double>(logits[static_cast<std::size_t>(of)]) -
           static_cast<double>(logits[static_cast<std::size_t>(1 - of)]);
}

class LiveModelRuns {
protected:
    QTemporaryDir m_folder;
    std::map<QString, std::shared_ptr<const LiveModel>> m_models;

    static std::vector<std::string> overridesOf(const QString& kind) {
        if (kind == QLatin1String("jumprelu"))
            return {"sae=jumprelu"};
        if (kind == QLatin1String("last-block"))
            return {"model.target_layer=-1", "sae.skip_first_token=false"};
        if (kind == QLatin1String("sparse"))
            return {"sae.k=1", "sae.aux_k=1", "sae.expansion_factor=32"};
        return {};
    }
    std::filesystem::path rootOf(const QString& kind) const { return m_folder.filePath(kind).toStdString(); }
    const LiveModel& live(const QString& kind) {
        std::shared_ptr<const LiveModel>& model = m_models[kind];
        if (!model) {
            Recorder events;
            CycleRunner(tinyLoop(rootOf(kind), overridesOf(kind))).run(events, {});
            model = LiveModel::load(RunDirectory::at(rootOf(kind)), cycleShown, 1);
        }
        return *model;
    }
    FeatureIndex index(const QString& kind) const {
        return openCycleFeatures(RunDirectory::at(rootOf(kind)), cycleShown);
    }
    static void kinds() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"topk", "jumprelu", "last-block"})
            QTest::newRow(kind) << kind;
    }
};

}  // namespace saeception::fixture
