// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sentences_page.h"

#include "base/error.h"
#include "ui/jobs/in_background.h"
#include "ui/jobs/run_features.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_table_model.h"
#include "ui/models/sentence_words.h"
#include "ui/pages/sentence_filter_bar.h"
#include "ui/pages/sentence_list.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>
#include <utility>

namespace saeception {
namespace {

// What was made of the indexes in the background, or why not.
struct Answer {
    std::shared_ptr<const SentencePredictions> predictions;
    QString problem;
};

bool areSame(const std::vector<SentencePredictions::Source>& a,
             const std::vector<SentencePredictions::Source>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
        return one.cycle == other.cycle && one.index == other.index;
    });
}

}  // namespace

SentencesPage::SentencesPage(RunFeatures* features, QWidget* parent)
    : QWidget(parent),
      m_features(features),
      m_table(new SentenceTableModel(this)),
      m_rows(new SentenceFilterModel(m_table, this)),
      m_banner(new NoticeBanner(this)),
      m_exportBanner(new NoticeBanner(this)),
      m_stack(new QStackedWidget(this)) {
    setWindowTitle(tr("Sentences"));
    m_banner->setObjectName(QStringLiteral("sentencesBanner"));
    m_bannerRebuild = m_banner->addButton({}, QStringLiteral("sentencesBannerRebuild"));
    connect(m_bannerRebuild, &QPushButton::clicked, this, &SentencesPage::requestRebuilds);
    m_exportBanner->setObjectName(QStringLiteral("sentencesExportBanner"));
    makeState();
    m_content = new QWidget(this);
    m_list = new SentenceList(m_rows, m_content);
    makeActions();
    m_filters = new SentenceFilterBar(m_content);
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(gridUnit);
    content->addWidget(m_filters);
    content->addWidget(makeHead());
    content->addWidget(m_list, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(m_banner);
    column->addWidget(m_exportBanner);
    column->addWidget(m_stack, 1);
    setFocusProxy(m_list);

    connect(m_filters, &SentenceFilterBar::filterChanged, this, &SentencesPage::applyFilter);
    connect(m_filters, &SentenceFilterBar::searchLeft, m_list, &SentenceList::enter);
    connect(m_rows, &SentenceFilterModel::summaryChanged, this, &SentencesPage::showSummary);
    connect(m_list, &SentenceList::showAllRequested, m_filters, &SentenceFilterBar::clear);
    connect(m_list, &SentenceList::chosenChanged, this, &SentencesPage::showChosen);
    connect(m_list, &QAbstractItemView::doubleClicked, this, &SentencesPage::openCurrent);
    connect(m_list, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& at) { m_menu->popup(m_list->viewport()->mapToGlobal(at)); });
    connect(m_features, &RunFeatures::cyclesChanged, this, &SentencesPage::follow);
    connect(m_features, &RunFeatures::indexChanged, this, &SentencesPage::follow);
    applyTheme();
    showSummary();
    showChosen();
    follow();
}

void SentencesPage::makeState() {
    m_state = new EmptyState({}, {}, this);
    m_state->setObjectName(QStringLiteral("sentencesState"));
    m_launch =
        m_state->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("sentencesLaunch"));
    m_openRun =
        m_state->addButton(QStringLiteral("folder"), tr("Open run…"), QStringLiteral("sentencesOpen"));
    m_rebuild = m_state->addButton(QStringLiteral("retry"), {}, QStringLiteral("sentencesRebuild"));
    connect(m_launch, &QPushButton::clicked, this, &SentencesPage::launchPageRequested);
    connect(m_openRun, &QPushButton::clicked, this, &SentencesPage::openRequested);
    connect(m_rebuild, &QPushButton::clicked, this, &SentencesPage::requestRebuilds);
}

QWidget* SentencesPage::makeHead() {
    auto* head = new QWidget(m_content);
    m_count = new QLabel(head);
    m_count->setObjectName(QStringLiteral("shownSentences"));
    m_count->setToolTip(tr("Sentences that pass the filters, of all that the newest cycle was indexed over"));
    m_summary = new QLabel(head);
    m_summary->setObjectName(QStringLiteral("sentenceSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_note = new QLabel(head);
    m_note->setObjectName(QStringLiteral("exportNote"));
    m_note->setTextFormat(Qt::PlainText);
    for (QLabel* label : {m_summary, m_note})
        label->setMinimumWidth(gridUnit);  // gives way in a narrow window
    auto* more = new QPushButton(tr("More"), head);
    more->setObjectName(QStringLiteral("sentencesMore"));
    more->setToolTip(tr("What else can be done with these sentences"));
    more->setMenu(m_menu);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_count);
    row->addWidget(m_summary);
    row->addStretch(1);
    row->addWidget(m_note);
    row->addWidget(more);
    return head;
}

void SentencesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    follow();
}

void SentencesPage::follow() {
    if (m_features->root() != m_root)
        forgetRun();
    if (isVisible()) {
        for (const int cycle : m_features->cycles())
            m_features->want(cycle);
        build();
    }
    showStates();
}

void SentencesPage::forgetRun() {
    m_root = m_features->root();
    ++m_request;
    m_building = false;
    m_asked.clear();
    m_failure.clear();
    m_note->clear();
    m_exportBanner->showLines({}, {});
    m_list->setPredictions(nullptr);
    m_filters->clear();
    m_list->resetOrder();
}

bool SentencesPage::isReading() const {
    return std::any_of(m_features->cycles().begin(), m_features->cycles().end(), [this](int cycle) {
        const RunFeatures::State state = m_features->state(cycle);
        return state == RunFeatures::State::Reading || state == RunFeatures::State::Unread;
    });
}

bool SentencesPage::isLoading() const {
    return m_building || (isVisible() && isReading());
}

