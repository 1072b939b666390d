// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of one run: every path in it, made here and nowhere else.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace saeception {

class RunDirectory {
public:
    /// A fresh folder: `explicitDir` if not empty (must be absent or empty, or hold no other run's files),
    /// else outputDir/YYYY-MM-DD/HH-MM-SS, with a suffix if that second is taken. @throws UserError if it
    /// cannot be written.
    static RunDirectory create(const std::string& outputDir, const std::string& explicitDir);
    /// Whether create() could take `explicitDir`; nothing is made. @throws UserError when it is a file or in
    /// use.
    static void requireFree(const std::string& explicitDir);
    /// An existing run. @throws UserError if it does not look like one.
    static RunDirectory open(const std::filesystem::path& root);

    /// The paths of a run at `root`, whether or not there is one.
    static RunDirectory at(const std::filesystem::path& root);

    const std::filesystem::path& root() const { return m_root; }
    std::filesystem::path hydra() const { return m_root / ".hydra"; }
    std::filesystem::path checkpoints() const { return m_root / "checkpoints"; }
    std::filesystem::path cache() const { return m_root / "cache"; }
    std::filesystem::path tokenizer() const { return m_root / "tokenizer"; }
    std::filesystem::path metricsLog() const { return m_root / "metrics.jsonl"; }
    std::filesystem::path log(const std::string& command) const { return m_root / (command + ".log"); }
    std::filesystem::path model(int cycle) const;    ///< checkpoints/model_cycle_N_best.pt
    std::filesystem::path sae(int cycle) const;      ///< checkpoints/sae_cycle_N_best.pt
    std::filesystem::path results(int cycle) const;  ///< checkpoints/results_cycle_N.pt
    std::filesystem::path resultsJson(int cycle) const;
    std::filesystem::path features(int cycle) const;     ///< features/cycle_N/index.safetensors
    std::filesystem::path matches(int cycle) const;      ///< features/cycle_N/matches.safetensors
    std::filesystem::path activations(int cycle) const;  ///< cache/activations_cycle_N.safetensors
    std::filesystem::path targets(int cycle) const;      ///< cache/targets_cycle_N.safetensors

    /// Removes what create() made: the folder, or only what is in it where it had been there before. Nothing
    /// of a run that was opened.
    void discard() const;

    /// Cycles whose feature index exists, ascending.
    std::vector<int> cyclesWithFeatures() const;
    /// The highest cycle of which there is a checkpoint, a result or a feature index; -1 when there is none.
    int lastCycle() const;

private:
    explicit RunDirectory(std::filesystem::path root) : m_root(std::move(root)) {}
    enum class Origin { Opened, Filled, Made };  ///< Filled: an empty folder that was there before

    std::filesystem::path m_root;
    Origin m_origin = Origin::Opened;
};

/// The right to write into a run, for as long as the object lives: one command at a time. Advisory (flock);
/// the kernel gives it back when a process dies. Where the file system knows no locks it is always granted.
class RunLock {
public:
    /// @throws UserError when another command, of this process or another, works in `run`.
    explicit RunLock(const RunDirectory& run);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

    static bool isHeld(const RunDirectory& run);
    /// What the constructor throws for the run in `root`.
    static std::string heldText(const std::filesystem::path& root);

private:
    int m_descriptor = -1;
};

/// Runs below `outputDir` (folders holding .hydra/config.yaml), the one that was started last first. Searched
/// as deep as the window searches; unreadable folders are passed over.
std::vector<std::filesystem::path> findRuns(const std::filesystem::path& outputDir);

}  // namespace saeception
