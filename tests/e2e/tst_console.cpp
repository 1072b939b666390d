// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line prints: progress, the table of metrics, the help, and how words are taken apart.
#include "app/cli/command.h"
#include "app/cli/console_sink.h"
#include "app/cli/help_text.h"
#include "app/cli/results_table.h"
#include "base/format_text.h"
#include "config/schema.h"
#include "cycle/metric_info.h"
#include "cycle/result_warnings.h"
#include "cycle/scalar_tags.h"
#include "support/expect_error.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <cstdlib>
#include <set>

using namespace saeception;

namespace {

// Everything that a sink with `style` prints for these events.
QString printed(const ConsoleStyle& style, const std::vector<EventBody>& bodies) {
    char* bytes = nullptr;
    std::size_t size = 0;
    std::FILE* stream = ::open_memstream(&bytes, &size);
    {
        ConsoleSink sink(stream, style);
        for (const EventBody& body : bodies)
            sink.handle(makeEvent(body));
    }
    std::fclose(stream);
    const QString text = QString::fromUtf8(bytes, static_cast<qsizetype>(size));
    std::free(bytes);
    return text;
}

std::vector<EventBody> someRun() {
    return {RunStarted{"/runs/one", 0, 1},
            StageStarted{Stage::Prepare, 0, 4},
            StageFinished{Stage::Prepare, 0, 0.42},
            StageStarted{Stage::Baseline, 0, 200},
            Scalar{Stage::Baseline, 0, tags::trainLoss, 10, 0.51234},
            Scalar{Stage::Baseline, 0, tags::trainAccuracy, 10, 0.75},
            Progress{Stage::Baseline, 0, 74, 200, 129.2},
            EpochFinished{Stage::Baseline, 0, 1, 3, {{"validation_loss", 0.44}, {"dead_pct", 3.71}}},
            Warning{"something\nodd"},
            StageFinished{Stage::Baseline, 0, 130},
            RunFinished{}};
}

std::map<int, MetricTable> someResults() {
    return {{0,
             {{"task_accuracy", 0.843},
              {"task_accuracy_ci_low", 0.8188},
              {"task_accuracy_ci_high", 0.8664},
              {"task_loss", 0.41},
              {"sae_explained_variance", 0.75},
              {"sae_dead_pct", 3.71},
              {"base_u_std", 0.1},
              {"other", 1}}},
            {1,
             {{"task_accuracy", 0.851},
              {"task_accuracy_ci_low", 0.8265},
              {"task_accuracy_ci_high", 0.8744},
              {"task_loss", 0.41},
              {"sae_explained_variance", 0.75},
              {"sae_dead_pct", 12.0},
              {"sae_l0", 31.5}}}};
}

}  // namespace

