// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench_data.h"

#include "base/random.h"
#include "sst2_lengths.h"

#include <algorithm>
#include <cmath>

namespace saeception {

TokenizedSplit sentencesLikeSst2(std::int64_t count, std::uint64_t seed) {
    Rng rng(seed);
    TokenizedSplit split;
    for (std::int64_t i = 0; i < count; ++i) {
        const int length = drawSst2Length(rng);
        for (int t = 0; t < length; ++t)
            split.ids.push_back(static_cast<std::int32_t>(rng.below(benchVocabulary)));
        split.offsets.push_back(static_cast<std::int64_t>(split.ids.size()));
        split.labels.push_back(static_cast<std::int32_t>(rng.below(benchClasses)));
    }
    return split;
}

std::vector<std::int32_t> drawLabels(std::int64_t rows, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::int32_t> labels(static_cast<std::size_t>(rows));
    for (std::int32_t& label : labels)
        label = static_cast<std::int32_t>(rng.below(benchClasses));
    return labels;
}

CodeSource::CodeSource(std::int64_t features, int k) : m_features(features), m_k(k) {
    for (std::vector<double>& table : m_cumulative) {
        double sum = 0;
        const auto own = static_cast<std::int64_t>(&table - m_cumulative.data());
        for (std::int64_t f = 0; f < features; ++f) {
            const double lean = f % 10 != 0 ? 1 : f / 10 % benchClasses == own ? 1.3 : 0.7;
            table.push_back(sum += lean / static_cast<double>(f + 40));
        }
    }
}

SparseCode CodeSource::draw(const std::vector<std::int32_t>& labels, std::uint64_t seed) const {
    Rng rng(seed);
    SparseCode code;
    code.features = m_features;
    std::vector<std::int64_t> lastRow(static_cast<std::size_t>(m_features), -1);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::vector<double>& table = m_cumulative[static_cast<std::size_t>(labels[i])];
        for (int drawn = 0; drawn < m_k;) {
            const auto place = std::upper_bound(table.begin(), table.end(), rng.uniform() * table.back());
            const auto feature = std::min<std::int64_t>(place - table.begin(), m_features - 1);
            std::int64_t& last = lastRow[static_cast<std::size_t>(feature)];
            if (last == static_cast<std::int64_t>(i))
                continue;
            last = static_cast<std::int64_t>(i);
            code.add(static_cast<std::int32_t>(feature), static_cast<float>(std::exp(0.5 * rng.normal())));
            ++drawn;
        }
        code.endRow();
    }
    return code;
}

void decodeInto(const at::Tensor& rows, const SparseCode& code, const at::Tensor& directions) {
    rows.normal_(0, 0.1);
    float* const out = rows.data_ptr<float>();
    const std::int64_t columns = directions.size(1);
    for (std::int64_t i = 0; i < code.rows(); ++i) {
        const SparseCode::Row row = code.row(i);
        for (std::size_t j = 0; j < row.size(); ++j) {
            const float* const direction = directions.data_ptr<float>() + row.columns[j] * columns;
            for (std::int64_t c = 0; c < columns; ++c)
                out[i * columns + c] += row.values[j] * direction[c];
        }
    }
}

}  // namespace saeception
