// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: wires selector, browser and card to what is known of the run's features.
#include "ui/pages/features_page.h"

#include "features/feature_report.h"
#include "ui/feature_link.h"
#include "ui/format.h"
#include "ui/icons.h"
#include "ui/jobs/in_background.h"
#include "ui/pages/feature_browser.h"
#include "ui/pages/feature_card.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace saeception {
namespace {

const QString splitterKey = QStringLiteral("features/splitter2");
constexpr std::size_t mostPlaces = 200;
constexpr int sentencesOfExport = 10;

}  // namespace

FeaturesPage::FeaturesPage(RunFeatures* features, QWidget* parent) : QWidget(parent), m_store(features) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    layout->setSpacing(gridUnit);
    m_bar = buildBar();
    layout->addWidget(m_bar);
    m_notice = new NoticeBanner(this);
    layout->addWidget(m_notice);
    buildStates();
    m_browser = new FeatureBrowser(this);
    m_card = new FeatureCard(this);
    m_card->setMinimumWidth(42 * gridUnit);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_browser);
    m_splitter->addWidget(m_card);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitterUntouched = !m_splitter->restoreState(QSettings().value(splitterKey).toByteArray());
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_splitterUntouched = false;
        QSettings().setValue(splitterKey, m_splitter->saveState());
    });
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_splitter);
    layout->addWidget(m_stack, 1);
    buildActions();

    connect(m_browser, &FeatureBrowser::featureChosen, this, [this](int feature) {
        showFeatureCard(feature);
        if (feature >= 0)
            remember({m_cycle, feature});
    });
    connect(m_browser, &FeatureBrowser::starToggled, this, [this](int feature) {
        FeatureLabel label = m_store->label(m_cycle, feature);
        label.starred = !label.starred;
        m_store->setLabel(m_cycle, feature, label);
    });
    connect(m_browser, &FeatureBrowser::linkEntered, this, &FeaturesPage::linkRequested);
    connect(m_card, &FeatureCard::labelEdited, this,
            [this](int feature, const FeatureLabel& label) { m_store->setLabel(m_cycle, feature, label); });
    connect(m_card, &FeatureCard::featureRequested, this, &FeaturesPage::showFeature);
    connect(m_card, &FeatureCard::historyRequested, this,
            [this] { Q_EMIT historyRequested(m_cycle, m_browser->feature()); });
    connect(m_card, &FeatureCard::sentenceActivated, this,
            [this](SplitKind split, qint64 example) { Q_EMIT sentenceRequested(m_cycle, split, example); });
    connect(m_store, &RunFeatures::cyclesChanged, this, &FeaturesPage::refreshCycles);
    connect(m_store, &RunFeatures::indexChanged, this, [this](int cycle) {
        if (cycle == m_cycle)
            showCycle(cycle);
    });
    connect(m_store, &RunFeatures::labelsChanged, this, [this](int cycle, int feature) {
        if (cycle != m_cycle)
            return;
        const FeatureLabel label = m_store->label(cycle, feature);
        m_browser->setLabel(feature, label);
        if (feature == m_browser->feature())
            m_card->setLabel(label, m_store->lists());
    });
    connect(m_store, &RunFeatures::labelsFailed, this,
            [this](const QString& line) { m_notice->showLine(tr("Not saved: %1").arg(line)); });
    connect(m_store, &RunFeatures::matchesChanged, this, &FeaturesPage::showKin);
    applyTheme();
    refreshCycles();
}

FeaturesPage::~FeaturesPage() = default;

