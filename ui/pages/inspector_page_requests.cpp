// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspector: what is asked of the models of the cycles in sight, and what becomes of a chosen feature
// there.
#include "ui/jobs/run_features.h"
#include "ui/models/feature_chain.h"
#include "ui/models/run_steps.h"
#include "ui/pages/inspector_column.h"
#include "ui/pages/inspector_page.h"
#include "ui/pages/validation_effect.h"

#include <algorithm>

namespace saeception {

void InspectorPage::connectModels() {
    connect(m_models, &LiveModels::inspected, this,
            [this](int cycle, const std::shared_ptr<const LiveSentence>& sentence) {
                InspectorColumn* column = columnOf(cycle);
                column->setGold(m_gold);
                column->showSentence(sentence);
                askForEdits(cycle);
                showInfo();
                if (m_chosenFeature >= 0)
                    followChosen(m_chosenCycle, m_chosenFeature);
            });
    connect(m_models, &LiveModels::edited, this, [this](int cycle, const EditedPrediction& prediction) {
        columnOf(cycle)->showEdited(prediction);
    });
    connect(m_models, &LiveModels::failed, this,
            [this](int cycle, const QString& line) { columnOf(cycle)->showMessage(line); });
    connect(m_models, &LiveModels::editFailed, this,
            [this](int cycle, const QString& line) { columnOf(cycle)->showEditProblem(line); });
    connect(m_models, &LiveModels::validationProgress, this, [this](int cycle, qint64 done, qint64 total) {
        columnOf(cycle)->validation()->showProgress(done, total);
    });
    connect(m_models, &LiveModels::validated, this,
            [this](int cycle, const std::shared_ptr<const SplitEffect>& effect) {
                columnOf(cycle)->validation()->showEffect(effect);
            });
    connect(m_models, &LiveModels::validationFailed, this,
            [this](int cycle, const QString& line) { columnOf(cycle)->validation()->showWords(line); });
}

// Of the cycles in sight, those that have not been asked yet.
void InspectorPage::inspectNew() {
    if (!m_hasSentence || !isVisible())
        return;
    for (const int cycle : m_shown)
        if (m_asked.insert(cycle).second)
            inspect(cycle);
}

void InspectorPage::inspect(int cycle) {
    if (!columnOf(cycle)->sentence())
        columnOf(cycle)->showMessage(tr("Reading the model of cycle %1 …").arg(cycle));
    m_models->inspect(cycle, m_sentence);
}

void InspectorPage::askForEdits(int cycle) {
    const InspectorColumn* column = columnOf(cycle);
    if (column->sentence() && !column->edits().empty())
        m_models->edit(cycle, column->sentence()->ids, column->edits());
    else
        m_models->forgetEdit(cycle);
}

void InspectorPage::askForValidation(int cycle) {
    InspectorColumn* column = columnOf(cycle);
    const std::vector<FeatureEdit>& edits = column->edits();
    m_models->forgetValidation(cycle);
    if (edits.empty())
        return;
    if (std::none_of(edits.begin(), edits.end(), [](const FeatureEdit& edit) { return edit.token < 0; })) {
        column->validation()->showWords(
            tr("Changes on a token of this sentence mean nothing to other sentences; one that holds "
               "everywhere is "
               "followed through the validation split."));
        return;
    }
    const std::shared_ptr<const FeatureIndex> index = m_features->index(cycle);
    if (!index) {
        column->validation()->showWords(m_features->state(cycle) == RunFeatures::State::Unusable
                                            ? tr("The validation split is read from the feature index of "
                                                 "this cycle, which cannot be used.")
                                            : tr("Waiting for the feature index of this cycle …"));
        return;
    }
    column->validation()->begin(index);
    m_models->editValidation(cycle, index, edits);
}

// What became of the chosen feature in the other cycles is marked there as well.
void InspectorPage::followChosen(int cycle, int feature) {
    m_chosenCycle = cycle;
    m_chosenFeature = feature;
    if (feature < 0) {
        for (const auto& [other, column] : m_columns)
            column->clearChosen();
        return;
    }
    const std::vector<int>& cycles = m_features->cycles();
    if (std::find(cycles.begin(), cycles.end(), cycle) == cycles.end())
        return;
    if (m_shown.size() > 1)
        m_steps->want(std::max(cycle, m_shown.front() + 1));
    const QString name = tr("%1 of cycle %2").arg(feature).arg(cycle);
    for (const ChainEntry& entry : followFeature(
             cycles, [this](int later) { return m_steps->step(later); }, cycle, feature)) {
        const auto found = m_columns.find(entry.cycle);
        if (entry.cycle == cycle || found == m_columns.end())
            continue;
        switch (entry.state) {
            case ChainEntry::State::Present:
                found->second->setKin(entry.feature, tr("Shaded: where %1 fires, the counterpart of %2")
                                                         .arg(QString::number(entry.feature), name));
                break;
            case ChainEntry::State::Died:
                found->second->setKin(-1, tr("%1 has died: nothing is like it here").arg(name));
                break;
            case ChainEntry::State::Unborn:
                found->second->setKin(-1, tr("%1 is not born yet: nothing is like it here").arg(name));
                break;
            case ChainEntry::State::Unmatched:
            case ChainEntry::State::Unknown:
                found->second->clearChosen();
                break;
        }
    }
}

void InspectorPage::changeStrongest() {
    for (const int cycle : m_shown)
        columnOf(cycle)->changeStrongest();
}

void InspectorPage::forgetChanges() {
    for (const auto& [cycle, column] : m_columns)
        column->forgetChanges();
}

}  // namespace saeception
