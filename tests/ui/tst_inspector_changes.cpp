// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspector: features ablated, scaled and fixed, and what that does to the sentence and to the validation
// split.
#include "support/inspector_page_driver.h"
#include "ui/models/live_feature_model.h"
#include "ui/plots/probability_bar.h"
#include "ui/widgets/raw_table_view.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

#include <set>

using namespace saeception;

class TestInspectorChanges : public QObject, InspectorPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { beginInspector("tst_inspector_changes"); }
    void cleanup() { endTest(); }

    void ablatingShowsWhatItDoesAtOnce() {
        open();
        type(QStringLiteral("The acting is superb."));
        const LiveSentence here = *column(0).sentence();
        const int feature = rows(0).featureIn(0);
        clickFeature(0, feature);
        QCOMPARE(find<QLineEdit>(0, "featureNumber").text(), QString::number(feature));
        QVERIFY(!has(0, "changedPrediction"));
        table(0).setFocus();
        QTest::keyClick(&table(0), Qt::Key_Delete);
        QTRY_VERIFY(has(0, "changedPrediction"));
        const std::vector<FeatureEdit> edits = {{feature, EditKind::Ablate, 0, -1}};
        QVERIFY(column(0).edits() == edits);
        const EditedPrediction expected = model(0).edit(here.ids, edits);
        QVERIFY(said(0, "changedPrediction").endsWith(percent(expected.probabilities, expected.prediction)));
        QVERIFY(said(0, "sentenceFacts")
                    .contains(QString::number(static_cast<double>(expected.logits[1]), 'f', 2)
                                  .replace(QLatin1Char('-'), QStringLiteral("−"))));
        QVERIFY(place(0, feature, LiveFeatureModel::Activation)
                    .data()
                    .toString()
                    .endsWith(QStringLiteral("→ 0")));
        QVERIFY(!has(1, "changedPrediction"));  // features of another cycle are others
        QCOMPARE(find<QTabBar>(0, "columnTabs").tabText(1), QStringLiteral("Changes (1)"));

        // The split follows.
        QTest::mouseClick(&find<QTabBar>(0, "columnTabs"), Qt::LeftButton, {},
                          find<QTabBar>(0, "columnTabs").tabRect(1).center());
        model(0).readValidation(index(0), {});
        const SplitEffect effect = model(0).editValidation(edits, {});
        QTRY_VERIFY(find<QLabel>(0, "validationWords")
                        .text()
                        .contains(QStringLiteral("validation sentences: accuracy")) ||
                    effect.touched == 0);
        QVERIFY(find<QLabel>(0, "validationWords")
                    .text()
                    .contains(QStringLiteral("%1 % → %2 %")
                                  .arg(QString::number(100 * effect.accuracyBefore, 'f', 1),
                                       QString::number(100 * effect.accuracyAfter, 'f', 1))));
        // The change stays with another sentence.
        type(QStringLiteral("The plot is dull."));
        QTRY_VERIFY(has(0, "changedPrediction"));
        const EditedPrediction other = model(0).edit(model(0).inspect("The plot is dull.").ids, edits);
        QVERIFY(said(0, "changedPrediction").endsWith(percent(other.probabilities, other.prediction)));
        // And goes by its button.
        QTest::mouseClick(&find<QToolButton>(0, "removeChange"), Qt::LeftButton);
        QVERIFY(column(0).edits().empty());
        QVERIFY(!has(0, "changedPrediction"));
        QVERIFY(
            find<QLabel>(0, "validationWords").text().startsWith(QStringLiteral("No feature is changed.")));
    }

    void scalingAndFixingAreSetInTheirRows() {
        open();
        type(QStringLiteral("The acting is superb."));
        const std::vector<std::int32_t> ids = column(1).sentence()->ids;
        auto& number = find<QLineEdit>(1, "featureNumber");
        // Any feature can be fixed, also one that is silent here.
        std::set<int> firing;
        for (int row = 0; row < rows(1).rowCount(); ++row)
            firing.insert(rows(1).featureIn(row));
        int silent = 0;
        while (firing.contains(silent))
            ++silent;
        QVERIFY(!find<QToolButton>(1, "fixFeature").isEnabled());
        number.setFocus();
        QTest::keyClicks(&number, QString::number(silent));
        QTest::mouseClick(&find<QToolButton>(1, "fixFeature"), Qt::LeftButton);
        QVERIFY(find<QWidget>(1, "featureChanges").isVisibleTo(m_page.get()));
        auto& value = find<QDoubleSpinBox>(1, "changeValue");
        value.setFocus();
        value.selectAll();
        QTest::keyClicks(&value, QStringLiteral("6.5"));
        QTest::keyClick(&value, Qt::Key_Return);
        const auto check = [&](const FeatureEdit& edit) {
            const std::vector<FeatureEdit> edits = {edit};
            QVERIFY(column(1).edits() == edits);
            const EditedPrediction expected = model(1).edit(ids, edits);
            QTRY_VERIFY(isIdle());
            const auto& found = find<ProbabilityBar>(1, "changedBar").probabilities();
            QCOMPARE(found.size(), std::size_t(2));
            QVERIFY(std::abs(found[0] - expected.probabilities[0]) < 1e-6);
        };
        check({silent, EditKind::Fix, 6.5, -1});
        auto& kind = find<QComboBox>(1, "changeKind");
        auto& where = find<QComboBox>(1, "changeWhere");
        where.setCurrentIndex(where.findData(2));
        check({silent, EditKind::Fix, 6.5, 2});
        QTRY_VERIFY(
            find<QLabel>(1, "validationWords").text().startsWith(QStringLiteral("Changes on a token")));
        kind.setCurrentIndex(kind.findData(int(EditKind::Scale)));
        check({silent, EditKind::Scale, 6.5, 2});
        kind.setCurrentIndex(kind.findData(int(EditKind::Ablate)));
        QVERIFY(!value.isVisibleTo(m_page.get()));
        // What holds for one token goes with its sentence.
        type(QStringLiteral("Another sentence."));
        QVERIFY(column(1).edits().empty());
        // The same feature is changed in one way only.
        find<QTabBar>(1, "columnTabs").setCurrentIndex(0);
        number.setText(QString::number(silent));
        QTest::mouseClick(&find<QToolButton>(1, "scaleFeature"), Qt::LeftButton);
        find<QTabBar>(1, "columnTabs").setCurrentIndex(0);
        QTest::mouseClick(&find<QToolButton>(1, "ablateFeature"), Qt::LeftButton);
        QCOMPARE(column(1).edits().size(), std::size_t(1));
        // A number that is no feature's changes nothing.
        number.clear();
        QTest::keyClicks(&number, QStringLiteral("99999"));
        QVERIFY(!find<QToolButton>(1, "fixFeature").isEnabled());
        QTest::keyClick(&number, Qt::Key_Return);
        QCOMPARE(column(1).edits().size(), std::size_t(1));
    }

    void aFlippedSentenceIsOpened() {
        open();
        const FeatureIndex features = index(0);
        // The feature that turns most predictions when it is fixed high.
        model(0).readValidation(features, {});
        int best = 0;
        std::size_t most = 0;
        for (int f = 0; f < features.featureCount(); ++f)
            if (const std::size_t flips =
                    model(0)
                        .editValidation(std::vector<FeatureEdit>{{f, EditKind::Fix, 12, -1}}, {})
                        .flips.size();
                flips > most) {
                most = flips;
                best = f;
            }
        QVERIFY(most > 0);
        find<QLineEdit>(0, "featureNumber").setText(QString::number(best));
        QTest::mouseClick(&find<QToolButton>(0, "fixFeature"), Qt::LeftButton);
        find<QDoubleSpinBox>(0, "changeValue").setValue(12);
        auto& flips = find<RawTableView>(0, "flips");
        QTRY_COMPARE(flips.model()->rowCount(), static_cast<int>(most));
        const SplitEffect effect =
            model(0).editValidation(std::vector<FeatureEdit>{{best, EditKind::Fix, 12, -1}}, {});
        QVERIFY(find<QLabel>(0, "validationWords")
                    .text()
                    .contains(most == 1 ? QStringLiteral("One prediction flips")
                                        : QStringLiteral("%1 predictions flip").arg(most)));
        flips.setFocus();
        flips.setCurrentIndex(flips.model()->index(0, 0));
        QTest::keyClick(&flips, Qt::Key_Return);
        QTRY_VERIFY(
            info().startsWith(QStringLiteral("validation sentence %1 ·").arg(effect.flips[0].example)));
        QTRY_VERIFY(has(0, "changedPrediction"));
        QVERIFY(said(0, "changedPrediction").startsWith(QStringLiteral("Changed: flips to ")));
    }

    void theSplitIsToldBesideTheFeaturesToo() {
        open();
        find<QLineEdit>(0, "featureNumber").setText(QStringLiteral("1"));
        QTest::mouseClick(&find<QToolButton>(0, "ablateFeature"), Qt::LeftButton);
        QCOMPARE(find<QTabBar>(0, "columnTabs").currentIndex(), 0);
        QTRY_VERIFY_WITH_TIMEOUT(said(0, "validationLine").startsWith(QStringLiteral("Validation: ")), 30000);
        QVERIFY(has(0, "validationLine"));
        find<QTabBar>(0, "columnTabs").setCurrentIndex(1);
        QVERIFY(!has(0, "validationLine"));
        QVERIFY(has(0, "ablateFeature"));  // another one can be changed from here
    }

    void aNumberBeyondTheAutoencoderIsSaid() {
        open();
        const QString beyond = QString::number(column(0).sentence()->featureCount);
        auto& number = find<QLineEdit>(0, "featureNumber");
        number.setFocus();
        QTest::keyClicks(&number, QStringLiteral("99999"));
        QVERIFY(!find<QToolButton>(0, "ablateFeature").isEnabled());
        QVERIFY2(number.text().isEmpty() ||
                     said(0, "shadingWords").contains(QStringLiteral("There is no feature")),
                 qPrintable(said(0, "shadingWords")));
        number.setText(beyond);
        QVERIFY(said(0, "shadingWords").contains(QStringLiteral("There is no feature ") + beyond));
    }

    void bringingACycleBackAsksAgain() {
        open();
        find<QLineEdit>(0, "featureNumber").setText(QStringLiteral("1"));
        QTest::mouseClick(&find<QToolButton>(0, "ablateFeature"), Qt::LeftButton);
        QTest::mouseClick(&find<QToolButton>("inspectCycle0"), Qt::LeftButton);
        QVERIFY(!column(0).isVisibleTo(m_page.get()));
        QTest::mouseClick(&find<QToolButton>("inspectCycle0"), Qt::LeftButton);
        QVERIFY(column(0).isVisibleTo(m_page.get()));
        QTRY_VERIFY_WITH_TIMEOUT(said(0, "validationLine").startsWith(QStringLiteral("Validation: ")), 30000);
        QTRY_VERIFY(has(0, "changedPrediction"));
    }
};

QTEST_MAIN(TestInspectorChanges)
#include "tst_inspector_changes.moc"