QWidget* FeaturesPage::buildBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    const auto button = [bar](const char* icon, const char* name) {
        auto* made = new QToolButton(bar);
        made->setObjectName(QString::fromLatin1(name));
        made->setIcon(themedIcon(QString::fromLatin1(icon)));
        made->setAutoRaise(true);
        return made;
    };
    m_back = button("back", "featureBack");
    m_forward = button("forward", "featureForward");
    auto* label = new QLabel(tr("C&ycle"), bar);
    m_cycles = new QComboBox(bar);
    m_cycles->setObjectName(QStringLiteral("cycleSelector"));
    m_cycles->setAccessibleName(tr("Cycle"));
    m_cycles->setToolTip(tr("The cycle whose features are shown"));
    m_cycles->setMinimumContentsLength(8);
    label->setBuddy(m_cycles);
    m_counts = new QLabel(bar);
    m_counts->setObjectName(QStringLiteral("featureCounts"));
    m_counts->setToolTip(tr("A feature is alive when it fires on at least one token of the data set"));
    m_others = new QLabel(bar);
    m_others->setObjectName(QStringLiteral("otherLabels"));
    auto* link = button("link", "copyFeatureLink");
    link->setToolTip(tr("Copy a link to this feature (Ctrl+Shift+C)"));
    link->setAccessibleName(tr("Copy a link to this feature"));
    auto* save = new QPushButton(tr("Export…"), bar);
    save->setObjectName(QStringLiteral("exportFeatures"));
    save->setToolTip(tr("Writes the features shown with their sentences as a web page, JSON or CSV"));
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addWidget(label);
    row->addWidget(m_cycles);
    row->addWidget(m_counts);
    row->addWidget(m_others);
    row->addStretch(1);
    row->addWidget(link);
    row->addWidget(save);
    connect(m_back, &QToolButton::clicked, this, &FeaturesPage::goBack);
    connect(m_forward, &QToolButton::clicked, this, &FeaturesPage::goForward);
    connect(link, &QToolButton::clicked, this, &FeaturesPage::copyLink);
    connect(save, &QPushButton::clicked, this, &FeaturesPage::exportFeatures);
    connect(m_cycles, &QComboBox::currentIndexChanged, this, [this] {
        if (m_cycles->currentIndex() >= 0)
            chooseCycle(m_cycles->currentData().toInt());
    });
    return bar;
}

void FeaturesPage::buildStates() {
    m_state = new EmptyState({}, {}, this);
    m_state->setObjectName(QStringLiteral("featuresState"));
    m_noRunButtons = {
        m_state->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("featuresLaunch")),
        m_state->addButton(QStringLiteral("folder"), tr("Open run…"), QStringLiteral("featuresOpen"))};
    connect(m_noRunButtons[0], &QPushButton::clicked, this, &FeaturesPage::launchPageRequested);
    connect(m_noRunButtons[1], &QPushButton::clicked, this, &FeaturesPage::openRequested);
    m_unusableButtons = {
        m_state->addButton(QStringLiteral("reset"), tr("Build the index again"),
                           QStringLiteral("featuresRebuild")),
        m_state->addButton(QStringLiteral("retry"), tr("Try again"), QStringLiteral("featuresAgain"))};
    connect(m_unusableButtons[0], &QPushButton::clicked, this, [this] { Q_EMIT rebuildRequested(m_cycle); });
    connect(m_unusableButtons[1], &QPushButton::clicked, this, [this] {
        m_store->retry(m_cycle);
        showCycle(m_cycle);
    });
}

QAction* FeaturesPage::addPageAction(const QString& text, const QKeySequence& keys,
                                     void (FeaturesPage::*method)()) {
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, method);
    addAction(action);
    return action;
}

void FeaturesPage::buildActions() {
    addPageAction(tr("Search features"), QKeySequence(QStringLiteral("/")), &FeaturesPage::search);
    addPageAction(tr("Next feature"), QKeySequence(QStringLiteral("Ctrl+Down")), &FeaturesPage::nextFeature);
    addPageAction(tr("Previous feature"), QKeySequence(QStringLiteral("Ctrl+Up")),
                  &FeaturesPage::previousFeature);
    QAction* back = addPageAction(tr("Back to the feature before"), QKeySequence(QStringLiteral("Alt+Left")),
                                  &FeaturesPage::goBack);
    QAction* forward = addPageAction(tr("Forward again"), QKeySequence(QStringLiteral("Alt+Right")),
                                     &FeaturesPage::goForward);
    m_back->setToolTip(tr("Back to the feature before (Alt+Left)"));
    m_back->setAccessibleName(back->text());
    m_forward->setToolTip(tr("Forward again (Alt+Right)"));
    m_forward->setAccessibleName(forward->text());
    addPageAction(tr("Star this feature"), QKeySequence(QStringLiteral("Ctrl+D")), &FeaturesPage::star);
    addPageAction(tr("Label this feature"), QKeySequence(QStringLiteral("Ctrl+L")), &FeaturesPage::editLabel);
    addPageAction(tr("Copy a link to this feature"), QKeySequence(QStringLiteral("Ctrl+Shift+C")),
                  &FeaturesPage::copyLink);
    addPageAction(tr("Export features…"), QKeySequence(QStringLiteral("Ctrl+E")),
                  &FeaturesPage::exportFeatures);
    showTravel();
}

bool FeaturesPage::isLoading() const {
    return m_cycle >= 0 && m_store->state(m_cycle) == RunFeatures::State::Reading;
}

