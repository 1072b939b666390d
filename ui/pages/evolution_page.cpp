// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/evolution_page.h"

#include "ui/icons.h"
#include "ui/models/feature_names.h"
#include "ui/models/run_steps.h"
#include "ui/pages/evolution_concepts.h"
#include "ui/pages/evolution_matches.h"
#include "ui/pages/evolution_selectivity.h"
#include "ui/pages/evolution_sharpening.h"
#include "ui/pages/feature_history.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

const QString splitterKey = QStringLiteral("evolution/splitter");

}  // namespace

EvolutionPage::EvolutionPage(RunFeatures* features, QWidget* parent)
    : QWidget(parent),
      m_features(features),
      m_steps(new RunSteps(features, this)),
      m_names(new FeatureNames(features, this)) {
    makeState();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(makeBar());
    column->addWidget(makeContent(), 1);
    connectStore();
    enterRun();
}

void EvolutionPage::makeState() {
    m_state = new EmptyState({}, {}, this);
    m_state->setObjectName(QStringLiteral("evolutionState"));
    m_launch =
        m_state->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("evolutionLaunch"));
    m_open = m_state->addButton(QStringLiteral("folder"), tr("Open run…"), QStringLiteral("evolutionOpen"));
    m_again = m_state->addButton(QStringLiteral("retry"), tr("Build the index again"),
                                 QStringLiteral("evolutionRebuild"));
    connect(m_launch, &QPushButton::clicked, this, &EvolutionPage::launchPageRequested);
    connect(m_open, &QPushButton::clicked, this, &EvolutionPage::openRequested);
    connect(m_again, &QPushButton::clicked, this, [this] {
        m_chooser->setFocus(Qt::OtherFocusReason);  // the button goes
        Q_EMIT rebuildRequested(m_rebuild);
    });
}

QWidget* EvolutionPage::makeBar() {
    m_bar = new QWidget(this);
    m_chooserLabel = new QLabel(tr("&Step"), m_bar);
    m_chooser = new QComboBox(m_bar);
    m_chooser->setObjectName(QStringLiteral("stepSelector"));
    m_chooser->setAccessibleName(tr("Step"));
    m_chooser->setToolTip(tr("The step from one cycle to the next that is shown"));
    m_chooser->setMinimumContentsLength(12);
    m_chooserLabel->setBuddy(m_chooser);
    connect(m_chooser, &QComboBox::currentIndexChanged, this, [this] {
        if (m_chooser->currentIndex() >= 0)
            chooseStep(m_chooser->currentData().toInt());
    });
    m_tabs = new QTabBar(m_bar);
    m_tabs->setObjectName(QStringLiteral("evolutionTabs"));
    m_tabs->setAccessibleName(tr("What is shown of the step"));
    m_tabs->setDrawBase(false);
    for (const QString& title : {tr("Matches"), tr("Sharpening"), tr("Selectivity"), tr("Concepts")})
        m_tabs->addTab(title);
    connect(m_tabs, &QTabBar::currentChanged, this, &EvolutionPage::refresh);
    auto* row = new QHBoxLayout(m_bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_chooserLabel);
    row->addWidget(m_chooser);
    row->addWidget(m_tabs);
    row->addStretch(1);
    return m_bar;
}

