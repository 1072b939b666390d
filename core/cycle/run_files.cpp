// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_files.h"

#include "base/error.h"
#include "cycle/results_file.h"
#include "model/safetensors.h"

#include <spdlog/fmt/fmt.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr int mostEntries = 20'000;
constexpr std::size_t checkedTail = 16 << 10;

double secondsOf(const struct timespec& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double timeOf(const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? secondsOf(info.st_mtim) : 0;
}

// FNV-1a, folded in word by word.
void fold(std::uint64_t& hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x100000001B3ULL;
    hash ^= hash >> 29;
}

// N of PREFIX N SUFFIX.
std::optional<int> numberIn(const std::string& name, std::string_view prefix, std::string_view suffix) {
    if (name.size() <= prefix.size() + suffix.size() || !name.starts_with(prefix) || !name.ends_with(suffix))
        return std::nullopt;
    int number = 0;
    const char* const end = name.data() + name.size() - suffix.size();
    const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, number);
    return error == std::errc() && stop == end && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<std::vector<int>> versionNumbers(std::string_view text) {
    std::vector<int> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        int number = 0;
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc() || (stop != end && *stop != '.'))
            return std::nullopt;
        numbers.push_back(number);
        at = stop == end ? end : stop + 1;
    }
    return numbers.empty() ? std::nullopt : std::optional(numbers);
}

// A checkpoint is a zip archive, whose directory stands at its end.
bool isCutShort(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::array<char, 4> head{};
    if (!stream.read(head.data(), head.size()))
        return true;
    if (std::string_view(head.data(), 2) != "PK")
        return false;  // an old Python checkpoint, which says nothing about its length
    std::array<char, 22> tail{};
    stream.seekg(-static_cast<std::streamoff>(tail.size()), std::ios::end);
    return !stream.read(tail.data(), tail.size()) || std::string_view(tail.data(), 4) != "PK\5\6";
}

void checkMetrics(RunSummary& run) {
    std::istringstream tail(readTail(run.root / "metrics.jsonl", checkedTail));
    std::string line;
    while (std::getline(tail, line)) {
        // A last line without its end is being written, or was when the power went; the next run mends it.
        if (tail.eof() || line.empty() || nlohmann::json::accept(line))
            continue;
        run.problems.push_back(fmt::format("{} has lines that cannot be read; its curves may have gaps",
                                           (run.root / "metrics.jsonl").string()));
        return;
    }
}

// What a whole loop leaves of its cycles.
void checkCycle(RunSummary& run, int cycle, bool last) {
    const fs::path checkpoints = run.root / "checkpoints";
    const bool over = run.status != RunStatus::Running;
    std::error_code code;
    for (const char* const kind : {"model", "sae"}) {
        const std::string name = fmt::format("{}_cycle_{}_best.pt", kind, cycle);
        if (fs::exists(checkpoints / name, code)) {
            if (isCutShort(checkpoints / name))
                run.problems.push_back(
                    fmt::format("{} is cut short; it cannot be loaded, copy it again or "
                                "train it again",
                                (checkpoints / name).string()));
        } else if (over) {
            run.problems.push_back(fmt::format("checkpoints/{} is missing", name));
        }
    }
    const fs::path index = run.root / "features" / fmt::format("cycle_{}", cycle) / "index.safetensors";
    if (fs::exists(index, code)) {
        try {
            SafetensorsFile::open(index);
        } catch (const std::exception& error) {
            run.problems.push_back(oneLine(error.what()));
        }
    } else if (over && (!last || run.status == RunStatus::Done)) {
        run.problems.push_back(fmt::format(
            "features/cycle_{}/index.safetensors is missing; there are no features to browse", cycle));
    }
}

}  // namespace

RunFiles walkRunFiles(const fs::path& root) {
    RunFiles files;
    std::error_code code;
    int entries = 0;
    for (fs::recursive_directory_iterator entry(root, code), end; !code && entry != end;
         entry.increment(code)) {
        if (++entries > mostEntries)
            break;
        struct stat info {};
        if (::lstat(entry->path().c_str(), &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode)) {
            std::error_code unknown;
            if (fs::exists(entry->path() / ".hydra" / "config.yaml", unknown))
                entry.disable_recursion_pending();
            continue;
        }
        if (!S_ISREG(info.st_mode))
            continue;
        files.bytes += info.st_size;
        fold(files.stamp, std::hash<std::string>{}(entry->path().string()));
        fold(files.stamp, static_cast<std::uint64_t>(info.st_size));
        fold(files.stamp, static_cast<std::uint64_t>(info.st_mtim.tv_sec));
        fold(files.stamp, static_cast<std::uint64_t>(info.st_mtim.tv_nsec));
        if (entry->path() != root / "notes.json")
            files.newest = std::max(files.newest, secondsOf(info.st_mtim));
    }
    return files;
}

std::vector<int> cyclesWithResults(const fs::path& root) {
    std::vector<int> cycles;
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(root / "checkpoints", code))
        if (const auto cycle = numberIn(entry.path().filename().string(), "results_cycle_", ".json"))
            cycles.push_back(*cycle);
    std::sort(cycles.begin(), cycles.end());
    return cycles;
}

bool hasCheckpoints(const fs::path& root) {
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(root / "checkpoints", code)) {
        const std::string name = entry.path().filename().string();
        if (numberIn(name, "results_cycle_", ".json") || numberIn(name, "model_cycle_", "_best.pt") ||
            numberIn(name, "sae_cycle_", "_best.pt"))
            return true;
    }
    return false;
}

double startOfRun(const fs::path& root) {
    std::ifstream stream(root / "metrics.jsonl");
    std::string line;
    if (std::getline(stream, line)) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (json.is_object() && json.contains("time") && json["time"].is_number())
            return json["time"].get<double>();
    }
    const double config = timeOf(root / ".hydra" / "config.yaml");
    return config > 0 ? config : timeOf(root);
}

bool isNewerVersion(std::string_view version, std::string_view than) {
    const auto own = versionNumbers(version);
    const auto other = versionNumbers(than);
    return own && other && *own > *other;
}

bool isWhole(const RunDirectory& run, const Artefact& artefact) {
    std::error_code code;
    const fs::path file = artefactPath(run, artefact);
    if (!fs::exists(file, code))
        return false;
    try {
        switch (artefact.kind) {
            case ArtefactKind::Model:
            case ArtefactKind::Sae:
                return !isCutShort(file);
            case ArtefactKind::Results:
                static_cast<void>(loadResults(run, artefact.cycle));
                return !isCutShort(run.results(artefact.cycle));
            case ArtefactKind::Features:
                static_cast<void>(SafetensorsFile::open(file));
        }
    } catch (const UserError&) {
        return false;
    }
    return true;
}

void checkRunFiles(RunSummary& run) {
    checkMetrics(run);
    if (run.command != "train_cycle" && !run.command.empty())
        return;
    std::error_code code;
    const bool done = run.status == RunStatus::Done;
    const int expected = done ? run.cyclesAsked : 0;
    for (int cycle = 0; cycle < expected; ++cycle)
        if (!fs::exists(run.root / "checkpoints" / fmt::format("results_cycle_{}.json", cycle), code))
            run.problems.push_back(fmt::format(
                "checkpoints/results_cycle_{}.json is missing; cycle {} has no metrics", cycle, cycle));
    const int last = run.cycles.empty() ? -1 : run.cycles.back();
    for (const int cycle : run.cycles)
        checkCycle(run, cycle, cycle == last);
}

}  // namespace saeception
