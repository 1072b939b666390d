// SPDX-License-Identifier: GPL-3.0-or-later
#include "sae/state.h"

#include "base/error.h"

#include <fmt/ranges.h>

namespace saeception {

at::Tensor stateTensor(const std::vector<std::pair<std::string, at::Tensor>>& state, const std::string& name,
                       at::IntArrayRef shape, const std::string& origin) {
    for (const auto& [key, tensor] : state) {
        if (key != name)
            continue;
        if (tensor.sizes() != shape)
            fail(
                "{}: {} has shape [{}] where the config asks for [{}]; use the config that the file was made "
                "with",
                origin, name, fmt::join(tensor.sizes(), ", "), fmt::join(shape, ", "));
        return tensor.to(at::kFloat).contiguous();
    }
    fail("{} has no tensor {}; it is not a checkpoint of this kind of autoencoder", origin, name);
}

}  // namespace saeception
