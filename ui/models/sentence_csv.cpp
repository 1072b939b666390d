// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_csv.h"

#include <array>
#include <charconv>

namespace saeception {
namespace {

std::string quoted(const std::string& text) {
    if (text.find_first_of("\",\r\n") == std::string::npos)
        return text;
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"')
            result += '"';
        result += c;
    }
    return result += '"';
}

// The shortest text that reads back as the same number.
std::string exact(double value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

}  // namespace

std::string sentencesAsCsv(const SentencePredictions& predictions, const std::vector<int>& rows) {
    const SentenceRows& all = predictions.rows();
    const std::vector<std::string>& classes = all.index->classNames();
    std::string csv = "split,example,sentence,gold";
    for (const auto& cycle : predictions.cycles()) {
        const std::string number = std::to_string(cycle->cycle);
        for (const char* column : {",prediction_", ",confidence_", ",loss_"})
            csv.append(column).append(number);
    }
    csv += ",flips,tokens\n";
    for (const int row : rows) {
        const auto at = static_cast<std::size_t>(row);
        csv += all.split(row) == SplitKind::Train ? "train," : "validation,";
        csv += std::to_string(all.example[at]) + ',' + quoted(all.index->sentenceText(row)) + ',' +
               quoted(classes[static_cast<std::size_t>(all.label[at])]);
        for (const auto& cycle : predictions.cycles()) {
            if (cycle->label[at] < 0)
                csv += ",,,";
            else
                csv += ',' + quoted(classes[static_cast<std::size_t>(cycle->label[at])]) + ',' +
                       exact(cycle->confidence[at]) + ',' + exact(cycle->loss[at]);
        }
        csv += ',' + (predictions.flips(row) < 0 ? std::string() : std::to_string(predictions.flips(row)));
        csv += ',' + std::to_string(all.index->sentence(row).tokens.size()) + '\n';
    }
    return csv;
}

}  // namespace saeception
