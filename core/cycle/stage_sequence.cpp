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

class Sequence {
public:
    Sequence(const JobPlan& plan, ExperimentConfig& config, const StageContext& context,
             const std::function<void()>& ready, std::map<int, MetricTable>& evaluated)
        : m_plan(plan),
          m_config(config),
          m_context(context),
          m_ready(ready),
          m_evaluated(evaluated),
          m_data(prepareData(context, keptTokenizer(plan))) {}

    void trainBaselineAlone() {
        makeModel();
        trainBaseline(*m_model, m_data, m_context);
    }
    void trainSaeAlone(int cycle) {
        takeModel(cycle);
        begin();
        extract(cycle);
        makeSae(cycle);
    }
    void evaluateAlone(int cycle) {
        takeModel(cycle);
        takeSae(cycle);
        begin();
        extract(cycle);
        evaluate(cycle);
    }
    void trainAuxiliaryAlone(int cycle) {
        takeModel(cycle);
        takeSae(cycle);
        begin();
        extract(cycle);
        retrain(cycle + 1);
    }
    void runLoop(int first, int last) {
        if (first > 0) {
            takeModel(first - 1);
            takeSae(first - 1);
            begin();
            extract(first - 1);
        } else {
            makeModel();
        }
        for (int cycle = first; cycle <= last; ++cycle) {
            if (cycle == 0)
                trainBaseline(*m_model, m_data, m_context);
            else
                retrain(cycle);
            extract(cycle);
            makeSae(cycle);
            evaluate(cycle);
        }
    }

private:
    void makeModel() {
        m_model.emplace(makeInitialModel(m_data, m_context));
        begin();
    }
    void takeModel(int cycle) {
        const std::filesystem::path file = m_plan.sources.require({ArtefactKind::Model, cycle});
        m_model.emplace(loadStageModel(file, m_config, m_data, !m_plan.sizesFromCheckpoint));
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
        m_sae = loadStageSae(m_plan.sources.require({ArtefactKind::Sae, cycle}), m_config.sae,
                             m_model->config().hiddenSize);
    }

    // Everything needed is there and fits; from here on files are made and replaced.
    void begin() {
        if (m_config.startFrom == "baseline")
            m_baseline = m_plan.sources.find({ArtefactKind::Model, 0});
        m_ready();
        keepTokenizer(m_data, m_context.directory);
    }

    void extract(int cycle) {
        m_store.emplace(
            extractActivations(*m_model, m_data, cycle, m_context, m_plan.sources.activations(cycle)));
        if (cycle > 0) {  // nothing of the loop reads the previous cycle's any more, and they are large
            std::error_code code;
            std::filesystem::remove(m_context.directory.activations(cycle - 1), code);
        }
    }
    void makeSae(int cycle) { m_sae = trainSae(*m_store, cycle, m_context); }
    void evaluate(int cycle) {
        m_evaluated[cycle] = evaluateCycle(*m_model, *m_sae, *m_store, m_data, cycle, m_context);
        indexFeatures(*m_sae, *m_store, m_data, cycle, m_context);
    }
    void retrain(int cycle) {
        trainAuxiliary(*m_model, *m_sae, *m_store, m_data, cycle, m_context,
                       m_baseline.value_or(m_context.directory.model(0)));
    }

    const JobPlan& m_plan;
    ExperimentConfig& m_config;
    const StageContext& m_context;
    const std::function<void()>& m_ready;
    std::map<int, MetricTable>& m_evaluated;
    PreparedData m_data;
    std::optional<Gpt2Classifier> m_model;
    std::unique_ptr<Autoencoder> m_sae;
    std::optional<ActivationStore> m_store;
    std::optional<std::filesystem::path> m_baseline;
};

}  // namespace

void runStages(const JobPlan& plan, ExperimentConfig& config, const StageContext& context,
               const std::function<void()>& ready, std::map<int, MetricTable>& evaluated) {
    Sequence sequence(plan, config, context, ready, evaluated);
    const int cycle = config.cycle.current;
    if (plan.command == "train_baseline")
        sequence.trainBaselineAlone();
    else if (plan.command == "train_sae")
        sequence.trainSaeAlone(cycle);
    else if (plan.command == "evaluate")
        sequence.evaluateAlone(cycle);
    else if (plan.command == "train_auxiliary")
        sequence.trainAuxiliaryAlone(cycle);
    else
        sequence.runLoop(cycle, config.cycle.maxCycles);
}

}  // namespace saeception
