// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: wires selector, browser and card to what is known of the run's features.
#include "ui/pages/features_page.h"

#include "ui/format.h"
#include "ui/icons.h"
#include "ui/models/feature_chain.h"
#include "ui/pages/feature_browser.h"
#include "ui/pages/feature_card.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
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
#include <utility>

namespace saeception {
namespace {

const QString splitterKey = QStringLiteral("features/splitter2");
QString autoencoderText(const FeatureIndex& features) {
    const IndexOrigin& origin = features.origin();
    return FeaturesPage::tr("· %1 after block %2 of %3 · L0 %4")
        .arg(QString::fromStdString(origin.autoencoder), QString::number(origin.block + 1),
             QString::number(origin.blocks), QString::number(features.meanActive(), 'f', 1));
}

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
        remember(inSight());
    });
    // What a query happens to put first has not been looked for: it is no place to go back to.
    connect(m_browser, &FeatureBrowser::featureSettled, this, &FeaturesPage::showFeatureCard);
    connect(m_browser, &FeatureBrowser::starToggled, this, &FeaturesPage::toggleStar);
    connect(m_browser, &FeatureBrowser::menuRequested, this, &FeaturesPage::showMenu);
    connect(m_browser, &FeatureBrowser::linkEntered, this, &FeaturesPage::linkRequested);
    connect(m_card, &FeatureCard::labelEdited, m_store, &RunFeatures::setLabel);
    connect(m_store, &RunFeatures::aboutToForget, m_card, &FeatureCard::commit);
    connect(m_card, &FeatureCard::featureRequested, this, &FeaturesPage::showFeature);
    connect(m_card, &FeatureCard::historyRequested, this,
            [this] { Q_EMIT historyRequested(inSight().cycle, inSight().feature); });
    connect(m_card, &FeatureCard::sentenceActivated, this, [this](SplitKind split, qint64 example) {
        Q_EMIT sentenceRequested(inSight().cycle, split, example);
    });
    connect(m_store, &RunFeatures::cyclesChanged, this, &FeaturesPage::refreshCycles);
    connect(m_store, &RunFeatures::indexChanged, this, [this](int cycle) {
        if (cycle == m_cycle)
            showCycle(cycle);
    });
    connect(m_store, &RunFeatures::labelsChanged, this, [this](int cycle, int feature) {
        if (cycle != inSight().cycle)
            return;
        const FeatureLabel label = m_store->label(cycle, feature);
        m_browser->setLabel(feature, label);
        if (feature == m_browser->feature())
            m_card->setLabel(label, m_store->lists());
    });
    connect(m_store, &RunFeatures::labelsFailed, m_notice, &NoticeBanner::showLine);
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
    m_autoencoder = new ElidedLabel(bar);
    m_autoencoder->setObjectName(QStringLiteral("autoencoderFacts"));
    m_autoencoder->setFaint(true);
    m_others = new QLabel(bar);
    m_others->setObjectName(QStringLiteral("otherLabels"));
    m_link = button("link", "copyFeatureLink");
    m_link->setToolTip(tr("Copy a link to this feature (Ctrl+Shift+C)"));
    m_link->setAccessibleName(tr("Copy a link to this feature"));
    auto* save = new QPushButton(tr("Export…"), bar);
    save->setObjectName(QStringLiteral("exportFeatures"));
    save->setToolTip(tr("Writes the features shown with their sentences as a web page, JSON or CSV"));
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addWidget(label);
    row->addWidget(m_cycles);
    row->addWidget(m_counts);
    row->addWidget(m_autoencoder, 1);
    row->addWidget(m_others);
    row->addWidget(m_link);
    row->addWidget(save);
    connect(m_back, &QToolButton::clicked, this, &FeaturesPage::goBack);
    connect(m_forward, &QToolButton::clicked, this, &FeaturesPage::goForward);
    connect(m_link, &QToolButton::clicked, this, &FeaturesPage::copyLink);
    connect(save, &QPushButton::clicked, this, &FeaturesPage::exportFeatures);
    connect(m_cycles, &QComboBox::currentIndexChanged, this, [this] {
        if (m_cycles->currentIndex() >= 0)
            followTo(m_cycles->currentData().toInt());
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
    connect(m_unusableButtons[0], &QPushButton::clicked, this, [this] {
        m_cycles->setFocus(Qt::OtherFocusReason);  // the button goes
        Q_EMIT rebuildRequested(m_cycle);
    });
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
        m_isLookedAt = isVisible();
        m_wanted.reset();
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
    // Whoever comes after a run has gone on is shown where it is; whoever looks at a cycle keeps it.
    if (std::find(cycles.begin(), cycles.end(), m_cycle) == cycles.end() || !m_isLookedAt)
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
    if (m_wanted && m_wanted->cycle != cycle)
        m_wanted.reset();
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
        if (std::exchange(m_beginsAnew, false))
            m_browser->forgetFeature();
        m_browser->setFeatures(features, m_store->search(cycle), m_store->labels(cycle));
        showCounts();
        m_stack->setCurrentWidget(m_splitter);
        balanceSplitter();
    }
    if (m_wanted) {
        const int wanted = std::exchange(m_wanted, std::nullopt)->feature;
        if (wanted < features->featureCount())
            m_browser->choose(wanted);
        else
            m_notice->showLine(tr("There is no feature %1 in cycle %2; it has 0 to %3.")
                                   .arg(QString::number(wanted), QString::number(cycle),
                                        QString::number(features->featureCount() - 1)));
    }
    showFeatureCard(m_browser->feature());
    remember(inSight());
}

