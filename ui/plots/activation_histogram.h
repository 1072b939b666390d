// SPDX-License-Identifier: GPL-3.0-or-later
// How strongly a feature fires when it fires, class by class: counts on a log scale, with the value of each
// bar under the mouse.
#pragma once

#include <QStringList>
#include <QWidget>

#include <cstdint>
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

    /// counts[c]: activations on tokens of class c in equal bins over (0, upperEdge], as many for each; empty
    /// clears the plot. `names` of the classes. Up to three classes are drawn side by side, of more their
    /// sum.
    void setCounts(std::vector<std::vector<std::uint32_t>> counts, QStringList names, float upperEdge);
    /// Of all classes.
    std::vector<std::uint32_t> counts() const;
    float upperEdge() const { return m_upperEdge; }
    /// "0.48 – 0.64: 120 tokens" for the bin at `x`, in pixels of this widget; empty outside the axes.
    QString binDescription(double x) const;

    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void applyTheme();

    void draw();

    QCustomPlot* m_plot;
    std::vector<QCPBars*> m_bars;
    std::vector<std::vector<std::uint32_t>> m_counts;
    QStringList m_names;
    float m_upperEdge = 0;
};

}  // namespace saeception
