// SPDX-License-Identifier: GPL-3.0-or-later
// What the colours and strokes of the charts mean: one entry a cycle, or a run as soon as there are several.
#pragma once

#include "ui/models/curve_store.h"

#include <QWidget>

#include <vector>

namespace saeception {

class CurveLegend : public QWidget {
    Q_OBJECT

public:
    explicit CurveLegend(const CurveStore& store, QWidget* parent = nullptr);

    struct Entry {
        QColor colour;
        QString name;
    };
    /// What is shown, or would be if there were room.
    std::vector<Entry> entries() const;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const CurveStore& m_store;
};

}  // namespace saeception
