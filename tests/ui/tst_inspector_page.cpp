// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspector: sentences picked and typed, tokens and features looked at from either side, cycles side by
// side.
#include "support/inspector_page_driver.h"
#include "support/live_run.h"
#include "ui/format.h"
#include "ui/jobs/run_features.h"
#include "ui/models/live_feature_model.h"
#include "ui/models/live_words.h"
#include "ui/pages/inspector_page.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

#include <set>

using namespace saeception;
namespace fs = std::filesystem;

class TestInspectorPage : public QObject, InspectorPageDriver {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { beginInspector("tst_inspector_page"); }
    void cleanup() { endTest(); }

    void beginsWithASentenceOfTheDataSet() {
        open();
        const FeatureIndex features = index(1);
        const IndexedSentence first = features.sentence(*features.positionOf(SplitKind::Validation, 0));
        for (const int cycle : {0, 1})
            check(cycle, model(cycle).inspect(first.tokens));
        QVERIFY(info().startsWith(QStringLiteral("validation sentence 0 · gold: ")));
        QCOMPARE(find<QPlainTextEdit>("inspectorText").toPlainText().trimmed(),
                 QString::fromStdString(features.sentenceText(*features.positionOf(SplitKind::Validation, 0)))
                     .trimmed());
        const bool right = first.prediction() == first.label;
        QCOMPARE(find<QLabel>(1, "outcome").text(),
                 right ? QStringLiteral("✓ right") : QStringLiteral("✗ wrong"));
    }

    void anythingTypedIsPutToEveryCycle() {
        open();
        type(QStringLiteral("The acting is superb."));
        for (const int cycle : {0, 1})
            check(cycle, model(cycle).inspect("The acting is superb."));
        QVERIFY(find<QLabel>(0, "outcome").text().isEmpty());  // nobody knows the truth
        // Without Enter it follows after a pause, and only the text that is there in the end.
        auto& edit = find<QPlainTextEdit>("inspectorText");
        edit.selectAll();
        QTest::keyClicks(&edit, QStringLiteral("The plot is dull and the jokes are worse."));
        QVERIFY(m_page->isLoading());
        QTRY_VERIFY(isIdle());
        for (const int cycle : {0, 1})
            check(cycle, model(cycle).inspect("The plot is dull and the jokes are worse."));
    }

