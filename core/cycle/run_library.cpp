// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_library.h"

#include "base/error.h"
#include "base/files.h"
#include "config/compose.h"
#include "config/tree.h"
#include "cycle/results_file.h"
#include "cycle/run_directory.h"
#include "cycle/run_files.h"
#include "cycle/run_record.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 6;
constexpr int mostFolders = 20'000;

bool isDay(const std::string& name) {
    constexpr std::string_view form = "dddd-dd-dd";
    return name.size() == form.size() &&
           std::equal(name.begin(), name.end(), form.begin(),
                      [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; });
}

bool isOwnFolder(const std::string& name) {
    constexpr std::array<std::string_view, 4> own = {"checkpoints", "features", "cache", "tokenizer"};
    return std::find(own.begin(), own.end(), name) != own.end();
}

class Finder {
public:
    Finder(const std::stop_token& stop, const std::function<void(const fs::path&)>& visit,
           const std::function<void(const fs::path&)>& pass)
        : m_stop(stop), m_visit(visit), m_pass(pass) {}

    void enter(const fs::path& folder, int depth) {
        throwIfStopped(m_stop);
        if (++m_folders > mostFolders)
            return;
        const bool run = isRunFolder(folder);
        if (run)
            m_visit(folder);
        else if (m_pass)
            m_pass(folder);
        if (depth == deepest)
            return;
        std::vector<fs::path> inner;
        std::error_code code;
        for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
            const std::string name = entry->path().filename().string();
            std::error_code unknown;
            if (entry->is_directory(unknown) && !entry->is_symlink(unknown) && !name.starts_with('.') &&
                !(run && isOwnFolder(name)))
                inner.push_back(entry->path());
        }
        std::sort(inner.begin(), inner.end(), std::greater<>());
        for (const fs::path& next : inner)
            enter(next, depth + 1);
    }

private:
    const std::stop_token& m_stop;
    const std::function<void(const fs::path&)>& m_visit;
    const std::function<void(const fs::path&)>& m_pass;
    int m_folders = 0;
};

Json readTree(const fs::path& file) {
    return parseYaml(readFile(file), file.string());
}

std::string textAt(const Json& tree, const std::string& path) {
    const Json* node = findNode(tree, path);
    return node != nullptr && node->is_string() ? node->get<std::string>() : std::string();
}

// Runs `read`; what it throws becomes a problem.
template <typename Read>
void tryTo(std::vector<std::string>& problems, const Read& read) {
    try {
        read();
    } catch (const std::exception& error) {
        problems.push_back(oneLine(error.what()));
    }
}

