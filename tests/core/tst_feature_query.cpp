// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing features by a line of words, searching their sentences, what is written about them, and reports.
#include "base/files.h"
#include "features/feature_export.h"
#include "features/feature_labels.h"
#include "features/feature_query.h"
#include "features/sentence_search.h"
#include "support/expect_error.h"
#include "support/feature_fixture.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace saeception;
namespace fs = std::filesystem;

class TestFeatureQuery : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<FeatureIndex> m_index;
    std::unique_ptr<SentenceSearch> m_search;
    FeatureLabels m_labels;

    fs::path path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    std::string exported(const std::vector<int>& features, ExportFormat format, int sentences = 1,
                         const std::string& title = {}) const {
        std::string text;
        exportFeatures({*m_index, features, m_labels, sentences, title}, format,
                       [&](std::string_view part) { text += part; });
        return text;
    }
    QString found(const std::string& text) const {
        const std::vector<std::uint8_t> wanted =
            FeatureQuery::parse(text, *m_index).matches(*m_index, m_labels, *m_search);
        QStringList numbers;
        for (std::size_t f = 0; f < wanted.size(); ++f)
            if (wanted[f] != 0)
                numbers << QString::number(f);
        return numbers.join(QLatin1Char(' '));
    }

private Q_SLOTS:
    void initTestCase() {
        fixture::writeIndex(path("index.safetensors"), 2);
        m_index = std::make_unique<FeatureIndex>(FeatureIndex::open(path("index.safetensors")));
        m_search = std::make_unique<SentenceSearch>(*m_index);
        m_labels[0] = {"Wonderful words", "fires on praise", true, {"to show", "Praise"}};
        m_labels[3] = {"Film ÉTÉ", "", false, {"to show", "Gefühl"}};
        m_labels[900] = {"of another index", "", false, {}};
    }

    void wantsWhatItSays_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("features");
        const auto row = [](const char* query, const char* features) {
            QTest::newRow(query) << query << features;
        };
        row("", "0 1 2 3 4 5");
        row("alive", "0 1 3 5");
        row("dead", "2 4");
        row("-alive", "2 4");
        row("!dead", "0 1 3 5");
        row("-dead max>3", "0 1");
        row("max>=3", "0 1 3");
        row("max>2 max<=4", "1 3");
        row("MAX=8", "0");
        row("feature=4", "4");
        row("feature<2", "0 1");
        row("density>1%", "0 1 3");
        row("density>0.01", "0 1 3");
        row("fires>0.002k", "0 3");
        row("csi>0.99", "0 1 5");
        row("logdensity<-1.9", "5");
        row("median>3.5", "0");
        row("class:positive", "0 3 5");
        row("class:Negative", "1");
        row("favours:positive", "0 5");
        row("effect>0.3", "0");
        row("effect<-0.2", "1");
        row("effect:negative>0", "1");
        row("effect:positive<0", "1");
        row("mean:negative>0.01", "1 3");
        row("starred", "0");
        row("-starred labelled", "3");
        row("label:WONDER", "0");
        row("label:\"wonderful words\"", "0");
        row("note:praise", "0");
        row("label:été", "3");
        row("list:GEFÜHL", "3");
        row("list:\"to show\"", "0 3");
        row("list:praise", "0");
        row("list:show", "");
        row("text:\"a won\"", "0 3");
        row("text:DULL", "1 3");
        row("token:won", "0");
        row("token:nowhere", "");
        row("raises:splendid", "0 1 3 5");
        row("lowers:splendid", "");
        row("max = 8", "0");
        row("max >=3 alive", "0 1 3");
        row("feature< 2 alive", "0 1");
        row("effect:negative > 0", "1");
        row("#4", "4");
        row("4", "4");
        row("99", "");
        row("feature:4", "4");
        row("max>=3 and alive", "0 1 3");
        row("alive \"or\"", "0");
        row("p25=0.995", "");
        row("near:0", "3 5");
        row("near:1", "");
        row("with:0", "");
        row("wonderful", "0 3");
        row("\"film is\"", "0 5");
        row("praise", "0");
        row("-praise alive", "1 3 5");
        row("nothing like it", "");
        row("3:15", "");
        row("  alive \t max>7 ", "0");
    }
    void wantsWhatItSays() {
        QFETCH(QString, query);
        QFETCH(QString, features);
        QCOMPARE(found(query.toStdString()), features);
    }

    void saysWhatIsWrongInOneLine_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* query, const char* words) { QTest::newRow(query) << query << words; };
        row("densty>1%", "Did you mean 'density'?");
        row("max>", "needs a number after 'max>'");
        row("max>few", "for instance max>0.05");
        row("max>1%%", "needs a number");
        row("class:postive", "Did you mean 'positive'?");
        row("class:", "something after 'class:'");
        row("clas:positive", "Did you mean 'class'?");
        row("effect:neutral>1", "no class 'neutral'");
        row("near:17", "0 to 5");
        row("#6", "0 to 5");
        row("feature:x", "0 to 5");
        row("alive or dead", "there is no 'or'");
        row("effect:positive", "needs a comparison, for instance effect:positive>0.2");
        row("density:1%", "is compared, for instance density>0.2");
        row("a=b", "put it in quotation marks");
        row("near:x", "0 to 5");
        row("concept:negation", "none is known here");
        row("label:\"open", "closing quotation mark");
    }
    void saysWhatIsWrongInOneLine() {
        QFETCH(QString, query);
        QFETCH(QString, words);
        const QString error =
            QString::fromStdString(errorOf([&] { FeatureQuery::parse(query.toStdString(), *m_index); }));
        QVERIFY2(error.contains(words), qPrintable(error));
        QVERIFY(!error.contains(QLatin1Char('\n')));
    }

    void searchesTextsWhateverTheirCase() {
        const auto count = [&](const std::string& text) {
            const auto marks = m_search->find(text);
            return std::count(marks.begin(), marks.end(), 1);
        };
        QCOMPARE(count(""), 4);
        QCOMPARE(count("WONDERFUL film!"), 1);
        QCOMPARE(count("film"), 4);
        QCOMPARE(count("<B>"), 1);
        QCOMPARE(count(".*"), 0);
        QCOMPARE(count("A won"), 1);
        // The end of one sentence and the beginning of the next are no text.
        QCOMPARE(count("!A"), 0);
        QCOMPARE(count(std::string("won\0x", 5)), 2);
    }

    void labelsAreKeptByAutoencoder() {
        const fs::path root = path("run");
        QVERIFY(loadFeatureLabels(root, "sae A").empty());
        saveFeatureLabel(root, "sae A", 0, 3, {"Film", "both\nclasses", true, {"a", "b"}});
        saveFeatureLabel(root, "sae A", 0, 12, {"twelve", "", false, {}});
        saveFeatureLabel(root, "sae B", 0, 3, {"of B", "", false, {}});
        FeatureLabels labels = loadFeatureLabels(root, "sae A");
        QCOMPARE(labels.size(), std::size_t(2));
        QVERIFY(labels[3] == (FeatureLabel{"Film", "both\nclasses", true, {"a", "b"}}));
        QCOMPARE(loadFeatureLabels(root, "sae B").at(3).label, std::string("of B"));
        QCOMPARE(labelsOfOthers(root, "sae A", 0), 1);
        QCOMPARE(labelsOfOthers(root, "sae A", 1), 0);
        // What is emptied is gone, the rest stays.
        saveFeatureLabel(root, "sae A", 0, 3, {});
        QCOMPARE(loadFeatureLabels(root, "sae A").size(), std::size_t(1));
        QCOMPARE(loadFeatureLabels(root, "sae B").size(), std::size_t(1));
    }

    void foreignPartsOfTheFileSurviveAndDamageIsNeverOverwritten() {
        const fs::path file = path("run2") / "features" / "labels.json";
        createDirectories(file.parent_path());
        writeFile(file, R"({"written_by": "a later version",
            "autoencoders": {"s": {"features": {"1": {"label": "one", "colour": "red"}, "x": {}, "2": 5}}}})");
        QCOMPARE(loadFeatureLabels(path("run2"), "s").size(), std::size_t(1));
        saveFeatureLabel(path("run2"), "s", 0, 1, {"uno", "", false, {}});
        const auto json = nlohmann::json::parse(readFile(file));
        QCOMPARE(json["written_by"].get<std::string>(), std::string("a later version"));
        QCOMPARE(json["autoencoders"]["s"]["features"]["1"]["colour"].get<std::string>(), std::string("red"));
        QCOMPARE(json["autoencoders"]["s"]["features"]["1"]["label"].get<std::string>(), std::string("uno"));
        for (const char* damage : {"", "{", "[]", R"({"autoencoders": 3})"}) {
            writeFile(file, damage);
            QVERIFY(errorOf([&] { loadFeatureLabels(path("run2"), "s"); }).find("labels.json") !=
                    std::string::npos);
            QVERIFY(!errorOf([&] {
                         saveFeatureLabel(path("run2"), "s", 0, 1, {"x", "", false, {}});
                     }).empty());
            QCOMPARE(readFile(file), std::string(damage));
        }
    }

    void reportsHoldWhatTheIndexHolds() {
        const std::vector<int> features = {0, 2};
        const auto json = nlohmann::json::parse(exported(features, ExportFormat::Json, 1));
        QCOMPARE(json["autoencoder"].get<std::string>(), std::string("topk, k=2"));
        QCOMPARE(json["features"].size(), std::size_t(2));
        const auto& first = json["features"][0];
        QCOMPARE(first["label"].get<std::string>(), std::string("Wonderful words"));
        QCOMPARE(first["max"].get<double>(), 8.0);
        QCOMPARE(first["fires_on"][0].get<std::string>(), std::string("won"));
        QCOMPARE(first["sentences"]["top"].size(), std::size_t(1));
        QCOMPARE(first["sentences"]["top"][0]["peak"].get<double>(), 8.0);
        QVERIFY(first["sentences"]["top"][0]["activations"][0].is_null());
        QCOMPARE(first["neighbours"][0]["feature"].get<int>(), 5);
        QVERIFY(json["features"][1]["csi"].is_null());
        QCOMPARE(json["features"][1]["fires"].get<int>(), 0);

        const QString csv = QString::fromStdString(exported(features, ExportFormat::Csv));
        const QStringList lines = csv.split(QStringLiteral("\r\n"));
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[0].startsWith(QStringLiteral("feature,label,starred,")));
        QVERIFY(lines[1].startsWith(QStringLiteral("0,Wonderful words,true,to show; Praise,")));
        QCOMPARE(lines[0].count(QLatin1Char(',')), lines[2].count(QLatin1Char(',')));
        m_labels[2].note = "a \"quoted\", note";
        QVERIFY(exported(features, ExportFormat::Csv).find("\"a \"\"quoted\"\", note\"") !=
                std::string::npos);
        for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)"}) {
            m_labels[2].note = formula;
            QVERIFY(exported(features, ExportFormat::Csv).find(std::string(",'") + formula + ',') !=
                    std::string::npos);
        }
        m_labels.erase(2);
        // Without a feature the heading alone; numbers as they were.
        const QString none = QString::fromStdString(exported({}, ExportFormat::Csv));
        QCOMPARE(none, lines[0] + QStringLiteral("\r\n"));
        QVERIFY(nlohmann::json::parse(exported({}, ExportFormat::Json))["features"].empty());
    }

    void thePageNeedsNothingElseAndLetsNoMarkupThrough() {
        m_labels[0].note = "</script><script>alert(1)</script>";
        const std::vector<int> features = {0, 1};
        const QString page =
            QString::fromStdString(exported(features, ExportFormat::Html, 5, "A <run> & \"more\""));
        QVERIFY(!page.contains(QStringLiteral("{{")));
        QVERIFY(page.contains(QStringLiteral("<title>A &lt;run> &amp; &quot;more&quot;</title>")));
        QVERIFY(!page.contains(QStringLiteral("alert(1)</script>")));
        QCOMPARE(page.count(QStringLiteral("</script>")), 2);
        for (const char* outside : {"http:", "https:", "src=", "@import"})
            QVERIFY2(!page.contains(QLatin1String(outside)), outside);
        const qsizetype begin = page.indexOf(QStringLiteral("id=\"data\">")) + 10;
        const QString data = page.mid(begin, page.indexOf(QStringLiteral("</script>"), begin) - begin);
        const auto json = nlohmann::json::parse(data.toStdString());
        QCOMPARE(json["features"][0]["note"].get<std::string>(), m_labels[0].note);
        m_labels[0].note = "fires on praise";
    }
};

QTEST_GUILESS_MAIN(TestFeatureQuery)
#include "tst_feature_query.moc"
