// SPDX-License-Identifier: GPL-3.0-or-later
// The Sentences page over runs in a temporary folder, driven as a person drives it.
#pragma once

#include "support/page_driver.h"
#include "support/sentence_fixture.h"
#include "ui/jobs/run_features.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_words.h"
#include "ui/pages/sentence_list.h"
#include "ui/pages/sentences_page.h"

#include <QComboBox>
#include <QLineEdit>

namespace saeception {

class SentencesPageDriver : protected PageDriver<SentencesPage> {
protected:
    using Kind = SentenceTableModel::Kind;

    std::unique_ptr<RunFeatures> m_features;

    SentenceList& list() const { return find<SentenceList>("sentenceTable"); }
    SentenceFilterModel& rows() const { return *m_page->rows(); }
    SentenceTableModel& table() const { return *m_page->table(); }
    QLineEdit& search() const { return find<QLineEdit>("sentenceSearch"); }
    int section(Kind kind, int cycle = -1) const { return table().sectionOf({kind, cycle}); }
    SentenceKey keyAt(int row) const {
        return table().predictions()->rows().key(rows().sourceRows()[static_cast<std::size_t>(row)]);
    }
    int rowOf(SentenceKey key) const { return rows().rowOf(*table().predictions()->rows().rowOf(key)); }
    std::vector<fixture::Recounted> recount(int cycles) const {
        std::vector<std::shared_ptr<const FeatureIndex>> indexes;
        for (int cycle = 0; cycle < cycles; ++cycle)
            indexes.push_back(fixture::openIndex(fixture::indexFile(run(), cycle)));
        return fixture::recount(indexes);
    }
    void makePage() {
        m_page = std::make_unique<SentencesPage>(m_features.get());
        m_page->resize(1160, 740);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void openRun(int cycles) {
        fixture::writeVariedRun(run(), cycles);
        m_features->setRun(run());
        QTRY_COMPARE(rows().rowCount(), 64);
        QVERIFY(!m_page->isLoading());
    }
    void chooseItem(const char* chooser, const QString& item) {
        auto& box = find<QComboBox>(chooser);
        QVERIFY2(box.findText(item) >= 0, qPrintable(item));
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Home);
        // Separators are passed over.
        for (int step = 0; step < box.count() && box.currentText() != item; ++step)
            QTest::keyClick(&box, Qt::Key_Down);
        QCOMPARE(box.currentText(), item);
    }
    void click(int row, int column, bool twice = false) {
        const QModelIndex index = rows().index(row, column);
        list().scrollTo(index);
        const QPoint at = list().visualRect(index).center();
        QTest::mouseClick(list().viewport(), Qt::LeftButton, {}, at);
        if (twice)
            QTest::mouseDClick(list().viewport(), Qt::LeftButton, {}, at);
    }
    void checkAgainst(const std::vector<fixture::Recounted>& all, const SentenceFilter& filter,
                      const std::vector<int>& cycles) {
        std::vector<int> expected;
        for (std::size_t row = 0; row < all.size(); ++row)
            if (fixture::passes(all[row], filter, cycles))
                expected.push_back(static_cast<int>(row));
        std::vector<int> shown = rows().sourceRows();
        std::sort(shown.begin(), shown.end());
        QCOMPARE(shown, expected);
        QCOMPARE(textOf("shownSentences"),
                 sentenceCountText(static_cast<int>(expected.size()), static_cast<int>(all.size())));
        QCOMPARE(shows("clearFilters"), !filter.isEmpty());
        QCOMPARE(shows("noSentence"), expected.empty());
        QCOMPARE(textOf("sentenceSummary").isEmpty(), expected.empty());
    }

    void beginTest() {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_features = std::make_unique<RunFeatures>();
        makePage();
    }
    void endTest() {
        m_page.reset();
        m_features.reset();
        QSettings().clear();
    }
};

}  // namespace saeception
