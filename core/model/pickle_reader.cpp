// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pickle_reader.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <set>
#include <unordered_map>

namespace saeception {
namespace {

// Generous for any checkpoint, small enough that a file of nested references to itself cannot exhaust memory.
constexpr int deepest = 64;
constexpr std::size_t mostValues = 20'000'000;

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 10> storageTypes = {{
    {"torch FloatStorage", at::kFloat},
    {"torch DoubleStorage", at::kDouble},
    {"torch HalfStorage", at::kHalf},
    {"torch BFloat16Storage", at::kBFloat16},
    {"torch LongStorage", at::kLong},
    {"torch IntStorage", at::kInt},
    {"torch ShortStorage", at::kShort},
    {"torch CharStorage", at::kChar},
    {"torch ByteStorage", at::kByte},
    {"torch BoolStorage", at::kBool},
}};

/// A Python object under construction. Containers refer to nodes of the reader's arena, as pickles share and
/// fill them late.
struct Node {
    enum class Kind { Scalar, Tensor, List, Dict, Global, Storage, Mark };
    Kind kind = Kind::Scalar;
    PtValue scalar;            ///< Scalar
    at::Tensor tensor;         ///< Tensor, Storage
    std::string name;          ///< Global
    std::vector<Node*> items;  ///< List; Dict: keys and values alternating
};

class PickleReader {
public:
    PickleReader(std::string_view bytes, const std::string& origin, const StorageLoader& loadStorage)
        : m_bytes(bytes), m_origin(origin), m_loadStorage(loadStorage) {}

    PtValue read() {
        while (!step()) {
        }
        return convert(*m_stack.back(), 0);
    }

private:
    [[noreturn]] void malformed(std::string_view what) const {
        fail("{}: its pickle {} (at byte {}); save the file again", m_origin, what, m_position);
    }
    [[noreturn]] void refuse(std::string name) const {
        std::replace(name.begin(), name.end(), ' ', '.');
        fail(
            "{}: holds the Python object '{}', which is not loaded for safety; save only tensors, numbers "
            "and text "
            "(float(x) for numpy numbers, model.state_dict() for models)",
            m_origin, oneLine(std::move(name)));
    }

    std::string_view take(std::size_t count) {
        if (count > m_bytes.size() - m_position)
            malformed("is cut short");
        const std::string_view piece = m_bytes.substr(m_position, count);
        m_position += count;
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
        const std::size_t end = m_bytes.find('\n', m_position);
        if (end == std::string_view::npos)
            malformed("is cut short");
        const std::string_view text = m_bytes.substr(m_position, end - m_position);
        m_position = end + 1;
        return text;
    }

    Node& make(Node::Kind kind) {
        if (m_arena.size() >= mostValues)
            malformed("holds too many values");
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
        std::vector<std::int64_t> numbers;
        for (const Node* item : node.items)
            numbers.push_back(integer(*item));
        return numbers;
    }

    void longInteger() {
        const std::size_t count = static_cast<std::size_t>(littleEndian(1));
        if (count > 8)
            fail("{}: holds a whole number beyond 64 bits; save it as a float or as text", m_origin);
        std::uint64_t number = littleEndian(count);
        if (count > 0 && count < 8 && (number >> (8 * count - 1)) != 0)
            number |= ~std::uint64_t{0} << (8 * count);
        pushScalar(static_cast<std::int64_t>(number));
    }

    void global() {
        const std::string_view module = line();
        const std::string name = fmt::format("{} {}", module, line());
        bool known = name == "collections OrderedDict" || name == "torch._utils _rebuild_tensor_v2" ||
                     name == "torch._utils _rebuild_parameter";
        for (const auto& [storage, type] : storageTypes)
            known = known || storage == name;
        if (!known)
            refuse(name);
        Node& node = make(Node::Kind::Global);
        node.name = name;
        m_stack.push_back(&node);
    }

    /// ('storage', <type>, key, location, elements)
    void persistentId() {
        const Node* tuple = pop();
        if (tuple->kind != Node::Kind::List || tuple->items.size() != 5 ||
            text(*tuple->items[0]) != "storage" || tuple->items[1]->kind != Node::Kind::Global)
            malformed("has a storage reference of an unknown form");
        for (const auto& [name, type] : storageTypes) {
            if (name != tuple->items[1]->name)
                continue;
            const std::string key = text(*tuple->items[2]);
            at::Tensor& storage = m_storages[key];
            const std::int64_t elements = integer(*tuple->items[4]);
            if (!storage.defined())
                storage = m_loadStorage(key, type, elements);
            if (storage.scalar_type() != type || storage.numel() != elements)
                malformed("describes one storage in two ways");
            Node& node = make(Node::Kind::Storage);
            node.tensor = storage;
            m_stack.push_back(&node);
            return;
        }
        malformed("has a storage reference of an unknown type");
    }

