// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/config_values.h"

#include "base/error.h"
#include "config/interpolation.h"
#include "config/override_value.h"
#include "config/scalars.h"
#include "ui/models/key_words.h"

#include <QDir>
#include <QRegularExpression>

#include <algorithm>
#include <optional>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

struct Reading {
    Json value;
    QString problem;
};

bool isPath(const KeySpec& spec) {
    const KeyEditor editor = keyEditor(spec);
    return editor == KeyEditor::Folder || editor == KeyEditor::FolderOrFile;
}

// Shells put the home folder in place of ~; a window has to do so itself.
QString withHome(const QString& path) {
    return path == QLatin1String("~") || path.startsWith(QLatin1String("~/")) ? QDir::homePath() + path.mid(1)
                                                                              : path;
}

// The text as the override grammar reads it.
Reading grammatical(const KeySpec& spec, const QString& text) {
    try {
        const Override parsed = parseOverride(spec.key + "=" + text.toStdString());
        if (parsed.sweep)
            return {nullptr, ConfigValues::tr("%1=%2: one value is needed; to run several, use a sweep")
                                 .arg(QString::fromStdString(spec.key), text)};
        return {parsed.value, {}};
    } catch (const UserError& error) {
        return {nullptr, QString::fromStdString(oneLine(error.what()))};
    }
}

Reading listOf(const KeySpec& spec, const QString& text) {
    Reading reading = grammatical(spec, QLatin1Char('[') + text + QLatin1Char(']'));
    if (reading.value.is_array())
        for (Json& item : reading.value)
            if (!item.is_structured() && !item.is_string())
                item = valueText(item);  // 0, 1 are names here
    return reading;
}

Reading readingOf(const KeySpec& spec, const QString& typed) {
    const QString text = typed.trimmed();
    Reading reading;
    switch (spec.type) {
        case KeyType::Integer:
        case KeyType::Number:
            reading = grammatical(spec, text);
            break;
        case KeyType::Boolean:
            reading.value = overrideScalar(text.toStdString());
            break;
        case KeyType::Text:
            reading.value = (isPath(spec) ? withHome(text) : text).toStdString();
            break;
        case KeyType::TextList:
            reading = listOf(spec, text);
            break;
    }
    if (reading.problem.isEmpty() && !isUnresolved(reading.value))
        reading.problem = QString::fromStdString(checkValue(spec, reading.value));
    return reading;
}

QString shownText(const KeySpec& spec, const Json& value) {
    if (spec.type != KeyType::TextList || !value.is_array())
        return value.is_null() ? QString() : QString::fromStdString(valueText(value));
    QStringList items;
    for (const Json& item : value)
        items.append(QString::fromStdString(overrideValueText(item)));
    return items.join(QStringLiteral(", "));
}

// The keys that a message names: dotted words, and words of the top level where a value follows. A command
// line in it is a remedy, and what that names is not what is wrong.
std::set<std::string> keysIn(const QString& whole) {
    const QString message = whole.section(QStringLiteral(": saeception "), 0, 0);
    static const QRegularExpression word(QStringLiteral("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)*"));
    std::set<std::string> keys;
    for (auto matches = word.globalMatch(message); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        const std::string key = match.captured().toStdString();
        const bool hasValue = message.mid(match.capturedEnd(), 1) == QLatin1String("=");
        if (findKey(key) != nullptr && (hasValue || key.find('.') != std::string::npos))
            keys.insert(key);
    }
    return keys;
}

}  // namespace

QString overrideText(const QString& key, const QString& value) {
    const std::string text = value.toStdString();
    const bool isBare = !overrideScalar(text).is_string();
    return QString::fromStdString(key.toStdString() + "=" + (isBare ? text : overrideValueText(text)));
}

ConfigValues::ConfigValues(QObject* parent) : QObject(parent) {
    for (const KeySpec& spec : schema()) {
        Value& value = m_values[spec.key];
        value.spec = &spec;
        value.baseValue = spec.defaultValue;
        value.base = value.text = shownText(spec, spec.defaultValue);
    }
}

QString ConfigValues::problem(const std::string& key) const {
    const Value& value = m_values.at(key);
    if (!value.problem.isEmpty())
        return value.problem;
    return m_complained.count(key) > 0 ? m_complaint : QString();
}

void ConfigValues::set(Value& value, const QString& text) {
    value.text = text;
    value.problem = readingOf(*value.spec, text).problem;
}

void ConfigValues::compare(Value& value) {
    const Reading reading = readingOf(*value.spec, value.text);
    if (value.derived)
        value.changed = true;
    else if (!reading.problem.isEmpty())
        value.changed = value.text.trimmed() != value.base;
    else
        value.changed = reading.value != value.baseValue;
}

void ConfigValues::edit(const std::string& key, const QString& text) {
    Value& value = m_values.at(key);
    set(value, text);
    compare(value);
    // Back at the text that it follows: it follows again.
    if (value.derived && value.text.trimmed() == value.base)
        value.changed = false;
    Q_EMIT keyChanged(key);
    Q_EMIT edited();
}

