// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/launch_choosers.h"

#include "base/error.h"
#include "config/compose.h"
#include "config/override_value.h"
#include "config/schema.h"
#include "cycle/stage_commands.h"
#include "ui/icons.h"
#include "ui/models/key_words.h"
#include "ui/theme.h"
#include "ui/widgets/config_row.h"
#include "ui/widgets/path_edit.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

namespace saeception {
namespace {

constexpr int chooserWidth = 30 * gridUnit;
constexpr int resetWidth = 3 * gridUnit + gridUnit / 2;

QString toText(const std::string& text) {
    return QString::fromStdString(text);
}

bool needsEarlierWork(const QString& command) {
    return !stageCommand(command.toStdString()).needs(ExperimentConfig{}).empty();
}

// The experiment decides on the others, and these stand in the order of a run.
std::vector<std::string> orderedGroups() {
    std::vector<std::string> order = {"experiment", "model", "dataset", "sae", "sharpening", "control"};
    const std::vector<std::string> names = groupNames();
    std::erase_if(order, [&](const std::string& name) {
        return std::find(names.begin(), names.end(), name) == names.end();
    });
    for (const std::string& name : names)
        if (std::find(order.begin(), order.end(), name) == order.end())
            order.push_back(name);
    return order;
}

std::map<std::string, std::string> defaultChoices() {
    try {
        return compose({}).choices;
    } catch (const UserError&) {
        return {};  // the check will say what is wrong with the program's own configuration
    }
}

// One word of the line "Other overrides": a text with bare spaces is quoted.
QString asWord(const QString& text) {
    if (splitOverrides(text).size() == 1)
        return text;
    try {
        const Override parsed = parseOverride(text.toStdString());
        return toText(parsed.keyText() + "=" + overrideValueText(parsed.value));
    } catch (const UserError&) {
        return text;
    }
}

}  // namespace

QStringList splitOverrides(const QString& text) {
    QStringList words;
    QString word;
    QChar quote;
    int depth = 0;
    for (const QChar c : text) {
        if (quote.isNull() && depth <= 0 && c.isSpace()) {
            if (!word.isEmpty())
                words.append(word);
            word.clear();
            depth = 0;
            continue;
        }
        if (quote.isNull() && (c == QLatin1Char('\'') || c == QLatin1Char('"')))
            quote = c;
        else if (c == quote && !word.endsWith(QLatin1Char('\\')))
            quote = QChar();
        else if (quote.isNull() && QStringLiteral("[{(").contains(c))
            ++depth;
        else if (quote.isNull() && QStringLiteral("]})").contains(c))
            --depth;
        word += c;
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

LaunchChoosers::LaunchChoosers(ConfigValues& values, QWidget* parent)
    : QWidget(parent), m_values(values), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(gridUnit);
    m_grid->setVerticalSpacing(gridUnit / 2);
    m_grid->setColumnMinimumWidth(0, ConfigRow::labelWidth());
    m_grid->setColumnMinimumWidth(3, resetWidth);
    m_grid->setColumnStretch(2, 1);
    const std::map<std::string, std::string> defaults = defaultChoices();
    addCommand();
    for (const std::string& name : orderedGroups()) {
        const auto choice = defaults.find(name);
        addGroup(name, choice == defaults.end() || choice->second.empty() || choice->second == "null");
        if (name == "experiment")
            m_experimentNote = addNote("experimentNote");
    }
    addFolder();
    m_others = new QLineEdit(this);
    m_others->setObjectName(QStringLiteral("moreOverrides"));
    m_others->setPlaceholderText(tr("as on the command line: key=value ~key"));
    m_others->setAccessibleName(tr("Other overrides"));
    m_others->setAcceptDrops(false);
    addLabel(tr("Other overrides"), m_others);
    m_grid->addWidget(m_others, m_line++, 1, 1, 2);
    m_otherProblem = addNote("otherProblem");
    connect(m_others, &QLineEdit::textChanged, this, &LaunchChoosers::changed);
    connect(&Theme::instance(), &Theme::changed, this, &LaunchChoosers::applyTheme);
    setFocusProxy(m_groups.front().chooser);
    showChoices(defaults);
    refresh();
    applyTheme();
}

QLabel* LaunchChoosers::addLabel(const QString& text, QWidget* field) {
    auto* label = new QLabel(text, this);
    label->setFixedWidth(ConfigRow::labelWidth());
    label->setBuddy(field);
    m_grid->addWidget(label, m_line, 0);
    return label;
}

QLabel* LaunchChoosers::addNote(const char* name) {
    auto* note = new QLabel(this);
    note->setObjectName(QString::fromLatin1(name));
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note->hide();
    m_grid->addWidget(note, m_line++, 1, 1, 2);
    return note;
}

void LaunchChoosers::addCommand() {
    m_command = new QComboBox(this);
    m_command->setObjectName(QStringLiteral("stage"));
    m_command->setAccessibleName(tr("Command"));
    m_command->setFixedWidth(chooserWidth);
    // The whole loop first, for it is what most people run.
    std::vector<const StageCommand*> commands;
    for (const StageCommand& command : stageCommands())
        commands.insert(command.name == "train_cycle" ? commands.begin() : commands.end(), &command);
    for (const StageCommand* command : commands) {
        const QString name = toText(std::string(command->name));
        m_command->addItem(tr("%1 (%2)").arg(commandLabel(name), name), name);
        m_command->setItemData(m_command->count() - 1, toText(std::string(command->summary)),
                               Qt::ToolTipRole);
    }
    addLabel(tr("Command"), m_command);
    m_grid->addWidget(m_command, m_line++, 1);
    m_commandNote = addNote("commandNote");
    connect(m_command, &QComboBox::activated, this, &LaunchChoosers::commandChosen);
}

void LaunchChoosers::addFolder() {
    for (const char* key : {"cycle.current", "checkpoint_dir"}) {
        const KeySpec* spec = findKey(key);
        if (spec == nullptr)
            continue;
        auto* row = new ConfigRow(m_values, *spec, QStringLiteral("stage:"), this);
        if (row->line() != nullptr && spec->type == KeyType::Text)
            row->setPlaceholder(tr("the run's own"));
        row->layout()->setContentsMargins(0, 0, 0, 0);
        m_grid->addWidget(row, m_line++, 0, 1, 4);
        m_stageRows.push_back(row);
    }
    connect(&m_values, &ConfigValues::keyChanged, this, [this](const std::string& key) {
        for (ConfigRow* row : m_stageRows)
            if (row->spec().key == key)
                row->refresh();
    });
    m_folder = new PathEdit(PathEdit::Target::Folder, this);
    m_folder->line()->setObjectName(QStringLiteral("runFolder"));
    m_folderLabel = addLabel(QString(), m_folder);
    m_grid->addWidget(m_folder, m_line++, 1, 1, 2);
    m_place = addNote("place");
    m_placeWarning = addNote("placeWarning");
    connect(m_folder, &PathEdit::changed, this, &LaunchChoosers::changed);
}

void LaunchChoosers::addGroup(const std::string& name, bool optional) {
    Group group;
    group.name = name;
    group.hasNone = optional;
    group.chooser = new QComboBox(this);
    group.chooser->setObjectName(toText(name));
    group.chooser->setAccessibleName(groupLabel(name));
    group.chooser->setFixedWidth(chooserWidth);
    if (optional)
        group.chooser->addItem(tr("None"), QString());
    for (const std::string& option : groupOptions(name)) {
        group.chooser->addItem(toText(option), toText(option));
        group.chooser->setItemData(group.chooser->count() - 1, toText(optionDoc(name, option)),
                                   Qt::ToolTipRole);
    }
    group.reset = new QToolButton(this);
    group.reset->setObjectName(QStringLiteral("reset:") + toText(name));
    group.reset->setIcon(themedIcon(QStringLiteral("reset")));
    group.reset->setAutoRaise(true);
    group.reset->setAccessibleName(tr("Reset %1").arg(groupLabel(name)));
    group.reset->setToolTip(tr("Back to the preset's own choice"));
    group.label = addLabel(groupLabel(name), group.chooser);
    m_grid->addWidget(group.chooser, m_line, 1);
    m_grid->addWidget(group.reset, m_line++, 3, Qt::AlignRight);
    const std::size_t place = m_groups.size();
    connect(group.chooser, &QComboBox::activated, this, [this, place] { chosen(place); });
    connect(group.reset, &QToolButton::clicked, this, [this, place] {
        Group& reset = m_groups[place];
        reset.chosen = reset.explicitNone = false;
        showPreset(reset);
        reset.chooser->setFocus();
        refresh();
        Q_EMIT changed();
    });
    m_groups.push_back(group);
}

void LaunchChoosers::commandChosen() {
    const bool wentOn = m_goesOn;
    m_goesOn = needsEarlierWork(command());
    // Presets that were chosen for a new run would be laid over the record of an old one.
    if (m_goesOn && !wentOn)
        for (Group& group : m_groups)
            group.chosen = group.explicitNone = false;
    for (Group& group : m_groups)
        if (!group.chosen)
            showPreset(group);
    refresh();
    Q_EMIT changed();
}

void LaunchChoosers::showPreset(Group& group) {
    group.chooser->setPlaceholderText(m_goesOn ? tr("as in the run") : QString());
    group.chooser->setCurrentIndex(m_goesOn ? -1 : group.chooser->findData(toText(group.preset)));
}

void LaunchChoosers::chosen(std::size_t place) {
    Group& group = m_groups[place];
    const bool none = group.chooser->currentData().toString().isEmpty();
    group.explicitNone = none && !group.preset.empty();
    group.chosen = !none || group.explicitNone;
    // A preset brings its own model, data set and autoencoder.
    if (group.name == "experiment")
        for (Group& other : m_groups)
            if (&other != &group)
                other.chosen = other.explicitNone = false;
    refresh();
    Q_EMIT changed();
}

QString LaunchChoosers::command() const {
    return m_command->currentData().toString();
}

void LaunchChoosers::setCommand(const QString& command) {
    const int item = m_command->findData(command);
    if (item < 0)
        return;
    m_command->setCurrentIndex(item);
    commandChosen();
}

QStringList LaunchChoosers::groupOverrides() const {
    QStringList list;
    for (const Group& group : m_groups) {
        const std::string option = group.chooser->currentData().toString().toStdString();
        if (group.chosen && (!option.empty() || group.explicitNone))
            list.append(toText(group.name + "=" + (option.empty() ? "null" : overrideValueText(option))));
    }
    return list;
}

QStringList LaunchChoosers::otherOverrides() const {
    QStringList list;
    const std::string key = m_sweep ? "hydra.sweep.dir=" : "hydra.run.dir=";
    if (!m_folder->path().isEmpty())
        list.append(toText(key + overrideValueText(m_folder->path().toStdString())));
    return list + splitOverrides(m_others->text());
}

bool LaunchChoosers::load(const Override& override) {
    if (override.kind != OverrideKind::Change || !override.hasValue || override.sweep || override.package)
        return false;
    const QString value = override.value.is_null() ? QString() : toText(valueText(override.value));
    if (override.key == "hydra.run.dir") {
        m_folder->setPath(value);
        return true;
    }
    for (Group& group : m_groups) {
        if (group.name != override.key)
            continue;
        const int item = group.chooser->findData(value);
        if (item < 0)
            return false;
        group.chooser->setCurrentIndex(item);
        group.chosen = true;
        group.explicitNone = value.isEmpty();
        refresh();
        return true;
    }
    return false;
}

void LaunchChoosers::setOtherOverrides(const QStringList& overrides) {
    QStringList words;
    for (const QString& text : overrides)
        words.append(asWord(text));
    m_others->setText(words.join(QLatin1Char(' ')));
}

void LaunchChoosers::clear() {
    for (Group& group : m_groups) {
        group.chosen = group.explicitNone = false;
        showPreset(group);
    }
    m_folder->setPath({});
    m_others->clear();
    refresh();
    Q_EMIT changed();
}

void LaunchChoosers::showChoices(const std::map<std::string, std::string>& choices) {
    for (Group& group : m_groups) {
        if (group.chosen)
            continue;
        const auto choice = choices.find(group.name);
        group.preset = choice == choices.end() || choice->second == "null" ? std::string() : choice->second;
        showPreset(group);
    }
    refresh();
}

void LaunchChoosers::showPlace(const QString& place, const QStringList& warnings) {
    m_place->setText(place);
    m_place->setVisible(!place.isEmpty());
    m_placeWarning->setText(
        warnings.isEmpty() ? QString() : QStringLiteral("⚠ ") + warnings.join(QStringLiteral("\n⚠ ")));
    m_placeWarning->setVisible(!warnings.isEmpty());
}

void LaunchChoosers::setSweep(bool sweep) {
    if (m_sweep == sweep)
        return;
    m_sweep = sweep;
    refresh();
}

void LaunchChoosers::showOtherProblem(const QString& problem) {
    m_otherProblem->setText(QStringLiteral("✕ ") + problem);
    m_otherProblem->setVisible(!problem.isEmpty());
}

bool LaunchChoosers::goToOtherProblem() {
    if (m_otherProblem->isHidden())
        return false;
    m_others->setFocus(Qt::OtherFocusReason);
    return true;
}

bool LaunchChoosers::matches(const QStringList& words) const {
    if (words.isEmpty())
        return !groupOverrides().isEmpty() || !otherOverrides().isEmpty();
    QString text = tr("Command") + QLatin1Char(' ') + tr("Other overrides") + QLatin1Char(' ') +
                   m_folderLabel->text() + QStringLiteral(" hydra.run.dir hydra.sweep.dir");
    for (const Group& group : m_groups)
        for (int item = 0; item < group.chooser->count(); ++item)
            text += QLatin1Char(' ') + groupLabel(group.name) + QLatin1Char(' ') + toText(group.name) +
                    QLatin1Char(' ') + group.chooser->itemText(item);
    for (int item = 0; item < m_command->count(); ++item)
        text += QLatin1Char(' ') + m_command->itemText(item);
    text = text.toLower();
    return std::all_of(words.begin(), words.end(), [&](const QString& word) { return text.contains(word); });
}

void LaunchChoosers::refresh() {
    const auto tipOf = [](const QComboBox* chooser) {
        return chooser->itemData(chooser->currentIndex(), Qt::ToolTipRole).toString();
    };
    m_commandNote->setText(tipOf(m_command));
    m_commandNote->show();
    for (Group& group : m_groups) {
        QFont font = this->font();
        font.setBold(group.chosen);
        group.label->setFont(font);
        group.reset->setVisible(group.chosen);
        group.chooser->setToolTip(tipOf(group.chooser));
    }
    if (m_experimentNote != nullptr) {
        m_experimentNote->setText(tipOf(m_groups.front().chooser));
        m_experimentNote->setVisible(!m_experimentNote->text().isEmpty());
    }
    if (m_folder == nullptr)
        return;
    for (ConfigRow* row : m_stageRows)
        row->setVisible(m_goesOn);
    m_folderLabel->setText(m_sweep ? tr("Sweep folder") : tr("Run folder"));
    m_folder->line()->setAccessibleName(m_folderLabel->text());
    if (m_sweep)
        m_folder->setPlaceholder(tr("a new one, named by date and time"));
    else if (m_goesOn)
        m_folder->setPlaceholder(tr("the newest run that has what is needed"));
    else
        m_folder->setPlaceholder(tr("a new one, named by date and time"));
}

void LaunchChoosers::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    for (QLabel* note : {m_commandNote, m_experimentNote, m_place})
        if (note != nullptr)
            note->setPalette(faint);
    faint.setColor(QPalette::WindowText, colours.warning);
    m_placeWarning->setPalette(faint);
    faint.setColor(QPalette::WindowText, colours.error);
    m_otherProblem->setPalette(faint);
    for (ConfigRow* row : m_stageRows)
        row->refresh();
}

}  // namespace saeception
