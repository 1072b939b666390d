// SPDX-License-Identifier: GPL-3.0-or-later
// The table of sentences as cycles come and change: what is added, what changes, what stays.
#include "support/sentence_fixture.h"
#include "support/sentence_sources.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_table_model.h"
#include "ui/models/sentence_words.h"
#include "ui/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace saeception;

class TestSentenceCycles : public QObject, SentenceSources {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }
    void init() { beginTest(); }

    void aCycleAddsColumnsAndNothingElse() {
        SentenceTableModel table;
        SentenceFilterModel rows(&table);
        QAbstractItemModelTester tableTester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester rowsTester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Predictions two = make({0, 1});
        table.setPredictions(two);
        rows.sort(table.sectionOf({Kind::Loss, 1}), Qt::DescendingOrder);
        const std::vector<int> order = rows.sourceRows();
        const QPersistentModelIndex flips = rows.index(3, table.sectionOf({Kind::Flips, -1}));
        QSignalSpy resets(&rows, &QAbstractItemModel::modelReset);
        QSignalSpy inserted(&rows, &QAbstractItemModel::columnsInserted);
        QSignalSpy removed(&rows, &QAbstractItemModel::columnsRemoved);
        const Predictions three = make({0, 1, 2}, two);
        QVERIFY(three->hasRowsOf(*two));
        QCOMPARE(three->cycles()[0].get(), two->cycles()[0].get());
        table.setPredictions(three);
        QCOMPARE(inserted.size(), 2);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(rows.sourceRows(), order);
        QCOMPARE(table.column(rows.sortSection()).cycle, 1);
        QCOMPARE(flips.column(), table.sectionOf({Kind::Flips, -1}));
        QCOMPARE(rows.index(3, flips.column()).data(SentenceTableModel::RawRole).toInt(),
                 recount(*three)[static_cast<std::size_t>(order[3])].flips);
        QCOMPARE(rows.summary().accuracy.size(), std::size_t(3));

        table.setPredictions(make({0, 2}, three));
        QCOMPARE(removed.size(), 2);
        QCOMPARE(rows.sortSection(), -1);  // by what has gone
        QCOMPARE(rows.rowCount(), 64);
        QCOMPARE(resets.size(), 1);
    }

    void anIndexThatIsBuiltAgainChangesItsColumns() {
        SentenceTableModel table;
        SentenceFilterModel rows(&table);
        const Predictions before = make({0, 1});
        table.setPredictions(before);
        rows.setFilter({.text = {}, .split = {}, .outcome = Outcome::Wrong, .cycle = 1});
        const std::vector<int> wrong = ascending(rows.sourceRows());
        QSignalSpy changed(&table, &QAbstractItemModel::dataChanged);
        QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
        fixture::writeIndex(fixture::indexFile(root(), 1), 1, 6, 1, {}, fixture::variedSentences(5));
        m_sources[1] = source(root(), 1);
        const Predictions after = make({0, 1}, before);
        QVERIFY(after->hasRowsOf(*before));
        table.setPredictions(after);
        QCOMPARE(resets.size(), 0);
        QVERIFY(changed.size() >= 2);
        const auto all = recount(*after);
        std::vector<int> expected;
        for (std::size_t row = 0; row < all.size(); ++row)
            if (all[row].predictions[1] != all[row].label)
                expected.push_back(static_cast<int>(row));
        QVERIFY(expected != wrong);
        QCOMPARE(ascending(rows.sourceRows()), expected);
    }

    void otherSentencesAreOtherRows() {
        const Predictions before = make({0, 1});
        auto sentences = fixture::variedSentences(2);
        sentences[4].label = 1 - sentences[4].label;
        fixture::writeIndex(fixture::indexFile(root("other"), 2), 2, 6, 1, {}, sentences);
        m_sources[2] = source(root("other"), 2);
        const Predictions after = make({0, 1, 2}, before);
        QVERIFY(!after->hasRowsOf(*before));
        QCOMPARE(after->cycles()[0]->known, 64);
        // A loss is of the class that is gold in the newest cycle.
        const auto all = recount(*after);
        for (std::size_t row = 0; row < all.size(); ++row)
            QVERIFY(std::abs(after->cycles()[0]->loss[row] - all[row].losses[0]) < 1e-9);
        SentenceTableModel table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setPredictions(before);
        QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
        table.setPredictions(after);
        QCOMPARE(resets.size(), 1);
        table.setPredictions(nullptr);
        QCOMPARE(table.rowCount(), 0);
        QCOMPARE(table.columnCount(), 6);
    }

    void onlyTheSameSentencesGetValues() {
        auto sentences = fixture::variedSentences(0, 10);
        sentences[3].tokens.back().token = 14;  // the same example, another text
        fixture::writeIndex(fixture::indexFile(root("other"), 0), 0, 6, 1, {}, sentences);
        m_sources[0] = source(root("other"), 0);
        const Predictions predictions = make({0, 1, 2});
        QCOMPARE(predictions->cycles()[0]->known, 53);
        QCOMPARE(predictions->cycles()[1]->known, 64);
        SentenceTableModel table;
        table.setPredictions(predictions);
        const auto all = recount(*predictions);
        int missing = 0;
        for (int row = 0; row < table.rowCount(); ++row) {
            const auto& sentence = all[static_cast<std::size_t>(row)];
            const QModelIndex prediction = table.index(row, table.sectionOf({Kind::Prediction, 0}));
            const QModelIndex loss = table.index(row, table.sectionOf({Kind::Loss, 0}));
            const bool misses = sentence.predictions[0] < 0;
            missing += misses ? 1 : 0;
            QCOMPARE(prediction.data().toString() == QStringLiteral("–"), misses);
            QCOMPARE(loss.data().toString() == QStringLiteral("–"), misses);
            QCOMPARE(prediction.data(SentenceTableModel::RawRole).isValid(), !misses);
            QVERIFY(!misses || !prediction.data(SentenceTableModel::WrongRole).toBool());
            QCOMPARE(predictions->flips(row), sentence.flips);
        }
        QCOMPARE(missing, 11);
        QCOMPARE(differingSentences(*predictions),
                 QStringLiteral(
                     "The cycles were not indexed over the same sentences: of these 64, cycle 0 has 53. "
                     "Where a cycle does not have a sentence there is “–”."));
        QVERIFY(differingSentences(*make({1, 2})).isEmpty());

        // What another set of classes was predicted for says nothing here.
        fixture::writeIndex(fixture::indexFile(root("named"), 0), 0, 6, 1, {}, fixture::variedSentences(0),
                            {"bad", "good"});
        m_sources[0] = source(root("named"), 0);
        QCOMPARE(make({0, 2})->cycles()[0]->known, 0);
        QCOMPARE(make({0, 2})->flips(7), -1);
    }
};

QTEST_MAIN(TestSentenceCycles)
#include "tst_sentence_cycles.moc"
