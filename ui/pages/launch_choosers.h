// SPDX-License-Identifier: GPL-3.0-or-later
// What to run: the command, the presets of every group, where a stage works, and overrides that have no field
// of their own.
#pragma once

#include "config/overrides.h"

#include <QStringList>
#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace saeception {

class ConfigRow;
class ConfigValues;
class PathEdit;

class LaunchChoosers : public QWidget {
    Q_OBJECT

public:
    explicit LaunchChoosers(ConfigValues& values, QWidget* parent = nullptr);

    QString command() const;
    /// Ignored for a command that does not train or evaluate.
    void setCommand(const QString& command);
    /// Of the groups that a person has chosen in, in the order in which they are applied.
    QStringList groupOverrides() const;
    /// The run's folder and what stands in "Other overrides".
    QStringList otherOverrides() const;

    /// Takes an override of a group or of the run's folder over; false for all others.
    bool load(const Override& override);
    void setOtherOverrides(const QStringList& overrides);
    void clear();

    /// The options that presets choose where a person has not; a stage of a run keeps what the run has.
    void showChoices(const std::map<std::string, std::string>& choices);
    /// Which run a stage works in, and what may surprise about that; empty: not known yet, or a new one.
    void showPlace(const QString& place, const QStringList& warnings);
    /// Several jobs go into the folder, each into one of its own.
    void setSweep(bool sweep);
    void showOtherProblem(const QString& problem);
    /// Puts the keyboard where the problem is shown; false where none is.
    bool goToOtherProblem();

    /// Whether a label or option has each of `words`; with none, whether anything is chosen here.
    bool matches(const QStringList& words) const;

Q_SIGNALS:
    void changed();

private:
    struct Group {
        std::string name;
        QLabel* label = nullptr;
        QComboBox* chooser = nullptr;
        QToolButton* reset = nullptr;
        bool chosen = false;        ///< by a person; otherwise it shows what presets choose
        bool hasNone = false;       ///< its first item is "None"
        bool explicitNone = false;  ///< None against what a preset chooses
        std::string preset;         ///< what was chosen without a person
    };

    void addCommand();
    void addFolder();
    void addGroup(const std::string& name, bool optional);
    QLabel* addLabel(const QString& text, QWidget* field);
    QLabel* addNote(const char* name);
    void commandChosen();
    void chosen(std::size_t place);
    void showPreset(Group& group);
    void refresh();
    void applyTheme();

    ConfigValues& m_values;
    QGridLayout* m_grid;
    int m_line = 0;
    QComboBox* m_command = nullptr;
    QLabel* m_commandNote = nullptr;
    QLabel* m_folderLabel = nullptr;
    PathEdit* m_folder = nullptr;
    QLabel* m_place = nullptr;
    QLabel* m_placeWarning = nullptr;
    std::vector<ConfigRow*> m_stageRows;
    std::vector<Group> m_groups;  ///< the experiment first
    QLabel* m_experimentNote = nullptr;
    QLineEdit* m_others = nullptr;
    QLabel* m_otherProblem = nullptr;
    bool m_sweep = false;
    bool m_goesOn = false;  ///< the command works in a run that is there
};

/// Splits at white space outside quotes and brackets; the quotes stay, for they belong to the override
/// grammar.
QStringList splitOverrides(const QString& text);

}  // namespace saeception
