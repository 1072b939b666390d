// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inspector_page.h"

#include "ui/format.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_chain.h"
#include "ui/models/feature_names.h"
#include "ui/models/feature_words.h"
#include "ui/models/run_steps.h"
#include "ui/pages/inspector_column.h"
#include "ui/pages/validation_effect.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"

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
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace saeception {
namespace {

constexpr int typingPauseMs = 200;
constexpr std::size_t shownAtFirst = 3;

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
    connect(m_features, &RunFeatures::indexChanged, this, &InspectorPage::follow);
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
    auto* another = new QPushButton(tr("Another"), bar);
    another->setObjectName(QStringLiteral("anotherSentence"));
    another->setToolTip(tr("Picks any sentence of the validation split"));
    auto* browse = new QPushButton(tr("Browse…"), bar);
    browse->setObjectName(QStringLiteral("browseSentences"));
    browse->setToolTip(tr("All sentences of the data set, on the Sentences page"));
    m_info = new ElidedLabel(bar);
    m_info->setObjectName(QStringLiteral("inspectorInfo"));
    m_info->setFaint(true);
    auto* cyclesLabel = new QLabel(tr("Cycles"), bar);
    m_cycleRow = new QHBoxLayout;
    m_cycleRow->setSpacing(gridUnit / 2);
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

    m_text->setFixedHeight(2 * another->sizeHint().height() + gridUnit / 2);  // as high as both buttons
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(gridUnit / 2);
    buttons->addWidget(another);
    buttons->addWidget(browse);
    auto* top = new QHBoxLayout;
    top->setSpacing(gridUnit);
    top->addWidget(m_text, 1, Qt::AlignTop);
    top->addLayout(buttons);
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(gridUnit);
    bottom->addWidget(m_info, 1);
    bottom->addWidget(cyclesLabel);
    bottom->addLayout(m_cycleRow);
    bottom->addSpacing(gridUnit);
    bottom->addWidget(shadingLabel);
    bottom->addWidget(m_shading);
    auto* column = new QVBoxLayout(bar);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addLayout(top);
    column->addLayout(bottom);
    connect(m_text, &QPlainTextEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(another, &QPushButton::clicked, this, &InspectorPage::pickAnother);
    connect(browse, &QPushButton::clicked, this, &InspectorPage::sentencesPageRequested);
    connect(m_shading, &QComboBox::currentIndexChanged, this, [this] {
        for (const auto& [cycle, shown] : m_columns)
            shown->setShading(static_cast<TokenShading>(m_shading->currentData().toInt()));
    });
    return bar;
}

void InspectorPage::connectModels() {
    connect(m_models, &LiveModels::inspected, this,
            [this](int cycle, const std::shared_ptr<const LiveSentence>& sentence) {
                InspectorColumn* column = columnOf(cycle);
                column->setGold(m_gold);
                column->showSentence(sentence);
                askForEdits(cycle);
                showInfo();
                if (m_chosenFeature >= 0)
                    followChosen(m_chosenCycle, m_chosenFeature);
            });
    connect(m_models, &LiveModels::edited, this, [this](int cycle, const EditedPrediction& prediction) {
        columnOf(cycle)->showEdited(prediction);
    });
    connect(m_models, &LiveModels::failed, this,
            [this](int cycle, const QString& line) { columnOf(cycle)->showMessage(line); });
    connect(m_models, &LiveModels::validationProgress, this, [this](int cycle, qint64 done, qint64 total) {
        columnOf(cycle)->validation()->showProgress(done, total);
    });
    connect(m_models, &LiveModels::validated, this,
            [this](int cycle, const std::shared_ptr<const SplitEffect>& effect) {
                columnOf(cycle)->validation()->showEffect(effect, m_features->index(cycle));
            });
    connect(m_models, &LiveModels::validationFailed, this,
            [this](int cycle, const QString& line) { columnOf(cycle)->validation()->showWords(line); });
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
    fillCycles();
    if (!isVisible())
        return;
    for (const int cycle : m_shown) {
        m_features->want(cycle);
        columnOf(cycle)->setIndex(m_features->index(cycle));
    }
    settleWanted();
    inspectNew();
}

// A button a cycle; those of cycles that are gone go with them.
void InspectorPage::fillCycles() {
    const std::vector<int>& cycles = m_features->cycles();
    const bool same = std::equal(cycles.begin(), cycles.end(), m_cycleButtons.begin(), m_cycleButtons.end(),
                                 [](int cycle, const auto& button) { return button.first == cycle; });
    if (same && !m_shown.empty())
        return;
    for (const auto& [cycle, button] : m_cycleButtons)
        delete button;
    m_cycleButtons.clear();
    for (const int cycle : cycles) {
        auto* button = new QToolButton(m_content);
        button->setObjectName(QStringLiteral("inspectCycle%1").arg(cycle));
        button->setText(QString::number(cycle));
        button->setAccessibleName(cycleText(cycle));
        button->setToolTip(tr("Cycle %1 side by side with the others").arg(cycle));
        button->setCheckable(true);
        connect(button, &QToolButton::clicked, this, [this, cycle](bool checked) {
            std::vector<int> shown = m_shown;
            if (checked)
                shown.push_back(cycle);
            else if (shown.size() > 1)  // the last one stays
                std::erase(shown, cycle);
            showCycles(std::move(shown));
        });
        m_cycleRow->addWidget(button);
        m_cycleButtons[cycle] = button;
    }
    std::vector<int> shown;
    std::copy_if(m_shown.begin(), m_shown.end(), std::back_inserter(shown),
                 [this](int cycle) { return m_cycleButtons.contains(cycle); });
    // At first what training began with and the latest cycles; later whatever is new comes in while there is
    // room.
    if (shown.empty()) {
        shown = cycles;
        if (shown.size() > shownAtFirst)
            shown.erase(shown.begin() + 1, shown.end() - static_cast<std::ptrdiff_t>(shownAtFirst - 1));
    } else if (shown.size() < shownAtFirst) {
        for (const int cycle : cycles)
            if (cycle > shown.back() && shown.size() < shownAtFirst)
                shown.push_back(cycle);
    }
    showCycles(std::move(shown));
}

void InspectorPage::showCycles(std::vector<int> cycles) {
    std::sort(cycles.begin(), cycles.end());
    m_shown = std::move(cycles);
    m_models->keepOnly(m_shown);
    while (m_row->count() > 0)
        delete m_row->takeAt(0);
    for (const auto& [cycle, column] : m_columns) {
        column->setVisible(std::binary_search(m_shown.begin(), m_shown.end(), cycle));
        if (column->isHidden())
            m_asked.erase(cycle);
    }
    for (const int cycle : m_shown) {
        InspectorColumn* column = columnOf(cycle);
        m_row->addWidget(column, 1);
        column->show();
    }
    for (const auto& [cycle, button] : m_cycleButtons)
        button->setChecked(std::binary_search(m_shown.begin(), m_shown.end(), cycle));
    if (isVisible())
        follow();
}

void InspectorPage::showSentence(int cycle, SplitKind split, qint64 example) {
    follow();
    m_wanted = Picked{cycle, split, example};
    if (m_cycleButtons.contains(cycle) && !std::binary_search(m_shown.begin(), m_shown.end(), cycle)) {
        std::vector<int> shown = m_shown;
        shown.push_back(cycle);
        showCycles(std::move(shown));
    }
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
    const int cycle = m_shown.empty() ? -1 : m_shown.back();
    const std::shared_ptr<const FeatureIndex> index = m_features->index(cycle);
    if (!index || index->sentenceCount() == 0)
        return;
    const auto [first, end] = offered(*index);
    const IndexedSentence picked =
        index->sentence(m_hasSentence ? QRandomGenerator::global()->bounded(first, end) : first);
    showSentence(cycle, picked.split, picked.example);
}

// What is wanted, once its index is there; where nothing is, the page begins with some sentence.
void InspectorPage::settleWanted() {
    if (!m_wanted && !m_hasSentence && m_text->toPlainText().isEmpty()) {
        const std::shared_ptr<const FeatureIndex> index =
            m_shown.empty() ? nullptr : m_features->index(m_shown.back());
        if (!index || index->sentenceCount() == 0)
            return;
        const IndexedSentence picked = index->sentence(offered(*index).first);
        m_wanted = Picked{m_shown.back(), picked.split, picked.example};
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

// Of the cycles in sight, those that have not been asked yet.
void InspectorPage::inspectNew() {
    if (!m_hasSentence || !isVisible())
        return;
    for (const int cycle : m_shown)
        if (m_asked.insert(cycle).second)
            inspect(cycle);
}

void InspectorPage::inspect(int cycle) {
    if (!columnOf(cycle)->sentence())
        columnOf(cycle)->showMessage(tr("Reading the model of cycle %1 …").arg(cycle));
    m_models->inspect(cycle, m_sentence);
}

void InspectorPage::askForEdits(int cycle) {
    const InspectorColumn* column = columnOf(cycle);
    if (column->sentence() && !column->edits().empty())
        m_models->edit(cycle, column->sentence()->ids, column->edits());
    else
        m_models->forgetEdit(cycle);
}

void InspectorPage::askForValidation(int cycle) {
    InspectorColumn* column = columnOf(cycle);
    const std::vector<FeatureEdit>& edits = column->edits();
    m_models->forgetValidation(cycle);
    if (edits.empty())
        return;
    if (std::none_of(edits.begin(), edits.end(), [](const FeatureEdit& edit) { return edit.token < 0; })) {
        column->validation()->showWords(
            tr("Changes on a token of this sentence mean nothing to other sentences; one that holds "
               "everywhere is "
               "followed through the validation split."));
        return;
    }
    const std::shared_ptr<const FeatureIndex> index = m_features->index(cycle);
    if (!index) {
        column->validation()->showWords(
            tr("The validation split is read from the feature index of this cycle, which cannot be used: "
               "build it "
               "again on the Features page."));
        return;
    }
    column->validation()->showProgress(0, 0);
    m_models->editValidation(cycle, index, edits);
}

// What became of the chosen feature in the other cycles is marked there as well.
void InspectorPage::followChosen(int cycle, int feature) {
    m_chosenCycle = cycle;
    m_chosenFeature = feature;
    if (feature < 0) {
        for (const auto& [other, column] : m_columns)
            column->clearChosen();
        return;
    }
    const std::vector<int>& cycles = m_features->cycles();
    if (std::find(cycles.begin(), cycles.end(), cycle) == cycles.end())
        return;
    if (m_shown.size() > 1)
        m_steps->want(std::max(cycle, m_shown.front() + 1));
    const QString name = tr("%1 of cycle %2").arg(feature).arg(cycle);
    for (const ChainEntry& entry : followFeature(
             cycles, [this](int later) { return m_steps->step(later); }, cycle, feature)) {
        const auto found = m_columns.find(entry.cycle);
        if (entry.cycle == cycle || found == m_columns.end())
            continue;
        switch (entry.state) {
            case ChainEntry::State::Present:
                found->second->setKin(entry.feature, tr("Shaded: where %1 fires, the counterpart of %2")
                                                         .arg(QString::number(entry.feature), name));
                break;
            case ChainEntry::State::Died:
                found->second->setKin(-1, tr("%1 has died: nothing is like it here").arg(name));
                break;
            case ChainEntry::State::Unborn:
                found->second->setKin(-1, tr("%1 is not born yet: nothing is like it here").arg(name));
                break;
            case ChainEntry::State::Unmatched:
            case ChainEntry::State::Unknown:
                found->second->clearChosen();
                break;
        }
    }
}

void InspectorPage::changeStrongest() {
    for (const int cycle : m_shown)
        columnOf(cycle)->changeStrongest();
}

void InspectorPage::forgetChanges() {
    for (const auto& [cycle, column] : m_columns)
        column->forgetChanges();
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
