// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pickle_reader.h"

#include "base/error.h"
#include "model/pickle_node.h"
#include "model/pickle_tensors.h"

#include <bit>
#include <deque>
#include <unordered_map>

namespace saeception {
namespace {

// Generous for any checkpoint, and shallow enough for the stack.
constexpr int deepest = 64;

using Node = PickleNode;

class PickleReader {
public:
    PickleReader(std::string_view bytes, const std::string& origin, const StorageLoader& loadStorage)
        : m_bytes(bytes), m_state(origin), m_tensors(loadStorage, m_state) {}

    PtValue read() {
        while (!step()) {
        }
        return convert(*m_stack.back(), 0);
    }

private:
    [[noreturn]] void malformed(std::string_view what) const { m_state.malformed(what); }

    std::string_view take(std::size_t count) {
        if (count > m_bytes.size() - m_state.position)
            malformed("is cut short");
        const std::string_view piece = m_bytes.substr(m_state.position, count);
        m_state.position += count;
        return piece;
    }
    std::uint64_t littleEndian(std::size_t count) {
        std::uint64_t number = 0;
        const std::string_view piece = take(count);
        for (std::size_t i = 0; i < count; ++i)
            number |= static_cast<std::uint64_t>(static_cast<unsigned char>(piece[i])) << (8 * i);
        return number;
    }
    std::string_view line() {
        const std::size_t end = m_bytes.find('\n', m_state.position);
        if (end == std::string_view::npos)
            malformed("is cut short");
        const std::string_view text = m_bytes.substr(m_state.position, end - m_state.position);
        m_state.position = end + 1;
        return text;
    }

    Node& make(Node::Kind kind) {
        m_state.spend(sizeof(Node));
        m_arena.emplace_back();
        m_arena.back().kind = kind;
        return m_arena.back();
    }
    void pushScalar(PtValue value) {
        Node& node = make(Node::Kind::Scalar);
        node.scalar = std::move(value);
        m_stack.push_back(&node);
    }
    void pushContainer(Node::Kind kind, std::vector<Node*> items = {}) {
        m_state.spend(items.size() * sizeof(Node*));
        Node& node = make(kind);
        node.items = std::move(items);
        m_stack.push_back(&node);
    }
    Node* pop() {
        if (m_stack.empty() || m_stack.back()->kind == Node::Kind::Mark)
            malformed("takes a value that is not there");
        Node* node = m_stack.back();
        m_stack.pop_back();
        return node;
    }
    Node* top(Node::Kind kind) {
        if (m_stack.empty() || m_stack.back()->kind != kind)
            malformed("fills something that is not a container");
        return m_stack.back();
    }
    std::vector<Node*> popToMark() {
        std::size_t mark = m_stack.size();
        while (mark > 0 && m_stack[mark - 1]->kind != Node::Kind::Mark)
            --mark;
        if (mark == 0)
            malformed("closes a group that was not opened");
        std::vector<Node*> items(m_stack.begin() + static_cast<std::ptrdiff_t>(mark), m_stack.end());
        m_stack.resize(mark - 1);
        return items;
    }
    std::vector<Node*> popSome(std::size_t count) {
        std::vector<Node*> items(count);
        for (std::size_t i = count; i-- > 0;)
            items[i] = pop();
        return items;
    }
    void recall(std::uint64_t slot) {
        const auto found = m_memo.find(slot);
        if (found == m_memo.end())
            malformed("refers to a value that it did not store");
        m_stack.push_back(found->second);
    }
    void store(std::uint64_t slot) {
        if (m_stack.empty() || m_stack.back()->kind == Node::Kind::Mark)
            malformed("stores a value that is not there");
        m_memo[slot] = m_stack.back();
    }
    void addItems(Node::Kind kind, const std::vector<Node*>& items) {
        Node* container = top(kind);
        if (kind == Node::Kind::Dict && items.size() % 2 != 0)
            malformed("has a key without a value");
        m_state.spend(items.size() * sizeof(Node*));
        container->items.insert(container->items.end(), items.begin(), items.end());
    }

    std::int64_t integer(const Node& node) const {
        const std::int64_t* value =
            node.kind == Node::Kind::Scalar ? node.scalar.get<std::int64_t>() : nullptr;
        if (value == nullptr)
            malformed("has something else where a whole number belongs");
        return *value;
    }
    std::string text(const Node& node) const {
        const std::string* value = node.kind == Node::Kind::Scalar ? node.scalar.get<std::string>() : nullptr;
        if (value == nullptr)
            malformed("has something else where text belongs");
        return *value;
    }
    std::vector<std::int64_t> integers(const Node& node) const {
        if (node.kind != Node::Kind::List)
            malformed("has something else where a list belongs");
        if (node.items.size() > PickleTensors::mostDimensions)
            malformed(fmt::format("has a tensor of {} dimensions", node.items.size()));
        std::vector<std::int64_t> numbers;
        for (const Node* item : node.items)
            numbers.push_back(integer(*item));
        return numbers;
    }

