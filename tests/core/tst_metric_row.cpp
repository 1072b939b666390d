// SPDX-License-Identifier: GPL-3.0-or-later
// What a metric's row says: values of one precision, changes that agree with them, intervals beside them.
#include "cycle/metric_row.h"

#include "cycle/metric_collector.h"

#include <QTest>

#include <cmath>

using namespace saeception;

class TestMetricRow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void changesAgreeWithTheShownValues_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("second");
        QTest::addColumn<QString>("change");
        QTest::addColumn<int>("verdict");
        QTest::newRow("small but seen") << "sae_features_u_mean" << 0.01548 << 0.01552 << "▲ 0.001" << 1;
        QTest::newRow("reads the same") << "task_accuracy" << 0.81661 << 0.81699 << "=" << 0;
        QTest::newRow("lower is better") << "task_loss" << 0.434 << 0.515 << "▲ 0.081" << -1;
        QTest::newRow("no better direction") << "sae_l0" << 32.0 << 31.0 << "▼ 1" << 0;
        QTest::newRow("missing") << "task_accuracy" << 0.5 << std::nan("") << "" << 0;
    }
    void changesAgreeWithTheShownValues() {
        QFETCH(QString, key);
        QFETCH(double, first);
        QFETCH(double, second);
        QFETCH(QString, change);
        QFETCH(int, verdict);
        const MetricRow row(key.toStdString(), {first, second});
        QCOMPARE(QString::fromStdString(row.changeText(1)), change);
        QCOMPARE(row.verdict(1), verdict);
        QVERIFY(row.changeText(0).empty());
        QCOMPARE(std::isnan(row.change(1)), change.isEmpty());
        QCOMPARE(row.change(1) == 0, change == "=");
    }

    void anyValueCanBeTheReference() {
        const MetricRow row("task_accuracy", {0.5, 0.6, 0.55}, 1);
        QCOMPARE(QString::fromStdString(row.changeText(0)), QStringLiteral("▼ 0.100"));
        QVERIFY(row.changeText(1).empty());
        QCOMPARE(row.verdict(2), -1);
        QCOMPARE(row.intervalText(0.4444, 0.5678), std::string("[0.444, 0.568]"));
        QVERIFY(row.intervalText(std::nan(""), 0.5).empty());
        QCOMPARE(MetricRow("clustering_base_calinski_harabasz", {12340}).intervalText(9900, 14000),
                 std::string("[9.9, 14.0]"));
    }

    void everyMetricHasItsIntervalBesideIt() {
        const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8};
        const auto statistics = [&](Multiplicities times) -> std::vector<double> {
            return {meanOf(values, times), std::nan("")};
        };
        const Bootstrap bootstrap(8, 50, 1);
        MetricCollector collector(bootstrap, {});
        collector.add({"task_loss", "task_accuracy"}, statistics);
        collector.add("sae_l0", 3);
        std::vector<std::string> keys;
        for (const auto& [key, value] : collector.table())
            keys.push_back(key);
        QCOMPARE(keys, (std::vector<std::string>{"task_loss", "task_loss_ci_low", "task_loss_ci_high",
                                                 "task_accuracy", "sae_l0"}));
        QCOMPARE(metric(collector.table(), "task_loss"), 4.5);
        QVERIFY(metric(collector.table(), "task_loss_ci_low") < 4.5);
        QVERIFY(metric(collector.table(), "task_loss_ci_high") > 4.5);
        const Bootstrap none(8, 0, 1);
        MetricCollector plain(none, {});
        plain.add({"task_loss", "task_accuracy"}, statistics);
        QCOMPARE(plain.table().size(), std::size_t(2));
    }

    void oneRowHasOnePrecision() {
        const MetricRow row("clustering_base_davies_bouldin", {1.27, 10.34, 9.5});
        for (std::size_t i = 0; i < 3; ++i) {
            const QString text = QString::fromStdString(row.text(i));
            QCOMPARE(text.section('.', 1).size(), QString::fromStdString(row.text(0)).section('.', 1).size());
        }
    }
};

QTEST_GUILESS_MAIN(TestMetricRow)
#include "tst_metric_row.moc"
