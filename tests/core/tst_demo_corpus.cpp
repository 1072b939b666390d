// SPDX-License-Identifier: GPL-3.0-or-later
// The demo corpus: its labels follow from its sentences, its concepts cover the right words, and no word
// gives it away.
#include "base/error.h"
#include "base/files.h"
#include "base/install_paths.h"
#include "data/dataset.h"
#include "data/demo_lexicon.h"
#include "support/demo_reader.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

using namespace saeception;

namespace {

ExperimentConfig demoConfig(std::int64_t seed = 42) {
    ExperimentConfig config;
    config.seed = seed;
    config.dataset.name = "demo";
    config.dataset.format = "demo";
    return config;
}

}  // namespace

class TestDemoCorpus : public QObject {
    Q_OBJECT

private:
    Dataset m_dataset;

    int conceptId(const std::string& name) const {
        const auto& names = m_dataset.conceptNames;
        return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
    }

private Q_SLOTS:
    void initTestCase() { m_dataset = loadDataset(demoConfig()); }

    void isLargeDistinctAndDisjoint() {
        QVERIFY(m_dataset.train.size() >= 8000);
        QVERIFY(m_dataset.validation.size() >= 1000);
        std::set<std::string> texts;
        for (const Split* split : {&m_dataset.train, &m_dataset.validation})
            for (const Example& example : *split)
                QVERIFY2(texts.insert(example.text).second, example.text.c_str());
    }

    void isBalancedInEveryPrefix() {
        for (const Split* split : {&m_dataset.train, &m_dataset.validation}) {
            int lead = 0;
            for (const Example& example : *split) {
                QVERIFY(example.label == 0 || example.label == 1);
                lead += example.label == 1 ? 1 : -1;
                QVERIFY(std::abs(lead) <= 1);
            }
        }
    }

    void isFixedBySeed() {
        const Dataset again = loadDataset(demoConfig());
        const Dataset other = loadDataset(demoConfig(43));
        std::size_t same = 0;
        for (std::size_t i = 0; i < m_dataset.train.size(); ++i) {
            QCOMPARE(again.train[i].text, m_dataset.train[i].text);
            QCOMPARE(again.train[i].label, m_dataset.train[i].label);
            same += other.train[i].text == m_dataset.train[i].text;
        }
        QVERIFY(same < m_dataset.train.size() / 10);
    }

    void labelsFollowFromTheSentences() {
        const Reader reader(m_dataset);
        for (const Split* split : {&m_dataset.train, &m_dataset.validation})
            for (const Example& example : *split)
                QVERIFY2(reader.label(example) == example.label, example.text.c_str());
    }

    void noSingleWordGivesTheLabelAway() {
        std::map<std::string, std::array<int, 2>> counts;
        for (const Example& example : m_dataset.train)
            for (const std::string& word : bagOf(example))
                ++counts[word][static_cast<std::size_t>(example.label)];
        const auto size = static_cast<double>(m_dataset.train.size());
        double best = 0.0;
        for (const auto& [word, count] : counts)
            best = std::max(best, 0.5 + std::abs(count[0] - count[1]) / size);
        qInfo("best single word: %.3f", best);
        QVERIFY(best < 0.65);
    }

    void opinionWordsAloneTellLittle() {
        double right = 0.0;
        for (const Example& example : m_dataset.train) {
            int lead = 0;
            for (const ConceptSpan& span : example.concepts)
                lead += (span.conceptId == conceptId("positive")) - (span.conceptId == conceptId("negative"));
            right += lead == 0 ? 0.5 : (lead > 0) == (example.label == 1) ? 1.0 : 0.0;
        }
        const double accuracy = right / static_cast<double>(m_dataset.train.size());
        qInfo("majority of the opinion words: %.3f", accuracy);
        QVERIFY(accuracy < 0.72);
        QVERIFY(accuracy > 0.55);  // but enough for training to take hold
    }

    void bagsOfWordsTellLittle() {
        const double naive = naiveBayesAccuracy(m_dataset);
        const double logistic = bagOfWordsAccuracy(m_dataset);
        qInfo("naive Bayes: %.3f, logistic regression: %.3f", naive, logistic);
        QVERIFY(naive < 0.75);
        QVERIFY(logistic < 0.75);
    }

    void sentencesVary() {
        std::map<std::size_t, int> lengths;
        std::set<std::vector<std::uint16_t>> skeletons;
        for (const Example& example : m_dataset.train) {
            ++lengths[static_cast<std::size_t>(std::count(example.text.begin(), example.text.end(), ' ')) +
                      1];
            std::vector<std::uint16_t> skeleton;
            for (const ConceptSpan& span : example.concepts)
                skeleton.push_back(span.conceptId);
            skeletons.insert(skeleton);
        }
        QVERIFY(lengths.begin()->first >= 4);
        QVERIFY(lengths.rbegin()->first <= 25);
        QVERIFY(lengths.begin()->first <= 5 && lengths.rbegin()->first >= 20);
        QVERIFY(skeletons.size() > 500);
    }

