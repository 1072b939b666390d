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
    const std::optional<std::int32_t> number = wholeNumber(label);
    return named(label) >= 0 || (number && *number >= 0 && *number <= m_config.numClasses);
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

bool ExampleList::countsFromOne() const {
    const auto classes = static_cast<std::size_t>(m_config.numClasses);
    std::vector<bool> seen(classes + 1, false);
    for (std::size_t i = 0; i < m_examples.size(); ++i) {
        const std::int32_t number = m_examples[i].label;
        if (m_numberLines[i] > 0 && number >= 0 && number <= m_config.numClasses)
            seen[static_cast<std::size_t>(number)] = true;
    }
    return !seen[0] && std::count(seen.begin(), seen.end(), true) == static_cast<std::ptrdiff_t>(classes);
}

Split ExampleList::finish(LabelBase& base) {
    if (m_examples.empty())
        fail("{}: no examples; check dataset.path", m_file);
    if (base == LabelBase::Unknown)
        base = countsFromOne() ? LabelBase::One : LabelBase::Zero;
    const std::int32_t first = base == LabelBase::One ? 1 : 0;
    for (std::size_t i = 0; i < m_examples.size(); ++i) {
        if (m_numberLines[i] == 0)
            continue;
        std::int32_t& label = m_examples[i].label;
        if (label < first || label - first >= m_config.numClasses)
            fail("{}:{}: the label {} is outside {} to {} ({}); correct it or set dataset.num_classes",
                 m_file, m_numberLines[i], label, first, m_config.numClasses - 1 + first,
                 fmt::join(m_config.classNames, ", "));
        label -= first;
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
