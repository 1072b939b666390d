// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inspector_page.h"

#include "ui/format.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_names.h"
#include "ui/models/feature_words.h"
#include "ui/models/run_steps.h"
#include "ui/pages/inspector_column.h"
#include "ui/theme.h"
#include "ui/widgets/cycle_buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice_banner.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace saeception {
namespace {

constexpr int typingPauseMs = 200;

// Positions of the validation sentences of an index, or of all where it has none: [first, second).
std::pair<int, int> offered(const FeatureIndex& index) {
    int first = 0;
    int last = index.sentenceCount();
    while (first < last) {
        const int middle = first + (last - first) / 2;
        if (index.sentence(middle).split == SplitKind::Validation)
            last = middle;
        else
            first = middle + 1;
    }
    return {first == index.sentenceCount() ? 0 : first, index.sentenceCount()};
}

}  // namespace

InspectorPage::InspectorPage(RunFeatures* features, QWidget* parent)
    : QWidget(parent),
      m_features(features),
      m_steps(new RunSteps(features, this)),
      m_names(new FeatureNames(features, this)),
      m_models(new LiveModels(this)) {
    makeState();
    m_content = new QWidget(this);
    auto* columns = new QWidget(m_content);
    m_row = new QHBoxLayout(columns);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(2 * gridUnit);
    auto* scroll = new QScrollArea(m_content);
    scroll->setObjectName(QStringLiteral("inspectorColumns"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(columns);
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(gridUnit);
    m_notice = new NoticeBanner(m_content);
    m_notice->setObjectName(QStringLiteral("inspectorNotice"));
    connect(m_notice->addButton(tr("Build the index again"), QStringLiteral("inspectorRebuild")),
            &QPushButton::clicked, this, [this] { Q_EMIT rebuildRequested(m_unusable); });
    content->addWidget(m_notice);
    content->addWidget(makeBar());
    content->addWidget(scroll, 1);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, gridUnit);
    column->addWidget(m_stack);
    setFocusProxy(m_text);

    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPauseMs);
    connect(&m_typing, &QTimer::timeout, this, &InspectorPage::inspectTyped);
    connect(m_features, &RunFeatures::cyclesChanged, this, &InspectorPage::follow);
    connect(m_features, &RunFeatures::indexChanged, this, [this](int cycle) {
        // Its weights may be others: nothing in sight is known to be true any more.
        m_asked.erase(cycle);
        follow();
    });
    connect(m_steps, &RunSteps::stepChanged, this, [this] {
        if (m_chosenFeature >= 0)
            followChosen(m_chosenCycle, m_chosenFeature);
    });
    connect(m_names, &FeatureNames::changed, this, [this](int cycle, int) {
        if (const auto found = m_columns.find(cycle); found != m_columns.end())
            found->second->refreshNames();
    });
    connectModels();
    follow();
}

InspectorPage::~InspectorPage() = default;

void InspectorPage::makeState() {
    m_state = new EmptyState({}, {}, this);
    m_state->setObjectName(QStringLiteral("inspectorState"));
    m_launch =
        m_state->addButton(QStringLiteral("launch"), tr("Go to Launch"), QStringLiteral("inspectorLaunch"));
    m_open = m_state->addButton(QStringLiteral("folder"), tr("Open run…"), QStringLiteral("inspectorOpen"));
    connect(m_launch, &QPushButton::clicked, this, &InspectorPage::launchPageRequested);
    connect(m_open, &QPushButton::clicked, this, &InspectorPage::openRequested);
}

