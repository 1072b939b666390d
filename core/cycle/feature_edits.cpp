// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/feature_edits.h"

#include "base/error.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

// Beyond this a change of the stream is no number any more.
constexpr double largestChange = 1e9;

float edited(float activation, const FeatureEdit& edit) {
    switch (edit.kind) {
        case EditKind::Scale:
            return static_cast<float>(
                std::clamp(static_cast<double>(activation) * edit.value, -largestChange, largestChange));
        case EditKind::Fix:
            return static_cast<float>(edit.value);
        case EditKind::Ablate:
            break;
    }
    return 0;
}

}  // namespace

SparseCode codeChange(const SparseCode& code, std::span<const FeatureEdit> edits, int firstToken) {
    SparseCode change;
    change.features = code.features;
    for (std::int64_t r = 0; r < code.rows(); ++r) {
        const SparseCode::Row row = code.row(r);
        for (const FeatureEdit& edit : edits) {
            if (edit.token >= 0 && edit.token != firstToken + r)
                continue;
            float before = 0;
            for (std::size_t e = 0; e < row.size(); ++e)
                if (row.columns[e] == edit.feature)
                    before = row.values[e];
            change.add(edit.feature, edited(before, edit) - before);
        }
        change.endRow();
    }
    return change;
}

at::Tensor streamChange(const Autoencoder& sae, const SparseCode& change) {
    SparseCode none;
    none.features = change.features;
    none.endRow();
    return sae.decode(change) - sae.decode(none);
}

void checkEdits(std::span<const FeatureEdit> edits, std::int64_t features, std::int64_t tokens) {
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const FeatureEdit& edit = edits[i];
        if (edit.feature < 0 || edit.feature >= features)
            fail("there is no feature {}; this cycle has 0 to {}", edit.feature, features - 1);
        if (tokens >= 0 && edit.token >= tokens)
            fail("there is no token {}; the sentence has {}", edit.token, tokens);
        if (edit.kind != EditKind::Ablate && !(std::abs(edit.value) <= largestChange))
            fail("feature {} can be scaled by or fixed at -1e9 to 1e9; give such a number", edit.feature);
        for (std::size_t j = 0; j < i; ++j)
            if (edits[j].feature == edit.feature &&
                (edits[j].token < 0 || edit.token < 0 || edits[j].token == edit.token))
                fail("feature {} is changed twice on the same token; leave one of the changes out",
                     edit.feature);
    }
}

}  // namespace saeception
