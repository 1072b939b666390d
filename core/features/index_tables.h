// SPDX-License-Identifier: GPL-3.0-or-later
// Every table of a feature index file: one list of them for the writer, whose tables own their numbers, and
// for the reader, whose tables are parts of the mapped file. Torch-free.
#pragma once

#include "features/companions.h"
#include "features/feature_statistics.h"
#include "features/index_format.h"
#include "features/index_origin.h"
#include "features/sentence_lists.h"
#include "model/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace saeception {

inline constexpr int neighbourCount = 10;
inline constexpr int peakTokenCount = 5;
static_assert(companionCount == neighbourCount, "both have N columns in the file");

/// The counts that decide the shapes; the others are told by the tables themselves.
struct IndexSizes {
    std::int64_t features = 0;
    std::int64_t classes = 0;
    std::int64_t concepts = 0;
    std::int64_t vocabularyTokens = 0;  ///< told of each feature
};

template <template <typename> class Array>
struct IndexTables {
    Array<std::int64_t> fires;
    Array<float> density, meanActivation, maxActivation, quantiles, csi, usefulness, classMean, sentenceMean;
    Array<std::int64_t> rowsPerClass;
    Array<std::uint32_t> histogram;
    Array<double> histogramWidth;
    Array<float> classEffect;
    Array<std::int32_t> topTokens, bottomTokens;
    Array<float> topLogits, bottomLogits;
    Array<std::int32_t> neighbour, companion;
    Array<float> neighbourCosine, companionJaccard, companionShare, position;
    Array<std::int64_t> conceptRows, conceptFires;
    Array<std::uint32_t> conceptTogether;
    Array<std::int32_t> conceptFeature;
    Array<double> conceptScores;

    Array<std::int32_t> peakTokens;
    Array<std::int64_t> listOffsets, activationOffsets;
    Array<std::int32_t> listSentence;
    Array<std::uint16_t> listToken, activationToken;
    Array<float> listValue, activationValue;

    Array<std::int64_t> sentenceExample, sentenceOffsets;
    Array<std::uint8_t> sentenceSplit;
    Array<std::int32_t> sentenceLabel, sentenceFirst, sentenceTokens;
    Array<float> sentenceLogits;
    Array<std::int64_t> vocabularyOffsets;
    Array<std::uint8_t> vocabularyBytes;

    Array<std::int32_t> sampleSentence, sampleFeature;
    Array<std::int64_t> sampleRows, sampleOffsets;
    Array<float> sampleValue;

    /// Calls visit(name, table, columns, rows) for each table: `columns` numbers in a row ({} for a plain
    /// list), and `rows` rows, or -1 where the file tells.
    template <typename Visit>
    void forEach(const IndexSizes& n, const Visit& visit) {
        namespace names = index_format;
        using Columns = std::vector<std::int64_t>;
        constexpr std::int64_t any = -1;
        const Columns none;
        const Columns byClass = {n.classes};
        const Columns byToken = {n.vocabularyTokens};
        const Columns byOther = {neighbourCount};
        visit(names::fires, fires, none, n.features);
        visit(names::density, density, none, n.features);
        visit(names::meanActivation, meanActivation, none, n.features);
        visit(names::maxActivation, maxActivation, none, n.features);
        visit(names::quantiles, quantiles, Columns{quantileCount}, n.features);
        visit(names::csi, csi, none, n.features);
        visit(names::usefulness, usefulness, none, n.features);
        visit(names::classMean, classMean, byClass, n.features);
        visit(names::sentenceMean, sentenceMean, byClass, n.features);
        visit(names::rowsPerClass, rowsPerClass, none, n.classes);
        visit(names::histogram, histogram, Columns{n.classes, histogramBins}, n.features);
        visit(names::histogramWidth, histogramWidth, none, n.features);
        visit(names::classEffect, classEffect, byClass, n.features);
        visit(names::topTokens, topTokens, byToken, n.features);
        visit(names::topLogits, topLogits, byToken, n.features);
        visit(names::bottomTokens, bottomTokens, byToken, n.features);
        visit(names::bottomLogits, bottomLogits, byToken, n.features);
        visit(names::neighbour, neighbour, byOther, n.features);
        visit(names::neighbourCosine, neighbourCosine, byOther, n.features);
        visit(names::companion, companion, byOther, n.features);
        visit(names::companionJaccard, companionJaccard, byOther, n.features);
        visit(names::companionShare, companionShare, byOther, n.features);
        visit(names::position, position, Columns{2}, n.features);
        visit(names::conceptRows, conceptRows, none, n.concepts);
        visit(names::conceptFires, conceptFires, none, n.concepts > 0 ? n.features : 0);
        visit(names::conceptTogether, conceptTogether, Columns{n.concepts}, n.features);
        visit(names::conceptFeature, conceptFeature, none, n.concepts);
        visit(names::conceptScores, conceptScores, Columns{4}, n.concepts);
        visit(names::peakTokens, peakTokens, Columns{peakTokenCount}, n.features);
        visit(names::listOffsets, listOffsets, none, n.features * bandCount + 1);
        visit(names::listSentence, listSentence, none, any);
        visit(names::listToken, listToken, none, any);
        visit(names::listValue, listValue, none, any);
        visit(names::activationOffsets, activationOffsets, none, any);
        visit(names::activationToken, activationToken, none, any);
        visit(names::activationValue, activationValue, none, any);
        visit(names::sentenceExample, sentenceExample, none, any);
        visit(names::sentenceSplit, sentenceSplit, none, any);
        visit(names::sentenceLabel, sentenceLabel, none, any);
        visit(names::sentenceLogits, sentenceLogits, byClass, any);
        visit(names::sentenceFirst, sentenceFirst, none, any);
        visit(names::sentenceOffsets, sentenceOffsets, none, any);
        visit(names::sentenceTokens, sentenceTokens, none, any);
        visit(names::vocabularyOffsets, vocabularyOffsets, none, any);
        visit(names::vocabularyBytes, vocabularyBytes, none, any);
        visit(names::sampleSentence, sampleSentence, none, any);
        visit(names::sampleRows, sampleRows, none, any);
        visit(names::sampleOffsets, sampleOffsets, none, any);
        visit(names::sampleFeature, sampleFeature, none, any);
        visit(names::sampleValue, sampleValue, none, any);
    }
};

template <typename T>
using OwnedArray = std::vector<T>;
template <typename T>
using MappedArray = std::span<const T>;

/// The safetensors name of a table's numbers.
template <typename T>
constexpr const char* dtypeOf() {
    if constexpr (std::is_same_v<T, float>)
        return "F32";
    else if constexpr (std::is_same_v<T, double>)
        return "F64";
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return "I64";
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return "I32";
    else if constexpr (std::is_same_v<T, std::uint32_t>)
        return "U32";
    else if constexpr (std::is_same_v<T, std::uint16_t>)
        return "U16";
    else
        return "U8";
}

/// Writes the file, whole or not at all. @throws UserError
void writeIndex(const std::filesystem::path& file, const IndexOrigin& origin, const IndexSizes& sizes,
                IndexTables<OwnedArray>& tables);

/// A mapped file of which all has been checked that is relied on later: version, sizes, offsets and ids.
struct MappedIndex {
    SafetensorsFile file;
    IndexOrigin origin;
    IndexSizes sizes;
    IndexTables<MappedArray> tables;
    std::int64_t rows = 0;  ///< of all classes
};

/// `remedy`: the command that builds the index anew, for messages. @throws UnusableIndex
MappedIndex openIndex(const std::filesystem::path& file, const std::string& remedy);

}  // namespace saeception