bool ConfigValues::load(const Override& override) {
    const auto found = m_values.find(override.key);
    if (found == m_values.end() || override.kind == OverrideKind::Delete || override.sweep ||
        override.package)
        return false;
    Value& value = found->second;
    if (override.kind == OverrideKind::Add && !value.spec->appendOnly)
        return false;
    QString text;
    switch (value.spec->type) {
        case KeyType::TextList:
            if (!override.value.is_array())
                return false;
            [[fallthrough]];
        case KeyType::Text:
            if (override.value.is_object() || override.value.is_boolean())
                return false;
            text = shownText(*value.spec, override.value);
            break;
        case KeyType::Boolean:
            if (!override.value.is_boolean())
                return false;
            text = shownText(*value.spec, override.value);
            break;
        case KeyType::Integer:
        case KeyType::Number:
            // As typed, so that 1e-3 stays 1e-3.
            text = QString::fromStdString(override.text.substr(override.text.find('=') + 1)).trimmed();
            break;
    }
    set(value, text);
    value.changed = true;
    Q_EMIT keyChanged(override.key);
    Q_EMIT edited();
    return true;
}

void ConfigValues::reset(const std::string& key) {
    Value& value = m_values.at(key);
    set(value, value.base);
    value.changed = false;
    Q_EMIT keyChanged(key);
    Q_EMIT edited();
}

void ConfigValues::resetAll() {
    for (auto& [key, value] : m_values) {
        if (!value.changed)
            continue;
        set(value, value.base);
        value.changed = false;
        Q_EMIT keyChanged(key);
    }
    Q_EMIT edited();
}

void ConfigValues::setBase(const ConfigBase& base) {
    bool others = false;
    for (auto& [key, value] : m_values) {
        const bool wasChanged = value.changed;
        const QString before = value.text + QLatin1Char('\n') + value.base;
        value.derived = base.derived.count(key) > 0;
        value.appended = base.appended.count(key) > 0;
        value.baseValue = value.spec->get(base.config);
        value.base = shownText(*value.spec, value.baseValue);
        if (value.changed) {
            compare(value);
        } else {
            set(value, shownText(*value.spec, value.spec->get(base.effective)));
            if (value.derived)
                value.base = value.text;
        }
        others = others || value.changed != wasChanged;
        if (value.changed != wasChanged || before != value.text + QLatin1Char('\n') + value.base)
            Q_EMIT keyChanged(key);
    }
    if (others)
        Q_EMIT edited();
}

void ConfigValues::setComplaint(const QString& message) {
    if (message == m_complaint)
        return;
    std::set<std::string> touched = m_involved;
    m_complaint = message;
    m_involved = keysIn(message);
    m_complained.clear();
    for (const std::string& key : m_involved)
        if (m_values.at(key).changed)
            m_complained.insert(key);
    // Where presets alone disagree, the first that is named answers for all.
    if (m_complained.empty())
        for (const KeySpec& spec : schema())
            if (m_complained.empty() && m_involved.count(spec.key) > 0)
                m_complained.insert(spec.key);
    touched.insert(m_involved.begin(), m_involved.end());
    for (const std::string& key : touched)
        Q_EMIT keyChanged(key);
}

QString ConfigValues::overrideOf(const Value& value) const {
    const KeySpec& spec = *value.spec;
    std::string text = (spec.appendOnly && !value.appended ? "+" : "") + spec.key + "=";
    const bool isNumber = spec.type == KeyType::Integer || spec.type == KeyType::Number;
    const Reading reading = readingOf(spec, value.text);
    const bool readable = spec.type != KeyType::TextList || reading.value.is_array();
    text += isNumber || !readable ? value.text.trimmed().toStdString() : overrideValueText(reading.value);
    return QString::fromStdString(text);
}

QStringList ConfigValues::overrides(bool soundOnly) const {
    QStringList list;
    for (const KeySpec& spec : schema()) {
        const Value& value = m_values.at(spec.key);
        if (value.changed && !(soundOnly && !value.problem.isEmpty()))
            list.append(overrideOf(value));
    }
    return list;
}

std::vector<std::string> ConfigValues::changedKeys() const {
    std::vector<std::string> keys;
    for (const KeySpec& spec : schema())
        if (m_values.at(spec.key).changed)
            keys.push_back(spec.key);
    return keys;
}

std::vector<std::string> ConfigValues::wrongKeys() const {
    std::vector<std::string> keys;
    for (const KeySpec& spec : schema())
        if (!m_values.at(spec.key).problem.isEmpty())
            keys.push_back(spec.key);
    return keys;
}

std::string ConfigValues::complainedKey() const {
    for (const KeySpec& spec : schema())
        if (m_complained.count(spec.key) > 0)
            return spec.key;
    return {};
}

}  // namespace saeception
