// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, times, sizes and columns as people read them.
#include "base/format_text.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace saeception;

class TestFormatText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbers_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        const auto row = [](double value, const char* text) {
            QTest::newRow(text) << value << QString::fromUtf8(text);
        };
        row(0, "0");
        row(0.8134, "0.813");
        row(0.01234, "0.0123");
        row(0.00002, "2.0e-05");
        row(-0.5, "-0.500");
        row(1, "1");
        row(1.2345, "1.23");
        row(12.44, "12.4");
        row(99.96, "100");
        row(813, "813");
        row(999.6, "1.0 k");
        row(1234, "1.2 k");
        row(67349, "67.3 k");
        row(999950, "1.0 M");
        row(1.24e6, "1.2 M");
        row(-3.5e9, "-3.5 G");
        row(1e20, "1.0e+20");
        row(std::nan(""), "–");
        row(-std::numeric_limits<double>::infinity(), "-∞");
    }
    void numbers() {
        QFETCH(double, value);
        QTEST(QString::fromStdString(formatNumber(value)), "text");
    }

    void percents() {
        QCOMPARE(formatPercent(37.4), std::string("37 %"));
        QCOMPARE(formatPercent(3.71), std::string("3.7 %"));
        QCOMPARE(formatPercent(0.421), std::string("0.42 %"));
        QCOMPARE(formatPercent(0), std::string("0 %"));
        QCOMPARE(formatPercent(100), std::string("100 %"));
        QCOMPARE(formatPercent(9.97), std::string("10 %"));
        QCOMPARE(formatPercent(std::nan("")), std::string("–"));
    }

    void durations() {
        QCOMPARE(formatDuration(0.42), std::string("0.4 s"));
        QCOMPARE(formatDuration(8), std::string("8 s"));
        QCOMPARE(formatDuration(9.96), std::string("10 s"));
        QCOMPARE(formatDuration(59.4), std::string("59 s"));
        QCOMPARE(formatDuration(59.6), std::string("1 min"));
        QCOMPARE(formatDuration(130), std::string("2 min 10 s"));
        QCOMPARE(formatDuration(3599.7), std::string("1 h 00 min"));
        QCOMPARE(formatDuration(3900), std::string("1 h 05 min"));
        QCOMPARE(formatDuration(2 * 86400 + 4 * 3600), std::string("2 d 4 h"));
        QCOMPARE(formatDuration(-1), std::string());
        QCOMPARE(formatDuration(std::nan("")), std::string());
    }

    void sizes() {
        QCOMPARE(formatBytes(812), std::string("812 B"));
        QCOMPARE(formatBytes(1234), std::string("1.2 kB"));
        QCOMPARE(formatBytes(412'300'000), std::string("412 MB"));
        QCOMPARE(formatBytes(999'900'000), std::string("1.0 GB"));
        QCOMPARE(formatBytes(3'100'000'000), std::string("3.1 GB"));
    }

    void columns() {
        QCOMPARE(displayWidth("abc"), std::size_t(3));
        QCOMPARE(displayWidth("▲ 0.012"), std::size_t(7));
        QCOMPARE(displayWidth("日本"), std::size_t(4));
        QCOMPARE(displayWidth("e\xcc\x81"), std::size_t(1));  // e with a combining accent
        QCOMPARE(displayWidth("\xe6\x97"), std::size_t(1));   // cut short: counted, never read past
        QCOMPARE(padLeft("▲", 3), std::string("  ▲"));
        QCOMPARE(padRight("é", 3), std::string("é  "));
        QCOMPARE(padLeft("long", 2), std::string("long"));
    }

    void wrapping() {
        const std::vector<std::string> lines = wrapText("one two  three extraordinarily four", 9);
        QCOMPARE(lines, (std::vector<std::string>{"one two", "three", "extraordinarily", "four"}));
        QVERIFY(wrapText("", 10).empty());
    }
};

QTEST_GUILESS_MAIN(TestFormatText)
#include "tst_format_text.moc"
