// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/evolution_matches.h"

#include "ui/models/match_table_model.h"
#include "ui/theme.h"
#include "ui/widgets/raw_table_view.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScopedValueRollback>
#include <QVBoxLayout>

namespace saeception {

EvolutionMatches::EvolutionMatches(FeatureNames* names, QWidget* parent)
    : QWidget(parent), m_bars(new FateBars(this)) {
    m_bars->setObjectName(QStringLiteral("fateBars"));
    connect(m_bars, &FateBars::stepChosen, this, &EvolutionMatches::stepChosen);
    connect(m_bars, &FateBars::fateChosen, this, [this](int cycle, int fate) {
        if (cycle != m_step)
            Q_EMIT stepChosen(cycle);
        setFate(fate);
        m_bars->setFocus(Qt::OtherFocusReason);
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(m_bars);
    column->addWidget(makeFilters());
    makeView(names);
    column->addWidget(m_view, 1);
    connect(names, &FeatureNames::changed, m_table, &MatchTableModel::namesChanged);
    showCount();
}

QWidget* EvolutionMatches::makeFilters() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    m_words = new QLineEdit(bar);
    m_words->setObjectName(QStringLiteral("matchWords"));
    m_words->setPlaceholderText(tr("Words or a number"));
    m_words->setAccessibleName(tr("Filter by words or feature number"));
    m_words->setToolTip(
        tr("Shows features, before or after, that fire on these words or whose number begins so"));
    m_words->setClearButtonEnabled(true);
    m_words->setFixedWidth(28 * gridUnit);
    m_fate = new QComboBox(bar);
    m_fate->setObjectName(QStringLiteral("matchFate"));
    m_fate->setAccessibleName(tr("Filter by fate"));
    m_fate->setToolTip(tr("Shows the features of one fate; a click on a bar does the same"));
    m_fate->addItem(tr("Any fate"), -1);
    for (int fate = 0; fate < pairFateCount; ++fate) {
        QString text = pairFateText(static_cast<PairFate>(fate));
        text[0] = text[0].toUpper();
        m_fate->addItem(text, fate);
    }
    m_count = new QLabel(bar);
    m_count->setObjectName(QStringLiteral("matchCount"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_words);
    row->addWidget(m_fate);
    row->addStretch(1);
    row->addWidget(m_count);
    connect(m_words, &QLineEdit::textChanged, this, &EvolutionMatches::applyFilter);
    connect(m_fate, &QComboBox::currentIndexChanged, this, &EvolutionMatches::applyFilter);
    return bar;
}

void EvolutionMatches::makeView(FeatureNames* names) {
    m_table = new MatchTableModel(names->function(), this);
    m_rows = new RawFilterModel(m_table, this);
    m_rows->sort(MatchTableModel::UsefulnessBefore, Qt::DescendingOrder);
    m_view = new RawTableView(m_rows, this);
    m_view->setObjectName(QStringLiteral("matchTable"));
    m_view->setAccessibleName(tr("Features before and after the step"));
    m_view->setMinimumHeight(26 * gridUnit);
    m_view->setHint(tr("No feature matches the filter."));
    auto* show = new QAction(tr("Show on the Features page"), m_view);
    show->setObjectName(QStringLiteral("showMatchedFeature"));
    connect(show, &QAction::triggered, this, &EvolutionMatches::openCurrent);
    m_view->addAction(show);
    connect(m_view, &RawTableView::opened, this, &EvolutionMatches::openCurrent);
    connect(m_view, &RawTableView::currentMoved, this, &EvolutionMatches::tellChosen);
}

void EvolutionMatches::resetView() {
    m_words->clear();
    setFate(-1);
    m_view->sortByColumn(MatchTableModel::UsefulnessBefore, Qt::DescendingOrder);
}

void EvolutionMatches::setSteps(std::vector<StepFates> steps, int chosen) {
    m_step = chosen;
    m_bars->setSteps(std::move(steps));
    m_bars->setChosen(m_step, m_fate->currentData().toInt());
}

void EvolutionMatches::show(const CycleStep& step, int cycle, int feature) {
    const bool isFresh = step != m_table->step();
    const bool isAsked = feature >= 0 && (cycle != m_cycle || feature != m_feature);
    m_cycle = cycle;
    m_feature = feature;
    if (isFresh) {
        m_table->setStep(step);
        showCount();
    }
    const int row = m_table->rowOf(cycle, feature);
    if (isAsked && row >= 0 && m_rows->rowOf(row) < 0) {
        const QScopedValueRollback quiet(m_quiet, true);
        m_words->clear();
        setFate(-1);
    }
    if (isAsked && row < 0)
        m_view->setCurrentIndex({});
    else if (isFresh || isAsked)
        settle();
}

void EvolutionMatches::settle() {
    const int row = m_table->rowOf(m_cycle, m_feature);
    if (row >= 0 && m_rows->rowOf(row) >= 0) {
        const QScopedValueRollback quiet(m_quiet, true);
        m_view->setCurrentSourceRow(row);
    } else if (m_rows->rowCount() > 0) {
        m_view->setCurrentSourceRow(m_rows->sourceRow(0));
    }
}

void EvolutionMatches::tellChosen() {
    if (m_quiet || m_view->currentSourceRow() < 0)
        return;
    const FeaturePair& pair = m_table->pair(m_view->currentSourceRow());
    // The one from which the other is reached: a part has one counterpart, its whole several.
    const bool later = pair.before < 0 || (pair.after >= 0 && pair.fate != Fate::Merged);
    m_cycle = m_table->step().cycle() - (later ? 0 : 1);
    m_feature = later ? pair.after : pair.before;
    Q_EMIT featureChosen(m_cycle, m_feature);
}

void EvolutionMatches::openCurrent() {
    if (m_view->currentSourceRow() < 0)
        return;
    const FeaturePair& pair = m_table->pair(m_view->currentSourceRow());
    const int column = m_view->currentIndex().column();
    const bool under = column == MatchTableModel::Before || column == MatchTableModel::BeforeWords;
    const bool earlier = pair.after < 0 || (under && pair.before >= 0);
    Q_EMIT featureRequested(m_table->step().cycle() - (earlier ? 1 : 0), earlier ? pair.before : pair.after);
}

void EvolutionMatches::setFate(int fate) {
    m_fate->setCurrentIndex(m_fate->findData(fate));
}

void EvolutionMatches::applyFilter() {
    const RawFilter filter{m_words->text().split(QLatin1Char(' '), Qt::SkipEmptyParts),
                           m_fate->currentData().toInt()};
    m_bars->setChosen(m_step, filter.group);
    if (filter == m_rows->filter())
        return;
    m_rows->setFilter(filter);
    showCount();
    if (!m_quiet)
        settle();
}

void EvolutionMatches::showCount() {
    const QLocale locale;
    const int all = m_table->rowCount();
    const int shown = m_rows->rowCount();
    m_count->setText(shown == all ? tr("%1 rows").arg(locale.toString(all))
                                  : tr("%1 of %2 rows").arg(locale.toString(shown), locale.toString(all)));
}

}  // namespace saeception