int FeaturesPage::feature() const {
    return m_browser->feature();
}

void FeaturesPage::refreshCycles() {
    if (m_store->root() != m_root) {
        m_root = m_store->root();
        m_cycle = -1;
        m_wanted = -1;
        m_places.clear();
        m_here = 0;
        m_browser->forgetFeature();
        m_browser->setFeatures(nullptr, nullptr, {});
        m_browser->resetView();
        m_card->clear();
        m_notice->showLines({}, {});
        showTravel();
    }
    const std::vector<int>& cycles = m_store->cycles();
    if (std::find(cycles.begin(), cycles.end(), m_cycle) == cycles.end())
        m_cycle = m_store->lastCycle();
    {
        const QSignalBlocker quiet(m_cycles);
        m_cycles->clear();
        for (const int cycle : cycles)
            m_cycles->addItem(cycleText(cycle), cycle);
        m_cycles->setCurrentIndex(m_cycles->findData(m_cycle));
    }
    m_bar->setVisible(!cycles.empty());
    if (!m_store->problem().isEmpty())
        m_notice->showLine(m_store->problem());
    if (m_cycle >= 0) {
        chooseCycle(m_cycle);
        return;
    }
    m_browser->setFeatures(nullptr, nullptr, {});
    m_card->clear();
    showCounts();
    if (m_store->hasRun())
        showState(tr("No features yet"), tr("They appear when the first cycle has been indexed."));
    else
        showState(tr("No run is open"),
                  tr("Start one on the Launch page, or open an earlier one, to browse its features."));
}

void FeaturesPage::chooseCycle(int cycle) {
    m_cycle = cycle;
    m_store->want(cycle);
    showCycle(cycle);
}

// What is known of the cycle by now.
void FeaturesPage::showCycle(int cycle) {
    const std::shared_ptr<const FeatureIndex> features = m_store->index(cycle);
    if (!features) {
        if (m_store->state(cycle) == RunFeatures::State::Unusable) {
            m_browser->setFeatures(nullptr, nullptr, {});
            m_card->clear();
            showCounts();
            showState(tr("The features of cycle %1 cannot be shown.").arg(cycle), m_store->reason(cycle));
        } else if (!m_browser->features()) {
            showState(tr("Reading the features of cycle %1 …").arg(cycle));
        }
        return;  // until it has come, the cycle before stays in sight
    }
    if (features != m_browser->features()) {
        m_browser->setFeatures(features, m_store->search(cycle), m_store->labels(cycle));
        showCounts();
        m_stack->setCurrentWidget(m_splitter);
        balanceSplitter();
    }
    if (m_wanted >= 0) {
        const int wanted = std::exchange(m_wanted, -1);
        if (wanted < features->featureCount())
            m_browser->choose(wanted);
        else
            m_notice->showLine(tr("There is no feature %1 in cycle %2; it has 0 to %3.")
                                   .arg(QString::number(wanted), QString::number(cycle),
                                        QString::number(features->featureCount() - 1)));
    }
    showFeatureCard(m_browser->feature());
    if (m_browser->feature() >= 0)
        remember({cycle, m_browser->feature()});
}

void FeaturesPage::showFeature(int cycle, int feature) {
    m_wanted = feature;
    if (cycle != m_cycle && m_cycles->findData(cycle) >= 0) {
        const QSignalBlocker quiet(m_cycles);
        m_cycles->setCurrentIndex(m_cycles->findData(cycle));
        chooseCycle(cycle);
    } else {
        showCycle(m_cycle);
    }
}

void FeaturesPage::showFeatureCard(int feature) {
    const std::shared_ptr<const FeatureIndex> features = m_browser->features();
    if (!features || feature < 0) {
        m_card->clear();
        return;
    }
    m_card->showFeature(features, feature, m_store->label(features->cycle(), feature), m_store->lists());
    showKin();
}

void FeaturesPage::showKin() {
    if (m_cycle < 0 || !m_browser->features())
        return;
    // Only what is looked at is worth working out.
    if (isVisible()) {
        m_store->wantMatches(m_cycle);
        m_store->wantMatches(m_cycle + 1);
    }
    m_card->setKin({m_store->matches(m_cycle), m_store->matches(m_cycle + 1)});
}

void FeaturesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showKin();
}

void FeaturesPage::remember(const Place& place) {
    if (m_travelling || (m_here < m_places.size() && m_places[m_here] == place))
        return;
    if (!m_places.empty())
        m_places.resize(m_here + 1);
    m_places.push_back(place);
    if (m_places.size() > mostPlaces)
        m_places.erase(m_places.begin());
    m_here = m_places.size() - 1;
    showTravel();
}

