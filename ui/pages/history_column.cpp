// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/history_column.h"

#include "ui/format.h"
#include "ui/models/feature_words.h"
#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/theme.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

enum Figure { Density, Maximum, Csi, Usefulness, Effect, FigureCount };

QString figure(float value) {
    return formatFigure(static_cast<double>(value), fittingDecimals(static_cast<double>(value)));
}

}  // namespace

HistoryColumn::HistoryColumn(int cycle, QWidget* parent) : QWidget(parent), m_cycle(cycle) {
    setObjectName(QStringLiteral("history%1").arg(cycle));
    m_sentences = new TopSentencesModel(this);
    m_body = new QStackedWidget(this);
    auto* details = new QWidget(m_body);
    auto* inner = new QVBoxLayout(details);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(gridUnit / 2);
    m_label = new QLabel(details);
    m_label->setObjectName(QStringLiteral("historyLabel"));
    m_words = new QLabel(details);
    m_words->setObjectName(QStringLiteral("historyWords"));
    m_words->setToolTip(tr("The tokens on which it fires most"));
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto* called = new QHBoxLayout;
    called->setSpacing(gridUnit);
    for (QLabel* label : {m_label, m_words}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        called->addWidget(label, label == m_words ? 1 : 0);
    }
    inner->addLayout(called);
    inner->addWidget(makeFigures());
    m_list = new QListView(details);
    m_list->setObjectName(QStringLiteral("historySentences"));
    m_list->setAccessibleName(tr("Top sentences in cycle %1").arg(cycle));
    m_list->setModel(m_sentences);
    m_list->setItemDelegate(new TokenShadingDelegate(m_list, TokenShadingDelegate::Form::Compact));
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_list->installEventFilter(this);
    connect(m_list, &QAbstractItemView::doubleClicked, this, &HistoryColumn::openSentence);
    auto* open = new QAction(tr("Open in the Inspector"), m_list);
    connect(open, &QAction::triggered, this, &HistoryColumn::openSentence);
    auto* copy = new QAction(tr("Copy sentence"), m_list);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, [this] {
        if (m_list->currentIndex().isValid())
            QGuiApplication::clipboard()->setText(
                m_list->currentIndex().data(TopSentencesModel::CopyRole).toString());
    });
    m_list->addActions({open, copy});
    inner->addWidget(m_list, 1);
    m_message = new QLabel(m_body);
    m_message->setObjectName(QStringLiteral("historyMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setMargin(2 * gridUnit);
    m_body->addWidget(details);
    m_body->addWidget(m_message);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(makeHead());
    column->addWidget(m_body, 1);
    applyTheme();
    showMessage({});
}

QWidget* HistoryColumn::makeHead() {
    auto* head = new QWidget(this);
    m_title = new QLabel(cycleText(m_cycle), head);
    m_link = new QLabel(head);
    m_link->setObjectName(QStringLiteral("historyLink"));
    m_link->setTextFormat(Qt::RichText);
    m_link->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_link->setToolTip(tr("Show it on the Features page"));
    connect(m_link, &QLabel::linkActivated, this, [this] { Q_EMIT featureRequested(m_feature); });
    m_arrow = new QLabel(head);
    m_arrow->setObjectName(QStringLiteral("historyArrow"));
    m_arrow->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_title);
    row->addWidget(m_link);
    row->addStretch(1);
    row->addWidget(m_arrow);
    return head;
}

QWidget* HistoryColumn::makeFigures() {
    auto* panel = new QWidget(this);
    auto* grid = new QGridLayout(panel);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(2 * gridUnit);
    grid->setVerticalSpacing(0);
    const QStringList captions = {tr("Density"), tr("Max"), tr("CSI"), tr("U"), tr("Effect")};
    const QStringList tips = {tr("The share of tokens on which it fires."),
                              tr("The largest activation on any token."), csiDefinition(),
                              usefulnessDefinition(), effectDefinition()};
    for (int i = 0; i < FigureCount; ++i) {
        m_captions << new QLabel(captions[i], panel);
        m_figures << new QLabel(panel);
        m_figures.back()->setObjectName(QStringLiteral("historyFigure%1").arg(i));
        m_figures.back()->setTextFormat(Qt::PlainText);
        m_figures.back()->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_captions.back()->setToolTip(tips[i]);
        m_figures.back()->setToolTip(tips[i]);
        grid->addWidget(m_captions.back(), 0, i);
        grid->addWidget(m_figures.back(), 1, i);
    }
    grid->setColumnStretch(FigureCount, 1);
    return panel;
}

