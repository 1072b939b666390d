// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/run_status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <optional>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view metricsName = "metrics.jsonl";
constexpr std::size_t lastWords = 16 << 10;
constexpr std::time_t lately = 600;

bool isNumber(const char* name) {
    return *name >= '0' && *name <= '9';
}

std::optional<struct stat> statOf(const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? std::optional(info) : std::nullopt;
}

// Where processes of another machine may write unseen.
bool isOnNetwork(const fs::path& path) {
    struct statfs info {};
    if (::statfs(path.c_str(), &info) != 0)
        return false;
    constexpr std::array<unsigned long, 9> networks = {
        0x6969,      // NFS
        0xFF534D42,  // CIFS
        0xFE534D42,  // SMB 2
        0x517B,      // SMB
        0x0BD00BD0,  // Lustre
        0x00C36400,  // Ceph
        0x65735546,  // FUSE: sshfs, GlusterFS and others
        0x19830326,  // BeeGFS
        0x47504653,  // GPFS
    };
    const auto type = static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFUL;
    return std::find(networks.begin(), networks.end(), type) != networks.end();
}

// "2024-05-01 10:00:00.123 [error] text": level and text of the last line; a line may lack its end.
std::pair<std::string, std::string> lastWord(const fs::path& log) {
    std::string tail = readTail(log, lastWords);
    while (!tail.empty() && (tail.back() == '\n' || tail.back() == '\r'))
        tail.pop_back();
    const std::string line = tail.substr(tail.rfind('\n') + 1);
    const std::size_t open = line.find(" [");
    const std::size_t close = line.find("] ", open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos)
        return {};
    return {line.substr(open + 2, close - open - 2), line.substr(close + 2)};
}

fs::path newestLog(const fs::path& root) {
    fs::path newest;
    std::pair<std::time_t, long> when{-1, 0};
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(root, code)) {
        if (entry.path().extension() != ".log")
            continue;
        const auto info = statOf(entry.path());
        if (!info || !S_ISREG(info->st_mode))
            continue;
        const std::pair<std::time_t, long> own{info->st_mtim.tv_sec, info->st_mtim.tv_nsec};
        if (own > when) {
            when = own;
            newest = entry.path();
        }
    }
    return newest;
}

bool wasWrittenLately(const fs::path& root) {
    auto info = statOf(root / metricsName);
    if (!info)
        info = statOf(root / ".hydra" / "config.yaml");
    return info && std::time(nullptr) - info->st_mtim.tv_sec < lately;
}

bool isComplete(const fs::path& root, int cycles) {
    if (cycles <= 0)
        return false;
    const std::string last = std::to_string(cycles - 1);
    std::error_code code;
    return fs::exists(root / "checkpoints" / ("results_cycle_" + last + ".json"), code) &&
           fs::exists(root / "features" / ("cycle_" + last) / "index.safetensors", code);
}

}  // namespace

std::string_view runStatusName(RunStatus status) {
    constexpr std::array<std::string_view, 5> names = {"running", "done", "stopped", "failed", "interrupted"};
    return names[static_cast<std::size_t>(status)];
}

RunWriters RunWriters::look() {
    RunWriters writers;
    std::error_code code;
    writers.m_hasProcesses = fs::exists("/proc/self/fd", code);
    for (const fs::directory_entry& process : fs::directory_iterator("/proc", code)) {
        if (!isNumber(process.path().filename().c_str()))
            continue;
        std::error_code denied;
        for (const fs::directory_entry& open : fs::directory_iterator(process.path() / "fd", denied)) {
            std::array<char, 4096> target{};
            const ssize_t length = ::readlink(open.path().c_str(), target.data(), target.size());
            if (length <= 0 ||
                !std::string_view(target.data(), static_cast<std::size_t>(length)).ends_with(metricsName))
                continue;
            // The link's own permissions tell how the file was opened: whoever only reads does not count.
            struct stat link {};
            const auto file = statOf(open.path());
            if (::lstat(open.path().c_str(), &link) == 0 && (link.st_mode & S_IWUSR) != 0 && file)
                writers.m_files.emplace(file->st_dev, file->st_ino);
        }
    }
    return writers;
}

bool RunWriters::couldSee(const fs::path& root) const {
    const auto info = statOf(root);
    return m_hasProcesses && !isOnNetwork(root) && (::geteuid() == 0 || !info || info->st_uid == ::geteuid());
}

bool RunWriters::holds(const fs::path& root) const {
    if (m_files.empty())
        return false;
    const auto file = statOf(root / metricsName);
    return file && m_files.count({file->st_dev, file->st_ino}) != 0;
}

RunEnding runEnding(const fs::path& root, int cycles, const RunWriters& writers) {
    if (writers.holds(root))
        return {RunStatus::Running, {}};
    if (const fs::path log = newestLog(root); !log.empty()) {
        const auto [level, text] = lastWord(log);
        if (level == "error" || level == "critical")
            return {RunStatus::Failed, text};
        if (level == "info" && text == "done")
            return {RunStatus::Done, {}};
        if (level == "info" && text == "stopped on request")
            return {RunStatus::Stopped, {}};
    }
    if (!writers.couldSee(root) && wasWrittenLately(root))
        return {RunStatus::Running, {}};
    return {isComplete(root, cycles) ? RunStatus::Done : RunStatus::Interrupted, {}};
}

std::string readTail(const fs::path& file, std::size_t bytes) {
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream)
        return {};
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(0, stream.tellg()));
    const std::size_t start = size > bytes ? size - bytes : 0;
    stream.seekg(static_cast<std::streamoff>(start));
    std::string tail(size - start, '\0');
    stream.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    tail.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
    if (start == 0)
        return tail;
    const std::size_t line = tail.find('\n');
    return line == std::string::npos ? tail : tail.substr(line + 1);
}

}  // namespace saeception
