// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/glue_tsv.h"

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "data/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <string_view>
#include <utility>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

std::string listed(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return oneLine(std::move(list));
}

std::string readUtf8(const fs::path& path) {
    std::string text = readFile(path);
    if (const std::size_t bad = findInvalidUtf8(text); bad != std::string::npos) {
        const auto at = text.begin() + static_cast<std::ptrdiff_t>(bad);
        const std::size_t lineStart =
            text.rfind('\n', bad) == std::string::npos ? 0 : text.rfind('\n', bad) + 1;
        fail("{}:{}: byte {} of the line (0x{:02X}) is not valid UTF-8; convert the file to UTF-8",
             path.string(), 1 + std::count(text.begin(), at, '\n'), bad - lineStart + 1,
             static_cast<unsigned char>(text[bad]));
    }
    return text;
}

class TsvReader {
public:
    TsvReader(const DatasetConfig& config, const fs::path& path) : m_config(config), m_file(path.string()) {}

    Split read(const std::string& text) {
        std::string_view rest = text;
        if (rest.starts_with(byteOrderMark))
            rest.remove_prefix(byteOrderMark.size());
        Split split;
        bool hasHeader = false;
        while (!rest.empty()) {
            const std::string_view line = takeLine(rest);
            if (line.empty())
                continue;
            splitFields(line);
            if (hasHeader)
                split.push_back(example());
            else
                readHeader();
            hasHeader = true;
        }
        if (split.empty())
            fail("{}: no examples{}; check dataset.path", m_file,
                 hasHeader ? " after the header line" : ", not even a header line");
        return split;
    }

private:
    std::string_view takeLine(std::string_view& rest) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        ++m_line;
        return line;
    }

    void splitFields(std::string_view line) {
        m_fields.clear();
        for (;;) {
            const std::size_t tab = line.find('\t');
            m_fields.push_back(line.substr(0, tab));
            if (tab == std::string_view::npos)
                return;
            line.remove_prefix(tab + 1);
        }
    }

    void readHeader() {
        m_columns = m_fields.size();
        m_text = column(m_config.textColumn, "dataset.text_column");
        m_label = column(m_config.labelColumn, "dataset.label_column");
    }

    std::size_t column(const std::string& name, const char* key) const {
        const auto found = std::find(m_fields.begin(), m_fields.end(), name);
        if (found == m_fields.end())
            fail("{}:{}: no column '{}'; the file has {}: set {} to one of them", m_file, m_line, name,
                 listed(m_fields), key);
        return static_cast<std::size_t>(found - m_fields.begin());
    }

    Example example() const {
        if (m_fields.size() != m_columns)
            fail("{}:{}: {} tab-separated fields where the header has {}; correct the line", m_file, m_line,
                 m_fields.size(), m_columns);
        const std::string_view text = m_fields[m_text];
        return {std::string(m_config.strip ? stripWhiteSpace(text) : text),
                label(stripWhiteSpace(m_fields[m_label])),
                {}};
    }

    std::int32_t label(std::string_view field) const {
        const auto& names = m_config.classNames;
        if (const auto named = std::find(names.begin(), names.end(), field); named != names.end())
            return static_cast<std::int32_t>(named - names.begin());
        std::int32_t number = -1;
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
        if (error != std::errc() || end != field.data() + field.size())
            fail(
                "{}:{}: the label '{}' is neither a number nor one of {}; correct it, or set "
                "dataset.label_column or "
                "dataset.class_names",
                m_file, m_line, oneLine(std::string(field.substr(0, 60))),
                listed(std::vector<std::string_view>(names.begin(), names.end())));
        if (number < 0 || number >= m_config.numClasses)
            fail("{}:{}: the label {} is outside 0 to {}; correct it or set dataset.num_classes", m_file,
                 m_line, number, m_config.numClasses - 1);
        return number;
    }

    const DatasetConfig& m_config;
    std::string m_file;
    std::int64_t m_line = 0;
    std::vector<std::string_view> m_fields;
    std::size_t m_columns = 0;
    std::size_t m_text = 0;
    std::size_t m_label = 0;
};

// Moves the drawn part of `train` into `validation`; both keep file order.
void carveValidation(Split& train, Split& validation, double fraction, std::uint64_t seed,
                     const std::string& file) {
    if (!(fraction > 0.0 && fraction < 1.0))
        fail(
            "dataset.validation_split={} leaves one of the splits empty and there is no dev.tsv; set it "
            "between 0 and 1",
            fraction);
    if (train.size() < 2)
        fail("{}: one example cannot be split into training and validation; add examples or a dev.tsv", file);
    std::vector<std::size_t> order(train.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Rng(deriveSeed(seed, "validation split")).shuffle(order);
    const auto wanted = static_cast<std::size_t>(std::llround(fraction * static_cast<double>(train.size())));
    std::vector<bool> drawn(train.size(), false);
    for (std::size_t i = 0; i < std::clamp<std::size_t>(wanted, 1, train.size() - 1); ++i)
        drawn[order[i]] = true;
    Split kept;
    for (std::size_t i = 0; i < train.size(); ++i)
        (drawn[i] ? validation : kept).push_back(std::move(train[i]));
    train = std::move(kept);
}

}  // namespace

void checkGlueFiles(const DatasetConfig& wanted) {
    if (wanted.path.empty())
        fail(
            "dataset.path is not set; give the folder that holds train.tsv and dev.tsv, e.g. "
            "dataset.path=SST-2");
    std::error_code code;
    if (!fs::is_directory(wanted.path, code))
        fail("{} is not a folder; set dataset.path to the folder that holds train.tsv and dev.tsv",
             wanted.path);
    const fs::path train = fs::path(wanted.path) / "train.tsv";
    if (!fs::exists(train, code))
        fail("{} does not exist; set dataset.path to the folder that holds train.tsv and dev.tsv",
             train.string());
}

Dataset readGlueTsv(const ExperimentConfig& config) {
    const DatasetConfig& wanted = config.dataset;
    checkGlueFiles(wanted);
    const fs::path folder = wanted.path;
    const fs::path trainFile = folder / "train.tsv";
    const fs::path validationFile = folder / "dev.tsv";
    std::error_code code;
    Dataset dataset;
    dataset.train = TsvReader(wanted, trainFile).read(readUtf8(trainFile));
    if (fs::exists(validationFile, code))
        dataset.validation = TsvReader(wanted, validationFile).read(readUtf8(validationFile));
    else
        carveValidation(dataset.train, dataset.validation, wanted.validationSplit,
                        static_cast<std::uint64_t>(config.seed), trainFile.string());
    return dataset;
}

}  // namespace saeception
