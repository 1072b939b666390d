// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_export.h"

#include "base/error.h"
#include "base/files.h"
#include "base/install_paths.h"
#include "features/feature_report.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;
using Sink = std::function<void(std::string_view)>;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void writeJson(const FeatureExport& what, const Sink& sink) {
    const FeatureIndex& index = what.index;
    const IndexOrigin& origin = index.origin();
    Json head;
    head["cycle"] = index.cycle();
    head["autoencoder"] = origin.autoencoder;
    head["block"] = origin.block;
    head["blocks"] = origin.blocks;
    head["l0"] = index.meanActive();
    head["classes"] = index.classNames();
    head["concepts"] = index.conceptNames();
    head["rows"] = index.rowCount();
    head["feature_count"] = index.featureCount();
    head["unembedding_trained"] = origin.unembeddingTrained;
    std::string text = dumped(head);
    text.pop_back();
    sink(text + ",\"features\":[");
    for (std::size_t i = 0; i < what.features.size(); ++i) {
        sink(i == 0 ? "\n" : ",\n");
        sink(dumped(featureJson(index, what.features[i], what.labels, what.sentences)));
    }
    sink("\n]}\n");
}

std::string csvField(const Json& value) {
    if (value.is_number_float())
        return fmt::format("{}", static_cast<float>(value.get<double>()));
    std::string text;
    if (value.is_string())
        text = value.get<std::string>();
    else if (value.is_array())
        for (const Json& entry : value) {
            text += text.empty() ? "" : "; ";
            text += entry.get<std::string>();
        }
    else
        return value.is_null() ? std::string() : value.dump();
    if (text.find_first_of("=+-@\t\r") == 0)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

// Names and values of a row; what holds one for each class becomes several.
std::vector<std::pair<std::string, Json>> csvCells(const Json& row) {
    std::vector<std::pair<std::string, Json>> cells;
    for (const auto& [name, value] : row.items()) {
        if (!value.is_object()) {
            cells.emplace_back(name, value);
            continue;
        }
        for (const auto& [of, inner] : value.items())
            cells.emplace_back(name + "_" + of, inner);
    }
    return cells;
}

void writeCsv(const FeatureExport& what, const Sink& sink) {
    const auto line = [&](int feature, bool heading) {
        std::string text;
        for (const auto& [name, value] : csvCells(featureRowJson(what.index, feature, what.labels))) {
            text += text.empty() ? "" : ",";
            text += csvField(heading ? Json(name) : value);
        }
        sink(text + "\r\n");
    };
    if (what.index.featureCount() > 0)
        line(0, true);
    for (const int feature : what.features)
        line(feature, false);
}

// Inside <script> "</" would end the text, and "<!--" would begin a comment.
std::string insideScript(std::string_view text) {
    std::string safe;
    for (const char c : text)
        safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
    return safe;
}

std::string insideHtml(const std::string& text) {
    std::string safe;
    for (const char c : text)
        safe += c == '<'   ? std::string("&lt;")
                : c == '&' ? std::string("&amp;")
                : c == '"' ? std::string("&quot;")
                           : std::string(1, c);
    return safe;
}

void writeHtml(const FeatureExport& what, const Sink& sink) {
    const std::string page = readFile(dataDirectory("report") / "features.html");
    const std::string open = "{{";
    std::size_t at = 0;
    for (std::size_t begin = page.find(open); begin != std::string::npos; begin = page.find(open, at)) {
        sink(std::string_view(page).substr(at, begin - at));
        const std::size_t end = page.find("}}", begin);
        if (page.substr(begin, end - begin) == "{{data")
            writeJson(what, [&](std::string_view text) { sink(insideScript(text)); });
        else
            sink(insideHtml(what.title));
        at = end + 2;
    }
    sink(std::string_view(page).substr(at));
}

}  // namespace

void exportFeatures(const FeatureExport& what, ExportFormat format, const Sink& sink) {
    switch (format) {
        case ExportFormat::Json:
            return writeJson(what, sink);
        case ExportFormat::Csv:
            return writeCsv(what, sink);
        case ExportFormat::Html:
            return writeHtml(what, sink);
    }
}

void exportFeatures(const FeatureExport& what, ExportFormat format, const std::filesystem::path& file) {
    AtomicFile written(file);
    std::string waiting;
    constexpr std::size_t atOnce = 1U << 20U;
    exportFeatures(what, format, [&](std::string_view text) {
        waiting += text;
        if (waiting.size() >= atOnce)
            written.write(std::exchange(waiting, {}));
    });
    written.write(waiting);
    written.commit();
}

}  // namespace saeception
