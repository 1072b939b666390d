// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/launch_page.h"

#include "base/error.h"
#include "config/overrides.h"
#include "config/sweep.h"
#include "data/dataset.h"
#include "ui/icons.h"
#include "ui/pages/config_form.h"
#include "ui/theme.h"
#include "ui/widgets/path_edit.h"

#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace saeception {
namespace {

constexpr int columnWidth = 62 * gridUnit;
constexpr int labelWidth = 14 * gridUnit;

std::vector<std::string> asStrings(const QStringList& list) {
    std::vector<std::string> strings;
    for (const QString& text : list)
        strings.push_back(text.toStdString());
    return strings;
}

Composition composed(const QStringList& overrides) {
    return compose({.configDirs = {}, .configName = "config", .overrides = asStrings(overrides)});
}

// The window runs one job at a time; an experiment that is a sweep of several is the command line's.
bool isSweep(const std::string& group, const std::string& option) {
    return group == "experiment" &&
           asksForSweep({.configDirs = {}, .configName = "config", .overrides = {group + "=" + option}});
}

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QFrame* separator(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    return line;
}

// Forms one above the other share one label column.
void addRow(QFormLayout* form, const QString& text, QWidget* field) {
    auto* label = new QLabel(text);
    label->setMinimumSize(labelWidth, field->sizeHint().height());
    label->setBuddy(field);
    form->addRow(label, field);
}

void layOut(QFormLayout* form) {
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setHorizontalSpacing(2 * gridUnit);
    form->setVerticalSpacing(gridUnit);
}

}  // namespace

QString shellCommand(const QStringList& words) {
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./=:,+%@-]+$"));
    QStringList quoted;
    for (QString word : words) {
        if (!plain.match(word).hasMatch())
            word = QLatin1Char('\'') + word.replace(QLatin1Char('\''), QStringLiteral("'\\''")) +
                   QLatin1Char('\'');
        quoted.append(word);
    }
    return quoted.join(QLatin1Char(' '));
}

