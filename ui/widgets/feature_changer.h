// SPDX-License-Identifier: GPL-3.0-or-later
// A line that takes the number of a feature, and buttons that ablate, scale or fix it.
#pragma once

#include "cycle/live_model.h"

#include <QList>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace saeception {

class FeatureChanger : public QWidget {
    Q_OBJECT

public:
    /// `cycle`: whose features they are, as screen readers say it.
    explicit FeatureChanger(int cycle, QWidget* parent = nullptr);

    /// Takes the numbers 0 .. features - 1.
    void setFeatureCount(int features);
    /// -1: none.
    void setFeature(int feature);
    /// Asks for a change of the feature, where one is given.
    void request(EditKind kind);

Q_SIGNALS:
    void changeRequested(int feature, saeception::EditKind kind);
    /// What is wrong with the number typed, in one line; empty for nothing.
    void problemChanged(const QString& line);

private:
    int m_features = 0;
    QLineEdit* m_number;
    QList<QToolButton*> m_buttons;
};

}  // namespace saeception
