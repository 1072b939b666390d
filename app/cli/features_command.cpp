// SPDX-License-Identifier: GPL-3.0-or-later
// `saeception features build|list|show|export`: a cycle's feature index, made anew or read.
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "config/nearest.h"
#include "cycle/cycle_features.h"
#include "existing_run.h"
#include "features/feature_export.h"
#include "features/feature_query.h"
#include "features/feature_report.h"
#include "features_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <optional>

namespace saeception {
namespace {

constexpr char usage[] =
    "saeception features list|show|export|build [FEATURE...] hydra.run.dir=RUN [cycle.current=N] "
    "[--format json|csv|html]";
constexpr int shownWithoutLimit = 30;
constexpr int sentencesOfShow = 10;
constexpr int sentencesOfList = 3;

std::string flag(const CommandLine& line, const char* name, const std::string& otherwise = {}) {
    const auto found = line.values.find(name);
    return found == line.values.end() ? otherwise : found->second;
}

std::optional<int> countFlag(const CommandLine& line, const char* name) {
    const std::string text = flag(line, name);
    if (text.empty())
        return std::nullopt;
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
        throw UsageError(fmt::format("{} {}: a whole number of 0 or more is needed", name, text));
    return value;
}

void requireOneOf(const std::string& value, const char* what, const std::vector<std::string>& choices) {
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
        throw UsageError(fmt::format("{} '{}' is unknown.{} Write one of {}", what, value,
                                     didYouMean(value, choices),
                                     fmt::format("{}", fmt::join(choices, ", "))));
}

struct Asked {
    std::string action;
    std::vector<std::string> numbers;  // features to show
    std::vector<std::string> overrides;
};

Asked wordsOf(const CommandLine& line) {
    if (line.words.empty())
        throw UsageError(fmt::format("features needs to know what to do; write {}", usage));
    Asked asked;
    asked.action = line.words.front();
    requireOneOf(asked.action, "features", {"list", "show", "export", "build"});
    for (const std::string& word : std::span(line.words).subspan(1)) {
        const bool isNumber = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
        if (asked.action == "show" && !isNumber && word.find('=') == std::string::npos)
            throw UsageError(
                fmt::format("features show: '{}' is no number of a feature; write for instance saeception "
                            "features show 17",
                            word));
        (isNumber ? asked.numbers : asked.overrides).push_back(word);
    }
    return asked;
}

struct Opened {
    ExistingRun of;
    FeatureIndex index;
    FeatureLabels labels;
};

Opened openIndexed(const CommandLine& line, const Asked& asked) {
    ExistingRun of = existingRun(line, asked.overrides, usage,
                                 [](const RunDirectory& run) { return !run.cyclesWithFeatures().empty(); });
    const std::vector<int> cycles = of.run.cyclesWithFeatures();
    if (!of.cycle && cycles.empty())
        fail("{} has no feature index yet; build one with: {}", of.run.root().string(),
             buildIndexCommand(of.run, std::max(0, of.run.lastCycle())));
    const int cycle = of.cycle ? *of.cycle : cycles.back();
    if (of.chosen)
        std::fprintf(stderr, "Reading cycle %d of %s, the newest run with features\n", cycle,
                     of.run.root().c_str());
    FeatureIndex index = openCycleFeatures(of.run, cycle);
    FeatureLabels labels = loadFeatureLabels(of.run.root(), index.origin().sae);
    return {std::move(of), std::move(index), std::move(labels)};
}

int numbered(const std::string& text, const FeatureIndex& index) {
    int feature = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), feature);
    if (error != std::errc() || end != text.data() + text.size() || feature >= index.featureCount())
        fail("there is no feature {}; this cycle has 0 to {}", text, index.featureCount() - 1);
    return feature;
}

