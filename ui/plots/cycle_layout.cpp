// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cycle_layout.h"

#include "ui/theme.h"

#include <algorithm>

namespace saeception {
namespace {

using Kind = CycleNodeKind;

constexpr int lane = 3 * gridUnit;  // left of the nodes, where lines run down to the next row
constexpr int rightMargin = gridUnit;
constexpr int leastGap = 3 * gridUnit;
constexpr int mostGap = 6 * gridUnit;
constexpr int drop = 2 * gridUnit;        // from a stage down to what it makes
constexpr int gutter = 4 * gridUnit;      // below a cycle
constexpr int lineGutter = 3 * gridUnit;  // between two lines of one cycle

// Lines are one and a half pixels wide: on half pixels they are as crisp as can be.
QPointF crisp(double x, double y) {
    return {static_cast<int>(x) + 0.5, static_cast<int>(y) + 0.5};
}

double middle(const QRect& rect) {
    return rect.left() + rect.width() / 2;
}
double centre(const QRect& rect) {
    return rect.top() + rect.height() / 2;
}
double rightOf(const QRect& rect) {
    return rect.left() + rect.width();
}
double bottomOf(const QRect& rect) {
    return rect.top() + rect.height();
}

class Builder {
public:
    Builder(int width, const CycleNodeSizes& sizes) : m_sizes(sizes) {
        for (const int columns : {cycleColumns, cycleColumns / 2, cycleColumns / 3}) {
            m_layout.perLine = columns;
            if (widthOf(columns, sizes.least, leastGap) <= width)
                break;
        }
        const int columns = m_layout.perLine;
        const int free = width - lane - rightMargin;
        const int wide = (free - (columns - 1) * leastGap) / columns;
        m_node = std::clamp(wide, sizes.least, std::max(sizes.least, sizes.most));
        m_gap = std::clamp((free - columns * m_node) / std::max(columns - 1, 1), leastGap, mostGap);
    }

    CycleLayout build(int cycles) {
        int top = gridUnit;
        for (int cycle = 0; cycle < cycles; ++cycle) {
            if (cycle > 0)
                top += gutter;
            top = placeCycle(cycle, top);
        }
        for (int cycle = 0; cycle < cycles; ++cycle) {
            connectCycle(cycle);
            if (cycle + 1 < cycles)
                connectNext(cycle);
        }
        m_layout.size = QSize(widthOf(m_layout.perLine, m_node, m_gap), top + gridUnit);
        return std::move(m_layout);
    }

private:
    static int widthOf(int columns, int node, int gap) {
        return lane + columns * node + (columns - 1) * gap + rightMargin;
    }

    int placeCycle(int cycle, int top) {
        m_layout.headings.push_back(
            {cycle, QRect(lane, top, widthOf(m_layout.perLine, m_node, m_gap) - lane - rightMargin,
                          m_sizes.heading)});
        top += m_sizes.heading;
        const int lineHeight = 2 * m_sizes.height + drop;
        for (const CycleNode& node : nodesOfCycle(cycle)) {
            const int line = node.column() / m_layout.perLine;
            const int column = node.column() % m_layout.perLine;
            m_layout.nodes[node] = QRect(
                lane + column * (m_node + m_gap),
                top + line * (lineHeight + lineGutter) + (node.isArtefact() ? m_sizes.height + drop : 0),
                m_node, m_sizes.height);
        }
        const int lines = cycleColumns / m_layout.perLine;
        return top + lines * lineHeight + (lines - 1) * lineGutter;
    }

    const QRect& rect(const CycleNode& node) const { return m_layout.nodes.at(node); }

    void connectCycle(int cycle) {
        const std::vector<CycleNode> nodes = nodesOfCycle(cycle);
        for (std::size_t i = 0; i < nodes.size(); i += 2) {
            const CycleNode stage = nodes[i];
            const CycleNode made = nodes[i + 1];
            const QRect above = rect(stage);
            m_layout.edges.push_back(
                {stage, made,
                 QPolygonF({crisp(middle(above), bottomOf(above)), crisp(middle(above), rect(made).top())})});
            // Results go into nothing further; the index follows the evaluation.
            if (i + 2 < nodes.size())
                connectOn(made.kind == Kind::Results ? stage : made, nodes[i + 2]);
        }
    }

    // To the next stage: across the gap, or down to the line below and back to its beginning.
    void connectOn(const CycleNode& from, const CycleNode& to) {
        const QRect a = rect(from);
        const QRect b = rect(to);
        CycleEdge edge{from, to, {}};
        if (from.column() / m_layout.perLine == to.column() / m_layout.perLine) {
            const double between = rightOf(a) + m_gap / 2;
            edge.path << crisp(rightOf(a), centre(a));
            if (from.isArtefact())
                edge.path << crisp(between, centre(a)) << crisp(between, centre(b));
            edge.path << crisp(b.left(), centre(b));
        } else {
            const double turn = b.top() - lineGutter / 2;
            edge.path << crisp(middle(a), bottomOf(a)) << crisp(middle(a), turn) << crisp(lane / 2, turn)
                      << crisp(lane / 2, centre(b)) << crisp(b.left(), centre(b));
        }
        m_layout.edges.push_back(std::move(edge));
    }

    // The loop: model and SAE together go into sharpening, which opens the next cycle.
    void connectNext(int cycle) {
        const CycleNode sharpen{cycle + 1, Kind::Sharpen};
        const CycleNode sae{cycle, Kind::Sae};
        const CycleNode model{cycle, Kind::Model};
        const QRect from = rect(sae);
        const QRect to = rect(sharpen);
        const double turn = to.top() - m_sizes.heading - gutter / 2;
        CycleEdge edge{sae, sharpen, {}, true, true};
        if (sae.column() / m_layout.perLine == (cycleColumns - 1) / m_layout.perLine) {
            edge.path << crisp(middle(from), bottomOf(from)) << crisp(middle(from), turn);
        } else {  // in two columns: past the last line, at the right
            const double edgeLane = rightOf(from) + rightMargin / 2;
            edge.path << crisp(rightOf(from), centre(from)) << crisp(edgeLane, centre(from))
                      << crisp(edgeLane, turn);
        }
        edge.path << crisp(lane / 2, turn) << crisp(lane / 2, centre(to)) << crisp(to.left(), centre(to));
        m_layout.edges.push_back(std::move(edge));
        if (m_layout.perLine < cycleColumns)
            return;  // other nodes stand below the model
        const QRect other = rect(model);
        m_layout.edges.push_back(
            {model, sharpen, QPolygonF({crisp(middle(other), bottomOf(other)), crisp(middle(other), turn)}),
             false, true});
    }

    CycleNodeSizes m_sizes;
    CycleLayout m_layout;
    int m_node = 0;
    int m_gap = 0;
};

}  // namespace

CycleLayout layOutCycles(int cycles, int width, const CycleNodeSizes& sizes) {
    return Builder(width, sizes).build(cycles);
}

}  // namespace saeception
