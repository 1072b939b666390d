// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_matches.h"

#include "base/error.h"
#include "model/safetensors.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace saeception {
namespace {

constexpr char formatKey[] = "format";
constexpr char format[] = "saeception-feature-matches";
constexpr char versionKey[] = "version";
constexpr char version[] = "2";
constexpr char cycleKey[] = "cycle";

struct Names {
    std::string model, sae, data, fate, offsets, feature, cosine, coactivation;
    explicit Names(const std::string& side)
        : model(side + "_model"),
          sae(side + "_sae"),
          data(side + "_data"),
          fate(side + ".fate"),
          offsets(side + ".offsets"),
          feature(side + ".feature"),
          cosine(side + ".cosine"),
          coactivation(side + ".coactivation") {}
};

// The columns of a side's counterparts.
struct Columns {
    std::vector<std::uint8_t> fate;
    std::vector<std::int32_t> feature;
    std::vector<float> cosine;
    std::vector<float> coactivation;
    explicit Columns(const MatchedSide& side) {
        for (const Fate f : side.fates)
            fate.push_back(static_cast<std::uint8_t>(f));
        for (const Counterpart& counterpart : side.counterparts) {
            feature.push_back(counterpart.feature);
            cosine.push_back(counterpart.cosine);
            coactivation.push_back(counterpart.coactivation);
        }
    }
};

bool fits(Fate fate, std::int64_t counterparts) {
    switch (fate) {
        case Fate::Silent:
        case Fate::Gone:
            return counterparts == 0;
        case Fate::Kept:
        case Fate::Drifted:
            return counterparts == 1;
        case Fate::SplitUp:
        case Fate::Merged:
            break;
    }
    return counterparts >= 1;
}

MatchedSide readSide(const SafetensorsFile& file, const std::string& name, const std::string& other) {
    const Names names(name);
    const auto damaged = [&] {
        fail("{}: the matches of features are damaged; delete the file, and they are made again",
             file.path().string());
    };
    const auto text = [&](const std::string& key) {
        const auto found = file.metadata().find(key);
        return found == file.metadata().end() ? std::string() : found->second;
    };
    MatchedSide side;
    side.model = text(names.model);
    side.sae = text(names.sae);
    side.data = text(names.data);
    const auto fates = file.values<std::uint8_t>(names.fate, "U8");
    const auto features = static_cast<std::int64_t>(fates.size());
    const auto offsets = file.values<std::int64_t>(names.offsets, "I64", features + 1);
    const auto others = file.info(Names(other).fate).elements();
    const auto feature = file.values<std::int32_t>(names.feature, "I32");
    const auto count = static_cast<std::int64_t>(feature.size());
    const auto cosine = file.values<float>(names.cosine, "F32", count);
    const auto coactivation = file.values<float>(names.coactivation, "F32", count);
    for (const std::uint8_t fate : fates) {
        if (fate >= fateCount)
            damaged();
        side.fates.push_back(static_cast<Fate>(fate));
    }
    for (std::size_t i = 0; i < offsets.size(); ++i)
        if (offsets[i] < (i == 0 ? 0 : offsets[i - 1]) || offsets[i] > count)
            damaged();
    if (offsets.front() != 0 || offsets.back() != count)
        damaged();
    side.offsets.assign(offsets.begin(), offsets.end());
    for (std::size_t i = 0; i < feature.size(); ++i) {
        if (feature[i] < 0 || feature[i] >= others || !std::isfinite(cosine[i]) ||
            !std::isfinite(coactivation[i]))
            damaged();
        side.counterparts.push_back({feature[i], cosine[i], coactivation[i]});
    }
    for (std::size_t f = 0; f < side.fates.size(); ++f)
        if (!fits(side.fates[f], offsets[f + 1] - offsets[f]))
            damaged();
    return side;
}

}  // namespace

std::span<const Counterpart> MatchedSide::of(int feature) const {
    const auto f = static_cast<std::size_t>(feature);
    return std::span(counterparts)
        .subspan(static_cast<std::size_t>(offsets[f]), static_cast<std::size_t>(offsets[f + 1] - offsets[f]));
}

std::array<int, fateCount> MatchedSide::counts() const {
    std::array<int, fateCount> counts{};
    for (const Fate fate : fates)
        ++counts[static_cast<std::size_t>(fate)];
    return counts;
}

void FeatureMatches::save(const std::filesystem::path& file) const {
    std::map<std::string, std::string> metadata = {
        {formatKey, format}, {versionKey, version}, {cycleKey, std::to_string(cycle)}};
    std::vector<SafetensorsWriter::Declaration> declarations;
    const std::pair<const char*, const MatchedSide*> sides[] = {{"before", &before}, {"after", &after}};
    for (const auto& [name, side] : sides) {
        const Names names(name);
        metadata[names.model] = side->model;
        metadata[names.sae] = side->sae;
        metadata[names.data] = side->data;
        const auto features = static_cast<std::int64_t>(side->fates.size());
        const auto count = static_cast<std::int64_t>(side->counterparts.size());
        declarations.insert(declarations.end(), {{names.fate, "U8", {features}},
                                                 {names.offsets, "I64", {features + 1}},
                                                 {names.feature, "I32", {count}},
                                                 {names.cosine, "F32", {count}},
                                                 {names.coactivation, "F32", {count}}});
    }
    SafetensorsWriter writer(file, declarations, metadata);
    for (const auto& [name, side] : sides) {
        const Names names(name);
        const Columns columns(*side);
        writer.write(names.fate, columns.fate);
        writer.write(names.offsets, side->offsets);
        writer.write(names.feature, columns.feature);
        writer.write(names.cosine, columns.cosine);
        writer.write(names.coactivation, columns.coactivation);
    }
    writer.commit();
}

FeatureMatches FeatureMatches::open(const std::filesystem::path& path) {
    try {
        const SafetensorsFile file = SafetensorsFile::open(path);
        const auto text = [&](const char* key) {
            const auto found = file.metadata().find(key);
            return found == file.metadata().end() ? std::string() : found->second;
        };
        if (text(formatKey) != format || text(versionKey) != version)
            fail("{}: not the matches of features of this version; delete the file, and they are made again",
                 path.string());
        FeatureMatches matches;
        const std::string cycle = text(cycleKey);
        const auto [end, error] = std::from_chars(cycle.data(), cycle.data() + cycle.size(), matches.cycle);
        if (error != std::errc() || end != cycle.data() + cycle.size() || matches.cycle < 1)
            fail("{}: the matches of features are damaged; delete the file, and they are made again",
                 path.string());
        matches.before = readSide(file, "before", "after");
        matches.after = readSide(file, "after", "before");
        return matches;
    } catch (const UserError& error) {
        throw UnusableIndex(error.what());
    }
}

}  // namespace saeception