    void longInteger(std::size_t count) {
        if (count > 8)
            fail("{}: holds a whole number beyond 64 bits; save it as a float or as text", m_state.origin());
        std::uint64_t number = littleEndian(count);
        if (count > 0 && count < 8 && (number >> (8 * count - 1)) != 0)
            number |= ~std::uint64_t{0} << (8 * count);
        pushScalar(static_cast<std::int64_t>(number));
    }

    void pushText(std::uint64_t size) {
        const std::string_view piece = take(static_cast<std::size_t>(size));
        m_state.spend(piece.size());
        pushScalar(std::string(piece));
    }

    void global(std::string name) {
        if (name != orderedDict && name != rebuildTensor && name != rebuildParameter &&
            !PickleTensors::isStorageType(name))
            m_state.refuse(name);
        Node& node = make(Node::Kind::Global);
        node.name = std::move(name);
        m_stack.push_back(&node);
    }
    std::string nameOnLines() {
        const std::string module(line());
        return module + '.' + std::string(line());
    }
    std::string nameOnStack() {
        const Node* name = pop();
        const Node* module = pop();
        return text(*module) + '.' + text(*name);
    }

    /// ('storage', <type>, key, location, elements)
    void persistentId() {
        const Node* tuple = pop();
        if (tuple->kind != Node::Kind::List || tuple->items.size() != 5 ||
            text(*tuple->items[0]) != "storage" || tuple->items[1]->kind != Node::Kind::Global)
            malformed("has a storage reference of an unknown form");
        at::Tensor storage =
            m_tensors.storage(tuple->items[1]->name, text(*tuple->items[2]), integer(*tuple->items[4]));
        Node& node = make(Node::Kind::Storage);
        node.tensor = std::move(storage);
        m_stack.push_back(&node);
    }

    void reduce() {
        const Node* arguments = pop();
        const Node* callee = pop();
        if (callee->kind != Node::Kind::Global || arguments->kind != Node::Kind::List)
            malformed("calls something that is not a name");
        if (callee->name == orderedDict) {
            std::vector<Node*> items;
            if (!arguments->items.empty()) {
                if (arguments->items[0]->kind != Node::Kind::List)
                    malformed("has a dictionary of an unknown form");
                for (const Node* pair : arguments->items[0]->items) {
                    if (pair->kind != Node::Kind::List || pair->items.size() != 2)
                        malformed("has a dictionary of an unknown form");
                    items.insert(items.end(), pair->items.begin(), pair->items.end());
                }
            }
            pushContainer(Node::Kind::Dict, std::move(items));
        } else if (callee->name == rebuildTensor) {
            // (storage, offset, size, stride, requires_grad, hooks)
            const std::vector<Node*>& items = arguments->items;
            if (items.size() < 4 || items[0]->kind != Node::Kind::Storage)
                malformed("has a tensor of an unknown form");
            at::Tensor tensor = m_tensors.view(items[0]->tensor, integer(*items[1]), integers(*items[2]),
                                               integers(*items[3]));
            Node& node = make(Node::Kind::Tensor);
            node.tensor = std::move(tensor);
            m_stack.push_back(&node);
        } else if (callee->name == rebuildParameter && !arguments->items.empty() &&
                   arguments->items[0]->kind == Node::Kind::Tensor) {
            m_stack.push_back(arguments->items[0]);
        } else {
            m_state.refuse(callee->name);
        }
    }

