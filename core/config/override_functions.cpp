// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/override_functions.h"

#include "base/error.h"
#include "base/random.h"
#include "config/nearest.h"
#include "config/override_casts.h"
#include "config/schema.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// The arguments of one call, taken by position or name.
class Call {
public:
    Call(std::string name, const std::vector<Argument>& arguments, const std::string& text)
        : m_name(std::move(name)), m_text(text) {
        for (const Argument& argument : arguments) {
            if (argument.name.empty() && !m_named.empty())
                complain("a value without a name stands after one with a name");
            if (argument.name.empty())
                m_positional.push_back(&argument.value);
            else if (!m_named.emplace(argument.name, &argument.value).second)
                complain(fmt::format("'{}' is given twice", argument.name));
        }
    }

    [[noreturn]] void complain(const std::string& problem) const {
        fail("override '{}': {}(): {}", m_text, m_name, problem);
    }

    const std::string& text() const { return m_text; }
    const std::string& name() const { return m_name; }

    /// Only these names are known, in the order in which positions fill them; `limit` positions at most.
    void expect(const std::vector<std::string>& names, std::size_t limit) {
        if (m_positional.size() > limit)
            complain(fmt::format("takes at most {} value{}", limit, limit == 1 ? "" : "s"));
        for (const auto& [name, value] : m_named)
            if (std::find(names.begin(), names.end(), name) == names.end())
                complain(fmt::format("has no parameter '{}'.{} To pass a text, quote it", name,
                                     didYouMean(name, names)));
        m_names = names;
    }

    /// Any number of values, and these parameters by name alone.
    void expectValues(const std::vector<std::string>& names) {
        expect(names, largestSweep);
        m_names.clear();
    }

    /// The parameter, or nullptr.
    const Operand* get(const std::string& name) const {
        if (const auto found = m_named.find(name); found != m_named.end())
            return found->second;
        const auto named = std::find(m_names.begin(), m_names.end(), name);
        const auto place = static_cast<std::size_t>(named - m_names.begin());
        return named != m_names.end() && place < m_positional.size() ? m_positional[place] : nullptr;
    }
    const std::vector<const Operand*>& positional() const { return m_positional; }

    Json number(const std::string& name) const {
        const Operand* operand = get(name);
        if (operand == nullptr)
            complain(fmt::format("'{}' is missing", name));
        const Json* value = std::get_if<Json>(operand);
        if (value == nullptr || !value->is_number())
            complain(fmt::format("'{}' must be a number", name));
        if (!std::isfinite(value->get<double>()))
            complain(fmt::format("'{}' must be finite", name));
        return *value;
    }

    bool flag(const std::string& name) const {
        const Operand* operand = get(name);
        if (operand == nullptr)
            return false;
        const Json* value = std::get_if<Json>(operand);
        if (value == nullptr || !value->is_boolean())
            complain(fmt::format("'{}' must be true or false", name));
        return value->get<bool>();
    }

    std::vector<std::string> patterns(const std::string& name) const {
        const Operand* operand = get(name);
        if (operand == nullptr)
            return {};
        const Json* value = std::get_if<Json>(operand);
        std::vector<std::string> texts;
        if (value != nullptr && value->is_array())
            for (const Json& item : *value)
                texts.push_back(valueText(item));
        else if (value != nullptr && !value->is_object() && !value->is_null())
            texts.push_back(valueText(*value));
        if (texts.empty())
            complain(fmt::format("'{}' must be a pattern such as gpt2*, or a list of them", name));
        return texts;
    }

    /// Plain values given by position; a sweep among them has no meaning.
    std::vector<Json> plainValues() const {
        std::vector<Json> values;
        for (const Operand* operand : m_positional) {
            const Json* value = std::get_if<Json>(operand);
            if (value == nullptr)
                complain("sweeps cannot be nested here; list the values");
            values.push_back(*value);
        }
        return values;
    }

private:
    std::string m_name;
    const std::string& m_text;
    std::vector<const Operand*> m_positional;
    std::map<std::string, const Operand*> m_named;
    std::vector<std::string> m_names;
};

