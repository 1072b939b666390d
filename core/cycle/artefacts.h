// SPDX-License-Identifier: GPL-3.0-or-later
// The files by which one command hands over to another, and where a command finds them. Torch-free.
#pragma once

#include "cycle/run_directory.h"

#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace saeception {

enum class ArtefactKind { Model, Sae, Results, Features };

/// A file that one command leaves and another takes.
struct Artefact {
    ArtefactKind kind = ArtefactKind::Model;
    int cycle = 0;
    auto operator<=>(const Artefact&) const = default;
};

/// "model_cycle_1_best.pt", "sae_cycle_1_best.pt", "results_cycle_1.json", "the feature index of cycle 1".
std::string artefactName(const Artefact& artefact);
std::filesystem::path artefactPath(const RunDirectory& run, const Artefact& artefact);

/// Where a command finds what it needs: the run it works in, then the folder that checkpoint_dir names.
class CheckpointSources {
public:
    /// `own` empty: a fresh run, which has nothing yet. `other` empty: none; else a run, or a folder with
    /// checkpoints.
    explicit CheckpointSources(std::optional<RunDirectory> own = {}, const std::filesystem::path& other = {});

    /// The artefact's file; nothing when it is in neither place.
    std::optional<std::filesystem::path> find(const Artefact& artefact) const;
    /// @throws UserError naming the file and both places.
    std::filesystem::path require(const Artefact& artefact) const;
    /// The folder of the tokenizer that was kept with the checkpoints.
    std::optional<std::filesystem::path> tokenizer() const;
    /// The activation stores of `cycle` that exist, one's own first.
    std::vector<std::filesystem::path> activations(int cycle) const;

    const std::optional<RunDirectory>& own() const { return m_own; }
    const std::optional<RunDirectory>& other() const { return m_other; }

private:
    std::vector<RunDirectory> places() const;

    std::optional<RunDirectory> m_own;
    std::optional<RunDirectory> m_other;
};

}  // namespace saeception
