// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/checkpoint.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace saeception {
namespace {

constexpr char stateKey[] = "model_state_dict";

/// `name` without what torch.compile and the data-parallel wrappers put before a module's own names.
std::string withoutWrappers(std::string_view name) {
    constexpr std::array<std::string_view, 2> wrappers = {"_orig_mod.", "module."};
    const auto strip = [&](std::string_view wrapper) {
        const bool found = name.starts_with(wrapper);
        if (found)
            name.remove_prefix(wrapper.size());
        return found;
    };
    while (std::any_of(wrappers.begin(), wrappers.end(), strip)) {
    }
    return std::string(name);
}

}  // namespace

void saveCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
    PtDict state;
    for (const auto& [name, tensor] : checkpoint.state)
        state.emplace_back(name, tensor);
    PtDict file = {{"epoch", checkpoint.epoch}, {stateKey, std::move(state)}};
    file.insert(file.end(), checkpoint.extra.begin(), checkpoint.extra.end());
    savePt(path, std::move(file));
}

namespace {

Checkpoint checkpointIn(const std::filesystem::path& path, const PtValue& file) {
    const PtDict* entries = file.get<PtDict>();
    if (entries == nullptr)
        fail("{}: not a checkpoint (a dict was expected); give a file with '{}'", path.string(), stateKey);
    Checkpoint checkpoint;
    const PtDict* state = entries;
    if (const PtValue* nested = find(*entries, stateKey)) {
        state = nested->get<PtDict>();
        if (state == nullptr)
            fail("{}: '{}' is not a dict of tensors; save model.state_dict() there", path.string(), stateKey);
        for (const auto& [key, value] : *entries) {
            if (key == "epoch")
                checkpoint.epoch = static_cast<std::int64_t>(value.number(0));
            else if (key != stateKey)
                checkpoint.extra.emplace_back(key, value);
        }
    }
    for (const auto& [name, value] : *state) {
        const at::Tensor* tensor = value.get<at::Tensor>();
        if (tensor == nullptr)
            fail("{}: '{}' is not a tensor; give a checkpoint with '{}', or a bare state dict", path.string(),
                 oneLine(name), stateKey);
        checkpoint.state.emplace_back(withoutWrappers(name), *tensor);
    }
    if (checkpoint.state.empty())
        fail("{}: holds no tensors; give a checkpoint with '{}'", path.string(), stateKey);
    return checkpoint;
}

}  // namespace

Checkpoint loadCheckpoint(const std::filesystem::path& path) {
    return checkpointIn(path, loadPt(path));
}

PtDict checkpointFacts(const std::filesystem::path& path) {
    return checkpointIn(path, loadPtOutline(path)).extra;
}

}  // namespace saeception
