// SPDX-License-Identifier: GPL-3.0-or-later
// Steps from cycle to cycle, of a run of three wide cycles and of two small indexes with links between them.
#pragma once

#include "support/evolution_fixture.h"
#include "ui/models/cycle_step.h"
#include "ui/theme.h"

#include <QApplication>
#include <QTemporaryDir>

namespace saeception {

class EvolutionSteps {
protected:
    QTemporaryDir m_folder;
    std::vector<CycleStep> m_steps;  ///< of a run of three wide cycles
    CycleStep m_small;               ///< two indexes of six features, with links

    std::filesystem::path in(const char* name) const {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }
    CycleStep wide(int cycle) const { return m_steps[static_cast<std::size_t>(cycle - 1)]; }
    static CycleStep stepOf(const std::filesystem::path& root, int cycle) {
        CycleStep step{fixture::openIndex(fixture::indexFile(root, cycle - 1)),
                       fixture::openIndex(fixture::indexFile(root, cycle)), nullptr};
        step.matches = std::make_shared<const FeatureMatches>(
            FeatureMatches::open(RunDirectory::at(root).matches(cycle)));
        return step;
    }
    static CycleStep withLinks(const CycleStep& of, const std::vector<fixture::Link>& links) {
        CycleStep step = of;
        step.matches =
            std::make_shared<const FeatureMatches>(fixture::matchesOf(*of.before, *of.after, links));
        return step;
    }

    void begin() {
        Theme::instance().install(*qApp, ThemeChoice::Light);
        fixture::writeWideRun(in("wide"), 3);
        for (const int cycle : {1, 2})
            m_steps.push_back(stepOf(in("wide"), cycle));
        fixture::writeRun(in("small"), 2);
        fixture::writeMatches(in("small"), 1,
                              {{0, 0, Fate::Kept, 0.9F, 0.8F}, {1, 3, Fate::Drifted, 0.5F, 0.4F}});
        m_small = stepOf(in("small"), 1);
    }
};

}  // namespace saeception