void FeaturesPage::travel(int steps) {
    const auto to = static_cast<std::ptrdiff_t>(m_here) + steps;
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(m_places.size()))
        return;
    m_here = static_cast<std::size_t>(to);
    m_travelling = true;
    showFeature(m_places[m_here].cycle, m_places[m_here].feature);
    m_travelling = false;
    showTravel();
}

void FeaturesPage::showTravel() {
    m_back->setEnabled(m_here > 0);
    m_forward->setEnabled(m_here + 1 < m_places.size());
}

void FeaturesPage::nextFeature() {
    m_browser->step(1);
}
void FeaturesPage::previousFeature() {
    m_browser->step(-1);
}
void FeaturesPage::star() {
    m_card->toggleStar();
}
void FeaturesPage::editLabel() {
    m_card->focusLabel();
}
void FeaturesPage::search() {
    m_browser->focusQuery();
}

void FeaturesPage::copyLink() {
    if (m_browser->feature() >= 0)
        QGuiApplication::clipboard()->setText(FeatureLink{m_root, m_cycle, m_browser->feature()}.text());
}

void FeaturesPage::exportFeatures() {
    const std::shared_ptr<const FeatureIndex> index = m_browser->features();
    if (!index)
        return;
    auto* dialog = new QFileDialog(this, tr("Export features"));
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Web page (*.html)"), tr("JSON (*.json)"), tr("Table (*.csv)")});
    dialog->selectFile(tr("features-cycle-%1.html").arg(m_cycle));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    });
    dialog->setDefaultSuffix(QStringLiteral("html"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, index](const QString& path) {
        const std::string title =
            tr("Features of cycle %1 · %2")
                .arg(QString::number(index->cycle()), QString::fromStdString(m_root.filename().string()))
                .toStdString();
        writeInBackground(path, [index, path, title, features = m_browser->shownFeatures(),
                                 labels = m_store->labels(index->cycle())] {
            if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
                return featuresCsv(*index, features, labels);
            if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive))
                return featuresJson(*index, features, labels, topSentenceCount)
                    .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
            return featuresHtml(*index, features, labels, sentencesOfExport, title);
        }).then(this, [this, path](const QString& problem) {
            m_notice->showLine(problem.isEmpty() ? tr("Wrote %1").arg(path) : problem);
        });
    });
    dialog->open();
}

void FeaturesPage::balanceSplitter() {
    if (!m_splitterUntouched || !m_browser->features())
        return;
    // From the page's own width: while the page is hidden the splitter's is still that of no layout.
    const QMargins margins = layout()->contentsMargins();
    const int whole = width() - margins.left() - margins.right() - m_splitter->handleWidth();
    const int most = std::max({m_browser->minimumWidth(), whole * 45 / 100,
                               std::min(m_browser->leastWidth(), whole - m_card->minimumWidth())});
    const int table = std::clamp(m_browser->preferredWidth(), m_browser->minimumWidth(), most);
    m_splitter->setSizes({table, whole - table});
}

void FeaturesPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    balanceSplitter();
}

void FeaturesPage::showCounts() {
    const std::shared_ptr<const FeatureIndex> features = m_browser->features();
    const QLocale locale;
    m_counts->setText(features ? tr("%1 features, %2 alive")
                                     .arg(locale.toString(features->featureCount()),
                                          locale.toString(m_browser->aliveCount()))
                               : QString());
    const int others = m_store->labelsOfOthers(m_cycle);
    m_others->setVisible(features && others > 0);
    m_others->setText(tr("%n label(s) of an earlier autoencoder kept", nullptr, others));
    m_others->setToolTip(
        tr("The autoencoder of this cycle has been trained again since they were written. They stay in "
           "features/labels.json of the run."));
}

void FeaturesPage::showState(const QString& title, const QString& words) {
    m_state->setTitle(title);
    m_state->setText(words);
    for (QPushButton* button : m_noRunButtons)
        button->setVisible(!m_store->hasRun());
    for (QPushButton* button : m_unusableButtons)
        button->setVisible(m_cycle >= 0 && m_store->state(m_cycle) == RunFeatures::State::Unusable);
    m_stack->setCurrentWidget(m_state);
}

void FeaturesPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void FeaturesPage::applyTheme() {
    for (QLabel* label : {m_counts, m_others}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
        label->setPalette(faint);
    }
}

}  // namespace saeception
