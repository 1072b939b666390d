// SPDX-License-Identifier: GPL-3.0-or-later
// A live chart of one quantity over optimiser steps: one colour per cycle, training solid, validation dashed.
#pragma once

#include "ui/plots/curve_buffer.h"

#include <QTimer>
#include <QWidget>

#include <map>
#include <utility>

class QCPGraph;
class QCPItemTracer;
class QCustomPlot;
class QLabel;

namespace saeception {

class CurveChart : public QWidget {
    Q_OBJECT

public:
    enum class Kind { Training, Validation };

    /// `emptyText` is shown until the first point arrives. With `smoothing` above 0 training is drawn as its
    /// debiased exponential average (weight of the past, 0..1), every single value faint behind it.
    CurveChart(const QString& title, const QString& emptyText, double smoothing = 0,
               QWidget* parent = nullptr);

    /// Adds a point; drawn with the next frame. Values that are not finite break the line and are counted in
    /// the header.
    void append(int cycle, Kind kind, double step, double value);
    /// Removes every curve, follows again and shows the first empty text again.
    void clear();
    /// What stands in place of the first point from now on, until clear().
    void setEmptyText(const QString& text);
    /// Lets the header show the newest validation value, or before there is one the smoothed training value,
    /// each with its name: single batches say little of how good the model is.
    void preferValidation();

    QString title() const;
    /// What the header says: the point under the mouse, else the newest value or what preferValidation() asks
    /// for.
    QString readout() const;
    /// False once the user has zoomed or dragged, until a double click.
    bool isFollowing() const { return m_following; }
    std::size_t pointCount(int cycle, Kind kind) const;
    QCustomPlot* plot() const { return m_plot; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Curve {
        CurveBuffer buffer;
        CurveBuffer smoothed;  ///< as many points as `buffer`; empty where nothing is smoothed
        double average = 0;    ///< of all values so far, still biased towards 0
        double weight = 0;     ///< 1 - smoothing^n, which takes the bias away
        QCPGraph* graph = nullptr;
        QCPGraph* behind = nullptr;  ///< the single values, where `graph` is smoothed
        std::size_t drawn = 0;       ///< points that the graphs hold; 0 = draw all anew
    };
    using CurveKey = std::pair<int, Kind>;

    Curve& curveFor(const CurveKey& key);
    void style(const CurveKey& key, Curve& curve);
    void applyTheme();
    void requestFrame();
    void drawFrame();
    void rescale();
    void follow();
    void hover(const QPointF& position);
    void leave();
    void placeEmptyText();
    QString headline() const;

    bool smooths(Kind kind) const { return m_smoothing > 0 && kind == Kind::Training; }

    double m_smoothing;
    QString m_firstEmptyText;
    QLabel* m_title;
    QLabel* m_readout;
    QLabel* m_empty;
    QCustomPlot* m_plot;
    QCPItemTracer* m_tracer;
    QTimer m_frame;
    std::map<CurveKey, Curve> m_curves;
    CurveKey m_newest{};
    CurveKey m_newestValidation{};
    bool m_prefersValidation = false;
    int m_notFinite = 0;
    bool m_following = true;
    bool m_hovering = false;
};

}  // namespace saeception
