// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cycle_buttons.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QToolButton>

#include <algorithm>
#include <iterator>
#include <utility>

namespace saeception {
namespace {

constexpr std::size_t inSightAtFirst = 3;

}  // namespace

CycleButtons::CycleButtons(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(gridUnit / 2);
}

void CycleButtons::setCycles(const std::vector<int>& cycles) {
    const bool same = std::equal(cycles.begin(), cycles.end(), m_buttons.begin(), m_buttons.end(),
                                 [](int cycle, const auto& button) { return button.first == cycle; });
    if (same)
        return;
    for (const auto& [cycle, button] : m_buttons)
        delete button;
    m_buttons.clear();
    for (const int cycle : cycles) {
        auto* button = new QToolButton(this);
        button->setObjectName(QStringLiteral("inspectCycle%1").arg(cycle));
        button->setText(QString::number(cycle));
        button->setAccessibleName(cycleText(cycle));
        button->setToolTip(tr("Cycle %1 side by side with the others").arg(cycle));
        button->setCheckable(true);
        connect(button, &QToolButton::clicked, this, [this, cycle](bool checked) {
            std::vector<int> inSight = m_inSight;
            if (checked)
                inSight.push_back(cycle);
            else if (inSight.size() > 1)
                std::erase(inSight, cycle);
            put(std::move(inSight));
        });
        m_row->addWidget(button);
        m_buttons[cycle] = button;
    }
    std::vector<int> inSight;
    std::copy_if(m_inSight.begin(), m_inSight.end(), std::back_inserter(inSight),
                 [this](int cycle) { return m_buttons.contains(cycle); });
    if (inSight.empty()) {
        inSight = cycles;
        if (inSight.size() > inSightAtFirst)
            inSight.erase(inSight.begin() + 1,
                          inSight.end() - static_cast<std::ptrdiff_t>(inSightAtFirst - 1));
    } else {
        for (const int cycle : cycles)
            if (cycle > inSight.back() && inSight.size() < inSightAtFirst)
                inSight.push_back(cycle);
    }
    put(std::move(inSight));
}

void CycleButtons::include(int cycle) {
    if (!m_buttons.contains(cycle) || std::binary_search(m_inSight.begin(), m_inSight.end(), cycle))
        return;
    std::vector<int> inSight = m_inSight;
    inSight.push_back(cycle);
    put(std::move(inSight));
}

void CycleButtons::put(std::vector<int> inSight) {
    std::sort(inSight.begin(), inSight.end());
    m_inSight = std::move(inSight);
    for (const auto& [cycle, button] : m_buttons)
        button->setChecked(std::binary_search(m_inSight.begin(), m_inSight.end(), cycle));
    Q_EMIT changed();
}

}  // namespace saeception
