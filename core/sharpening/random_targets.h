// SPDX-License-Identifier: GPL-3.0-or-later
// The random strategy, a control: directions that know nothing of the autoencoder.
#pragma once

#include "base/torch_headers.h"

#include <cstdint>

namespace saeception {

/// [rows, width] float32, every row a unit vector uniform on the sphere (normal values, normalised). Row i
/// depends on (seed, i) alone, so an example keeps its target whatever else is in the data set.
at::Tensor randomTargets(std::int64_t rows, std::int64_t width, std::uint64_t seed);

}  // namespace saeception
