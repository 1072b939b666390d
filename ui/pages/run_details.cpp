// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_details.h"

#include "ui/format.h"
#include "ui/models/run_table_model.h"
#include "ui/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace saeception {
namespace {

constexpr int longestName = 120;
constexpr int longestTags = 300;
constexpr qsizetype longestNote = 20'000;

QString toText(const std::string& text) {
    return QString::fromStdString(text);
}

QString tagLine(const RunNotes& notes) {
    QStringList tags;
    for (const std::string& tag : notes.tags)
        tags.append(toText(tag));
    return tags.join(QStringLiteral(", "));
}

QLabel* selectable(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    return label;
}

}  // namespace

RunDetails::RunDetails(QWidget* parent)
    : QWidget(parent),
      m_name(new QLineEdit),
      m_tags(new QLineEdit),
      m_note(new QPlainTextEdit),
      m_form(new QWidget) {
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* words = new QWidget;
    m_title = selectable(words);
    m_title->setObjectName(QStringLiteral("runTitle"));
    QFont strong = m_title->font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_folder = selectable(words);
    m_folder->setObjectName(QStringLiteral("runFolder"));
    m_facts = selectable(words);
    m_facts->setObjectName(QStringLiteral("runFacts"));
    m_problems = selectable(words);
    m_problems->setObjectName(QStringLiteral("runProblems"));
    auto* lines = new QVBoxLayout(words);
    lines->setContentsMargins(0, 0, gridUnit, 0);
    lines->setSpacing(gridUnit / 2);
    for (QLabel* label : {m_title, m_folder, m_facts, m_problems})
        lines->addWidget(label);
    lines->addStretch(1);
    scroll->setWidget(words);

    m_name->setObjectName(QStringLiteral("runName"));
    m_name->setMaxLength(longestName);
    m_name->setToolTip(tr("A name to show in place of the folder's; the folder keeps its own"));
    m_tags->setObjectName(QStringLiteral("runTags"));
    m_tags->setMaxLength(longestTags);
    m_tags->setPlaceholderText(tr("baseline, good"));
    m_tags->setToolTip(tr("Words to find the run by, with commas between them"));
    m_note->setObjectName(QStringLiteral("runNote"));
    m_note->setTabChangesFocus(true);
    m_note->setPlaceholderText(tr("What was tried, and what came of it"));
    m_note->setAccessibleName(tr("Note"));
    auto* grid = new QGridLayout(m_form);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(gridUnit);
    grid->setVerticalSpacing(gridUnit / 2);
    const auto row = [&](int at, const QString& text, QWidget* editor) {
        auto* label = new QLabel(text, m_form);
        label->setBuddy(editor);
        grid->addWidget(label, at, 0, Qt::AlignTop);
        label->setContentsMargins(0, gridUnit / 2, 0, 0);
        grid->addWidget(editor, at, 1);
    };
    row(0, tr("&Name"), m_name);
    row(1, tr("&Tags"), m_tags);
    row(2, tr("N&ote"), m_note);
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(2, 1);
    m_note->setMinimumHeight(5 * gridUnit);

    auto* columns = new QHBoxLayout(this);
    columns->setContentsMargins(0, gridUnit, 0, 0);
    columns->setSpacing(2 * gridUnit);
    columns->addWidget(scroll, 3);
    columns->addWidget(m_form, 2);
    for (QLineEdit* line : {m_name, m_tags})
        connect(line, &QLineEdit::editingFinished, this, &RunDetails::commit);
    m_note->installEventFilter(this);
    applyTheme();
    showWords({});
}

RunDetails::~RunDetails() = default;

void RunDetails::showRun(const RunSummary& run) {
    const bool same = run.root == m_run.root;
    if (!same)
        commit();
    const RunNotes before = m_run.notes;
    m_run = run;
    showFacts(run);
    m_title->show();
    m_form->show();
    // Typed text that nobody has sent yet stays; anything else follows the file.
    const auto follows = [same](const QString& typed, const QString& known, const QString& now) {
        return (!same || typed == known) && typed != now;
    };
    if (follows(m_name->text(), toText(before.name), toText(run.notes.name)))
        m_name->setText(toText(run.notes.name));
    if (follows(m_tags->text(), tagLine(before), tagLine(run.notes)))
        m_tags->setText(tagLine(run.notes));
    if (follows(m_note->toPlainText(), toText(before.note), toText(run.notes.note)))
        m_note->setPlainText(toText(run.notes.note));
    m_name->setPlaceholderText(toText(runTitle(run.root, {})));
}

void RunDetails::showFacts(const RunSummary& run) {
    m_title->setText(run.ending.empty()
                         ? tr("%1: %2").arg(toText(runTitle(run)), runStatusText(run.status).toLower())
                         : tr("%1: failed, %2").arg(toText(runTitle(run)), toText(run.ending)));
    m_folder->setText(toText(run.root.string()));
    QStringList facts;
    if (run.started > 0)
        facts << tr("Started %1").arg(timeText(run.started));
    if (run.lastWritten > 0)
        facts << tr("last written %1").arg(timeText(run.lastWritten));
    facts << memoryText(run.bytes);
    if (!run.command.empty())
        facts << toText(run.command);
    if (!run.version.empty())
        facts << tr("version %1").arg(toText(run.version));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    QStringList problems;
    if (run.status == RunStatus::Interrupted)
        problems << tr(
            "It ended without a word, as after a crash or a power cut. What is there can be opened.");
    for (const std::string& problem : run.problems)
        problems << QStringLiteral("⚠ ") + toText(problem);
    m_problems->setText(problems.join(QLatin1Char('\n')));
    m_problems->setVisible(!problems.isEmpty());
}

void RunDetails::showWords(const QString& words) {
    commit();
    m_run = {};
    m_folder->setText(words);
    for (QLabel* label : {m_facts, m_problems})
        label->clear();
    m_title->hide();
    m_name->clear();
    m_tags->clear();
    m_note->clear();
    m_form->hide();
}

void RunDetails::commit() {
    if (m_run.root.empty())
        return;
    RunNotes notes = m_run.notes;
    notes.name = m_name->text().simplified().toStdString();
    notes.tags = parseTags(m_tags->text().toStdString());
    notes.note = m_note->toPlainText().left(longestNote).trimmed().toStdString();
    if (notes == m_run.notes)
        return;
    m_run.notes = notes;
    Q_EMIT notesEdited(m_run.root, notes);
}

bool RunDetails::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_note) {
        if (event->type() == QEvent::FocusOut) {
            commit();
        } else if (event->type() == QEvent::KeyPress) {
            const auto* key = static_cast<QKeyEvent*>(event);
            if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) &&
                key->modifiers().testFlag(Qt::ControlModifier)) {
                commit();
                return true;
            }
        }
    }
    return QWidget::eventFilter(watched, event);
}

void RunDetails::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void RunDetails::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_folder, m_facts}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
    QPalette alert = m_problems->palette();
    alert.setColor(QPalette::WindowText, colours.warning);
    m_problems->setPalette(alert);
}

}  // namespace saeception
