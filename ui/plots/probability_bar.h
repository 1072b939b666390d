// SPDX-License-Identifier: GPL-3.0-or-later
// The probabilities of the classes as one bar in their colours.
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace saeception {

class ProbabilityBar : public QWidget {
    Q_OBJECT

public:
    explicit ProbabilityBar(QWidget* parent = nullptr);

    /// One value a class, together 1; none: an empty bar.
    void setProbabilities(std::vector<double> probabilities, QStringList names);
    const std::vector<double>& probabilities() const { return m_probabilities; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_probabilities;
};

}  // namespace saeception
