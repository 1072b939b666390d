// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sweep_editor.h"

#include "base/error.h"
#include "config/compose.h"
#include "config/nearest.h"
#include "config/schema.h"
#include "ui/icons.h"
#include "ui/models/padded_delegate.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr qsizetype mostListed = 1000;

// Groups first: they are few, and sweeping over presets is the commonest sweep.
const QStringList& sweepableNames() {
    static const QStringList names = [] {
        QStringList list;
        for (const std::string& group : groupNames())
            list.append(QString::fromStdString(group));
        for (const std::string& key : schemaKeys())
            list.append(QString::fromStdString(key));
        return list;
    }();
    return names;
}

bool isGroup(const std::string& name) {
    const std::vector<std::string> names = groupNames();
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What may stand in the line, by an example of this very key.
QString exampleOf(const std::string& name) {
    if (isGroup(name)) {
        QStringList options;
        for (const std::string& option : groupOptions(name))
            options.append(QString::fromStdString(option));
        return SweepEditor::tr("such as %1 or glob(*)").arg(options.mid(0, 2).join(QLatin1Char(',')));
    }
    const KeySpec* spec = findKey(name);
    if (spec == nullptr)
        return SweepEditor::tr("values, separated by commas");
    switch (spec->type) {
        case KeyType::Integer:
            return SweepEditor::tr("such as 1,2,4 or range(1,5)");
        case KeyType::Number:
            return SweepEditor::tr("such as 0.1,0.5,1");
        case KeyType::Boolean:
            return QStringLiteral("true,false");
        case KeyType::Text: {
            QStringList choices;
            for (const std::string& choice : spec->choices)
                choices.append(QString::fromStdString(choice));
            return choices.isEmpty() ? SweepEditor::tr("values, separated by commas")
                                     : choices.join(QLatin1Char(','));
        }
        case KeyType::TextList:
            break;
    }
    return QStringLiteral("[a,b],[c,d]");
}

}  // namespace

SweepEditor::SweepEditor(QWidget* parent)
    : QWidget(parent),
      m_rows(new QVBoxLayout),
      m_add(new QPushButton(tr("Add a key"), this)),
      m_hint(new QLabel(this)),
      m_count(new QLabel(this)),
      m_problem(new QLabel(this)),
      m_list(new QListView(this)),
      m_jobs(new QStringListModel(this)) {
    m_hint->setText(tr(
        "Run one job for each combination of the values of up to three keys. What stands here replaces what "
        "the form says of the same keys."));
    m_hint->setWordWrap(true);
    m_rows->setSpacing(gridUnit / 2);
    m_add->setObjectName(QStringLiteral("addSweepKey"));
    m_count->setObjectName(QStringLiteral("sweepCount"));
    m_count->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("sweepProblem"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    m_list->setObjectName(QStringLiteral("sweepJobs"));
    m_list->setAccessibleName(tr("Jobs of the sweep"));
    m_list->setModel(m_jobs);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new PaddedDelegate(m_list));
    m_list->setToolTip(tr("Choose a job to see its configuration"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, gridUnit, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(m_hint);
    column->addLayout(m_rows);
    column->addWidget(m_add, 0, Qt::AlignLeft);
    column->addWidget(m_count);
    column->addWidget(m_problem);
    column->addWidget(m_list, 1);
    column->addStretch(0);
    connect(m_add, &QPushButton::clicked, this, &SweepEditor::addKey);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& job) {
                if (job.isValid() && !m_showing)
                    Q_EMIT jobChosen(job.row());
            });
    connect(&Theme::instance(), &Theme::changed, this, &SweepEditor::applyTheme);
    applyTheme();
    refresh();
    showJobs({}, 0, false);
}

