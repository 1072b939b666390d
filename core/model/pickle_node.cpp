// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pickle_node.h"

#include "base/error.h"

namespace saeception {
namespace {

// Everything in a pickle but its tensors: names, metrics, histories.
constexpr std::size_t mostBytes = std::size_t{512} << 20;

}  // namespace

void PickleState::malformed(std::string_view what) const {
    fail("{}: its pickle {} (at byte {}); save the file again", m_origin, what, position);
}

void PickleState::refuse(const std::string& name) const {
    fail(
        "{}: holds the Python object '{}', which is not loaded for safety; save only tensors, numbers and "
        "text "
        "(float(x) for numpy numbers, model.state_dict() for models)",
        m_origin, oneLine(name.substr(0, 200)));
}

void PickleState::spend(std::size_t bytes) {
    if (bytes > mostBytes - m_spent)
        malformed("holds too many values");
    m_spent += bytes;
}

}  // namespace saeception
