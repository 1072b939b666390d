// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/activation_scale.h"

#include "model/adamw_kernel.h"

#include <cmath>
#include <string_view>

namespace saeception {

double expectedNormScale(const at::Tensor& activations, const std::vector<std::int64_t>& which) {
    const std::int64_t size = activations.size(1);
    const float* const rows = activations.data_ptr<float>();
    double sum = 0;
    for (const std::int64_t row : which)
        sum += std::sqrt(sumOfSquares(rows + row * size, size));
    return sum > 0 ? std::sqrt(static_cast<double>(size)) * static_cast<double>(which.size()) / sum : 1;
}

NamedTensors foldScale(NamedTensors state, double scale) {
    const at::NoGradGuard noGrad;
    for (auto& [name, tensor] : state)
        if (!std::string_view(name).ends_with(".weight"))
            tensor = tensor / scale;
    return state;
}

}  // namespace saeception
