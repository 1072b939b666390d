// SPDX-License-Identifier: GPL-3.0-or-later
// Picks text and label out of the records of a delimited file, by the names or numbers of its columns.
#pragma once

#include "data/example_list.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace saeception {

/// One record: the line on which it starts, and its fields, valid until the next record is read.
struct TableRecord {
    std::int64_t line = 0;
    std::vector<std::string_view> fields;
};

/// Fills in the next record; false when there is none.
using RecordSource = std::function<bool(TableRecord&)>;

/// Adds every record to `examples`. A first record that holds the names in dataset.text_column ("title", or
/// "title+body" for several columns joined) and dataset.label_column is the header. Names that are numbers
/// count columns from 1; the first record is then passed over as a header if what stands in its label column
/// is no label.
/// @throws UserError naming the file, line, column and key.
void readTable(const RecordSource& next, const DatasetConfig& config, ExampleList& examples);

}  // namespace saeception
