// SPDX-License-Identifier: GPL-3.0-or-later
// Charts under mouse and keyboard: what is painted, zoom, pan, follow, crosshair and its table, pin,
// maximise, files.
#include "cycle/scalar_tags.h"
#include "ui/plots/chart_grid.h"
#include "ui/plots/chart_toolbar.h"
#include "ui/plots/qcustomplot_header.h"
#include "ui/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSlider>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <cmath>
#include <limits>
#include <memory>

using namespace saeception;

namespace {

const double notANumber = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();
const QString runId = QStringLiteral("a");

QWidget* plotOf(const CurveChart& chart) {
    return reinterpret_cast<QWidget*>(chart.plot());
}

QRect areaOf(const CurveChart& chart) {
    return chart.plot()->axisRect()->rect();
}

void wheel(const CurveChart& chart, const QPoint& at, int notches, Qt::KeyboardModifiers modifiers = {}) {
    QWidget* plot = plotOf(chart);
    QWheelEvent event(at, plot->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(plot, &event);
}

void drag(const CurveChart& chart, Qt::MouseButton button, const QPoint& from, const QPoint& to) {
    QWidget* plot = plotOf(chart);
    QTest::mousePress(plot, button, {}, from);
    // QTest moves without buttons held.
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent move(QEvent::MouseMove, at, plot->mapToGlobal(at), Qt::NoButton, button, Qt::NoModifier);
        QCoreApplication::sendEvent(plot, &move);
    }
    QTest::mouseRelease(plot, button, {}, to);
}

// Rows (from the plot's top) of column `x` that are painted in something close to `colour`.
std::pair<int, int> paintedRows(const CurveChart& chart, int x, const QColor& colour) {
    const QImage image = plotOf(chart)->grab().toImage();
    const QRect area = areaOf(chart);
    std::pair<int, int> rows{-1, -1};
    for (int y = area.top(); y <= area.bottom(); ++y) {
        const QColor pixel = image.pixelColor(x, y);
        if (std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green()) +
                std::abs(pixel.blue() - colour.blue()) <
            90) {
            if (rows.first < 0)
                rows.first = y;
            rows.second = y;
        }
    }
    return rows;
}

}  // namespace

class TestCurveChart : public QObject {
    Q_OBJECT

    std::unique_ptr<CurveStore> m_store;
    std::unique_ptr<CurveChart> m_chart;

    void point(double step, double value, int cycle = 0, const char* tag = tags::trainTaskLoss) {
        m_store->appendPoint(runId, tag, cycle, step, 1.6e9 + step * 0.5, value);
    }
    void view(double smoothing, CurveAxis axis = CurveAxis::Step, bool logarithmic = false,
              bool outliers = false) {
        m_store->setView({smoothing, axis, logarithmic, outliers});
    }
    void fallingLine() {
        for (int step = 0; step <= 100; ++step)
            point(step, 1.0 - step * 0.005);
        m_chart->drawFrame(true);
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }
    void init() {
        m_store = std::make_unique<CurveStore>();
        m_store->addRun(runId, QStringLiteral("demo"));
        view(0);
        m_chart = std::make_unique<CurveChart>(knownCharts().front(), *m_store);
        m_chart->resize(500, 300);
        m_chart->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
    }
    void cleanup() {
        m_chart.reset();
        m_store.reset();
    }

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