QWidget* EvolutionPage::makeContent() {
    m_matches = new EvolutionMatches(m_names, this);
    m_sharpening = new EvolutionSharpening(m_names, this);
    m_selectivity = new EvolutionSelectivity(m_steps, m_names, this);
    m_concepts = new EvolutionConcepts(this);
    m_history = new FeatureHistory(m_features, m_steps, this);
    m_history->setObjectName(QStringLiteral("featureHistory"));
    connect(m_matches, &EvolutionMatches::stepChosen, this, &EvolutionPage::chooseStep);
    const auto connectSheet = [this](auto* sheet) {
        using Sheet = std::remove_pointer_t<decltype(sheet)>;
        connect(sheet, &Sheet::featureChosen, this, &EvolutionPage::chooseFeature);
        if constexpr (!std::is_same_v<Sheet, EvolutionSelectivity>)
            connect(sheet, &Sheet::featureRequested, this, &EvolutionPage::featureRequested);
    };
    connectSheet(m_matches);
    connectSheet(m_sharpening);
    connectSheet(m_selectivity);
    connectSheet(m_concepts);
    connect(m_concepts, &EvolutionConcepts::rebuildRequested, this, &EvolutionPage::rebuildRequested);
    connect(m_history, &FeatureHistory::featureRequested, this, &EvolutionPage::featureRequested);
    connect(m_history, &FeatureHistory::sentenceRequested, this, &EvolutionPage::sentenceRequested);

    m_sheets = new QStackedWidget(this);
    // In the order of Tab.
    for (QWidget* sheet : {static_cast<QWidget*>(m_matches), static_cast<QWidget*>(m_sharpening),
                           static_cast<QWidget*>(m_selectivity), static_cast<QWidget*>(m_concepts),
                           static_cast<QWidget*>(m_state)})
        m_sheets->addWidget(sheet);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(QStringLiteral("evolutionSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(gridUnit);
    m_splitter->addWidget(m_sheets);
    m_splitter->addWidget(m_history);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { QSettings().setValue(splitterKey, m_splitter->saveState()); });
    return m_splitter;
}

void EvolutionPage::connectStore() {
    connect(m_steps, &RunSteps::stepsChanged, this, [this] {
        enterRun();
        ask();
    });
    connect(m_steps, &RunSteps::stepChanged, this, &EvolutionPage::refresh);
    connect(m_features, &RunFeatures::indexChanged, this, &EvolutionPage::refresh);
    connect(m_features, &RunFeatures::labelsChanged, this, [this] { m_history->refresh(); });
}

/// Another run begins with its newest step; what was chosen in the same one stays as far as it is still
/// there.
void EvolutionPage::enterRun() {
    if (m_root != m_features->root()) {
        m_root = m_features->root();
        m_step = -1;
        m_cycle = -1;
        m_feature = -1;
        // Nothing of the run before is kept in memory.
        m_matches->show({}, -1, -1);
        m_matches->resetView();
        m_sharpening->setStep({});
        m_sharpening->resetView();
        m_selectivity->setStep({});
        m_selectivity->showCycles();
        m_concepts->setCycles({}, false, {});
        m_history->showFeature(-1, -1);
    }
    const std::vector<int>& steps = m_steps->steps();
    if (!m_steps->has(m_step))
        m_step = steps.empty() ? -1 : steps.back();
    const std::vector<int>& cycles = m_steps->cycles();
    if (std::find(cycles.begin(), cycles.end(), m_cycle) == cycles.end())
        m_cycle = m_feature = -1;
    const QSignalBlocker blocked(m_chooser);
    m_chooser->clear();
    for (const int step : steps)
        m_chooser->addItem(tr("Cycle %1 → %2").arg(step - 1).arg(step), step);
    m_chooser->setCurrentIndex(m_chooser->findData(m_step));
    refresh();
}

void EvolutionPage::ask() {
    if (!isVisible())
        return;
    m_steps->want(m_step);
    // The concepts are those of every cycle, and a history begins where no step may lead to.
    for (const int cycle : m_features->cycles())
        m_features->want(cycle);
}

void EvolutionPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    ask();
    refresh();
}

bool EvolutionPage::isLoading() const {
    const std::vector<int>& cycles = m_features->cycles();
    return isVisible() &&
           (m_steps->isWaiting() || std::any_of(cycles.begin(), cycles.end(), [this](int cycle) {
                return !m_features->index(cycle) && m_features->state(cycle) != RunFeatures::State::Unusable;
            }));
}

void EvolutionPage::chooseStep(int cycle) {
    if (cycle == m_step || !m_steps->has(cycle))
        return;
    m_step = cycle;
    const QSignalBlocker blocked(m_chooser);
    m_chooser->setCurrentIndex(m_chooser->findData(cycle));
    refresh();
}

void EvolutionPage::chooseFeature(int cycle, int feature) {
    m_cycle = cycle;
    m_feature = feature;
    m_history->showFeature(cycle, feature);
}

void EvolutionPage::showFeature(int cycle, int feature) {
    m_cycle = cycle;
    m_feature = feature;
    if (m_step != cycle && m_step != cycle + 1)
        m_step = m_steps->has(cycle) ? cycle : m_steps->has(cycle + 1) ? cycle + 1 : m_step;
    {
        const QSignalBlocker blocked(m_chooser);
        m_chooser->setCurrentIndex(m_chooser->findData(m_step));
        const QSignalBlocker quiet(m_tabs);
        m_tabs->setCurrentIndex(MatchesTab);
    }
    m_history->showFeature(cycle, feature);
    refresh();
}

void EvolutionPage::refresh() {
    m_bar->setVisible(!m_features->cycles().empty());
    m_chooserLabel->setVisible(m_chooser->count() > 0);
    m_chooser->setVisible(m_chooser->count() > 0);
    // The concepts are those of all cycles.
    m_chooser->setEnabled(m_tabs->currentIndex() != ConceptsTab);
    // While the page is out of sight nothing is worked out.
    if (!isVisible() && m_features->hasRun() && !m_features->cycles().empty())
        return;
    showSheet();
    m_history->showFeature(m_cycle, m_feature);
    // A page that says why it is empty says it alone, unless a feature was asked for.
    const QWidget* sheet = m_sheets->currentWidget();
    m_history->setVisible(sheet == m_state      ? m_feature >= 0 && !m_features->cycles().empty()
                          : sheet == m_concepts ? m_concepts->hasConcepts()
                                                : true);
}