std::vector<int> SentencesPage::unusableCycles() const {
    std::vector<int> cycles;
    for (const int cycle : m_features->cycles())
        if (m_features->state(cycle) == RunFeatures::State::Unusable)
            cycles.push_back(cycle);
    return cycles;
}

// At first all cycles come at once, and none goes that is only read again: columns must not jump.
bool SentencesPage::isAwaited() const {
    const auto& shown = m_table->predictions();
    return std::any_of(m_features->cycles().begin(), m_features->cycles().end(), [&](int cycle) {
        const RunFeatures::State state = m_features->state(cycle);
        return (!shown || shown->of(cycle) != nullptr) && !m_features->index(cycle) &&
               (state == RunFeatures::State::Reading || state == RunFeatures::State::Unread);
    });
}

void SentencesPage::build() {
    std::vector<SentencePredictions::Source> sources;
    for (const int cycle : m_features->cycles())
        if (auto index = m_features->index(cycle))
            sources.push_back({cycle, std::move(index), m_features->search(cycle)});
    if (areSame(sources, m_asked) || isAwaited())
        return;
    const quint64 request = ++m_request;
    m_asked = sources;
    m_building = !sources.empty();
    if (sources.empty()) {
        accept(nullptr);
        return;
    }
    inBackground([sources = std::move(sources), before = m_table->predictions()] {
        Answer answer;
        try {
            answer.predictions = SentencePredictions::make(sources, before.get());
        } catch (const std::exception& error) {
            answer.problem = QString::fromStdString(oneLine(error.what()));
        }
        return answer;
    }).then(this, [this, request](const Answer& answer) {
        if (request != m_request)
            return;
        m_building = false;
        m_failure = answer.problem;
        if (answer.predictions)
            accept(answer.predictions);
        showStates();
    });
}

void SentencesPage::accept(std::shared_ptr<const SentencePredictions> predictions) {
    if (predictions)
        m_filters->setPredictions(*predictions);
    m_list->setPredictions(std::move(predictions));
    // A cycle that was filtered by may be gone.
    m_list->setFilter(m_filters->filter());
}

void SentencesPage::showSentences(const QString& search) {
    m_filters->setSearch(search);
}

void SentencesPage::applyFilter() {
    m_note->clear();
    m_list->setFilter(m_filters->filter());
}

QStringList SentencesPage::problems() const {
    QStringList lines;
    if (!m_features->problem().isEmpty())
        lines << m_features->problem();
    if (!m_failure.isEmpty())
        lines << m_failure;
    if (!m_table->predictions())
        return lines;  // the state tells of the cycles
    for (const int cycle : unusableCycles())
        lines << tr("Cycle %1 is not shown: %2").arg(QString::number(cycle), m_features->reason(cycle));
    if (const QString differing = differingSentences(*m_table->predictions()); !differing.isEmpty())
        lines << differing;
    return lines;
}

void SentencesPage::showStates() {
    const std::vector<int> unusable = unusableCycles();
    const QString build = unusable.size() == 1 ? tr("Build the index again")
                                               : tr("Build %1 indexes again").arg(unusable.size());
    m_rebuild->setText(build);
    m_bannerRebuild->setText(build);
    m_bannerRebuild->setVisible(!unusable.empty());
    // Once dismissed a line does not come back by itself.
    if (const QStringList lines = problems(); lines != m_told) {
        m_told = lines;
        m_banner->showLines({}, lines);
    }
    if (m_table->predictions()) {
        m_stack->setCurrentWidget(m_content);
        return;
    }
    if (!m_features->hasRun()) {
        showState(tr("No run is open"),
                  tr("Start one on the Launch page, or open an earlier one, to browse its sentences."));
    } else if (m_features->cycles().empty()) {
        showState(tr("No sentences yet"), tr("They appear when the first cycle has been indexed."));
    } else if (m_building || isReading()) {
        showState(tr("Reading the sentences…"), {});
    } else {
        // Mostly all have the same; a person can do no more about the others than about one.
        QString text = unusable.empty() ? m_failure : m_features->reason(unusable.back());
        if (unusable.size() > 1)
            text = tr("None of the %1 cycles can be read. The newest: %2").arg(unusable.size()).arg(text);
        showState(tr("The sentences cannot be shown"), text);
    }
}

void SentencesPage::showState(const QString& title, const QString& text) {
    m_state->setTitle(title);
    m_state->setText(text);
    m_launch->setVisible(!m_features->hasRun());
    m_openRun->setVisible(!m_features->hasRun());
    m_rebuild->setVisible(!unusableCycles().empty() && !m_building && !isReading());
    m_stack->setCurrentWidget(m_state);
}

void SentencesPage::showSummary() {
    const int all = m_table->rowCount();
    const int shown = m_rows->rowCount();
    m_count->setText(sentenceCountText(shown, all));
    m_summary->setText(shown > 0 ? summaryText(m_rows->summary()) : QString());
    m_summary->setToolTip(shown > 0 ? summaryDetails(*m_table->predictions(), m_rows->summary()) : QString());
    m_export->setEnabled(shown > 0);
    if (shown > 0)
        m_list->setEmptyText({}, false);
    else
        m_list->setEmptyText(
            all == 0 ? tr("The index holds no sentences.") : tr("No sentence passes the filters."), all > 0);
}

void SentencesPage::showChosen() {
    const bool any = m_list->selectionModel()->hasSelection();
    m_open->setEnabled(m_list->currentIndex().isValid());
    m_copy->setEnabled(any);
}

void SentencesPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void SentencesPage::applyTheme() {
    if (m_note == nullptr)
        return;
    for (QLabel* label : {m_count, m_note}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
        label->setPalette(faint);
    }
}

}  // namespace saeception
