// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/config_form.h"

#include "ui/models/padded_delegate.h"
#include "ui/theme.h"
#include "ui/widgets/config_row.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr int listWidth = 19 * gridUnit;
constexpr int listRowHeight = 3 * gridUnit + gridUnit / 2;
constexpr int widestForm = 96 * gridUnit;

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

}  // namespace

ConfigForm::ConfigForm(ConfigValues& values, QWidget* lead, const QString& leadTitle,
                       std::function<bool(const QStringList&)> leadMatches, QWidget* parent)
    : QWidget(parent), m_values(values), m_lead(lead), m_leadMatches(std::move(leadMatches)) {
    m_list = new QListWidget(this);
    m_list->setObjectName(QStringLiteral("sections"));
    m_list->setAccessibleName(tr("Sections of the settings"));
    m_list->setFixedWidth(listWidth);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setItemDelegate(new PaddedDelegate(m_list));
    auto* body = new QHBoxLayout;
    body->setSpacing(2 * gridUnit);
    body->addWidget(m_list);
    QWidget* sections = makeSections(lead, leadTitle);
    m_empty = makeEmptyState();
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(sections, 1);
    right->addWidget(m_empty, 1);
    body->addLayout(right, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(makeBar());
    column->addLayout(body, 1);
    setTabOrder(m_search, m_changedOnly);
    setTabOrder(m_changedOnly, m_list);

    connect(&m_values, &ConfigValues::keyChanged, this, &ConfigForm::keyChanged);
    connect(m_list, &QListWidget::currentRowChanged, this, &ConfigForm::goTo);
    connect(m_list, &QListWidget::itemClicked, this, [this] { goTo(m_list->currentRow()); });
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, &ConfigForm::scrolled);
    connect(&m_building, &QTimer::timeout, this, &ConfigForm::buildNext);
    m_counting.setSingleShot(true);
    m_counting.setInterval(0);
    connect(&m_counting, &QTimer::timeout, this, [this] {
        countSections();
        if (m_changedOnly->isChecked())
            filter();
    });
    connect(&Theme::instance(), &Theme::changed, this, &ConfigForm::applyTheme);
    m_unbuilt = m_sections.size();
    build(m_sections.front());
    m_building.start(0);
    m_list->setCurrentRow(0);
    filter();
    applyTheme();
}

QWidget* ConfigForm::makeBar() {
    auto* bar = new QWidget(this);
    m_search = new QLineEdit(bar);
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Search settings"));
    m_search->setAccessibleName(tr("Search settings by name, key or description"));
    m_search->setClearButtonEnabled(true);
    m_search->setAcceptDrops(false);
    m_changedOnly = new QCheckBox(tr("Changed only"), bar);
    m_changedOnly->setObjectName(QStringLiteral("changedOnly"));
    m_count = new QLabel(bar);
    m_count->setObjectName(QStringLiteral("settingCount"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_search, 1);
    row->addWidget(m_changedOnly);
    row->addWidget(m_count);
    connect(m_search, &QLineEdit::textChanged, this, &ConfigForm::filter);
    connect(m_search, &QLineEdit::returnPressed, this, &ConfigForm::goToFirst);
    auto* leave = new QAction(m_search);
    leave->setShortcut(Qt::Key_Escape);
    leave->setShortcutContext(Qt::WidgetShortcut);
    connect(leave, &QAction::triggered, m_search, &QLineEdit::clear);
    m_search->addAction(leave);
    connect(m_changedOnly, &QCheckBox::toggled, this, &ConfigForm::filter);
    return bar;
}

QWidget* ConfigForm::makeSections(QWidget* lead, const QString& leadTitle) {
    auto* content = new QWidget;
    content->setMaximumWidth(widestForm);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 2 * gridUnit, 0);
    column->setSpacing(3 * gridUnit);
    m_leadBox = new QWidget(content);
    auto* leadColumn = new QVBoxLayout(m_leadBox);
    leadColumn->setContentsMargins(0, 0, 0, 0);
    leadColumn->setSpacing(gridUnit);
    leadColumn->addWidget(heading(leadTitle, m_leadBox));
    leadColumn->addWidget(lead);
    column->addWidget(m_leadBox);
    m_list->addItem(leadTitle);
    addSection(column, {tr("Main settings"), {}, mainKeys(), nullptr, nullptr, {}, true});
    for (const KeySection& keys : keySections())
        addSection(column,
                   {sectionTitle(keys.name), QStringLiteral("all:"), keys.keys, nullptr, nullptr, {}, false});
    column->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("form"));
    m_scroll->setWidget(content);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return m_scroll;
}