void readHydraFiles(RunSummary& run) {
    const fs::path hydra = run.root / ".hydra";
    tryTo(run.problems, [&] {
        const Json config = readTree(hydra / "config.yaml");
        run.model = textAt(config, "model.name");
        run.dataset = textAt(config, "dataset.name");
        if (const Json* last = findNode(config, "cycle.max_cycles");
            last != nullptr && last->is_number_integer())
            run.cyclesAsked =
                static_cast<int>(std::clamp<std::int64_t>(last->get<std::int64_t>(), -1, 999'999)) + 1;
    });
    std::error_code code;
    if (!fs::exists(hydra / "hydra.yaml", code))
        return;
    tryTo(run.problems, [&] {
        const Json settings = readTree(hydra / "hydra.yaml");
        run.command = textAt(settings, "hydra.job.name");
        run.experiment = textAt(settings, "hydra.runtime.choices.experiment");
        run.version = textAt(settings, "hydra.runtime.version");
        if (const std::string newer = newerVersionOf(settings); !newer.empty())
            run.problems.push_back("written by version " + newer + ", newer than this " + SAECEPTION_VERSION +
                                   "; what it added is not shown here");
    });
}

void readResults(RunSummary& run) {
    const RunDirectory directory = RunDirectory::at(run.root);
    for (const int cycle : cyclesWithResults(run.root)) {
        tryTo(run.problems, [&] {
            const double accuracy = metric(loadResults(directory, cycle), "task_accuracy");
            run.cycles.push_back(cycle);
            if (std::isfinite(accuracy) && (!run.accuracy || accuracy > *run.accuracy)) {
                run.accuracy = accuracy;
                run.accuracyCycle = cycle;
            }
        });
    }
}

void flatten(const Json& node, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& rows) {
    if (node.is_object() && !node.empty()) {
        for (const auto& [key, value] : node.items())
            flatten(value, path.empty() ? key : path + '.' + key, rows);
        return;
    }
    rows.emplace_back(path, node.is_string() ? node.get<std::string>()
                                             : node.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

std::string runTitle(const fs::path& root, const RunNotes& notes) {
    if (!notes.name.empty())
        return notes.name;
    const std::string name = root.filename().string();
    const std::string parent = root.parent_path().filename().string();
    if (isDay(parent))
        return parent + ' ' + name;
    const bool job = !name.empty() && name.size() < 6 &&
                     std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::string day = root.parent_path().parent_path().filename().string();
    return job && isDay(day) ? day + ' ' + parent + " #" + name : name;
}

bool isRunFolder(const fs::path& folder) {
    std::error_code code;
    return fs::exists(folder / ".hydra" / "config.yaml", code) ||
           fs::exists(folder / "metrics.jsonl", code) || hasCheckpoints(folder);
}

void findRunFolders(const fs::path& top, const std::stop_token& stop,
                    const std::function<void(const fs::path&)>& visit,
                    const std::function<void(const fs::path&)>& pass) {
    std::error_code code;
    const fs::path absolute = fs::absolute(top, code).lexically_normal();
    if (fs::is_directory(absolute, code))
        Finder(stop, visit, pass).enter(absolute, 0);
}

std::optional<RunSummary> RunReader::read(const fs::path& root, const RunWriters& writers) {
    std::error_code code;
    if (!fs::is_directory(root, code) || !isRunFolder(root)) {
        m_known.erase(root);
        return std::nullopt;
    }
    const RunFiles files = walkRunFiles(root);
    Known& known = m_known[root];
    const RunSummary& before = known.summary;
    if (known.stamp == files.stamp && !before.root.empty()) {
        // Whether it still goes on is told by no file.
        const bool ran = before.status == RunStatus::Running;
        if (ran ? runEnding(root, before.cyclesAsked, writers).status == RunStatus::Running
                : !writers.holds(root))
            return before;
    }
    RunSummary run;
    run.root = root;
    run.bytes = files.bytes;
    run.lastWritten = files.newest;
    run.started = startOfRun(root);
    tryTo(run.problems, [&] { run.notes = loadRunNotes(root); });
    readHydraFiles(run);
    readResults(run);
    RunEnding ending = runEnding(root, run.cyclesAsked, writers);
    run.status = ending.status;
    run.ending = std::move(ending.message);
    checkRunFiles(run);
    // The same fault may be met on two ways.
    std::set<std::string> told;
    std::erase_if(run.problems, [&](const std::string& problem) { return !told.insert(problem).second; });
    known = {files.stamp, run};
    return run;
}

void RunReader::keepOnly(const std::vector<fs::path>& kept) {
    const std::set<fs::path> wanted(kept.begin(), kept.end());
    std::erase_if(m_known, [&](const auto& entry) { return !wanted.contains(entry.first); });
}

RunContents readRunContents(const fs::path& root) {
    RunContents run;
    run.root = root;
    RunNotes notes;
    tryTo(run.problems, [&] { notes = loadRunNotes(root); });
    run.title = runTitle(root, notes);
    const RunDirectory directory = RunDirectory::at(root);
    for (const int cycle : cyclesWithResults(root))
        tryTo(run.problems, [&] { run.results[cycle] = loadResults(directory, cycle); });
    tryTo(run.problems, [&] { flatten(readTree(directory.hydra() / "config.yaml"), {}, run.config); });
    return run;
}

}  // namespace saeception
