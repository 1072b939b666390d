// SPDX-License-Identifier: GPL-3.0-or-later
// Models at work off the window's thread: answers equal to those of the model at hand, the latest question
// alone answered, models let go and read again.
#include "cycle/cycle_features.h"
#include "support/live_run.h"
#include "ui/jobs/live_models.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;
using Sentence = std::shared_ptr<const LiveSentence>;

Q_DECLARE_METATYPE(Sentence)
Q_DECLARE_METATYPE(std::shared_ptr<const saeception::SplitEffect>)

class TestLiveModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<LiveModels> m_models;
    std::map<int, std::vector<Sentence>> m_inspected;
    std::map<int, std::vector<EditedPrediction>> m_edited;
    std::map<int, std::vector<std::shared_ptr<const SplitEffect>>> m_effects;
    std::map<int, QStringList> m_failures;
    std::map<int, QStringList> m_editFailures;
    std::map<int, QStringList> m_validationFailures;
    int m_steps = 0;

    fs::path root(const char* name = "run") const {
        return m_folder.filePath(QLatin1String(name)).toStdString();
    }
    std::shared_ptr<const LiveModel> atHand(int cycle) const {
        return LiveModel::load(RunDirectory::at(root()), cycle, 1);
    }
    std::shared_ptr<const FeatureIndex> index(int cycle) const {
        return std::make_shared<const FeatureIndex>(openCycleFeatures(RunDirectory::at(root()), cycle));
    }

