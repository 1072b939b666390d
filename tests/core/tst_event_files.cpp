// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.jsonl and TensorBoard's file, read back by a decoder written for the test alone.
#include "base/error.h"
#include "base/files.h"
#include "cycle/event_log.h"
#include "cycle/tensorboard_sink.h"
#include "cycle/tfrecord.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <cstring>
#include <limits>
#include <sstream>

using namespace saeception;

namespace {

std::vector<nlohmann::json> linesOf(const std::filesystem::path& path) {
    std::istringstream text(readFile(path));
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(text, line);)
        lines.push_back(nlohmann::json::parse(line));
    return lines;
}

/// CRC-32C bit by bit, straight from the polynomial.
std::uint32_t slowCrc(std::string_view bytes) {
    std::uint32_t crc = ~0U;
    for (const char byte : bytes)
        for (int bit = 0; bit < 8; ++bit) {
            const bool low = ((crc ^ (static_cast<unsigned char>(byte) >> bit)) & 1U) != 0;
            crc = crc >> 1 ^ (low ? 0x82F63B78U : 0U);
        }
    return ~crc;
}

template <typename T>
T number(std::string_view bytes) {
    T value{};
    if (bytes.size() < sizeof value)
        throw std::runtime_error("cut short");
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

std::vector<std::string> records(std::string_view file) {
    const auto check = [](std::string_view bytes, std::string_view stored) {
        const std::uint32_t crc = slowCrc(bytes);
        if ((crc >> 15 | crc << 17) + 0xA282EAD8U != number<std::uint32_t>(stored))
            throw std::runtime_error("wrong checksum");
    };
    std::vector<std::string> result;
    while (!file.empty()) {
        const auto length = number<std::uint64_t>(file);
        check(file.substr(0, 8), file.substr(8));
        const std::string_view payload = file.substr(12, length);
        check(payload, file.substr(12 + length));
        result.emplace_back(payload);
        file.remove_prefix(16 + length);
    }
    return result;
}

struct Field {
    std::uint64_t number = 0;
    std::uint64_t varint = 0;
    std::string bytes;
};

std::vector<Field> fields(std::string_view message) {
    const auto varint = [&] {
        std::uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(message.at(0));
            message.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80)
                return value;
        }
    };
    std::vector<Field> result;
    while (!message.empty()) {
        const std::uint64_t key = varint();
        Field field{key >> 3, 0, {}};
        const std::uint64_t type = key & 7;
        if (type == 0) {
            field.varint = varint();
        } else {
            const std::uint64_t size = type == 1 ? 8 : type == 5 ? 4 : varint();
            field.bytes = message.substr(0, size);
            message.remove_prefix(size);
        }
        result.push_back(field);
    }
    return result;
}

struct Point {
    double time = 0;
    std::int64_t step = 0;
    std::string tag;
    float value = 0;
};

std::vector<Point> points(const std::string& record) {
    Point head;
    std::vector<Point> result;
    for (const Field& field : fields(record)) {
        if (field.number == 1)
            head.time = number<double>(field.bytes);
        else if (field.number == 2)
            head.step = static_cast<std::int64_t>(field.varint);
        else if (field.number == 5)
            for (const Field& value : fields(field.bytes)) {
                Point point = head;
                for (const Field& part : fields(value.bytes)) {
                    if (part.number == 1)
                        point.tag = part.bytes;
                    else if (part.number == 2)
                        point.value = number<float>(part.bytes);
                }
                result.push_back(point);
            }
    }
    return result;
}

Event at(double time, EventBody body) {
    return {time, std::move(body)};
}

/// Runs `action` while no file may grow beyond `bytes`, as on a full disk.
template <typename Action>
void withFileSizeLimit(rlim_t bytes, const Action& action) {
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &small);
    action();
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
}

}  // namespace

class TestEventFiles : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path file(const char* name) const { return m_folder.filePath(name).toStdString(); }

