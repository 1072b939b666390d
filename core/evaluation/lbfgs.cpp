// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/lbfgs.h"

#include "base/error.h"

#include <cmath>
#include <deque>
#include <limits>

namespace saeception {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

void addScaled(Vector& a, double factor, const Vector& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        a[i] += factor * b[i];
}

struct Pair {
    Vector step;
    Vector change;
    double inverseProduct;
};

/// -H gradient by the two-loop recursion.
Vector descentDirection(const Vector& gradient, const std::deque<Pair>& pairs) {
    Vector direction = gradient;
    Vector alpha(pairs.size());
    for (std::size_t i = pairs.size(); i-- > 0;) {
        alpha[i] = pairs[i].inverseProduct * dot(pairs[i].step, direction);
        addScaled(direction, -alpha[i], pairs[i].change);
    }
    if (!pairs.empty()) {
        const Pair& last = pairs.back();
        const double scale = 1 / (last.inverseProduct * dot(last.change, last.change));
        for (double& value : direction)
            value *= scale;
    }
    for (std::size_t i = 0; i < pairs.size(); ++i)
        addScaled(direction, alpha[i] - pairs[i].inverseProduct * dot(pairs[i].change, direction),
                  pairs[i].step);
    for (double& value : direction)
        value = -value;
    return direction;
}

}  // namespace

LbfgsOutcome minimise(const Objective& objective, const GradientTest& isSmall, std::vector<double>& point,
                      const LbfgsOptions& options, const StepControl& steps) {
    constexpr double sufficientDecrease = 1e-4;
    constexpr double curvature = 0.9;
    constexpr int maxTrials = 40;
    // The value itself is only known to about this relative accuracy; without the slack the last steps would
    // be refused.
    constexpr double valueNoise = 1e-14;

    LbfgsOutcome outcome;
    std::deque<Pair> pairs;
    Vector gradient(point.size());
    double value = objective(point, gradient);
    Vector trial(point.size());
    Vector trialGradient(point.size());
    while (!(outcome.converged = isSmall(gradient)) && outcome.iterations < options.maxIterations) {
        const Vector direction = descentDirection(gradient, pairs);
        const double slope = dot(direction, gradient);
        double low = 0;
        double high = std::numeric_limits<double>::infinity();
        double length = 1;
        bool found = false;
        double trialValue = value;
        for (int attempt = 0; attempt < maxTrials && slope < 0 && !found; ++attempt) {
            steps.holdOrStop();
            trial = point;
            addScaled(trial, length, direction);
            trialValue = objective(trial, trialGradient);
            if (!(trialValue <= value + sufficientDecrease * length * slope + valueNoise * std::abs(value)))
                high = length;
            else if (dot(trialGradient, direction) < curvature * slope)
                low = length;
            else
                found = true;
            if (!found)
                length = std::isinf(high) ? 2 * length : (low + high) / 2;
        }
        if (!found) {
            if (pairs.empty()) {
                // Not even steepest descent lowers a convex objective any more: its minimum to the last digit
                // it has.
                outcome.converged = std::isfinite(value) && slope < 0;
                break;
            }
            pairs.clear();  // steepest descent once more before giving up
            continue;
        }
        ++outcome.iterations;
        Pair pair{trial, trialGradient, 0};
        addScaled(pair.step, -1, point);
        addScaled(pair.change, -1, gradient);
        const double product = dot(pair.step, pair.change);
        if (product > 0) {
            pair.inverseProduct = 1 / product;
            pairs.push_back(std::move(pair));
            if (static_cast<int>(pairs.size()) > options.history)
                pairs.pop_front();
        }
        point = trial;
        gradient = trialGradient;
        value = trialValue;
    }
    return outcome;
}

}  // namespace saeception