private Q_SLOTS:
    void initTestCase() { fixture::trainLiveRun(root()); }
    void init() {
        for (auto* told : {&m_failures, &m_editFailures, &m_validationFailures})
            told->clear();
        m_inspected.clear();
        m_edited.clear();
        m_effects.clear();
        m_steps = 0;
        m_models = std::make_unique<LiveModels>();
        connect(m_models.get(), &LiveModels::inspected, this,
                [this](int cycle, const Sentence& sentence) { m_inspected[cycle].push_back(sentence); });
        connect(m_models.get(), &LiveModels::edited, this,
                [this](int cycle, const EditedPrediction& edited) { m_edited[cycle].push_back(edited); });
        connect(m_models.get(), &LiveModels::validated, this,
                [this](int cycle, const std::shared_ptr<const SplitEffect>& effect) {
                    m_effects[cycle].push_back(effect);
                });
        connect(m_models.get(), &LiveModels::validationProgress, this, [this] { ++m_steps; });
        connect(m_models.get(), &LiveModels::failed, this,
                [this](int cycle, const QString& line) { m_failures[cycle] << line; });
        connect(m_models.get(), &LiveModels::editFailed, this,
                [this](int cycle, const QString& line) { m_editFailures[cycle] << line; });
        connect(m_models.get(), &LiveModels::validationFailed, this,
                [this](int cycle, const QString& line) { m_validationFailures[cycle] << line; });
        m_models->setRun(root());
    }
    void cleanup() { m_models.reset(); }

    void answersAsTheModelAtHandDoes() {
        const std::vector<FeatureEdit> edits = {{3, EditKind::Fix, 4, -1}};
        for (const int cycle : {0, 1}) {
            m_models->inspect(cycle, {"The film is superb.", {}});
            QVERIFY(m_models->isWorking());
            QTRY_COMPARE(m_inspected[cycle].size(), std::size_t(1));
            QVERIFY(!m_models->isWorking());
            const LiveSentence expected = atHand(cycle)->inspect("The film is superb.");
            const LiveSentence& found = *m_inspected[cycle].front();
            QCOMPARE(found.cycle, cycle);
            QVERIFY(found.ids == expected.ids && found.logits == expected.logits);
            m_models->edit(cycle, found.ids, edits);
            QTRY_COMPARE(m_edited[cycle].size(), std::size_t(1));
            QVERIFY(m_edited[cycle].front().logits == atHand(cycle)->edit(found.ids, edits).logits);
            QVERIFY(m_edited[cycle].front().logits != found.logits);
        }
        QVERIFY(m_failures.empty());
    }

    void tokensAreReadAsTheyAre() {
        const std::shared_ptr<const FeatureIndex> features = index(1);
        const IndexedSentence sentence = features->sentence(0);
        m_models->inspect(1, {"something else", {sentence.tokens.begin(), sentence.tokens.end()}});
        QTRY_COMPARE(m_inspected[1].size(), std::size_t(1));
        QVERIFY(std::equal(sentence.tokens.begin(), sentence.tokens.end(),
                           m_inspected[1].front()->ids.begin(), m_inspected[1].front()->ids.end()));
        for (std::size_t c = 0; c < sentence.logits.size(); ++c)
            QVERIFY(std::abs(m_inspected[1].front()->logits[c] - sentence.logits[c]) < 1e-4F);
    }

    void onlyTheLatestQuestionIsAnswered() {
        for (const char* text : {"one", "two", "three", "The last one counts."})
            m_models->inspect(0, {text, {}});
        const Sentence expected =
            std::make_shared<const LiveSentence>(atHand(0)->inspect("The last one counts."));
        QTRY_VERIFY(!m_models->isWorking());
        QCOMPARE(m_inspected[0].size(), std::size_t(1));
        QVERIFY(m_inspected[0].front()->ids == expected->ids);

        // An edit of the sentence before goes with it.
        m_models->edit(0, expected->ids, {{}});
        m_models->inspect(0, {"Another one.", {}});
        QTRY_VERIFY(!m_models->isWorking());
        QVERIFY(m_edited[0].empty());
        QCOMPARE(m_inspected[0].size(), std::size_t(2));
        m_models->edit(0, expected->ids, {{}});
        m_models->forgetEdit(0);
        QTRY_VERIFY(!m_models->isWorking());
        QVERIFY(m_edited[0].empty());
    }

    void theSplitIsFollowedInTheBackground() {
        const std::vector<FeatureEdit> edits = {{3, EditKind::Fix, 8, -1}};
        m_models->editValidation(0, index(0), {{1, EditKind::Fix, 8, -1}});
        m_models->editValidation(0, index(0), edits);
        m_models->inspect(0, {"Meanwhile.", {}});
        QTRY_COMPARE(m_inspected[0].size(), std::size_t(1));
        QTRY_COMPARE(m_effects[0].size(), std::size_t(1));
        QVERIFY(m_steps > 0);
        const std::shared_ptr<const LiveModel> model = atHand(0);
        model->readValidation(*index(0), {});
        const SplitEffect expected = model->editValidation(edits, {});
        QCOMPARE(m_effects[0].front()->accuracyAfter, expected.accuracyAfter);
        QCOMPARE(m_effects[0].front()->flips.size(), expected.flips.size());
        m_models->editValidation(0, index(0), {{1, EditKind::Fix, 8, -1}});
        m_models->forgetValidation(0);
        m_models->editValidation(1, index(1), edits);
        QTRY_COMPARE(m_effects[1].size(), std::size_t(1));
        QCOMPARE(m_effects[0].size(), std::size_t(1));
        QVERIFY(m_validationFailures.empty());
    }

    void whatIsWrongIsSaidInOneLine() {
        m_models->inspect(7, {"There is no such cycle.", {}});
        QTRY_COMPARE(m_failures[7].size(), 1);
        QVERIFY(!m_failures[7].front().contains(QLatin1Char('\n')));
        QVERIFY(!m_failures[7].front().isEmpty());
        m_models->edit(0, {1, 2}, {{100000, EditKind::Ablate, 0, -1}});
        QTRY_COMPARE(m_editFailures[0].size(), 1);
        QVERIFY(m_failures[0].isEmpty());  // the sentence itself stands
        m_models->editValidation(0, index(0), {{100000, EditKind::Ablate, 0, -1}});
        QTRY_COMPARE(m_validationFailures[0].size(), 1);
        // That does not keep others from being answered.
        m_models->inspect(0, {"Well.", {}});
        QTRY_COMPARE(m_inspected[0].size(), std::size_t(1));
    }

    void anotherRunAnswersNothingOfTheOneBefore() {
        m_models->inspect(0, {"Never mind.", {}});
        m_models->editValidation(0, index(0), {{3, EditKind::Fix, 8, -1}});
        m_models->setRun(root("none"));
        m_models->inspect(0, {"Nobody is here.", {}});
        QTRY_COMPARE(m_failures[0].size(), 1);
        QVERIFY(m_inspected[0].empty() && m_effects[0].empty());
        m_models->setRun(root());
        m_models->inspect(0, {"Back again.", {}});
        m_models->inspect(1, {"Not this one.", {}});
        m_models->keepOnly({0});
        QTRY_VERIFY(!m_models->isWorking());
        QCOMPARE(m_inspected[0].size(), std::size_t(1));
        QVERIFY(m_inspected[1].empty());
    }

    void aModelWhoseFilesChangeIsReadAgain() {
        fixture::copyRun(root(), root("copy"));
        const RunDirectory copy = RunDirectory::at(root("copy"));
        m_models->setRun(root("copy"));
        m_models->inspect(0, {"The film is superb.", {}});
        QTRY_COMPARE(m_inspected[0].size(), std::size_t(1));
        fs::remove(copy.model(0));
        m_models->inspect(0, {"The film is superb.", {}});
        QTRY_COMPARE(m_failures[0].size(), 1);
        fs::copy_file(copy.model(1), copy.model(0));
        m_models->inspect(0, {"The film is superb.", {}});
        QTRY_COMPARE(m_inspected[0].size(), std::size_t(2));
        QVERIFY(m_inspected[0][0]->logits != m_inspected[0][1]->logits);
    }
};

QTEST_GUILESS_MAIN(TestLiveModels)
#include "tst_live_models.moc"