private Q_SLOTS:
    void logHoldsPointsEpochsAndCycles() {
        const auto path = file("metrics.jsonl");
        EventLog log(path);
        log.handle(at(12.5, Scalar{Stage::Sae, 1, "sae/loss", 7, 0.1}));
        // Already complete while the log is still open.
        QCOMPARE(linesOf(path).size(), std::size_t(1));
        log.handle(at(13, Progress{Stage::Sae, 1, 7, 10, 3}));
        log.handle(at(14, EpochFinished{Stage::Baseline, 0, 1, 2, {{"validation/accuracy", 0.8125}}}));
        log.handle(at(15, CycleEvaluated{1, {{"task_accuracy", 0.5}, {"sae_l0", std::nan("")}}}));
        const auto lines = linesOf(path);
        QCOMPARE(lines.size(), std::size_t(3));
        QVERIFY(lines[0] ==
                nlohmann::json::parse(
                    R"({"time":12.5,"cycle":1,"stage":"sae","tag":"sae/loss","step":7,"value":0.1})"));
        QCOMPARE(lines[1]["event"].dump(), std::string(R"("epoch_finished")"));
        QCOMPARE(lines[1]["metrics"]["validation/accuracy"].dump(), std::string("0.8125"));
        QCOMPARE(lines[2]["event"].dump(), std::string(R"("cycle_evaluated")"));
        QCOMPARE(lines[2]["metrics"]["sae_l0"].dump(), std::string(R"("NaN")"));
    }

    void valuesThatAreNotFiniteStayReadable() {
        const auto path = file("odd.jsonl");
        EventLog log(path);
        const double infinity = std::numeric_limits<double>::infinity();
        for (const double value : {std::nan(""), infinity, -infinity, 1e-320, 0.1})
            log.handle(at(1, Scalar{Stage::Baseline, 0, "train/loss", 1, value}));
        const auto lines = linesOf(path);
        QCOMPARE(lines[0]["value"].dump(), std::string(R"("NaN")"));
        QCOMPARE(lines[1]["value"].dump(), std::string(R"("Infinity")"));
        QCOMPARE(lines[2]["value"].dump(), std::string(R"("-Infinity")"));
        QCOMPARE(lines[3]["value"].get<double>(), 1e-320);
        QCOMPARE(lines[4]["value"].get<double>(), 0.1);
    }

    void pointsAndDurationsComeBackAsWritten() {
        const auto path = file("read.jsonl");
        EventLog log(path);
        log.handle(at(1, Scalar{Stage::Auxiliary, 1, "train/loss", 3, 0.25}));
        log.handle(at(2, EpochFinished{Stage::Auxiliary, 1, 1, 2, {}}));
        log.handle(at(3, StageFinished{Stage::Auxiliary, 1, 12.5}));
        std::ofstream(path, std::ios::app) << "{\"cycle\": 1}\nnot json\n{\"event\": 5}\n";
        std::vector<Event> events;
        QCOMPARE(readEventLog(path, [&](const Event& event) { events.push_back(event); }), 2);
        QCOMPARE(events.size(), std::size_t(2));
        const auto* scalar = std::get_if<Scalar>(&events[0].body);
        QVERIFY(scalar != nullptr && scalar->stage == Stage::Auxiliary && scalar->cycle == 1 &&
                scalar->tag == "train/loss" && scalar->step == 3 && scalar->value == 0.25 && events[0].wallTime == 1);
        const auto* finished = std::get_if<StageFinished>(&events[1].body);
        QVERIFY(finished != nullptr && finished->stage == Stage::Auxiliary && finished->seconds == 12.5);
        QCOMPARE(readEventLog(file("absent.jsonl"), [](const Event&) {}), 0);
    }

    void reopeningAppendsAndDropsATornLine() {
        const auto path = file("torn.jsonl");
        writeFile(path, "{\"a\":1}\n{\"b\":");
        EventLog log(path);
        log.handle(at(1, Scalar{Stage::Baseline, 0, "x", 1, 2}));
        const auto lines = linesOf(path);
        QCOMPARE(lines.size(), std::size_t(2));
        QCOMPARE(lines[0]["a"].dump(), std::string("1"));
        QCOMPARE(lines[1]["tag"].dump(), std::string(R"("x")"));
    }

    void fullDiskEndsTheRunAndLeavesWholeLines() {
        const auto path = file("full.jsonl");
        std::string message;
        withFileSizeLimit(1000, [&] {
            try {
                EventLog log(path);
                for (int step = 0; step < 100; ++step)
                    log.handle(at(1, Scalar{Stage::Baseline, 0, "train/loss", step, 0.5}));
            } catch (const UserError& error) {
                message = error.what();
            }
        });
        QVERIFY2(message.find("full.jsonl") != std::string::npos &&
                     message.find("free some space") != std::string::npos,
                 message.c_str());
        const std::string text = readFile(path);
        QVERIFY(text.size() > 500 && text.back() == '\n');
        QVERIFY(linesOf(path).size() > 5);
        QVERIFY_THROWS_EXCEPTION(UserError, EventLog(file("no/such/folder.jsonl")));
    }

    void checksumsMatchTheStandardsVectors() {
        QCOMPARE(crc32c("123456789"), 0xE3069283U);
        QCOMPARE(crc32c(std::string(32, '\0')), 0x8A9136AAU);
        QCOMPARE(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
        QCOMPARE(crc32c(""), 0U);
        QCOMPARE(slowCrc("123456789"), 0xE3069283U);
    }

    void tensorBoardFileDecodes() {
        TensorBoardSink sink(m_folder.path().toStdString());
        QVERIFY(sink.path().filename().string().starts_with("events.out.tfevents."));
        sink.handle(at(1234.25, Scalar{Stage::Baseline, 2, "train/loss", 300, 0.75}));
        sink.handle(at(1235, StageFinished{Stage::Baseline, 2, 10}));
        sink.handle(at(1236, CycleEvaluated{2, {{"task_accuracy", 0.5},
                                              {"task_accuracy_ci_low", 0.4},
                                              {"task_accuracy_ci_high", 0.6},
                                              {"sae_l0", 32}}}));
        const std::vector<std::string> all = records(readFile(sink.path()));
        QCOMPARE(all.size(), std::size_t(3));
        std::string version;
        for (const Field& field : fields(all[0]))
            if (field.number == 3)
                version = field.bytes;
        QCOMPARE(version, std::string("brain.Event:2"));
        const auto first = points(all[1]);
        QCOMPARE(first.size(), std::size_t(1));
        QCOMPARE(first[0].time, 1234.25);
        QCOMPARE(first[0].step, std::int64_t(300));
        QCOMPARE(first[0].tag, std::string("cycle_2/train/loss"));
        QCOMPARE(first[0].value, 0.75F);
        const auto second = points(all[2]);
        QCOMPARE(second.size(), std::size_t(2));
        QCOMPARE(second[1].tag, std::string("cycles/sae_l0"));
        QCOMPARE(second[1].value, 32.0F);
        QCOMPARE(second[1].step, std::int64_t(2));
    }

    void twoSinksOfOneSecondDoNotShareAFile() {
        const TensorBoardSink first(m_folder.path().toStdString()), second(m_folder.path().toStdString());
        QVERIFY(first.path() != second.path());
        QVERIFY_THROWS_EXCEPTION(UserError, TensorBoardSink(file("no-such-folder")));
    }
};

QTEST_GUILESS_MAIN(TestEventFiles)
#include "tst_event_files.moc"
