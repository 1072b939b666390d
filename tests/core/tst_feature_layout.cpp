// SPDX-License-Identifier: GPL-3.0-or-later
// The map of features: what is near lies near, whatever the numbers.
#include "base/random.h"
#include "features/feature_layout.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace saeception;

namespace {

using Point = std::vector<double>;

std::vector<std::vector<LayoutNeighbour>> nearestOf(const std::vector<Point>& points, std::size_t kept) {
    std::vector<std::vector<LayoutNeighbour>> lists(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = 0; j < points.size(); ++j) {
            double square = 0;
            for (std::size_t axis = 0; axis < points[i].size(); ++axis)
                square += (points[i][axis] - points[j][axis]) * (points[i][axis] - points[j][axis]);
            if (i != j)
                lists[i].push_back({static_cast<std::int32_t>(j), std::sqrt(square)});
        }
        std::sort(lists[i].begin(), lists[i].end(),
                  [](const auto& a, const auto& b) { return a.distance < b.distance; });
        lists[i].resize(kept);
    }
    return lists;
}

std::vector<LayoutPoint> anywhere(std::size_t count, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<LayoutPoint> start(count);
    for (LayoutPoint& point : start)
        point = {static_cast<float>(rng.normal()), static_cast<float>(rng.normal())};
    return start;
}

double apart(const LayoutPoint& a, const LayoutPoint& b) {
    return std::hypot(static_cast<double>(a[0] - b[0]), static_cast<double>(a[1] - b[1]));
}

std::size_t nearestTo(const std::vector<LayoutPoint>& map, std::size_t i) {
    std::size_t nearest = i == 0 ? 1 : 0;
    for (std::size_t j = 0; j < map.size(); ++j)
        if (j != i && apart(map[i], map[j]) < apart(map[i], map[nearest]))
            nearest = j;
    return nearest;
}

}  // namespace

class FeatureLayoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void groupsLieTogether() {
        constexpr std::size_t groups = 5;
        Rng rng(3);
        std::vector<Point> centres(groups, Point(12));
        for (Point& centre : centres)
            for (double& x : centre)
                x = 4 * rng.normal();
        std::vector<Point> points;
        for (std::size_t i = 0; i < 250; ++i) {
            points.push_back(centres[i % groups]);
            for (double& x : points.back())
                x += rng.normal();
        }
        const auto map = layOutNeighbours(nearestOf(points, 15), anywhere(points.size(), 4), 5);
        std::size_t together = 0;
        for (std::size_t i = 0; i < map.size(); ++i)
            together += nearestTo(map, i) % groups == i % groups ? 1 : 0;
        QVERIFY2(together > 240, qPrintable(QString::number(together)));
    }

    void isCentredAndTwoLong() {
        Rng rng(6);
        std::vector<Point> points(60, Point(4));
        for (Point& point : points)
            for (double& x : point)
                x = rng.normal();
        const auto map = layOutNeighbours(nearestOf(points, 8), anywhere(points.size(), 7), 8);
        double longest = 0;
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const auto [low, high] = std::minmax_element(
                map.begin(), map.end(),
                [&](const LayoutPoint& a, const LayoutPoint& b) { return a[axis] < b[axis]; });
            QVERIFY(std::abs((*low)[axis] + (*high)[axis]) < 1e-4F);
            longest = std::max(longest, static_cast<double>((*high)[axis] - (*low)[axis]));
        }
        QVERIFY(std::abs(longest - 2) < 1e-4);
    }

    // Points that are all alike must be spread alike, the last as the first.
    void numbersDoNotMatter() {
        Rng rng(9);
        std::vector<Point> points(384, Point(32));
        for (Point& point : points)
            for (double& x : point)
                x = rng.normal();
        const auto map = layOutNeighbours(nearestOf(points, 15), anywhere(points.size(), 10), 11);
        const auto medianGap = [&](std::size_t from, std::size_t to) {
            std::vector<double> gaps;
            for (std::size_t i = from; i < to; ++i)
                gaps.push_back(apart(map[i], map[nearestTo(map, i)]));
            std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2),
                             gaps.end());
            return gaps[gaps.size() / 2];
        };
        const double ratio = medianGap(288, 384) / medianGap(0, 96);
        QVERIFY2(ratio > 0.8 && ratio < 1.25, qPrintable(QString::number(ratio)));
    }

    void theSameSeedGivesTheSameMap() {
        Rng rng(12);
        std::vector<Point> points(80, Point(3));
        for (Point& point : points)
            for (double& x : point)
                x = rng.normal();
        const auto lists = nearestOf(points, 10);
        const auto start = anywhere(points.size(), 13);
        QVERIFY(layOutNeighbours(lists, start, 14) == layOutNeighbours(lists, start, 14));
        QVERIFY(layOutNeighbours(lists, start, 14) != layOutNeighbours(lists, start, 15));
    }

    void fewPointsAndLonelyOnes() {
        QVERIFY(layOutNeighbours({}, {}, 1).empty());
        const auto one = layOutNeighbours({{}}, {{3, 4}}, 1);
        QCOMPARE(one.size(), std::size_t(1));
        QCOMPARE(one[0], (LayoutPoint{0, 0}));
        // Two at one place, and one that nothing is near.
        const auto map = layOutNeighbours({{{1, 0}}, {{0, 0}}, {}}, {{1, 1}, {1, 1}, {5, 5}}, 2);
        for (const LayoutPoint& point : map)
            QVERIFY(std::isfinite(point[0]) && std::isfinite(point[1]));
        QVERIFY(map[0] != map[1]);
    }

    void stopsOnRequest() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(
            layOutNeighbours({{{1, 1}}, {{0, 1}}}, {{0, 0}, {1, 1}}, 1, StepControl(stop.get_token())),
            Cancelled);
    }
};

QTEST_GUILESS_MAIN(FeatureLayoutTest)
#include "tst_feature_layout.moc"
