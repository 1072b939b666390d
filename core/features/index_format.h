// SPDX-License-Identifier: GPL-3.0-or-later
// The names in a feature index file, shared by its writer and its reader.
#pragma once

namespace saeception::index_format {

inline constexpr char formatKey[] = "format";
inline constexpr char format[] = "saeception-feature-index";
inline constexpr char versionKey[] = "version";
inline constexpr int version = 3;
inline constexpr char cycleKey[] = "cycle";
inline constexpr char classNamesKey[] = "class_names";  ///< JSON list of texts
inline constexpr char conceptNamesKey[] =
    "concept_names";                                   ///< JSON list of texts; empty where none are known
inline constexpr char modelKey[] = "made_from_model";  ///< weightsIdentity() of the checkpoint
inline constexpr char saeKey[] = "made_from_sae";
inline constexpr char dataKey[] = "made_from_data";      ///< fingerprint of the sentences
inline constexpr char autoencoderKey[] = "autoencoder";  ///< kind and sparsity, for people
inline constexpr char blockKey[] = "block";              ///< from 0
inline constexpr char blocksKey[] = "blocks";            ///< of the model
inline constexpr char unembeddingKey[] = "unembedding";  ///< "trained", or "random": never trained as one
inline constexpr char sharpeningKey[] =
    "sharpening";                                  ///< sharpening.type by which the cycle's model was made
inline constexpr char topKPctKey[] = "top_k_pct";  ///< sharpening.top_k_pct of the same

// F features, C classes, K concepts, Q quantiles, B bins, V vocabulary tokens told of each feature, N
// neighbours of each; S sentences of both splits, T their tokens; E entries of all lists, A their
// activations; R rows of the sample.
inline constexpr char fires[] = "fires";                         ///< I64 [F]
inline constexpr char density[] = "density";                     ///< F32 [F]
inline constexpr char meanActivation[] = "mean_activation";      ///< F32 [F]
inline constexpr char maxActivation[] = "max_activation";        ///< F32 [F]
inline constexpr char quantiles[] = "quantiles";                 ///< F32 [F, Q], of quantileShares
inline constexpr char csi[] = "csi";                             ///< F32 [F]
inline constexpr char usefulness[] = "usefulness";               ///< F32 [F]
inline constexpr char classMean[] = "class_mean";                ///< F32 [F, C]
inline constexpr char sentenceMean[] = "sentence_mean";          ///< F32 [F, C]
inline constexpr char rowsPerClass[] = "rows_per_class";         ///< I64 [C]
inline constexpr char histogram[] = "histogram";                 ///< U32 [F, C, B]
inline constexpr char histogramWidth[] = "histogram_width";      ///< F64 [F], 0 where it never fires
inline constexpr char classEffect[] = "effect.class";            ///< F32 [F, C]
inline constexpr char topTokens[] = "effect.top_tokens";         ///< I32 [F, V]
inline constexpr char topLogits[] = "effect.top_logits";         ///< F32 [F, V]
inline constexpr char bottomTokens[] = "effect.bottom_tokens";   ///< I32 [F, V]
inline constexpr char bottomLogits[] = "effect.bottom_logits";   ///< F32 [F, V]
inline constexpr char neighbour[] = "neighbour.feature";         ///< I32 [F, N], -1 where there are fewer
inline constexpr char neighbourCosine[] = "neighbour.cosine";    ///< F32 [F, N]
inline constexpr char companion[] = "companion.feature";         ///< I32 [F, N], -1 where there are fewer
inline constexpr char companionJaccard[] = "companion.jaccard";  ///< F32 [F, N]
inline constexpr char companionShare[] = "companion.share";      ///< F32 [F, N]
inline constexpr char position[] = "position";                   ///< F32 [F, 2], NaN where it never fires
inline constexpr char conceptRows[] = "concept.rows";            ///< I64 [K], validation rows that carry it
inline constexpr char conceptFires[] = "concept.fires";        ///< I64 [F], validation rows on which it fires
inline constexpr char conceptTogether[] = "concept.together";  ///< U32 [F, K]
inline constexpr char conceptFeature[] = "concept.feature";    ///< I32 [K], the best; -1 for none
inline constexpr char conceptScores[] = "concept.scores";      ///< F64 [K, 4]: precision, recall, F1, AUROC

inline constexpr char peakTokens[] = "peak.tokens";    ///< I32 [F, peakTokenCount], -1 where there are fewer
inline constexpr char listOffsets[] = "list.offsets";  ///< I64 [F * bandCount + 1], into the E entries
inline constexpr char listSentence[] = "list.sentence";            ///< I32 [E], which of the S sentences
inline constexpr char listToken[] = "list.token";                  ///< U16 [E]
inline constexpr char listValue[] = "list.value";                  ///< F32 [E]
inline constexpr char activationOffsets[] = "activation.offsets";  ///< I64 [E + 1], into the A activations
inline constexpr char activationToken[] = "activation.token";      ///< U16 [A]
inline constexpr char activationValue[] = "activation.value";      ///< F32 [A]

inline constexpr char sentenceExample[] = "sentence.example";  ///< I64 [S], by (split, example)
inline constexpr char sentenceSplit[] = "sentence.split";      ///< U8 [S], SplitKind
inline constexpr char sentenceLabel[] = "sentence.label";      ///< I32 [S]
inline constexpr char sentenceLogits[] = "sentence.logits";    ///< F32 [S, C]
inline constexpr char sentenceFirst[] = "sentence.first";      ///< I32 [S], its first token that is SAE data
inline constexpr char sentenceOffsets[] = "sentence.offsets";  ///< I64 [S + 1], into the T tokens
inline constexpr char sentenceTokens[] = "sentence.tokens";    ///< I32 [T], vocabulary ids
inline constexpr char vocabularyOffsets[] = "vocabulary.offsets";  ///< I64, into the bytes
inline constexpr char vocabularyBytes[] = "vocabulary.bytes";      ///< U8

inline constexpr char sampleSentence[] = "sample.sentence";  ///< I32, which of the S sentences, ascending
inline constexpr char sampleRows[] = "sample.rows";        ///< I64, where each begins among the R rows, and R
inline constexpr char sampleOffsets[] = "sample.offsets";  ///< I64 [R + 1], into the code's entries
inline constexpr char sampleFeature[] = "sample.feature";  ///< I32
inline constexpr char sampleValue[] = "sample.value";      ///< F32

}  // namespace saeception::index_format
