// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes of the cycle map: each stage of each cycle and what it makes, what they are called, what they
// need, and which command makes them.
#pragma once

#include "cycle/artefacts.h"
#include "cycle/events.h"

#include <QMetaType>
#include <QString>

#include <compare>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace saeception {

/// Stages and artefacts in turn, in the order in which a cycle passes through them: each stage is followed by
/// what it makes. Cycle 0 begins with Prepare, every later one with Sharpen.
enum class CycleNodeKind {
    Prepare,
    Tokenizer,
    Sharpen,
    Targets,
    Tune,
    Model,
    Extract,
    Activations,
    TrainSae,
    Sae,
    Evaluate,
    Results,
    Index,
    Features
};

struct CycleNode {
    int cycle = 0;
    CycleNodeKind kind = CycleNodeKind::Prepare;
    auto operator<=>(const CycleNode&) const = default;

    bool isArtefact() const { return static_cast<int>(kind) % 2 != 0; }
    /// Its place in the row of its cycle, 0 to 5; a stage and what it makes share one.
    int column() const;
    /// The stage that makes an artefact; a stage itself.
    CycleNode maker() const;
    /// What a stage makes; an artefact itself.
    CycleNode product() const;
};

inline constexpr int cycleColumns = 6;

/// In order, two a column.
std::vector<CycleNode> nodesOfCycle(int cycle);

/// The node of what events call `stage` of `cycle`; preparing the data belongs to cycle 0 whatever cycle it
/// is reported under.
CycleNode nodeOf(Stage stage, int cycle);
/// Nothing for artefacts, and for Sharpen, which sends no events of its own.
std::optional<Stage> stageOf(const CycleNode& node);
/// Nothing for what no command names: the tokenizer, targets and activations.
std::optional<Artefact> artefactOf(const CycleNode& node);
CycleNode nodeOf(const Artefact& artefact);

/// What a stage reads of the run. @param fromBaseline start_from=baseline: retraining begins with model_0
std::vector<CycleNode> needsOf(const CycleNode& stage, bool fromBaseline);
/// What an artefact goes into, as far as it stands in the same or the next cycle.
std::vector<CycleNode> usersOf(const CycleNode& artefact, bool fromBaseline);

/// Remade whenever it is needed, so that nothing is lost with it.
bool isCache(CycleNodeKind kind);

/// Of stageCommands(), with cycle.current; an empty name for Extract, which others do on their way.
struct CycleCommand {
    std::string_view name;
    int current = 0;
};
CycleCommand commandOf(const CycleNode& node);

/// The files that an artefact may have left.
std::vector<std::filesystem::path> filesOf(const RunDirectory& run, const CycleNode& artefact);

/// "Train SAE", "sae_1": what a node bears; no longer than fits into one.
QString cycleNodeTitle(const CycleNode& node);
/// "Index", where the title has a shorter form; else the title.
QString cycleNodeShortTitle(const CycleNode& node);
/// One sentence: what the stage does, or what the artefact holds.
QString cycleNodeDescription(const CycleNode& node);

}  // namespace saeception

Q_DECLARE_METATYPE(saeception::CycleNode)