SweepEditor::Axis SweepEditor::makeAxis() {
    Axis axis;
    axis.box = new QWidget(this);
    axis.key = new QComboBox(axis.box);
    axis.key->setEditable(true);
    axis.key->setInsertPolicy(QComboBox::NoInsert);
    axis.key->addItems(sweepableNames());
    axis.key->setCurrentIndex(-1);
    axis.key->setMinimumContentsLength(18);
    axis.key->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    axis.key->setAccessibleName(tr("Key to sweep over"));
    axis.key->lineEdit()->setPlaceholderText(tr("key or group"));
    axis.key->completer()->setFilterMode(Qt::MatchContains);
    axis.key->completer()->setCompletionMode(QCompleter::PopupCompletion);
    axis.values = new QLineEdit(axis.box);
    axis.values->setAccessibleName(tr("Values of the key"));
    axis.values->setAcceptDrops(false);
    axis.key->lineEdit()->setAcceptDrops(false);
    axis.key->setAcceptDrops(false);
    axis.remove = new QToolButton(axis.box);
    axis.remove->setIcon(themedIcon(QStringLiteral("close")));
    axis.remove->setAutoRaise(true);
    axis.remove->setToolTip(tr("Sweep over this key no longer"));
    axis.remove->setAccessibleName(tr("Remove this key"));
    axis.problem = new QLabel(axis.box);
    axis.problem->setWordWrap(true);
    axis.problem->setTextFormat(Qt::PlainText);
    axis.problem->hide();
    auto* grid = new QGridLayout(axis.box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(gridUnit);
    grid->setVerticalSpacing(gridUnit / 4);
    grid->addWidget(axis.key, 0, 0);
    grid->addWidget(axis.values, 0, 1);
    grid->addWidget(axis.remove, 0, 2);
    grid->addWidget(axis.problem, 1, 0, 1, 3);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 3);
    return axis;
}

void SweepEditor::addKey() {
    if (static_cast<int>(m_axes.size()) >= mostKeys)
        return;
    const Axis axis = makeAxis();
    m_axes.push_back(axis);
    m_rows->addWidget(axis.box);
    connect(axis.key, &QComboBox::editTextChanged, this, [this, axis] {
        check(axis);
        Q_EMIT changed();
    });
    connect(axis.values, &QLineEdit::textChanged, this, [this, axis] {
        check(axis);
        Q_EMIT changed();
    });
    connect(axis.remove, &QToolButton::clicked, this, [this, box = axis.box] { removeAxis(box); });
    check(axis);
    applyTheme();
    refresh();
    axis.key->setFocus();
}

void SweepEditor::removeAxis(QWidget* box) {
    std::erase_if(m_axes, [&](const Axis& axis) { return axis.box == box; });
    box->hide();
    box->deleteLater();
    refresh();
    m_add->setFocus();
    Q_EMIT changed();
}

void SweepEditor::refresh() {
    // Names go by place, for tests and for assistive tools.
    for (std::size_t i = 0; i < m_axes.size(); ++i) {
        m_axes[i].key->setObjectName(QStringLiteral("sweepKey%1").arg(i));
        m_axes[i].values->setObjectName(QStringLiteral("sweepValues%1").arg(i));
        m_axes[i].remove->setObjectName(QStringLiteral("removeSweepKey%1").arg(i));
        m_axes[i].problem->setObjectName(QStringLiteral("sweepProblem%1").arg(i));
    }
    m_add->setEnabled(static_cast<int>(m_axes.size()) < mostKeys);
    m_add->setToolTip(m_add->isEnabled()
                          ? QString()
                          : tr("A sweep here has up to three keys; more go on the command line"));
}

QString SweepEditor::overrideOf(const Axis& axis) {
    const QString key = axis.key->currentText().trimmed();
    QString values = axis.values->text().trimmed();
    // Only a list without any grammar in it may be freed of its spaces.
    if (!values.contains(QLatin1Char('\'')) && !values.contains(QLatin1Char('"')) &&
        !values.contains(QLatin1Char('(')) && !values.contains(QLatin1Char('['))) {
        QStringList parts = values.split(QLatin1Char(','));
        for (QString& part : parts)
            part = part.trimmed();
        values = parts.join(QLatin1Char(','));
    }
    const KeySpec* spec = findKey(key.toStdString());
    return (spec != nullptr && spec->appendOnly ? QStringLiteral("+") : QString()) + key + QLatin1Char('=') +
           values;
}