    /// (storage, offset, size, stride, requires_grad, hooks): every element must lie inside the storage.
    at::Tensor rebuildTensor(const std::vector<Node*>& arguments) {
        if (arguments.size() < 4 || arguments[0]->kind != Node::Kind::Storage)
            malformed("has a tensor of an unknown form");
        const at::Tensor& storage = arguments[0]->tensor;
        const std::int64_t offset = integer(*arguments[1]);
        const std::vector<std::int64_t> sizes = integers(*arguments[2]), strides = integers(*arguments[3]);
        bool fits = sizes.size() == strides.size() && offset >= 0;
        std::int64_t last = offset, count = 1;
        for (std::size_t i = 0; fits && i < sizes.size(); ++i) {
            std::int64_t reach = 0;
            fits = sizes[i] >= 0 && strides[i] >= 0 && !__builtin_mul_overflow(count, sizes[i], &count) &&
                   !__builtin_mul_overflow(std::max<std::int64_t>(sizes[i] - 1, 0), strides[i], &reach) &&
                   !__builtin_add_overflow(last, reach, &last);
        }
        // A stride of zero repeats elements: what it unfolds to must not exceed the file's own scale.
        fits = fits && (count == 0 || (last < storage.numel() && count <= storage.numel()));
        if (!fits)
            malformed("has a tensor that reaches beyond its storage");
        const at::Tensor view = storage.as_strided(sizes, strides, offset);
        const bool isWhole = view.is_contiguous() && view.numel() == storage.numel();
        return isWhole && m_given.insert(storage.data_ptr()).second ? view : view.contiguous().clone();
    }

    void reduce() {
        const Node* arguments = pop();
        const Node* callee = pop();
        if (callee->kind != Node::Kind::Global || arguments->kind != Node::Kind::List)
            malformed("calls something that is not a name");
        if (callee->name == "collections OrderedDict") {
            std::vector<Node*> items;
            if (!arguments->items.empty())
                for (const Node* pair : arguments->items[0]->items) {
                    if (pair->kind != Node::Kind::List || pair->items.size() != 2)
                        malformed("has a dictionary of an unknown form");
                    items.insert(items.end(), pair->items.begin(), pair->items.end());
                }
            pushContainer(Node::Kind::Dict, std::move(items));
        } else if (callee->name == "torch._utils _rebuild_tensor_v2") {
            Node& node = make(Node::Kind::Tensor);
            node.tensor = rebuildTensor(arguments->items);
            m_stack.push_back(&node);
        } else if (callee->name == "torch._utils _rebuild_parameter" && !arguments->items.empty() &&
                   arguments->items[0]->kind == Node::Kind::Tensor) {
            m_stack.push_back(arguments->items[0]);
        } else {
            refuse(callee->name);
        }
    }

    /// One opcode; true at the end.
    bool step() {
        switch (const auto opcode = static_cast<unsigned char>(take(1)[0])) {
            case 0x80:
                if (littleEndian(1) != 2)
                    malformed("is not of protocol 2, which torch.save writes by default");
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
            case 'h':
                recall(littleEndian(1));
                break;
            case 'j':
                recall(littleEndian(4));
                break;
            case 'X':
                pushScalar(std::string(take(static_cast<std::size_t>(littleEndian(4)))));
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
                longInteger();
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
                global();
                break;
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
        if (depth > deepest || ++m_converted > mostValues)
            malformed("is nested too deeply");
        switch (node.kind) {
            case Node::Kind::Scalar:
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
                    if (const auto* number = key.get<std::int64_t>())
                        dict.emplace_back(std::to_string(*number), convert(*node.items[i + 1], depth + 1));
                    else
                        dict.emplace_back(text(*node.items[i]), convert(*node.items[i + 1], depth + 1));
                }
                return dict;
            }
            case Node::Kind::Global:
                refuse(node.name);
            case Node::Kind::Storage:
            case Node::Kind::Mark:
                break;
        }
        malformed("holds a bare storage");
    }

    std::string_view m_bytes;
    std::string m_origin;
    const StorageLoader& m_loadStorage;
    std::size_t m_position = 0;
    std::size_t m_converted = 0;
    std::deque<Node> m_arena;
    std::vector<Node*> m_stack;
    std::unordered_map<std::uint64_t, Node*> m_memo;
    std::unordered_map<std::string, at::Tensor> m_storages;
    std::set<const void*> m_given;  ///< storages handed out whole; others that share them get copies
};

}  // namespace

PtValue readPickle(std::string_view bytes, const std::string& origin, const StorageLoader& loadStorage) {
    return PickleReader(bytes, origin, loadStorage).read();
}

}  // namespace saeception
