// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/config_row.h"

#include "ui/icons.h"
#include "ui/models/key_words.h"
#include "ui/theme.h"
#include "ui/widgets/path_edit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

namespace saeception {
namespace {

constexpr int numberWidth = 13 * gridUnit;
constexpr int choiceWidth = 20 * gridUnit;
constexpr int resetWidth = 3 * gridUnit + gridUnit / 2;
constexpr int rowHeight = 4 * gridUnit - gridUnit / 2;

enum Column { LabelColumn, GapColumn, EditorColumn, HintColumn, ResetColumn };

void setTextColour(QWidget* widget, QPalette::ColorRole role, const QColor& colour) {
    QPalette palette = widget->palette();
    if (palette.color(role) == colour)
        return;
    palette.setColor(role, colour);
    widget->setPalette(palette);
}

}  // namespace

int ConfigRow::labelWidth() {
    return 24 * gridUnit;
}

ConfigRow::ConfigRow(ConfigValues& values, const KeySpec& spec, const QString& prefix, QWidget* parent)
    : QWidget(parent),
      m_values(values),
      m_spec(spec),
      m_grid(new QGridLayout(this)),
      // With a buddy a label takes a single & for its key.
      m_label(new QLabel(keyLabel(spec).replace(QLatin1Char('&'), QLatin1String("&&")), this)),
      m_hint(new QLabel(keyHint(spec), this)),
      m_prefix(prefix) {
    m_label->setFixedWidth(labelWidth());
    makeEditor(prefix + QString::fromStdString(spec.key));
    m_label->setBuddy(m_editor);
    const QString tip = keyTip(spec);
    for (QWidget* widget : {static_cast<QWidget*>(m_label), m_editor, static_cast<QWidget*>(m_hint)})
        widget->setToolTip(tip);
    m_grid->setContentsMargins(0, gridUnit / 4, 0, gridUnit / 4);
    // A layout leaves out the spacing beside an empty column, so the gaps are columns' own.
    m_grid->setHorizontalSpacing(0);
    m_grid->setVerticalSpacing(gridUnit / 4);
    m_grid->setRowMinimumHeight(0, rowHeight);
    m_grid->setColumnMinimumWidth(GapColumn, gridUnit);
    m_grid->setColumnMinimumWidth(ResetColumn, resetWidth + gridUnit);
    m_hint->setContentsMargins(gridUnit, 0, 0, 0);
    m_grid->addWidget(m_label, 0, LabelColumn);
    const bool isWide = m_line != nullptr && keyEditor(spec) != KeyEditor::Number;
    if (isWide) {
        m_grid->addWidget(m_editor, 0, EditorColumn, 1, 2);
        m_hint->hide();
    } else {
        m_grid->addWidget(m_editor, 0, EditorColumn);
        m_grid->addWidget(m_hint, 0, HintColumn);
    }
    m_grid->setColumnStretch(HintColumn, 1);
    refresh();
}

void ConfigRow::makeEditor(const QString& name) {
    const std::string& key = m_spec.key;
    switch (keyEditor(m_spec)) {
        case KeyEditor::Switch:
            m_editor = m_switch = new QCheckBox(this);
            connect(m_switch, &QCheckBox::toggled, this, [this, &key](bool on) {
                m_values.edit(key, on ? QStringLiteral("true") : QStringLiteral("false"));
            });
            break;
        case KeyEditor::Choice:
            m_editor = m_choice = new QComboBox(this);
            m_choice->setMinimumWidth(choiceWidth);
            for (const std::string& choice : m_spec.choices)
                m_choice->addItem(QString::fromStdString(choice));
            connect(m_choice, &QComboBox::currentTextChanged, this,
                    [this, &key](const QString& text) { m_values.edit(key, text); });
            break;
        case KeyEditor::Folder:
        case KeyEditor::FolderOrFile:
            m_path = new PathEdit(keyEditor(m_spec) == KeyEditor::Folder ? PathEdit::Target::Folder
                                                                         : PathEdit::Target::FolderOrFile,
                                  this);
            m_editor = m_path;
            m_line = m_path->line();
            m_line->setClearButtonEnabled(false);  // resetting is what is wanted
            connect(m_path, &PathEdit::changed, this, [this, &key] { m_values.edit(key, m_line->text()); });
            break;
        case KeyEditor::Number:
            m_editor = m_line = new QLineEdit(this);
            m_line->setAlignment(Qt::AlignRight);
            m_line->setFixedWidth(numberWidth);
            break;
        case KeyEditor::Text:
        case KeyEditor::List:
            m_editor = m_line = new QLineEdit(this);
            break;
    }
    if (m_line != nullptr && m_path == nullptr) {
        // A file that is dropped on the form is for the form.
        m_line->setAcceptDrops(false);
        connect(m_line, &QLineEdit::textEdited, this,
                [this, &key](const QString& text) { m_values.edit(key, text); });
    }
    // The wheel scrolls the form and changes nothing on its way.
    m_editor->setFocusPolicy(Qt::StrongFocus);
    m_editor->installEventFilter(this);
    QWidget* named = m_line != nullptr ? m_line : m_editor;
    named->setObjectName(name);
    named->setAccessibleName(keyLabel(m_spec));
    const QString hint = keyHint(m_spec);
    named->setAccessibleDescription(QString::fromStdString(m_spec.doc) +
                                    (hint.isEmpty() ? QString() : QLatin1Char(' ') + hint));
}

bool ConfigRow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Wheel && watched == m_choice) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ConfigRow::setPlaceholder(const QString& text) {
    if (m_line != nullptr)
        m_line->setPlaceholderText(text);
}

