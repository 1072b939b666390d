// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/activation_store.h"

#include "base/error.h"

namespace saeception {

const char* splitName(SplitKind split) {
    return split == SplitKind::Train ? "train" : "validation";
}

ActivationStore::ActivationStore(const std::filesystem::path& file, const TokenizedSplit& train,
                                 const TokenizedSplit& validation)
    : m_file(SafetensorsFile::open(file)),
      m_train(open(splitName(SplitKind::Train), train)),
      m_validation(open(splitName(SplitKind::Validation), validation)) {}

ActivationStore::ActivationStore(Part train, Part validation)
    : m_train(std::move(train)), m_validation(std::move(validation)) {}

ActivationStore::Part ActivationStore::open(const std::string& name, const TokenizedSplit& tokens) const {
    const auto view = [&](const std::string& tensor, std::int64_t rows) {
        const TensorInfo& info = m_file->info(tensor);
        if (info.shape.size() != 2 || info.shape[0] != rows)
            fail(
                "{}: {} does not belong to this data set ({} rows where it has {}); delete the file and run "
                "again",
                m_file->path().string(), tensor, info.shape.empty() ? 0 : info.shape[0], rows);
        const auto values = m_file->values<float>(tensor, "F32");
        // Mapped read-only; at::Tensor has no const data, and nobody here writes.
        return at::from_blob(const_cast<float*>(values.data()), {info.shape[0], info.shape[1]}, at::kFloat);
    };
    return {&tokens, view(name + ".activation", tokens.tokens()), view(name + ".logits", tokens.rows())};
}

at::Tensor ActivationStore::sentenceActivations(SplitKind split) const {
    const TokenizedSplit& tokens = *part(split).tokens;
    std::vector<std::int64_t> last(static_cast<std::size_t>(tokens.rows()));
    for (std::size_t i = 0; i < last.size(); ++i)
        last[i] = tokens.offsets[i + 1] - 1;
    return part(split).activations.index_select(0, at::tensor(last, at::kLong));
}

std::vector<std::int32_t> ActivationStore::predictions(SplitKind split) const {
    const at::Tensor best = part(split).logits.argmax(1).to(at::kInt).contiguous();
    return {best.data_ptr<std::int32_t>(), best.data_ptr<std::int32_t>() + best.numel()};
}

std::int64_t firstSaeToken(std::int64_t length, bool tokenLevel, bool skipFirst) {
    if (!tokenLevel)
        return length - 1;
    return skipFirst && length > 1 ? 1 : 0;
}

std::vector<std::int64_t> saeRows(const TokenizedSplit& split, bool tokenLevel, bool skipFirst) {
    std::vector<std::int64_t> rows;
    rows.reserve(static_cast<std::size_t>(tokenLevel ? split.tokens() : split.rows()));
    for (std::int64_t i = 0; i < split.rows(); ++i) {
        const std::int64_t begin = split.offsets[static_cast<std::size_t>(i)];
        for (std::int64_t token = firstSaeToken(split.length(i), tokenLevel, skipFirst);
             token < split.length(i); ++token)
            rows.push_back(begin + token);
    }
    return rows;
}

}  // namespace saeception
