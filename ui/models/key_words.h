// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration keys, groups and commands in words: labels, units and ranges, the sections of the form, and
// which editor a key has. The one place where a label that derives badly is given a better one.
#pragma once

#include "config/schema.h"

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace saeception {

/// Keys that are shown together, in the schema's order.
struct KeySection {
    std::string name;  ///< "run", else the keys' first part: "model"
    std::vector<const KeySpec*> keys;
};

/// Every key of the schema once, by the first part of its name; keys of the top level stand in "run".
const std::vector<KeySection>& keySections();
/// "Data set" of "dataset"; a section that this program does not know yet is called by its name.
QString sectionTitle(const std::string& name);
/// The section that holds `key`.
std::string sectionOf(const std::string& key);

/// What nearly every run sets, in the order in which a person thinks of it.
const std::vector<const KeySpec*>& mainKeys();

/// "Learning rate" of "model.learning_rate".
QString keyLabel(const KeySpec& spec);
/// Unit and range: "tokens, 1 to 131,072"; empty where there is neither.
QString keyHint(const KeySpec& spec);
/// Key and docstring as rich text.
QString keyTip(const KeySpec& spec);
/// Whether each of `words` (lower case) stands in the key, its label or its docstring.
bool keyMatches(const KeySpec& spec, const QStringList& words);

enum class KeyEditor { Number, Text, List, Switch, Choice, Folder, FolderOrFile };
KeyEditor keyEditor(const KeySpec& spec);

/// "Data set" of the group "dataset".
QString groupLabel(const std::string& group);
/// "Train the autoencoder" of the command "train_sae".
QString commandLabel(const QString& command);

}  // namespace saeception
