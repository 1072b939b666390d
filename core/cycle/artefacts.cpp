// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/artefacts.h"

#include "base/error.h"

#include <utility>

namespace saeception {
namespace fs = std::filesystem;
namespace {

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

}  // namespace

std::string artefactName(const Artefact& artefact) {
    switch (artefact.kind) {
        case ArtefactKind::Model:
            return fmt::format("model_cycle_{}_best.pt", artefact.cycle);
        case ArtefactKind::Sae:
            return fmt::format("sae_cycle_{}_best.pt", artefact.cycle);
        case ArtefactKind::Results:
            return fmt::format("results_cycle_{}.json", artefact.cycle);
        case ArtefactKind::Features:
            break;
    }
    return fmt::format("the feature index of cycle {}", artefact.cycle);
}

fs::path artefactPath(const RunDirectory& run, const Artefact& artefact) {
    switch (artefact.kind) {
        case ArtefactKind::Model:
            return run.model(artefact.cycle);
        case ArtefactKind::Sae:
            return run.sae(artefact.cycle);
        case ArtefactKind::Results:
            return run.resultsJson(artefact.cycle);
        case ArtefactKind::Features:
            break;
    }
    return run.features(artefact.cycle);
}

CheckpointSources::CheckpointSources(std::optional<RunDirectory> own, const fs::path& other)
    : m_own(std::move(own)) {
    if (!other.empty())
        m_other = RunDirectory::at(other);
}

std::vector<RunDirectory> CheckpointSources::places() const {
    std::vector<RunDirectory> places;
    for (const std::optional<RunDirectory>& place : {m_own, m_other})
        if (place)
            places.push_back(*place);
    return places;
}

std::optional<fs::path> CheckpointSources::find(const Artefact& artefact) const {
    for (const RunDirectory& place : places())
        if (fs::path file = artefactPath(place, artefact); isThere(file))
            return file;
    if (m_other)  // a folder that holds nothing but checkpoints
        if (fs::path file = m_other->root() / artefactName(artefact); isThere(file))
            return file;
    return std::nullopt;
}

fs::path CheckpointSources::require(const Artefact& artefact) const {
    if (std::optional<fs::path> file = find(artefact))
        return *file;
    std::string where;
    for (const RunDirectory& place : places())
        where += (where.empty() ? " in " : " and in ") + place.root().string();
    fail("{} is missing{}; name the run that has it with hydra.run.dir=DIR", artefactName(artefact), where);
}

std::optional<fs::path> CheckpointSources::tokenizer() const {
    for (const RunDirectory& place : places())
        if (isThere(place.tokenizer() / "vocab.json") && isThere(place.tokenizer() / "merges.txt"))
            return place.tokenizer();
    return std::nullopt;
}

std::vector<fs::path> CheckpointSources::activations(int cycle) const {
    std::vector<fs::path> files;
    for (const RunDirectory& place : places())
        if (fs::path file = place.activations(cycle); isThere(file))
            files.push_back(std::move(file));
    return files;
}

}  // namespace saeception
