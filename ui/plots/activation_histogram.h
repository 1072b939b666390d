// SPDX-License-Identifier: GPL-3.0-or-later
// How strongly a feature fires when it fires: counts on a log scale, with the value of each bar under the
// mouse.
#pragma once

#include <QWidget>

#include <cstdint>
#include <span>
#include <vector>

class QCPBars;
class QCustomPlot;

namespace saeception {

/// The counts to name on a log axis of `pixels` from `lowest` to `highest` whose labels need `spacing` pixels
/// from one to the next: 1, 2, 5, 10, … where they have room and the range is at most two decades, else
/// powers of ten, of those every second, third, … if need be. Always whole numbers.
std::vector<double> countTicks(double lowest, double highest, double pixels, double spacing);

class ActivationHistogram : public QWidget {
    Q_OBJECT

public:
    explicit ActivationHistogram(QWidget* parent = nullptr);

    /// `counts` of activations in equal bins over (0, upperEdge]; empty clears the plot.
    void setCounts(std::span<const std::uint32_t> counts, float upperEdge);
    const std::vector<std::uint32_t>& counts() const { return m_counts; }
    float upperEdge() const { return m_upperEdge; }
    /// "0.48 – 0.64: 120 tokens" for the bin at `x`, in pixels of this widget; empty outside the axes.
    QString binDescription(double x) const;

    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void applyTheme();

    QCustomPlot* m_plot;
    QCPBars* m_bars;
    std::vector<std::uint32_t> m_counts;
    float m_upperEdge = 0;
};

}  // namespace saeception
