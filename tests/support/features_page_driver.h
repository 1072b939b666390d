// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page over runs in a temporary folder, driven as a person drives it.
#pragma once

#include "support/feature_fixture.h"
#include "support/page_driver.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_table_model.h"
#include "ui/pages/features_page.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QTableView>

namespace saeception {

class FeaturesPageDriver : protected PageDriver<FeaturesPage> {
protected:
    std::unique_ptr<RunFeatures> m_features;

    QTableView& table() const { return find<QTableView>("featureTable"); }
    QAbstractItemModel& rows() const { return *table().model(); }
    QListView& sentences() const { return find<QListView>("topSentences"); }
    QComboBox& cycles() const { return find<QComboBox>("cycleSelector"); }
    QString heading() const { return find<QLabel>("featureHeading").text(); }
    int featureInRow(int row) const { return rows().index(row, FeatureTableModel::Feature).data().toInt(); }
    float raw(int row, int column) const {
        return rows().index(row, column).data(FeatureTableModel::rawRole).toFloat();
    }
    void openRun(int cycleCount) {
        fixture::writeRun(run("run"), cycleCount);
        m_features->setRun(run("run"));
        QTRY_COMPARE(rows().rowCount(), 6);
    }
    QLineEdit& query() const { return find<QLineEdit>("featureQuery"); }
    void ask(const char* words) {
        query().setFocus();
        query().selectAll();
        QTest::keyClicks(&query(), QLatin1String(words));
    }
    void choose(int feature) {
        for (int row = 0; row < rows().rowCount(); ++row)
            if (featureInRow(row) == feature) {
                const QModelIndex index = rows().index(row, FeatureTableModel::Feature);
                table().scrollTo(index);
                QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, table().visualRect(index).center());
            }
    }

    void beginTest() {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_features = std::make_unique<RunFeatures>();
        m_page = std::make_unique<FeaturesPage>(m_features.get());
        m_page->resize(1216, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void endTest() {
        m_page.reset();
        m_features.reset();
        QSettings().clear();
    }
};

}  // namespace saeception
