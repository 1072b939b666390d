// SPDX-License-Identifier: GPL-3.0-or-later
// The three golden data sets of the metrics, and what the metric tests share: sparse copies, permutations,
// closeness.
#pragma once

#include "base/random.h"
#include "sae/sparse_code.h"
#include "support/golden.h"

#include <cmath>
#include <numeric>
#include <vector>

namespace saeception::test {

using Labels = std::vector<std::int32_t>;

inline Labels toLabels(const at::Tensor& values) {
    const at::Tensor dense = values.to(at::kInt).contiguous();
    return {dense.data_ptr<std::int32_t>(), dense.data_ptr<std::int32_t>() + dense.numel()};
}

struct MetricsSet {
    explicit MetricsSet(const std::string& name) {
        const SafetensorsFile file = golden("metrics_input.safetensors");
        x = loadTensor(file, name + ".X");
        reconstruction = loadTensor(file, name + ".recon");
        labels = toLabels(loadTensor(file, name + ".y"));
        predictions = toLabels(loadTensor(file, name + ".pred"));
        clusters = toLabels(loadTensor(file, name + ".kmeans_labels"));
        expected = goldenJson("metrics_expected.json").at(name);
        classes = 1 + *std::max_element(labels.begin(), labels.end());
    }
    double number(const char* key) const { return expected.at(key).get<double>(); }

    at::Tensor x;               // [240, d]
    at::Tensor reconstruction;  // [240, d]
    Labels labels, predictions, clusters;
    nlohmann::json expected;
    int classes = 0;
};

inline SparseCode toSparse(const at::Tensor& dense) {
    const at::Tensor rows = dense.to(at::kFloat).contiguous();
    SparseCode code;
    code.features = rows.size(1);
    const float* value = rows.data_ptr<float>();
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        for (std::int64_t f = 0; f < rows.size(1); ++f)
            code.add(static_cast<std::int32_t>(f), *value++);
        code.endRow();
    }
    return code;
}

/// A random order of `count` rows.
inline std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    Rng(seed).shuffle(order);
    return order;
}

inline at::Tensor reordered(const at::Tensor& rows, const std::vector<std::int64_t>& order) {
    return rows.index_select(0, at::tensor(order, at::kLong));
}

inline Labels reordered(const Labels& labels, const std::vector<std::int64_t>& order) {
    Labels result;
    for (const std::int64_t i : order)
        result.push_back(labels[static_cast<std::size_t>(i)]);
    return result;
}

/// Some of `count` rows several times, some not at all: as counts, and as a list of rows.
struct Repetition {
    Repetition(std::int64_t count, std::uint64_t seed) : times(static_cast<std::size_t>(count)) {
        Rng rng(seed);
        for (std::int64_t i = 0; i < count; ++i) {
            times[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(rng.below(4));
            order.insert(order.end(), static_cast<std::size_t>(times[static_cast<std::size_t>(i)]), i);
        }
    }
    std::vector<std::int32_t> times;
    std::vector<std::int64_t> order;
};

/// [rows, columns] standard normal values, the same everywhere.
inline at::Tensor normalRows(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
    Rng rng(seed);
    at::Tensor values = at::empty({rows, columns}, at::kFloat);
    for (std::int64_t i = 0; i < values.numel(); ++i)
        values.data_ptr<float>()[i] = static_cast<float>(rng.normal());
    return values;
}

}  // namespace saeception::test

/// Fails unless `actual` is within `tolerance` of `expected`, relative to `expected` (absolute where that is
/// 0).
#define COMPARE_CLOSE(actual, expected, tolerance)                                                   \
    do {                                                                                             \
        const double a = (actual);                                                                   \
        const double e = (expected);                                                                 \
        const double scale = e == 0 ? 1 : std::abs(e);                                               \
        QVERIFY2(std::abs(a - e) <= (tolerance)*scale, qPrintable(QStringLiteral("%1 is %2, not %3") \
                                                                      .arg(QStringLiteral(#actual))  \
                                                                      .arg(a, 0, 'g', 10)            \
                                                                      .arg(e, 0, 'g', 10)));         \
    } while (false)

/// Adds the three golden data sets as rows of a data-driven test; QFETCH(QString, set) then names one.
#define GOLDEN_METRIC_ROWS()                                        \
    QTest::addColumn<QString>("set");                               \
    for (const char* name : {"separated", "overlapping", "sparse"}) \
    QTest::newRow(name) << QString::fromLatin1(name)
