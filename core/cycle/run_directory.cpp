// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_directory.h"

#include "base/error.h"
#include "base/files.h"
#include "cycle/resume_plan.h"
#include "cycle/run_files.h"
#include "cycle/run_library.h"

#include <spdlog/fmt/chrono.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <thread>

namespace saeception {
namespace fs = std::filesystem;
namespace {

// Creating the folder itself claims it, so that two runs that start in one second get two folders.
fs::path claimDated(const fs::path& outputDir) {
    const std::tm now = fmt::localtime(std::time(nullptr));
    const fs::path day = outputDir / fmt::format("{:%Y-%m-%d}", now);
    createDirectories(day);
    const std::string second = fmt::format("{:%H-%M-%S}", now);
    for (int attempt = 0;; ++attempt) {
        const fs::path candidate = day / (attempt == 0 ? second : fmt::format("{}-{}", second, attempt + 1));
        std::error_code code;
        if (fs::create_directory(candidate, code))
            return candidate;
        if (code)
            fail("cannot create the run folder {}: {}; choose another with output_dir=DIR",
                 candidate.string(), code.message());
    }
}

// N of "cycle_N"; -1 for any other name.
int cycleOf(const std::string& name) {
    const std::string prefix = "cycle_";
    const bool numbered = name.starts_with(prefix) && name.size() > prefix.size() &&
                          name.size() < prefix.size() + 9 &&
                          std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end(),
                                      [](char c) { return c >= '0' && c <= '9'; });
    return numbered ? std::stoi(name.substr(prefix.size())) : -1;
}

// The same for a file of checkpoints/: N of "model_cycle_N_best.pt", "sae_cycle_N_best.pt",
// "results_cycle_N.json".
int cycleOfCheckpoint(const std::string& name) {
    const std::size_t begin = name.find("cycle_");
    if (begin == std::string::npos)
        return -1;
    const std::size_t end = name.find_first_not_of("0123456789", begin + std::string("cycle_").size());
    return cycleOf(name.substr(begin, end - begin));
}

}  // namespace

RunDirectory RunDirectory::create(const std::string& outputDir, const std::string& explicitDir) {
    std::error_code code;
    fs::path root;
    Origin origin = Origin::Made;
    if (explicitDir.empty()) {
        root = claimDated(fs::absolute(outputDir.empty() ? fs::path(".") : fs::path(outputDir), code));
    } else {
        requireFree(explicitDir);
        root = fs::absolute(explicitDir, code);
        if (fs::exists(root, code))
            origin = Origin::Filled;
        createDirectories(root);
    }
    RunDirectory run(root.lexically_normal());
    run.m_origin = origin;
    // Making .hydra claims the folder: of two runs that start at once in the same one, only one succeeds.
    if (!fs::create_directory(run.hydra(), code) && !code)
        fail("hydra.run.dir={} has just been taken by another run; name a new one", root.string());
    for (const fs::path& folder : {run.hydra(), run.checkpoints(), run.cache()})
        createDirectories(folder);
    return run;
}

void RunDirectory::requireFree(const std::string& explicitDir) {
    if (explicitDir.empty())
        return;
    std::error_code code;
    const fs::path root = fs::absolute(explicitDir, code);
    if (fs::exists(root, code) && !fs::is_directory(root, code))
        fail("hydra.run.dir={} is a file; name a folder that does not exist yet", root.string());
    const bool used = fs::exists(root, code) && !fs::is_empty(root, code);
    if (code && code != std::errc::no_such_file_or_directory)
        fail("cannot look into hydra.run.dir={}: {}; name another folder", root.string(), code.message());
    if (used)
        fail("hydra.run.dir={} is not empty, and a run never writes into another's folder; name a new one{}",
             root.string(),
             fs::exists(root / ".hydra" / "config.yaml", code)
                 ? ", or go on with the run in it: " + resumeCommand(RunDirectory::at(root))
                 : std::string());
}

