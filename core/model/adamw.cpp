// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/adamw.h"

#include "model/adamw_kernel.h"

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

// Elements of one piece of work: p, g, m, v of it fit into a second-level cache, and pieces balance over
// threads.
constexpr std::int64_t pieceSize = 1 << 15;

}  // namespace

struct AdamW::State {
    at::Tensor parameter, first, second;
    double weightDecay = 0;
    /// For row-sparse gradients: rows that have ever had one. All other rows' moments are exactly zero.
    std::vector<std::uint8_t> touchedRows;
    bool everDense = false;

    void allocate() {
        if (first.defined())
            return;
        first = at::zeros_like(parameter);
        second = at::zeros_like(parameter);
    }
};

namespace {

/// A gradient ready to be walked: dense, or the rows `rows` (ascending) of it.
struct Gradient {
    std::size_t state = 0;
    at::Tensor values;
    at::Tensor rows;  ///< undefined when dense
};

/// `begin` .. `end`: elements when the gradient is dense, rows when it is sparse.
struct Piece {
    std::size_t gradient = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

double jointNorm(const std::vector<Gradient>& gradients) {
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < gradients.size(); ++i)
        for (std::int64_t begin = 0; begin < gradients[i].values.numel(); begin += pieceSize)
            pieces.push_back({i, begin, std::min(begin + pieceSize, gradients[i].values.numel())});
    // One partial sum a piece, added in order: the same for every number of threads.
    std::vector<double> sums(pieces.size());
    at::parallel_for(0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; ++i) {
            const Piece& piece = pieces[static_cast<std::size_t>(i)];
            sums[static_cast<std::size_t>(i)] = sumOfSquares(
                gradients[piece.gradient].values.data_ptr<float>() + piece.begin, piece.end - piece.begin);
        }
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return std::sqrt(total);
}

}  // namespace

double linearSchedule(std::int64_t step, std::int64_t warmup, std::int64_t total) {
    if (step < warmup)
        return static_cast<double>(step) / static_cast<double>(warmup);
    return std::max(0.0, static_cast<double>(total - step) /
                             static_cast<double>(std::max<std::int64_t>(1, total - warmup)));
}

AdamW::AdamW(const NamedTensors& parameters, const AdamWOptions& options) : m_options(options) {
    for (const auto& [name, tensor] : parameters) {
        TORCH_CHECK(tensor.scalar_type() == at::kFloat && tensor.is_contiguous() && tensor.is_leaf(),
                    "AdamW: '", name, "' is not a contiguous float32 leaf");
        State state;
        state.parameter = tensor;
        state.weightDecay = options.decayAll || tensor.dim() > 1 ? options.weightDecay : 0;
        m_states.push_back(std::move(state));
    }
}

AdamW::~AdamW() = default;
AdamW::AdamW(AdamW&&) noexcept = default;
AdamW& AdamW::operator=(AdamW&&) noexcept = default;