void ConfigRow::showText(const QString& text) {
    if (m_switch != nullptr) {
        const QSignalBlocker quiet(m_switch);
        m_switch->setChecked(text == QLatin1String("true"));
    } else if (m_choice != nullptr) {
        const QSignalBlocker quiet(m_choice);
        // A value out of an older file is shown as it is, to be put right.
        while (m_choice->count() > static_cast<int>(m_spec.choices.size()))
            m_choice->removeItem(m_choice->count() - 1);
        if (m_choice->findText(text) < 0)
            m_choice->addItem(text);
        m_choice->setCurrentText(text);
    } else if (m_line->text() != text) {
        const QSignalBlocker quiet(m_path != nullptr ? static_cast<QObject*>(m_path) : m_line);
        m_line->setText(text);
    }
}

void ConfigRow::makeReset(const QString& prefix) {
    m_reset = new QToolButton(this);
    m_reset->setObjectName(prefix + QStringLiteral("reset:") + QString::fromStdString(m_spec.key));
    m_reset->setIcon(themedIcon(QStringLiteral("reset")));
    m_reset->setAutoRaise(true);
    m_reset->setAccessibleName(tr("Reset %1").arg(keyLabel(m_spec)));
    m_grid->addWidget(m_reset, 0, ResetColumn, Qt::AlignRight);
    QWidget::setTabOrder(m_line != nullptr ? m_line : m_editor, m_reset);
    connect(m_reset, &QToolButton::clicked, this, [this] {
        m_values.reset(m_spec.key);
        m_editor->setFocus();
    });
}

void ConfigRow::showProblem(const QString& problem) {
    if (problem.isEmpty() && m_problem == nullptr)
        return;
    if (m_problem == nullptr) {
        m_problem = new QLabel(this);
        m_problem->setObjectName(m_prefix + QStringLiteral("problem:") + QString::fromStdString(m_spec.key));
        m_problem->setTextFormat(Qt::PlainText);
        m_problem->setWordWrap(true);
        m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(m_problem, 1, EditorColumn, 1, 3);
    }
    m_problem->setText(QStringLiteral("✕ ") + problem);
    m_problem->setVisible(!problem.isEmpty());
    setTextColour(m_problem, QPalette::WindowText, Theme::instance().colours().error);
}

void ConfigRow::refresh() {
    const ThemeColours& colours = Theme::instance().colours();
    const std::string& key = m_spec.key;
    showText(m_values.text(key));
    const bool changed = m_values.isChanged(key);
    if (QFont font = m_label->font(); font.bold() != changed) {
        font.setBold(changed);
        m_label->setFont(font);
    }
    if (changed && m_reset == nullptr)
        makeReset(m_prefix);
    if (m_reset != nullptr) {
        m_reset->setVisible(changed);
        const QString base = m_values.baseText(key);
        m_reset->setToolTip(base.isEmpty() ? tr("Changed; back to empty")
                                           : tr("Changed; back to %1").arg(base));
    }
    const QString problem = m_values.problem(key);
    const bool wrong = !problem.isEmpty() || m_values.isInvolved(key);
    setTextColour(m_hint, QPalette::WindowText, wrong ? colours.error : colours.faintText);
    setTextColour(m_label, QPalette::WindowText, wrong ? colours.error : colours.text);
    if (m_line != nullptr)
        setTextColour(m_line, QPalette::Text, wrong ? colours.error : colours.text);
    showProblem(problem);
}

}  // namespace saeception
