// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's `.pt` files (zip with a pickle) as plain values. The reader executes nothing: it knows
// containers, numbers, strings and tensors, and refuses every other Python object by its name.
#pragma once

#include "base/torch_headers.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace saeception {

struct PtValue;
using PtList = std::vector<PtValue>;
/// In file order. Integer keys of a Python dict appear as decimal text.
using PtDict = std::vector<std::pair<std::string, PtValue>>;

/// None, bool, int, float, str, Tensor, list (or tuple), dict (or OrderedDict).
struct PtValue {
    std::variant<std::monostate, bool, std::int64_t, double, std::string, at::Tensor, PtList, PtDict> value;

    PtValue() = default;
    PtValue(bool v) : value(v) {}
    PtValue(int v) : value(static_cast<std::int64_t>(v)) {}
    PtValue(std::int64_t v) : value(v) {}
    PtValue(double v) : value(v) {}
    PtValue(const char* v) : value(std::string(v)) {}
    PtValue(std::string v) : value(std::move(v)) {}
    PtValue(at::Tensor v) : value(std::move(v)) {}
    PtValue(PtList v) : value(std::move(v)) {}
    PtValue(PtDict v) : value(std::move(v)) {}

    template <typename T>
    const T* get() const {
        return std::get_if<T>(&value);
    }
    /// An int, float or bool as a number, or `otherwise`.
    double number(double otherwise) const;
};

/// The value of `key`, or nullptr.
const PtValue* find(const PtDict& dict, std::string_view key);

/// Writes a file that Python opens with torch.load(f, weights_only=True), whole or not at all. (That reader
/// took floats only from PyTorch 2.0 on; 1.13 needs weights_only=False for files that hold any, its own
/// included.)
/// @throws UserError naming the path.
void savePt(const std::filesystem::path& path, const PtValue& value);

/// Reads a file written by savePt or by Python's torch.save (zip format, pickle protocols 2 to 5), executing
/// nothing. @throws UserError naming the file: cut short, damaged, not such a file, or holding a Python
/// object other than those above (named).
PtValue loadPt(const std::filesystem::path& path);

/// The same without the tensors' numbers, which takes no more than reading the names: tensors are of
/// PyTorch's meta device and tell their shapes alone.
PtValue loadPtOutline(const std::filesystem::path& path);

}  // namespace saeception
