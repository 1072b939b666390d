// SPDX-License-Identifier: GPL-3.0-or-later
// Curves in memory: extents against every value read, bounds, smoothing against its formula, ranges, names
// and budgets.
#include "base/error.h"
#include "cycle/event_log.h"
#include "cycle/scalar_tags.h"
#include "ui/models/curve_range.h"
#include "ui/models/curve_reader.h"
#include "ui/models/curve_store.h"
#include "ui/plots/curve_columns.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace saeception;

namespace {

const double notANumber = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();

CurveExtent extentByReading(std::span<const double> values, std::size_t begin, std::size_t end) {
    CurveExtent extent;
    for (std::size_t i = begin; i < end; ++i)
        if (std::isfinite(values[i])) {
            extent.low = std::min(extent.low, values[i]);
            extent.high = std::max(extent.high, values[i]);
        }
    return extent;
}

std::vector<double> noise(std::size_t count, unsigned seed, double shareNotFinite) {
    std::mt19937 random(seed);
    std::normal_distribution<double> value(0, 1);
    std::uniform_real_distribution<double> share(0, 1);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        const double drawn = share(random);
        values.push_back(drawn >= shareNotFinite        ? value(random)
                         : drawn < shareNotFinite / 3   ? infinite
                         : drawn < shareNotFinite / 1.5 ? -infinite
                                                        : notANumber);
    }
    return values;
}

Event point(const char* tag, int cycle, std::int64_t step, double value) {
    return {1000.0 + static_cast<double>(step), Scalar{Stage::Baseline, cycle, tag, step, value}};
}

}  // namespace

class TestCurveModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void extentsOfAnyStretchAreExact() {
        std::mt19937 random(1);
        for (const std::size_t count : {1UL, 15UL, 16UL, 17UL, 255UL, 257UL, 4097UL, 70001UL}) {
            const std::vector<double> values = noise(count, static_cast<unsigned>(count), 0.05);
            CurvePyramid one;
            for (const double value : values)
                one.append(value);
            CurvePyramid bulk;
            // In pieces, as points arrive.
            for (std::size_t end = 0; end < count;) {
                end = std::min(count, end + 1 + random() % 5000);
                bulk.extend(std::span(values).first(end));
            }
            QCOMPARE(bulk.size(), count);
            std::uniform_int_distribution<std::size_t> place(0, count);
            for (int trial = 0; trial < 300; ++trial) {
                const auto [begin, end] = std::minmax(place(random), place(random));
                const CurveExtent expected = extentByReading(values, begin, end);
                QVERIFY(one.extent(values, begin, end) == expected);
                QVERIFY(bulk.extent(values, begin, end) == expected);
            }
            const std::size_t cut = place(random);
            one.truncate(values, cut);
            std::vector<double> regrown(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(cut));
            for (int i = 0; i < 100; ++i) {
                regrown.push_back(i * 7 % 31);
                one.append(regrown.back());
            }
            for (std::size_t begin = 0; begin < regrown.size(); begin += 1 + regrown.size() / 37)
                QVERIFY(one.extent(regrown, begin, regrown.size()) ==
                        extentByReading(regrown, begin, regrown.size()));
        }
    }

    void columnsHoldEveryPointOnce() {
        std::mt19937 random(2);
        std::uniform_int_distribution<int> stride(0, 9);
        CurveSeries series;
        const std::vector<double> values = noise(30000, 3, 0.01);
        double step = 0;
        for (const double value : values) {
            step += stride(random);
            series.append(step, 5e8 + step * 0.125, value);
        }
        std::vector<std::size_t> starts;
        for (const CurveAxis axis : {CurveAxis::Step, CurveAxis::Relative, CurveAxis::Wall})
            for (int trial = 0; trial < 20; ++trial) {
                const double first = series.x(axis, 0);
                const double span = series.x(axis, series.size() - 1) - first;
                std::uniform_real_distribution<double> anywhere(first - 0.1 * span, first + 1.1 * span);
                const auto [lower, upper] = std::minmax(anywhere(random), anywhere(random));
                const int columns = 1 + static_cast<int>(random() % 700);
                columnStarts(series, axis, lower, upper, columns, starts);
                QCOMPARE(starts.size(), static_cast<std::size_t>(columns) + 1);
                // Each point by itself: which column it must be in, and what that column must span.
                std::vector<CurveExtent> expected(static_cast<std::size_t>(columns));
                std::size_t column = 0;
                for (std::size_t i = 0; i < series.size(); ++i) {
                    const double x = series.x(axis, i);
                    if (x < lower || x >= upper)
                        continue;
                    while (x >= lower + (upper - lower) * static_cast<double>(column + 1) / columns)
                        ++column;
                    expected[column].include(series.value(i));
                }
                for (std::size_t c = 0; c < expected.size(); ++c)
                    QVERIFY(series.extent(starts[c], starts[c + 1]) == expected[c]);
            }
    }

    void anEndlessCurveStaysBoundedAndKeepsItsExtremes() {
        constexpr std::size_t capacity = 1000;
        CurveSeries series(capacity);
        CurveExtent all;
        std::size_t mostBytes = 0;
        std::mt19937 random(5);
        std::normal_distribution<double> value(0, 1);
        double spikeStep = 0;
        for (int i = 0; i < 200000; ++i) {
            const double drawn = i == 61234 ? 50 : value(random);
            if (i == 61234)
                spikeStep = i;
            series.append(i, i, drawn);
            all.include(drawn);
            QVERIFY(series.size() <= capacity);
            mostBytes = std::max(mostBytes, series.bytes());
            // Whatever was merged, lowest and highest of all that came are exactly what they were.
            if (i % 997 == 0)
                QVERIFY(series.extent() == all);
        }
        QVERIFY(series.isCoarsened());
        QVERIFY(series.size() >= capacity / 3);
        QVERIFY2(mostBytes < 48 * capacity, qPrintable(QString::number(mostBytes)));
        QCOMPARE(series.appended(), std::uint64_t(200000));
        QCOMPARE(series.step(0), 0.0);
        QCOMPARE(series.step(series.size() - 1), 199999.0);
        QVERIFY(series.extent() == all);
        std::size_t spike = 0;
        for (std::size_t i = 0; i < series.size(); ++i) {
            QVERIFY(i == 0 || series.step(i) > series.step(i - 1));
            if (series.value(i) == 50)
                spike = i;
        }
        QCOMPARE(series.step(spike), spikeStep);
    }

    void mergingKeepsEachGroupsExtremesAndNotFinite() {
        CurveSeries series(16);
        const std::vector<double> values{9, 1, 5, 3, 2, notANumber, 7, infinite, 6, 4, 4, 4, 4, 8};
        for (std::size_t i = 0; i < values.size(); ++i)
            series.append(static_cast<double>(i), 0, values[i]);
        series.coarsen();
        std::vector<double> steps;
        for (std::size_t i = 0; i < series.size(); ++i)
            steps.push_back(series.step(i));
        // First and last; of 1-4 the lowest and highest; of 5-8 those and the first that is not finite; of
        // 9-12, all alike, one.
        QCOMPARE(steps, (std::vector<double>{0, 1, 2, 5, 6, 8, 9, 13}));
        QCOMPARE(series.notFinite().size(), std::size_t(1));
        QVERIFY(std::isnan(series.value(series.notFinite()[0])));
        QCOMPARE(series.notFiniteSeen(), std::uint64_t(2));
        CurveSeries none(16);
        for (int i = 0; i < 10000; ++i) {
            none.append(i, i, notANumber);
            QVERIFY(none.size() <= 16);
        }
        QVERIFY(none.extent().isEmpty());
    }

    void aRestartSupersedesAndClocksNeverRunBack() {
        CurveSeries series;
        for (int step = 0; step < 100; ++step)
            series.append(step, 1000 + step, step == 70 ? notANumber : step);
        const std::uint32_t revision = series.revision();
        series.append(50, 900, -1);
        QCOMPARE(series.size(), std::size_t(51));
        QCOMPARE(series.value(50), -1.0);
        QVERIFY(series.revision() != revision);
        QVERIFY(series.extent() == (CurveExtent{-1, 49}));
        QVERIFY(series.notFinite().empty());
        QCOMPARE(series.wallTime(50), series.wallTime(49));
        // Two values of one step are both kept.
        series.append(50, 1200.5, 3);
        QCOMPARE(series.size(), std::size_t(52));
        QCOMPARE(series.wallTime(51), 1200.5);
        QCOMPARE(series.relativeTime(51), 200.5);
        QCOMPARE(series.lowerBound(CurveAxis::Step, 50), std::size_t(50));
        QCOMPARE(series.nearest(CurveAxis::Step, 12.4), std::size_t(12));
        QCOMPARE(series.nearest(CurveAxis::Step, -5), std::size_t(0));
        QCOMPARE(series.nearest(CurveAxis::Wall, 9e9), std::size_t(51));
    }

    void smoothingFollowsItsFormula_data() {
        QTest::addColumn<double>("smoothing");
        for (const double smoothing : {0.0, 0.3, 0.9, 0.99})
            QTest::addRow("%g", smoothing) << smoothing;
    }
    void smoothingFollowsItsFormula() {
        QFETCH(double, smoothing);
        std::vector<double> values = noise(400, 11, 0);
        values[0] = 5;
        values[200] = notANumber;
        CurveSeries series;
        SmoothedCurve smoothed;
        for (std::size_t i = 0; i < values.size(); ++i) {
            series.append(static_cast<double>(i), 0, values[i]);
            if (i % 37 == 0)
                smoothed.update(series, smoothing);
        }
        smoothed.update(series, smoothing);
        QCOMPARE(smoothed.values().size(), values.size());
        std::vector<double> finite;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i])) {
                QVERIFY(std::isnan(smoothed.values()[i]));
                continue;
            }
            finite.push_back(values[i]);
            double sum = 0;
            double weights = 0;
            for (std::size_t k = 0; k < finite.size(); ++k) {
                const double weight = std::pow(smoothing, static_cast<double>(finite.size() - 1 - k));
                sum += weight * finite[k];
                weights += weight;
            }
            QVERIFY(std::abs(smoothed.values()[i] - sum / weights) < 1e-12);
        }
        QVERIFY(smoothed.extent(10, 390) == extentByReading(smoothed.values(), 10, 390));
        // Another factor, and a restart, begin anew.
        series.append(100, 0, 1);
        smoothed.update(series, 0.5);
        SmoothedCurve fresh;
        fresh.update(series, 0.5);
        QVERIFY(std::ranges::equal(smoothed.values(), fresh.values()));
    }

    void ranges() {
        CurveSeries series;
        for (int i = 0; i <= 200; ++i)
            series.append(i, i, i == 7 ? notANumber : i == 9 ? 1e9 : i == 11 ? -4 : i);
        const CurveSeries* both[] = {&series};
        QVERIFY(valueRange(both, {}) == (CurveExtent{-4, 1e9}));
        std::vector<double> sorted;
        for (const double value : series.values())
            if (std::isfinite(value))
                sorted.push_back(value);
        std::sort(sorted.begin(), sorted.end());
        const auto rank = [&](double share) {
            const double place = share * static_cast<double>(sorted.size() - 1);
            const auto below = static_cast<std::size_t>(place);
            return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - std::floor(place));
        };
        const CurveExtent typical = valueRange(both, {false, true});
        QCOMPARE(typical.low, rank(0.05));
        QCOMPARE(typical.high, rank(0.95));
        QCOMPARE(valueRange(both, {true, false}).low, 1.0);
        CurveSeries negative;
        negative.append(0, 0, -1);
        const CurveSeries* alone[] = {&negative};
        QVERIFY(valueRange(alone, {true, false}).isEmpty());
        QCOMPARE(withMargin({0.1, 10}, false).low, 0.0);
        QVERIFY(withMargin({1, 100}, true).low > 0);
        const CurveExtent flat = withMargin({5, 5}, false);
        QVERIFY(flat.low < 5 && flat.high > 5);
    }

    void everyTagHasAChart() {
        const std::vector<ChartSpec> known = knownCharts();
        const auto has = [&](const char* tag) {
            return std::any_of(known.begin(), known.end(),
                               [&](const ChartSpec& spec) { return spec.find(tag) != nullptr; });
        };
        for (const char* tag : {tags::trainLoss,
                                tags::trainTaskLoss,
                                tags::trainAuxiliaryLoss,
                                tags::trainAccuracy,
                                tags::trainLearningRate,
                                tags::trainGradientNorm,
                                tags::trainTokensPerSecond,
                                tags::validationLoss,
                                tags::validationAccuracy,
                                tags::auxiliaryLossEpoch,
                                tags::saeLoss,
                                tags::saeReconstruction,
                                tags::saeExplainedVariance,
                                tags::saeSparsityLoss,
                                tags::saeAuxiliaryLoss,
                                tags::saeLearningRate,
                                tags::saeGradientNorm,
                                tags::saeL0,
                                tags::saeDeadPct,
                                tags::saeTokensPerSecond})
            QVERIFY2(has(tag), tag);
        const ChartSpec unknown = chartForTag("probe/k_5_accuracy");
        QCOMPARE(unknown.title, QStringLiteral("K 5 accuracy"));
        QCOMPARE(unknown.section, QStringLiteral("Probe"));
        QCOMPARE(chartForTag("sae/entropy").section, known[8].section);
        QVERIFY(chartForTag("validation/f1").tags[0].validation);
        QCOMPARE(chartForTag("alone").title, QStringLiteral("Alone"));
        QVERIFY(!chartForTag("/").title.isEmpty());
    }

    void storeTellsOfTagsAndLinesAndKeepsItsBudget() {
        CurveStore store(nullptr, 3000);
        QSignalSpy tagsSeen(&store, &CurveStore::tagAdded);
        QSignalSpy lines(&store, &CurveStore::linesChanged);
        store.addRun(QStringLiteral("a"), QStringLiteral("first"));
        EventBatch batch;
        for (int step = 1; step <= 2000; ++step)
            batch.push_back(point(tags::trainLoss, 0, step, step == 1234 ? 99 : 1));
        lines.clear();
        store.append(QStringLiteral("a"), batch);
        QCOMPARE(tagsSeen.size(), 1);
        QCOMPARE(lines.size(), 1);
        store.append(QStringLiteral("a"), {point(tags::trainLoss, 1, 1, 2)});
        QCOMPARE(tagsSeen.size(), 1);
        QCOMPARE(lines.size(), 2);
        QCOMPARE(store.cycles(), (std::set<int>{0, 1}));
        store.append(QStringLiteral("nobody"), batch);
        QCOMPARE(store.points(), std::size_t(2001));

        RunCurves other;
        for (const Event& event : batch)
            other.apply(event);
        store.addRun(QStringLiteral("b"), QStringLiteral("second"), std::move(other));
        QVERIFY(store.points() <= 3000);
        for (const CurveStore::Run& run : store.runs())
            QCOMPARE(run.curves->find(tags::trainLoss, 0)->series.extent().high, 99.0);

        const ChartSpec spec = chartForTag(tags::trainLoss);
        QCOMPARE(store.lines(spec).size(), std::size_t(3));
        QCOMPARE(store.lines(spec)[2].name, QStringLiteral("second, cycle 0"));
        store.setCycleShown(0, false);
        QCOMPARE(store.lines(spec).size(), std::size_t(1));
        store.setCycleShown(0, true);
        store.removeRun(QStringLiteral("a"));
        QCOMPARE(store.lines(spec).size(), std::size_t(1));
        QCOMPARE(store.cycles(), std::set<int>{0});
        QCOMPARE(store.lines(spec)[0].name, QStringLiteral("Cycle 0"));
    }

    void relativeTimesCountFromTheStagesBeginning() {
        RunCurves curves;
        curves.append(tags::trainLoss, 0, 1, 1000, 1);
        curves.append(tags::trainLoss, 0, 2, 1010, 1);
        curves.append(tags::validationLoss, 0, 2, 1012, 1);
        curves.append(tags::saeLoss, 0, 1, 2000, 1);
        curves.append(tags::trainLoss, 1, 1, 3000, 1);
        QCOMPARE(curves.find(tags::trainLoss, 0)->series.relativeTime(1), 10.0);
        QCOMPARE(curves.find(tags::validationLoss, 0)->series.relativeTime(0), 12.0);
        QCOMPARE(curves.find(tags::saeLoss, 0)->series.relativeTime(0), 0.0);
        QCOMPARE(curves.find(tags::trainLoss, 1)->series.relativeTime(0), 0.0);
        // The stage is run again from its first step.
        curves.append(tags::trainLoss, 0, 0, 5000, 1);
        curves.append(tags::trainLoss, 0, 2, 5004, 1);
        curves.append(tags::validationLoss, 0, 1, 5006, 1);
        QCOMPARE(curves.find(tags::trainLoss, 0)->series.relativeTime(1), 4.0);
        QCOMPARE(curves.find(tags::validationLoss, 0)->series.relativeTime(0), 6.0);
        QCOMPARE(curves.points(), std::size_t(5));
    }

    void curvesAreReadFromARunsLog() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("metrics.jsonl"));
        QCOMPARE(readRunCurves(path.toStdString()).curves.points(), std::size_t(0));
        {
            EventLog log(path.toStdString());
            for (int step = 1; step <= 3; ++step)
                log.handle(point(tags::trainLoss, 0, step, step == 2 ? notANumber : 0.5 * step));
            log.handle({2000, StageFinished{Stage::Baseline, 0, 1}});
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"time\": 3, \"tag\n");
        file.close();
        const CurvesRead read = readRunCurves(path.toStdString());
        QCOMPARE(read.unreadable, std::int64_t(1));
        const CurveSeries& series = read.curves.find(tags::trainLoss, 0)->series;
        QCOMPARE(series.size(), std::size_t(3));
        QCOMPARE(series.value(2), 1.5);
        QCOMPARE(series.wallTime(2), 1003.0);
        QVERIFY(std::isnan(series.value(1)));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(readRunCurves(path.toStdString(), stop.get_token()), Cancelled);
    }

    void tagsBeyondTheBoundGetNoChart() {
        CurveStore store;
        store.addRun(QStringLiteral("a"), QStringLiteral("a"));
        EventBatch batch;
        for (int i = 0; i < 300; ++i)
            batch.push_back(point(("flood/" + std::to_string(i)).c_str(), 0, 1, 1));
        store.append(QStringLiteral("a"), batch);
        QCOMPARE(store.tags().size(), CurveStore::maximumTags);
    }
};

QTEST_GUILESS_MAIN(TestCurveModels)
#include "tst_curve_models.moc"