// The features that --query wants, in the order of --sort, the first --limit of them.
std::vector<int> chosen(const CommandLine& line, const Opened& opened, std::optional<int> defaultLimit,
                        std::size_t& found) {
    const FeatureIndex& index = opened.index;
    const FeatureQuery query = FeatureQuery::parse(flag(line, "--query"), index);
    std::vector<int> features;
    if (query.empty()) {
        features.resize(static_cast<std::size_t>(index.featureCount()));
        std::iota(features.begin(), features.end(), 0);
    } else {
        const std::vector<std::uint8_t> wanted = query.matches(index, opened.labels, SentenceSearch(index));
        for (int f = 0; f < index.featureCount(); ++f)
            if (wanted[static_cast<std::size_t>(f)] != 0)
                features.push_back(f);
    }
    found = features.size();
    std::string key = flag(line, "--sort", "u");
    const bool turned = key.starts_with('-');
    key.erase(0, turned ? 1 : 0);
    std::vector<std::string> names;
    for (const FeatureNumberName& name : featureNumberNames())
        names.push_back(name.name);
    requireOneOf(key, "--sort", names);
    const FeatureNumber number =
        featureNumberNames()[static_cast<std::size_t>(std::find(names.begin(), names.end(), key) -
                                                      names.begin())]
            .number;
    std::stable_sort(features.begin(), features.end(), [&](int a, int b) {
        const float left = featureNumber(index, a, number);
        const float right = featureNumber(index, b, number);
        if (std::isnan(left) || std::isnan(right))
            return !std::isnan(left) && std::isnan(right);
        return (number == FeatureNumber::Feature) != turned ? left < right : left > right;
    });
    const std::optional<int> limit = countFlag(line, "--limit");
    if (const std::optional<int> most = limit ? limit : defaultLimit)
        features.resize(std::min(features.size(), static_cast<std::size_t>(*most)));
    return features;
}

// To --output, else to stdout.
void write(const CommandLine& line, const std::string& text) {
    const std::string output = flag(line, "--output");
    if (output.empty()) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return;
    }
    writeFile(output, text);
    std::printf("Wrote %s\n", output.c_str());
}

std::string jsonText(const nlohmann::ordered_json& json) {
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// The same, written as it is made.
void writeExport(const CommandLine& line, const Opened& opened, const std::vector<int>& features,
                 int sentences, const std::string& format) {
    const FeatureExport what = {opened.index, features, opened.labels, sentences,
                                fmt::format("Features of cycle {} · {}", opened.index.cycle(),
                                            opened.of.run.root().filename().string())};
    const ExportFormat as = format == "csv"    ? ExportFormat::Csv
                            : format == "html" ? ExportFormat::Html
                                               : ExportFormat::Json;
    const std::string output = flag(line, "--output");
    if (output.empty()) {
        exportFeatures(what, as,
                       [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); });
        return;
    }
    exportFeatures(what, as, output);
    std::printf("Wrote %s with %zu feature%s\n", output.c_str(), features.size(),
                features.size() == 1 ? "" : "s");
}

// What a file gets, whatever the terminal.
ConsoleStyle styleOf(const CommandLine& line) {
    return flag(line, "--output").empty() ? consoleStyle(stdout) : ConsoleStyle{};
}

int listFeatures(const CommandLine& line, const Opened& opened, const std::string& format) {
    const bool forPeople = format == "text";
    std::size_t found = 0;
    const std::vector<int> features =
        chosen(line, opened, forPeople ? std::optional(shownWithoutLimit) : std::nullopt, found);
    if (format == "json") {
        nlohmann::ordered_json rows = nlohmann::ordered_json::array();
        for (const int feature : features)
            rows.push_back(featureRowJson(opened.index, feature, opened.labels));
        write(line, jsonText(rows));
    } else if (!forPeople) {
        writeExport(line, opened, features, sentencesOfList, format);
    } else {
        ConsoleStyle style = styleOf(line);
        if (style.rewriting)
            style.columns = terminalColumns(stdout);
        std::string text = featuresTable(opened.index, features, opened.labels, style);
        if (features.size() < found)
            text += fmt::format("{} of {} features; --limit N shows more, --query TEXT chooses among them\n",
                                features.size(), found);
        else if (found < static_cast<std::size_t>(opened.index.featureCount()))
            text += fmt::format("{} of {} features\n", found, opened.index.featureCount());
        write(line, text);
    }
    return exitDone;
}

