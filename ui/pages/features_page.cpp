// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: wires selector, table and card; reads indexes off the GUI thread.
#include "ui/pages/features_page.h"

#include "cycle/run_library.h"
#include "ui/format.h"
#include "ui/pages/feature_browser.h"
#include "ui/pages/feature_card.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"

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
#include <QVBoxLayout>

#include <algorithm>
#include <exception>
#include <vector>

namespace saeception {
namespace {

const QString splitterKey = QStringLiteral("features/splitter");

}  // namespace

FeaturesPage::FeaturesPage(QWidget* parent) : QWidget(parent) {
    m_pool.setMaxThreadCount(1);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    layout->setSpacing(gridUnit);
    m_bar = buildBar();
    layout->addWidget(m_bar);
    buildBanner();
    layout->addWidget(m_banner);

    m_state = new EmptyState({}, {}, this);
    m_state->setObjectName(QStringLiteral("featuresState"));
    m_stateButtons = {
        m_state->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("featuresLaunch")),
        m_state->addButton(QStringLiteral("folder"), tr("Open run…"), QStringLiteral("featuresOpen"))};
    connect(m_stateButtons[0], &QPushButton::clicked, this, &FeaturesPage::launchPageRequested);
    connect(m_stateButtons[1], &QPushButton::clicked, this, &FeaturesPage::openRequested);
    m_browser = new FeatureBrowser(this);
    connect(m_browser, &FeatureBrowser::featureChosen, this, &FeaturesPage::showFeature);
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

    applyTheme();
    setRun({});
}

FeaturesPage::~FeaturesPage() = default;

QWidget* FeaturesPage::buildBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
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
    row->addWidget(label);
    row->addWidget(m_cycles);
    row->addWidget(m_counts);
    row->addStretch();
    connect(m_cycles, &QComboBox::currentIndexChanged, this, [this] {
        if (m_cycles->currentIndex() >= 0)
            chooseCycle(m_cycles->currentData().toInt());
    });
    return bar;
}

void FeaturesPage::buildBanner() {
    m_banner = new QFrame(this);
    m_banner->setObjectName(QStringLiteral("featuresBanner"));
    m_banner->setFrameShape(QFrame::StyledPanel);
    m_banner->setAutoFillBackground(true);
    auto* row = new QHBoxLayout(m_banner);
    row->setContentsMargins(gridUnit, gridUnit / 2, gridUnit, gridUnit / 2);
    m_bannerText = new QLabel(m_banner);
    m_bannerText->setObjectName(QStringLiteral("featuresBannerText"));
    m_bannerText->setTextFormat(Qt::PlainText);
    m_bannerText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_bannerText->setWordWrap(true);
    auto* again = new QPushButton(tr("Try again"), m_banner);
    again->setToolTip(tr("Read this cycle's features from disk again"));
    connect(again, &QPushButton::clicked, this, &FeaturesPage::reload);
    row->addWidget(m_bannerText, 1);
    row->addWidget(again, 0, Qt::AlignTop);
    m_banner->hide();
}

void FeaturesPage::setRun(const std::filesystem::path& root) {
    ++m_request;
    m_run.reset();
    m_cycle = -1;
    m_browser->forgetFeature();
    m_loaded = {};
    m_banner->hide();
    m_browser->setFeatures(nullptr);
    m_card->clear();
    if (root != m_root)
        m_browser->resetView();
    m_root = root;
    if (!root.empty()) {
        try {
            // What is left of a damaged run may well have features.
            m_run = isRunFolder(root) ? RunDirectory::at(root) : RunDirectory::open(root);
        } catch (const std::exception& error) {
            showBanner(QString::fromUtf8(error.what()));
        }
    }
    refreshCycles();
}

void FeaturesPage::reload() {
    refreshCycles();
}

void FeaturesPage::refreshCycles() {
    std::vector<int> cycles;
    if (m_run) {
        try {
            cycles = m_run->cyclesWithFeatures();
        } catch (const std::exception& error) {
            showBanner(QString::fromUtf8(error.what()));
        }
    }
    if (std::find(cycles.begin(), cycles.end(), m_cycle) == cycles.end())
        m_cycle = cycles.empty() ? -1 : cycles.back();
    {
        const QSignalBlocker quiet(m_cycles);
        m_cycles->clear();
        for (const int cycle : cycles)
            m_cycles->addItem(cycleText(cycle), cycle);
        m_cycles->setCurrentIndex(m_cycles->findData(m_cycle));
    }
    m_bar->setVisible(!cycles.empty());
    if (m_cycle >= 0) {
        chooseCycle(m_cycle);
        return;
    }
    ++m_request;
    m_loading = false;
    m_loaded = {};
    m_browser->setFeatures(nullptr);
    showCounts();
    if (m_run)
        showState(tr("No features yet"), tr("They appear when the first cycle has been indexed."));
    else
        showState(tr("No run is open"),
                  tr("Start one on the Launch page, or open an earlier one, to browse its features."));
}

