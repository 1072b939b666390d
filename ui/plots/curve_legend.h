// SPDX-License-Identifier: GPL-3.0-or-later
// The one legend of all charts: a colour for each cycle, a line style for training and validation.
#pragma once

#include <QWidget>

#include <vector>

namespace saeception {

class CurveLegend : public QWidget {
    Q_OBJECT

public:
    explicit CurveLegend(QWidget* parent = nullptr);

    void clear();
    /// Adds `cycle` if it is new.
    void addCycle(int cycle);
    const std::vector<int>& cycles() const { return m_cycles; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<int> m_cycles;  ///< ascending
};

}  // namespace saeception
