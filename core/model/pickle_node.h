// SPDX-License-Identifier: GPL-3.0-or-later
// The Python objects of a pickle while it is read, how much of them is allowed, and what is said of a bad
// one.
#pragma once

#include "model/pt_file.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saeception {

/// A Python object under construction. Containers refer to nodes of the reader's arena, as pickles share and
/// fill them late.
struct PickleNode {
    enum class Kind { Scalar, Tensor, List, Dict, Global, Storage, Mark };
    Kind kind = Kind::Scalar;
    PtValue scalar;                  ///< Scalar
    at::Tensor tensor;               ///< Tensor, Storage
    std::string name;                ///< Global: "module.name"
    std::vector<PickleNode*> items;  ///< List; Dict: keys and values alternating
};

/// Where the reader stands, for its error lines, and what it may still use.
class PickleState {
public:
    explicit PickleState(const std::string& origin) : m_origin(origin) {}

    std::size_t position = 0;  ///< byte of the pickle

    const std::string& origin() const { return m_origin; }
    [[noreturn]] void malformed(std::string_view what) const;
    /// A Python object that is not on the short list of those understood.
    [[noreturn]] void refuse(const std::string& name) const;
    /// Counts memory for values; a pickle that refers to itself over and over must not exhaust it.
    void spend(std::size_t bytes);

private:
    const std::string& m_origin;
    std::size_t m_spent = 0;
};

}  // namespace saeception
