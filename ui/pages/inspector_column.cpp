// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inspector_column.h"

#include "ui/format.h"
#include "ui/models/raw_filter_model.h"
#include "ui/pages/feature_changes.h"
#include "ui/pages/prediction_view.h"
#include "ui/pages/validation_effect.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/feature_changer.h"
#include "ui/widgets/raw_table_view.h"
#include "ui/widgets/token_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <cmath>
#include <utility>

namespace saeception {
namespace {

enum Sheet { FeaturesSheet, ChangesSheet };
constexpr double firstFactor = 2;
constexpr int mostChangesHeight = 22 * gridUnit;

}  // namespace

InspectorColumn::InspectorColumn(int cycle, LiveFeatureModel::NameOf name, QWidget* parent)
    : QWidget(parent), m_cycle(cycle), m_name(std::move(name)) {
    setObjectName(QStringLiteral("inspectorColumn%1").arg(cycle));
    setMinimumWidth(leastWidth());
    m_message = new QLabel(this);
    m_message->setObjectName(QStringLiteral("columnMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_content = new QWidget(this);
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(gridUnit / 2);
    m_prediction = new PredictionView(m_content);
    m_caption = new ElidedLabel(m_content);
    m_caption->setObjectName(QStringLiteral("shadingWords"));
    m_caption->setFaint(true);
    m_tokens = new TokenStrip(m_content);
    m_tokens->setObjectName(QStringLiteral("tokens"));
    m_tokens->setAccessibleName(tr("Tokens as cycle %1 reads them").arg(m_cycle));
    m_tokens->setDescription(
        [this](int token) { return m_sentence ? tokenTip(*m_sentence, token, m_classNames) : QString(); });
    m_tabs = new QTabBar(m_content);
    m_tabs->setObjectName(QStringLiteral("columnTabs"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("What is shown of cycle %1").arg(m_cycle));
    m_tabs->addTab(tr("Features"));
    m_tabs->addTab(tr("Changes"));
    m_sheets = new QStackedWidget(m_content);
    m_sheets->addWidget(makeFeatures());
    m_sheets->addWidget(makeChanges());
    for (QWidget* widget : std::initializer_list<QWidget*>{m_prediction, m_caption, m_tokens, m_tabs})
        content->addWidget(widget);
    content->addWidget(m_sheets, 1);
    m_changer = new FeatureChanger(m_cycle, m_content);  // whichever sheet is in sight
    content->addWidget(m_changer);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_message);
    m_stack->addWidget(m_content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(makeHead());
    column->addWidget(m_stack, 1);

    connect(m_tabs, &QTabBar::currentChanged, m_sheets, &QStackedWidget::setCurrentIndex);
    connect(m_tabs, &QTabBar::currentChanged, this, &InspectorColumn::showValidationLine);
    connect(m_validation, &ValidationEffect::summaryChanged, this, &InspectorColumn::showValidationLine);
    connect(m_tokens, &TokenStrip::tokenHovered, this, &InspectorColumn::tokenHovered);
    connect(m_tokens, &TokenStrip::tokenPinned, this, &InspectorColumn::tokenPinned);
    connect(m_changer, &FeatureChanger::changeRequested, this, &InspectorColumn::change);
    connect(m_changer, &FeatureChanger::problemChanged, this,
            [this](const QString& line) { line.isEmpty() ? showShades() : m_caption->setText(line); });
    editsWereChanged();
    applyTheme();
}

QWidget* InspectorColumn::makeHead() {
    auto* head = new QWidget(this);
    m_title = new QLabel(cycleText(m_cycle), head);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_explained = new ElidedLabel(head);
    m_explained->setObjectName(QStringLiteral("explainedVariance"));
    m_explained->setFaint(true);
    m_outcome = new QLabel(head);
    m_outcome->setObjectName(QStringLiteral("outcome"));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_title);
    row->addWidget(m_explained, 1);
    row->addWidget(m_outcome);
    return head;
}

QWidget* InspectorColumn::makeFeatures() {
    auto* sheet = new QWidget(m_content);
    m_features = new LiveFeatureModel(m_name, this);
    m_table = new RawTableView(new RawFilterModel(m_features, this), sheet);
    m_table->setObjectName(QStringLiteral("liveFeatures"));
    m_table->setAccessibleName(tr("Features that fire in cycle %1").arg(m_cycle));
    m_bars = new ContributionDelegate(m_table);
    m_table->setItemDelegate(m_bars);
    m_table->setExtraRoom([this](int column) {
        return column == LiveFeatureModel::Adds ? ContributionDelegate::barRoom(m_table->width()) : 0;
    });
    m_table->viewport()->installEventFilter(this);
    connect(m_table, &QAbstractItemView::entered, this, [this](const QModelIndex& index) {
        m_hoveredFeature = m_features->featureIn(m_table->rows()->sourceRow(index.row()));
        showShades();
    });
    connect(m_table, &RawTableView::currentMoved, this, [this] {
        if (m_filling)
            return;
        m_kinWords.clear();
        m_chosen = m_features->featureIn(m_table->currentSourceRow());
        m_changer->setFeature(m_chosen);
        showShades();
        Q_EMIT featureChosen(m_chosen);
    });
    const auto request = [this](const QModelIndex& index) {
        Q_EMIT featureRequested(m_features->featureIn(m_table->rows()->sourceRow(index.row())));
    };
    connect(m_table, &RawTableView::opened, this, request);
    connect(m_table, &RawTableView::linkClicked, this, request);

    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(m_table, 1);
    return sheet;
}

QWidget* InspectorColumn::makeChanges() {
    auto* sheet = new QWidget(m_content);
    m_changes = new FeatureChanges(m_name, sheet);
    m_changes->setObjectName(QStringLiteral("featureChanges"));
    auto* scroll = new QScrollArea(sheet);
    scroll->setObjectName(QStringLiteral("changesArea"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    scroll->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    scroll->setMaximumHeight(mostChangesHeight);
    scroll->setWidget(m_changes);
    m_validation = new ValidationEffect(sheet);
    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(0, gridUnit / 2, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(scroll);
    column->addWidget(m_validation, 1);
    connect(m_changes, &FeatureChanges::changed, this, [this] {
        editsWereChanged();
        Q_EMIT editsChanged();
    });
    connect(m_changes, &FeatureChanges::featureRequested, this, &InspectorColumn::featureRequested);
    connect(m_validation, &ValidationEffect::sentenceRequested, this, &InspectorColumn::sentenceRequested);
    return sheet;
}

void InspectorColumn::setIndex(std::shared_ptr<const FeatureIndex> index) {
    m_index = std::move(index);
    refreshNames();
}

void InspectorColumn::refreshNames() {
    m_features->refreshNames();
}

void InspectorColumn::change(int feature, EditKind kind) {
    FeatureEdit edit{feature, kind, 0, -1};
    if (kind == EditKind::Scale)
        edit.value = firstFactor;
    if (kind == EditKind::Fix && m_index && edit.feature < m_index->featureCount())
        // What it has where it fires most strongly: an effect that can be seen.
        edit.value = static_cast<double>(m_index->maxActivation()[static_cast<std::size_t>(edit.feature)]);
    if (kind != EditKind::Ablate)
        m_tabs->setCurrentIndex(ChangesSheet);
    m_changes->add(edit);
}

const std::vector<FeatureEdit>& InspectorColumn::edits() const {
    return m_changes->edits();
}

void InspectorColumn::changeStrongest() {
    if (m_features->rowCount() == 0)
        return;
    m_tabs->setCurrentIndex(ChangesSheet);
    m_changes->add({m_features->featureIn(0), EditKind::Ablate, 0, -1});
}

void InspectorColumn::forgetChanges() {
    m_tabs->setCurrentIndex(FeaturesSheet);
    m_changes->clear();
}

void InspectorColumn::editsWereChanged() {
    const auto count = static_cast<int>(edits().size());
    m_tabs->setTabText(ChangesSheet, count == 0 ? tr("Changes") : tr("Changes (%1)").arg(count));
    m_features->setEdits(edits());
    m_prediction->showEdited(std::nullopt);
    if (count == 0)
        m_validation->showWords(tr(
            "No feature is changed. Choose one under Features, then ablate, scale or fix it: the prediction "
            "follows at once, and the whole validation split in the background."));
    showValidationLine();
}

void InspectorColumn::showValidationLine() {
    // The sheet of changes says more of it.
    const bool isWanted = !edits().empty() && m_tabs->currentIndex() == FeaturesSheet;
    m_prediction->setValidation(isWanted ? m_validation->summary() : QString());
}

void InspectorColumn::showMessage(const QString& text) {
    m_sentence.reset();
    m_message->setText(text);
    showOutcome();
    m_stack->setCurrentWidget(m_message);
}

void InspectorColumn::showSentence(std::shared_ptr<const LiveSentence> sentence) {
    const bool another = !m_sentence || m_sentence->ids != sentence->ids;
    if (!m_sentence || m_sentence->featureCount != sentence->featureCount)
        m_changer->setFeatureCount(sentence->featureCount);
    m_sentence = std::move(sentence);
    m_classNames.clear();
    for (const std::string& name : m_sentence->classNames)
        m_classNames << QString::fromStdString(name);
    if (another) {
        std::vector<std::string> tokens;
        for (const LiveToken& token : m_sentence->tokens)
            tokens.push_back(token.text);
        m_tokens->setTokens(tokens);
        m_hoveredToken = -1;
        m_pinnedToken = -1;
        m_changes->setTokens(std::move(tokens));
    }
    m_stack->setCurrentWidget(m_content);
    m_prediction->showSentence(m_sentence, m_classNames);
    showOutcome();
    showFeatures();
}

void InspectorColumn::setGold(int label) {
    m_gold = label;
    showOutcome();
}

void InspectorColumn::setShading(TokenShading shading) {
    m_shading = shading;
    showShades();
}

void InspectorColumn::setHoveredToken(int token) {
    m_tokens->setHovered(token);
    m_hoveredToken = token;
    showFeatures();
}

void InspectorColumn::setPinnedToken(int token) {
    m_tokens->setPinned(token);
    m_pinnedToken = token;
    showFeatures();
}

void InspectorColumn::setKin(int feature, const QString& words) {
    m_chosen = feature;
    m_kinWords = words;
    m_changer->setFeature(feature);
    chooseRow(feature);
    showShades();
}

void InspectorColumn::clearChosen() {
    setKin(-1, {});
}

// Marks the row of `feature`, telling nobody.
void InspectorColumn::chooseRow(int feature) {
    m_filling = true;
    if (const int row = m_features->rowOf(feature); feature >= 0 && row >= 0)
        m_table->setCurrentSourceRow(row);
    else
        m_table->setCurrentIndex({});
    m_filling = false;
}

void InspectorColumn::showFeatures() {
    if (!m_sentence)
        return;
    const int token = m_hoveredToken >= 0 ? m_hoveredToken : m_pinnedToken;
    const int counted = countedClass(*m_sentence);
    m_filling = true;
    m_features->showSentence(m_sentence, token, nameOf(counted));
    m_filling = false;
    m_bars->setScale(m_features->largest(), counted, m_classNames.size() == 2 ? 1 - counted : -1);
    const bool read = token < 0 || m_sentence->tokens[static_cast<std::size_t>(token)].inSaeData;
    m_table->setHint(read ? tr("No feature fires here.")
                          : tr("This token is not part of the SAE's data: its features are not counted."));
    m_tabs->setTabText(
        FeaturesSheet,
        token < 0 ? tr("Features")
                  : tr("On %1").arg(quotedToken(m_sentence->tokens[static_cast<std::size_t>(token)].text)
                                        .replace(QLatin1Char('&'), QStringLiteral("&&"))));
    chooseRow(m_chosen);
    showShades();
}

void InspectorColumn::showEdited(const EditedPrediction& prediction) {
    m_prediction->showEdited(prediction);
}

void InspectorColumn::showEditProblem(const QString& line) {
    m_prediction->showProblem(line);
}

// Beside the title: how well the autoencoder reads the sentence, and whether the prediction is right.
void InspectorColumn::showOutcome() {
    m_outcome->clear();
    m_explained->setText({});
    if (!m_sentence)
        return;
    // One token alone does not vary.
    if (std::isfinite(m_sentence->fvu))
        m_explained->setText(
            tr("explained variance %1 %").arg(QString::number(100 * (1 - m_sentence->fvu), 'f', 1)));
    if (m_gold < 0)
        return;
    const bool right = m_gold == m_sentence->prediction;
    m_outcome->setText(right ? tr("✓ right") : tr("✗ wrong"));
    QPalette palette = m_outcome->palette();
    palette.setColor(QPalette::WindowText,
                     right ? Theme::instance().colours().faintText : Theme::instance().colours().error);
    m_outcome->setPalette(palette);
}

void InspectorColumn::showShades() {
    if (!m_sentence)
        return;
    const int feature = m_hoveredFeature >= 0 ? m_hoveredFeature : m_chosen;
    if (feature >= 0) {
        m_tokens->setShades(featureShades(*m_sentence, feature));
        const QString name = (QString::number(feature) + QLatin1Char(' ') + m_name(feature)).trimmed();
        m_caption->setText(m_hoveredFeature < 0 && !m_kinWords.isEmpty()
                               ? m_kinWords
                               : tr("Shaded: where %1 fires").arg(name));
    } else {
        m_tokens->setShades(tokenShades(*m_sentence, m_shading));
        m_caption->setText(!m_kinWords.isEmpty() ? m_kinWords
                           : m_shading == TokenShading::Reading
                               ? tr("Shaded: what would be predicted if the sentence ended there")
                               : tr("Shaded: what each token's features add to the prediction"));
    }
}

bool InspectorColumn::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table->viewport() && event->type() == QEvent::Leave && m_hoveredFeature >= 0) {
        m_hoveredFeature = -1;
        showShades();
    }
    return QWidget::eventFilter(watched, event);
}

void InspectorColumn::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Delete && m_table->hasFocus())
        m_changer->request(EditKind::Ablate);
    else if (event->key() == Qt::Key_Escape && m_chosen >= 0)
        Q_EMIT featureChosen(-1);
    else
        QWidget::keyPressEvent(event);
}

void InspectorColumn::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void InspectorColumn::applyTheme() {
    QPalette faint = m_message->palette();
    if (faint.color(QPalette::WindowText) != Theme::instance().colours().faintText) {
        faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
        m_message->setPalette(faint);
    }
    showOutcome();
    m_prediction->applyTheme();
    showShades();
}

}  // namespace saeception