class TestConsole : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plainLinesHaveNoControlCharacters() {
        const QString text = printed({}, someRun());
        for (const QChar c : text)
            QVERIFY2(c == QLatin1Char('\n') || c.unicode() >= 0x20, qPrintable(text));
        const QStringList lines = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5);
        QVERIFY(lines[0].contains("/runs/one"));
        QVERIFY(lines[1].contains("Preparing data") && lines[1].contains("0.4 s"));
        QVERIFY(lines[2].contains("cycle 0") && lines[2].contains("Fine-tuning") &&
                lines[2].contains("epoch 1 of 3"));
        QVERIFY(lines[2].contains("validation loss 0.440") && lines[2].contains("dead 3.7 %"));
        QVERIFY(lines[3].contains("warning: something odd"));
        QVERIFY(lines[4].contains("2 min 10 s"));
    }

    void terminalRewritesOneLine() {
        const ConsoleStyle style{true, false, true, 200};
        const QString text = printed(style, someRun());
        QVERIFY(!text.contains("\x1b[1m"));
        const QStringList drawings = text.split(QLatin1Char('\r'));
        const auto shown = std::find_if(drawings.begin(), drawings.end(),
                                        [](const QString& line) { return line.contains("37 %"); });
        QVERIFY(shown != drawings.end());
        QVERIFY2(shown->contains("2 min 10 s left") && shown->contains("loss 0.512") &&
                     shown->contains("accuracy 0.750"),
                 qPrintable(*shown));
        // Nothing of the progress line is left in front of a permanent one, nor at the end.
        for (const QString& line : drawings)
            if (line.contains(QLatin1Char('\n')))
                QVERIFY2(line.startsWith("\x1b[K") || line == drawings.first(), qPrintable(line));
        QVERIFY(!drawings.last().contains(QStringLiteral("━")));
    }

    void narrowTerminalsAreNotWrapped() {
        for (const int columns : {20, 40, 79, 100}) {
            const ConsoleStyle style{true, false, true, columns};
            const QString text = printed(
                style, {StageStarted{Stage::Auxiliary, 3, 10}, Progress{Stage::Auxiliary, 3, 5, 10, 60}});
            for (QString line : text.split(QLatin1Char('\r'))) {
                line.remove(QStringLiteral("\x1b[K"));
                QVERIFY(displayWidth(line.toStdString()) < static_cast<std::size_t>(columns));
            }
        }
    }

    void asciiTerminals() {
        const QString text = printed({true, false, false, 100}, {Progress{Stage::Sae, 0, 5, 10, -1}});
        QVERIFY(text.contains("####"));
        for (const QChar c : text)
            QVERIFY(c.unicode() < 0x80);
    }

    void emptyStagesShowNoNonsense() {
        const QString text = printed({true, false, true, 120}, {Progress{Stage::Sae, 0, 0, 0, -1}});
        QVERIFY(text.contains("0 %"));
        QVERIFY(!text.contains("nan") && !text.contains("left"));
    }

    void tableOfTwoCycles() {
        const QString text = QString::fromStdString(resultsTable(someResults(), {}));
        const QStringList lines = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QVERIFY(lines[0].startsWith("Metric") && lines[0].contains("Cycle 0") &&
                lines[0].contains("Cycle 1"));
        const auto line = [&](const char* title) {
            for (const QString& candidate : lines)
                if (candidate.trimmed().startsWith(QLatin1String(title)))
                    return candidate;
            return QString();
        };
        QVERIFY2(line("Accuracy").contains(QStringLiteral("0.843")), qPrintable(text));
        QVERIFY2(line("Accuracy").endsWith(QStringLiteral("▲ 0.008")), qPrintable(text));
        QVERIFY2(line("Accuracy")
                     .contains(QRegularExpression(
                         "0\\.843 \\[0\\.819, 0\\.866\\] +0\\.851 \\[0\\.827, 0\\.874\\]")),
                 qPrintable(text));
        QVERIFY2(line("Explained variance").endsWith(QStringLiteral("=")), qPrintable(text));
        QVERIFY2(line("Dead features").endsWith(QStringLiteral("▲ 8.3 %")), qPrintable(text));
        QVERIFY2(line("L0").contains(QStringLiteral("–")), qPrintable(text));
        for (const char* title : {"Loss", "U of activations, spread", "other", "Probe on features"})
            QVERIFY2(line(title).isEmpty(), title);
        QVERIFY2(lines.last().contains("95 %") &&
                     lines.last().contains("checkpoints/results_cycle_0.json to results_cycle_1.json"),
                 qPrintable(text));
        // Right-aligned: the columns of cycle 0 end where its heading ends.
        const qsizetype end = lines[0].indexOf("Cycle 0") + 7;
        QCOMPARE(line("Accuracy").indexOf("0.866]") + 6, end);
        QCOMPARE(line("Dead features").indexOf("3.7 %"), line("Accuracy").indexOf("0.843"));
        QVERIFY(!text.contains(QLatin1Char('\x1b')));
    }

    void tableInAscii() {
        const std::string text = resultsTable(someResults(), {false, false, false, 0});
        QVERIFY2(text.find("+0.008") != std::string::npos, text.c_str());
        for (const char c : text)
            QVERIFY2(static_cast<unsigned char>(c) < 0x80, text.c_str());
    }

    void tableColoursBetterAndWorse() {
        const QString text = QString::fromStdString(resultsTable(someResults(), {true, true, true, 0}));
        QVERIFY(text.contains(QRegularExpression("\x1b\\[34m *▲ 0.008")));  // accuracy up is better
        QVERIFY(text.contains(QRegularExpression("\x1b\\[33m *▲ 8.3 %")));  // dead features up is worse
    }

    void wideTablesBreakIntoBlocks() {
        std::map<int, MetricTable> results;
        for (int cycle = 0; cycle < 12; ++cycle)
            results[cycle] = {{"task_accuracy", 0.7 - 0.01 * cycle},
                              {"task_accuracy_ci_low", 0.45},
                              {"task_accuracy_ci_high", 0.75}};
        const std::string text = resultsTable(results, {false, false, true, 80});
        const QStringList lines = QString::fromStdString(text).split(QLatin1Char('\n'));
        for (const QString& line : lines)
            QVERIFY2(displayWidth(line.toStdString()) <= 80, qPrintable(line));
        for (int cycle = 0; cycle < 12; ++cycle)
            QCOMPARE(text.find(fmt::format("Cycle {} ", cycle)) != std::string::npos ||
                         text.find(fmt::format("Cycle {}\n", cycle)) != std::string::npos,
                     true);
        // Intervals are shown only where all columns have room for them.
        QVERIFY(text.find("[0.450") == std::string::npos && text.find("95 % bootstrap") == std::string::npos);
        QVERIFY(resultsTable(results, {}).find("[0.450, 0.750]") != std::string::npos);
        QVERIFY(resultsTable({}, {}).empty());
    }

    void runsAreComparedWithTheirControl() {
        const std::vector<std::pair<std::string, MetricTable>> runs = {
            {"per_class", {{"task_accuracy", 0.85}, {"sae_dead_pct", 9.0}}},
            {"lambda 0", {{"task_accuracy", 0.83}, {"sae_dead_pct", 12.0}}},
            {"failed", {}}};
        const QString text = QString::fromStdString(comparisonTable(runs, 1, {}));
        const QStringList lines = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY2(lines[0].contains("per_class") && lines[0].contains("lambda 0 (ref.)") &&
                     lines[0].endsWith("failed"),
                 qPrintable(text));
        QVERIFY2(lines[1].contains(QStringLiteral("0.850  ▲ 0.020")) &&
                     lines[1].count(QStringLiteral("▲")) == 1 && lines[1].endsWith(QStringLiteral("–")),
                 qPrintable(text));
        QVERIFY2(lines[2].contains(QStringLiteral("▼ 3")), qPrintable(text));
        QVERIFY(comparisonTable({}, 0, {}).empty());
        QVERIFY(comparisonTable({{"failed", {}}}, 0, {}).empty());
        // Many long names: blocks, each as narrow as the terminal.
        std::vector<std::pair<std::string, MetricTable>> many;
        for (int run = 0; run < 9; ++run)
            many.emplace_back(fmt::format("sharpening.type=per_class,lambda=0.{}", run),
                              MetricTable{{"task_accuracy", 0.8}});
        for (const QString& line : QString::fromStdString(comparisonTable(many, 0, {false, false, true, 80}))
                                       .split(QLatin1Char('\n')))
            QVERIFY2(displayWidth(line.toStdString()) <= 80, qPrintable(line));
    }

    void readersAreWarned_data() {
        QTest::addColumn<double>("before");
        QTest::addColumn<double>("after");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("words");
        QTest::newRow("accuracy lost") << 0.85 << 0.82 << "task_accuracy"
                                       << "3.0 points below cycle 0";
        QTest::newRow("two points are let pass") << 0.85 << 0.83 << "task_accuracy"
                                                 << "";
        QTest::newRow("dead") << 10.0 << 63.0 << "sae_dead_pct"
                              << "never fire (63 % in cycle 1)";
        QTest::newRow("dead in both") << 51.0 << 63.0 << "sae_dead_pct"
                                      << "(51 % in cycle 0, 63 % in cycle 1)";
        QTest::newRow("variance") << 0.9 << 0.4 << "sae_explained_variance"
                                  << "less than half";
        QTest::newRow("too few fire") << 20.0 << 0.4 << "sae_l0"
                                      << "Less than one feature";
        QTest::newRow("loss") << 0.4 << std::nan("") << "task_loss"
                              << "not a finite number in cycle 1";
        QTest::newRow("recovered") << 0.9 << 0.7 << "sae_task_recovered_accuracy"
                                   << "below 0.8 (0.700 in cycle 1)";
        QTest::newRow("other metrics do not matter") << 0.9 << 0.1 << "clustering_sae_ari"
                                                     << "";
    }
    void readersAreWarned() {
        QFETCH(double, before);
        QFETCH(double, after);
        QFETCH(QString, key);
        QFETCH(QString, words);
        const std::map<int, MetricTable> results = {{0, {{key.toStdString(), before}}},
                                                    {1, {{key.toStdString(), after}}}};
        const std::vector<std::string> warnings = resultWarnings(results);
        QCOMPARE(warnings.size(), std::size_t(words.isEmpty() ? 0 : 1));
        if (!words.isEmpty())
            QVERIFY2(QString::fromStdString(warnings[0]).contains(words), warnings[0].c_str());
        QVERIFY(resultWarnings({{0, results.at(0)}}).empty() || before > 50);
        QVERIFY(resultWarnings({}).empty());
    }

    void warningsWeighTheirEvidence() {
        const auto accuracy = [](double value, double half) {
            return MetricTable{{"task_accuracy", value},
                               {"task_accuracy_ci_low", value - half},
                               {"task_accuracy_ci_high", value + half}};
        };
        const auto said = [](const std::map<int, MetricTable>& results, const char* words) {
            const std::vector<std::string> warnings = resultWarnings(results);
            return warnings.size() == 1 && warnings[0].find(words) != std::string::npos;
        };
        QVERIFY(said({{0, accuracy(0.85, 0.02)}, {1, accuracy(0.82, 0.02)}}, "intervals overlap"));
        QVERIFY(said({{0, accuracy(0.85, 0.02)}, {1, accuracy(0.75, 0.02)}}, "do not overlap"));
        QVERIFY(said({{0, {{"sae_l0", 50}, {"sae_density_mean", 0.2}}}}, "(50 of 250 in cycle 0)"));
        QVERIFY(
            said({{0, {{"probe_base_accuracy", 0.9}, {"probe_sae_accuracy", 0.8}}}}, "0.800 against 0.900"));
        // Nothing to recover: the share is not judged, the lack is told.
        QVERIFY(said({{0,
                       {{"task_accuracy", 0.6},
                        {"sae_zero_ablated_accuracy", 0.58},
                        {"sae_task_recovered_accuracy", 0.1}}}},
                     "hardly any accuracy"));
        // They stand below the table.
        const std::string text = resultsTable({{0, {{"sae_dead_pct", 80}}}}, {false, false, false, 60});
        QVERIFY(text.find("! More than half of the features") > text.find("Dead features"));
    }

    void metricsAreDescribedOnce() {
        std::set<std::string> keys;
        std::set<std::string> families;
        std::string family;
        for (const MetricInfo& info : metricInfos()) {
            QVERIFY2(keys.insert(info.key).second, info.key.c_str());
            QVERIFY2(!info.title.empty() && info.doc.size() > 20 && std::abs(info.better) <= 1,
                     info.key.c_str());
            if (info.family != family) {
                QVERIFY2(families.insert(info.family).second, "a family's metrics stand together");
                family = info.family;
            }
            QCOMPARE(findMetric(info.key), &info);
            QCOMPARE(metricText(info.key, std::nan("")), std::string("–"));
        }
        QCOMPARE(findMetric("nothing"), nullptr);
        QCOMPARE(findMetric("nothing_ci_low"), nullptr);
        for (const char* end :
             {"task_accuracy_ci_low", "sae_dead_pct_ci_high", "sae_concept_plot_f1_ci_low"}) {
            QVERIFY(isIntervalKey(end));
            QVERIFY2(
                findMetric(end) != nullptr && findMetric(end)->detail && findMetric(end)->headline.empty(),
                end);
        }
        QVERIFY(!isIntervalKey("task_accuracy"));
        QCOMPARE(metricText("sae_dead_pct_ci_high", 3.71), std::string("3.7 %"));
        QCOMPARE(metricText("task_accuracy", 0.8), std::string("0.800"));
        QCOMPARE(metricText("sae_dead_pct", 3.71), std::string("3.7 %"));
        QCOMPARE(metricText("clustering_base_calinski_harabasz", 1234), std::string("1.2 k"));
        QCOMPARE(metricTitle("sae_concept_plot_f1"), std::string("Concept plot, F1"));
        QCOMPARE(metricTitle("sae_concept_negation_auroc"), std::string("Concept negation, AUROC"));
        QCOMPARE(metricTitle("my_metric"), std::string("my metric"));
    }

    void helpNamesEveryKeyAndStaysNarrow() {
        const std::string text = configHelp(commands().front(), 80);
        for (const KeySpec& spec : schema())
            QVERIFY2(text.find((spec.appendOnly ? "  +" : "  ") + spec.key + "\n") != std::string::npos,
                     spec.key.c_str());
        for (const char* words : {"gpt2_small, gpt2_tiny", "default: 0.001; a number above 0",
                                  "default: auto; one of: auto, cpu"})
            QVERIFY2(text.find(words) != std::string::npos, words);
        for (const QString& line : QString::fromStdString(text).split(QLatin1Char('\n')))
            QVERIFY2(displayWidth(line.toStdString()) <= 80, qPrintable(line));
    }

    void flagsAreTakenApart() {
        const auto parse = [](std::vector<std::string> words) { return parseCommandLine(words); };
        const CommandLine line = parse({"a=1", "--cfg", "job", "-cd", "my dir", "b=2"});
        QCOMPARE(line.words, (std::vector<std::string>{"a=1", "b=2"}));
        QVERIFY(line.show == "job" && !line.help && !line.multirun);
        QCOMPARE(line.configDir.value_or(""), std::string("my dir"));
        QCOMPARE(parse({"--config-dir=x=y"}).configDir.value_or(""), std::string("x=y"));
        QCOMPARE(parse({"--cfg=hydra"}).show, std::string("hydra"));
        QVERIFY(parse({"-m"}).multirun);
        QVERIFY(parse({"--resolve"}).resolve);
        QVERIFY(parse({"-h"}).help);
        for (const std::vector<std::string>& words : {std::vector<std::string>{"--cfg"},
                                                      {"--cfg", "some"},
                                                      {"--unknown"},
                                                      {"-cd"},
                                                      {"--help=1"},
                                                      {"-cn"}})
            QVERIFY_EXCEPTION_THROWN(parse(words), UsageError);
    }
};

QTEST_GUILESS_MAIN(TestConsole)
#include "tst_console.moc"
