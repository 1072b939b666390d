// SPDX-License-Identifier: GPL-3.0-or-later
// Limited-memory BFGS for a smooth convex function of many variables, in double.
#pragma once

#include "base/step_control.h"

#include <functional>
#include <span>
#include <vector>

namespace saeception {

struct LbfgsOptions {
    int history = 20;  ///< pairs of steps and gradient changes kept
    int maxIterations = 2000;
};

struct LbfgsOutcome {
    int iterations = 0;
    bool converged = false;
};

/// Value at `point`; fills `gradient` (same size).
using Objective = std::function<double(std::span<const double> point, std::span<double> gradient)>;
/// Whether the gradient is small enough, in the caller's own scale.
using GradientTest = std::function<bool(std::span<const double> gradient)>;

/// Minimises from `point`, which is moved to the best point found (Nocedal and Wright 2006, algorithm 7.5;
/// line search by bisection for the weak Wolfe conditions, Lewis and Overton 2013). Starts with the identity
/// as inverse Hessian, so the caller should scale its variables. Not converged when iterations run out or
/// rounding stops progress. @throws Cancelled
LbfgsOutcome minimise(const Objective& objective, const GradientTest& isSmall, std::vector<double>& point,
                      const LbfgsOptions& options, const StepControl& steps);

}  // namespace saeception