QWidget* InspectorPage::makeBar() {
    auto* bar = new QWidget(m_content);
    m_text = new QPlainTextEdit(bar);
    m_text->setObjectName(QStringLiteral("inspectorText"));
    m_text->setAccessibleName(tr("Sentence to inspect"));
    m_text->setPlaceholderText(tr("Type a sentence"));
    m_text->setTabChangesFocus(true);
    m_text->installEventFilter(this);
    m_another = new QPushButton(tr("Another"), bar);
    m_another->setObjectName(QStringLiteral("anotherSentence"));
    m_another->setToolTip(tr("Picks any sentence of the validation split"));
    auto* browse = new QPushButton(tr("Browse…"), bar);
    browse->setObjectName(QStringLiteral("browseSentences"));
    browse->setToolTip(tr("All sentences of the data set, on the Sentences page"));
    m_info = new ElidedLabel(bar);
    m_info->setObjectName(QStringLiteral("inspectorInfo"));
    m_info->setFaint(true);
    auto* cyclesLabel = new QLabel(tr("Cycles"), bar);
    m_cycles = new CycleButtons(bar);
    auto* shadingLabel = new QLabel(tr("&Shade by"), bar);
    m_shading = new QComboBox(bar);
    m_shading->setObjectName(QStringLiteral("inspectorShading"));
    m_shading->addItem(tr("contribution"), int(TokenShading::Contribution));
    m_shading->addItem(tr("running prediction"), int(TokenShading::Reading));
    m_shading->setItemData(0, tr("What the features of a token add to the prediction: activation × effect"),
                           Qt::ToolTipRole);
    m_shading->setItemData(1, tr("What would be predicted if the sentence ended at the token"),
                           Qt::ToolTipRole);
    shadingLabel->setBuddy(m_shading);

    m_text->setFixedHeight(2 * m_another->sizeHint().height() + gridUnit / 2);  // as high as both buttons
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(gridUnit / 2);
    buttons->addWidget(m_another);
    buttons->addWidget(browse);
    auto* top = new QHBoxLayout;
    top->setSpacing(gridUnit);
    top->addWidget(m_text, 1, Qt::AlignTop);
    top->addLayout(buttons);
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(gridUnit);
    bottom->addWidget(m_info, 1);
    bottom->addWidget(cyclesLabel);
    bottom->addWidget(m_cycles);
    bottom->addSpacing(gridUnit);
    bottom->addWidget(shadingLabel);
    bottom->addWidget(m_shading);
    auto* column = new QVBoxLayout(bar);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addLayout(top);
    column->addLayout(bottom);
    connect(m_text, &QPlainTextEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_another, &QPushButton::clicked, this, &InspectorPage::pickAnother);
    connect(m_cycles, &CycleButtons::changed, this, &InspectorPage::showCycles);
    connect(browse, &QPushButton::clicked, this, &InspectorPage::sentencesPageRequested);
    connect(m_shading, &QComboBox::currentIndexChanged, this, [this] {
        for (const auto& [cycle, shown] : m_columns)
            shown->setShading(static_cast<TokenShading>(m_shading->currentData().toInt()));
    });
    return bar;
}

InspectorColumn* InspectorPage::columnOf(int cycle) {
    InspectorColumn*& column = m_columns[cycle];
    if (column == nullptr)
        column = makeColumn(cycle);
    return column;
}

InspectorColumn* InspectorPage::makeColumn(int cycle) {
    auto* column =
        new InspectorColumn(cycle, [this, cycle](int feature) { return m_names->of(cycle, feature); });
    column->setShading(static_cast<TokenShading>(m_shading->currentData().toInt()));
    column->setIndex(m_features->index(cycle));
    connect(column, &InspectorColumn::tokenHovered, this,
            [this](int token) { tellColumns(token, &InspectorColumn::setHoveredToken); });
    connect(column, &InspectorColumn::tokenPinned, this,
            [this](int token) { tellColumns(token, &InspectorColumn::setPinnedToken); });
    connect(column, &InspectorColumn::featureChosen, this,
            [this, cycle](int feature) { followChosen(cycle, feature); });
    connect(column, &InspectorColumn::featureRequested, this,
            [this, cycle](int feature) { Q_EMIT featureRequested(cycle, feature); });
    connect(column, &InspectorColumn::editsChanged, this, [this, cycle] {
        askForEdits(cycle);
        askForValidation(cycle);
    });
    connect(column, &InspectorColumn::sentenceRequested, this,
            [this, cycle](qint64 example) { showSentence(cycle, SplitKind::Validation, example); });
    return column;
}

