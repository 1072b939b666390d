// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/stage_sequence.h"

#include "config/schema.h"
#include "cycle/auxiliary_stage.h"
#include "cycle/baseline_stage.h"
#include "cycle/checkpoint_loading.h"
#include "cycle/evaluate_stage.h"
#include "cycle/extract_stage.h"
#include "cycle/features_stage.h"
#include "cycle/sae_stage.h"
#include "cycle/stage_commands.h"

#include <filesystem>
#include <optional>

namespace saeception {
namespace {

// Makes artefacts one after the other. What one of them is made from is at hand from the stage before, or is
// read from its file; the numbers are the same either way.
class Sequence {
public:
    Sequence(const JobPlan& plan, ExperimentConfig& config, const StageContext& context,
             std::map<int, MetricTable>& evaluated)
        : m_plan(plan),
          m_config(config),
          m_context(context),
          m_evaluated(evaluated),
          m_data(prepareData(context, keptTokenizer(plan))) {}

    /// Reads what `artefact` is made from, but the activations.
    void takeInputs(const Artefact& artefact) {
        if (stageOf(artefact) == Stage::Baseline) {
            m_model.emplace(makeInitialModel(m_data, m_context));
            return;
        }
        const int from = artefact.kind == ArtefactKind::Model ? artefact.cycle - 1 : artefact.cycle;
        takeModel(from);
        if (artefact.kind != ArtefactKind::Sae)
            takeSae(from);
    }

    /// Everything that is needed is there and fits; from here on files are made and replaced.
    void begin(const std::function<void()>& ready) {
        if (m_config.startFrom == "baseline")
            m_baseline = m_plan.sources.find({ArtefactKind::Model, 0});
        ready();
        keepTokenizer(m_data, m_context.directory);
    }

    /// After takeInputs().
    void make(const Artefact& artefact) {
        const int cycle = artefact.cycle;
        switch (stageOf(artefact)) {
            case Stage::Baseline:
                trainBaseline(*m_model, m_data, m_context);
                m_modelCycle = cycle;
                break;
            case Stage::Auxiliary:
                takeActivations(cycle - 1);
                trainAuxiliary(*m_model, *m_sae, *m_store, m_data, cycle, m_context,
                               m_baseline.value_or(m_context.directory.model(0)));
                m_modelCycle = cycle;
                break;
            case Stage::Sae:
                takeActivations(cycle);
                m_sae = trainSae(*m_store, cycle, m_context);
                m_saeCycle = cycle;
                break;
            case Stage::Evaluate:
                takeActivations(cycle);
                m_evaluated[cycle] = evaluateCycle(*m_model, *m_sae, *m_store, m_data, cycle, m_context);
                break;
            case Stage::Features:
                takeActivations(cycle);
                indexFeatures(*m_model, *m_sae, *m_store, m_data, cycle,
                              {fileOf({ArtefactKind::Model, cycle}), fileOf({ArtefactKind::Sae, cycle})},
                              m_context);
                break;
            case Stage::Prepare:
            case Stage::Extract:
                break;  // leave no artefact
        }
    }

private:
    // Where `artefact` was written, or read from.
    std::filesystem::path fileOf(const Artefact& artefact) const {
        const std::filesystem::path own = artefactPath(m_context.directory, artefact);
        std::error_code code;
        return std::filesystem::exists(own, code) ? own : m_plan.sources.require(artefact);
    }
    void takeModel(int cycle) {
        if (m_modelCycle == cycle)
            return;
        const std::filesystem::path file = m_plan.sources.require({ArtefactKind::Model, cycle});
        m_model.emplace(loadStageModel(file, m_config, m_data, !m_plan.sizesFromCheckpoint));
        m_modelCycle = cycle;
        if (!m_plan.sizesFromCheckpoint)
            return;
        if (m_plan.headsAssumed && m_model->config().numHeads == m_config.model.numHeads)
            m_context.emit(Warning{fmt::format(
                "{}: nothing tells how many attention heads the model has; {} are assumed; if it has another "
                "number, say so with model.num_heads=N",
                file.string(), m_config.model.numHeads)});
        recordSizes(*m_model, m_config.model);
        checkCombinations(m_config);
    }
    void takeSae(int cycle) {
        if (m_saeCycle == cycle)
            return;
        m_sae = loadStageSae(m_plan.sources.require({ArtefactKind::Sae, cycle}), m_model->config().hiddenSize,
                             m_context);
        m_saeCycle = cycle;
    }
    // Of the model that is at hand.
    void takeActivations(int cycle) {
        if (m_storeCycle == cycle)
            return;
        m_store.emplace(
            extractActivations(*m_model, m_data, cycle, m_context, m_plan.sources.activations(cycle)));
        m_storeCycle = cycle;
        if (cycle > 0) {  // nothing of the loop reads the previous cycle's any more, and they are large
            std::error_code code;
            std::filesystem::remove(m_context.directory.activations(cycle - 1), code);
        }
    }

    const JobPlan& m_plan;
    ExperimentConfig& m_config;
    const StageContext& m_context;
    std::map<int, MetricTable>& m_evaluated;
    PreparedData m_data;
    std::optional<Gpt2Classifier> m_model;
    std::unique_ptr<Autoencoder> m_sae;
    std::optional<ActivationStore> m_store;
    // The cycles of these three; -1: nobody's yet.
    int m_modelCycle = -1;
    int m_saeCycle = -1;
    int m_storeCycle = -1;
    std::optional<std::filesystem::path> m_baseline;
};

}  // namespace

void runStages(const JobPlan& plan, ExperimentConfig& config, const StageContext& context,
               const std::function<void()>& ready, std::map<int, MetricTable>& evaluated) {
    const std::vector<Artefact> makes = artefactsToMake(plan);
    Sequence sequence(plan, config, context, evaluated);
    for (const Artefact& artefact : makes) {
        sequence.takeInputs(artefact);
        if (&artefact == &makes.front())
            sequence.begin(ready);
        sequence.make(artefact);
    }
}

}  // namespace saeception
