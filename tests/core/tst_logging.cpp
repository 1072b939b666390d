// SPDX-License-Identifier: GPL-3.0-or-later
// The log file of each run holds the lines of its own thread; taps get every line with its run.
#include "base/files.h"
#include "base/logging.h"

#include <spdlog/spdlog.h>

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <thread>
#include <vector>

using namespace saeception;
namespace fs = std::filesystem;

class TestLogging : public QObject {
    Q_OBJECT

private:
    static qsizetype count(const fs::path& file, const char* word) {
        return QByteArray::fromStdString(readFile(file)).count(word);
    }

private Q_SLOTS:
    void runsOnTwoThreadsDoNotMix() {
        constexpr int lines = 200;
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        std::barrier bothOpen(2);
        const auto work = [&](const std::string& name) {
            fs::create_directory(root / name);
            const RunLog log(root / name / "train.log");
            bothOpen.arrive_and_wait();
            for (int line = 0; line < lines; ++line)
                spdlog::info("{} says {}", name, line);
            bothOpen.arrive_and_wait();
        };
        std::thread first(work, "alpha");
        std::thread second(work, "beta");
        first.join();
        second.join();
        QCOMPARE(count(root / "alpha/train.log", "alpha says"), lines);
        QCOMPARE(count(root / "alpha/train.log", "beta"), 0);
        QCOMPARE(count(root / "beta/train.log", "beta says"), lines);
        QCOMPARE(count(root / "beta/train.log", "alpha"), 0);
    }

    void linesOfAThreadWithoutARunGoToNoRunsFile() {
        QTemporaryDir folder;
        const fs::path file = folder.filePath("run.log").toStdString();
        {
            const RunLog log(file);
            spdlog::info("own line");
            std::thread([] { spdlog::warn("line of the window"); }).join();
        }
        spdlog::info("after the run");
        QCOMPARE(count(file, "own line"), 1);
        QCOMPARE(count(file, "\n"), 1);
    }

    void aTapGetsEveryLineWithItsRunLevelAndTime() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        const auto now = [] {
            return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
        };
        std::vector<LogLine> lines;
        const double before = now();
        {
            const LogTap tap([&](const LogLine& line) { lines.push_back(line); });
            spdlog::info("no run yet");
            {
                const RunLog log(root / "train.log");
                spdlog::warn("careful: {}", "{}");
                spdlog::debug("below info");
                std::thread([] { spdlog::error("elsewhere"); }).join();
            }
            spdlog::critical("run is over");
        }
        spdlog::info("tap is gone");
        QCOMPARE(lines.size(), std::size_t(4));
        QCOMPARE(lines[0].text, std::string("no run yet"));
        QCOMPARE(lines[0].run, std::string());
        QCOMPARE(lines[0].level, LogLevel::Info);
        QVERIFY(lines[0].time >= before && lines[0].time <= now());
        QCOMPARE(lines[1].text, std::string("careful: {}"));
        QCOMPARE(lines[1].run, root.string());
        QCOMPARE(lines[1].level, LogLevel::Warning);
        QCOMPARE(lines[2].run, std::string());
        QCOMPARE(lines[2].level, LogLevel::Error);
        QCOMPARE(lines[3].run, std::string());
        QCOMPARE(lines[3].level, LogLevel::Critical);
        QCOMPARE(logLevelName(lines[3].level), std::string_view("critical"));
    }

    void aRunWithinARunOnOneThreadNamesTheInnerOne() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        std::vector<std::string> runs;
        const LogTap tap([&](const LogLine& line) { runs.push_back(line.run); });
        fs::create_directory(root / "inner");
        const RunLog outer(root / "sweep.log");
        {
            const RunLog inner(root / "inner" / "train.log");
            spdlog::info("inner");
        }
        spdlog::info("outer");
        QCOMPARE(runs, (std::vector<std::string>{(root / "inner").string(), root.string()}));
        QCOMPARE(count(root / "sweep.log", "inner"), 1);
    }

    void aTapThatThrowsOrLogsHarmsNobody() {
        QTemporaryDir folder;
        const fs::path file = folder.filePath("run.log").toStdString();
        int received = 0;
        const LogTap bad([](const LogLine&) { throw 1; });
        const LogTap chatty([](const LogLine& line) { spdlog::warn("again: {}", line.text); });
        const LogTap good([&](const LogLine&) { ++received; });
        const RunLog log(file);
        spdlog::info("one");
        QCOMPARE(received, 1);
        QCOMPARE(count(file, "] one"), 1);
    }

    void logsAndTapsComeAndGoWhileOthersLog() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        constexpr int rounds = 100;
        std::atomic<bool> over = false;
        std::atomic<int> lateCalls = 0;
        std::array<std::atomic<bool>, rounds> alive{};
        std::thread talker([&] {
            while (!over)
                spdlog::info("noise");
        });
        std::thread tapper([&] {
            for (std::atomic<bool>& own : alive) {
                own = true;
                {
                    const LogTap tap([&](const LogLine&) {
                        if (!own)
                            ++lateCalls;
                    });
                }
                own = false;
            }
        });
        for (int round = 0; round < rounds; ++round) {
            const RunLog log(root / "train.log");
            spdlog::info("round");
        }
        tapper.join();
        over = true;
        talker.join();
        QCOMPARE(lateCalls.load(), 0);
        QCOMPARE(count(root / "train.log", "round"), rounds);
        QCOMPARE(count(root / "train.log", "noise"), 0);
    }
};

QTEST_GUILESS_MAIN(TestLogging)
#include "tst_logging.moc"
