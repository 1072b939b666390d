// SPDX-License-Identifier: GPL-3.0-or-later
// A map of all features: one dot each, where its decoder direction lies, coloured by what it does or how
// often.
#pragma once

#include "features/feature_index.h"

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <vector>

namespace saeception {

/// Features that never fire have no place on it. The wheel zooms around the mouse, dragging moves, a double
/// click shows all again; a click chooses the nearest dot. With the arrow keys the choice goes to the next
/// dot that way.
class FeatureMap : public QWidget {
    Q_OBJECT

public:
    enum class Colouring { ClassEffect, StrongestClass, Density, Csi, Usefulness };

    explicit FeatureMap(QWidget* parent = nullptr);

    void setFeatures(std::shared_ptr<const FeatureIndex> features);
    /// Features for which `wanted` is 0 are drawn faintly and cannot be chosen; empty: all are wanted.
    void setWanted(std::vector<std::uint8_t> wanted);
    /// -1: none. Where it lies outside of what is shown, the map moves there.
    void setChosen(int feature);
    int chosen() const { return m_chosen; }
    void setColouring(Colouring colouring);
    Colouring colouring() const { return m_colouring; }
    /// "blue: raises positive …": what the colours mean.
    QString legend() const;

    /// Where `feature` is drawn; null where it has no place.
    QPointF placeOf(int feature) const;
    /// The wanted feature that is drawn nearest to `position`, within a few pixels; -1 for none.
    int featureAt(QPointF position) const;

    /// Whether all dots are in view, and bringing them there.
    bool showsAll() const;
    void showAll();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void featureChosen(int feature);
    /// It may show more or less than before.
    void viewChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    bool isWanted(int feature) const;
    QColor colourOf(int feature) const;
    void measure();
    double wholeScale() const;
    void redraw();
    void drawDots();
    int nearest(QPointF position, double within) const;
    double dotRadius() const;

    std::shared_ptr<const FeatureIndex> m_features;
    std::vector<std::uint8_t> m_wanted;
    Colouring m_colouring = Colouring::ClassEffect;
    int m_chosen = -1;
    double m_low = 0;  ///< of what is coloured by, over the features shown
    double m_high = 1;
    double m_scale = 1;  ///< pixels for a unit of the map
    QPointF m_centre;    ///< of the map, that is drawn in the middle
    QPointF m_pressed;   ///< where the mouse button went down
    QPointF m_grabbed;   ///< the centre then
    bool m_isPressed = false;
    bool m_dragging = false;
    QImage m_dots;  ///< all dots, until something changes
};

}  // namespace saeception
