// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feature_notes.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace saeception {

FeatureNotes::FeatureNotes(QWidget* parent)
    : QWidget(parent),
      m_star(new QToolButton(this)),
      m_label(new QLineEdit(this)),
      m_lists(new QLineEdit(this)),
      m_noteButton(new QToolButton(this)),
      m_note(new QPlainTextEdit(this)) {
    m_star->setObjectName(QStringLiteral("featureStar"));
    connect(m_star, &QToolButton::toggled, this, [this](bool starred) {
        m_star->setIcon(themedIcon(starred ? QStringLiteral("star-full") : QStringLiteral("star")));
    });
    m_star->setIcon(themedIcon(QStringLiteral("star")));
    m_star->setCheckable(true);
    m_star->setAutoRaise(true);
    m_star->setToolTip(tr("Star this feature"));
    m_star->setAccessibleName(tr("Starred"));
    m_label->setObjectName(QStringLiteral("featureLabel"));
    m_label->setPlaceholderText(tr("Label"));
    m_label->setAccessibleName(tr("Label of the feature"));
    m_label->setToolTip(tr("A few words for what the feature stands for"));
    m_label->setMaxLength(200);
    m_lists->setObjectName(QStringLiteral("featureLists"));
    m_lists->setPlaceholderText(tr("Lists"));
    m_lists->setAccessibleName(tr("Lists that the feature is on"));
    m_lists->setToolTip(tr("Names of lists, separated by commas"));
    auto* completer = new QCompleter(m_lists);
    completer->setModel(new QStringListModel(completer));
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_lists->setCompleter(completer);
    m_noteButton->setObjectName(QStringLiteral("featureNoteButton"));
    m_noteButton->setText(tr("Note"));
    m_noteButton->setCheckable(true);
    m_noteButton->setToolTip(tr("Write more about this feature"));
    m_note->setObjectName(QStringLiteral("featureNote"));
    m_note->setPlaceholderText(tr("What you found out about this feature"));
    m_note->setAccessibleName(tr("Note about the feature"));
    m_note->setTabChangesFocus(true);
    m_note->setFixedHeight(8 * gridUnit);
    m_note->hide();
    auto* row = new QHBoxLayout;
    row->setSpacing(gridUnit);
    row->addWidget(m_star);
    row->addWidget(m_label, 3);
    row->addWidget(m_lists, 2);
    row->addWidget(m_noteButton);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addLayout(row);
    column->addWidget(m_note);
    connect(m_star, &QToolButton::clicked, this, &FeatureNotes::commit);
    connect(m_label, &QLineEdit::editingFinished, this, &FeatureNotes::commit);
    connect(m_lists, &QLineEdit::editingFinished, this, &FeatureNotes::commit);
    connect(m_noteButton, &QToolButton::clicked, this, [this](bool visible) {
        showNote(visible);
        if (visible)
            m_note->setFocus(Qt::OtherFocusReason);
    });
    m_note->installEventFilter(this);
    clear();
}

void FeatureNotes::showFeature(int cycle, int feature, const FeatureLabel& label, const QStringList& lists) {
    const bool another = cycle != m_cycle || feature != m_feature;
    if (another)
        commit();
    static_cast<QStringListModel*>(m_lists->completer()->model())->setStringList(lists);
    if (!another && label == m_shown)
        return;
    const FeatureLabel now = typed();
    const FeatureLabel before = std::exchange(m_shown, label);
    m_cycle = cycle;
    m_feature = feature;
    setEnabled(true);
    m_star->setChecked(label.starred);
    if (another || now.label == before.label)
        m_label->setText(QString::fromStdString(label.label));
    QStringList own;
    for (const std::string& list : label.lists)
        own << QString::fromStdString(list);
    if (another || now.lists == before.lists)
        m_lists->setText(own.join(QStringLiteral(", ")));
    if (another || now.note == before.note)
        m_note->setPlainText(QString::fromStdString(label.note));
    if (another)
        showNote(!label.note.empty());
}

void FeatureNotes::clear() {
    commit();
    m_cycle = -1;
    m_feature = -1;
    m_shown = {};
    m_star->setChecked(false);
    m_label->clear();
    m_lists->clear();
    m_note->clear();
    showNote(false);
    setEnabled(false);
}

void FeatureNotes::showNote(bool visible) {
    m_noteButton->setChecked(visible);
    m_note->setVisible(visible);
}

void FeatureNotes::toggleStar() {
    if (m_feature < 0)
        return;
    m_star->setChecked(!m_star->isChecked());
    commit();
}

void FeatureNotes::focusLabel() {
    m_label->setFocus(Qt::ShortcutFocusReason);
    m_label->selectAll();
}

FeatureLabel FeatureNotes::typed() const {
    FeatureLabel label;
    label.label = m_label->text().simplified().toStdString();
    label.starred = m_star->isChecked();
    label.note = m_note->toPlainText().trimmed().toStdString();
    for (const QString& list : m_lists->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (const std::string name = list.simplified().toStdString();
            !name.empty() && std::find(label.lists.begin(), label.lists.end(), name) == label.lists.end())
            label.lists.push_back(name);
    return label;
}

void FeatureNotes::commit() {
    if (m_feature < 0)
        return;
    const FeatureLabel label = typed();
    if (label == m_shown)
        return;
    m_shown = label;
    Q_EMIT edited(m_cycle, m_feature, label);
}

bool FeatureNotes::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_note && event->type() == QEvent::FocusOut)
        commit();
    if (watched == m_note && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return && key->modifiers() == Qt::ControlModifier) {
            commit();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace saeception
