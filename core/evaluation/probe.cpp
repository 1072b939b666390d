// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/probe.h"

#include "evaluation/classification.h"
#include "evaluation/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace saeception {
namespace {

std::size_t index(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

// Up to this many columns the variables are whitened by the whole curvature matrix; beyond, its factor would
// cost more than it saves.
constexpr std::int64_t whitenedColumns = 1024;
constexpr std::int64_t gramRows = 4096;

/// Cholesky factor L of curvature * sum_i (x_i - mean)(x_i - mean)^T + I, lower, [columns, columns].
at::Tensor curvatureFactor(const RowMatrix& rows, const at::Tensor& mean, double curvature,
                           const StepControl& steps) {
    at::Tensor gram = at::eye(rows.columns(), at::kDouble);
    for (std::int64_t begin = 0; begin < rows.rows(); begin += gramRows) {
        steps.holdOrStop();
        const at::Tensor block = rows.block(begin, std::min(begin + gramRows, rows.rows())) - mean;
        gram.addmm_(block.t(), block, 1, curvature);
    }
    return at::linalg_cholesky(gram);
}

/// The objective in variables v that make its curvature near zero weights the identity: coefficients of the
/// CENTRED columns w = v L^-1 with L as above (or, of wide rows, w_j = v_j / s_j with the diagonal alone),
/// intercept b_r = v_r,d / s_d. Activations of a fine-tuned model lie close to few directions; unwhitened,
/// thousands of steps would not arrive. Layout of v: [outputs, columns + 1].
class ProbeObjective {
public:
    ProbeObjective(const RowMatrix& rows, std::vector<std::int32_t> targets, std::int64_t classes,
                   double strength, const StepControl& steps)
        : m_rows(rows),
          m_targets(std::move(targets)),
          m_outputs(classes == 2 ? 1 : classes),
          m_strength(strength),
          m_loss(m_targets.size()),
          m_residuals(m_targets.size() * index(m_outputs)) {
        const auto n = static_cast<double>(rows.rows());
        const auto k = static_cast<double>(classes);
        const auto [sums, squares] = rows.columnSums();
        m_mean = sums / n;
        const double curvature = strength * (k - 1) / (k * k);
        m_interceptScale = std::sqrt(curvature * n);
        if (rows.columns() <= whitenedColumns)
            m_factor = curvatureFactor(rows, m_mean, curvature, steps);
        else
            m_scale = ((squares - sums.square() / n).clamp_min(0) * curvature + 1).sqrt();
    }

    std::int64_t outputs() const { return m_outputs; }
    std::int64_t parameters() const { return m_outputs * (m_rows.columns() + 1); }

    double evaluate(std::span<const double> point, std::span<double> gradient) {
        const at::Tensor weights = unscaled(point);
        const std::int64_t d = m_rows.columns();
        const at::Tensor w = weights.slice(1, 0, d);
        const at::Tensor offsets = weights.select(1, d) - w.mv(m_mean);
        const std::vector<double> offset = {offsets.data_ptr<double>(),
                                            offsets.data_ptr<double>() + m_outputs};
        const at::Tensor sums =
            m_rows.productsAndWeightedSum(w, [&](std::int64_t begin, std::int64_t end, double* values) {
                for (std::int64_t i = begin; i < end; ++i)
                    toResiduals(i, values + (i - begin) * m_outputs, offset);
            });
        double loss = 0;
        for (const double rowLoss : m_loss)
            loss += rowLoss;
        at::Tensor residualSums = at::zeros({m_outputs}, at::kDouble);
        double* const total = residualSums.data_ptr<double>();
        for (std::size_t i = 0; i < m_residuals.size(); ++i)
            total[i % index(m_outputs)] += m_residuals[i];
        const at::Tensor centred = (sums - residualSums.unsqueeze(1) * m_mean) * m_strength + w;
        const at::Tensor whitened = m_factor.defined()
                                        ? at::linalg_solve_triangular(m_factor.t(), centred, true, false)
                                        : centred / m_scale;
        const at::Tensor full =
            at::cat({whitened, residualSums.unsqueeze(1) * (m_strength / m_interceptScale)}, 1);
        std::copy_n(full.contiguous().data_ptr<double>(), gradient.size(), gradient.data());
        return m_strength * loss + w.square().sum().item<double>() / 2;
    }

    /// Norm of the gradient in the coefficients and intercepts themselves.
    double gradientNorm(std::span<const double> gradient) const {
        const at::Tensor all = asTensor(gradient);
        const at::Tensor whitened = all.slice(1, 0, m_rows.columns());
        const at::Tensor plain = m_factor.defined() ? at::mm(whitened, m_factor.t()) : whitened * m_scale;
        return std::hypot(plain.norm().item<double>(),
                          all.select(1, m_rows.columns()).norm().item<double>() * m_interceptScale);
    }

    /// Coefficients and intercepts of the columns as given.
    std::pair<at::Tensor, at::Tensor> solution(std::span<const double> point) const {
        const at::Tensor weights = unscaled(point);
        const at::Tensor w = weights.slice(1, 0, m_rows.columns()).contiguous();
        return {w, weights.select(1, m_rows.columns()) - w.mv(m_mean)};
    }

private:
    at::Tensor asTensor(std::span<const double> values) const {
        at::Tensor tensor = at::empty({m_outputs, m_rows.columns() + 1}, at::kDouble);
        std::copy(values.begin(), values.end(), tensor.data_ptr<double>());
        return tensor;
    }
    at::Tensor unscaled(std::span<const double> point) const {
        const at::Tensor all = asTensor(point);
        const at::Tensor v = all.slice(1, 0, m_rows.columns());
        const at::Tensor w =
            m_factor.defined() ? at::linalg_solve_triangular(m_factor, v, false, false) : v / m_scale;
        return at::cat({w, all.slice(1, m_rows.columns()) / m_interceptScale}, 1);
    }

    /// Turns the products of row i into d loss / d logit, and stores them and the loss.
    void toResiduals(std::int64_t i, double* values, const std::vector<double>& offset) {
        const std::int32_t target = m_targets[index(i)];
        if (m_outputs == 1) {
            const double margin = values[0] + offset[0];
            const double signedMargin = target == 1 ? margin : -margin;
            m_loss[index(i)] = std::max(0.0, -signedMargin) + std::log1p(std::exp(-std::abs(signedMargin)));
            values[0] = 1 / (1 + std::exp(-margin)) - target;
        } else {
            double largest = values[0] + offset[0];
            for (std::int64_t c = 0; c < m_outputs; ++c) {
                values[c] += offset[index(c)];
                largest = std::max(largest, values[c]);
            }
            const double own = values[target];
            double sum = 0;
            for (std::int64_t c = 0; c < m_outputs; ++c)
                sum += values[c] = std::exp(values[c] - largest);
            for (std::int64_t c = 0; c < m_outputs; ++c)
                values[c] /= sum;
            values[target] -= 1;
            m_loss[index(i)] = std::log(sum) + largest - own;
        }
        std::copy_n(values, m_outputs, m_residuals.data() + i * m_outputs);
    }

    const RowMatrix& m_rows;
    std::vector<std::int32_t> m_targets;  // 0 .. classes - 1
    std::int64_t m_outputs;
    double m_strength;
    at::Tensor m_mean;    // [columns]
    at::Tensor m_factor;  // [columns, columns]; undefined for wide rows
    at::Tensor m_scale;   // [columns]; defined where m_factor is not
    double m_interceptScale = 1;
    std::vector<double> m_loss;
    std::vector<double> m_residuals;
};

}  // namespace

std::vector<std::int32_t> LinearProbe::predict(const RowMatrix& rows) const {
    if (rows.columns() != coefficients.size(1))
        throw std::invalid_argument("the probe was fitted on another number of columns");
    const std::int64_t outputs = coefficients.size(0);
    const double* const offset = intercepts.data_ptr<double>();
    std::vector<std::int32_t> predictions(index(rows.rows()), classes.front());
    if (classes.size() == 1)
        return predictions;
    rows.forEachProduct(coefficients, [&](std::int64_t begin, std::int64_t end, double* values) {
        for (std::int64_t i = begin; i < end; ++i) {
            double* const scores = values + (i - begin) * outputs;
            for (std::int64_t c = 0; c < outputs; ++c)
                scores[c] += offset[c];
            const std::int64_t best =
                outputs == 1 ? scores[0] > 0 : std::max_element(scores, scores + outputs) - scores;
            predictions[index(i)] = classes[index(best)];
        }
    });
    return predictions;
}

double LinearProbe::accuracy(const RowMatrix& rows, std::span<const std::int32_t> labels) const {
    return saeception::accuracy(labels, predict(rows));
}

LinearProbe fitProbe(const RowMatrix& rows, std::span<const std::int32_t> labels, const ProbeOptions& options,
                     const StepControl& steps) {
    if (rows.rows() != static_cast<std::int64_t>(labels.size()) || labels.empty())
        throw std::invalid_argument("a probe needs at least one row, and one label a row");
    LinearProbe probe;
    probe.classes.assign(labels.begin(), labels.end());
    std::sort(probe.classes.begin(), probe.classes.end());
    probe.classes.erase(std::unique(probe.classes.begin(), probe.classes.end()), probe.classes.end());
    const auto classes = static_cast<std::int64_t>(probe.classes.size());
    if (classes == 1) {
        probe.coefficients = at::zeros({1, rows.columns()}, at::kDouble);
        probe.intercepts = at::zeros({1}, at::kDouble);
        probe.converged = true;
        return probe;
    }
    std::vector<std::int32_t> targets;
    targets.reserve(labels.size());
    for (const std::int32_t label : labels)
        targets.push_back(static_cast<std::int32_t>(
            std::lower_bound(probe.classes.begin(), probe.classes.end(), label) - probe.classes.begin()));

    ProbeObjective objective(rows, std::move(targets), classes, options.inverseRegularisation, steps);
    std::vector<double> point(index(objective.parameters()));
    LbfgsOptions search;
    search.maxIterations = options.maxIterations;
    const LbfgsOutcome outcome =
        minimise([&](std::span<const double> at,
                     std::span<double> gradient) { return objective.evaluate(at, gradient); },
                 [&](std::span<const double> gradient) {
                     return objective.gradientNorm(gradient) <= options.gradientTolerance;
                 },
                 point, search, steps);
    std::tie(probe.coefficients, probe.intercepts) = objective.solution(point);
    probe.iterations = outcome.iterations;
    probe.converged = outcome.converged;
    return probe;
}

}  // namespace saeception
