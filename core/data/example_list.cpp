// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/example_list.h"

#include "base/error.h"
#include "data/text.h"
#include "data/text_file.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace saeception {
namespace {

std::optional<std::int32_t> wholeNumber(std::string_view text) {
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

}  // namespace

std::int32_t ExampleList::named(std::string_view label) const {
    const auto& names = m_config.classNames;
    const auto found = std::find(names.begin(), names.end(), label);
    return found == names.end() ? -1 : static_cast<std::int32_t>(found - names.begin());
}

bool ExampleList::isLabel(std::string_view label) const {
    label = stripWhiteSpace(label);
    const std::string_view digits = label.substr(label.starts_with('-') ? 1 : 0);
    return named(label) >= 0 || (!digits.empty() && std::all_of(digits.begin(), digits.end(),
                                                                [](char c) { return c >= '0' && c <= '9'; }));
}

void ExampleList::add(std::int64_t line, std::span<const std::string_view> texts, std::string_view label) {
    label = stripWhiteSpace(label);
    Example example;
    example.label = named(label);
    const bool isNumber = example.label < 0;
    if (isNumber) {
        const std::optional<std::int32_t> number = wholeNumber(label);
        if (!number)
            fail(
                "{}:{}: the label '{}' is neither a number nor one of {}; correct it, or set "
                "dataset.label_column or dataset.class_names",
                m_file, line, excerpt(label), fmt::join(m_config.classNames, ", "));
        example.label = *number;
    }
    bool isFirst = true;
    for (std::string_view text : texts) {
        if (m_config.strip && (text = stripWhiteSpace(text)).empty())
            continue;
        if (!isFirst)
            example.text += ' ';
        isFirst = false;
        example.text += text;
    }
    m_examples.push_back(std::move(example));
    m_numberLines.push_back(isNumber ? line : 0);
}

bool ExampleList::holdsNumber(std::int32_t number) const {
    for (std::size_t i = 0; i < m_examples.size(); ++i)
        if (m_numberLines[i] > 0 && m_examples[i].label == number)
            return true;
    return false;
}

void ExampleList::failOutside(std::size_t example, std::int32_t first) const {
    fail("{}:{}: the label {} is outside {} to {} ({}); correct it or set dataset.num_classes", m_file,
         m_numberLines[example], m_examples[example].label, first, m_config.numClasses - 1 + first,
         fmt::join(m_config.classNames, ", "));
}

LabelBase ExampleList::labelBase(std::span<const ExampleList> files) {
    for (const ExampleList& file : files)
        if (file.m_examples.empty())
            fail("{}: no examples; check dataset.path", file.m_file);
    const auto occurs = [&](std::int32_t number) {
        return std::any_of(files.begin(), files.end(),
                           [&](const ExampleList& file) { return file.holdsNumber(number); });
    };
    const DatasetConfig& config = files.front().m_config;
    if (occurs(0))
        return LabelBase::Zero;
    if (occurs(config.numClasses))
        return LabelBase::One;
    const auto eachNumber = [&](const auto& visit) {
        for (const ExampleList& file : files)
            for (std::size_t i = 0; i < file.m_examples.size(); ++i)
                if (file.m_numberLines[i] > 0)
                    visit(file, i);
    };
    eachNumber([&](const ExampleList& file, std::size_t i) {
        if (file.m_examples[i].label < 0 || file.m_examples[i].label > config.numClasses)
            file.failOutside(i, 0);
    });
    eachNumber([&](const ExampleList& file, std::size_t i) {
        fail(
            "{}:{}: labels are whole numbers, but neither 0 nor {} is among them to tell whether they count "
            "from 0 or from 1; write class names ({}) in their place, or add an example of the missing class",
            file.m_file, file.m_numberLines[i], config.numClasses, fmt::join(config.classNames, ", "));
    });
    return LabelBase::Zero;
}

Split ExampleList::finish(LabelBase base) {
    const std::int32_t first = base == LabelBase::One ? 1 : 0;
    for (std::size_t i = 0; i < m_examples.size(); ++i) {
        if (m_numberLines[i] == 0)
            continue;
        if (m_examples[i].label < first || m_examples[i].label - first >= m_config.numClasses)
            failOutside(i, first);
        m_examples[i].label -= first;
    }
    return std::move(m_examples);
}

std::vector<std::string> textColumns(const std::string& textColumn, std::span<const std::string_view> names) {
    if (std::find(names.begin(), names.end(), textColumn) != names.end())
        return {textColumn};
    std::vector<std::string> columns;
    for (std::size_t begin = 0; begin <= textColumn.size();) {
        const std::size_t end = std::min(textColumn.find('+', begin), textColumn.size());
        columns.emplace_back(stripWhiteSpace(std::string_view(textColumn).substr(begin, end - begin)));
        begin = end + 1;
    }
    return columns;
}

}  // namespace saeception
