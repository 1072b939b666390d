// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/selectivity.h"

#include "evaluation/selectivity_formulas.h"

#include <limits>
#include <stdexcept>

namespace saeception {
namespace {

/// Sums and firing counts of every feature and class, [features x classes] each.
struct ClassTable {
    ClassTable(std::int64_t featureCount, std::span<const std::int32_t> labels, int classCount,
               Multiplicities times)
        : features(static_cast<std::size_t>(featureCount)),
          classes(static_cast<std::size_t>(classCount)),
          sums(features * classes),
          fires(features * classes),
          rows(classes) {
        requireMultiplicities(times, labels.size());
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] < 0 || labels[i] >= classCount)
                throw std::invalid_argument("a label is not one of the classes");
            rows[static_cast<std::size_t>(labels[i])] += timesOf(times, i);
        }
    }
    void add(std::size_t feature, std::int32_t label, float value, std::int32_t count) {
        const std::size_t cell = feature * classes + static_cast<std::size_t>(label);
        sums[cell] += static_cast<double>(count) * value;
        fires[cell] += value > 0 ? count : 0;
    }

    std::size_t features;
    std::size_t classes;
    std::vector<double> sums;
    std::vector<std::int64_t> fires;
    std::vector<std::int64_t> rows;
};

std::pair<double, double> meanAndDeviation(const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    if (values.empty())
        return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    double mean = 0;
    for (const double value : values)
        mean += value / count;
    double variance = 0;
    for (const double value : values)
        variance += (value - mean) * (value - mean) / count;
    return {mean, std::sqrt(variance)};
}

Selectivity summarise(const ClassTable& table) {
    Selectivity result;
    for (std::size_t f = 0; f < table.features; ++f) {
        const std::size_t first = f * table.classes;
        result.csi.push_back(csi(std::span(table.sums).subspan(first, table.classes), table.rows));
        result.usefulness.push_back(
            usefulness(std::span(table.fires).subspan(first, table.classes), table.rows));
    }
    std::tie(result.csiMean, result.csiStd) = meanAndDeviation(result.csi);
    std::tie(result.usefulnessMean, result.usefulnessStd) = meanAndDeviation(result.usefulness);
    return result;
}

void requireRows(std::int64_t rows, std::span<const std::int32_t> labels) {
    if (rows != static_cast<std::int64_t>(labels.size()))
        throw std::invalid_argument("selectivity needs one label a row");
}

}  // namespace

Selectivity selectivity(const at::Tensor& activations, std::span<const std::int32_t> labels, int classes,
                        Multiplicities times) {
    requireRows(activations.size(0), labels);
    const at::Tensor rows = activations.detach().to(at::kCPU, at::kFloat).contiguous();
    const auto columns = static_cast<std::size_t>(rows.size(1));
    ClassTable table(rows.size(1), labels, classes, times);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::int32_t count = timesOf(times, i);
        if (count == 0)
            continue;
        const float* const row = rows.data_ptr<float>() + i * columns;
        for (std::size_t f = 0; f < columns; ++f)
            table.add(f, labels[i], row[f], count);
    }
    return summarise(table);
}

Selectivity selectivity(const SparseCode& code, std::span<const std::int32_t> labels, int classes,
                        Multiplicities times) {
    requireRows(code.rows(), labels);
    ClassTable table(code.features, labels, classes, times);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::int32_t count = timesOf(times, i);
        if (count == 0)
            continue;
        const SparseCode::Row row = code.row(static_cast<std::int64_t>(i));
        for (std::size_t j = 0; j < row.size(); ++j)
            table.add(static_cast<std::size_t>(row.columns[j]), labels[i], row.values[j], count);
    }
    return summarise(table);
}

}  // namespace saeception
