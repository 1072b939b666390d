// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/evolution_sharpening.h"

#include "ui/models/feature_words.h"
#include "ui/models/salient_model.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/raw_table_view.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace saeception {

EvolutionSharpening::EvolutionSharpening(FeatureNames* names, QWidget* parent)
    : QWidget(parent),
      m_story(new QLabel(this)),
      m_summary(new QLabel(this)),
      m_label(new QComboBox(this)),
      m_stack(new QStackedWidget(this)),
      m_nothing(new EmptyState({}, {}, this)),
      m_table(new SalientModel(names->function(), this)),
      m_rows(new RawFilterModel(m_table, this)),
      m_view(new RawTableView(m_rows, this)) {
    m_story->setObjectName(QStringLiteral("sharpeningStory"));
    m_summary->setObjectName(QStringLiteral("sharpeningSummary"));
    for (QLabel* text : {m_story, m_summary}) {
        text->setWordWrap(true);
        text->setTextFormat(Qt::PlainText);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_label->setObjectName(QStringLiteral("sharpeningLabel"));
    m_label->setAccessibleName(tr("Label"));
    m_label->setToolTip(tr("The label whose features are shown"));
    m_label->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_label, &QComboBox::currentIndexChanged, this, [this] {
        m_rows->setFilter({{}, m_label->currentData().toInt()});
    });
    m_nothing->setObjectName(QStringLiteral("sharpeningNothing"));
    m_view->setObjectName(QStringLiteral("salientTable"));
    m_view->setAccessibleName(tr("Features that sharpening aimed at"));
    auto* show = new QAction(tr("Show on the Features page"), m_view);
    connect(show, &QAction::triggered, this, &EvolutionSharpening::openCurrent);
    m_view->addAction(show);
    connect(m_view, &RawTableView::opened, this, &EvolutionSharpening::openCurrent);
    connect(m_view, &RawTableView::currentMoved, this, [this] {
        if (m_quiet || m_view->currentSourceRow() < 0)
            return;
        const FeaturePair pair = m_table->pair(m_view->currentSourceRow());
        Q_EMIT featureChosen(m_table->step().cycle() - 1, pair.before);
    });
    connect(names, &FeatureNames::changed, m_table, &SalientModel::namesChanged);

    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(gridUnit);
    inner->addWidget(m_story);
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_label, 0, Qt::AlignTop);
    row->addWidget(m_summary, 1, Qt::AlignVCenter);
    inner->addLayout(row);
    inner->addWidget(m_view, 1);
    m_stack->addWidget(content);
    m_stack->addWidget(m_nothing);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
}

void EvolutionSharpening::setStep(const CycleStep& step) {
    if (step == m_table->step())
        return;
    const QScopedValueRollback quiet(m_quiet, true);
    m_table->setStep(step);
    if (!step.isKnown())
        return;
    const QString story = sharpeningText(step);
    m_story->setText(story);
    m_summary->setText(summaryText(salientSummary(step)));
    m_nothing->setTitle(tr("There is no list of features"));
    m_nothing->setText(story);
    m_stack->setCurrentIndex(m_table->rowCount() > 0 ? 0 : 1);
    showLabels();
}

void EvolutionSharpening::resetView() {
    const QSignalBlocker blocked(m_label);
    m_label->setCurrentIndex(0);
}

void EvolutionSharpening::showLabels() {
    const FeatureIndex& index = *m_table->step().before;
    const QSignalBlocker blocked(m_label);
    const int chosen = m_label->currentIndex();
    m_label->clear();
    m_label->addItem(tr("All labels"), -1);
    for (int label = 0; label < index.classCount(); ++label)
        m_label->addItem(tr("For %1").arg(className(index, label)), label);
    m_label->setCurrentIndex(chosen > 0 && chosen < m_label->count() ? chosen : 0);
    m_rows->setFilter({{}, m_label->currentData().toInt()});
}

void EvolutionSharpening::choose(int cycle, int feature) {
    const QScopedValueRollback quiet(m_quiet, true);
    const int current = m_view->currentSourceRow();
    if (m_table->step().isKnown() && current >= 0) {
        const FeaturePair pair = m_table->pair(current);
        const int step = m_table->step().cycle();
        if ((cycle == step && pair.after == feature) || (cycle == step - 1 && pair.before == feature))
            return;
    }
    if (const int row = m_table->rowOf(cycle, feature); row >= 0)
        m_view->setCurrentSourceRow(row);
    else
        m_view->setCurrentIndex({});
}

void EvolutionSharpening::openCurrent() {
    const int row = m_view->currentSourceRow();
    if (row < 0)
        return;
    const FeaturePair pair = m_table->pair(row);
    const int column = m_view->currentIndex().column();
    const bool under = column == SalientModel::Before || column == SalientModel::Words;
    const bool earlier = pair.after < 0 || under;
    Q_EMIT featureRequested(m_table->step().cycle() - (earlier ? 1 : 0), earlier ? pair.before : pair.after);
}

}  // namespace saeception
