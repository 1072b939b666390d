// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line prints: progress, the table of metrics, the help, and how words are taken apart.
#include "app/cli/command.h"
#include "app/cli/console_sink.h"
#include "app/cli/help_text.h"
#include "app/cli/results_table.h"
#include "base/format_text.h"
#include "config/schema.h"
#include "cycle/metric_info.h"
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
              {"task_loss", 0.41},
              {"sae_dead_pct", 3.71},
              {"base_u_std", 0.1},
              {"other", 1}}},
            {1, {{"task_accuracy", 0.851}, {"task_loss", 0.41}, {"sae_dead_pct", 12.0}, {"sae_l0", 31.5}}}};
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
        QVERIFY2(line("Loss (nats)").endsWith(QStringLiteral("=")), qPrintable(text));
        QVERIFY2(line("Dead features").endsWith(QStringLiteral("▲ 8.3 %")), qPrintable(text));
        QVERIFY2(line("L0").contains(QStringLiteral("–")), qPrintable(text));
        QVERIFY(line("U of activations, spread").isEmpty());
        QVERIFY(line("other").isEmpty());
        // Right-aligned: the values of cycle 0 end in the column where its heading ends.
        const qsizetype end = lines[0].indexOf("Cycle 0") + 7;
        QCOMPARE(line("Accuracy").indexOf("0.843") + 5, end);
        QCOMPARE(line("Dead features").indexOf("3.7 %") + 5, end);
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
            results[cycle] = {{"task_accuracy", 0.5 + 0.01 * cycle}};
        const std::string text = resultsTable(results, {false, false, true, 80});
        const QStringList lines = QString::fromStdString(text).split(QLatin1Char('\n'));
        for (const QString& line : lines)
            QVERIFY(displayWidth(line.toStdString()) <= 80);
        for (int cycle = 0; cycle < 12; ++cycle)
            QCOMPARE(text.find(fmt::format("Cycle {} ", cycle)) != std::string::npos ||
                         text.find(fmt::format("Cycle {}\n", cycle)) != std::string::npos,
                     true);
        QVERIFY(resultsTable({}, {}).empty());
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
            QVERIFY2(text.find("  " + spec.key + "\n") != std::string::npos, spec.key.c_str());
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
        QVERIFY(line.printConfig && !line.help);
        QCOMPARE(line.configDir.value_or(""), std::string("my dir"));
        QCOMPARE(parse({"--config-dir=x=y"}).configDir.value_or(""), std::string("x=y"));
        QVERIFY(parse({"--cfg=job"}).printConfig);
        QVERIFY(parse({"-h"}).help);
        for (const std::vector<std::string>& words : {std::vector<std::string>{"--cfg"},
                                                      {"--cfg", "hydra"},
                                                      {"--unknown"},
                                                      {"-cd"},
                                                      {"--help=1"},
                                                      {"-m"}})
            QVERIFY_EXCEPTION_THROWN(parse(words), UsageError);
    }
};

QTEST_GUILESS_MAIN(TestConsole)
#include "tst_console.moc"
