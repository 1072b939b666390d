// SPDX-License-Identifier: GPL-3.0-or-later
// The card beside the pointer: what each curve of a chart is at the crosshair.
#pragma once

#include "ui/models/curve_series.h"

#include <QColor>
#include <QStringList>
#include <QWidget>

#include <vector>

namespace saeception {

/// One curve at the crosshair: its point nearest to it.
struct HoverRow {
    QColor colour;
    bool dashed = false;
    bool nearest = false;  ///< the one closest to the pointer
    double distance = 0;   ///< from the pointer, in pixels upwards or downwards
    QString name;
    double value = 0;
    double smoothed = 0;  ///< NaN where the curve is not smoothed
    double step = 0;
    double seconds = 0;  ///< since the curve's first point
    double wallTime = 0;
};

class HoverTable : public QWidget {
    Q_OBJECT

public:
    /// Most rows shown; the rest are counted in a last line.
    static constexpr int maximumRows = 12;

    explicit HoverTable(QWidget* parent);

    /// Shows `rows` near `position` (the parent's coordinates), wholly within the parent. Times are clock
    /// times when `axis` is Wall. Without rows it hides.
    void showRows(const std::vector<HoverRow>& rows, CurveAxis axis, const QPoint& position);
    /// What the table says, a line for each row, headings first; cells parted by tabs.
    QString text() const;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int columnWidth(int column) const;

    std::vector<HoverRow> m_rows;
    std::vector<QStringList> m_cells;  ///< headings first
    int m_more = 0;
};

}  // namespace saeception