QString SweepEditor::problemOf(const Axis& axis) {
    const std::string key = axis.key->currentText().trimmed().toStdString();
    const QString values = axis.values->text().trimmed();
    if (key.empty())
        return values.isEmpty() ? QString() : tr("Choose the key that these values are for.");
    const KeySpec* spec = findKey(key);
    if (spec == nullptr && !isGroup(key)) {
        std::vector<std::string> names;
        for (const QString& name : sweepableNames())
            names.push_back(name.toStdString());
        return tr("There is no key or group '%1'.%2")
            .arg(QString::fromStdString(key), QString::fromStdString(didYouMean(key, names)));
    }
    if (values.isEmpty())
        return {};
    try {
        const Override parsed = parseOverride(overrideOf(axis).toStdString());
        const std::vector<nlohmann::ordered_json> list =
            parsed.sweep ? parsed.sweep->values : std::vector<nlohmann::ordered_json>{parsed.value};
        if (spec != nullptr && !(parsed.sweep && parsed.sweep->glob))
            for (const nlohmann::ordered_json& value : list)
                if (const std::string problem = checkValue(*spec, value); !problem.empty())
                    return QString::fromStdString(problem);
        if (spec == nullptr && !(parsed.sweep && parsed.sweep->glob)) {
            const std::vector<std::string> options = groupOptions(key);
            for (const nlohmann::ordered_json& value : list)
                if (std::find(options.begin(), options.end(), valueText(value)) == options.end())
                    return tr("%1 has no option '%2'.%3")
                        .arg(QString::fromStdString(key), QString::fromStdString(valueText(value)),
                             QString::fromStdString(didYouMean(valueText(value), options)));
        }
        return {};
    } catch (const UserError& error) {
        return QString::fromStdString(oneLine(error.what()));
    }
}

void SweepEditor::check(const Axis& axis) {
    axis.values->setPlaceholderText(exampleOf(axis.key->currentText().trimmed().toStdString()));
    const QString problem = problemOf(axis);
    axis.problem->setText(QStringLiteral("✕ ") + problem);
    axis.problem->setVisible(!problem.isEmpty());
}

QStringList SweepEditor::overrides() const {
    QStringList list;
    for (const Axis& axis : m_axes)
        if (!axis.key->currentText().trimmed().isEmpty() && !axis.values->text().trimmed().isEmpty() &&
            problemOf(axis).isEmpty())
            list.append(overrideOf(axis));
    return list;
}

QString SweepEditor::error() const {
    QStringList keys;
    for (const Axis& axis : m_axes) {
        if (const QString problem = problemOf(axis); !problem.isEmpty())
            return problem;
        const QString key = axis.key->currentText().trimmed();
        if (!key.isEmpty() && keys.contains(key))
            return tr("The sweep names %1 twice; put all its values into one line.").arg(key);
        keys.append(key);
    }
    return {};
}

bool SweepEditor::load(const Override& override) {
    if (!override.sweep || static_cast<int>(m_axes.size()) >= mostKeys)
        return false;
    const KeySpec* spec = findKey(override.key);
    const bool appends = spec != nullptr && spec->appendOnly;
    if (override.package || (override.kind != OverrideKind::Change && !appends) ||
        (spec == nullptr && !isGroup(override.key)))
        return false;
    addKey();
    m_axes.back().key->setEditText(QString::fromStdString(override.key));
    m_axes.back().values->setText(
        QString::fromStdString(override.text.substr(override.text.find('=') + 1)).trimmed());
    return true;
}

void SweepEditor::clear() {
    if (m_axes.empty())
        return;
    for (const Axis& axis : m_axes) {
        axis.box->hide();
        axis.box->deleteLater();
    }
    m_axes.clear();
    refresh();
    Q_EMIT changed();
}

void SweepEditor::showJobs(const QStringList& jobs, int shown, bool isSweep) {
    m_showing = true;
    const QStringList listed = jobs.mid(0, mostListed);
    if (listed != m_jobs->stringList())
        m_jobs->setStringList(listed);
    m_list->setCurrentIndex(m_jobs->index(shown));
    m_list->setVisible(!jobs.isEmpty());
    QString text;
    if (isSweep && !jobs.isEmpty()) {
        text = jobs.size() == 1 ? tr("1 job") : tr("%1 jobs, every combination").arg(jobs.size());
        if (m_axes.empty())
            text += tr("; the preset is a sweep by itself");
        if (jobs.size() > mostListed)
            text += tr("; the first %1 are listed").arg(mostListed);
    }
    m_count->setText(text);
    m_count->setVisible(!text.isEmpty());
    m_showing = false;
}

void SweepEditor::showProblem(const QString& problem) {
    m_problem->setText(QStringLiteral("✕ ") + problem);
    m_problem->setVisible(!problem.isEmpty());
}

void SweepEditor::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_hint->setPalette(faint);
    QPalette alert = palette();
    alert.setColor(QPalette::WindowText, colours.error);
    m_problem->setPalette(alert);
    for (const Axis& axis : m_axes)
        axis.problem->setPalette(alert);
}

}  // namespace saeception
