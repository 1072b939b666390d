// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/tsv.h"

#include "data/table.h"
#include "data/text_file.h"

#include <algorithm>
#include <string>

namespace saeception {
namespace {

class TsvRecords {
public:
    explicit TsvRecords(std::string_view text) : m_rest(text) {}

    bool operator()(TableRecord& record) {
        while (!m_rest.empty()) {
            std::string_view line = takeLine();
            if (line.empty())
                continue;
            record.line = m_line;
            record.fields.clear();
            for (;;) {
                const std::size_t tab = line.find('\t');
                record.fields.push_back(line.substr(0, tab));
                if (tab == std::string_view::npos)
                    return true;
                line.remove_prefix(tab + 1);
            }
        }
        return false;
    }

private:
    std::string_view takeLine() {
        const std::size_t end = std::min(m_rest.find('\n'), m_rest.size());
        std::string_view line = m_rest.substr(0, end);
        m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        ++m_line;
        return line;
    }

    std::string_view m_rest;
    std::int64_t m_line = 0;
};

}  // namespace

void readTsv(const std::filesystem::path& path, const DatasetConfig& config, ExampleList& examples) {
    const std::string text = readTextFile(path);
    readTable(TsvRecords(text), config, examples);
}

}  // namespace saeception
