// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_details.h"

#include "ui/icons.h"
#include "ui/models/job_table_model.h"
#include "ui/theme.h"

#include <QEvent>
#include <QFontDatabase>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace saeception {

JobDetails::JobDetails(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel),
      m_show(new QPushButton(themedIcon(QStringLiteral("dashboard")), tr("Show on Dashboard"))),
      m_log(new QPushButton(themedIcon(QStringLiteral("log")), tr("Show in the log"))),
      m_copy(makeButton("copy", "copyJobCommand", tr("Copy the command"))),
      m_reveal(makeButton("folder", "revealJobFolder", tr("Show in file manager"))),
      m_words(new QLabel),
      m_form(new QWidget) {
    m_title->setObjectName(QStringLiteral("jobTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QFont strong = m_title->font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_show->setObjectName(QStringLiteral("showJob"));
    m_show->setToolTip(tr("Shows the curves and stages of this job (Return)"));
    m_log->setObjectName(QStringLiteral("showJobLog"));
    m_log->setToolTip(tr("Shows what this job's log says (Ctrl+L)"));
    m_words->setObjectName(QStringLiteral("jobWords"));
    m_words->setTextFormat(Qt::PlainText);
    m_words->setAlignment(Qt::AlignTop | Qt::AlignLeft);

    auto* heading = new QHBoxLayout;
    heading->setSpacing(gridUnit);
    heading->addWidget(m_title, 1);
    heading->addWidget(m_log);
    heading->addWidget(m_show);
    auto* lines = new QWidget;
    auto* grid = new QGridLayout(lines);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(gridUnit);
    grid->setVerticalSpacing(gridUnit / 2);
    grid->setColumnStretch(1, 1);
    m_reason = addLine(grid, 0, tr("Reason"), nullptr);
    m_reason->setObjectName(QStringLiteral("jobReason"));
    m_command = addLine(grid, 1, tr("Command"), m_copy);
    m_command->setObjectName(QStringLiteral("jobCommand"));
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_folder = addLine(grid, 2, tr("Folder"), m_reveal);
    m_folder->setObjectName(QStringLiteral("jobFolder"));
    grid->setRowStretch(3, 1);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(lines);
    auto* form = new QVBoxLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(gridUnit);
    form->addLayout(heading);
    form->addWidget(scroll, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, gridUnit, 0, 0);
    column->addWidget(m_words);
    column->addWidget(m_form, 1);
    connect(m_copy, &QToolButton::clicked, this, &JobDetails::copyRequested);
    connect(m_reveal, &QToolButton::clicked, this, &JobDetails::revealRequested);
    connect(m_log, &QPushButton::clicked, this, &JobDetails::logRequested);
    connect(m_show, &QPushButton::clicked, this, &JobDetails::showRequested);
    applyTheme();
    showWords({});
}

QToolButton* JobDetails::makeButton(const char* icon, const char* name, const QString& words) {
    auto* button = new QToolButton;
    button->setObjectName(QString::fromLatin1(name));
    button->setIcon(themedIcon(QString::fromLatin1(icon)));
    button->setAutoRaise(true);
    button->setToolTip(words);
    button->setAccessibleName(words);
    return button;
}

QLabel* JobDetails::addLine(QGridLayout* grid, int row, const QString& caption, QWidget* button) {
    auto* name = new QLabel(caption);
    m_captions.append(name);
    auto* line = new QLabel;
    line->setTextFormat(Qt::PlainText);
    line->setWordWrap(true);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    line->setAccessibleName(caption);
    name->setBuddy(line);
    // The first line of the text stands beside its caption and the middle of its button.
    for (QLabel* label : {name, line})
        label->setContentsMargins(0, gridUnit / 2, 0, 0);
    grid->addWidget(name, row, 0, Qt::AlignTop);
    grid->addWidget(line, row, 1, Qt::AlignTop);
    if (button != nullptr)
        grid->addWidget(button, row, 2, Qt::AlignTop);
    return line;
}

void JobDetails::setLine(QLabel* line, QWidget* button, const QString& text) {
    if (line->text() != text)
        line->setText(text);
    for (QLabel* caption : m_captions)
        if (caption->buddy() == line)
            caption->setVisible(!text.isEmpty());
    line->setVisible(!text.isEmpty());
    if (button != nullptr)
        button->setVisible(!text.isEmpty());
}

void JobDetails::showJob(const JobInfo& job) {
    m_words->hide();
    m_form->show();
    m_title->setText(tr("%1: %2").arg(job.title, jobStateText(job).toLower()));
    m_commandText = job.spec.command.isEmpty() ? QString() : jobCommand(job.spec);
    m_folderText = job.directory;
    setLine(m_reason, nullptr, job.message);
    setLine(m_command, m_copy, m_commandText);
    setLine(m_folder, m_reveal, m_folderText);
    m_failed = job.state == JobState::Failed;
    for (QLabel* caption : m_captions)
        if (caption->buddy() == m_reason)
            caption->setText(m_failed ? tr("Failed") : tr("Note"));
    applyTheme();
    m_show->setEnabled(job.started > 0 || !job.directory.isEmpty());
    m_log->setEnabled(!job.directory.isEmpty());
}

void JobDetails::showWords(const QString& words) {
    m_commandText.clear();
    m_folderText.clear();
    m_form->hide();
    m_words->setText(words);
    m_words->show();
}

void JobDetails::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void JobDetails::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette alert = m_reason->palette();
    alert.setColor(QPalette::WindowText, m_failed ? colours.error : colours.text);
    m_reason->setPalette(alert);
    QList<QLabel*> quiet = m_captions;
    quiet.append(m_words);
    for (QLabel* label : quiet) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
}

}  // namespace saeception