void EvolutionPage::showSheet() {
    if (m_tabs->currentIndex() == ConceptsTab && !m_features->cycles().empty()) {
        showConcepts();
        return;
    }
    if (showTrouble())
        return;
    const CycleStep step = m_steps->step(m_step);
    switch (m_tabs->currentIndex()) {
        case SharpeningTab:
            m_sharpening->setStep(step);
            m_sharpening->choose(m_cycle, m_feature);
            break;
        case SelectivityTab:
            m_selectivity->setStep(step);
            m_selectivity->showCycles();
            m_selectivity->choose(m_cycle, m_feature);
            break;
        default:
            showSteps();
            m_matches->show(step, m_cycle, m_feature);
            break;
    }
    m_sheets->setCurrentIndex(m_tabs->currentIndex());
}

void EvolutionPage::showSteps() {
    std::vector<StepFates> fates;
    for (const int cycle : m_steps->steps()) {
        const CycleStep step = m_steps->step(cycle);
        if (step.isKnown())
            fates.push_back(StepFates::of(step));
        else
            fates.push_back({cycle,
                             m_steps->state(cycle) == RunSteps::State::Failed     ? m_steps->reason(cycle)
                             : m_steps->state(cycle) == RunSteps::State::Matching ? tr("Matching features…")
                                                                                  : tr("Reading features…"),
                             {},
                             {}});
    }
    m_matches->setSteps(std::move(fates), m_step);
}

void EvolutionPage::showConcepts() {
    ConceptTableModel::Cycles cycles;
    QList<EvolutionConcepts::Problem> problems;
    bool isReading = false;
    for (const int cycle : m_features->cycles()) {
        cycles.emplace_back(cycle, m_features->index(cycle));
        if (m_features->state(cycle) == RunFeatures::State::Unusable)
            problems.append({cycle, m_features->reason(cycle)});
        else
            isReading = isReading || !cycles.back().second;
    }
    m_concepts->setCycles(cycles, isReading, problems);
    m_sheets->setCurrentWidget(m_concepts);
}

bool EvolutionPage::showTrouble() {
    const std::vector<int>& cycles = m_features->cycles();
    if (!m_features->hasRun()) {
        if (m_features->problem().isEmpty())
            showState(tr("No run is open"),
                      tr("Start one on the Launch page, or open an earlier one, to see what "
                         "became of its features from cycle to cycle."));
        else
            showState(tr("The run cannot be read"), m_features->problem());
        m_launch->show();
        m_open->show();
        return true;
    }
    if (cycles.empty()) {
        showState(m_features->problem().isEmpty() ? tr("No features yet") : tr("The run cannot be read"),
                  m_features->problem().isEmpty() ? tr("They appear when the first cycle has been indexed.")
                                                  : m_features->problem());
        return true;
    }
    if (m_step < 0) {
        const int cycle = cycles.back();
        showState(tr("Nothing to compare yet"),
                  tr("There is nothing before cycle %1 to compare with: %2")
                      .arg(cycle)
                      .arg(cycle == 0 ? tr("the first step appears when cycle 1 has been indexed.")
                                      : tr("cycle %1 has no feature index.").arg(cycle - 1)));
        return true;
    }
    switch (m_steps->state(m_step)) {
        case RunSteps::State::Known:
            return false;
        case RunSteps::State::Reading:
            showState(tr("Reading features…"), tr("Those of cycle %1 and %2.").arg(m_step - 1).arg(m_step));
            return true;
        case RunSteps::State::Matching:
            showState(
                tr("Matching features…"),
                tr("Those of cycle %1 with those of cycle %2: by their decoder directions, and by where they "
                   "fire.")
                    .arg(m_step - 1)
                    .arg(m_step));
            return true;
        case RunSteps::State::Failed:
            break;
    }
    showState(tr("What became of the features of cycle %1 cannot be told").arg(m_step - 1),
              m_steps->reason(m_step), m_steps->culprit(m_step));
    return true;
}

void EvolutionPage::showState(const QString& title, const QString& text, int rebuild) {
    m_rebuild = rebuild;
    m_state->setTitle(title);
    m_state->setText(text);
    m_launch->hide();
    m_open->hide();
    m_again->setVisible(rebuild >= 0);
    m_sheets->setCurrentWidget(m_state);
}

}  // namespace saeception
