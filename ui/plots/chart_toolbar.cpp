// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_toolbar.h"

#include "ui/format.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>

#include <cmath>

namespace saeception {

ChartToolbar::ChartToolbar(CurveStore& store, QWidget* parent)
    : QWidget(parent),
      m_store(store),
      m_smoothing(new QSlider(Qt::Horizontal, this)),
      m_smoothingText(new QLabel(this)),
      m_axis(new QComboBox(this)),
      m_logarithmic(new QCheckBox(tr("Log scale"), this)),
      m_outliers(new QCheckBox(tr("Ignore outliers"), this)),
      m_cycles(new QPushButton(tr("Cycles"), this)),
      m_cycleMenu(new QMenu(this)) {
    auto* label = new QLabel(tr("S&moothing"), this);
    label->setBuddy(m_smoothing);
    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setRange(0, 99);
    m_smoothing->setPageStep(10);
    m_smoothing->setFixedWidth(13 * gridUnit);
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setToolTip(tr("Weight of the past in the exponential average of training curves"));
    m_smoothingText->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.00 ")));
    m_axis->setObjectName(QStringLiteral("chartAxis"));
    m_axis->addItems({tr("By step"), tr("By time since start"), tr("By clock time")});
    m_axis->setAccessibleName(tr("Horizontal axis"));
    m_axis->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_axis->setMinimumContentsLength(12);
    m_axis->view()->setMinimumWidth(22 * gridUnit);
    m_logarithmic->setObjectName(QStringLiteral("logarithmic"));
    m_logarithmic->setToolTip(tr("Values on a logarithmic axis"));
    m_outliers->setObjectName(QStringLiteral("ignoreOutliers"));
    m_outliers->setToolTip(
        tr("Scales to the values from the 5th to the 95th percentile; nothing is left out"));
    m_cycles->setObjectName(QStringLiteral("cycleMenu"));
    m_cycles->setMenu(m_cycleMenu);
    m_cycles->setToolTip(tr("Which cycles are drawn"));

    auto* row = new QHBoxLayout(this);
    // In line with the charts below, which leave room for their scroll bar.
    row->setContentsMargins(2 * gridUnit, 0, gridUnit + style()->pixelMetric(QStyle::PM_ScrollBarExtent), 0);
    row->setSpacing(gridUnit);
    row->addWidget(label);
    row->addWidget(m_smoothing);
    row->addWidget(m_smoothingText);
    row->addSpacing(gridUnit);
    row->addWidget(m_axis);
    row->addSpacing(gridUnit);
    row->addWidget(m_logarithmic);
    row->addWidget(m_outliers);
    row->addStretch(1);
    row->addWidget(m_cycles);

    connect(m_smoothing, &QSlider::valueChanged, this, &ChartToolbar::write);
    connect(m_axis, &QComboBox::currentIndexChanged, this, &ChartToolbar::write);
    connect(m_logarithmic, &QCheckBox::toggled, this, &ChartToolbar::write);
    connect(m_outliers, &QCheckBox::toggled, this, &ChartToolbar::write);
    connect(&m_store, &CurveStore::viewChanged, this, &ChartToolbar::read);
    const auto enable = [this] { m_cycles->setVisible(m_store.cycles().size() > 1); };
    connect(&m_store, &CurveStore::linesChanged, this, enable);
    connect(m_cycleMenu, &QMenu::aboutToShow, this, &ChartToolbar::fillCycles);
    enable();
    read();
}

void ChartToolbar::read() {
    const CurveView& view = m_store.view();
    const QSignalBlocker a(m_smoothing);
    const QSignalBlocker b(m_axis);
    const QSignalBlocker c(m_logarithmic);
    const QSignalBlocker d(m_outliers);
    m_smoothing->setValue(static_cast<int>(std::lround(view.smoothing * 100)));
    m_smoothingText->setText(QString::number(view.smoothing, 'f', 2));
    m_axis->setCurrentIndex(static_cast<int>(view.axis));
    m_logarithmic->setChecked(view.logarithmic);
    m_outliers->setChecked(view.ignoreOutliers);
}

void ChartToolbar::write() {
    m_store.setView({m_smoothing->value() / 100.0, static_cast<CurveAxis>(m_axis->currentIndex()),
                     m_logarithmic->isChecked(), m_outliers->isChecked()});
}

void ChartToolbar::fillCycles() {
    m_cycleMenu->clear();
    const auto setAll = [this](bool shown) {
        for (const int cycle : m_store.cycles())
            m_store.setCycleShown(cycle, shown);
    };
    m_cycleMenu->addAction(tr("All cycles"), this, [setAll] { setAll(true); });
    m_cycleMenu->addAction(tr("Latest cycle only"), this, [this, setAll] {
        setAll(false);
        m_store.setCycleShown(*m_store.cycles().rbegin(), true);
    });
    m_cycleMenu->addSeparator();
    for (const int cycle : m_store.cycles()) {
        QAction* action = m_cycleMenu->addAction(cycleText(cycle));
        action->setCheckable(true);
        action->setChecked(m_store.isCycleShown(cycle));
        connect(action, &QAction::toggled, this,
                [this, cycle](bool shown) { m_store.setCycleShown(cycle, shown); });
    }
}

}  // namespace saeception
