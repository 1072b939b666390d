// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/tensorboard_sink.h"

#include "base/error.h"
#include "cycle/metric_info.h"
#include "cycle/tfrecord.h"

#include <unistd.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace saeception {
namespace fs = std::filesystem;
namespace {

// The few protocol-buffer fields of tensorflow/core/util/event.proto and summary.proto that a scalar needs. A
// field's key is its number times 8 plus its wire type: 0 varint, 1 eight bytes, 2 length and bytes, 5 four
// bytes.
constexpr char eventWallTime = 1 * 8 + 1;
constexpr char eventStep = 2 * 8 + 0;
constexpr char eventFileVersion = 3 * 8 + 2;
constexpr char eventSummary = 5 * 8 + 2;
constexpr char summaryValue = 1 * 8 + 2;
constexpr char valueTag = 1 * 8 + 2;
constexpr char valueSimple = 2 * 8 + 5;

void putVarint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>((value & 0x7F) | 0x80);
    out += static_cast<char>(value);
}

void putBytes(std::string& out, char key, std::string_view bytes) {
    out += key;
    putVarint(out, bytes.size());
    out += bytes;
}

void putFixed(std::string& out, char key, std::uint64_t bits, int bytes) {
    out += key;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(bits >> (8 * i) & 0xFF);
}

std::string eventHead(double wallTime, std::int64_t step) {
    std::string event;
    putFixed(event, eventWallTime, std::bit_cast<std::uint64_t>(wallTime), 8);
    event += eventStep;
    putVarint(event, static_cast<std::uint64_t>(step));
    return event;
}

void addValue(std::string& summary, std::string_view tag, double number) {
    std::string value;
    putBytes(value, valueTag, tag);
    putFixed(value, valueSimple, std::bit_cast<std::uint32_t>(static_cast<float>(number)), 4);
    putBytes(summary, summaryValue, value);
}

double secondsNow() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// A name that is not taken: two runs may start in one folder within one second.
fs::path freshPath(const fs::path& directory, std::int64_t seconds) {
    char host[256] = {};
    if (::gethostname(host, sizeof host - 1) != 0 || host[0] == '\0')
        std::string_view("localhost").copy(host, sizeof host - 1);
    const fs::path first = directory / fmt::format("events.out.tfevents.{}.{}", seconds, host);
    fs::path path = first;
    for (int i = 1; fs::exists(path); ++i)
        path = first.string() + fmt::format(".{}", i);
    return path;
}

}  // namespace

TensorBoardSink::TensorBoardSink(const fs::path& directory)
    : m_file(freshPath(directory, static_cast<std::int64_t>(secondsNow())), AppendFile::Mode::Create) {
    std::string event = eventHead(secondsNow(), 0);
    putBytes(event, eventFileVersion, "brain.Event:2");
    m_file.append(tfRecord(event));
}

void TensorBoardSink::handle(const Event& event) {
    std::string summary;
    std::int64_t step = 0;
    if (const auto* scalar = std::get_if<Scalar>(&event.body)) {
        step = scalar->step;
        addValue(summary, fmt::format("cycle_{}/{}", scalar->cycle, scalar->tag), scalar->value);
    } else if (const auto* evaluated = std::get_if<CycleEvaluated>(&event.body)) {
        step = evaluated->cycle;
        for (const auto& [name, value] : evaluated->metrics)
            if (!isIntervalKey(name))
                addValue(summary, "cycles/" + name, value);
    } else {
        return;
    }
    std::string record = eventHead(event.wallTime, step);
    putBytes(record, eventSummary, summary);
    m_file.append(tfRecord(record));
}

}  // namespace saeception
