// SPDX-License-Identifier: GPL-3.0-or-later
// Collects the examples of one data file, whatever its format: text joined and stripped, labels understood.
#pragma once

#include "data/dataset.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// What the smallest label number of a data set is, of all its files alike.
enum class LabelBase { Zero, One };

class ExampleList {
public:
    /// `file` is named in error lines; `config` must outlive the list.
    ExampleList(const DatasetConfig& config, std::string file) : m_config(config), m_file(std::move(file)) {}

    const std::string& file() const { return m_file; }

    /// Adds the example that starts on `line`: `texts` joined by a space (stripped first, and empty ones left
    /// out, if dataset.strip), `label` one of dataset.class_names, else a number.
    /// @throws UserError naming the file, line, label and the class names if it is neither.
    void add(std::int64_t line, std::span<const std::string_view> texts, std::string_view label);

    /// Whether `label` is a class name or a whole number, in range or not.
    bool isLabel(std::string_view label) const;

    /// The examples in file order, their numbers counted from `base`.
    /// @throws UserError naming the line of a label out of range.
    Split finish(LabelBase base);

    /// What the whole-number labels of one data set's files count from: 0 if a 0 occurs in one of them, else
    /// 1 if num_classes does; 0 if all labels are names.
    /// @throws UserError if a file has no example, or if neither number occurs, so that nothing tells.
    static LabelBase labelBase(std::span<const ExampleList> files);

private:
    std::int32_t named(std::string_view label) const;
    bool holdsNumber(std::int32_t number) const;
    [[noreturn]] void failOutside(std::size_t example, std::int32_t first) const;

    const DatasetConfig& m_config;
    std::string m_file;
    Split m_examples;
    std::vector<std::int64_t> m_numberLines;  ///< per example: the line of a label given as a number, else 0
};

/// The columns or keys that dataset.text_column names: itself when `names` holds it, else its parts between
/// '+' signs.
std::vector<std::string> textColumns(const std::string& textColumn, std::span<const std::string_view> names);

}  // namespace saeception
