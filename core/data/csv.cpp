// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/csv.h"

#include "base/error.h"
#include "data/table.h"
#include "data/text_file.h"

#include <algorithm>
#include <string>

namespace saeception {
namespace {

// The CSV libraries at hand either break records at every line end or do not say on which line one starts.
class CsvRecords {
public:
    /// Fields are unescaped within `text` itself, so that nothing is copied.
    CsvRecords(std::string& text, const std::string& file) : m_text(text), m_file(file) {}

    bool operator()(TableRecord& record) {
        while (m_position < m_text.size()) {
            record.line = m_line;
            record.fields.clear();
            bool isBlank = true;
            do {
                const bool isQuoted = m_position < m_text.size() && m_text[m_position] == '"';
                record.fields.push_back(isQuoted ? quotedField(record) : plainField());
                isBlank = isBlank && !isQuoted && record.fields.back().empty();
            } while (takeComma());
            takeLineEnd();
            if (!isBlank || record.fields.size() > 1)
                return true;
        }
        return false;
    }

private:
    std::string_view plainField() {
        const std::size_t begin = m_position;
        m_position = std::min(m_text.find_first_of(",\r\n", begin), m_text.size());
        return std::string_view(m_text).substr(begin, m_position - begin);
    }

    std::string_view quotedField(const TableRecord& record) {
        const std::size_t begin = ++m_position;
        std::size_t end = begin;
        for (;; ++m_position) {
            if (m_position == m_text.size())
                fail("{}:{}: the quote that opens field {} is never closed; close it or double it", m_file,
                     record.line, record.fields.size() + 1);
            const char c = m_text[m_position];
            if (c == '"') {
                if (m_position + 1 == m_text.size() || m_text[m_position + 1] != '"')
                    break;
                ++m_position;
            }
            if (isLineEnd(c))
                ++m_line;
            m_text[end++] = c;
        }
        ++m_position;
        if (m_position < m_text.size() &&
            std::string_view(",\r\n").find(m_text[m_position]) == std::string_view::npos)
            fail(
                "{}:{}: text follows the closing quote of field {}; write a quote within a quoted field "
                "twice",
                m_file, record.line, record.fields.size() + 1);
        return std::string_view(m_text).substr(begin, end - begin);
    }

    /// A line feed, or a carriage return without one: a pair counts once.
    bool isLineEnd(char c) const {
        return c == '\n' ||
               (c == '\r' && (m_position + 1 == m_text.size() || m_text[m_position + 1] != '\n'));
    }

    bool takeComma() {
        const bool found = m_position < m_text.size() && m_text[m_position] == ',';
        m_position += found ? 1 : 0;
        return found;
    }

    void takeLineEnd() {
        if (m_position == m_text.size())
            return;
        if (m_text[m_position] == '\r' && m_position + 1 < m_text.size() && m_text[m_position + 1] == '\n')
            ++m_position;
        ++m_position;
        ++m_line;
    }

    std::string& m_text;
    const std::string& m_file;
    std::size_t m_position = 0;
    std::int64_t m_line = 1;
};

}  // namespace

void readCsv(const std::filesystem::path& path, const DatasetConfig& config, ExampleList& examples) {
    std::string text = readTextFile(path);
    readTable(CsvRecords(text, examples.file()), config, examples);
}

}  // namespace saeception