RunDirectory RunDirectory::open(const fs::path& root) {
    std::error_code code;
    const fs::path absolute = fs::absolute(root, code).lexically_normal();
    if (!fs::is_directory(absolute, code))
        fail("there is no folder {}; name the folder of a run", absolute.string());
    if (!fs::exists(absolute / ".hydra" / "config.yaml", code))
        fail("{} is not a run: it has no .hydra/config.yaml; name the folder that a run printed",
             absolute.string());
    return RunDirectory(absolute);
}

RunDirectory RunDirectory::at(const fs::path& root) {
    std::error_code code;
    return RunDirectory(fs::absolute(root, code).lexically_normal());
}

fs::path RunDirectory::model(int cycle) const {
    return checkpoints() / fmt::format("model_cycle_{}_best.pt", cycle);
}
fs::path RunDirectory::sae(int cycle) const {
    return checkpoints() / fmt::format("sae_cycle_{}_best.pt", cycle);
}
fs::path RunDirectory::results(int cycle) const {
    return checkpoints() / fmt::format("results_cycle_{}.pt", cycle);
}
fs::path RunDirectory::resultsJson(int cycle) const {
    return checkpoints() / fmt::format("results_cycle_{}.json", cycle);
}
fs::path RunDirectory::features(int cycle) const {
    return m_root / "features" / fmt::format("cycle_{}", cycle) / "index.safetensors";
}
fs::path RunDirectory::matches(int cycle) const {
    return features(cycle).parent_path() / "matches.safetensors";
}
fs::path RunDirectory::activations(int cycle) const {
    return cache() / fmt::format("activations_cycle_{}.safetensors", cycle);
}
fs::path RunDirectory::targets(int cycle) const {
    return cache() / fmt::format("targets_cycle_{}.safetensors", cycle);
}

void RunDirectory::discard() const {
    std::error_code code;
    if (m_origin == Origin::Made)
        fs::remove_all(m_root, code);
    if (m_origin == Origin::Filled)
        for (const fs::directory_entry& entry : fs::directory_iterator(m_root, code)) {
            std::error_code inner;
            fs::remove_all(entry.path(), inner);
        }
}

std::vector<int> RunDirectory::cyclesWithFeatures() const {
    std::vector<int> cycles;
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(m_root / "features", code)) {
        const int cycle = cycleOf(entry.path().filename().string());
        if (cycle >= 0 && fs::exists(features(cycle), code))
            cycles.push_back(cycle);
    }
    std::sort(cycles.begin(), cycles.end());
    return cycles;
}

int RunDirectory::lastCycle() const {
    const std::vector<int> indexed = cyclesWithFeatures();
    int last = indexed.empty() ? -1 : indexed.back();
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(checkpoints(), code))
        last = std::max(last, cycleOfCheckpoint(entry.path().filename().string()));
    return last;
}

std::vector<fs::path> findRuns(const fs::path& outputDir) {
    std::vector<std::pair<double, fs::path>> found;
    findRunFolders(outputDir, {}, [&](const fs::path& root) {
        std::error_code code;
        if (fs::exists(root / ".hydra" / "config.yaml", code))
            found.emplace_back(startOfRun(root), root);
    });
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<fs::path> runs;
    for (auto& [time, root] : found)
        runs.push_back(std::move(root));
    return runs;
}

// The folder .hydra itself is locked, so that no file is left behind.
RunLock::RunLock(const RunDirectory& run)
    : m_descriptor(::open(run.hydra().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (m_descriptor < 0)
        return;
    // isHeld() of another process takes the lock for a moment.
    constexpr int attempts = 5;
    for (int attempt = 1; ::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (errno != EWOULDBLOCK)
            return;
        if (attempt == attempts) {
            ::close(m_descriptor);
            throw UserError(heldText(run.root()));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

RunLock::~RunLock() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool RunLock::isHeld(const RunDirectory& run) {
    const int descriptor = ::open(run.hydra().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return held;
}

std::string RunLock::heldText(const fs::path& root) {
    return fmt::format(
        "{} is in use by another command; wait for it, or name another run with hydra.run.dir=DIR",
        root.string());
}

}  // namespace saeception
