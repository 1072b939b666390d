// SPDX-License-Identifier: GPL-3.0-or-later
// The names in a feature index file, shared by its writer and its reader.
#pragma once

namespace saeception::index_format {

inline constexpr char formatKey[] = "format";
inline constexpr char format[] = "saeception-feature-index";
inline constexpr char versionKey[] = "version";
inline constexpr int version = 1;
inline constexpr char cycleKey[] = "cycle";
inline constexpr char classNamesKey[] = "class_names";  ///< JSON list of texts

// F features, C classes, T entries of all top lists, S sentences shown, N their tokens, K distinct tokens
// among them.
inline constexpr char density[] = "density";                   ///< F32 [F]
inline constexpr char meanActivation[] = "mean_activation";    ///< F32 [F]
inline constexpr char maxActivation[] = "max_activation";      ///< F32 [F]
inline constexpr char csi[] = "csi";                           ///< F32 [F]
inline constexpr char usefulness[] = "usefulness";             ///< F32 [F]
inline constexpr char classMean[] = "class_mean";              ///< F32 [F, C]
inline constexpr char rowsPerClass[] = "rows_per_class";       ///< I64 [C]
inline constexpr char histogram[] = "histogram";               ///< U32 [F, histogramBins]
inline constexpr char histogramWidth[] = "histogram_width";    ///< F64 [F], 0 where it never fires
inline constexpr char topOffsets[] = "top.offsets";            ///< I64 [F + 1], into the T entries
inline constexpr char topSentence[] = "top.sentence";          ///< I32 [T], which of the S sentences
inline constexpr char topActivations[] = "top.activations";    ///< F32, entry after entry, one value a token
inline constexpr char sentenceExample[] = "sentence.example";  ///< I64 [S]
inline constexpr char sentenceSplit[] = "sentence.split";      ///< U8 [S], SplitKind
inline constexpr char sentenceLabel[] = "sentence.label";      ///< I32 [S]
inline constexpr char sentencePrediction[] = "sentence.prediction";  ///< I32 [S]
inline constexpr char sentenceOffsets[] = "sentence.offsets";        ///< I64 [S + 1], into the N tokens
inline constexpr char sentenceTokens[] = "sentence.tokens";          ///< I32 [N], which of the K tokens
inline constexpr char tokenOffsets[] = "token.offsets";              ///< I64 [K + 1], into the bytes
inline constexpr char tokenBytes[] = "token.bytes";                  ///< U8

}  // namespace saeception::index_format
