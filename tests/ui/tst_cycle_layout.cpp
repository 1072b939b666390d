// SPDX-License-Identifier: GPL-3.0-or-later
// Where the cycle map's nodes stand at every width, and that its lines cross none of them.
#include "ui/plots/cycle_layout.h"
#include "ui/plots/cycle_node_painter.h"

#include <QFont>
#include <QTest>

using namespace saeception;
using Kind = CycleNodeKind;

class TestCycleLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layout_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("perLine");
        QTest::newRow("narrow") << 320 << 2;
        QTest::newRow("small window") << 540 << 3;
        QTest::newRow("window") << 816 << 6;
        QTest::newRow("large window") << 1400 << 6;
    }
    void layout() {
        QFETCH(int, width);
        QFETCH(int, perLine);
        const CycleNodeSizes sizes{106, 176, 64, 24};
        const CycleLayout layout = layOutCycles(20, width, sizes);
        QCOMPARE(layout.perLine, perLine);
        QVERIFY(layout.size.width() <= width);
        QCOMPARE(layout.nodes.size(), std::size_t(240));
        QCOMPARE(layout.headings.size(), std::size_t(20));
        const QRect all(QPoint(0, 0), layout.size);
        std::vector<QRect> rects;
        for (const auto& [node, rect] : layout.nodes) {
            QVERIFY(all.contains(rect));
            QCOMPARE(rect.size(), layout.nodes.begin()->second.size());
            QVERIFY(rect.width() >= sizes.least);
            for (const QRect& other : rects)
                QVERIFY(!other.intersects(rect));
            rects.push_back(rect);
        }
        for (const CycleHeading& heading : layout.headings)
            for (const QRect& rect : rects)
                QVERIFY(!heading.rect.intersects(rect));
        int loops = 0;
        for (const CycleEdge& edge : layout.edges) {
            loops += edge.loops && edge.to.kind == Kind::Sharpen && edge.arrow ? 1 : 0;
            // Lines run straight, stay on the map, and cross no node.
            for (qsizetype i = 1; i < edge.path.size(); ++i) {
                const QPointF a = edge.path[i - 1];
                const QPointF b = edge.path[i];
                QVERIFY(a.x() == b.x() || a.y() == b.y());
                const QRectF line = QRectF(a, b).normalized().adjusted(-0.1, -0.1, 0.1, 0.1);
                QVERIFY(QRectF(all).contains(line));
                for (const QRect& rect : rects)
                    QVERIFY2(!QRectF(rect).adjusted(2, 2, -2, -2).intersects(line),
                             qPrintable(cycleNodeTitle(edge.from) + QLatin1String(" to ") +
                                        cycleNodeTitle(edge.to)));
            }
        }
        QCOMPARE(loops, 19);
    }

    void nodesGrowWithTheirTexts() {
        QFont font;
        const CycleNodeSizes plain = cycleNodeSizes(font, 2);
        QVERIFY(plain.least > 0 && plain.least <= plain.most);
        QVERIFY(cycleNodeSizes(font, 200).least >= plain.least);
        font.setPointSizeF(font.pointSizeF() * 2);
        const CycleNodeSizes large = cycleNodeSizes(font, 2);
        QVERIFY(large.least > plain.least * 3 / 2);
        QVERIFY(large.height > plain.height);
        QVERIFY(large.most >= large.least);
    }

    void noCyclesAreNoNodes() {
        const CycleLayout layout = layOutCycles(0, 800, {106, 176, 64, 24});
        QVERIFY(layout.nodes.empty());
        QVERIFY(layout.edges.empty());
    }
};

QTEST_MAIN(TestCycleLayout)
#include "tst_cycle_layout.moc"
