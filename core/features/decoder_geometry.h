// SPDX-License-Identifier: GPL-3.0-or-later
// Which decoder directions lie close to one another.
#pragma once

#include "base/step_control.h"
#include "base/torch_headers.h"
#include "features/feature_index.h"

#include <cstdint>
#include <vector>

namespace saeception {

/// Of every row of `from` [n, d] the up to `count` rows of `to` [m, d] with the largest cosine, the largest
/// first; rows of length 0 have cosine 0 with all. With `self`, from is to, and a row is not its own
/// neighbour. @throws Cancelled
std::vector<std::vector<NeighbourFeature>> nearestDirections(const at::Tensor& from, const at::Tensor& to,
                                                             std::int64_t count, bool self,
                                                             const StepControl& steps = {});

/// The rows of `rows` [n, d], made unit length and centred, in the plane of their two largest principal
/// components, [n, 2] row-major. Which way an axis points is settled by its largest entry, which is positive.
std::vector<float> principalPlane(const at::Tensor& rows);

}  // namespace saeception
