// SPDX-License-Identifier: GPL-3.0-or-later
// What has been typed for each configuration key over what would hold without it: the changed ones, the wrong
// ones with the reason, and the overrides they amount to. Knows no widgets.
#pragma once

#include "config/overrides.h"
#include "config/schema.h"

#include <QObject>
#include <QStringList>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace saeception {

/// `key=value` in Hydra's grammar; numbers stay bare, a text is quoted where it must be.
QString overrideText(const QString& key, const QString& value);

/// What holds where nothing has been typed.
struct ConfigBase {
    ExperimentConfig config;         ///< as groups and presets compose it
    ExperimentConfig effective;      ///< with all that has been typed as well; = config where it is not known
    std::set<std::string> derived;   ///< keys whose value follows other keys' (interpolations)
    std::set<std::string> appended;  ///< append-only keys that the base already has
};

class ConfigValues : public QObject {
    Q_OBJECT

public:
    explicit ConfigValues(QObject* parent = nullptr);

    /// As an editor shows it: lists without their brackets, booleans as true and false.
    QString text(const std::string& key) const { return m_values.at(key).text; }
    /// The text that resetting leads to.
    QString baseText(const std::string& key) const { return m_values.at(key).base; }
    bool isChanged(const std::string& key) const { return m_values.at(key).changed; }
    /// One line that says what is wrong with the value, by itself or beside others; else empty.
    QString problem(const std::string& key) const;
    /// Whether `key` is part of a combination that cannot work.
    bool isInvolved(const std::string& key) const { return m_involved.count(key) > 0; }

    /// A person typed `text`.
    void edit(const std::string& key, const QString& text);
    /// Takes the override's value over; it counts as changed until a base says the same. False where no
    /// editor can show it.
    bool load(const Override& override);
    void reset(const std::string& key);
    void resetAll();

    /// Typed values stay as they are; one that the base has as well counts as changed no longer.
    void setBase(const ConfigBase& base);
    /// The one line that says why all values together cannot work; keys that it names are involved.
    void setComplaint(const QString& message);

    /// For what was changed, in the schema's order; with `soundOnly` without values that are wrong by
    /// themselves.
    QStringList overrides(bool soundOnly = false) const;
    std::vector<std::string> changedKeys() const;
    /// Keys whose values are wrong by themselves, in the schema's order.
    std::vector<std::string> wrongKeys() const;
    /// The first key that the complaint is shown under; empty without one.
    std::string complainedKey() const;

Q_SIGNALS:
    /// Text, base, mark or problem of this key is another now.
    void keyChanged(const std::string& key);
    /// The overrides are others.
    void edited();

private:
    struct Value {
        const KeySpec* spec = nullptr;
        QString text;
        QString base;
        nlohmann::ordered_json baseValue;
        QString problem;
        bool changed = false;
        bool derived = false;  ///< the base follows other keys: any text of one's own counts
        bool appended = false;
    };

    void set(Value& value, const QString& text);
    void compare(Value& value);
    QString overrideOf(const Value& value) const;

    std::map<std::string, Value> m_values;
    QString m_complaint;
    std::set<std::string> m_involved;
    std::set<std::string> m_complained;  ///< those of them that show the complaint
};

}  // namespace saeception
