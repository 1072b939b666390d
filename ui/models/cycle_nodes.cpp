// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cycle_nodes.h"

#include <QCoreApplication>

#include <array>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

QString words(const char* text) {
    return QCoreApplication::translate("CycleNode", text);
}

QString numbered(const char* name, int cycle) {
    return QStringLiteral("%1_%2").arg(QLatin1String(name)).arg(cycle);
}

}  // namespace

int CycleNode::column() const {
    constexpr std::array<int, 14> columns = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    return columns[static_cast<std::size_t>(kind)];
}

CycleNode CycleNode::maker() const {
    return isArtefact() ? CycleNode{cycle, static_cast<Kind>(static_cast<int>(kind) - 1)} : *this;
}

CycleNode CycleNode::product() const {
    return isArtefact() ? *this : CycleNode{cycle, static_cast<Kind>(static_cast<int>(kind) + 1)};
}

std::vector<CycleNode> nodesOfCycle(int cycle) {
    std::vector<CycleNode> nodes;
    for (int kind = 0; kind <= static_cast<int>(Kind::Features); ++kind) {
        const CycleNode node{cycle, static_cast<Kind>(kind)};
        const bool first = node.kind == Kind::Prepare || node.kind == Kind::Tokenizer;
        const bool later = node.kind == Kind::Sharpen || node.kind == Kind::Targets;
        if (cycle == 0 ? !later : !first)
            nodes.push_back(node);
    }
    return nodes;
}

CycleNode nodeOf(Stage stage, int cycle) {
    switch (stage) {
        case Stage::Prepare:
            return {0, Kind::Prepare};
        case Stage::Baseline:
        case Stage::Auxiliary:
            return {cycle, Kind::Tune};
        case Stage::Extract:
            return {cycle, Kind::Extract};
        case Stage::Sae:
            return {cycle, Kind::TrainSae};
        case Stage::Evaluate:
            return {cycle, Kind::Evaluate};
        case Stage::Features:
            break;
    }
    return {cycle, Kind::Index};
}

std::optional<Stage> stageOf(const CycleNode& node) {
    switch (node.kind) {
        case Kind::Prepare:
            return Stage::Prepare;
        case Kind::Tune:
            return node.cycle == 0 ? Stage::Baseline : Stage::Auxiliary;
        case Kind::Extract:
            return Stage::Extract;
        case Kind::TrainSae:
            return Stage::Sae;
        case Kind::Evaluate:
            return Stage::Evaluate;
        case Kind::Index:
            return Stage::Features;
        default:
            return std::nullopt;
    }
}

std::optional<Artefact> artefactOf(const CycleNode& node) {
    switch (node.kind) {
        case Kind::Model:
            return Artefact{ArtefactKind::Model, node.cycle};
        case Kind::Sae:
            return Artefact{ArtefactKind::Sae, node.cycle};
        case Kind::Results:
            return Artefact{ArtefactKind::Results, node.cycle};
        case Kind::Features:
            return Artefact{ArtefactKind::Features, node.cycle};
        default:
            return std::nullopt;
    }
}

CycleNode nodeOf(const Artefact& artefact) {
    switch (artefact.kind) {
        case ArtefactKind::Model:
            return {artefact.cycle, Kind::Model};
        case ArtefactKind::Sae:
            return {artefact.cycle, Kind::Sae};
        case ArtefactKind::Results:
            return {artefact.cycle, Kind::Results};
        case ArtefactKind::Features:
            break;
    }
    return {artefact.cycle, Kind::Features};
}

std::vector<CycleNode> needsOf(const CycleNode& stage, bool fromBaseline) {
    const int cycle = stage.cycle;
    switch (stage.kind) {
        case Kind::Sharpen:
            return {{cycle - 1, Kind::Model}, {cycle - 1, Kind::Activations}, {cycle - 1, Kind::Sae}};
        case Kind::Tune:
            if (cycle == 0)
                return {{0, Kind::Tokenizer}};
            return {{cycle, Kind::Targets}, {fromBaseline ? 0 : cycle - 1, Kind::Model}};
        case Kind::Extract:
            return {{cycle, Kind::Model}};
        case Kind::TrainSae:
            return {{cycle, Kind::Model}, {cycle, Kind::Activations}};
        case Kind::Evaluate:
        case Kind::Index:
            return {{cycle, Kind::Model}, {cycle, Kind::Activations}, {cycle, Kind::Sae}};
        default:
            return {};
    }
}

