// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/index_tables.h"

#include "base/error.h"
#include "features/feature_index.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace saeception {
namespace names = index_format;
namespace {

std::size_t at(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

std::map<std::string, std::string> metadataOf(const IndexOrigin& origin) {
    return {{names::formatKey, names::format},
            {names::versionKey, std::to_string(names::version)},
            {names::cycleKey, std::to_string(origin.cycle)},
            {names::classNamesKey, nlohmann::json(origin.classNames).dump()},
            {names::conceptNamesKey, nlohmann::json(origin.conceptNames).dump()},
            {names::modelKey, origin.model},
            {names::saeKey, origin.sae},
            {names::dataKey, origin.data},
            {names::autoencoderKey, origin.autoencoder},
            {names::blockKey, std::to_string(origin.block)},
            {names::blocksKey, std::to_string(origin.blocks)},
            {names::unembeddingKey, origin.unembeddingTrained ? "trained" : "random"},
            {names::sharpeningKey, origin.sharpening},
            {names::topKPctKey, fmt::format("{}", origin.topKPct)}};
}

class Checker {
public:
    Checker(MappedIndex& index, const std::string& remedy)
        : m_index(index), m_remedy(remedy), t(index.tables), n(index.sizes) {}

    void readMetadata() {
        if (metadata(names::formatKey) != names::format)
            throw UnusableIndex(
                fmt::format("{}: not a feature index; give the index.safetensors of a run's features/cycle_N "
                            "folder",
                            path()));
        const int version = number<int>(names::versionKey);
        if (version > names::version)
            throw UnusableIndex(
                fmt::format("{}: a feature index of version {}, written by a newer SAEception Studio (this "
                            "one reads version "
                            "{}); update the program, or build the index anew with: {}",
                            path(), version, names::version, m_remedy));
        if (version > 0 && version < names::version)
            throw UnusableIndex(
                fmt::format("{}: a feature index of the earlier version {}; build it anew with: {}", path(),
                            version, m_remedy));
        require(version == names::version, fmt::format("there is no version {}", version));
        IndexOrigin& origin = m_index.origin;
        origin.cycle = number<int>(names::cycleKey);
        origin.classNames = texts(names::classNamesKey);
        require(!origin.classNames.empty(), "it has no class_names");
        origin.conceptNames = texts(names::conceptNamesKey);
        require(origin.conceptNames.size() <= 64, "it has more than 64 concept_names");
        origin.model = metadata(names::modelKey);
        origin.sae = metadata(names::saeKey);
        origin.data = metadata(names::dataKey);
        origin.autoencoder = metadata(names::autoencoderKey);
        origin.block = number<int>(names::blockKey);
        origin.blocks = number<int>(names::blocksKey);
        origin.unembeddingTrained = metadata(names::unembeddingKey) == "trained";
        origin.sharpening = metadata(names::sharpeningKey);
        origin.topKPct = number<double>(names::topKPctKey);
        n.classes = static_cast<std::int64_t>(origin.classNames.size());
        n.concepts = static_cast<std::int64_t>(origin.conceptNames.size());
    }

    void mapTables() {
        n.features = m_index.file.info(names::fires).elements();
        require(n.features <= std::numeric_limits<int>::max(), "it has too many features");
        const TensorInfo& vocabulary = m_index.file.info(names::topTokens);
        n.vocabularyTokens = vocabulary.shape.size() == 2 ? vocabulary.shape[1] : -1;
        require(n.vocabularyTokens >= 0 && n.vocabularyTokens <= 1000, "it has no top tokens");
        t.forEach(n, [&](const char* name, auto& table, const std::vector<std::int64_t>& columns,
                         std::int64_t rows) {
            using Value =
                std::remove_const_t<typename std::remove_reference_t<decltype(table)>::element_type>;
            std::int64_t elements = rows;
            for (const std::int64_t extent : columns)
                if (rows >= 0 && __builtin_mul_overflow(elements, extent, &elements))
                    damaged(fmt::format("{} cannot be that large", name));
            table = m_index.file.template values<Value>(name, dtypeOf<Value>(), elements);
        });
    }

    void checkTables() {
        checkSentences();
        checkLists();
        checkSample();
        checkIds(t.peakTokens, -1, t.vocabularyOffsets.size() - 1, names::peakTokens);
        checkIds(t.topTokens, 0, t.vocabularyOffsets.size() - 1, names::topTokens);
        checkIds(t.bottomTokens, 0, t.vocabularyOffsets.size() - 1, names::bottomTokens);
        checkIds(t.neighbour, -1, at(n.features), names::neighbour);
        checkIds(t.companion, -1, at(n.features), names::companion);
        checkIds(t.conceptFeature, -1, at(n.features), names::conceptFeature);
        for (const std::int64_t count : t.rowsPerClass)
            require(count >= 0 && !__builtin_add_overflow(m_index.rows, count, &m_index.rows),
                    "its row counts are impossible");
        for (const double width : t.histogramWidth)
            require(std::isfinite(width) && width >= 0, "a histogram has an impossible width");
    }

private:
    std::string path() const { return m_index.file.path().string(); }
    [[noreturn]] void damaged(std::string_view what) const {
        throw UnusableIndex(fmt::format("{}: the feature index is damaged ({}); build it anew with: {}",
                                        path(), what, m_remedy));
    }
    void require(bool condition, std::string_view what) const {
        if (!condition)
            damaged(what);
    }

    std::string metadata(const char* key) const {
        const auto found = m_index.file.metadata().find(key);
        return found == m_index.file.metadata().end() ? std::string() : found->second;
    }
    template <typename Number>
    Number number(const char* key) const {
        const std::string text = metadata(key);
        Number value = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        require(error == std::errc() && end == text.data() + text.size() && value >= 0,
                fmt::format("its {} is '{}'", key, oneLine(text)));
        return value;
    }
    std::vector<std::string> texts(const char* key) const {
        const nlohmann::json list = nlohmann::json::parse(metadata(key), nullptr, false);
        require(list.is_array() &&
                    std::all_of(list.begin(), list.end(), [](const auto& name) { return name.is_string(); }),
                fmt::format("its {} are not a list of texts", key));
        return list.get<std::vector<std::string>>();
    }

    /// `offsets` must rise from 0 to `size`, each by at least `least`.
    void checkOffsets(std::span<const std::int64_t> offsets, std::size_t size, std::int64_t least,
                      const char* name) const {
        bool sound =
            !offsets.empty() && offsets.front() == 0 && offsets.back() == static_cast<std::int64_t>(size);
        for (std::size_t i = 1; sound && i < offsets.size(); ++i)
            sound = offsets[i] >= offsets[i - 1] && offsets[i] - offsets[i - 1] >= least;
        require(sound, fmt::format("{} do not fit what they index", name));
    }
    /// Every id must lie in [least, count).
    void checkIds(std::span<const std::int32_t> ids, std::int32_t least, std::size_t count,
                  const char* name) const {
        // Without an early end the loop is as fast as the memory.
        bool sound = true;
        for (const std::int32_t id : ids)
            sound &= id >= least && (id < 0 || static_cast<std::size_t>(id) < count);
        require(sound, fmt::format("{} holds an id out of range", name));
    }

    void checkSentences() const {
        const std::size_t sentences = t.sentenceExample.size();
        checkOffsets(t.vocabularyOffsets, t.vocabularyBytes.size(), 0, names::vocabularyOffsets);
        require(t.sentenceOffsets.size() == sentences + 1 && t.sentenceSplit.size() == sentences &&
                    t.sentenceLabel.size() == sentences && t.sentenceFirst.size() == sentences &&
                    t.sentenceLogits.size() == sentences * at(n.classes),
                "its sentences are not as many everywhere");
        checkOffsets(t.sentenceOffsets, t.sentenceTokens.size(), 1, names::sentenceOffsets);
        checkIds(t.sentenceTokens, 0, t.vocabularyOffsets.size() - 1, names::sentenceTokens);
        checkIds(t.sentenceLabel, 0, at(n.classes), names::sentenceLabel);
        for (std::size_t s = 0; s < sentences; ++s) {
            const std::int64_t tokens = t.sentenceOffsets[s + 1] - t.sentenceOffsets[s];
            require(t.sentenceSplit[s] <= static_cast<std::uint8_t>(SplitKind::Validation),
                    "a sentence is of an unknown split");
            require(t.sentenceExample[s] >= 0, "a sentence has a negative example id");
            require(tokens <= std::numeric_limits<std::uint16_t>::max() && t.sentenceFirst[s] >= 0 &&
                        t.sentenceFirst[s] < tokens,
                    "a sentence's tokens are impossible");
            if (s > 0)
                require(
                    sentenceKey(static_cast<SplitKind>(t.sentenceSplit[s - 1]), t.sentenceExample[s - 1]) <
                        sentenceKey(static_cast<SplitKind>(t.sentenceSplit[s]), t.sentenceExample[s]),
                    "its sentences are out of order");
        }
    }

    void checkLists() const {
        const std::size_t entries = t.listSentence.size();
        checkOffsets(t.listOffsets, entries, 0, names::listOffsets);
        require(t.listToken.size() == entries && t.listValue.size() == entries &&
                    t.activationOffsets.size() == entries + 1 &&
                    t.activationToken.size() == t.activationValue.size(),
                "its lists are not as long everywhere");
        checkOffsets(t.activationOffsets, t.activationToken.size(), 0, names::activationOffsets);
        checkIds(t.listSentence, 0, t.sentenceExample.size(), names::listSentence);
        bool sound = true;
        for (std::size_t e = 0; e < entries; ++e) {
            const std::size_t s = at(t.listSentence[e]);
            const std::int64_t tokens = t.sentenceOffsets[s + 1] - t.sentenceOffsets[s];
            sound &= t.listToken[e] < tokens;
            for (std::int64_t a = t.activationOffsets[e]; a < t.activationOffsets[e + 1]; ++a)
                sound &= t.activationToken[at(a)] < tokens;
        }
        require(sound, "a list names a token that its sentence lacks");
    }

    void checkSample() const {
        const std::size_t sentences = t.sampleSentence.size();
        checkIds(t.sampleSentence, 0, t.sentenceExample.size(), names::sampleSentence);
        for (std::size_t s = 1; s < sentences; ++s)
            require(t.sampleSentence[s - 1] < t.sampleSentence[s], "its sample is out of order");
        require(t.sampleRows.size() == sentences + 1 && !t.sampleOffsets.empty() &&
                    t.sampleFeature.size() == t.sampleValue.size(),
                "its sample is not as long everywhere");
        checkOffsets(t.sampleRows, t.sampleOffsets.size() - 1, 1, names::sampleRows);
        for (std::size_t s = 0; s < sentences; ++s) {
            const std::size_t of = at(t.sampleSentence[s]);
            require(t.sampleRows[s + 1] - t.sampleRows[s] ==
                        t.sentenceOffsets[of + 1] - t.sentenceOffsets[of] - t.sentenceFirst[of],
                    "its sample has other tokens than its sentences");
        }
        checkOffsets(t.sampleOffsets, t.sampleFeature.size(), 0, names::sampleOffsets);
        checkIds(t.sampleFeature, 0, at(n.features), names::sampleFeature);
    }

    MappedIndex& m_index;
    const std::string& m_remedy;
    IndexTables<MappedArray>& t;
    IndexSizes& n;
};

}  // namespace

void writeIndex(const std::filesystem::path& file, const IndexOrigin& origin, const IndexSizes& sizes,
                IndexTables<OwnedArray>& tables) {
    std::vector<SafetensorsWriter::Declaration> declarations;
    tables.forEach(sizes, [&](const char* name, const auto& table, const std::vector<std::int64_t>& columns,
                              std::int64_t rows) {
        using Value = typename std::remove_cvref_t<decltype(table)>::value_type;
        std::vector<std::int64_t> shape = {rows >= 0 ? rows : static_cast<std::int64_t>(table.size())};
        for (const std::int64_t extent : columns) {
            if (rows < 0)
                shape.front() /= extent;
            shape.push_back(extent);
        }
        declarations.push_back({name, dtypeOf<Value>(), std::move(shape)});
    });
    SafetensorsWriter writer(file, declarations, metadataOf(origin));
    tables.forEach(sizes, [&](const char* name, const auto& table, const auto&, std::int64_t) {
        writer.write(name, table);
    });
    writer.commit();
}

MappedIndex openIndex(const std::filesystem::path& file, const std::string& remedy) {
    try {
        MappedIndex index{SafetensorsFile::open(file), {}, {}, {}, 0};
        Checker checker(index, remedy);
        checker.readMetadata();
        checker.mapTables();
        checker.checkTables();
        return index;
    } catch (const UnusableIndex&) {
        throw;
    } catch (const UserError& error) {
        // A file that this program makes is not to be got from elsewhere.
        const std::string_view what = error.what();
        throw UnusableIndex(
            fmt::format("{}; build the index anew with: {}", what.substr(0, what.find("; get ")), remedy));
    }
}

}  // namespace saeception
