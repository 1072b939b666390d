// SPDX-License-Identifier: GPL-3.0-or-later
// One live chart: its tags' curves in all shown runs and cycles, with what mouse and keyboard do to it.
#pragma once

#include "ui/models/curve_store.h"
#include "ui/plots/hover_table.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QAction;
class QCustomPlot;
class QLabel;
class QMenu;
class QToolButton;

namespace saeception {

class CurvePlottable;
class PlotOverlay;

/// Follows the newest point until the user zooms, pans or drags a box; a double click (or key 0) follows
/// again. Draws only while it can be seen, and then at most ten times a second unless the user acts on it.
class CurveChart : public QWidget {
    Q_OBJECT

public:
    CurveChart(ChartSpec spec, CurveStore& store, QWidget* parent = nullptr);

    const ChartSpec& spec() const { return m_spec; }
    QString title() const { return m_spec.title; }
    /// What stands in place of curves while there are none.
    void setEmptyText(const QString& text);
    QString emptyText() const;

    /// The header's right side: how many values were not finite, and with one run its newest value: the
    /// validation's where there is one, since single batches say little.
    QString readout() const;
    bool isFollowing() const { return m_following; }
    QCustomPlot* plot() const { return m_plot; }
    /// Points held for `tag` in `cycle` of run `run`.
    std::size_t pointCount(int run, const std::string& tag, int cycle) const;

    void setPinned(bool pinned);
    bool isPinned() const { return m_pinned; }
    void setMaximised(bool maximised);

    /// Draws the crosshair at `x` of the horizontal axis and dots where it meets the curves.
    void setCrosshair(double x);
    void clearCrosshair();
    /// Every curve's point nearest to `x`, in order of run; the one nearest to `y` (pixels of this widget) is
    /// marked.
    std::vector<HoverRow> rowsAt(double x, double y) const;

    /// Follows again.
    void reset();
    /// Draws now, if anything changed or `always`.
    void drawFrame(bool always = false);

    /// The picture or, for ".csv", all points, chosen by the suffix of `path`; in the background, the file
    /// whole or not at all. Ends with noticed().
    void saveTo(const QString& path);

Q_SIGNALS:
    /// The pointer, or a key, put the crosshair at `x`; `position` in pixels of this widget.
    void hovered(double x, const QPoint& position);
    void hoverLeft();
    void pinRequested(bool pinned);
    void maximiseRequested(bool maximised);
    /// One line about what was saved, or why not.
    void noticed(const QString& message, bool isError);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makePlot();
    void makeActions();
    void collect();
    void applyView();
    void applyTheme();
    void requestFrame();
    void requestNow();
    void rescale();
    void showPixels(const QRectF& pixels);
    void hoverAt(const QPointF& plotPixel);
    void moveCrosshair(double pixels);
    void chooseFile(const QString& suffix);
    void updateHeader();
    void placeEmptyText();
    bool canBeSeen() const;
    std::uint64_t pointsEver() const;
    const CurveExtent& valuesToShow();

    ChartSpec m_spec;
    CurveStore& m_store;
    QLabel* m_title;
    QLabel* m_readout;
    QLabel* m_empty = nullptr;
    QToolButton* m_more;
    QMenu* m_menu = nullptr;
    QAction* m_pinAction = nullptr;
    QAction* m_maximiseAction = nullptr;
    QCustomPlot* m_plot;
    CurvePlottable* m_curves = nullptr;
    PlotOverlay* m_overlay = nullptr;
    QTimer m_frame;
    int m_frameMs;
    std::vector<ShownLine> m_lines;
    QString m_emptyText;
    std::uint64_t m_drawn = 0;            ///< pointsEver() at the last frame
    std::optional<CurveExtent> m_values;  ///< what the value axis has to show, until points or view change
    bool m_stale = true;
    bool m_following = true;
    bool m_pinned = false;
    bool m_maximised = false;
    CurveAxis m_axis = CurveAxis::Step;
    bool m_logarithmic = false;
    std::optional<double> m_crosshair;
};

}  // namespace saeception
