// SPDX-License-Identifier: GPL-3.0-or-later
// One chart under mouse and keyboard: what is painted where, zoom, pan, follow, axes.
#include "chart_fixture.h"

#include <QLabel>
#include <QSignalSpy>

using namespace saeception;

class TestCurveChart : public ChartFixture {
    Q_OBJECT

private Q_SLOTS:
    void followsUntilTheUserZoomsAndAgainAfterADoubleClick() {
        fallingLine();
        const QCPAxis* x = m_chart->plot()->xAxis;
        QVERIFY(m_chart->isFollowing());
        QVERIFY(x->range().upper >= 100);
        point(200, 0.4);
        QTRY_VERIFY(x->range().upper >= 200);

        const QPoint centre = areaOf(*m_chart).center();
        const double under = x->pixelToCoord(centre.x());
        const double before = x->range().size();
        wheel(*m_chart, centre, 1);
        QVERIFY(!m_chart->isFollowing());
        QVERIFY(std::abs(x->range().size() - 0.8 * before) < 1e-9 * before);
        QVERIFY(std::abs(x->pixelToCoord(centre.x()) - under) < 1e-6 * before);
        wheel(*m_chart, centre, -1);
        QVERIFY(std::abs(x->range().size() - before) < 1e-9 * before);
        const QCPRange held = x->range();
        point(400, 0.3);
        m_chart->drawFrame(true);
        QCOMPARE(x->range(), held);
        QTest::mouseDClick(plotOf(*m_chart), Qt::LeftButton, {}, centre);
        QVERIFY(m_chart->isFollowing());
        QTRY_VERIFY(x->range().upper >= 400);
        // Shift scrolls the page instead.
        wheel(*m_chart, centre, 1, Qt::ShiftModifier);
        QVERIFY(m_chart->isFollowing());
    }

    void dragZoomsABoxAndMiddleDragPans() {
        fallingLine();
        QCPAxis* x = m_chart->plot()->xAxis;
        QCPAxis* y = m_chart->plot()->yAxis;
        const QRect area = areaOf(*m_chart);
        const QPoint from = area.topLeft() + QPoint(area.width() / 4, area.height() / 4);
        const QPoint to = area.topLeft() + QPoint(area.width() / 2, area.height() * 3 / 4);
        const QCPRange keys(x->pixelToCoord(from.x()), x->pixelToCoord(to.x()));
        const QCPRange values(y->pixelToCoord(to.y()), y->pixelToCoord(from.y()));
        drag(*m_chart, Qt::LeftButton, from, to);
        QVERIFY(!m_chart->isFollowing());
        QVERIFY(std::abs(x->range().lower - keys.lower) < 1e-9 &&
                std::abs(x->range().upper - keys.upper) < 1e-9);
        QVERIFY(std::abs(y->range().lower - values.lower) < 1e-9);
        QVERIFY(std::abs(y->range().upper - values.upper) < 1e-9);

        const double grabbed = x->pixelToCoord(from.x());
        drag(*m_chart, Qt::MiddleButton, from, from + QPoint(40, 25));
        QVERIFY(std::abs(x->range().size() - keys.size()) < 1e-9);
        QVERIFY(std::abs(x->pixelToCoord(from.x() + 40) - grabbed) < 1e-6);

        // A flat box zooms along its length alone; a trembling click not at all.
        m_chart->reset();
        m_chart->drawFrame(true);
        const QCPRange whole = y->range();
        drag(*m_chart, Qt::LeftButton, area.center(), area.center() + QPoint(90, 4));
        QVERIFY(std::abs(y->range().lower - whole.lower) < 1e-9 &&
                std::abs(y->range().upper - whole.upper) < 1e-9);
        QVERIFY(x->range().size() < 50);
        m_chart->reset();
        m_chart->drawFrame(true);
        drag(*m_chart, Qt::LeftButton, area.center(), area.center() + QPoint(3, 3));
        QVERIFY(m_chart->isFollowing());
    }

    void zoomStopsWhereNumbersEnd() {
        fallingLine();
        for (int notch = 0; notch < 400; ++notch)
            wheel(*m_chart, areaOf(*m_chart).center(), 1);
        m_chart->drawFrame(true);
        QVERIFY(m_chart->plot()->xAxis->range().size() > 0);
        for (int notch = 0; notch < 5000; ++notch)
            wheel(*m_chart, areaOf(*m_chart).center(), -1);
        m_chart->drawFrame(true);
        QVERIFY(std::isfinite(m_chart->plot()->xAxis->range().size()));
    }

