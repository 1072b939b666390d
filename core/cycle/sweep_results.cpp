// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/sweep_results.h"

#include "base/error.h"
#include "base/files.h"
#include "config/override_value.h"
#include "config/tree.h"
#include "cycle/run_library.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace saeception {
namespace {

std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted(1, '"');
    for (const char c : text)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted.append(1, '"');
}

std::string csvRow(const std::vector<std::string>& fields) {
    std::string row;
    for (const std::string& field : fields)
        row.append(&field == &fields.front() ? "" : ",").append(csvField(field));
    return row.append("\r\n");
}

// "sae.k" of "++sae.k=25".
std::string keyOf(const std::string& override) {
    const std::size_t start = std::min(override.find_first_not_of("+~"), override.size());
    return override.substr(start, override.find('=') - start);
}

std::string valueOf(const std::string& override) {
    const std::size_t equals = override.find('=');
    return equals == std::string::npos ? std::string() : override.substr(equals + 1);
}

template <typename Words, typename Word>
void addOnce(Words& words, const Word& word) {
    if (std::find(words.begin(), words.end(), word) == words.end())
        words.push_back(word);
}

const char* statusName(JobStatus status) {
    switch (status) {
        case JobStatus::Done:
            return "done";
        case JobStatus::Failed:
            return "failed";
        case JobStatus::Stopped:
            return "stopped";
        case JobStatus::Running:
            return "running";
        case JobStatus::Waiting:
            break;
    }
    return "not run";
}

class Table {
public:
    explicit Table(const std::vector<SweepRecord>& records) {
        for (const SweepRecord& record : records) {
            for (const std::string& text : record.job.swept)
                addOnce(m_keys, keyOf(text));
            for (const auto& [cycle, metrics] : record.results)
                for (const auto& [name, value] : metrics)
                    addOnce(m_metrics, name);
        }
        std::vector<std::string> head = {"job", "folder", "status", "error"};
        head.insert(head.end(), m_keys.begin(), m_keys.end());
        head.push_back("cycle");
        head.insert(head.end(), m_metrics.begin(), m_metrics.end());
        m_text = csvRow(head);
        for (std::size_t number = 0; number < records.size(); ++number)
            addJob(records[number], number);
    }
    const std::string& text() const { return m_text; }

private:
    void addJob(const SweepRecord& record, std::size_t number) {
        std::vector<std::string> start = {std::to_string(number), record.directory.string(),
                                          statusName(record.status), record.error};
        for (const std::string& key : m_keys) {
            const auto mine = std::find_if(record.job.swept.begin(), record.job.swept.end(),
                                           [&](const std::string& text) { return keyOf(text) == key; });
            start.push_back(mine == record.job.swept.end() ? std::string() : valueOf(*mine));
        }
        if (record.results.empty()) {
            start.resize(start.size() + 1 + m_metrics.size());
            m_text += csvRow(start);
        }
        for (const auto& [cycle, metrics] : record.results) {
            std::vector<std::string> row = start;
            row.push_back(std::to_string(cycle));
            for (const std::string& name : m_metrics) {
                const double value = metric(metrics, name);
                row.push_back(std::isnan(value) ? std::string() : fmt::format("{}", value));
            }
            m_text += csvRow(row);
        }
    }

    std::vector<std::string> m_keys;
    std::vector<std::string> m_metrics;
    std::string m_text;
};

// What was asked for, as typed.
std::vector<std::string> recordedOverrides(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "multirun.yaml";
    const nlohmann::ordered_json record = parseYaml(readFile(file), file.string());
    const nlohmann::ordered_json* task = findNode(record, "hydra.overrides.task");
    if (task == nullptr || !task->is_array())
        fail(
            "{} does not say what the sweep was asked for (hydra.overrides.task); results.csv is left as it "
            "is",
            file.string());
    std::vector<std::string> overrides;
    for (const nlohmann::ordered_json& text : *task)
        if (text.is_string())
            overrides.push_back(text.get<std::string>());
    overrides.push_back("hydra.sweep.dir=" + overrideValueText(folder.string()));
    return overrides;
}

// The folder of job `number`, which its configuration may name.
std::filesystem::path folderOf(const SweepJob& job, std::size_t number) {
    ComposeRequest request;
    request.overrides = job.overrides;
    request.jobNumber = static_cast<int>(number);
    request.asWritten = true;
    return compose(request).runDir;
}

void readJob(SweepRecord& record, const RunWriters& writers) {
    RunReader reader;
    const std::optional<RunSummary> run = reader.read(record.directory, writers);
    if (!run || !isRunFolder(record.directory))
        return;
    switch (run->status) {
        case RunStatus::Running:
            record.status = JobStatus::Running;
            break;
        case RunStatus::Done:
            record.status = JobStatus::Done;
            break;
        case RunStatus::Stopped:
            record.status = JobStatus::Stopped;
            break;
        case RunStatus::Failed:
            record.status = JobStatus::Failed;
            record.error = run->ending;
            break;
        case RunStatus::Interrupted:
            record.status = JobStatus::Failed;
            record.error = "interrupted";
            break;
    }
    record.results = readRunContents(record.directory).results;
}

}  // namespace

void updateSweepResults(const std::filesystem::path& folder) {
    // Of two that look one after the other, the later one must not be the first to write.
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    ComposeRequest request;
    request.overrides = recordedOverrides(folder);
    const SweepPlan sweep = planSweep(request, true);
    const RunWriters writers = RunWriters::look();
    std::vector<SweepRecord> records;
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        SweepRecord record;
        record.job = sweep.jobs[number];
        record.directory = folderOf(record.job, number);
        readJob(record, writers);
        records.push_back(std::move(record));
    }
    writeSweepResults(folder / "results.csv", records);
}

void writeSweepResults(const std::filesystem::path& file, const std::vector<SweepRecord>& records) {
    writeFile(file, Table(records).text());
}

std::string jobLabel(const SweepRecord& record, std::size_t number) {
    std::string label;
    const std::vector<std::string> groups = groupNames();
    for (const std::string& text : record.job.swept) {
        const std::string key = keyOf(text);
        const bool isGroup = std::find(groups.begin(), groups.end(), key) != groups.end();
        label += label.empty() ? "" : " ";
        if (!isGroup)
            label.append(key, key.rfind('.') + 1).append("=");
        label += valueOf(text);
    }
    return label.empty() || label.size() > 40 ? fmt::format("#{}", number) : label;
}

std::size_t referenceJob(const std::vector<SweepRecord>& records) {
    const auto has = [](const SweepRecord& record) { return !record.results.empty(); };
    const auto plain = [&](const SweepRecord& record) {
        return has(record) && record.config.cycle.auxLossWeight == 0;
    };
    auto found = std::find_if(records.begin(), records.end(), plain);
    if (found == records.end())
        found = std::find_if(records.begin(), records.end(), has);
    return found == records.end() ? 0 : static_cast<std::size_t>(found - records.begin());
}

}  // namespace saeception
