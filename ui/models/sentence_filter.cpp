// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_filter.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace saeception {
namespace {

using Cycles = std::vector<std::shared_ptr<const CyclePredictions>>;

// Whether every cycle that has the sentence, and at least one, is right (or wrong).
bool areAll(const Cycles& cycles, std::size_t row, std::int32_t gold, bool right) {
    bool any = false;
    for (const auto& cycle : cycles) {
        const std::int32_t predicted = cycle->label[row];
        if (predicted < 0)
            continue;
        if ((predicted == gold) != right)
            return false;
        any = true;
    }
    return any;
}

// The first and the last prediction of those cycles that have the sentence; -1 for none.
std::pair<std::int32_t, std::int32_t> endsOf(const Cycles& cycles, std::size_t row) {
    std::pair<std::int32_t, std::int32_t> ends(-1, -1);
    for (const auto& cycle : cycles)
        if (cycle->label[row] >= 0) {
            ends.second = cycle->label[row];
            if (ends.first < 0)
                ends.first = ends.second;
        }
    return ends;
}

bool changesAs(SentenceFilter::Change change, const SentencePredictions& predictions, std::size_t row,
               std::int32_t gold) {
    if (change == SentenceFilter::Change::Any)
        return true;
    if (change == SentenceFilter::Change::Flips)
        return predictions.flips(static_cast<int>(row)) > 0;
    const auto [first, last] = endsOf(predictions.cycles(), row);
    const bool begins = first == gold;
    const bool ends = last == gold;
    return change == SentenceFilter::Change::BecomesRight ? !begins && ends : begins && !ends;
}

}  // namespace

std::optional<std::int64_t> exampleSought(const QString& text) {
    const auto isDigit = [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); };
    if (text.isEmpty() || !std::all_of(text.begin(), text.end(), isDigit))
        return std::nullopt;
    bool fits = false;
    const qlonglong example = text.toLongLong(&fits);
    return fits ? example : std::numeric_limits<std::int64_t>::max();
}

std::vector<int> filteredRows(const SentencePredictions& predictions, const SentenceFilter& filter) {
    using Outcome = SentenceFilter::Outcome;
    const SentenceRows& rows = predictions.rows();
    const std::optional<std::int64_t> example = exampleSought(filter.text);
    std::vector<std::uint8_t> found;
    if (!example && !filter.text.isEmpty())
        found = rows.search->find(filter.text.toStdString());
    // Another run's filter may name a cycle that is not there: then no sentence satisfies it.
    const bool ofOne = filter.outcome != Outcome::Any && filter.cycle != SentenceFilter::everyCycle;
    const CyclePredictions* one = ofOne ? predictions.of(filter.cycle) : nullptr;
    if (ofOne && one == nullptr)
        return {};
    const bool right = filter.outcome == Outcome::Right;
    std::vector<int> passed;
    for (std::size_t row = 0; row < rows.example.size(); ++row) {
        const std::int32_t gold = rows.label[row];
        if (filter.split && rows.split(static_cast<int>(row)) != *filter.split)
            continue;
        if (filter.label >= 0 && gold != filter.label)
            continue;
        if (example && rows.example[row] != *example)
            continue;
        if (!found.empty() && found[row] == 0)
            continue;
        if (one != nullptr && (one->label[row] < 0 || (one->label[row] == gold) != right))
            continue;
        if (filter.outcome != Outcome::Any && !ofOne && !areAll(predictions.cycles(), row, gold, right))
            continue;
        if (changesAs(filter.change, predictions, row, gold))
            passed.push_back(static_cast<int>(row));
    }
    return passed;
}

SentenceSummary summaryOf(const SentencePredictions& predictions, const std::vector<int>& rows) {
    SentenceSummary summary;
    const std::vector<std::int32_t>& gold = predictions.rows().label;
    std::vector<std::int32_t> last(gold.size(), -1);
    for (const auto& cycle : predictions.cycles()) {
        std::int64_t known = 0;
        std::int64_t right = 0;
        for (const int r : rows) {
            const auto row = static_cast<std::size_t>(r);
            const std::int32_t predicted = cycle->label[row];
            if (predicted < 0)
                continue;
            ++known;
            right += predicted == gold[row] ? 1 : 0;
            if (last[row] >= 0 && predicted != last[row]) {
                ++summary.flips;
                summary.toRight += predicted == gold[row] ? 1 : 0;
                summary.toWrong += last[row] == gold[row] ? 1 : 0;
            }
            last[row] = predicted;
        }
        summary.accuracy.push_back(known > 0 ? static_cast<double>(right) / static_cast<double>(known)
                                             : std::numeric_limits<double>::quiet_NaN());
    }
    return summary;
}

}  // namespace saeception