void FeaturesPage::chooseCycle(int cycle) {
    m_cycle = cycle;
    const quint64 request = ++m_request;
    m_pool.clear();
    FileState state;
    state.path = m_run->features(cycle);
    std::error_code ignored;  // a file that vanished is reported by the reader, in words
    state.modified = std::filesystem::last_write_time(state.path, ignored);
    state.size = std::filesystem::file_size(state.path, ignored);
    m_loading = !m_browser->features() || state != m_loaded;
    if (!m_loading)
        return;

    m_banner->hide();
    if (!m_browser->features())
        showState(tr("Reading the features of cycle %1 …").arg(cycle));
    m_pool.start([this, request, state] {
        std::shared_ptr<const FeatureIndex> features;
        QString message;
        try {
            features = std::make_shared<const FeatureIndex>(FeatureIndex::open(state.path));
        } catch (const std::exception& error) {
            message = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, request, state, features = std::move(features), message] {
                if (request != m_request)
                    return;
                m_loading = false;
                if (features)
                    acceptIndex(features, state);
                else
                    rejectIndex(message);
            },
            Qt::QueuedConnection);
    });
}

void FeaturesPage::acceptIndex(std::shared_ptr<const FeatureIndex> features, const FileState& state) {
    m_banner->hide();
    m_loaded = state;
    m_browser->setFeatures(std::move(features));
    showCounts();
    m_stack->setCurrentWidget(m_splitter);
    balanceSplitter();
    showFeature(m_browser->feature());
}

void FeaturesPage::balanceSplitter() {
    if (!m_splitterUntouched || !m_browser->features())
        return;
    // From the page's own width: while the page is hidden the splitter's is still that of no layout.
    const QMargins margins = layout()->contentsMargins();
    const int width = this->width() - margins.left() - margins.right() - m_splitter->handleWidth();
    const int table = std::min(m_browser->preferredWidth(), std::max(width / 2, m_browser->compactWidth()));
    m_splitter->setSizes({table, width - table});
}

void FeaturesPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    balanceSplitter();
}

void FeaturesPage::rejectIndex(const QString& message) {
    m_loaded = {};
    m_browser->setFeatures(nullptr);
    m_card->clear();
    showCounts();
    showBanner(message);
    showState(tr("The features of cycle %1 cannot be shown.").arg(m_cycle));
}

void FeaturesPage::showCounts() {
    const std::shared_ptr<const FeatureIndex> features = m_browser->features();
    const QLocale locale;
    m_counts->setText(features ? tr("%1 features, %2 alive")
                                     .arg(locale.toString(features->featureCount()),
                                          locale.toString(m_browser->aliveCount()))
                               : QString());
}

void FeaturesPage::showFeature(int feature) {
    const std::shared_ptr<const FeatureIndex> features = m_browser->features();
    if (!features || feature < 0) {
        m_card->clear();
        return;
    }
    try {
        m_card->showFeature(*features, feature);
    } catch (const std::exception& error) {
        showBanner(QString::fromUtf8(error.what()));
    }
}

void FeaturesPage::showState(const QString& title, const QString& words) {
    m_state->setTitle(title);
    m_state->setText(words);
    for (QPushButton* button : m_stateButtons)
        button->setVisible(!m_run);
    m_stack->setCurrentWidget(m_state);
}

void FeaturesPage::showBanner(const QString& message) {
    m_bannerText->setText(QStringLiteral("⚠ ") + message);
    m_bannerText->setAccessibleName(tr("Problem: %1").arg(message));
    m_banner->show();
}

void FeaturesPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void FeaturesPage::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = m_counts->palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_counts->setPalette(faint);
    QPalette warning = m_bannerText->palette();
    warning.setColor(QPalette::WindowText, colours.error);
    m_bannerText->setPalette(warning);
}

}  // namespace saeception
