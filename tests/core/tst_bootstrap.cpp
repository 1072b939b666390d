// SPDX-License-Identifier: GPL-3.0-or-later
// Bootstrap intervals: reproducible, the same on any number of threads, and as wide as theory says.
#include "evaluation/bootstrap.h"

#include "base/error.h"
#include "evaluation/clustering.h"
#include "evaluation/selectivity.h"
#include "support/metrics_golden.h"

#include <QtTest>

#include <numeric>

using namespace saeception;
using namespace saeception::test;

namespace {

/// Mean of `values` as a statistic.
Bootstrap::Statistics meanStatistic(const std::vector<double>& values) {
    return [&values](Multiplicities times) -> std::vector<double> { return {meanOf(values, times)}; };
}

}  // namespace

class BootstrapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resamplesDrawWithReplacement() {
        const Bootstrap bootstrap(50, 400, 3);
        std::vector<double> drawn(50);
        for (int sample = 0; sample < 400; ++sample) {
            const std::vector<std::int32_t> times = bootstrap.multiplicities(sample);
            QCOMPARE(std::accumulate(times.begin(), times.end(), 0), 50);
            for (std::size_t i = 0; i < 50; ++i)
                drawn[i] += times[i];
        }
        for (const double count : drawn)
            QVERIFY(std::abs(count / 400 - 1) < 0.25);
        QVERIFY(bootstrap.multiplicities(0) != bootstrap.multiplicities(1));
        QVERIFY(bootstrap.multiplicities(7) == Bootstrap(50, 8, 3).multiplicities(7));
        QVERIFY(bootstrap.multiplicities(7) != Bootstrap(50, 400, 4).multiplicities(7));
    }

    void intervalOfAMeanIsThatOfTheNormal() {
        Rng rng(12);
        std::vector<double> values(1000);
        for (double& value : values)
            value = rng.normal();
        const double mean = meanOf(values, {});
        const Bootstrap bootstrap(1000, 4000, 1);
        const Interval interval =
            bootstrap.intervals({mean}, meanStatistic(values), IntervalKind::Percentile).front();
        const double half = 1.96 / std::sqrt(1000.0);
        COMPARE_CLOSE(interval.high - interval.low, 2 * half, 0.06);
        QVERIFY(std::abs((interval.high + interval.low) / 2 - mean) < 0.1 * half);
        // For an unbiased statistic, centring changes next to nothing.
        for (double& value : values)
            value += 10;
        const Interval centred =
            bootstrap.intervals({mean + 10}, meanStatistic(values), IntervalKind::Centred).front();
        QVERIFY(std::abs(centred.low - 10 - interval.low) < 0.1 * half);
    }

    void centringRemovesTheBiasOfCountingWhatOccurs() {
        // 300 of 1000 features fire on one example each: the share that never fires is 0.7, in a resample
        // more.
        constexpr std::int64_t features = 1000;
        constexpr std::int64_t examples = 300;
        const auto silent = [](Multiplicities times) -> std::vector<double> {
            std::int64_t firing = 0;
            for (std::size_t e = 0; e < static_cast<std::size_t>(examples); ++e)
                firing += timesOf(times, e) > 0;
            return {1 - static_cast<double>(firing) / features};
        };
        const Bootstrap bootstrap(examples, 300, 5);
        const double value = silent({}).front();
        QCOMPARE(value, 0.7);
        QVERIFY(bootstrap.intervals({value}, silent, IntervalKind::Percentile).front().low > value);
        const Interval centred = bootstrap.intervals({value}, silent, IntervalKind::Centred).front();
        QVERIFY(centred.low < value && value < centred.high);
        // A value of 0 has no negative neighbours.
        const auto mixed = [](Multiplicities times) -> std::vector<double> {
            return {times.empty() ? 0.0 : times[0] * 1.0};
        };
        QCOMPARE(bootstrap.intervals({0.0}, mixed, IntervalKind::Centred).front().low, 0.0);
    }

    void intervalsAreReproducibleOnAnyNumberOfThreads() {
        const MetricsSet data("sparse");
        const SparseCode code = toSparse(data.x.clamp_min(0));
        const auto statistics = [&](Multiplicities times) -> std::vector<double> {
            const ClassIndices indices = classIndices(data.x, data.labels, times);
            return {selectivity(code, data.labels, data.classes, times).usefulnessMean,
                    classIndices(code, data.labels, times).daviesBouldin, indices.calinskiHarabasz,
                    adjustedRandIndex(data.labels, data.predictions, times)};
        };
        const Bootstrap bootstrap(240, 60, 9);
        const std::vector<double> values = statistics({});
        const int threads = at::get_num_threads();
        std::vector<std::vector<Interval>> results;
        for (const int count : {1, 2, 3}) {
            at::set_num_threads(count);
            results.push_back(bootstrap.intervals(values, statistics, IntervalKind::Percentile));
        }
        at::set_num_threads(threads);
        for (std::size_t m = 0; m < values.size(); ++m) {
            QVERIFY(results[0][m].low < results[0][m].high);
            for (const auto& other : {results[1], results[2]}) {
                QCOMPARE(other[m].low, results[0][m].low);
                QCOMPARE(other[m].high, results[0][m].high);
            }
        }
        const auto elsewhere = Bootstrap(240, 60, 10).intervals(values, statistics, IntervalKind::Percentile);
        QVERIFY(elsewhere[0].low != results[0][0].low);
    }

    void whatCannotBeKnownIsLeftOut() {
        const double nan = std::nan("");
        const auto half = [&](Multiplicities times) -> std::vector<double> {
            return {times.empty() || times[0] > 0 ? 1.0 : nan, nan,
                    times.empty() || times[0] > 2 ? 1.0 : nan};
        };
        const auto intervals =
            Bootstrap(40, 200, 2).intervals({1.0, nan, 1.0}, half, IntervalKind::Percentile);
        QCOMPARE(intervals[0].low, 1.0);  // a third of the resamples lack it
        QVERIFY(std::isnan(intervals[1].low));
        QVERIFY(std::isnan(intervals[2].low) && std::isnan(intervals[2].high));  // most of them do
        for (const Bootstrap& none : {Bootstrap(40, 0, 2), Bootstrap(0, 100, 2)})
            QVERIFY(std::isnan(none.intervals({1.0}, half, IntervalKind::Percentile).front().low));
    }

    void stopsWhenAsked() {
        std::stop_source stop;
        stop.request_stop();
        const std::vector<double> values(10, 1.0);
        QVERIFY_THROWS_EXCEPTION(
            Cancelled, Bootstrap(10, 10, 1).intervals({1.0}, meanStatistic(values), IntervalKind::Percentile,
                                                      stop.get_token()));
    }
};

QTEST_GUILESS_MAIN(BootstrapTest)
#include "tst_bootstrap.moc"