    void keysDoWhatTheMouseDoes() {
        fallingLine();
        QCPAxis* x = m_chart->plot()->xAxis;
        QTest::mouseClick(plotOf(*m_chart), Qt::LeftButton, {}, areaOf(*m_chart).center());
        QTRY_VERIFY(m_chart->hasFocus());
        const double before = x->range().size();
        QTest::keyClick(m_chart.get(), Qt::Key_Plus);
        QVERIFY(x->range().size() < before);
        const double lower = x->range().lower;
        QTest::keyClick(m_chart.get(), Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(x->range().lower > lower);
        QTest::keyClick(m_chart.get(), Qt::Key_0);
        QVERIFY(m_chart->isFollowing());
        QSignalSpy hovers(m_chart.get(), &CurveChart::hovered);
        QTest::keyClick(m_chart.get(), Qt::Key_Right);
        QCOMPARE(hovers.size(), 1);
        QSignalSpy maximise(m_chart.get(), &CurveChart::maximiseRequested);
        QTest::keyClick(m_chart.get(), Qt::Key_Return);
        QCOMPARE(maximise.size(), 1);
        QSignalSpy pin(m_chart.get(), &CurveChart::pinRequested);
        QTest::keyClick(m_chart.get(), Qt::Key_P);
        QCOMPARE(pin.size(), 1);
    }

    void aSpikeAmongAMillionIsPaintedAtItsHeight() {
        constexpr int count = 1000000;
        constexpr int spike = 654321;
        RunCurves curves;
        for (int step = 0; step < count; ++step)
            curves.append(tags::trainTaskLoss, 0, step, step, step == spike ? 9 : 0.1 * std::sin(step * 0.7));
        m_store->addRun(runId, QStringLiteral("demo"), std::move(curves));
        m_chart->drawFrame(true);
        const QCPAxis* x = m_chart->plot()->xAxis;
        const QCPAxis* y = m_chart->plot()->yAxis;
        const QColor colour = Theme::instance().series(0);
        const auto [top, bottom] = paintedRows(*m_chart, static_cast<int>(x->coordToPixel(spike)), colour);
        QVERIFY2(std::abs(top - y->coordToPixel(9)) <= 2, qPrintable(QString::number(top)));
        QVERIFY(std::abs(bottom - y->coordToPixel(-0.1)) <= 2);
        // Beside it only the band of all other values.
        const auto [bandTop, bandBottom] =
            paintedRows(*m_chart, static_cast<int>(x->coordToPixel(spike)) + 20, colour);
        QVERIFY(std::abs(bandTop - y->coordToPixel(0.1)) <= 2);
        QVERIFY(std::abs(bandBottom - y->coordToPixel(-0.1)) <= 2);
    }

    void columnsAndPolylinesPaintTheSameCurve() {
        // Just below and just above the density at which drawing changes.
        const QRect area = areaOf(*m_chart);
        std::vector<std::pair<int, int>> seen[2];
        for (const int dense : {0, 1}) {
            const int count = dense ? 8 * area.width() : area.width() / 4;
            RunCurves curves;
            for (int i = 0; i <= count; ++i)
                curves.append(tags::trainTaskLoss, 0, 8000.0 * i / count, 0, std::sin(6.0 * i / count));
            m_store->addRun(runId, QStringLiteral("demo"), std::move(curves));
            m_chart->drawFrame(true);
            for (int x = area.left() + 20; x < area.right() - 20; x += 15)
                seen[dense].push_back(paintedRows(*m_chart, x, Theme::instance().series(0)));
        }
        for (std::size_t i = 0; i < seen[0].size(); ++i) {
            QVERIFY(seen[0][i].first >= 0 && seen[1][i].first >= 0);
            QVERIFY(std::abs(seen[0][i].first - seen[1][i].first) <= 2);
            QVERIFY(std::abs(seen[0][i].second - seen[1][i].second) <= 2);
        }
    }

    void aSinglePointIsSeen() {
        point(10, 0.5);
        m_chart->drawFrame(true);
        const auto [top, bottom] =
            paintedRows(*m_chart, static_cast<int>(std::lround(m_chart->plot()->xAxis->coordToPixel(10))),
                        Theme::instance().series(0));
        QVERIFY(top > 0);
        QVERIFY(bottom - top >= 2);
        // With a second point it is a line and the dot goes.
        point(20, 0.5);
        m_chart->drawFrame(true);
        const auto line =
            paintedRows(*m_chart, static_cast<int>(std::lround(m_chart->plot()->xAxis->coordToPixel(20))) - 8,
                        Theme::instance().series(0));
        QVERIFY(line.first > 0 && line.second - line.first <= 2);
    }

    void notANumberAndInfinityAreMarksAtTheEdges() {
        for (int step = 0; step <= 100; ++step)
            point(step, step == 30 ? notANumber : step == 60 ? infinite : 0.5);
        m_chart->drawFrame(true);
        const QRect area = areaOf(*m_chart);
        const QColor colour = Theme::instance().series(0);
        const auto at = [&](double step) {
            return static_cast<int>(std::lround(m_chart->plot()->xAxis->coordToPixel(step)));
        };
        QVERIFY(paintedRows(*m_chart, at(30), colour).second > area.bottom() - 8);
        QVERIFY(paintedRows(*m_chart, at(60), colour).first < area.top() + 8);
        QVERIFY(paintedRows(*m_chart, at(80), colour).first > area.top() + 20);
        QVERIFY2(m_chart->readout().startsWith(QStringLiteral("Not finite: 2")),
                 qPrintable(m_chart->readout()));
    }

    void pointsThatCameSinceTheLastFrameDoNoHarm() {
        view(0.9);
        fallingLine();
        const int width = areaOf(*m_chart).width();
        for (int step = 101; step < 101 + 10 * width; ++step)
            point(step, 0.25);
        // Nothing has been drawn of these yet: under the pointer, on a repaint, and with another smoothing.
        m_chart->setCrosshair(1e9);
        QCOMPARE(m_chart->rowsAt(1e9, 0)[0].step, 100.0 + 10 * width);
        m_chart->plot()->replot();
        view(0);
        m_chart->setCrosshair(1e9);
        m_chart->plot()->replot();
        m_store->addRun(runId, QStringLiteral("anew"));
        m_chart->setCrosshair(5);
        m_chart->plot()->replot();
        m_store->removeRun(runId);
        m_chart->plot()->replot();
        QVERIFY(m_chart->rowsAt(5, 0).empty());
    }

    void validationLiesOnTopOfDenseTraining() {
        for (int step = 0; step <= 5000; ++step)
            point(step, step % 2);
        // Of another cycle, and so in another colour than the band it lies in.
        point(1000, 0.5, 1, tags::validationLoss);
        point(4000, 0.5, 1, tags::validationLoss);
        m_chart->drawFrame(true);
        const QCPAxis* x = m_chart->plot()->xAxis;
        const auto rows = paintedRows(*m_chart, static_cast<int>(std::lround(x->coordToPixel(1000))),
                                      Theme::instance().series(1));
        QVERIFY(rows.first > 0);
        QVERIFY(rows.second - rows.first <= 8);
    }

    void axesByTimeAndLogarithm() {
        for (int step = 1; step <= 1000; ++step)
            point(step, std::pow(10.0, -step / 250.0));
        QCPAxis* x = m_chart->plot()->xAxis;
        view(0, CurveAxis::Relative);
        m_chart->drawFrame(true);
        QVERIFY(std::abs(x->range().upper - 499.5 * 1.02) < 1);
        view(0, CurveAxis::Wall);
        m_chart->drawFrame(true);
        QVERIFY(x->range().lower > 1.59e9 && x->range().upper < 1.61e9);
        QVERIFY(x->tickVectorLabels().join(QString()).contains(QLatin1Char(':')));
        view(0, CurveAxis::Step, true);
        m_chart->drawFrame(true);
        QCPAxis* y = m_chart->plot()->yAxis;
        QVERIFY(y->range().lower > 0 && y->range().lower < 1e-4);
        // A straight line on this axis: halfway is 10^-2.
        const auto [top, bottom] =
            paintedRows(*m_chart, static_cast<int>(x->coordToPixel(500)), Theme::instance().series(0));
        QVERIFY(top > 0 && std::abs((top + bottom) / 2.0 - y->coordToPixel(0.01)) <= 2);
        QVERIFY(y->tickVectorLabels().contains(QStringLiteral("0.01")));
    }

    void nothingAboveZeroOnALogarithmicAxisIsSaid() {
        for (int step = 1; step <= 10; ++step)
            point(step, -step);
        view(0, CurveAxis::Step, true);
        m_chart->drawFrame(true);
        const auto labels = m_chart->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("logarithmic"));
        }));
    }

    void outliersAreIgnoredByTheAxisAlone() {
        for (int step = 1; step <= 200; ++step)
            point(step, step == 100 ? 1e6 : 1 + step % 10);
        m_chart->drawFrame(true);
        QVERIFY(m_chart->plot()->yAxis->range().upper > 1e6);
        view(0, CurveAxis::Step, false, true);
        m_chart->drawFrame(true);
        QVERIFY(m_chart->plot()->yAxis->range().upper < 15);
        QCOMPARE(m_chart->pointCount(0, tags::trainTaskLoss, 0), std::size_t(200));
        QCOMPARE(m_chart->rowsAt(100, 0)[0].value, 1e6);
    }

    void headlinePrefersValidation() {
        view(0.5);
        point(1, 0.3);
        point(2, 0.6);
        m_chart->drawFrame(true);
        // The debiased average: (0.25 * 0.3 + 0.5 * 0.6) / 0.75.
        QCOMPARE(m_chart->readout(), QStringLiteral("training 0.500"));
        point(2, 0.7, 0, tags::validationLoss);
        point(2, 0.808, 1, tags::validationLoss);
        point(3, 0.941, 1);
        m_chart->drawFrame(true);
        QCOMPARE(m_chart->readout(), QStringLiteral("validation 0.808"));
        m_store->addRun(runId, QStringLiteral("again"));
        m_chart->drawFrame(true);
        QCOMPARE(m_chart->readout(), QString());
    }

    void chartsChangeWithTheTheme() {
        point(1, 1);
        const auto corner = [&] {
            QCoreApplication::processEvents();
            return m_chart->grab().toImage().pixelColor(250, 290);
        };
        QTRY_COMPARE(corner(), themeColours(false).surface);
        Theme::instance().setChoice(ThemeChoice::Dark);
        QTRY_COMPARE(corner(), themeColours(true).surface);
        Theme::instance().setChoice(ThemeChoice::Light);
        QTRY_COMPARE(corner(), themeColours(false).surface);
    }
};

QTEST_MAIN(TestCurveChart)
#include "tst_curve_chart.moc"