std::vector<CycleNode> usersOf(const CycleNode& artefact, bool fromBaseline) {
    std::vector<CycleNode> users;
    for (const int cycle : {artefact.cycle, artefact.cycle + 1})
        for (const CycleNode& node : nodesOfCycle(cycle)) {
            if (node.isArtefact())
                continue;
            for (const CycleNode& need : needsOf(node, fromBaseline))
                if (need == artefact)
                    users.push_back(node);
        }
    return users;
}

bool isCache(CycleNodeKind kind) {
    return kind == Kind::Activations || kind == Kind::Targets;
}

CycleCommand commandOf(const CycleNode& node) {
    switch (node.maker().kind) {
        case Kind::Prepare:
            return {"train_baseline", 0};
        case Kind::Sharpen:
            return {"train_auxiliary", node.cycle - 1};
        case Kind::Tune:
            return node.cycle == 0 ? CycleCommand{"train_baseline", 0}
                                   : CycleCommand{"train_auxiliary", node.cycle - 1};
        case Kind::TrainSae:
            return {"train_sae", node.cycle};
        case Kind::Evaluate:
            return {"evaluate", node.cycle};
        case Kind::Index:
            return {"features", node.cycle};
        default:
            return {};
    }
}

std::vector<std::filesystem::path> filesOf(const RunDirectory& run, const CycleNode& artefact) {
    const int cycle = artefact.cycle;
    switch (artefact.kind) {
        case Kind::Tokenizer:
            return {run.tokenizer() / "vocab.json", run.tokenizer() / "merges.txt"};
        case Kind::Targets:
            return {run.targets(cycle)};
        case Kind::Model:
            return {run.model(cycle)};
        case Kind::Activations:
            return {run.activations(cycle)};
        case Kind::Sae:
            return {run.sae(cycle)};
        case Kind::Results:
            return {run.resultsJson(cycle), run.results(cycle)};
        case Kind::Features:
            return {run.features(cycle)};
        default:
            return {};
    }
}

QString cycleNodeTitle(const CycleNode& node) {
    switch (node.kind) {
        case Kind::Prepare:
            return words("Prepare data");
        case Kind::Tokenizer:
            return words("tokenizer");
        case Kind::Sharpen:
            return words("Sharpen");
        case Kind::Targets:
            return numbered("targets", node.cycle);
        case Kind::Tune:
            return node.cycle == 0 ? words("Fine-tune") : words("Retrain");
        case Kind::Model:
            return numbered("model", node.cycle);
        case Kind::Extract:
            return words("Extract");
        case Kind::Activations:
            return numbered("activations", node.cycle);
        case Kind::TrainSae:
            return words("Train SAE");
        case Kind::Sae:
            return numbered("sae", node.cycle);
        case Kind::Evaluate:
            return words("Evaluate");
        case Kind::Results:
            return numbered("results", node.cycle);
        case Kind::Index:
            return words("Index features");
        case Kind::Features:
            break;
    }
    return numbered("features", node.cycle);
}

QString cycleNodeShortTitle(const CycleNode& node) {
    if (node.kind == Kind::Prepare)
        return words("Prepare");
    return node.kind == Kind::Index ? words("Index") : cycleNodeTitle(node);
}

QString cycleNodeDescription(const CycleNode& node) {
    switch (node.kind) {
        case Kind::Prepare:
            return words(
                "Reads or generates the data set, trains or loads the tokenizer, and encodes the "
                "sentences.");
        case Kind::Tokenizer:
            return words("The vocabulary and the merges with which the run's sentences were encoded.");
        case Kind::Sharpen:
            return words("Turns the features of the previous cycle into cleaner target activations.");
        case Kind::Targets:
            return words("One target activation for each training sentence.");
        case Kind::Tune:
            return node.cycle == 0
                       ? words("Trains the model on the classification task.")
                       : words("Trains the previous model further, on the task and towards the targets.");
        case Kind::Model:
            return words("The checkpoint with the best validation accuracy.");
        case Kind::Extract:
            return words(
                "Runs the frozen model over all sentences and keeps the target layer's activations.");
        case Kind::Activations:
            return words("The target layer's activation at every token. A cache: it may be deleted.");
        case Kind::TrainSae:
            return words("Trains the sparse autoencoder on the activations.");
        case Kind::Sae:
            return words("The autoencoder with the best validation loss.");
        case Kind::Evaluate:
            return words("Measures the model and its autoencoder.");
        case Kind::Results:
            return words("Every metric of the cycle, as JSON and for Python.");
        case Kind::Index:
            return words("Collects the sentences on which each feature is most active.");
        case Kind::Features:
            break;
    }
    return words("What the Features page shows of the cycle.");
}

}  // namespace saeception
