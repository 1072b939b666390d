// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/table.h"

#include "base/error.h"
#include "data/text_file.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace saeception {
namespace {

constexpr const char* textKey = "dataset.text_column";
constexpr const char* labelKey = "dataset.label_column";

bool isNumber(const std::string& name) {
    return !name.empty() && name.size() < 7 &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string listed(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "" : ", ") + excerpt(name, 30);
    return excerpt(list, 400);
}

struct Columns {
    std::vector<std::size_t> texts;
    std::size_t label = 0;
    std::size_t count = 0;
    bool hasHeader = false;
};

class ColumnFinder {
public:
    ColumnFinder(const TableRecord& first, const DatasetConfig& config, const ExampleList& examples)
        : m_first(first), m_config(config), m_examples(examples) {}

    Columns find() const {
        const std::vector<std::string> texts = textColumns(m_config.textColumn, m_first.fields);
        const bool hasNames =
            std::all_of(texts.begin(), texts.end(), [&](const std::string& name) { return holds(name); }) &&
            holds(m_config.labelColumn);
        const bool areNumbers =
            !hasNames && std::all_of(texts.begin(), texts.end(), isNumber) && isNumber(m_config.labelColumn);
        Columns columns;
        columns.count = m_first.fields.size();
        for (const std::string& name : texts)
            columns.texts.push_back(areNumbers ? numbered(name, textKey) : named(name, textKey));
        columns.label =
            areNumbers ? numbered(m_config.labelColumn, labelKey) : named(m_config.labelColumn, labelKey);
        columns.hasHeader = !areNumbers || !m_examples.isLabel(m_first.fields[columns.label]);
        return columns;
    }

private:
    bool holds(const std::string& name) const {
        return std::find(m_first.fields.begin(), m_first.fields.end(), name) != m_first.fields.end();
    }
    std::size_t named(const std::string& name, const char* key) const {
        if (!holds(name))
            fail(
                "{}:{}: no column '{}'; the file has {}: set {} to one of them (for a file without a header "
                "line, give column numbers)",
                m_examples.file(), m_first.line, name, listed(m_first.fields), key);
        return static_cast<std::size_t>(std::find(m_first.fields.begin(), m_first.fields.end(), name) -
                                        m_first.fields.begin());
    }
    std::size_t numbered(const std::string& name, const char* key) const {
        std::size_t number = 0;
        std::from_chars(name.data(), name.data() + name.size(), number);
        if (number < 1 || number > m_first.fields.size())
            fail("{}:{}: there is no column {}, the columns are 1 to {}; set {} to one of them",
                 m_examples.file(), m_first.line, name, m_first.fields.size(), key);
        return number - 1;
    }

    const TableRecord& m_first;
    const DatasetConfig& m_config;
    const ExampleList& m_examples;
};

}  // namespace

void readTable(const RecordSource& next, const DatasetConfig& config, ExampleList& examples) {
    TableRecord record;
    if (!next(record))
        fail("{}: no examples, not even a header line; check dataset.path", examples.file());
    const Columns columns = ColumnFinder(record, config, examples).find();
    const std::int64_t firstLine = record.line;
    std::vector<std::string_view> texts(columns.texts.size());
    bool isExample = !columns.hasHeader;
    if (!isExample && !(isExample = next(record)))
        fail("{}: no examples after the header line; check dataset.path", examples.file());
    for (; isExample; isExample = next(record)) {
        if (record.fields.size() != columns.count)
            fail("{}:{}: {} fields where line {} has {}; correct the line", examples.file(), record.line,
                 record.fields.size(), firstLine, columns.count);
        for (std::size_t i = 0; i < texts.size(); ++i)
            texts[i] = record.fields[columns.texts[i]];
        examples.add(record.line, texts, record.fields[columns.label]);
    }
}

}  // namespace saeception
