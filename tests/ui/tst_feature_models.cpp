// SPDX-License-Identifier: GPL-3.0-or-later
// The table of features: values, words, orders and filters; figures and histograms.
#include "support/feature_fixture.h"
#include "ui/format.h"
#include "ui/models/feature_filter_model.h"
#include "ui/models/feature_table_model.h"
#include "ui/plots/activation_histogram.h"
#include "ui/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QPainter>
#include <QSignalSpy>
#include <QStyleOption>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace saeception;

namespace {

std::vector<int> shownFeatures(const FeatureFilterModel& model) {
    std::vector<int> features;
    for (int row = 0; row < model.rowCount(); ++row)
        features.push_back(model.featureAt(row));
    return features;
}

}  // namespace

class TestFeatureModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<const FeatureIndex> m_index;

private Q_SLOTS:
    void initTestCase() {
        Theme::instance().install(*qApp, ThemeChoice::Light);
        const std::filesystem::path file =
            m_folder.filePath(QStringLiteral("index.safetensors")).toStdString();
        fixture::writeIndex(file, 3);
        m_index = fixture::openIndex(file);
    }

    void formatsFigures_data() {
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("expected");
        QTest::newRow("share") << formatShare(0.0041) << QStringLiteral("0.41 %");
        QTest::newRow("large share") << formatShare(1.0) << QStringLiteral("100.00 %");
        QTest::newRow("no share") << formatShare(0) << QStringLiteral("0 %");
        QTest::newRow("next to no share") << formatShare(1e-6) << QStringLiteral("< 0.01 %");
        QTest::newRow("figure") << formatFigure(3.214, 2) << QStringLiteral("3.21");
        QTest::newRow("thousands") << formatFigure(1234, 1) << QStringLiteral("1.2 k");
        QTest::newRow("nearly a million") << formatFigure(999'960, 1) << QStringLiteral("1.0 M");
        QTest::newRow("zero") << formatFigure(0, 3) << QStringLiteral("0");
        QTest::newRow("tiny") << formatFigure(1e-6, 3) << QStringLiteral("< 0.001");
        QTest::newRow("tiny and negative") << formatFigure(-1e-6, 2) << QStringLiteral("> −0.01");
        QTest::newRow("just enough to round up") << formatFigure(0.0006, 3) << QStringLiteral("0.001");
        QTest::newRow("nan") << formatFigure(std::nan(""), 3) << QStringLiteral("–");
    }

    void formatsFigures() {
        QFETCH(QString, shown);
        QFETCH(QString, expected);
        QCOMPARE(shown, expected);
    }

    void tableHoldsTheIndexsValues() {
        FeatureTableModel table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(table.rowCount(), 0);
        QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
        table.setFeatures(m_index);
        QCOMPARE(resets.count(), 1);
        QCOMPARE(table.rowCount(), 6);
        QCOMPARE(table.columnCount(), FeatureTableModel::FirstClassMean + 2);
        QCOMPARE(table.aliveCount(), 4);
        for (int feature = 0; feature < 6; ++feature) {
            const auto at = static_cast<std::size_t>(feature);
            const auto raw = [&](int column) {
                return table.index(feature, column).data(FeatureTableModel::rawRole).toFloat();
            };
            QCOMPARE(raw(FeatureTableModel::Density), m_index->density()[at]);
            QCOMPARE(raw(FeatureTableModel::MaxActivation), m_index->maxActivation()[at]);
            QCOMPARE(raw(FeatureTableModel::Usefulness), m_index->usefulness()[at]);
            QCOMPARE(raw(FeatureTableModel::FirstClassMean), m_index->classMean()[2 * at]);
            QCOMPARE(raw(FeatureTableModel::FirstClassMean + 1), m_index->classMean()[2 * at + 1]);
        }
        QCOMPARE(table.index(0, FeatureTableModel::Effect).data().toString(), QStringLiteral("+0.500"));
        QCOMPARE(table.index(1, FeatureTableModel::Effect).data().toString(), QStringLiteral("−0.250"));
        QCOMPARE(table.index(1, FeatureTableModel::Favours).data().toString(), QStringLiteral("negative"));
        QCOMPARE(table.index(0, FeatureTableModel::Words).data().toString(), QStringLiteral("won"));
        QCOMPARE(table.index(2, FeatureTableModel::Words).data().toString(), QStringLiteral("never fires"));
        QCOMPARE(table.index(0, FeatureTableModel::Concept).data().toString(), QStringLiteral("–"));
        QCOMPARE(table.index(0, FeatureTableModel::MaxActivation).data().toString(), QStringLiteral("8.00"));
        QCOMPARE(table.index(2, FeatureTableModel::Csi).data().toString(), QStringLiteral("–"));
        QCOMPARE(table.headerData(FeatureTableModel::FirstClassMean + 1, Qt::Horizontal).toString(),
                 QStringLiteral("Mean: positive"));
        for (int column = 0; column < table.columnCount(); ++column)
            QVERIFY(table.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().size() > 20);
    }

    void labelsReplaceTheWords() {
        FeatureTableModel table;
        FeatureFilterModel filter(&table);
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester filterTester(&filter,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setFeatures(m_index);
        table.setLabels({{3, {"Film", "", true, {}}}});
        QSignalSpy changed(&filter, &QAbstractItemModel::dataChanged);
        table.setLabel(0, {"A  wonder", "", false, {}});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.front().front().toModelIndex().row(), filter.rowOf(0));
        QCOMPARE(table.index(0, FeatureTableModel::Words).data().toString(), QStringLiteral("A wonder"));
        QVERIFY(table.index(0, FeatureTableModel::Words).data(FeatureTableModel::labelledRole).toBool());
        QVERIFY(!table.index(1, FeatureTableModel::Words).data(FeatureTableModel::labelledRole).toBool());
        QCOMPARE(table.index(3, FeatureTableModel::Star).data().toString(), QStringLiteral("★"));
        filter.sort(FeatureTableModel::Star, Qt::DescendingOrder);
        QCOMPARE(filter.featureAt(0), 3);
        filter.sort(FeatureTableModel::Words, Qt::AscendingOrder);
        QCOMPARE(filter.featureAt(0), 0);
        // A filtered-out feature changes without a word.
        filter.setWanted({1, 1, 0, 0, 0, 0});
        changed.clear();
        table.setLabel(3, {});
        QVERIFY(changed.isEmpty());
        QCOMPARE(table.label(3), FeatureLabel());
        table.setFeatures(m_index);
        QVERIFY(table.labels().empty());
        QCOMPARE(filter.rowCount(), 6);
    }

    void everyTextFitsTheWidestOne() {
        FeatureTableModel table;
        table.setFeatures(m_index);
        const QFontMetrics metrics(QApplication::font());
        for (int column = 0; column < table.columnCount(); ++column)
            for (int feature = 0; column != FeatureTableModel::Words && feature < table.rowCount(); ++feature)
                QVERIFY(metrics.horizontalAdvance(table.index(feature, column).data().toString()) <=
                        table.widestText(column, metrics) + 1);
    }

    void sortsWithNanLastInEitherOrder() {
        FeatureTableModel table;
        FeatureFilterModel filter(&table);
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setFeatures(m_index);
        QCOMPARE(filter.sortColumn(), int(FeatureTableModel::Usefulness));
        QCOMPARE(filter.sortOrder(), Qt::DescendingOrder);

        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder})
            for (int column = 0; column < filter.columnCount(); ++column) {
                filter.sort(column, order);
                const std::vector<int> features = shownFeatures(filter);
                QCOMPARE(features.size(), std::size_t(6));
                for (std::size_t i = 1; i < features.size(); ++i) {
                    const float a = table.value(features[i - 1], column);
                    const float b = table.value(features[i], column);
                    if (std::isnan(a))
                        QVERIFY(std::isnan(b));
                    if (a == b || (std::isnan(a) && std::isnan(b)))
                        QVERIFY(features[i - 1] < features[i]);
                    else if (!std::isnan(b))
                        QVERIFY(order == Qt::AscendingOrder ? a < b : a > b);
                }
            }
        filter.sort(FeatureTableModel::Csi, Qt::AscendingOrder);
        QCOMPARE(filter.featureAt(4), 2);
        QCOMPARE(filter.featureAt(5), 4);
    }

    void sortingKeepsPersistentIndexes() {
        FeatureTableModel table;
        FeatureFilterModel filter(&table);
        table.setFeatures(m_index);
        filter.sort(FeatureTableModel::Feature, Qt::AscendingOrder);
        const QPersistentModelIndex kept = filter.index(1, FeatureTableModel::Csi);
        filter.sort(FeatureTableModel::Feature, Qt::DescendingOrder);
        QCOMPARE(kept.row(), 4);
        QCOMPARE(kept.column(), int(FeatureTableModel::Csi));
        QCOMPARE(filter.mapToSource(kept).row(), 1);
        QCOMPARE(filter.mapFromSource(table.index(1, 0)).row(), 4);
    }

    void showsWhatIsWanted() {
        FeatureTableModel table;
        FeatureFilterModel filter(&table);
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setFeatures(m_index);
        filter.sort(FeatureTableModel::Feature, Qt::AscendingOrder);
        filter.setWanted({1, 1, 0, 1, 0, 1});
        QVERIFY(filter.isFiltered());
        QCOMPARE(shownFeatures(filter), (std::vector<int>{0, 1, 3, 5}));
        QCOMPARE(filter.rowOf(2), -1);
        QCOMPARE(filter.rowOf(3), 2);
        filter.setWanted({0, 0, 0, 0, 0, 0});
        QCOMPARE(filter.rowCount(), 0);
        QCOMPARE(filter.headerData(FeatureTableModel::Feature, Qt::Horizontal).toString(),
                 QStringLiteral("Feature"));
        table.setFeatures(nullptr);
        QCOMPARE(filter.rowCount(), 0);
        table.setFeatures(m_index);
        QVERIFY(!filter.isFiltered());
        QCOMPARE(filter.rowCount(), 6);
    }

    void countsAreNamedInWholeNumbersWithRoom_data() {
        QTest::addColumn<double>("highest");
        QTest::addColumn<double>("pixels");
        QTest::addColumn<QList<double>>("expected");
        QTest::newRow("rare") << 15.0 << 120.0 << QList<double>{1, 2, 5, 10};
        QTest::newRow("rare, low plot") << 15.0 << 50.0 << QList<double>{1, 10};
        QTest::newRow("two decades") << 90.0 << 200.0 << QList<double>{1, 2, 5, 10, 20, 50};
        QTest::newRow("frequent") << 30000.0 << 200.0 << QList<double>{1, 10, 100, 1000, 10000};
        QTest::newRow("frequent, low plot") << 30000.0 << 50.0 << QList<double>{1, 100, 10000};
        QTest::newRow("no room at all") << 30000.0 << -20.0 << QList<double>{1};
    }

    void countsAreNamedInWholeNumbersWithRoom() {
        QFETCH(double, highest);
        QFETCH(double, pixels);
        QFETCH(QList<double>, expected);
        const std::vector<double> ticks = countTicks(0.6, highest, pixels, 15);
        QCOMPARE(QList<double>(ticks.begin(), ticks.end()), expected);
        for (std::size_t i = 1; i < ticks.size(); ++i)
            QVERIFY(pixels * std::log10(ticks[i] / ticks[i - 1]) / std::log10(highest / 0.6) >= 15);
    }

    void descendingOrderPointsDown() {
        const auto inkByRow = [](QStyleOptionHeader::SortIndicator order) {
            QImage image(24, 24, QImage::Format_ARGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            QStyleOptionHeader header;
            header.rect = image.rect();
            header.palette = QApplication::palette();
            header.state = QStyle::State_Enabled;
            header.sortIndicator = order;
            QApplication::style()->drawPrimitive(QStyle::PE_IndicatorHeaderArrow, &header, &painter);
            painter.end();
            QList<int> rows;
            for (int y = 0; y < image.height(); ++y) {
                int ink = 0;
                for (int x = 0; x < image.width(); ++x)
                    ink += 255 - qGray(image.pixel(x, y));
                if (ink > 0)
                    rows << ink;
            }
            return rows;
        };
        // QHeaderView marks descending order with SortUp.
        const QList<int> descending = inkByRow(QStyleOptionHeader::SortUp);
        const QList<int> ascending = inkByRow(QStyleOptionHeader::SortDown);
        QVERIFY(descending.size() >= 3 && ascending.size() >= 3);
        QVERIFY(descending.first() > descending.last());
        QVERIFY(ascending.first() < ascending.last());
    }

    void histogramKeepsItsCounts() {
        ActivationHistogram histogram;
        histogram.resize(400, 180);
        histogram.show();
        const std::vector<float> edges = m_index->histogramEdges(0);
        histogram.setCounts({m_index->histogram(0, 0), m_index->histogram(0, 1)},
                            {QStringLiteral("negative"), QStringLiteral("positive")}, edges.back());
        QCOMPARE(histogram.counts(), m_index->histogram(0));
        QCoreApplication::processEvents();  // the plot lays its axes out with its next replot
        QStringList seen;
        for (int x = 0; x < histogram.width(); ++x)
            if (const QString words = histogram.binDescription(x); !words.isEmpty() && !seen.contains(words))
                seen << words;
        QStringList expected;
        for (std::size_t bin = 0; bin + 1 < edges.size(); ++bin) {
            const std::uint32_t count = m_index->histogram(0)[bin];
            expected << QStringLiteral("%1 – %2: %3 token%4%5")
                            .arg(QString::number(static_cast<double>(edges[bin]), 'f', 2),
                                 QString::number(static_cast<double>(edges[bin + 1]), 'f', 2),
                                 QString::number(count), count == 1 ? QString() : QStringLiteral("s"),
                                 count == 0 ? QString()
                                            : QStringLiteral(" (negative 0, positive %1)").arg(count));
        }
        QCOMPARE(seen, expected);
        histogram.setCounts({}, {}, 0);
        QVERIFY(histogram.binDescription(200).isEmpty());
    }
};

QTEST_MAIN(TestFeatureModels)
#include "tst_feature_models.moc"