    /// One opcode; true at the end.
    bool step() {
        switch (const auto opcode = static_cast<unsigned char>(take(1)[0])) {
            case 0x80:
                if (const std::uint64_t protocol = littleEndian(1); protocol < 2 || protocol > 5)
                    malformed(fmt::format("is of protocol {}, not of 2 to 5", protocol));
                break;
            case 0x95:  // the size of a frame, of use to streams only
                take(8);
                break;
            case '}':
                pushContainer(Node::Kind::Dict);
                break;
            case ']':
            case ')':
                pushContainer(Node::Kind::List);
                break;
            case '(':
                m_stack.push_back(&make(Node::Kind::Mark));
                break;
            case 'q':
                store(littleEndian(1));
                break;
            case 'r':
                store(littleEndian(4));
                break;
            case 0x94:
                store(m_memo.size());
                break;
            case 'h':
                recall(littleEndian(1));
                break;
            case 'j':
                recall(littleEndian(4));
                break;
            case 'X':
                pushText(littleEndian(4));
                break;
            case 0x8c:
                pushText(littleEndian(1));
                break;
            case 0x8d:
                pushText(littleEndian(8));
                break;
            case 'G': {
                std::uint64_t bits = 0;
                for (const char byte : take(8))
                    bits = bits << 8 | static_cast<unsigned char>(byte);
                pushScalar(std::bit_cast<double>(bits));
                break;
            }
            case 'J':
                pushScalar(std::int64_t{static_cast<std::int32_t>(littleEndian(4))});
                break;
            case 'K':
                pushScalar(static_cast<std::int64_t>(littleEndian(1)));
                break;
            case 'M':
                pushScalar(static_cast<std::int64_t>(littleEndian(2)));
                break;
            case 0x8a:
                longInteger(static_cast<std::size_t>(littleEndian(1)));
                break;
            case 0x8b:
                longInteger(static_cast<std::size_t>(littleEndian(4)));
                break;
            case 0x88:
                pushScalar(true);
                break;
            case 0x89:
                pushScalar(false);
                break;
            case 'N':
                pushScalar(PtValue());
                break;
            case 'c':
                global(nameOnLines());
                break;
            case 0x93:
                global(nameOnStack());
                break;
            case 'i':  // calls a class by name, in pickles written by hand
                m_state.refuse(nameOnLines());
            case 'B':
            case 'C':
            case 0x8e:
            case 0x96:
                m_state.refuse("bytes");
            case 0x8f:
            case 0x91:
                m_state.refuse("set");
            case 'Q':
                persistentId();
                break;
            case 'R':
                reduce();
                break;
            case 't':
                pushContainer(Node::Kind::List, popToMark());
                break;
            case 0x85:
            case 0x86:
            case 0x87:
                pushContainer(Node::Kind::List, popSome(opcode - 0x84U));
                break;
            case 's':
                addItems(Node::Kind::Dict, popSome(2));
                break;
            case 'u':
                addItems(Node::Kind::Dict, popToMark());
                break;
            case 'a':
                addItems(Node::Kind::List, popSome(1));
                break;
            case 'e':
                addItems(Node::Kind::List, popToMark());
                break;
            case 'b':  // attributes of an OrderedDict (a state dict's _metadata): nothing that is needed
                pop();
                top(Node::Kind::Dict);
                break;
            case '.':
                if (m_stack.size() != 1 || m_stack[0]->kind == Node::Kind::Mark)
                    malformed("ends with an open group");
                return true;
            default:
                malformed(
                    fmt::format("uses the operation 0x{:02x}, which torch.save does not write", opcode));
        }
        return false;
    }

    PtValue convert(const Node& node, int depth) {
        if (depth > deepest)
            malformed("is nested too deeply");
        m_state.spend(sizeof(PtValue));
        switch (node.kind) {
            case Node::Kind::Scalar:
                if (const auto* words = node.scalar.get<std::string>())
                    m_state.spend(words->size());
                return node.scalar;
            case Node::Kind::Tensor:
                return node.tensor;
            case Node::Kind::List: {
                PtList list;
                for (const Node* item : node.items)
                    list.push_back(convert(*item, depth + 1));
                return list;
            }
            case Node::Kind::Dict: {
                PtDict dict;
                for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
                    const PtValue& key = node.items[i]->scalar;
                    m_state.spend(sizeof(std::string));
                    if (const auto* words = key.get<std::string>())
                        m_state.spend(words->size());
                    if (const auto* number = key.get<std::int64_t>())
                        dict.emplace_back(std::to_string(*number), convert(*node.items[i + 1], depth + 1));
                    else
                        dict.emplace_back(text(*node.items[i]), convert(*node.items[i + 1], depth + 1));
                }
                return dict;
            }
            case Node::Kind::Global:
                m_state.refuse(node.name);
            case Node::Kind::Storage:
            case Node::Kind::Mark:
                break;
        }
        malformed("holds a bare storage");
    }

    static constexpr std::string_view orderedDict = "collections.OrderedDict";
    static constexpr std::string_view rebuildTensor = "torch._utils._rebuild_tensor_v2";
    static constexpr std::string_view rebuildParameter = "torch._utils._rebuild_parameter";

    std::string_view m_bytes;
    PickleState m_state;
    PickleTensors m_tensors;
    std::deque<Node> m_arena;
    std::vector<Node*> m_stack;
    std::unordered_map<std::uint64_t, Node*> m_memo;
};

}  // namespace

PtValue readPickle(std::string_view bytes, const std::string& origin, const StorageLoader& loadStorage) {
    return PickleReader(bytes, origin, loadStorage).read();
}

}  // namespace saeception