bool FeaturesPage::showFeature(int cycle, int feature) {
    const int item = m_cycles->findData(cycle);
    if (item < 0) {
        m_wanted.reset();
        QStringList known;
        for (const int other : m_store->cycles())
            known << QString::number(other);
        if (!known.isEmpty())
            m_notice->showLine(tr("There is no cycle %1 with features in this run; there are %2.")
                                   .arg(QString::number(cycle), known.join(QStringLiteral(", "))));
        return false;
    }
    m_wanted = Place{cycle, feature};
    m_beginsAnew = false;
    m_isLookedAt = true;
    const QSignalBlocker quiet(m_cycles);
    m_cycles->setCurrentIndex(item);
    chooseCycle(cycle);
    return true;
}

// A number means another feature in every cycle: what is looked at is followed as far as it is known.
void FeaturesPage::followTo(int cycle) {
    const Place from = inSight();
    m_wanted.reset();
    if (from.feature >= 0 && from.cycle != cycle) {
        const int counterpart = counterpartIn([this](int later) { return m_store->matches(later); },
                                              from.cycle, from.feature, cycle);
        if (counterpart >= 0)
            m_wanted = Place{cycle, counterpart};
    }
    m_beginsAnew = from.feature >= 0 && from.cycle != cycle && !m_wanted;
    chooseCycle(cycle);
}

FeaturesPage::Place FeaturesPage::inSight() const {
    const std::shared_ptr<const FeatureIndex> features = m_browser->features();
    return {features ? features->cycle() : m_cycle, features ? m_browser->feature() : -1};
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
    if (!m_browser->features())
        return;
    const int cycle = inSight().cycle;
    // Only what is looked at is worth working out.
    if (isVisible()) {
        m_store->wantMatches(cycle);
        m_store->wantMatches(cycle + 1);
    }
    m_card->setKin({m_store->matches(cycle), m_store->matches(cycle + 1)});
}

void FeaturesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_isLookedAt = true;
    showKin();
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
    m_autoencoder->setText(features ? autoencoderText(*features) : QString());
    const int others = m_store->labelsOfOthers(m_cycle);
    m_others->setVisible(features && others > 0);
    m_others->setText(others == 1 ? tr("1 label of an earlier autoencoder kept")
                                  : tr("%1 labels of an earlier autoencoder kept").arg(others));
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