int showFeatures(const CommandLine& line, const Opened& opened, const Asked& asked,
                 const std::string& format) {
    if (asked.numbers.empty())
        throw UsageError(
            "features show needs the number of a feature: saeception features show 17 hydra.run.dir=RUN");
    std::vector<int> features;
    for (const std::string& number : asked.numbers)
        features.push_back(numbered(number, opened.index));
    const int sentences = countFlag(line, "--sentences").value_or(sentencesOfShow);
    if (format == "json" && features.size() == 1) {
        write(line, jsonText(featureJson(opened.index, features.front(), opened.labels, sentences)));
    } else if (format != "text") {
        writeExport(line, opened, features, sentences, format);
    } else {
        std::string text;
        for (const int feature : features) {
            text += text.empty() ? "" : "\n";
            text += featureCardText(opened.index, feature, opened.labels, sentences, styleOf(line));
        }
        write(line, text);
    }
    return exitDone;
}

int exportFeatures(const CommandLine& line, const Opened& opened, const std::string& format) {
    std::size_t found = 0;
    const std::vector<int> features = chosen(line, opened, std::nullopt, found);
    const int sentences =
        countFlag(line, "--sentences").value_or(format == "html" ? sentencesOfShow : topSentenceCount);
    writeExport(line, opened, features, sentences, format);
    return exitDone;
}

}  // namespace

int runFeatures(const CommandLine& line) {
    const Asked asked = wordsOf(line);
    if (asked.action == "build") {
        if (!line.values.empty() || !asked.numbers.empty())
            throw UsageError(
                "features build makes the index of all features; it takes overrides alone: saeception "
                "features "
                "build hydra.run.dir=RUN cycle.current=N");
        CommandLine stage = line;
        stage.words = asked.overrides;
        return runBuildFeatures(stage);
    }
    const std::string format = flag(line, "--format", asked.action == "export" ? "json" : "text");
    std::vector<std::string> formats = {"json", "csv", "html"};
    if (asked.action != "export")
        formats.push_back("text");
    requireOneOf(format, "--format", formats);
    if (asked.action != "show" && !asked.numbers.empty())
        throw UsageError(fmt::format("features {} takes no feature numbers; --query 'feature={}' chooses one",
                                     asked.action, asked.numbers.front()));
    if (asked.action == "list" && line.values.contains("--sentences"))
        throw UsageError("--sentences goes with features show and features export");
    for (const char* name : {"--query", "--sort", "--limit"})
        if (asked.action == "show" && line.values.contains(name))
            throw UsageError(fmt::format("{} goes with features list and features export", name));
    const Opened opened = openIndexed(line, asked);
    if (asked.action == "list")
        return listFeatures(line, opened, format);
    if (asked.action == "show")
        return showFeatures(line, opened, asked, format);
    return exportFeatures(line, opened, format);
}

void printFeaturesHelp(const Command& command) {
    std::printf(
        "%s\n\nUsage: %s\n\n"
        "  list    A line for each feature: what it fires on, how often, how selectively\n"
        "  show    All about the features whose numbers are given, with their sentences\n"
        "  export  All about all features, or those that --query wants\n"
        "  build   Makes the index of the cycle anew from its checkpoints\n\n"
        "Without hydra.run.dir the newest run with features is read, without cycle.current its last "
        "cycle.\n\n"
        "  --format FORMAT  json, csv or html (one page that needs nothing else); list and show also text\n"
        "  --output FILE    Write there instead of to the terminal\n"
        "  --query TEXT     Only features for which all words hold, for instance\n"
        "                   'u>0.05 class:positive density<1%% -starred text:dull'\n"
        "  --sort KEY       One of the numbers below, the largest first (default u), feature the lowest;\n"
        "                   -KEY the other way round\n"
        "  --limit N        The first N features\n"
        "  --sentences N    Sentences of each band (default %d)\n\n"
        "Numbers to compare (> >= < <= =) and sort by:\n",
        command.summary.c_str(), usage, sentencesOfShow);
    for (const FeatureNumberName& name : featureNumberNames())
        std::printf("  %-11s %s\n", name.name.c_str(), name.meaning.c_str());
    std::printf(
        "  mean:CLASS, effect:CLASS  of one class\n\n"
        "Words: alive dead starred labelled class:NAME favours:NAME label:TEXT note:TEXT list:NAME "
        "text:TEXT\n"
        "token:TEXT raises:TEXT lowers:TEXT concept:NAME near:N with:N; a minus before a word turns it "
        "round; any\n"
        "other word is looked for in labels, notes and top sentences, and a number is also that feature. "
        "Writing to\n"
        "CSV puts a ' before a text that a spreadsheet would take for a formula.\n");
}

}  // namespace saeception
