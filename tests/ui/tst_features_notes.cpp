// SPDX-License-Identifier: GPL-3.0-or-later
// What a person writes about features on the Features page stays with the feature and the run.
#include "features/feature_labels.h"
#include "support/feature_fixture.h"
#include "support/features_page_driver.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_table_model.h"
#include "ui/pages/features_page.h"

#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace saeception;

class TestFeaturesNotes : public QObject, FeaturesPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { begin("tst_features_notes"); }
    void init() { beginTest(); }
    void cleanup() { endTest(); }

    void whatIsBeingTypedBelongsToWhatWasShown() {
        openRun(2);
        choose(1);
        m_page->showFeature(0, 5);
        QTRY_VERIFY(heading().startsWith(QStringLiteral("Feature 5 ·")));
        QTRY_COMPARE(m_page->feature(), 5);
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("mine"));
        QTest::mouseClick(&find<QToolButton>("featureBack"), Qt::LeftButton);
        QTRY_COMPARE(m_page->cycle(), 1);
        QCOMPARE(m_page->feature(), 1);
        QCOMPARE(m_features->label(0, 5).label, std::string("mine"));
        QVERIFY(m_features->label(1, 5).empty());
        QVERIFY(m_features->label(1, 1).empty());
        QVERIFY(label.text().isEmpty());
        // Nor does another run take it along.
        QTest::keyClicks(&label, QStringLiteral("late"));
        const auto index = m_features->index(1);
        fixture::writeRun(run("other"), 1);
        m_features->setRun(run("other"));
        QTRY_VERIFY(loadFeatureLabels(run("run"), index->origin().sae).contains(1));
        QCOMPARE(loadFeatureLabels(run("run"), index->origin().sae).at(1).label, std::string("late"));
    }

    void whatIsBeingTypedStaysWithItsAutoencoder() {
        openRun(1);
        choose(3);
        const std::string before = m_features->index(0)->origin().sae;
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("mine"));
        // The cycle's autoencoder is trained again meanwhile.
        fixture::writeIndex(fixture::indexFile(run("run"), 0), fixture::fixtureOrigin(0, "another"), 6, 1,
                            fixture::fixtureSupplement(6));
        m_features->reload();
        QTRY_COMPARE(m_features->index(0)->origin().sae, std::string("another"));
        QTRY_VERIFY(loadFeatureLabels(run("run"), before).contains(3));
        QCOMPARE(loadFeatureLabels(run("run"), before).at(3).label, std::string("mine"));
        QVERIFY(label.text().isEmpty());
        label.clearFocus();
        QVERIFY(loadFeatureLabels(run("run"), "another").empty());
    }

    void aStarLeavesWhatIsBeingTyped() {
        openRun(1);
        choose(3);
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("half"));
        QTest::keyClick(&label, Qt::Key_D, Qt::ControlModifier);
        QVERIFY(m_features->label(0, 3).starred);
        QCOMPARE(label.text(), QStringLiteral("half"));
    }

    void aRightClickOffersWhatCanBeDone() {
        openRun(1);
        choose(3);
        const QPoint place = table().visualRect(table().currentIndex()).center();
        QContextMenuEvent asked(QContextMenuEvent::Mouse, place, table().viewport()->mapToGlobal(place));
        QCoreApplication::sendEvent(table().viewport(), &asked);
        auto* menu = m_page->findChild<QMenu*>(QStringLiteral("featureMenu"));
        QVERIFY(menu != nullptr);
        menu->actions().front()->trigger();
        QVERIFY(m_features->label(0, 3).starred);
        menu->close();
    }

    void starLabelListsAndNoteAreKeptWithTheRun() {
        openRun(1);
        choose(3);
        const int row = table().currentIndex().row();
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {},
                          table().visualRect(rows().index(row, FeatureTableModel::Star)).center());
        QCOMPARE(rows().index(row, FeatureTableModel::Star).data().toString(), QStringLiteral("★"));
        QVERIFY(find<QToolButton>("featureStar").isChecked());
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("the word film"));
        QTest::keyClick(&label, Qt::Key_Return);
        QCOMPARE(rows().index(row, FeatureTableModel::Words).data().toString(),
                 QStringLiteral("the word film"));
        auto& lists = find<QLineEdit>("featureLists");
        lists.setFocus();
        QTest::keyClicks(&lists, QStringLiteral("to show,, nouns ,nouns"));
        QTest::mouseClick(&find<QToolButton>("featureNoteButton"), Qt::LeftButton);
        auto& note = find<QPlainTextEdit>("featureNote");
        QVERIFY(note.hasFocus());
        QTest::keyClicks(&note, QStringLiteral("fires on both classes"));
        choose(0);  // leaving it is enough
        QVERIFY(find<QLineEdit>("featureLabel").text().isEmpty());
        QVERIFY(!shows("featureNote"));
        const FeatureLabel expected = {"the word film", "fires on both classes", true, {"to show", "nouns"}};
        QCOMPARE(m_features->label(0, 3), expected);
        QTRY_VERIFY(loadFeatureLabels(run("run"), "").contains(3) &&
                    loadFeatureLabels(run("run"), "").at(3) == expected);
        ask("list:nouns");
        QCOMPARE(rows().rowCount(), 1);
        QCOMPARE(label.text(), QStringLiteral("the word film"));
        QVERIFY(shows("featureNote"));
        // Another window of the same run sees it.
        RunFeatures again;
        FeaturesPage other(&again);
        again.setRun(run("run"));
        QTRY_COMPARE(other.findChild<QTableView*>(QStringLiteral("featureTable"))->model()->rowCount(), 6);
        QCOMPARE(again.label(0, 3), expected);
    }

    void aLabelThatCannotBeSavedIsSaid() {
        openRun(1);
        choose(3);
        writeFile(run("run") / "features" / "labels.json", "no JSON");
        auto& label = find<QLineEdit>("featureLabel");
        label.setFocus();
        QTest::keyClicks(&label, QStringLiteral("film"));
        QTest::keyClick(&label, Qt::Key_Return);
        QTRY_VERIFY(shows("noticeBanner"));
        QVERIFY(textOf("noticeText").contains(QStringLiteral("Not saved:")));
        QTRY_VERIFY(label.text().isEmpty());
    }
};

QTEST_MAIN(TestFeaturesNotes)
#include "tst_features_notes.moc"
