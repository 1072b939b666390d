// SPDX-License-Identifier: GPL-3.0-or-later
// Charts together: crosshair and its table, toolbar, pin, maximise, files.
#include "chart_fixture.h"
#include "ui/plots/chart_grid.h"
#include "ui/plots/chart_toolbar.h"

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

using namespace saeception;

class TestChartGrid : public ChartFixture {
    Q_OBJECT

private Q_SLOTS:
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
        QTRY_COMPARE(hidden->readout(), QStringLiteral("training 5"));
    }
};

QTEST_MAIN(TestChartGrid)
#include "tst_chart_grid.moc"
