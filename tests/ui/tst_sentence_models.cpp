// SPDX-License-Identifier: GPL-3.0-or-later
// The models of the Sentences page: cells, filters, orders and what is exported, against a recount.
#include "support/sentence_fixture.h"
#include "support/sentence_sources.h"
#include "ui/models/sentence_csv.h"
#include "ui/models/sentence_delegate.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_table_model.h"
#include "ui/models/sentence_words.h"
#include "ui/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace saeception;

class TestSentenceModels : public QObject, SentenceSources {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }
    void init() { beginTest(); }

    void cellsHoldWhatTheIndexesSay() {
        SentenceTableModel table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(table.rowCount(), 0);
        table.setPredictions(make({0, 1, 2}));
        const auto expected = recount(*table.predictions());
        QCOMPARE(table.rowCount(), 64);
        QCOMPARE(table.columnCount(), 12);
        int wrong = 0;
        for (int row = 0; row < table.rowCount(); ++row) {
            const fixture::Recounted& sentence = expected[static_cast<std::size_t>(row)];
            const auto cell = [&](Kind kind, int cycle = -1) {
                return table.index(row, table.sectionOf({kind, cycle}));
            };
            const auto raw = [&](Kind kind, int cycle = -1) {
                return cell(kind, cycle).data(SentenceTableModel::RawRole);
            };
            QCOMPARE(raw(Kind::Split).toInt(), static_cast<int>(splitOf(sentence.key)));
            QCOMPARE(raw(Kind::Example).toLongLong(), static_cast<qlonglong>(exampleOf(sentence.key)));
            QCOMPARE(raw(Kind::Gold).toInt(), sentence.label);
            QCOMPARE(raw(Kind::Tokens).toInt(), sentence.tokens);
            QCOMPARE(raw(Kind::Flips).toInt(), sentence.flips);
            QCOMPARE(cell(Kind::Sentence).data(SentenceTableModel::CopyRole).toString(),
                     sentence.text.trimmed());
            for (int cycle = 0; cycle < 3; ++cycle) {
                const auto at = static_cast<std::size_t>(cycle);
                QCOMPARE(raw(Kind::Prediction, cycle).toInt(), sentence.predictions[at]);
                QVERIFY(std::abs(raw(Kind::Loss, cycle).toDouble() - sentence.losses[at]) < 1e-9);
                QCOMPARE(cell(Kind::Prediction, cycle).data().toString(), sentence.predictions[at] == 1
                                                                              ? QStringLiteral("positive")
                                                                              : QStringLiteral("negative"));
                QCOMPARE(cell(Kind::Prediction, cycle).data(SentenceTableModel::ConfidenceRole).toString(),
                         QString::number(sentence.confidences[at], 'f', 2));
                const bool isWrong = sentence.predictions[at] != sentence.label;
                wrong += isWrong ? 1 : 0;
                QCOMPARE(cell(Kind::Prediction, cycle).data(SentenceTableModel::WrongRole).toBool(), isWrong);
                QCOMPARE(cell(Kind::Prediction, cycle)
                             .data(Qt::AccessibleTextRole)
                             .toString()
                             .startsWith(QStringLiteral("wrong: ")),
                         isWrong);
            }
            QVERIFY(!cell(Kind::Gold).data(SentenceTableModel::WrongRole).toBool());
        }
        QVERIFY(wrong > 20 && wrong < 3 * 64 - 20);
        for (int section = 0; section < table.columnCount(); ++section)
            QVERIFY(table.headerData(section, Qt::Horizontal, Qt::ToolTipRole).toString().size() > 15);
    }

    void sentencesAreWrittenForEyesAndForMarkupAlike() {
        SentenceTableModel table;
        table.setPredictions(make({2}));
        int breaks = 0;
        int angles = 0;
        for (int row = 0; row < table.rowCount(); ++row) {
            const QModelIndex cell = table.index(row, table.sectionOf({Kind::Sentence, -1}));
            QVERIFY(!cell.data().toString().contains(QLatin1Char('\n')));
            breaks += cell.data().toString().contains(QChar(0x23CE)) ? 1 : 0;
            const QString tip = cell.data(Qt::ToolTipRole).toString();
            angles += tip.contains(QStringLiteral("&lt;b&gt;")) ? 1 : 0;
            QVERIFY(!tip.contains(QStringLiteral("<b>")));
        }
        QVERIFY(breaks > 0 && angles > 0);
    }

    void everyFilterLeavesWhatARecountLeaves() {
        SentenceTableModel table;
        SentenceFilterModel rows(&table);
        QAbstractItemModelTester tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setPredictions(make({0, 1, 2}));
        const auto all = recount(*table.predictions());
        const std::vector<int> cycles = cyclesOf(*table.predictions());
        std::set<std::size_t> sizes;
        for (const char* text : {"", "FILM", " dull <B>", "6", " 6", "no such text"})
            for (const std::optional<SplitKind> split :
                 {std::optional<SplitKind>(), std::optional(SplitKind::Train),
                  std::optional(SplitKind::Validation)})
                for (const int label : {-1, 0, 1})
                    for (const Outcome outcome : {Outcome::Any, Outcome::Wrong, Outcome::Right})
                        for (const int cycle : {SentenceFilter::everyCycle, 0, 2})
                            for (const Change change :
                                 {Change::Any, Change::Flips, Change::BecomesRight, Change::BecomesWrong}) {
                                SentenceFilter filter;
                                filter.text = QString::fromLatin1(text);
                                filter.split = split;
                                filter.label = label;
                                filter.outcome = outcome;
                                filter.cycle = outcome == Outcome::Any ? SentenceFilter::everyCycle : cycle;
                                filter.change = change;
                                std::vector<int> expected;
                                for (std::size_t row = 0; row < all.size(); ++row)
                                    if (fixture::passes(all[row], filter, cycles))
                                        expected.push_back(static_cast<int>(row));
                                sizes.insert(expected.size());
                                rows.setFilter(filter);
                                QCOMPARE(ascending(rows.sourceRows()), expected);
                            }
        QVERIFY(sizes.size() > 15);
        QVERIFY(sizes.contains(0) && sizes.contains(64) && sizes.contains(2));
        QCOMPARE(rows.headerData(0, Qt::Horizontal).toString(), QStringLiteral("Split"));
        // A cycle that is not there: no sentence is known to satisfy it.
        rows.setFilter({.text = {}, .split = {}, .outcome = Outcome::Right, .cycle = 9});
        QCOMPARE(rows.rowCount(), 0);
        QVERIFY(!rows.hasChildren());
    }

    void digitsAloneAreAnExample() {
        QCOMPARE(exampleSought(QStringLiteral("27")).value_or(-1), 27);
        QVERIFY(!exampleSought({}));
        QVERIFY(!exampleSought(QStringLiteral(" 27")));
        QVERIFY(!exampleSought(QStringLiteral("27a")));
        QVERIFY(!exampleSought(QStringLiteral("-27")));
        QVERIFY(exampleSought(QString(40, QLatin1Char('9'))).has_value());
    }

    void summaryIsWhatARecountFinds() {
        SentenceTableModel table;
        SentenceFilterModel rows(&table);
        table.setPredictions(make({0, 1, 2}));
        const auto all = recount(*table.predictions());
        for (const Change change : {Change::Any, Change::BecomesRight, Change::Flips}) {
            SentenceFilter filter;
            filter.change = change;
            rows.setFilter(filter);
            std::vector<int> right(3);
            int flips = 0;
            int toRight = 0;
            int toWrong = 0;
            for (const int row : rows.sourceRows()) {
                const fixture::Recounted& sentence = all[static_cast<std::size_t>(row)];
                for (std::size_t c = 0; c < 3; ++c) {
                    right[c] += sentence.predictions[c] == sentence.label ? 1 : 0;
                    if (c == 0 || sentence.predictions[c] == sentence.predictions[c - 1])
                        continue;
                    ++flips;
                    ++(sentence.predictions[c] == sentence.label ? toRight : toWrong);
                }
            }
            for (std::size_t c = 0; c < 3; ++c)
                QCOMPARE(rows.summary().accuracy[c], static_cast<double>(right[c]) / rows.rowCount());
            QCOMPARE(rows.summary().flips, flips);
            QCOMPARE(rows.summary().toRight, toRight);
            QCOMPARE(rows.summary().toWrong, toWrong);
            QVERIFY(flips > 5);
            QVERIFY(change != Change::Any || (toRight > 2 && toWrong > 2 && toRight != toWrong));
        }
    }

    void everyColumnSortsByItsValue() {
        SentenceTableModel table;
        SentenceFilterModel rows(&table);
        QAbstractItemModelTester tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        // Cycle 0 lacks some, so that there are values that are missing.
        fixture::writeIndex(fixture::indexFile(root("less"), 0), 0, 6, 1, {},
                            fixture::variedSentences(0, 25));
        m_sources[0] = source(root("less"), 0);
        table.setPredictions(make({0, 2}));
        const auto all = recount(*table.predictions());
        QCOMPARE(rows.sortSection(), 0);
        QCOMPARE(rows.sortOrder(), Qt::DescendingOrder);
        QVERIFY(std::is_sorted(rows.sourceRows().begin(), rows.sourceRows().end(), [&](int a, int b) {
            const bool aTrains = splitOf(all[static_cast<std::size_t>(a)].key) == SplitKind::Train;
            const bool bTrains = splitOf(all[static_cast<std::size_t>(b)].key) == SplitKind::Train;
            return aTrains != bTrains ? bTrains : a < b;
        }));
        const auto value = [&](int row, int section) -> std::pair<double, double> {
            const fixture::Recounted& s = all[static_cast<std::size_t>(row)];
            const SentenceTableModel::Column column = table.column(section);
            const std::size_t cycle = column.cycle == 0 ? 0 : 1;
            switch (column.kind) {
                case Kind::Split:
                    return {static_cast<double>(splitOf(s.key)), 0};
                case Kind::Example:
                    return {static_cast<double>(exampleOf(s.key)), 0};
                case Kind::Gold:
                    return {s.label, 0};
                case Kind::Prediction:
                    return {s.predictions[cycle] < 0 ? std::nan("") : s.predictions[cycle],
                            s.confidences[cycle]};
                case Kind::Loss:
                    return {s.losses[cycle], 0};
                case Kind::Flips:
                    return {s.flips < 0 ? std::nan("") : s.flips, 0};
                case Kind::Tokens:
                    return {s.tokens, 0};
                case Kind::Sentence:
                    break;
            }
            return {0, 0};
        };
        const auto place = [&](int row) {
            const SentenceKey key = all[static_cast<std::size_t>(row)].key;
            return std::pair(splitOf(key) == SplitKind::Train, exampleOf(key));
        };
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder})
            for (int section = 0; section < rows.columnCount(); ++section) {
                rows.sort(section, order);
                QCOMPARE(rows.rowCount(), 64);
                int missing = 0;
                for (int i = 1; i < 64; ++i) {
                    const int a = rows.sourceRows()[static_cast<std::size_t>(i) - 1];
                    const int b = rows.sourceRows()[static_cast<std::size_t>(i)];
                    if (table.column(section).kind == Kind::Sentence) {
                        const auto text = [&](int row) {
                            return all[static_cast<std::size_t>(row)].text.trimmed().toCaseFolded().toUtf8();
                        };
                        const int compared = text(a).compare(text(b));
                        QVERIFY(compared == 0                 ? place(a) < place(b)
                                : order == Qt::AscendingOrder ? compared < 0
                                                              : compared > 0);
                        continue;
                    }
                    const auto [first, second] = std::pair(value(a, section), value(b, section));
                    missing += std::isnan(second.first) ? 1 : 0;
                    if (std::isnan(first.first)) {
                        QVERIFY(std::isnan(second.first));
                        QVERIFY(place(a) < place(b));
                    } else if (std::abs(first.first - second.first) < 1e-12 &&
                               std::abs(first.second - second.second) < 1e-12) {
                        QVERIFY(place(a) < place(b));
                    } else if (!std::isnan(second.first)) {
                        QVERIFY(order == Qt::AscendingOrder ? first < second : second < first);
                    }
                }
                const bool mayMiss =
                    table.column(section).cycle == 0 || table.column(section).kind == Kind::Flips;
                QCOMPARE(missing, mayMiss ? 25 : 0);
            }
    }

    void sortingKeepsPersistentIndexes() {
        SentenceTableModel table;
        SentenceFilterModel rows(&table);
        table.setPredictions(make({0, 1}));
        const QPersistentModelIndex kept = rows.index(5, 2);
        const int row = rows.sourceRows()[5];
        const int loss = table.sectionOf({Kind::Loss, 1});
        rows.sort(loss, Qt::DescendingOrder);
        QCOMPARE(rows.sourceRows()[static_cast<std::size_t>(kept.row())], row);
        QCOMPARE(kept.column(), 2);
        QVERIFY(kept.row() != 5);
        QCOMPARE(rows.mapFromSource(table.index(row, 2)), QModelIndex(kept));
        QCOMPARE(rows.mapToSource(kept).row(), row);
    }

    void csvHoldsEverythingExactly() {
        fixture::writeIndex(fixture::indexFile(root("quoted"), 1), 1, 6, 1, {},
                            fixture::variedSentences(1, 10), {"ne\"ga,tive", "positive"});
        fixture::writeIndex(fixture::indexFile(root("quoted"), 4), 4, 6, 1, {}, fixture::variedSentences(4),
                            {"ne\"ga,tive", "positive"});
        m_sources = {source(root("quoted"), 1), source(root("quoted"), 4)};
        const Predictions predictions = make({0, 1});
        const auto all = recount(*predictions);
        const std::vector<int> rows = {50, 3, 12};
        std::string expected =
            "split,example,sentence,gold,prediction_1,confidence_1,loss_1,prediction_4,confidence_4,loss_4,"
            "flips,"
            "tokens\n";
        const auto name = [](int label) {
            return label == 0 ? std::string("\"ne\"\"ga,tive\"") : std::string("positive");
        };
        const auto number = [](double value) {
            return QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest).toStdString();
        };
        for (const int row : rows) {
            const auto at = static_cast<std::size_t>(row);
            std::string text = all[at].text.toStdString();
            if (text.find('\n') != std::string::npos)
                text = '"' + text + '"';
            expected += splitOf(all[at].key) == SplitKind::Train ? "train," : "validation,";
            expected += std::to_string(exampleOf(all[at].key)) + ',' + text + ',' + name(all[at].label) + ',';
            for (const auto& cycle : predictions->cycles())
                expected += cycle->label[at] < 0
                                ? std::string(",,,")
                                : name(cycle->label[at]) + ',' + number(cycle->confidence[at]) + ',' +
                                      number(cycle->loss[at]) + ',';
            expected += (all[at].flips < 0 ? std::string() : std::to_string(all[at].flips)) + ',';
            expected += std::to_string(all[at].tokens) + '\n';
        }
        QCOMPARE(QString::fromStdString(sentencesAsCsv(*predictions, rows)),
                 QString::fromStdString(expected));
        QVERIFY(expected.find(",,,") != std::string::npos);
        std::vector<int> every;
        for (int row = 0; row < predictions->count(); ++row)
            every.push_back(row);
        QVERIFY(sentencesAsCsv(*predictions, every).find(",\"A") != std::string::npos);
    }

    void linesSayWhatIsShown() {
        QCOMPARE(sentenceCountText(68221, 68221), QStringLiteral("68,221 sentences"));
        QCOMPARE(sentenceCountText(1204, 68221), QStringLiteral("1,204 of 68,221"));
        QCOMPARE(sentenceCountText(1, 1), QStringLiteral("1 sentence"));
        SentenceSummary summary{{0.781, 0.792, 0.7951}, 312, 180, 132};
        QCOMPARE(summaryText(summary),
                 QStringLiteral(
                     "Accuracy of these: 0.781 → 0.792 → 0.795; 312 flips, 180 to right, 132 to wrong"));
        summary = {{0.5, std::nan("")}, 1, 1, 0};
        QCOMPARE(summaryText(summary),
                 QStringLiteral("Accuracy of these: 0.500 → –; 1 flip, 1 to right, 0 to wrong"));
        summary = {{0.5, 0.5}, 0, 0, 0};
        QCOMPARE(summaryText(summary), QStringLiteral("Accuracy of these: 0.500 → 0.500; no flips"));
        summary = {{0.25}, 0, 0, 0};
        QCOMPARE(summaryText(summary), QStringLiteral("Accuracy of these: 0.250"));
        summary = {{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}, 0, 0, 0};
        QCOMPARE(summaryText(summary),
                 QStringLiteral("Accuracy of these: 0.100 → 0.200 → … → 0.700 → 0.800; no flips"));
        QCOMPARE(exportedText(1204, QStringLiteral("a.csv")),
                 QStringLiteral("Exported 1,204 sentences to a.csv"));
        const Predictions predictions = make({0, 2});
        std::vector<int> every;
        for (int row = 0; row < predictions->count(); ++row)
            every.push_back(row);
        QVERIFY(summaryDetails(*predictions, summaryOf(*predictions, every))
                    .startsWith(QStringLiteral("Cycle 0: 0.")));
    }

    void wrongPredictionsAreMarkedByAShapeAsWell() {
        SentenceTableModel table;
        table.setPredictions(make({2}));
        const int section = table.sectionOf({Kind::Prediction, 2});
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::instance().setChoice(theme);
            QTableView view;
            view.setModel(&table);
            view.setItemDelegate(new SentenceDelegate(&view));
            view.setShowGrid(false);
            const int width = SentenceDelegate::cellWidth(
                Kind::Prediction, table.widestTexts(Kind::Prediction), view.fontMetrics());
            for (int other = 0; other < table.columnCount(); ++other)
                view.setColumnHidden(other, other != section);
            view.setColumnWidth(section, width);
            view.resize(width + 60, 700);
            view.show();
            const QImage image = view.viewport()->grab().toImage();
            const ThemeColours& colours = Theme::instance().colours();
            const QRgb ground = colours.surface.rgb();
            int seen[2] = {0, 0};
            for (int row = 0; row < 15; ++row) {
                const QModelIndex index = table.index(row, section);
                const bool wrong = index.data(SentenceTableModel::WrongRole).toBool();
                ++seen[wrong ? 1 : 0];
                const QRect cell = view.visualRect(index);
                int inMark = 0;
                int ofError = 0;
                int right = 0;
                for (int y = cell.top(); y <= cell.bottom(); ++y)
                    for (int x = cell.left(); x <= cell.right(); ++x) {
                        const QColor pixel = image.pixelColor(x, y);
                        if (pixel.rgb() == ground)
                            continue;
                        inMark += x < cell.left() + 2 * gridUnit ? 1 : 0;
                        right = std::max(right, x);
                        ofError += pixel.rgb() == colours.error.rgb() ? 1 : 0;
                    }
                QCOMPARE(inMark > 0, wrong);
                QCOMPARE(ofError > 0, wrong);
                QVERIFY2(std::abs(right - (cell.right() - gridUnit)) <= 2,
                         qPrintable(QStringLiteral("%1 of %2").arg(right).arg(cell.right())));
            }
            QVERIFY(seen[0] > 2 && seen[1] > 2);
        }
        Theme::instance().setChoice(ThemeChoice::Light);
        QVERIFY(contrastRatio(themeColours(false).error, themeColours(false).accentFill) >= 4.5);
        QVERIFY(contrastRatio(themeColours(true).error, themeColours(true).accentFill) >= 4.5);
        QVERIFY(contrastRatio(themeColours(false).faintText, themeColours(false).accentFill) >= 4.5);
        QVERIFY(contrastRatio(themeColours(true).faintText, themeColours(true).accentFill) >= 4.5);
    }
};

QTEST_MAIN(TestSentenceModels)
#include "tst_sentence_models.moc"