    void sentencesAreWellFormed() {
        const QRegularExpression wrongA("\\b[Aa] (?!one-note|useful|useless|unique)[aeiou]");
        const QRegularExpression wrongAn("\\b[Aa]n (?!honest|hour)[^aeiou]");
        const QRegularExpression spacing("  | [,.;]|[,;][^ ]|^[^A-Z]|[^.]$|\\.[^$]|[{}\\[\\]|=~?@]");
        for (const Example& example : m_dataset.train) {
            const QString text = QString::fromStdString(example.text);
            QVERIFY2(!wrongA.match(text).hasMatch(), example.text.c_str());
            QVERIFY2(!wrongAn.match(text).hasMatch(), example.text.c_str());
            QVERIFY2(!spacing.match(text).hasMatch(), example.text.c_str());
        }
    }

    void verbsAgreeWithTheirNouns() {
        const DemoLexicon lexicon = loadDemoLexicon(dataDirectory("demo") / "lexicon.yaml");
        std::map<NounNumber, QStringList> nouns;
        for (const DemoAspect& aspect : lexicon.aspects)
            for (const DemoNoun& noun : aspect.nouns)
                nouns[noun.number] << QRegularExpression::escape(QString::fromStdString(noun.text));
        const QString one = (nouns[NounNumber::Singular] + nouns[NounNumber::Mass]).join('|');
        const QString many = nouns[NounNumber::Plural].join('|');
        // "everything about the songs is": there the verb belongs to another word.
        const QRegularExpression wrong(
            QString("(?<!about )\\b(the ((%1) (are|do)|(%2) (is|does))|an? (%2)|an? (%3))\\b")
                .arg(one, many, nouns[NounNumber::Mass].join('|')),
            QRegularExpression::CaseInsensitiveOption);
        QVERIFY(wrong.isValid());
        QVERIFY(wrong.match("The songs is dull.").hasMatch());
        QVERIFY(wrong.match("The acting do not shine.").hasMatch());
        for (const Example& example : m_dataset.train)
            QVERIFY2(!wrong.match(QString::fromStdString(example.text)).hasMatch(), example.text.c_str());
    }

    void conceptsLieOnWords() {
        for (const Split* split : {&m_dataset.train, &m_dataset.validation})
            for (const Example& example : *split) {
                QVERIFY(!example.concepts.empty());
                std::uint32_t last = 0;
                for (const ConceptSpan& span : example.concepts) {
                    QVERIFY(span.begin >= last && span.begin < span.end && span.end <= example.text.size());
                    QVERIFY(isWordByte(example.text[span.begin]) && isWordByte(example.text[span.end - 1]));
                    QVERIFY(span.begin == 0 || !isWordByte(example.text[span.begin - 1]));
                    QVERIFY(span.end == example.text.size() || !isWordByte(example.text[span.end]));
                    QVERIFY(span.conceptId < m_dataset.conceptNames.size());
                    last = span.end;
                }
            }
    }

    void aPhraseHasOneConcept() {
        std::map<std::string, std::uint16_t> known;
        for (const Example& example : m_dataset.train)
            for (const ConceptSpan& span : example.concepts) {
                const std::string phrase = lowered(example.text.substr(span.begin, span.end - span.begin));
                QVERIFY2(known.emplace(phrase, span.conceptId).first->second == span.conceptId,
                         phrase.c_str());
            }
        QVERIFY(known.size() > 300);
        for (const auto& [phrase, name] :
             std::map<std::string, std::string>{{"acting", "acting"},
                                                {"plot", "plot"},
                                                {"score", "music"},
                                                {"camerawork", "visuals"},
                                                {"editing", "pacing"},
                                                {"jokes", "humour"},
                                                {"director", "direction"},
                                                {"banter", "dialogue"},
                                                {"villain", "characters"},
                                                {"finale", "ending"},
                                                {"movie", "film"},
                                                {"thriller", "genre"},
                                                {"scene", "moment"},
                                                {"critics", "audience"},
                                                {"from start to finish", "time"},
                                                {"superb", "positive"},
                                                {"comes alive", "positive"},
                                                {"dull", "negative"},
                                                {"fall flat", "negative"},
                                                {"never", "negation"},
                                                {"without", "negation"},
                                                {"truly", "intensifier"},
                                                {"often", "frequency"},
                                                {"but", "contrast"},
                                                {"despite", "contrast"},
                                                {"and", "addition"},
                                                {"on balance", "stance"},
                                                {"than expected", "comparison"}}) {
            QVERIFY2(known.contains(phrase), phrase.c_str());
            QCOMPARE(m_dataset.conceptNames[known.at(phrase)], name);
        }
    }