double AdamW::clipAndStep(double learningRate, double maxGradNorm) {
    std::vector<Gradient> gradients;
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        at::Tensor& slot = m_states[i].parameter.mutable_grad();
        if (!slot.defined())
            continue;
        Gradient gradient{i, std::move(slot), {}};
        slot = at::Tensor();
        if (gradient.values.is_sparse()) {
            const at::Tensor merged = gradient.values.coalesce();
            gradient.rows = merged.indices().select(0, 0).contiguous();
            gradient.values = merged.values().contiguous();
        } else {
            gradient.values = gradient.values.contiguous();
        }
        gradients.push_back(std::move(gradient));
    }
    const double norm = jointNorm(gradients);
    if (!std::isfinite(norm))
        return norm;
    ++m_steps;
    const double clip = maxGradNorm > 0 ? std::min(1.0, maxGradNorm / (norm + 1e-6)) : 1.0;
    AdamWStep common;
    common.beta1 = static_cast<float>(m_options.beta1);
    common.oneMinusBeta1 = static_cast<float>(1 - m_options.beta1);
    common.beta2 = static_cast<float>(m_options.beta2);
    common.oneMinusBeta2 = static_cast<float>(1 - m_options.beta2);
    common.stepSize =
        static_cast<float>(learningRate / (1 - std::pow(m_options.beta1, static_cast<double>(m_steps))));
    common.inverseRootBias2 =
        static_cast<float>(1 / std::sqrt(1 - std::pow(m_options.beta2, static_cast<double>(m_steps))));
    common.epsilon = static_cast<float>(m_options.epsilon);
    common.gradientScale = static_cast<float>(clip);

    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        const Gradient& gradient = gradients[i];
        State& state = m_states[gradient.state];
        state.allocate();
        std::int64_t size = state.parameter.numel(), step = pieceSize;
        if (gradient.rows.defined()) {
            size = state.parameter.size(0);
            step = std::max<std::int64_t>(
                1, pieceSize * size / std::max<std::int64_t>(1, state.parameter.numel()));
            state.touchedRows.resize(static_cast<std::size_t>(size), state.everDense ? 1 : 0);
        } else {
            state.everDense = true;
            std::fill(state.touchedRows.begin(), state.touchedRows.end(), std::uint8_t{1});
        }
        for (std::int64_t begin = 0; begin < size; begin += step)
            pieces.push_back({i, begin, std::min(begin + step, size)});
    }

    const auto updateRows = [](State& state, const Gradient& gradient, const AdamWStep& step,
                               const Piece& piece) {
        const std::int64_t width = state.parameter.numel() / state.parameter.size(0);
        float* p = state.parameter.data_ptr<float>();
        float* m = state.first.data_ptr<float>();
        float* v = state.second.data_ptr<float>();
        const std::int64_t* rows = gradient.rows.data_ptr<std::int64_t>();
        const std::int64_t* last = rows + gradient.rows.numel();
        const std::int64_t* next = std::lower_bound(rows, last, piece.begin);
        for (std::int64_t row = piece.begin; row < piece.end; ++row) {
            const std::int64_t at = row * width;
            std::uint8_t& touched = state.touchedRows[static_cast<std::size_t>(row)];
            if (next != last && *next == row) {
                adamWUpdate(step, gradient.values.data_ptr<float>() + (next - rows) * width, p + at, m + at,
                            v + at, width);
                touched = 1;
                ++next;
            } else if (touched != 0) {
                adamWUpdateWithoutGradient(step, p + at, m + at, v + at, width);
            } else if (step.decay != 1) {
                adamWDecay(step, p + at, width);
            }
        }
    };
    at::parallel_for(0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; ++i) {
            const Piece& piece = pieces[static_cast<std::size_t>(i)];
            const Gradient& gradient = gradients[piece.gradient];
            State& state = m_states[gradient.state];
            AdamWStep step = common;
            step.decay = static_cast<float>(1 - learningRate * state.weightDecay);
            if (gradient.rows.defined())
                updateRows(state, gradient, step, piece);
            else
                adamWUpdate(step, gradient.values.data_ptr<float>() + piece.begin,
                            state.parameter.data_ptr<float>() + piece.begin,
                            state.first.data_ptr<float>() + piece.begin,
                            state.second.data_ptr<float>() + piece.begin, piece.end - piece.begin);
        }
    });
    return norm;
}

void AdamW::zeroGrad() {
    for (State& state : m_states)
        state.parameter.mutable_grad() = at::Tensor();
}

std::int64_t AdamW::steps() const {
    return m_steps;
}

at::Tensor AdamW::firstMoment(std::size_t index) {
    m_states.at(index).allocate();
    return m_states.at(index).first;
}

at::Tensor AdamW::secondMoment(std::size_t index) {
    m_states.at(index).allocate();
    return m_states.at(index).second;
}

}  // namespace saeception