Operand choice(Call& call) {
    call.expectValues({});
    if (call.positional().empty())
        call.complain("an empty choice is not legal; name at least one value");
    // int(1,2) is a choice already; choice(int(1,2)) only says so again.
    if (call.positional().size() == 1)
        if (const auto* inner = std::get_if<Choice>(call.positional().front()); inner && inner->simple)
            return Choice{inner->values, false};
    return Choice{call.plainValues(), false};
}

Operand range(Call& call) {
    call.expect({"start", "stop", "step"}, 3);
    Range result;
    result.step = call.get("step") != nullptr ? call.number("step") : Json(1);
    if (call.get("stop") != nullptr) {
        result.start = call.number("start");
        result.stop = call.number("stop");
    } else {
        result.start = 0;
        result.stop = call.number("start");
    }
    rangeValues(result, call.text());
    return result;
}

Operand glob(Call& call) {
    call.expect({"include", "exclude"}, 2);
    if (call.get("include") == nullptr)
        call.complain("a pattern is missing; write glob(*) for every option of a group");
    return Glob{call.patterns("include"), call.patterns("exclude")};
}

Operand interval(Call& call) {
    call.expect({"start", "end"}, 2);
    return Interval{call.number("start").get<double>(), call.number("end").get<double>()};
}

// Tags speak to optimising sweepers; here they change nothing.
Operand tag(Call& call) {
    call.expectValues({"sweep"});
    const Operand* sweep = call.get("sweep");
    if (sweep == nullptr && !call.positional().empty())
        sweep = call.positional().back();
    if (sweep == nullptr || std::holds_alternative<Json>(*sweep))
        call.complain("its last value must be a choice(), range() or interval()");
    return *sweep;
}

// What sort and shuffle put in order: values given one by one, a list, or a sweep.
struct Sequence {
    std::vector<Json> values;
    enum class Shape { List, Choice, Single } shape = Shape::Choice;
};

Sequence sequence(const Call& call) {
    const auto fromOperand = [&](const Operand& operand) -> Sequence {
        if (const auto* choice = std::get_if<Choice>(&operand))
            return {choice->values, Sequence::Shape::Choice};
        if (const auto* range = std::get_if<Range>(&operand))
            return {rangeValues(*range, call.text()), Sequence::Shape::Choice};
        const auto* value = std::get_if<Json>(&operand);
        if (value == nullptr)
            call.complain("takes values, a list, choice() or range()");
        if (value->is_array())
            return {std::vector<Json>(value->begin(), value->end()), Sequence::Shape::List};
        return {{*value}, Sequence::Shape::Single};
    };
    for (const char* name : {"sweep", "list"})
        if (const Operand* operand = call.get(name))
            return fromOperand(*operand);
    if (call.positional().empty())
        call.complain("there is nothing to put in order");
    if (call.positional().size() == 1)
        return fromOperand(*call.positional().front());
    return {call.plainValues(), Sequence::Shape::Choice};
}

Operand shaped(Sequence sequence) {
    switch (sequence.shape) {
        case Sequence::Shape::List:
            return Json(std::move(sequence.values));
        case Sequence::Shape::Single:
            return std::move(sequence.values.front());
        case Sequence::Shape::Choice:
            break;
    }
    return Choice{std::move(sequence.values), true};
}

Operand sorted(Call& call) {
    call.expectValues({"sweep", "list", "reverse"});
    Sequence items = sequence(call);
    const auto isNumber = [](const Json& value) { return value.is_number() || value.is_boolean(); };
    const bool numbers = std::all_of(items.values.begin(), items.values.end(), isNumber);
    const bool texts = std::all_of(items.values.begin(), items.values.end(),
                                   [](const Json& value) { return value.is_string(); });
    if (!numbers && !texts && items.values.size() > 1)
        call.complain("only numbers, or only texts, can be put in order");
    const auto asNumber = [](const Json& value) {
        return value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>();
    };
    const bool reverse = call.flag("reverse");
    std::stable_sort(items.values.begin(), items.values.end(), [&](const Json& a, const Json& b) {
        const Json& low = reverse ? b : a;
        const Json& high = reverse ? a : b;
        return numbers ? asNumber(low) < asNumber(high) : low < high;
    });
    return shaped(std::move(items));
}

Operand shuffled(Call& call) {
    call.expectValues({"sweep", "list"});
    Sequence items = sequence(call);
    Rng(deriveSeed(0, call.text())).shuffle(items.values);
    return shaped(std::move(items));
}

