// SPDX-License-Identifier: GPL-3.0-or-later
// Where the nodes of the cycle map stand and which way the lines between them run, for a given width.
#pragma once

#include "ui/models/cycle_nodes.h"

#include <QPolygonF>
#include <QRect>
#include <QSize>

#include <map>
#include <vector>

namespace saeception {

/// In pixels; what depends on the font.
struct CycleNodeSizes {
    int least = 0;    ///< narrowest node whose texts are whole
    int most = 0;     ///< wider ones gain nothing
    int height = 0;   ///< of a node
    int heading = 0;  ///< of the line above each cycle
};

struct CycleEdge {
    CycleNode from;
    CycleNode to;
    QPolygonF path;      ///< horizontal and vertical pieces, from the one node to the other
    bool arrow = true;   ///< at its end; else it joins another line there
    bool loops = false;  ///< from one cycle to the next
};

struct CycleHeading {
    int cycle = 0;
    QRect rect;
};

struct CycleLayout {
    std::map<CycleNode, QRect> nodes;
    std::vector<CycleEdge> edges;
    std::vector<CycleHeading> headings;
    QSize size;       ///< of the whole map
    int perLine = 0;  ///< columns beside each other: all six, or three or two with the others below them
};

/// Lays out cycles 0 .. cycles - 1 in at most `width` pixels, or in as many as two columns need.
CycleLayout layOutCycles(int cycles, int width, const CycleNodeSizes& sizes);

}  // namespace saeception