void ConfigForm::addSection(QVBoxLayout* column, Section section) {
    section.box = new QWidget;
    section.layout = new QVBoxLayout(section.box);
    section.layout->setContentsMargins(0, 0, 0, 0);
    section.layout->setSpacing(0);
    QLabel* title = heading(section.title, section.box);
    title->setContentsMargins(0, 0, 0, gridUnit / 2);
    section.layout->addWidget(title);
    column->addWidget(section.box);
    m_list->addItem(section.title);
    m_sections.push_back(std::move(section));
}

QWidget* ConfigForm::makeEmptyState() {
    auto* page = new QWidget(this);
    m_emptyText = new QLabel(page);
    m_emptyText->setObjectName(QStringLiteral("noSettings"));
    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyText->setWordWrap(true);
    m_emptyText->setTextFormat(Qt::PlainText);
    m_emptyButton = new QPushButton(tr("Show all settings"), page);
    m_emptyButton->setObjectName(QStringLiteral("showAllSettings"));
    connect(m_emptyButton, &QPushButton::clicked, this, [this] {
        m_changedOnly->setChecked(false);
        clearSearch();
    });
    auto* column = new QVBoxLayout(page);
    column->setSpacing(2 * gridUnit);
    column->addStretch(2);
    column->addWidget(m_emptyText);
    column->addWidget(m_emptyButton, 0, Qt::AlignHCenter);
    column->addStretch(3);
    page->hide();
    return page;
}

void ConfigForm::build(Section& section) {
    if (!section.rows.empty())
        return;
    --m_unbuilt;
    section.box->setUpdatesEnabled(false);
    for (const KeySpec* spec : section.keys) {
        auto* row = new ConfigRow(m_values, *spec, section.prefix, section.box);
        section.rows.push_back(row);
        section.layout->addWidget(row);
    }
    section.box->setUpdatesEnabled(true);
}

void ConfigForm::buildNext() {
    for (Section& section : m_sections)
        if (section.rows.empty()) {
            build(section);
            if (isFiltered())
                filter();
            return;
        }
    m_building.stop();
}

ConfigRow* ConfigForm::row(const std::string& key) {
    for (Section& section : m_sections)
        for (std::size_t i = 0; i < section.keys.size(); ++i)
            if (section.keys[i]->key == key && (!section.isMain || !isFiltered())) {
                build(section);
                return section.rows[i];
            }
    return nullptr;
}

void ConfigForm::keyChanged(const std::string& key) {
    for (Section& section : m_sections)
        for (ConfigRow* row : section.rows)
            if (row->spec().key == key)
                row->refresh();
    m_counting.start();
}

bool ConfigForm::isFiltered() const {
    return m_changedOnly->isChecked() || !m_search->text().trimmed().isEmpty();
}

bool ConfigForm::shows(const Section& section, const KeySpec& spec, const QStringList& words) const {
    if (!isFiltered())
        return true;
    if (section.isMain || (m_changedOnly->isChecked() && !m_values.isChanged(spec.key)))
        return false;
    return keyMatches(spec, words);
}

void ConfigForm::filter() {
    const QString query = m_search->text().trimmed().toLower();
    const QStringList words = query.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const bool leadShown = !isFiltered() || m_leadMatches(words);
    m_leadBox->setVisible(leadShown);
    m_list->item(0)->setHidden(!leadShown);
    int shown = 0;
    int item = 1;
    for (Section& section : m_sections) {
        int here = 0;
        for (std::size_t i = 0; i < section.keys.size(); ++i) {
            const bool visible = shows(section, *section.keys[i], words);
            here += visible ? 1 : 0;
            if (!section.rows.empty())
                section.rows[i]->setVisible(visible);
        }
        section.box->setVisible(here > 0);
        m_list->item(item++)->setHidden(here == 0);
        shown += section.isMain ? 0 : here;
    }
    const bool nothing = shown == 0 && !leadShown;
    m_scroll->setVisible(!nothing);
    m_empty->setVisible(nothing);
    if (query.isEmpty())
        m_emptyText->setText(tr("No setting has been changed."));
    else
        m_emptyText->setText(m_changedOnly->isChecked()
                                 ? tr("No changed setting matches “%1”.").arg(m_search->text().trimmed())
                                 : tr("No setting matches “%1”.").arg(m_search->text().trimmed()));
    const auto all = static_cast<int>(schema().size());
    m_count->setText(isFiltered() ? tr("%1 of %2").arg(shown).arg(all) : tr("%1 settings").arg(all));
    if (isFiltered())
        m_scroll->verticalScrollBar()->setValue(0);
    countSections();
}