    void hoverTableTellsRunValueSmoothedStepAndTime() {
        m_chart->hide();  // or it would lie over the grid on the one screen
        ChartGrid grid(*m_store);
        grid.resize(900, 600);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        m_store->addRun(QStringLiteral("b"), QStringLiteral("other"));
        view(0.5);
        for (int step = 0; step <= 100; step += 10) {
            point(step, step);
            m_store->appendPoint(QStringLiteral("b"), tags::trainTaskLoss, 0, step, 1.6e9 + step, 200 - step);
        }
        point(100, 7, 0, tags::validationLoss);
        CurveChart* chart = grid.chart(tags::trainTaskLoss);
        CurveChart* neighbour = grid.chart(tags::trainAccuracy);
        point(50, 0.25, 0, tags::trainAccuracy);
        chart->drawFrame(true);
        neighbour->drawFrame(true);
        QCoreApplication::processEvents();
        const QPoint at(static_cast<int>(chart->plot()->xAxis->coordToPixel(31)),
                        areaOf(*chart).center().y());
        QTest::mouseMove(plotOf(*chart), at);
        QTRY_VERIFY(grid.hoverTable()->isVisible());
        const QStringList lines = grid.hoverTable()->text().split(QLatin1Char('\n'));
        // Debiased, a = 0.5: (0.5^3*0 + 0.5^2*10 + 0.5*20 + 30) / (0.5^3 + 0.5^2 + 0.5 + 1) = 42.5 / 1.875.
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], QStringLiteral("Run\tValue\tSmoothed\tStep\tTime"));
        QCOMPARE(lines[1], QStringLiteral("demo\t30\t22.667\t30\t15 s"));
        QCOMPARE(lines[2], QStringLiteral("demo, validation\t7\t–\t100\t50 s"));
        QCOMPARE(lines[3], QStringLiteral("other\t170\t177.33\t30\t30 s"));
        QVERIFY(grid.rect().contains(grid.hoverTable()->geometry()));
        // The crosshair stands in every chart, at the same step.
        const QImage with = plotOf(*neighbour)->grab().toImage();
        QTest::mouseMove(plotOf(*chart), QPoint(2, 2));
        QTRY_VERIFY(!grid.hoverTable()->isVisible());
        const QImage without = plotOf(*neighbour)->grab().toImage();
        QVERIFY(with != without);
        view(0);
        QTest::mouseMove(plotOf(*chart), at);
        QTRY_VERIFY(grid.hoverTable()->isVisible());
        QVERIFY(grid.hoverTable()->text().startsWith(QStringLiteral("Run\tValue\tStep\tTime\n")));
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

    void toolbarSetsTheView() {
        ChartToolbar bar(*m_store);
        bar.show();
        auto* smoothing = bar.findChild<QSlider*>(QStringLiteral("smoothing"));
        smoothing->setFocus();
        QTest::keyClick(smoothing, Qt::Key_End);
        QCOMPARE(m_store->view().smoothing, 0.99);
        QTest::keyClick(smoothing, Qt::Key_Left);
        QCOMPARE(m_store->view().smoothing, 0.98);
        QTest::keyClick(bar.findChild<QComboBox*>(QStringLiteral("chartAxis")), Qt::Key_Down);
        QCOMPARE(m_store->view().axis, CurveAxis::Relative);
        QTest::keyClick(bar.findChild<QCheckBox*>(QStringLiteral("logarithmic")), Qt::Key_Space);
        QTest::keyClick(bar.findChild<QCheckBox*>(QStringLiteral("ignoreOutliers")), Qt::Key_Space);
        QVERIFY(m_store->view().logarithmic && m_store->view().ignoreOutliers);
        auto* cycles = bar.findChild<QPushButton*>(QStringLiteral("cycleMenu"));
        QVERIFY(!cycles->isVisible());
        for (const int cycle : {0, 1, 2})
            point(1, 1, cycle);
        QVERIFY(cycles->isVisible());
        Q_EMIT cycles->menu()->aboutToShow();
        const auto act = [&](const QString& text) {
            for (QAction* action : cycles->menu()->actions())
                if (action->text() == text)
                    action->trigger();
        };
        act(QStringLiteral("Latest cycle only"));
        QCOMPARE(m_chart->rowsAt(1, 0).size(), std::size_t(1));
        act(QStringLiteral("All cycles"));
        act(QStringLiteral("Cycle 1"));
        QCOMPARE(m_chart->rowsAt(1, 0).size(), std::size_t(2));
    }

    void pinAndMaximise() {
        m_chart->hide();  // or it would lie over the grid on the one screen
        ChartGrid grid(*m_store);
        grid.resize(900, 600);
        grid.show();
        QVERIFY(QTest::qWaitForWindowActive(&grid));
        CurveChart* chart = grid.chart(tags::trainGradientNorm);
        QVERIFY(grid.charts().front() != chart);
        chart->setFocus();
        QTest::keyClick(chart, Qt::Key_P);
        QCOMPARE(grid.charts().front(), chart);
        QVERIFY(chart->hasFocus());
        QTRY_VERIFY(chart->y() < grid.chart(tags::trainTaskLoss)->y());
        QTest::keyClick(chart, Qt::Key_P);
        QVERIFY(grid.charts().front() != chart);

        QSignalSpy changed(&grid, &ChartGrid::maximisedChanged);
        QTest::keyClick(chart, Qt::Key_Return);
        QCOMPARE(grid.maximised(), chart);
        QTRY_VERIFY(chart->width() > 850 && chart->height() > 550);
        QTest::keyClick(chart, Qt::Key_Escape);
        QCOMPARE(grid.maximised(), nullptr);
        QTRY_VERIFY(chart->width() < 500);
        QCOMPARE(changed.size(), 2);
        QVERIFY(chart->isVisible());
        // A tag of a prefix of its own brings its chart and heading.
        const std::size_t before = grid.charts().size();
        point(1, 1, 0, "probe/top_1");
        QCOMPARE(grid.charts().size(), before + 1);
        const auto labels = grid.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel* label) { return label->text() == QStringLiteral("Probe"); }));
    }

    void savesPicturesAndPoints() {
        view(0.5);
        QTemporaryDir folder;
        for (const int cycle : {0, 1}) {
            point(1, 3, cycle);
            point(2, cycle == 0 ? 6 : notANumber, cycle);
            point(3, cycle == 0 ? 10.25 : 6, cycle);
        }
        m_store->addRun(QStringLiteral("q"), QStringLiteral("k=16, \"wide\""));
        m_store->appendPoint(QStringLiteral("q"), tags::validationLoss, 0, 5, 1.6e9, 1.0 / 3);
        QSignalSpy notices(m_chart.get(), &CurveChart::noticed);
        const auto save = [&](const QString& name) {
            notices.clear();
            m_chart->saveTo(folder.filePath(name));
            if (!QTest::qWaitFor([&] { return notices.size() == 1; }, 20000) || notices[0][1].toBool())
                return QByteArray();
            QFile file(folder.filePath(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QCOMPARE(
            QString::fromUtf8(save(QStringLiteral("points.csv"))),
            QStringLiteral("run,cycle,tag,step,time,seconds,value,smoothed\n"
                           "demo,0,train/task_loss,1,1600000000.5,0,3,3\n"
                           "demo,0,train/task_loss,2,1600000001,0.5,6,5\n"
                           "demo,0,train/task_loss,3,1600000001.5,1,10.25,8\n"
                           "demo,1,train/task_loss,1,1600000000.5,0,3,3\n"
                           "demo,1,train/task_loss,2,1600000001,0.5,NaN,NaN\n"
                           "demo,1,train/task_loss,3,1600000001.5,1,6,5\n"
                           "\"k=16, \"\"wide\"\"\",0,validation/loss,5,1600000000,0,0.3333333333333333,\n"));
        QImage picture;
        QVERIFY(picture.loadFromData(save(QStringLiteral("chart.png")), "PNG"));
        QCOMPARE(picture.size(), QSize(2 * 720, 2 * 420));
        const QByteArray svg = save(QStringLiteral("chart.svg"));
        QVERIFY(QSvgRenderer(svg).isValid());
        QVERIFY(svg.contains("Task loss"));
        QVERIFY(svg.contains("<polyline") || svg.contains("<path"));
        QVERIFY(save(QStringLiteral("chart.pdf")).startsWith("%PDF"));
        // The caption was for the picture alone.
        QCOMPARE(m_chart->plot()->plotLayout()->elementCount(), 1);

        notices.clear();
        m_chart->saveTo(folder.filePath(QStringLiteral("no/such/folder.csv")));
        QTRY_COMPARE(notices.size(), 1);
        QVERIFY(notices[0][1].toBool());
        QVERIFY(notices[0][0].toString().contains(QStringLiteral("no/such")));
        QVERIFY(!notices[0][0].toString().contains(QLatin1Char('\n')));
        notices.clear();
        m_chart->saveTo(folder.filePath(QStringLiteral("chart.bmp")));
        QVERIFY(notices.size() == 1 && notices[0][1].toBool());
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("chart.bmp"))));
    }

    void savesByKeyboardThroughTheDialog() {
        fallingLine();
        QTemporaryDir folder;
        QVERIFY(QTest::qWaitForWindowActive(m_chart.get()));
        m_chart->setFocus();
        QTest::keyClick(m_chart.get(), Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(m_chart->findChild<QFileDialog*>(QStringLiteral("saveChart")) != nullptr);
        auto* dialog = m_chart->findChild<QFileDialog*>(QStringLiteral("saveChart"));
        QSignalSpy notices(m_chart.get(), &CurveChart::noticed);
        dialog->selectFile(folder.filePath(QStringLiteral("loss")));
        QMetaObject::invokeMethod(dialog, "accept");
        QTRY_COMPARE(notices.size(), 1);
        QVERIFY2(!notices[0][1].toBool(), qPrintable(notices[0][0].toString()));
        QVERIFY(QFile::exists(folder.filePath(QStringLiteral("loss.csv"))));
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

    void aChartOutOfSightDrawsOnceItIsSeen() {
        m_chart->hide();  // or it would lie over the grid on the one screen
        ChartGrid grid(*m_store);
        grid.resize(500, 400);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        CurveChart* hidden = grid.chart(tags::saeL0);
        for (int step = 1; step <= 5; ++step)
            point(step, step, 0, tags::saeL0);
        hidden->drawFrame();
        QCOMPARE(hidden->readout(), QString());
        grid.findChild<QScrollArea*>()->ensureWidgetVisible(hidden);
        QTRY_COMPARE(hidden->readout(), QStringLiteral("5"));
    }
};

QTEST_MAIN(TestCurveChart)
#include "tst_curve_chart.moc"
