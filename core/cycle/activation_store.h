// SPDX-License-Identifier: GPL-3.0-or-later
// The target layer's activations of every token of both splits, in one memory-mapped file. Row i of a split
// is token i of its TokenizedSplit, so the split's own offsets say which sentence and position a row belongs
// to.
#pragma once

#include "base/torch_headers.h"
#include "data/batches.h"
#include "features/sentence_lists.h"
#include "model/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace saeception {

class ActivationStore {
public:
    /// Maps `file` and checks its sizes against the splits. @throws UserError naming the file.
    ActivationStore(const std::filesystem::path& file, const TokenizedSplit& train,
                    const TokenizedSplit& validation);
    /// One split's share of a store without a file. The split must outlive the store.
    struct Part {
        const TokenizedSplit* tokens = nullptr;
        at::Tensor activations;  ///< [tokens, d] float32
        at::Tensor logits;       ///< [sentences, classes] float32
    };
    ActivationStore(Part train, Part validation);

    /// [tokens, d] float32, a view of the mapped file: read-only, valid while the store lives.
    const at::Tensor& activations(SplitKind split) const { return part(split).activations; }
    /// [sentences, classes] float32, the classifier's logits.
    const at::Tensor& logits(SplitKind split) const { return part(split).logits; }
    /// [sentences, d], a copy: the last real token of each sentence.
    at::Tensor sentenceActivations(SplitKind split) const;
    const TokenizedSplit& tokens(SplitKind split) const { return *part(split).tokens; }
    std::int64_t width() const { return m_train.activations.size(1); }
    /// The class with the largest logit, for every sentence.
    std::vector<std::int32_t> predictions(SplitKind split) const;

private:
    const Part& part(SplitKind split) const { return split == SplitKind::Train ? m_train : m_validation; }
    Part open(const std::string& name, const TokenizedSplit& tokens) const;

    std::optional<SafetensorsFile> m_file;
    Part m_train;
    Part m_validation;
};

/// "train" or "validation": the prefix of the split's tensors in the file.
const char* splitName(SplitKind split);

/// The first token that is SAE data in a sentence of `length` tokens, as are all after it: the first, or the
/// last alone (tokenLevel = false); with skipFirst not position 0, except in sentences of one token.
std::int64_t firstSaeToken(std::int64_t length, bool tokenLevel, bool skipFirst);

/// The rows an SAE sees: of each sentence those from firstSaeToken() on.
std::vector<std::int64_t> saeRows(const TokenizedSplit& split, bool tokenLevel, bool skipFirst);

}  // namespace saeception
