// SPDX-License-Identifier: GPL-3.0-or-later
// What a person writes about a run: a name, tags and a note, kept in the run's own notes.json. The folder
// keeps its name. Torch-free.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

struct RunNotes {
    std::string name;               ///< shown in place of the folder's name; empty: none given
    std::vector<std::string> tags;  ///< in the order given, none twice
    std::string note;               ///< may have several lines
    bool operator==(const RunNotes&) const = default;
};

/// "good, rerun" -> {"good", "rerun"}: split at commas, stripped, without empty ones and repeats.
std::vector<std::string> parseTags(std::string_view text);

/// RUN/notes.json; empty notes where there is none. @throws UserError naming the file when it cannot be read.
RunNotes loadRunNotes(const std::filesystem::path& root);

/// Writes RUN/notes.json, whole or not at all; what another version keeps there besides stays. @throws
/// UserError naming the file when it cannot be written, or holds something that is not such notes.
void saveRunNotes(const std::filesystem::path& root, const RunNotes& notes);

}  // namespace saeception