void HistoryColumn::showFeature(const std::shared_ptr<const FeatureIndex>& index, int feature,
                                const QString& label) {
    m_label->setText(label);
    m_label->setVisible(!label.isEmpty());
    if (index == m_index && feature == m_feature)
        return;
    setMinimumWidth(leastWidth(true));
    m_index = index;
    m_feature = feature;
    showLink();
    if (!index->isAlive(feature)) {
        m_message->setText(tr("Never fires in cycle %1").arg(m_cycle));
        m_sentences->clear();
        m_body->setCurrentIndex(1);
        return;
    }
    showFigures();
    std::vector<ShadedSentence> sentences = index->sentences(feature, Band::Top);
    sentences.resize(std::min<std::size_t>(sentences.size(), sentencesShown));
    m_sentences->setSentences(std::move(sentences), index->classNames(),
                              index->maxActivation()[static_cast<std::size_t>(feature)]);
    m_list->scrollToTop();
    m_body->setCurrentIndex(0);
}

void HistoryColumn::showFigures() {
    const auto at = static_cast<std::size_t>(m_feature);
    m_words->setText(peakWords(*m_index, m_feature));
    m_figures[Density]->setText(formatShare(static_cast<double>(m_index->density()[at])));
    m_figures[Maximum]->setText(figure(m_index->maxActivation()[at]));
    m_figures[Csi]->setText(formatFigure(static_cast<double>(m_index->csi()[at]), 3));
    m_figures[Usefulness]->setText(figure(m_index->usefulness()[at]));
    m_figures[Effect]->setText(effectText(*m_index, m_feature));
}

void HistoryColumn::showMessage(const QString& text) {
    setMinimumWidth(leastWidth(false));
    m_index.reset();
    m_feature = -1;
    m_sentences->clear();
    m_message->setText(text);
    m_message->setToolTip(QStringLiteral("<qt>") + text.toHtmlEscaped());  // a long reason may find no room
    showLink();
    m_body->setCurrentIndex(1);
}

void HistoryColumn::setArrow(const QString& text, const QString& tip) {
    m_arrow->setText(text.isEmpty() ? QString() : text + QStringLiteral(" ⟶"));
    m_arrow->setToolTip(tip);
}

void HistoryColumn::setChosen(bool chosen) {
    m_chosen = chosen;
    applyTheme();
}

void HistoryColumn::showLink() {
    m_link->setVisible(m_feature >= 0);
    // Its colour is fixed when the text is set, so this is done again for another theme.
    m_link->setText(QStringLiteral("<a style=\"color:%1; text-decoration:none\" href=\"feature\">%2</a>")
                        .arg(Theme::instance().colours().accent.name(), tr("Feature %1").arg(m_feature)));
}

void HistoryColumn::openSentence() {
    const auto* sentence =
        m_list->currentIndex().data(TopSentencesModel::SentenceRole).value<const ShadedSentence*>();
    if (sentence != nullptr)
        Q_EMIT sentenceRequested(sentence->split, sentence->example);
}

bool HistoryColumn::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            openSentence();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void HistoryColumn::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void HistoryColumn::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QFont strong = font();
    strong.setWeight(m_chosen ? QFont::Bold : QFont::Medium);
    if (m_title->font() != strong)
        m_title->setFont(strong);
    QFont medium = font();
    medium.setWeight(QFont::DemiBold);
    if (m_label->font() != medium)
        m_label->setFont(medium);
    QFont small = font();
    if (small.pointSizeF() > 0)
        small.setPointSizeF(0.9 * small.pointSizeF());
    for (QLabel* label : m_captions + QList<QLabel*>{m_arrow, m_message, m_words}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
    for (QLabel* label : m_captions)
        if (label->font() != small)
            label->setFont(small);
    showLink();
    m_list->viewport()->update();
}

}  // namespace saeception
