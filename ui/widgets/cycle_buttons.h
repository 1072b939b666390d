// SPDX-License-Identifier: GPL-3.0-or-later
// A button for each cycle of a run: which of them are in sight side by side.
#pragma once

#include <QWidget>

#include <map>
#include <vector>

class QHBoxLayout;
class QToolButton;

namespace saeception {

/// At least one is in sight while there are any.
class CycleButtons : public QWidget {
    Q_OBJECT

public:
    explicit CycleButtons(QWidget* parent = nullptr);

    /// The cycles there are, ascending. Those in sight stay. At first what training began with and the latest
    /// ones are, and later whatever is new comes in while there is room. Empty: another run is to come.
    void setCycles(const std::vector<int>& cycles);
    /// Brings `cycle`, where there is such a one, into sight as well.
    void include(int cycle);
    /// Ascending.
    const std::vector<int>& inSight() const { return m_inSight; }

Q_SIGNALS:
    void changed();

private:
    void put(std::vector<int> inSight);

    QHBoxLayout* m_row;
    std::map<int, QToolButton*> m_buttons;
    std::vector<int> m_inSight;
};

}  // namespace saeception