void ConfigForm::countSections() {
    const std::vector<std::string> wrong = m_values.wrongKeys();
    const std::string complained = m_values.complainedKey();
    int item = 1;
    m_list->item(0)->setSizeHint(QSize(0, listRowHeight));
    for (const Section& section : m_sections) {
        const auto changed =
            std::count_if(section.keys.begin(), section.keys.end(),
                          [&](const KeySpec* spec) { return m_values.isChanged(spec->key); });
        const bool bad = std::any_of(section.keys.begin(), section.keys.end(), [&](const KeySpec* spec) {
            return spec->key == complained || std::find(wrong.begin(), wrong.end(), spec->key) != wrong.end();
        });
        QString text = section.title;
        if (changed > 0)
            text += QStringLiteral(" · %1").arg(changed);
        if (bad)
            text += QStringLiteral(" ✕");
        QListWidgetItem* entry = m_list->item(item++);
        entry->setText(text);
        entry->setSizeHint(QSize(0, listRowHeight));
        entry->setData(Qt::AccessibleTextRole,
                       bad ? tr("%1, %2 changed, with an error").arg(section.title).arg(changed)
                           : tr("%1, %2 changed").arg(section.title).arg(changed));
        QFont font = m_list->font();
        font.setBold(changed > 0);
        entry->setFont(font);
        if (bad)
            entry->setForeground(Theme::instance().colours().error);
        else
            entry->setData(Qt::ForegroundRole, {});
    }
}

QWidget* ConfigForm::boxOf(int item) const {
    return item <= 0 ? m_leadBox : m_sections[static_cast<std::size_t>(item) - 1].box;
}

void ConfigForm::goTo(int item) {
    if (m_jumping || item < 0)
        return;
    m_jumping = true;
    const int top = boxOf(item)->mapTo(m_scroll->widget(), QPoint(0, 0)).y();
    m_scroll->verticalScrollBar()->setValue(item == 0 ? 0 : top);
    m_jumping = false;
}

// The list follows what is read: the last section whose heading has passed the upper edge.
void ConfigForm::scrolled() {
    if (m_jumping)
        return;
    const int edge = m_scroll->verticalScrollBar()->value() + 4 * gridUnit;
    int current = 0;
    for (int item = 0; item < m_list->count(); ++item)
        if (!m_list->item(item)->isHidden() &&
            boxOf(item)->mapTo(m_scroll->widget(), QPoint(0, 0)).y() <= edge)
            current = item;
    m_jumping = true;
    m_list->setCurrentRow(current);
    m_jumping = false;
}

void ConfigForm::goToFirst() {
    for (const Section& section : m_sections)
        for (ConfigRow* row : section.rows)
            if (row->isVisible())
                return row->editor()->setFocus(Qt::OtherFocusReason);
}

void ConfigForm::startSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ConfigForm::clearSearch() {
    m_search->clear();
    m_search->setFocus();
}

void ConfigForm::setChangedOnly(bool only) {
    m_changedOnly->setChecked(only);
}

void ConfigForm::showKey(const std::string& key) {
    ConfigRow* found = row(key);
    if (found != nullptr && !found->isVisibleTo(m_scroll->widget())) {
        m_changedOnly->setChecked(false);
        m_search->clear();
        found = row(key);
    }
    if (found == nullptr)
        return;
    m_scroll->ensureWidgetVisible(found, 0, 4 * gridUnit);
    found->editor()->setFocus(Qt::OtherFocusReason);
}

void ConfigForm::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_count->setPalette(faint);
    m_emptyText->setPalette(faint);
    QPalette list = palette();
    list.setColor(QPalette::Base, colours.window);
    list.setColor(QPalette::Highlight, colours.accentFill);
    list.setColor(QPalette::HighlightedText, colours.text);
    m_list->setPalette(list);
    for (Section& section : m_sections)
        for (ConfigRow* row : section.rows)
            row->refresh();
    countSections();
}

}  // namespace saeception
