// SPDX-License-Identifier: GPL-3.0-or-later
// The Evolution page over runs in a temporary folder, driven as a person drives it.
#pragma once

#include "support/evolution_fixture.h"
#include "support/page_driver.h"
#include "ui/models/match_table_model.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/feature_history.h"
#include "ui/pages/history_column.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/raw_table_view.h"

#include <QComboBox>
#include <QTabBar>

namespace saeception {

class EvolutionPageDriver : protected PageDriver<EvolutionPage> {
protected:
    std::unique_ptr<RunFeatures> m_store;

    QTabBar& tabs() const { return find<QTabBar>("evolutionTabs"); }
    QComboBox& chooser() const { return find<QComboBox>("stepSelector"); }
    RawTableView& matches() const { return find<RawTableView>("matchTable"); }
    const MatchTableModel& matchTable() const {
        return *static_cast<const MatchTableModel*>(matches().rows()->sourceModel());
    }
    const FeaturePair& chosenPair() const { return matchTable().pair(matches().currentSourceRow()); }
    FeatureHistory& history() const { return find<FeatureHistory>("featureHistory"); }
    HistoryColumn& column(int cycle) const {
        return find<HistoryColumn>(qPrintable(QStringLiteral("history%1").arg(cycle)));
    }
    QString in(int cycle, const char* name) const {
        return column(cycle).findChild<QLabel*>(QString::fromLatin1(name))->text();
    }
    const EmptyState& state() const { return find<EmptyState>("evolutionState"); }

    void clickTab(int tab) {
        QTest::mouseClick(&tabs(), Qt::LeftButton, {}, tabs().tabRect(tab).center());
        QCOMPARE(tabs().currentIndex(), tab);
    }
    void openWide(int cycles) {
        fixture::writeWideRun(run(), cycles);
        m_store->setRun(run());
        QTRY_VERIFY(!m_page->isLoading());
        QVERIFY(matches().rows()->rowCount() > 0);
    }
    void clickRow(RawTableView& view, int row, int column = 0) {
        view.scrollTo(view.rows()->index(row, column));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                          view.visualRect(view.rows()->index(row, column)).center());
    }
    /// The row of the table in sight that shows the pair.
    int rowOf(int before, int after) const {
        for (int row = 0; row < matches().rows()->rowCount(); ++row) {
            const FeaturePair& pair = matchTable().pair(matches().rows()->sourceRow(row));
            if (pair.before == before && pair.after == after)
                return row;
        }
        return -1;
    }

    void beginTest() {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<RunFeatures>();
        m_page = std::make_unique<EvolutionPage>(m_store.get());
        m_page->resize(1160, 740);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void endTest() {
        m_page.reset();
        m_store.reset();
        QSettings().clear();
    }
};

}  // namespace saeception