    void everyNegationAndContrastIsMarked() {
        const QRegularExpression words(
            "\\b(not|never|no|nobody|nothing|hardly|scarcely|rarely|seldom|without|far from|few people|"
            "anything but|but|yet|however|although|though|while|despite)\\b",
            QRegularExpression::CaseInsensitiveOption);
        for (const Example& example : m_dataset.train) {
            auto found = words.globalMatch(QString::fromStdString(example.text));
            while (found.hasNext()) {
                const auto match = found.next();
                const bool marked =
                    std::any_of(example.concepts.begin(), example.concepts.end(), [&](const ConceptSpan& s) {
                        return s.begin <= static_cast<std::uint32_t>(match.capturedStart()) &&
                               s.end >= static_cast<std::uint32_t>(match.capturedEnd()) &&
                               (s.conceptId == conceptId("negation") || s.conceptId == conceptId("contrast"));
                    });
                QVERIFY2(marked, example.text.c_str());
            }
        }
    }

    void everyConceptIsFrequent() {
        QVERIFY(m_dataset.conceptNames.size() >= 14 && m_dataset.conceptNames.size() <= 64);
        std::vector<int> counts(m_dataset.conceptNames.size(), 0);
        for (const Example& example : m_dataset.train)
            for (const ConceptSpan& span : example.concepts)
                ++counts[span.conceptId];
        for (std::size_t i = 0; i < counts.size(); ++i)
            QVERIFY2(counts[i] >= 100, m_dataset.conceptNames[i].c_str());
    }

    void limitAndClassNamesHold() {
        ExperimentConfig config = demoConfig();
        config.dataset.limit = 100;
        const Dataset small = loadDataset(config);
        QCOMPARE(small.train.size(), std::size_t(100));
        QCOMPARE(small.train[99].text, m_dataset.train[99].text);
        QCOMPARE(small.validation.size(), m_dataset.validation.size());
        QCOMPARE(small.name, std::string("demo"));
        config.dataset.numClasses = 3;
        config.dataset.classNames = {"a", "b", "c"};
        QVERIFY_EXCEPTION_THROWN(loadDataset(config), UserError);
    }

    void damagedFilesAreNamed_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("find");
        QTest::addColumn<QString>("replaceBy");
        QTest::addColumn<QString>("message");
        const QString lexicon = "lexicon.yaml";
        const QString grammar = "grammar.yaml";
        QTest::newRow("not YAML") << lexicon << "words:\n"
                                  << "words: [\n"
                                  << "lexicon.yaml:";
        QTest::newRow("no concept") << lexicon << "concepts: [acting, "
                                    << "concepts: ["
                                    << "'acting' is not among the concepts";
        QTest::newRow("open bracket") << lexicon << "[falls|fall] flat"
                                      << "[falls fall] flat"
                                      << "without | and ]";
        QTest::newRow("no list") << grammar << "{stance}"
                                 << "{stand}"
                                 << "grammar.yaml:20: there is no word list 'stand'";
        QTest::newRow("no rule") << grammar << "{@simple=}"
                                 << "{@simpel=}"
                                 << "there is no rule 'simpel'";
        QTest::newRow("no sign") << grammar << "{@simple=}"
                                 << "{@simple}"
                                 << "write = or ~ after it";
        QTest::newRow("sign too many") << grammar << "{audience}"
                                       << "{audience=}"
                                       << "has no polarity";
        QTest::newRow("percentage") << grammar << "{time?15}"
                                    << "{time?often}"
                                    << "a number from 0 to 100";
        QTest::newRow("weight") << grammar << "weight: 40"
                                << "weight: heavy"
                                << "an integer of at least 1 is expected";
        QTest::newRow("endless") << grammar << "{weight: 1, about: [film], text: \"the {noun} {verb=}\"}"
                                 << "{weight: 1, text: \"{@filmVerb=}\"}"
                                 << "refers to itself without end";
        QTest::newRow("too narrow") << grammar << "most: 25"
                                    << "most: 4"
                                    << "distinct sentences of 4 to 4 words";
        QTest::newRow("no root") << grammar << "root: sentence"
                                 << "root: text"
                                 << "there is no rule 'text'";
    }
    void damagedFilesAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, find);
        QFETCH(QString, replaceBy);
        QFETCH(QString, message);
        QTemporaryDir folder;
        const std::filesystem::path copy = std::filesystem::path(folder.path().toStdString()) / "demo";
        std::filesystem::copy(std::filesystem::canonical(dataDirectory("demo")), copy);
        QString text = QString::fromStdString(readFile(copy / file.toStdString()));
        QVERIFY(text.contains(find));
        writeFile(copy / file.toStdString(), text.replace(find, replaceBy).toStdString());
        qputenv("SAECEPTION_DATA_DIR", folder.path().toUtf8());
        const auto restore = qScopeGuard([] { qunsetenv("SAECEPTION_DATA_DIR"); });
        try {
            loadDataset(demoConfig());
        } catch (const UserError& error) {
            QVERIFY2(QString(error.what()).contains(message), error.what());
            QVERIFY2(!QString(error.what()).contains('\n'), error.what());
            return;
        }
        QFAIL("loading must fail");
    }
};

QTEST_GUILESS_MAIN(TestDemoCorpus)
#include "tst_demo_corpus.moc"
