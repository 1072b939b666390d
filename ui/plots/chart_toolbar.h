// SPDX-License-Identifier: GPL-3.0-or-later
// How all charts are drawn: smoothing, what runs along the bottom, logarithmic values, outliers, cycles.
#pragma once

#include "ui/models/curve_store.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QSlider;

namespace saeception {

class ChartToolbar : public QWidget {
    Q_OBJECT

public:
    explicit ChartToolbar(CurveStore& store, QWidget* parent = nullptr);

private:
    void read();
    void write();
    void fillCycles();

    CurveStore& m_store;
    QSlider* m_smoothing;
    QLabel* m_smoothingText;
    QComboBox* m_axis;
    QCheckBox* m_logarithmic;
    QCheckBox* m_outliers;
    QPushButton* m_cycles;
    QMenu* m_cycleMenu;
};

}  // namespace saeception