Operand cast(Call& call, CastType type) {
    call.expectValues({"value"});
    const auto convert = [&](const Json& value) {
        try {
            return castValue(value, type);
        } catch (const UserError& error) {
            call.complain(error.what());
        }
    };
    const auto convertAll = [&](std::vector<Json> values, bool simple) {
        for (Json& value : values)
            value = convert(value);
        return Choice{std::move(values), simple};
    };
    if (call.positional().size() > 1)
        return convertAll(call.plainValues(), true);
    const Operand* operand = call.positional().empty() ? call.get("value") : call.positional().front();
    if (operand == nullptr)
        call.complain("a value is missing");
    if (const auto* value = std::get_if<Json>(operand))
        return convert(*value);
    if (const auto* choice = std::get_if<Choice>(operand))
        return convertAll(choice->values, choice->simple);
    const auto* range = std::get_if<Range>(operand);
    if (range == nullptr || (type != CastType::Int && type != CastType::Float))
        call.complain(range != nullptr ? "a range can be cast to int or float only"
                                       : "takes values, lists, dictionaries, choice() or range()");
    Range result{convert(range->start), convert(range->stop), convert(range->step)};
    rangeValues(result, call.text());
    return result;
}

const std::map<std::string, std::function<Operand(Call&)>>& functions() {
    static const std::map<std::string, std::function<Operand(Call&)>> table = {
        {"choice", choice},
        {"range", range},
        {"glob", glob},
        {"interval", interval},
        {"tag", tag},
        {"sort", sorted},
        {"shuffle", shuffled},
        {"int", [](Call& call) { return cast(call, CastType::Int); }},
        {"float", [](Call& call) { return cast(call, CastType::Float); }},
        {"str", [](Call& call) { return cast(call, CastType::Text); }},
        {"bool", [](Call& call) { return cast(call, CastType::Bool); }},
        {"json_str", [](Call& call) { return cast(call, CastType::JsonText); }},
    };
    return table;
}

}  // namespace

bool isIdentifier(const std::string& word) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !word.empty() && letter(word.front()) &&
           std::all_of(word.begin(), word.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void requireFunction(const std::string& name, const std::string& text) {
    if (functions().contains(name))
        return;
    std::vector<std::string> names;
    std::string list;
    for (const auto& [known, function] : functions()) {
        names.push_back(known);
        list += (list.empty() ? "" : ", ") + known;
    }
    fail("override '{}': unknown function '{}'.{} Available functions: {}; a text with ( needs quotes", text,
         name, didYouMean(name, names), list);
}

Operand callFunction(const std::string& name, const std::vector<Argument>& arguments,
                     const std::string& text) {
    requireFunction(name, text);
    Call call(name, arguments, text);
    return functions().at(name)(call);
}

std::vector<Json> rangeValues(const Range& range, const std::string& text) {
    const double start = range.start.get<double>();
    const double stop = range.stop.get<double>();
    const double step = range.step.get<double>();
    if (step == 0)
        fail("override '{}': range(): 'step' must not be 0", text);
    const double count = std::ceil((stop - start) / step);
    if (!(count <= static_cast<double>(largestSweep)))
        fail("override '{}': range() has {:.0f} values; a sweep has at most {}", text, count, largestSweep);
    const auto isWhole = [](const Json& value) {
        return value.is_number_integer() && std::abs(value.get<double>()) < 1e15;
    };
    const bool whole = isWhole(range.start) && isWhole(range.stop) && isWhole(range.step);
    std::vector<Json> values;
    for (std::int64_t i = 0;; ++i) {
        Json value;
        if (whole) {
            value = range.start.get<std::int64_t>() + i * range.step.get<std::int64_t>();
        } else {
            // As decimal arithmetic has it: 0.3 after 0, 0.1, 0.2 and not 0.30000000000000004.
            value =
                std::strtod(fmt::format("{:.12g}", start + static_cast<double>(i) * step).c_str(), nullptr);
        }
        const double number = value.get<double>();
        if (step > 0 ? number >= stop : number <= stop)
            return values;
        values.push_back(std::move(value));
    }
}

}  // namespace saeception