void InspectorPage::tellColumns(int token, void (InspectorColumn::*tell)(int)) {
    for (const int cycle : m_shown) {
        InspectorColumn* column = columnOf(cycle);
        const bool has = column->sentence() && token < static_cast<int>(column->sentence()->tokens.size());
        (column->*tell)(has ? token : -1);
    }
}

void InspectorPage::enterRun() {
    m_root = m_features->root();
    m_models->setRun(m_root);
    for (const auto& [cycle, column] : m_columns)
        delete column;
    m_columns.clear();
    {
        const QSignalBlocker quiet(m_cycles);
        m_cycles->setCycles({});
    }
    m_shown.clear();
    m_asked.clear();
    m_wanted.reset();
    m_picked.reset();
    m_sentence = {};
    m_hasSentence = false;
    m_gold = -1;
    m_chosenFeature = -1;
    setText({});
    showInfo();
}

void InspectorPage::follow() {
    if (m_features->root() != m_root)
        enterRun();
    const std::vector<int>& cycles = m_features->cycles();
    if (cycles.empty()) {
        m_state->setTitle(m_features->hasRun() ? tr("No features yet") : tr("No run is open"));
        m_state->setText(m_features->hasRun()
                             ? tr("Sentences can be inspected once the first cycle has been indexed.")
                             : tr("Start one on the Launch page, or open an earlier one, to put sentences to "
                                  "its models."));
        m_launch->setVisible(!m_features->hasRun());
        m_open->setVisible(!m_features->hasRun());
        m_stack->setCurrentWidget(m_state);
        return;
    }
    m_stack->setCurrentWidget(m_content);
    m_cycles->setCycles(cycles);
    if (!isVisible())
        return;
    for (const int cycle : m_shown) {
        m_features->want(cycle);
        InspectorColumn* column = columnOf(cycle);
        if (column->index() == m_features->index(cycle))
            continue;
        column->setIndex(m_features->index(cycle));
        askForValidation(cycle);
    }
    showUnusable();
    settleWanted();
    inspectNew();
}

// Which index of a cycle in sight cannot be used, and a button that mends it.
void InspectorPage::showUnusable() {
    const auto found = std::find_if(m_shown.begin(), m_shown.end(), [this](int cycle) {
        return m_features->state(cycle) == RunFeatures::State::Unusable;
    });
    m_unusable = found == m_shown.end() ? -1 : *found;
    m_notice->showLines({}, m_unusable < 0 ? QStringList() : QStringList{m_features->reason(m_unusable)});
    m_another->setEnabled(newestIndexed() >= 0);
}

// The latest cycle in sight whose sentences are known; -1 for none.
int InspectorPage::newestIndexed() const {
    for (auto cycle = m_shown.rbegin(); cycle != m_shown.rend(); ++cycle)
        if (const auto index = m_features->index(*cycle); index && index->sentenceCount() > 0)
            return *cycle;
    return -1;
}

void InspectorPage::showCycles() {
    m_shown = m_cycles->inSight();
    m_models->keepOnly(m_shown);
    while (m_row->count() > 0)
        delete m_row->takeAt(0);
    for (const auto& [cycle, column] : m_columns)
        if (!std::binary_search(m_shown.begin(), m_shown.end(), cycle)) {
            column->hide();
            m_asked.erase(cycle);
        }
    for (const int cycle : m_shown) {
        InspectorColumn* column = columnOf(cycle);
        m_row->addWidget(column, 1);
        if (column->isHidden()) {
            column->show();
            askForValidation(cycle);  // hiding it took back what was asked
        }
    }
    if (isVisible())
        follow();
}

void InspectorPage::showSentence(int cycle, SplitKind split, qint64 example) {
    follow();
    m_wanted = Picked{cycle, split, example};
    m_cycles->include(cycle);
    m_features->want(cycle);
    settleWanted();
    inspectNew();
}

void InspectorPage::showText(const QString& text) {
    follow();
    m_wanted.reset();
    setText(text);
    inspectTyped();
}

void InspectorPage::pickAnother() {
    const int cycle = newestIndexed();
    if (cycle < 0)
        return;
    const std::shared_ptr<const FeatureIndex> index = m_features->index(cycle);
    const auto [first, end] = offered(*index);
    const IndexedSentence picked =
        index->sentence(m_hasSentence ? QRandomGenerator::global()->bounded(first, end) : first);
    showSentence(cycle, picked.split, picked.example);
}

