// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/decoder_geometry.h"

#include "sae/products.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace saeception {
namespace {

at::Tensor unitRows(const at::Tensor& rows) {
    const at::Tensor whole = rows.to(at::kFloat).contiguous();
    return whole / whole.norm(2, at::IntArrayRef{1}, true).clamp_min(1e-12);
}

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

void scaleTo1(Vector& v) {
    const double length = std::sqrt(dot(v, v));
    for (double& x : v)
        x /= length > 0 ? length : 1;
}

// The eigenvector of the largest eigenvalue of `matrix` [d, d], symmetric, orthogonal to `others`: by power
// iteration in an order of its own, so that the result does not depend on threads.
Vector leadingEigenvector(const float* matrix, std::size_t d, const std::vector<Vector>& others) {
    constexpr int iterations = 60;  // it is but where a map begins
    Vector v(d);
    for (std::size_t i = 0; i < d; ++i)
        v[i] = 1 + static_cast<double>(i % 7) / 7;
    Vector next(d);
    for (int i = 0; i < iterations; ++i) {
        for (const Vector& other : others) {
            const double share = dot(v, other);
            for (std::size_t j = 0; j < d; ++j)
                v[j] -= share * other[j];
        }
        scaleTo1(v);
        for (std::size_t row = 0; row < d; ++row) {
            double sum = 0;
            for (std::size_t column = 0; column < d; ++column)
                sum += static_cast<double>(matrix[row * d + column]) * v[column];
            next[row] = sum;
        }
        v.swap(next);
    }
    scaleTo1(v);
    const auto largest =
        std::max_element(v.begin(), v.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0)
        for (double& x : v)
            x = -x;
    return v;
}

}  // namespace

std::vector<float> principalPlane(const at::Tensor& rows) {
    const at::NoGradGuard noGrad;
    const at::Tensor unit = unitRows(rows);
    const at::Tensor centred = (unit - unit.mean(at::IntArrayRef{0}, true)).contiguous();
    const auto d = static_cast<std::size_t>(centred.size(1));
    at::Tensor covariance = at::zeros({centred.size(1), centred.size(1)});
    addOuterProducts(centred, centred, covariance);
    std::vector<Vector> axes;
    for (int axis = 0; axis < 2; ++axis)
        axes.push_back(leadingEigenvector(covariance.data_ptr<float>(), d, axes));
    std::vector<float> plane;
    const float* const values = centred.data_ptr<float>();
    for (std::int64_t row = 0; row < centred.size(0); ++row)
        for (const Vector& axis : axes) {
            double sum = 0;
            for (std::size_t i = 0; i < d; ++i)
                sum += axis[i] * static_cast<double>(values[static_cast<std::size_t>(row) * d + i]);
            plane.push_back(static_cast<float>(sum));
        }
    return plane;
}

std::vector<std::vector<NeighbourFeature>> nearestDirections(const at::Tensor& from, const at::Tensor& to,
                                                             std::int64_t count, bool self,
                                                             const StepControl& steps) {
    const at::NoGradGuard noGrad;
    constexpr std::int64_t rowsAtOnce = 512;
    const at::Tensor left = unitRows(from);
    const at::Tensor right = self ? left : unitRows(to);
    const std::int64_t rows = left.size(0);
    const std::int64_t columns = right.size(0);
    const std::int64_t most = std::max<std::int64_t>(0, std::min(count, columns - (self ? 1 : 0)));
    std::vector<std::vector<NeighbourFeature>> result(static_cast<std::size_t>(rows));
    if (most == 0)
        return result;
    at::Tensor block = at::empty({std::min(rows, rowsAtOnce), columns});
    for (std::int64_t begin = 0; begin < rows; begin += rowsAtOnce) {
        steps.holdOrStop();
        const std::int64_t size = std::min(rowsAtOnce, rows - begin);
        at::Tensor cosines = block.narrow(0, 0, size);
        multiplyTransposed(left.narrow(0, begin, size), right, {}, cosines);
        for (std::int64_t i = 0; self && i < size; ++i)
            cosines[i][begin + i] = -2;  // below every cosine
        const auto [best, where] = at::topk(cosines, most, 1, true, true);
        const float* value = best.data_ptr<float>();
        const std::int64_t* column = where.data_ptr<std::int64_t>();
        for (std::int64_t i = 0; i < size; ++i) {
            std::vector<NeighbourFeature>& list = result[static_cast<std::size_t>(begin + i)];
            for (std::int64_t n = 0; n < most; ++n, ++value, ++column)
                list.push_back({static_cast<int>(*column), std::clamp(*value, -1.0F, 1.0F)});
            // topk leaves the order of equal values open.
            std::stable_sort(list.begin(), list.end(),
                             [](const NeighbourFeature& a, const NeighbourFeature& b) {
                                 return a.cosine != b.cosine ? a.cosine > b.cosine : a.feature < b.feature;
                             });
        }
    }
    return result;
}

}  // namespace saeception
