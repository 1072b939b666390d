// SPDX-License-Identifier: GPL-3.0-or-later
// What a unit of a feature's activation does to the logit of each class: a bar to either side of zero.
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace saeception {

class EffectBars : public QWidget {
    Q_OBJECT

public:
    explicit EffectBars(QWidget* parent = nullptr);

    /// One value a class; none, or NaN, shows nothing. Bars share one scale, that of the largest value.
    void setEffects(std::vector<double> effects, QStringList names);
    const std::vector<double>& effects() const { return m_effects; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int rowHeight() const;

    std::vector<double> m_effects;
    QStringList m_names;
};

}  // namespace saeception