// What is wanted, once its index is there; where nothing is, the page begins with some sentence.
void InspectorPage::settleWanted() {
    if (!m_wanted && !m_hasSentence && m_text->toPlainText().isEmpty()) {
        const bool reading = std::any_of(m_shown.begin(), m_shown.end(), [this](int cycle) {
            return m_features->state(cycle) == RunFeatures::State::Reading;
        });
        const int cycle = newestIndexed();
        if (cycle < 0 || reading)
            return;
        const std::shared_ptr<const FeatureIndex> index = m_features->index(cycle);
        const IndexedSentence picked = index->sentence(offered(*index).first);
        m_wanted = Picked{cycle, picked.split, picked.example};
    }
    if (!m_wanted)
        return;
    const std::shared_ptr<const FeatureIndex> index = m_features->index(m_wanted->cycle);
    if (!index) {
        if (m_features->state(m_wanted->cycle) != RunFeatures::State::Unusable)
            return;
        m_info->setText(m_features->reason(m_wanted->cycle));
        m_wanted.reset();
        return;
    }
    const Picked picked = *m_wanted;
    m_wanted.reset();
    const std::optional<int> position = index->positionOf(picked.split, picked.example);
    if (!position) {
        m_info->setText(tr("Cycle %1 was indexed without that sentence.").arg(picked.cycle));
        return;
    }
    const IndexedSentence sentence = index->sentence(*position);
    const std::string text = index->sentenceText(*position);
    setText(QString::fromStdString(text));
    m_sentence = {text, {sentence.tokens.begin(), sentence.tokens.end()}};
    m_picked = picked;
    m_gold = sentence.label;
    m_hasSentence = true;
    m_asked.clear();
}

void InspectorPage::setText(const QString& text) {
    const QSignalBlocker quiet(m_text);
    m_text->setPlainText(text);
    m_typing.stop();
}

void InspectorPage::inspectTyped() {
    m_typing.stop();
    m_wanted.reset();
    m_sentence = {m_text->toPlainText().toStdString(), {}};
    m_picked.reset();
    m_gold = -1;
    m_hasSentence = true;
    m_asked.clear();
    inspectNew();
}

bool InspectorPage::isLoading() const {
    if (!isVisible() || m_features->cycles().empty())
        return false;
    const bool reading = std::any_of(m_shown.begin(), m_shown.end(), [this](int cycle) {
        return m_features->state(cycle) == RunFeatures::State::Reading;
    });
    return reading || m_typing.isActive() || m_wanted || m_models->isWorking();
}

void InspectorPage::showInfo() {
    if (!m_hasSentence) {
        m_info->setText({});
        return;
    }
    QStringList parts;
    const LiveSentence* sentence = nullptr;
    for (const int cycle : m_shown)
        if (columnOf(cycle)->sentence())
            sentence = columnOf(cycle)->sentence().get();
    if (m_picked) {
        parts << (m_picked->split == SplitKind::Train ? tr("training sentence %1")
                                                      : tr("validation sentence %1"))
                     .arg(m_picked->example);
        if (sentence != nullptr && m_gold >= 0)
            parts << tr("gold: %1")
                         .arg(QString::fromStdString(sentence->classNames[static_cast<std::size_t>(m_gold)]));
    } else if (m_text->toPlainText().trimmed().isEmpty()) {
        parts << tr("Nothing is typed: this is what the models make of an empty text");
    }
    if (sentence != nullptr) {
        const std::size_t read = sentence->ids.size();
        parts << (sentence->leftOut > 0 ? tr("only the first %1 of %2 tokens are read (dataset.max_length)")
                                              .arg(read)
                                              .arg(read + sentence->leftOut)
                  : read == 1 ? tr("1 token")
                              : tr("%1 tokens").arg(read));
    }
    m_info->setText(parts.join(QStringLiteral(" · ")));
}

void InspectorPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    follow();
}

bool InspectorPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_text && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            inspectTyped();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace saeception
