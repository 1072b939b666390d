// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the reference numbers in tests/golden/ and measuring how far a result is from them.
#pragma once

#include "base/files.h"
#include "model/tensor_io.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>

namespace saeception::test {

inline std::filesystem::path goldenPath(const std::string& name) {
    return std::filesystem::path(SAECEPTION_GOLDEN_DIR) / name;
}

/// A golden .safetensors file.
inline SafetensorsFile golden(const std::string& name) {
    return SafetensorsFile::open(goldenPath(name));
}

/// A golden .json file.
inline nlohmann::json goldenJson(const std::string& name) {
    return nlohmann::json::parse(readFile(goldenPath(name)));
}

/// max |actual - expected| over all elements; infinity when shapes differ or a value is not finite.
inline double maxAbsoluteError(const at::Tensor& actual, const at::Tensor& expected) {
    if (!actual.defined() || !expected.defined() || actual.sizes() != expected.sizes())
        return std::numeric_limits<double>::infinity();
    if (actual.numel() == 0)
        return 0;
    const at::Tensor a = actual.detach().to(at::kDouble);
    const at::Tensor e = expected.detach().to(at::kDouble);
    if (!at::isfinite(a).all().item<bool>())
        return std::numeric_limits<double>::infinity();
    return (a - e).abs().max().item<double>();
}

/// max |actual - expected| / max |expected|: the largest error as a share of the tensor's own scale.
inline double maxRelativeError(const at::Tensor& actual, const at::Tensor& expected) {
    const double error = maxAbsoluteError(actual, expected);
    if (error == 0)
        return 0;
    return error / std::max(expected.detach().abs().max().to(at::kDouble).item<double>(), 1e-30);
}

inline double relativeError(double actual, double expected) {
    return std::abs(actual - expected) / std::max(std::abs(expected), 1e-30);
}

}  // namespace saeception::test
