// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sentence_filter_bar.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>

#include <algorithm>

namespace saeception {
namespace {

using Outcome = SentenceFilter::Outcome;
using Change = SentenceFilter::Change;

constexpr int cycleRole = Qt::UserRole + 1;
constexpr int longestSearch = 1000;

void addOutcome(QComboBox* chooser, const QString& text, Outcome outcome, int cycle) {
    chooser->addItem(text, static_cast<int>(outcome));
    chooser->setItemData(chooser->count() - 1, cycle, cycleRole);
}

int findOutcome(const QComboBox* chooser, const SentenceFilter& filter) {
    for (int item = 0; item < chooser->count(); ++item)
        if (chooser->itemData(item) == static_cast<int>(filter.outcome) &&
            chooser->itemData(item, cycleRole) == filter.cycle)
            return item;
    return 0;
}

}  // namespace

SentenceFilterBar::SentenceFilterBar(QWidget* parent) : QWidget(parent), m_search(new QLineEdit(this)) {
    const QScopedValueRollback quiet(m_quiet, true);
    m_search->setObjectName(QStringLiteral("sentenceSearch"));
    m_search->setPlaceholderText(tr("Search: words, or the number of an example"));
    m_search->setAccessibleName(tr("Search the sentences"));
    m_search->setToolTip(
        tr("Shows the sentences that hold this text, in any case, or the example with this number (/ or "
           "Ctrl+F). "
           "A space before digits finds them in the text."));
    m_search->setClearButtonEnabled(true);
    m_search->setMaxLength(longestSearch);
    m_search->setMinimumWidth(16 * gridUnit);
    m_search->installEventFilter(this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_search, 1);
    m_split = addChooser("splitFilter", tr("Split"), tr("Of which split"));
    m_split->addItem(tr("Both splits"));
    m_split->addItem(tr("Training"), static_cast<int>(SplitKind::Train));
    m_split->addItem(tr("Validation"), static_cast<int>(SplitKind::Validation));
    m_gold = addChooser("goldFilter", tr("Gold class"), tr("The class that the data set gives the sentence"));
    m_gold->addItem(tr("Any gold class"));
    m_prediction =
        addChooser("predictionFilter", tr("Prediction"), tr("Whether the models predict the gold class"));
    addOutcome(m_prediction, tr("Any prediction"), Outcome::Any, SentenceFilter::everyCycle);
    m_flips =
        addChooser("flipsFilter", tr("Flips"), tr("Whether the prediction changes from cycle to cycle"));
    m_flips->addItem(tr("Flips or not"), static_cast<int>(Change::Any));
    m_flips->addItem(tr("Flips between cycles"), static_cast<int>(Change::Flips));
    m_flips->addItem(tr("Becomes right"), static_cast<int>(Change::BecomesRight));
    m_flips->addItem(tr("Becomes wrong"), static_cast<int>(Change::BecomesWrong));
    for (const int item : {2, 3})
        m_flips->setItemData(item, tr("From the first to the last cycle"), Qt::ToolTipRole);
    m_clear = new QPushButton(themedIcon(QStringLiteral("close")), tr("Clear filters"), this);
    m_clear->setObjectName(QStringLiteral("clearFilters"));
    m_clear->setToolTip(tr("Show all sentences"));
    m_clear->hide();
    row->addWidget(m_clear);
    connect(m_search, &QLineEdit::textChanged, this, &SentenceFilterBar::changed);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        clear();
        m_search->setFocus();  // the button that had it is gone
    });
}

QComboBox* SentenceFilterBar::addChooser(const char* name, const QString& accessibleName,
                                         const QString& tooltip) {
    auto* chooser = new QComboBox(this);
    chooser->setObjectName(QString::fromLatin1(name));
    chooser->setAccessibleName(accessibleName);
    chooser->setToolTip(tooltip);
    chooser->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    chooser->setMaximumWidth(26 * gridUnit);
    layout()->addWidget(chooser);
    connect(chooser, &QComboBox::currentIndexChanged, this, &SentenceFilterBar::changed);
    return chooser;
}

void SentenceFilterBar::setPredictions(const SentencePredictions& predictions) {
    const QScopedValueRollback quiet(m_quiet, true);
    const SentenceFilter chosen = filter();
    m_gold->clear();
    m_gold->addItem(tr("Any gold class"));
    for (const std::string& name : predictions.rows().index->classNames())
        m_gold->addItem(tr("Gold: %1").arg(QString::fromStdString(name)));
    m_gold->setCurrentIndex(chosen.label + 1 < m_gold->count() ? chosen.label + 1 : 0);

    m_prediction->clear();
    addOutcome(m_prediction, tr("Any prediction"), Outcome::Any, SentenceFilter::everyCycle);
    const auto& cycles = predictions.cycles();
    for (const Outcome outcome : {Outcome::Wrong, Outcome::Right}) {
        const bool wrong = outcome == Outcome::Wrong;
        m_prediction->insertSeparator(m_prediction->count());
        for (const auto& cycle : cycles)
            addOutcome(m_prediction,
                       (wrong ? tr("Wrong in cycle %1") : tr("Right in cycle %1")).arg(cycle->cycle), outcome,
                       cycle->cycle);
        if (cycles.size() > 1)
            addOutcome(m_prediction, wrong ? tr("Wrong in every cycle") : tr("Right in every cycle"), outcome,
                       SentenceFilter::everyCycle);
    }
    m_prediction->setCurrentIndex(findOutcome(m_prediction, chosen));

    // Of one cycle there is nothing to tell.
    m_flips->setVisible(cycles.size() > 1);
    if (cycles.size() < 2)
        m_flips->setCurrentIndex(0);
    m_clear->setVisible(!filter().isEmpty());
}

SentenceFilter SentenceFilterBar::filter() const {
    SentenceFilter filter;
    filter.text = m_search->text();
    if (m_split->currentIndex() > 0)
        filter.split = static_cast<SplitKind>(m_split->currentData().toInt());
    filter.label = std::max(0, m_gold->currentIndex()) - 1;
    filter.outcome = static_cast<Outcome>(m_prediction->currentData().toInt());
    filter.cycle = m_prediction->currentData(cycleRole).toInt();
    filter.change = static_cast<Change>(m_flips->currentData().toInt());
    return filter;
}

void SentenceFilterBar::setSearch(const QString& text) {
    {
        const QScopedValueRollback quiet(m_quiet, true);
        m_search->setText(text);
        for (QComboBox* chooser : {m_split, m_gold, m_prediction, m_flips})
            chooser->setCurrentIndex(0);
    }
    changed();
}

void SentenceFilterBar::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void SentenceFilterBar::changed() {
    if (m_quiet)
        return;
    m_clear->setVisible(!filter().isEmpty());
    Q_EMIT filterChanged();
}

bool SentenceFilterBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT searchLeft();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace saeception
