// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_labels.h"

#include "base/error.h"
#include "base/files.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace saeception {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr char autoencoders[] = "autoencoders";
constexpr char formatName[] = "saeception-feature-labels";
constexpr std::uintmax_t largestFile = 64 << 20;

fs::path fileOf(const fs::path& root) {
    return root / "features" / "labels.json";
}

Json read(const fs::path& file) {
    std::error_code code;
    if (!fs::exists(file, code))
        return {{"format", formatName}, {autoencoders, Json::object()}};
    Json json = fs::file_size(file, code) <= largestFile ? Json::parse(readFile(file), nullptr, false)
                                                         : Json(Json::value_t::discarded);
    if (!json.is_object() || !json.contains(autoencoders) || !json[autoencoders].is_object())
        fail("{} does not hold the labels of features (malformed JSON); mend it or move it away",
             file.string());
    return json;
}

// While it lives no other window or program writes labels of the run. The folder itself is locked: no file is
// left.
class FolderLock {
public:
    explicit FolderLock(const fs::path& folder) : m_descriptor(::open(folder.c_str(), O_RDONLY | O_CLOEXEC)) {
        // Where locks are not to be had, as on some network disks, one writer at a time is all there can be.
        if (m_descriptor >= 0)
            ::flock(m_descriptor, LOCK_EX);
    }
    ~FolderLock() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int m_descriptor;
};

std::string textOf(const Json& json, const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

FeatureLabel labelOf(const Json& json) {
    FeatureLabel label;
    label.label = textOf(json, "label");
    label.note = textOf(json, "note");
    label.starred = json.contains("starred") && json["starred"].is_boolean() && json["starred"].get<bool>();
    if (json.contains("lists") && json["lists"].is_array())
        for (const Json& list : json["lists"])
            if (list.is_string() && !list.get<std::string>().empty() &&
                std::find(label.lists.begin(), label.lists.end(), list.get<std::string>()) ==
                    label.lists.end())
                label.lists.push_back(list.get<std::string>());
    return label;
}

// The features written about in one autoencoder's part; what is no feature is passed over.
FeatureLabels labelsIn(const Json& autoencoder) {
    FeatureLabels labels;
    if (!autoencoder.is_object() || !autoencoder.contains("features") || !autoencoder["features"].is_object())
        return labels;
    for (const auto& [name, json] : autoencoder["features"].items()) {
        int feature = -1;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), feature);
        if (error != std::errc() || end != name.data() + name.size() || feature < 0 || !json.is_object())
            continue;
        if (FeatureLabel label = labelOf(json); !label.empty())
            labels.emplace(feature, std::move(label));
    }
    return labels;
}

}  // namespace

FeatureLabels loadFeatureLabels(const fs::path& runRoot, const std::string& sae) {
    const Json json = read(fileOf(runRoot));
    const auto found = json[autoencoders].find(sae);
    return found == json[autoencoders].end() ? FeatureLabels{} : labelsIn(*found);
}

void saveFeatureLabel(const fs::path& runRoot, const std::string& sae, int cycle, int feature,
                      const FeatureLabel& label) {
    const fs::path file = fileOf(runRoot);
    createDirectories(file.parent_path());
    const FolderLock lock(file.parent_path());
    Json json = read(file);
    Json& autoencoder = json[autoencoders][sae];
    if (!autoencoder.is_object())
        autoencoder = Json::object();
    autoencoder["cycle"] = cycle;
    Json& features = autoencoder["features"];
    if (!features.is_object())
        features = Json::object();
    const std::string name = std::to_string(feature);
    if (label.empty()) {
        features.erase(name);
    } else {
        Json& entry = features[name];
        if (!entry.is_object())
            entry = Json::object();
        entry["label"] = label.label;
        entry["note"] = label.note;
        entry["starred"] = label.starred;
        entry["lists"] = label.lists;
    }
    writeFile(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

int labelsOfOthers(const fs::path& runRoot, const std::string& sae, int cycle) {
    const Json json = read(fileOf(runRoot));
    int count = 0;
    for (const auto& [name, autoencoder] : json[autoencoders].items())
        if (name != sae && autoencoder.is_object() && autoencoder.value("cycle", Json()) == Json(cycle))
            count += static_cast<int>(labelsIn(autoencoder).size());
    return count;
}

}  // namespace saeception