    void anyTextWorks_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("note");
        QTest::newRow("empty") << QString() << QStringLiteral("Nothing is typed");
        QTest::newRow("spaces") << QStringLiteral("   ") << QStringLiteral("Nothing is typed");
        QTest::newRow("one word") << QStringLiteral("film") << QStringLiteral("token");
        QTest::newRow("long") << QStringLiteral("superb film ").repeated(4000)
                              << QStringLiteral("only the first 32 of ");
        QTest::newRow("lines") << QStringLiteral("a film\nof two lines") << QStringLiteral("tokens");
        QTest::newRow("Chinese") << QStringLiteral("这部电影很好看") << QStringLiteral("tokens");
        QTest::newRow("Arabic") << QStringLiteral("فيلم رائع") << QStringLiteral("tokens");
        QTest::newRow("emoji") << QStringLiteral("🎬👍🏽") << QStringLiteral("tokens");
        QTest::newRow("markup") << QStringLiteral("<b>bold</b> & <script>") << QStringLiteral("tokens");
        QTest::newRow("lone surrogate") << QString(QChar(0xD800)) << QStringLiteral("token");
    }

    void anyTextWorks() {
        QFETCH(QString, text);
        QFETCH(QString, note);
        open();
        m_page->showText(text);
        QTRY_VERIFY(isIdle());
        for (const int cycle : {0, 1})
            check(cycle, model(cycle).inspect(text.toStdString()));
        QVERIFY2(info().contains(note), qPrintable(info()));
        m_page->grab();
        if (tokens(0).tokenCount() > 1)
            clickToken(0, 1);
        for (int token = 0; token < tokens(0).tokenCount(); ++token) {
            const QString tip =
                tokenTip(*column(0).sentence(), token, {QStringLiteral("a"), QStringLiteral("b")});
            const QString shown =
                quotedToken(column(0).sentence()->tokens[static_cast<std::size_t>(token)].text);
            QVERIFY2(tip.contains(shown.toHtmlEscaped()), qPrintable(tip));
            QVERIFY(!tip.contains(QStringLiteral("<script")) && !tip.contains(QStringLiteral("“<")));
            // Right-to-left scripts leave the line as it is.
            QVERIFY(tip.contains(QChar(0x200E)));
        }
    }

    void tokensAndFeaturesPointAtEachOther() {
        open();
        type(QStringLiteral("The acting is superb and the jokes are dull."));
        const LiveSentence here = model(0).inspect("The acting is superb and the jokes are dull.");
        const int whole = rows(0).rowCount();
        const int wholeLater = rows(1).rowCount();
        const int token = 4;
        const std::size_t on = here.tokens[token].features.size();
        QVERIFY(on > 0 && static_cast<int>(on) < whole);
        // A token under the mouse: its features alone, in every cycle.
        QTest::mouseMove(tokens(0).viewport(), tokens(0).rectOf(token).center());
        QTRY_COMPARE(rows(0).rowCount(), static_cast<int>(on));
        QCOMPARE(tokens(1).hovered(), token);
        QVERIFY(rows(1).rowCount() < wholeLater);
        QCOMPARE(rows(0).rowOf(here.tokens[token].features[0].feature) >= 0, true);
        QVERIFY(find<QTabBar>(0, "columnTabs").tabText(0).startsWith(QStringLiteral("On “")));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(tokens(0).viewport(), &leave);
        QCOMPARE(rows(0).rowCount(), whole);
        QCOMPARE(tokens(1).hovered(), -1);
        // A feature under the mouse: where it fires.
        const int feature = here.tokens[token].features[0].feature;
        const QModelIndex at = place(0, feature);
        table(0).scrollTo(at);
        QTest::mouseMove(table(0).viewport(), table(0).visualRect(at).center());
        QTRY_VERIFY(said(0, "shadingWords").startsWith(QStringLiteral("Shaded: where %1").arg(feature)));
        QCoreApplication::sendEvent(table(0).viewport(), &leave);
        QVERIFY(said(0, "shadingWords").startsWith(QStringLiteral("Shaded: what each token")));
        const std::vector<QColor> shades = featureShades(here, feature);
        for (std::size_t t = 0; t < here.tokens.size(); ++t) {
            const auto& fires = here.tokens[t].features;
            QCOMPARE(shades[t].isValid(),
                     std::any_of(fires.begin(), fires.end(),
                                 [feature](const FeatureActivation& a) { return a.feature == feature; }));
        }
    }

    void aTokenIsPinnedByClickAndKeys() {
        open();
        type(QStringLiteral("The acting is superb."));
        const LiveSentence here = model(0).inspect("The acting is superb.");
        const int whole = rows(0).rowCount();
        clickToken(1, 2);
        QCOMPARE(tokens(0).pinned(), 2);
        QCOMPARE(rows(0).rowCount(), static_cast<int>(here.tokens[2].features.size()));
        tokens(0).setFocus();
        QTest::keyClick(&tokens(0), Qt::Key_Right);
        QCOMPARE(tokens(1).pinned(), 3);
        QCOMPARE(rows(0).rowCount(), static_cast<int>(here.tokens[3].features.size()));
        QTest::keyClick(&tokens(0), Qt::Key_Home);
        QCOMPARE(tokens(0).pinned(), 0);
        QCOMPARE(rows(0).rowCount(), 0);  // the first token is no SAE data here, which is said
        QVERIFY(in<QLabel>(table(0), "tableHint").isVisibleTo(m_page.get()));
        QVERIFY(
            in<QLabel>(table(0), "tableHint").text().contains(QStringLiteral("not part of the SAE's data")));
        QTest::keyClick(&tokens(0), Qt::Key_Escape);
        QCOMPARE(tokens(1).pinned(), -1);
        QCOMPARE(rows(0).rowCount(), whole);
        clickToken(0, 1);
        clickToken(0, 1);  // a second click lets go of it
        QCOMPARE(tokens(0).pinned(), -1);
    }

    void shadingIsChosen() {
        open();
        type(QStringLiteral("The acting is superb and the jokes are dull."));
        auto& shading = find<QComboBox>("inspectorShading");
        shading.setFocus();
        QTest::keyClick(&shading, Qt::Key_Down);
        QVERIFY(said(0, "shadingWords").contains(QStringLiteral("if the sentence ended there")));
        QVERIFY(said(1, "shadingWords").contains(QStringLiteral("if the sentence ended there")));
        const LiveSentence here = *column(0).sentence();
        const std::vector<QColor> reading = tokenShades(here, TokenShading::Reading);
        const std::vector<QColor> added = tokenShades(here, TokenShading::Contribution);
        QVERIFY(reading != added);
        for (const auto theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::instance().setChoice(theme);
            for (const int label : {0, 1})
                QVERIFY(contrastRatio(classShade(label, 1), Theme::instance().colours().text) >= 4.5);
        }
        Theme::instance().setChoice(ThemeChoice::Light);
        QVERIFY(!classShade(0, 0).isValid());
    }

    void theCounterpartIsMarkedInTheOtherCycle() {
        open();
        type(QStringLiteral("The acting is superb and the jokes are dull."));
        for (int row = 0; row < std::min(8, rows(0).rowCount()); ++row) {
            clickFeature(0, rows(0).featureIn(row));
            QTRY_VERIFY(m_features->matches(1) != nullptr);
            const int feature = rows(0).featureIn(row);
            const auto counterparts = m_features->matches(1)->before.of(feature);
            if (counterparts.empty())
                QTRY_COMPARE(said(1, "shadingWords"),
                             QStringLiteral("%1 of cycle 0 has died: nothing is like it here").arg(feature));
            else
                QTRY_VERIFY(
                    said(1, "shadingWords")
                        .startsWith(QStringLiteral("Shaded: where %1 fires, the counterpart of %2 of cycle 0")
                                        .arg(counterparts[0].feature)
                                        .arg(feature)));
        }
        table(0).setFocus();
        QTest::keyClick(&table(0), Qt::Key_Escape);
        for (const int cycle : {0, 1})
            QVERIFY(said(cycle, "shadingWords").startsWith(QStringLiteral("Shaded: what each token")));
    }

    void cyclesComeAndGo() {
        open();
        auto& first = find<QToolButton>("inspectCycle0");
        auto& second = find<QToolButton>("inspectCycle1");
        QVERIFY(first.isChecked() && second.isChecked());
        QTest::mouseClick(&first, Qt::LeftButton);
        QVERIFY(!column(0).isVisibleTo(m_page.get()));
        QTest::mouseClick(&second, Qt::LeftButton);  // the last one stays
        QVERIFY(second.isChecked() && column(1).isVisibleTo(m_page.get()));
        type(QStringLiteral("The acting is superb."));
        QTest::mouseClick(&first, Qt::LeftButton);
        QTRY_VERIFY(isIdle());
        check(0, model(0).inspect("The acting is superb."));
        // A cycle that is asked for comes into view.
        QTest::mouseClick(&first, Qt::LeftButton);
        m_page->showSentence(0, SplitKind::Train, 3);
        QTRY_VERIFY(isIdle());
        QVERIFY(column(0).isVisibleTo(m_page.get()));
        QVERIFY(info().startsWith(QStringLiteral("training sentence 3 ·")));
    }

    void sentencesArePicked() {
        open();
        QSignalSpy browse(m_page.get(), &InspectorPage::sentencesPageRequested);
        QTest::mouseClick(&find<QPushButton>("browseSentences"), Qt::LeftButton);
        QCOMPARE(browse.size(), 1);
        std::set<QString> seen;
        for (int i = 0; i < 12; ++i) {
            QTest::mouseClick(&find<QPushButton>("anotherSentence"), Qt::LeftButton);
            QTRY_VERIFY(isIdle());
            QVERIFY(info().startsWith(QStringLiteral("validation sentence ")));
            seen.insert(info());
        }
        QVERIFY(seen.size() > 1);
        m_page->showSentence(1, SplitKind::Validation, 987654);
        QTRY_VERIFY(isIdle());
        QCOMPARE(info(), QStringLiteral("Cycle 1 was indexed without that sentence."));
    }

    void aFeatureLeadsToItsPage() {
        open();
        QSignalSpy asked(m_page.get(), &InspectorPage::featureRequested);
        const int feature = rows(1).featureIn(0);
        QTest::mouseClick(table(1).viewport(), Qt::LeftButton, {},
                          table(1).visualRect(place(1, feature, LiveFeatureModel::Feature)).center());
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), 1);
        QCOMPARE(asked[0][1].toInt(), feature);
        table(1).setFocus();
        QTest::keyClick(&table(1), Qt::Key_Return);
        QCOMPARE(asked.size(), 2);
    }

    void whatCannotBeReadIsSaidInItsColumn() {
        fixture::copyRun(root(), root("broken"));
        const RunDirectory broken = RunDirectory::at(root("broken"));
        writeFile(broken.sae(0), "no checkpoint");
        writeFile(broken.features(1), "no index");
        open("broken");
        type(QStringLiteral("The acting is superb."));
        auto& message = find<QLabel>(0, "columnMessage");
        QVERIFY(message.isVisibleTo(m_page.get()));
        QVERIFY2(message.text().contains(QStringLiteral("sae")), qPrintable(message.text()));
        QVERIFY(!message.text().contains(QLatin1Char('\n')));
        // Without an index sentences are inspected all the same; only what needs it is not there.
        check(1, model(1).inspect("The acting is superb."));
        find<QLineEdit>(1, "featureNumber").setText(QStringLiteral("0"));
        QTest::mouseClick(&find<QToolButton>(1, "ablateFeature"), Qt::LeftButton);
        QTRY_VERIFY(has(1, "changedPrediction"));
        QVERIFY(find<QLabel>(1, "validationWords").text().contains(QStringLiteral("cannot be used")));
        QSignalSpy rebuild(m_page.get(), &InspectorPage::rebuildRequested);
        QTest::mouseClick(&find<QPushButton>("inspectorRebuild"), Qt::LeftButton);
        QCOMPARE(rebuild.size(), 1);
        QCOMPARE(rebuild[0][0].toInt(), 1);
    }

    void anotherRunBeginsAnew() {
        open();
        find<QLineEdit>(0, "featureNumber").setText(QStringLiteral("0"));
        QTest::mouseClick(&find<QToolButton>(0, "ablateFeature"), Qt::LeftButton);
        m_features->setRun({});
        QVERIFY(find<EmptyState>("inspectorState").isVisibleTo(m_page.get()));
        QCOMPARE(find<EmptyState>("inspectorState").title(), QStringLiteral("No run is open"));
        QSignalSpy launch(m_page.get(), &InspectorPage::launchPageRequested);
        QSignalSpy openRun(m_page.get(), &InspectorPage::openRequested);
        QTest::mouseClick(&find<QPushButton>("inspectorLaunch"), Qt::LeftButton);
        QCOMPARE(launch.size(), 1);
        QVERIFY(openRun.isEmpty());
        QTest::mouseClick(&find<QPushButton>("inspectorOpen"), Qt::LeftButton);
        QCOMPARE(openRun.size(), 1);
        QCOMPARE(launch.size() + openRun.size(), 2);
        fs::create_directories(root("empty") / ".hydra");
        writeFile(root("empty") / ".hydra" / "config.yaml", "seed: 42\n");
        m_features->setRun(root("empty"));
        QCOMPARE(find<EmptyState>("inspectorState").title(), QStringLiteral("No features yet"));
        m_features->setRun(root());
        QTRY_VERIFY(isIdle());
        QVERIFY(column(0).edits().empty());
        QVERIFY(info().startsWith(QStringLiteral("validation sentence 0")));
    }

    void nothingIsReadWhileThePageIsHidden() {
        m_features = std::make_unique<RunFeatures>();
        m_page = std::make_unique<InspectorPage>(m_features.get());
        m_features->setRun(root());
        QVERIFY(!m_page->isLoading());
        QCOMPARE(m_features->state(0), RunFeatures::State::Unread);
        m_page->showSentence(1, SplitKind::Train, 5);
        QTRY_COMPARE(m_features->state(1), RunFeatures::State::Ready);
        m_page->show();
        QTRY_VERIFY(isIdle());
        QVERIFY(info().startsWith(QStringLiteral("training sentence 5 ·")));
    }

    void saysWhatTheMarginIsMadeOf() {
        open();
        type(QStringLiteral("The acting is superb."));
        const LiveSentence here = model(0).inspect("The acting is superb.");
        const int sign = here.prediction == 1 ? 1 : -1;
        const auto figure = [](double value) {
            return std::abs(value) < 0.005 ? QStringLiteral("0.00") : signedFigure(value, 2);
        };
        QCOMPARE(said(0, "contributionSum"),
                 QStringLiteral("To %1 %2: features %3, rest %4, error %5")
                     .arg(QString::fromStdString(here.classNames[1]), figure(sign * here.margin),
                          figure(sign * here.fromFeatures), figure(sign * here.rest()),
                          figure(sign * here.fromError)));
        // Of one token alone no variance is explained.
        type(QStringLiteral("a"));
        QVERIFY(!said(0, "explainedVariance").contains(QStringLiteral("nan"), Qt::CaseInsensitive));
    }

    void anIndexOfOtherWeightsIsFollowed() {
        fixture::copyRun(root(), root("retrained"));
        open("retrained");
        type(QStringLiteral("The acting is superb."));
        const auto before = column(1).sentence();
        // Cycle 1 becomes what cycle 0 was.
        const RunDirectory run = RunDirectory::at(root("retrained"));
        for (const auto& [from, to] :
             {std::pair(run.model(0), run.model(1)), std::pair(run.sae(0), run.sae(1))})
            writeFile(to, readFile(from));
        fs::remove_all(run.features(1).parent_path());
        fs::copy(run.features(0).parent_path(), run.features(1).parent_path(), fs::copy_options::recursive);
        m_features->reload();
        QTRY_VERIFY(column(1).sentence() && column(1).sentence() != before &&
                    column(1).sentence()->logits == column(0).sentence()->logits);
    }

    void fitsASmallWindowInBothThemes() {
        open();
        QVERIFY(m_page->minimumSizeHint().width() <= 860);
        QVERIFY2(m_page->minimumSizeHint().height() <= 560,
                 qPrintable(QString::number(m_page->minimumSizeHint().height())));
        m_page->resize(860, 560);
        Theme::instance().setChoice(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        m_page->grab();
        Theme::instance().setChoice(ThemeChoice::Light);
        QCoreApplication::processEvents();
        QVERIFY(table(0).viewport()->height() > 60);
    }
};

QTEST_MAIN(TestInspectorPage)
#include "tst_inspector_page.moc"
