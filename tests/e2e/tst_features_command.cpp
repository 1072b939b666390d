// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception features` as a person runs it.
#include "base/files.h"
#include "cycle/run_directory.h"
#include "support/feature_fixture.h"
#include "support/run_program.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
using namespace saeception::fixture;
namespace fs = std::filesystem;

class TestFeaturesCommand : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    Outcome features(QStringList words) const {
        words.prepend(QStringLiteral("features"));
        return fixture::run(words, m_folder.path());
    }
    Outcome ofRun(QStringList words) const {
        return features(words << QString(QStringLiteral("hydra.run.dir=") + path("run")));
    }

private Q_SLOTS:
    void initTestCase() { writeRun(path("run").toStdString(), 2); }

    void listsTheFeaturesOfTheLastCycle() {
        const Outcome result = ofRun({QStringLiteral("list")});
        QCOMPARE(result.status, 0);
        const QStringList lines = result.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 7);
        QVERIFY(lines[0].contains(QStringLiteral("Fires on")));
        QVERIFY(result.out.contains(QStringLiteral("never fires")));
        QVERIFY(result.err.isEmpty());
        // Cycle 1 has twice the activations of cycle 0.
        QVERIFY(ofRun({QStringLiteral("list"), QStringLiteral("--sort"), QStringLiteral("max")})
                    .out.split(QLatin1Char('\n'))[1]
                    .contains(QStringLiteral("16")));
        QVERIFY(
            ofRun({QStringLiteral("list"), QStringLiteral("--sort=max"), QStringLiteral("cycle.current=0")})
                .out.split(QLatin1Char('\n'))[1]
                .contains(QStringLiteral(" 8 ")));
    }

    void queriesAndLimits() {
        const Outcome result =
            ofRun({QStringLiteral("list"), QStringLiteral("--query"), QStringLiteral("alive class:positive"),
                   QStringLiteral("--limit"), QStringLiteral("2")});
        QCOMPARE(result.status, 0);
        QVERIFY(result.out.contains(QStringLiteral("2 of 3 features")));
        const auto json = nlohmann::json::parse(
            ofRun({QStringLiteral("list"), QStringLiteral("--format"), QStringLiteral("json"),
                   QStringLiteral("--query"), QStringLiteral("dead")})
                .out.toStdString());
        QCOMPARE(json.size(), std::size_t(2));
        QCOMPARE(json[0]["feature"].get<int>(), 2);
    }

    void showsOneFeature() {
        const Outcome text =
            ofRun({QStringLiteral("show"), QStringLiteral("0"), QStringLiteral("cycle.current=0")});
        QCOMPARE(text.status, 0);
        QVERIFY(text.out.contains(QStringLiteral("Feature 0 of cycle 0")));
        QVERIFY(text.out.contains(QStringLiteral("A [won]derful film!  (positive, train 0)")));
        QVERIFY(text.out.contains(QStringLiteral("Just not firing")));
        const auto json = nlohmann::json::parse(
            ofRun({QStringLiteral("show"), QStringLiteral("1"), QStringLiteral("--format=json")})
                .out.toStdString());
        QCOMPARE(json["feature"].get<int>(), 1);
        QCOMPARE(json["sentences"]["top"][0]["label"].get<std::string>(), std::string("negative"));
        QVERIFY(
            ofRun({QStringLiteral("show"), QStringLiteral("2")}).out.contains(QStringLiteral("never fired")));
    }

    void exportsAllFormats() {
        for (const char* format : {"json", "csv", "html"}) {
            const QString file = path("features.") + QLatin1String(format);
            const Outcome result = ofRun({QStringLiteral("export"), QStringLiteral("--format"),
                                          QLatin1String(format), QStringLiteral("--output"), file});
            QCOMPARE(result.status, 0);
            QVERIFY(result.out.contains(QStringLiteral("Wrote ") + file));
            const std::string bytes = readFile(file.toStdString());
            // The heading and a line for each feature; or the words of a sentence.
            if (QLatin1String(format) == QLatin1String("csv"))
                QCOMPARE(std::count(bytes.begin(), bytes.end(), '\n'), 7);
            else
                QVERIFY(bytes.find("\" won\"") != std::string::npos);
            QVERIFY(result.out.contains(QStringLiteral("with 6 features")));
        }
        const auto json = nlohmann::json::parse(readFile(path("features.json").toStdString()));
        QCOMPARE(json["features"].size(), std::size_t(6));
        QCOMPARE(json["cycle"].get<int>(), 1);
    }

    void findsTheNewestRunThatHasFeatures() {
        writeRun((path("outputs") + QStringLiteral("/2026-01-01/10-00-00")).toStdString(), 1);
        const Outcome result = features({QStringLiteral("list")});
        QCOMPARE(result.status, 0);
        QVERIFY(result.err.contains(QStringLiteral("10-00-00, the newest run with features")));
    }

    void badInputIsOneLineWithTheRemedy_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, QStringList words, int status, const char* says) {
            QTest::newRow(name) << words << status << says;
        };
        const auto words = [](const char* text) { return QString::fromLatin1(text).split(QLatin1Char('|')); };
        row("nothing", {}, 2, "list|show|export|build");
        row("another action", words("lst"), 2, "Did you mean 'list'?");
        row("another format", words("list|--format|yaml"), 2, "json, csv, html, text");
        row("text cannot be exported", words("export|--format|text"), 2, "json, csv, html");
        row("another key to sort by", words("list|--sort|maxx"), 2, "Did you mean 'max'?");
        row("a limit that is no number", words("list|--limit|few"), 2, "whole number");
        row("a query that is wrong", words("list|--query|densty>1"), 1, "Did you mean 'density'?");
        row("no number to show", words("show"), 2, "needs the number of a feature");
        row("no such feature", words("show|17"), 1, "this cycle has 0 to 5");
        row("no such cycle", words("list|cycle.current=5"), 1, "has no cycle 5; its last is 1");
        row("a feature by name", words("show|film"), 2, "'film' is no number of a feature");
        row("a feature below 0", words("show|-1"), 2, "'-1' is no number of a feature");
        row("a flag of another action", words("show|1|--query|alive"), 2, "goes with features list");
        row("build with flags", words("build|--format|json"), 2, "takes overrides alone");
    }
    void badInputIsOneLineWithTheRemedy() {
        QFETCH(QStringList, words);
        QFETCH(int, status);
        QFETCH(QString, says);
        const Outcome result = words.isEmpty() ? features({}) : ofRun(words);
        QCOMPARE(result.status, status);
        QVERIFY(result.out.isEmpty());
        QCOMPARE(result.err.count(QLatin1Char('\n')), 1);
        QVERIFY2(result.err.contains(says), qPrintable(result.err));
    }

    void anIndexThatCannotBeUsedSaysHowToBuildItAnew() {
        writeRun(path("cut").toStdString(), 1);
        const fs::path file = indexFile(path("cut").toStdString(), 0);
        writeFile(file, readFile(file).substr(0, 2000));
        const Outcome result =
            features({QStringLiteral("list"), QStringLiteral("hydra.run.dir=") + path("cut")});
        QCOMPARE(result.status, 1);
        QCOMPARE(result.err.count(QLatin1Char('\n')), 1);
        QVERIFY2(
            result.err.contains(QStringLiteral("saeception features build cycle.current=0 hydra.run.dir=")),
            qPrintable(result.err));
    }
};

QTEST_GUILESS_MAIN(TestFeaturesCommand)
#include "tst_features_command.moc"