QStringList splitOverrides(const QString& text) {
    QStringList words;
    QString word;
    QChar quote;
    for (const QChar c : text) {
        if (quote.isNull() && c.isSpace()) {
            if (!word.isEmpty())
                words.append(word);
            word.clear();
            continue;
        }
        if (quote.isNull() && (c == QLatin1Char('\'') || c == QLatin1Char('"')))
            quote = c;
        else if (c == quote)
            quote = QChar();
        word += c;
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

LaunchPage::LaunchPage(QWidget* parent) : QWidget(parent) {
    auto* content = new QWidget;
    auto* columns = new QHBoxLayout(content);
    columns->setContentsMargins(3 * gridUnit, 2 * gridUnit, 3 * gridUnit, 2 * gridUnit);
    columns->setSpacing(6 * gridUnit);
    columns->addWidget(makeChoosers(), 1);
    columns->addWidget(makeNumbers(), 1);
    columns->addStretch(0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    column->addWidget(separator(this));
    column->addWidget(makeFooter());

    m_check.setSingleShot(true);
    m_check.setInterval(0);
    connect(&m_check, &QTimer::timeout, this, &LaunchPage::check);
    connect(&Theme::instance(), &Theme::changed, this, &LaunchPage::applyTheme);
    applyTheme();
    setFocusProxy(m_groups.front().chooser);
    setRunState(RunState::Waiting);
    check();
}

QWidget* LaunchPage::makeChoosers() {
    auto* panel = new QWidget(this);
    panel->setMaximumWidth(columnWidth);
    auto* choices = new QFormLayout;
    layOut(choices);
    addGroup(choices, "experiment", tr("Experiment"));
    addGroup(choices, "model", tr("Model"));
    addGroup(choices, "dataset", tr("Data set"));
    addGroup(choices, "sae", tr("Autoencoder"));
    addGroup(choices, "sharpening", tr("Sharpening"));
    auto* folders = new QFormLayout;
    layOut(folders);
    addPath(folders, "dataset.path", tr("Data set folder"), true);
    addPath(folders, "model.tokenizer", tr("Tokenizer"), false);
    addPath(folders, "model.init", tr("Initial weights"), true);
    addPath(folders, "output_dir", tr("Output folder"), false);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(heading(tr("What to run"), panel));
    column->addLayout(choices);
    column->addSpacing(2 * gridUnit);
    column->addWidget(heading(tr("Where it lies"), panel));
    column->addLayout(folders);
    column->addStretch(1);
    return panel;
}

void LaunchPage::addGroup(QFormLayout* form, const std::string& name, const QString& label) {
    auto* chooser = new QComboBox(this);
    chooser->setObjectName(QString::fromStdString(name));
    chooser->setAccessibleName(label);
    if (name == "experiment")
        chooser->addItem(tr("None"), QString());
    for (const std::string& option : groupOptions(name))
        if (!isSweep(name, option))
            chooser->addItem(QString::fromStdString(option), QString::fromStdString(option));
    addRow(form, label, chooser);
    const std::size_t place = m_groups.size();
    m_groups.push_back({name, chooser, false});
    connect(chooser, &QComboBox::activated, this, [this, place] {
        // A preset brings its own model, data set and autoencoder.
        if (place == 0)
            for (Group& group : m_groups)
                group.chosen = false;
        m_groups[place].chosen = true;
        scheduleCheck();
    });
}

void LaunchPage::addPath(QFormLayout* form, const std::string& key, const QString& label, bool files) {
    auto* edit = new PathEdit(files ? PathEdit::Target::FolderOrFile : PathEdit::Target::Folder, this);
    edit->line()->setObjectName(QString::fromStdString(key));
    edit->line()->setAccessibleName(label);
    if (const KeySpec* spec = findKey(key))
        edit->setToolTip(
            QStringLiteral("<p><b>%1</b></p><p>%2</p>")
                .arg(QString::fromStdString(key), QString::fromStdString(spec->doc).toHtmlEscaped()));
    addRow(form, label, edit);
    m_paths.push_back({key, edit});
    connect(edit, &PathEdit::changed, this, &LaunchPage::scheduleCheck);
}

QWidget* LaunchPage::makeNumbers() {
    auto* panel = new QWidget(this);
    panel->setMaximumWidth(columnWidth);
    m_numbers = new ConfigForm({{"cycle.max_cycles", tr("Cycles after cycle 0")},
                                {"cycle.aux_loss_weight", tr("Lambda, auxiliary weight")},
                                {"model.epochs_per_cycle", tr("Epochs per cycle")},
                                {"dataset.batch_size", tr("Batch size")},
                                {"model.learning_rate", tr("Learning rate")},
                                {"sae.k", tr("k, active features")},
                                {"sae.expansion_factor", tr("Expansion factor")},
                                {"sae.epochs", tr("Autoencoder epochs")},
                                {"sharpening.top_k_pct", tr("Features kept by sharpening")},
                                {"seed", tr("Seed")},
                                {"threads", tr("Threads")}},
                               panel);
    m_more = new QLineEdit(panel);
    m_more->setObjectName(QStringLiteral("moreOverrides"));
    m_more->setPlaceholderText(tr("any other key, such as sae.aux_k=64"));
    m_more->setAccessibleName(tr("More overrides"));
    auto* more = new QFormLayout;
    layOut(more);
    addRow(more, tr("More overrides"), m_more);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(heading(tr("Main numbers"), panel));
    column->addWidget(m_numbers);
    column->addSpacing(gridUnit);
    column->addLayout(more);
    column->addStretch(1);
    connect(m_numbers, &ConfigForm::changed, this, &LaunchPage::scheduleCheck);
    connect(m_more, &QLineEdit::textChanged, this, &LaunchPage::scheduleCheck);
    return panel;
}

QWidget* LaunchPage::makeFooter() {
    auto* panel = new QWidget(this);
    m_error = new QLabel(panel);
    m_error->setObjectName(QStringLiteral("launchError"));
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_command = new QLineEdit(panel);
    m_command->setObjectName(QStringLiteral("command"));
    m_command->setAccessibleName(tr("Equivalent command"));
    m_command->setReadOnly(true);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copy = new QToolButton(panel);
    m_copy->setObjectName(QStringLiteral("copyCommand"));
    m_copy->setIcon(themedIcon(QStringLiteral("copy")));
    m_copy->setToolTip(tr("Copy the command"));
    m_copy->setAccessibleName(tr("Copy the command"));
    m_copy->setAutoRaise(true);
    m_run = new QPushButton(tr("Run"), panel);
    m_run->setObjectName(QStringLiteral("run"));
    m_run->setDefault(true);
    m_stop = new QPushButton(themedIcon(QStringLiteral("stop")), tr("Stop"), panel);
    m_stop->setObjectName(QStringLiteral("stop"));
    for (QPushButton* button : {m_run, m_stop})
        button->setMinimumSize(12 * gridUnit, 4 * gridUnit);

    auto* command = new QHBoxLayout;
    command->setSpacing(gridUnit / 2);
    command->addWidget(m_command, 1);
    command->addWidget(m_copy);
    auto* row = new QHBoxLayout;
    row->setSpacing(gridUnit);
    row->addLayout(command, 1);
    row->addSpacing(gridUnit);
    row->addWidget(m_stop);
    row->addWidget(m_run);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(3 * gridUnit, gridUnit, 3 * gridUnit, 2 * gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(m_error);
    column->addLayout(row);

    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_command->text()); });
    connect(m_run, &QPushButton::clicked, this, [this] {
        check();
        if (!error().isEmpty())
            return;
        JobSpec job;
        job.overrides = overrides();
        Q_EMIT jobsRequested({job});
        Q_EMIT runRequested(job.overrides);
    });
    connect(m_stop, &QPushButton::clicked, this, &LaunchPage::stopRequested);
    return panel;
}

QStringList LaunchPage::baseOverrides() const {
    QStringList list;
    for (const Group& group : m_groups) {
        const QString option = group.chooser->currentData().toString();
        if (group.chosen && !option.isEmpty())
            list.append(overrideText(QString::fromStdString(group.name), option));
    }
    for (const Path& path : m_paths)
        if (!path.edit->path().isEmpty())
            list.append(overrideText(QString::fromStdString(path.key), path.edit->path()));
    return list;
}

QStringList LaunchPage::overrides() const {
    return baseOverrides() + m_numbers->overrides() + splitOverrides(m_more->text());
}

void LaunchPage::load(const QStringList& overrides) {
    for (Group& group : m_groups)
        group.chosen = false;
    m_groups.front().chooser->setCurrentIndex(0);
    for (const Path& path : m_paths)
        path.edit->setPath({});
    m_numbers->resetAll();
    QStringList others;
    for (const QString& text : overrides) {
        Override parsed;
        try {
            parsed = parseOverride(text.toStdString());
        } catch (const UserError&) {
            others.append(text);  // the check below will say what is wrong with it
            continue;
        }
        const QString value = QString::fromStdString(
            parsed.value.is_string() ? parsed.value.get<std::string>() : parsed.value.dump());
        bool placed = false;
        if (parsed.kind == OverrideKind::Change && parsed.hasValue && !parsed.sweep) {
            for (Group& group : m_groups)
                if (const int item = group.chooser->findData(value); group.name == parsed.key && item >= 0) {
                    group.chooser->setCurrentIndex(item);
                    group.chosen = placed = true;
                }
            for (const Path& path : m_paths)
                if (path.key == parsed.key) {
                    path.edit->setPath(value);
                    placed = true;
                }
            if (m_numbers->has(parsed.key)) {
                m_numbers->setText(parsed.key, value);
                placed = true;
            }
        }
        if (!placed)
            others.append(text);
    }
    m_more->setText(others.join(QLatin1Char(' ')));
    check();
}

QString LaunchPage::error() const {
    return m_error->text();
}

QString LaunchPage::command() const {
    return shellCommand(QStringList{QStringLiteral("saeception"), QStringLiteral("train_cycle")} +
                        overrides());
}

void LaunchPage::load(const JobSpec& job) {
    load(job.overrides);
}

void LaunchPage::setQueueBusy(bool busy) {
    m_run->setText(busy ? tr("Add to queue") : tr("Run"));
}

void LaunchPage::setRunState(RunState state) {
    m_state = state;
    const bool active = isActive(state);
    m_run->setEnabled(!active && error().isEmpty());
    m_stop->setEnabled(active && state != RunState::Stopping);
    m_stop->setText(state == RunState::Stopping ? tr("Stopping…") : tr("Stop"));
    m_run->setToolTip(active ? tr("One run at a time: this one must end first") : QString());
}

void LaunchPage::scheduleCheck() {
    m_check.start();
}

void LaunchPage::check() {
    m_check.stop();
    QString message;
    try {
        showBase(composed(baseOverrides()));
        checkInputFiles(composed(overrides()).config);
    } catch (const std::exception& problem) {
        message = QString::fromStdString(oneLine(problem.what()));
    }
    showError(message);
    const int place = m_command->cursorPosition();
    m_command->setText(command());
    m_command->setCursorPosition(std::min<int>(place, 0));
    setRunState(m_state);
}

void LaunchPage::showBase(const Composition& base) {
    for (Group& group : m_groups) {
        const auto choice = base.choices.find(group.name);
        if (group.chosen || choice == base.choices.end())
            continue;
        const int item = group.chooser->findData(QString::fromStdString(choice->second));
        if (item >= 0)
            group.chooser->setCurrentIndex(item);
    }
    m_numbers->setBase(base.config);
    const bool demo = base.config.dataset.format == "demo";
    for (const Path& path : m_paths) {
        QString meaning;
        if (path.key == "dataset.path")
            meaning = demo ? tr("Not needed: the demo makes its own sentences")
                           : tr("Folder with the data set's files");
        else if (path.key == "model.tokenizer")
            meaning = base.config.model.tokenizer == "train"
                          ? tr("Train one on the data set")
                          : QString::fromStdString(base.config.model.tokenizer);
        else if (path.key == "model.init")
            meaning = base.config.model.init == "random" ? tr("Random weights")
                                                         : QString::fromStdString(base.config.model.init);
        else
            meaning = QString::fromStdString(base.config.outputDir);
        path.edit->setPlaceholder(meaning);
        if (path.key == "dataset.path")
            path.edit->setEnabled(!demo || !path.edit->path().isEmpty());
    }
}

void LaunchPage::showError(const QString& message) {
    m_error->setText(message);
    m_error->setVisible(!message.isEmpty());
    m_numbers->showError(message);
}

void LaunchPage::applyTheme() {
    QPalette alert = palette();
    alert.setColor(QPalette::WindowText, Theme::instance().colours().error);
    m_error->setPalette(alert);
}

}  // namespace saeception
