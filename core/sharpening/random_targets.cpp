// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharpening/random_targets.h"

#include "base/random.h"

#include <cmath>
#include <vector>

namespace saeception {

at::Tensor randomTargets(std::int64_t rows, std::int64_t width, std::uint64_t seed) {
    at::Tensor targets = at::empty({rows, width}, at::kFloat);
    float* out = targets.data_ptr<float>();
    std::vector<double> direction(static_cast<std::size_t>(width));
    for (std::int64_t i = 0; i < rows; ++i) {
        Rng rng(deriveSeed(seed, "random target", {i}));
        double squares = 0;
        while (squares == 0) {
            for (double& value : direction) {
                value = rng.normal();
                squares += value * value;
            }
        }
        const double norm = std::sqrt(squares);
        for (const double value : direction)
            *out++ = static_cast<float>(value / norm);
    }
    return targets;
}

}  // namespace saeception
