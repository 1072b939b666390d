// SPDX-License-Identifier: GPL-3.0-or-later
// events.out.tfevents.*: every curve of a run in the form that TensorBoard (and `wandb sync`) reads.
#pragma once

#include "cycle/append_file.h"
#include "cycle/events.h"

#include <filesystem>

namespace saeception {

/// Points appear under "cycle_N/<tag>" at their step; the evaluation of each cycle under "cycles/<metric>" at
/// step N, without the ends of its interval. Every record is complete as soon as handle() returns.
class TensorBoardSink : public EventSink {
public:
    /// Starts a new file events.out.tfevents.<time>.<host> in `directory`. @throws UserError naming the path.
    explicit TensorBoardSink(const std::filesystem::path& directory);
    /// @throws UserError when the record cannot be written.
    void handle(const Event& event) override;
    const std::filesystem::path& path() const { return m_file.path(); }

private:
    AppendFile m_file;
};

}  // namespace saeception
