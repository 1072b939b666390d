// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sentence_bands.h"

#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/theme.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace saeception {

SentenceBands::SentenceBands(QWidget* parent)
    : QWidget(parent),
      m_tabs(new QTabBar(this)),
      m_words(new QLabel(this)),
      m_sentences(new TopSentencesModel(this)),
      m_list(new QListView(this)) {
    m_tabs->setObjectName(QStringLiteral("sentenceBands"));
    m_tabs->setAccessibleName(tr("Strength of activation"));
    m_tabs->setDrawBase(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->setExpanding(false);
    for (int band = 0; band < bandCount; ++band)
        m_tabs->addTab(QString());
    m_words->setObjectName(QStringLiteral("bandWords"));
    m_words->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("topSentences"));
    m_list->setAccessibleName(tr("Sentences"));
    m_list->setModel(m_sentences);
    m_list->setItemDelegate(new TokenShadingDelegate(m_list));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFrameShape(QFrame::NoFrame);

    auto* inspect = new QAction(tr("Open sentence in the Inspector"), m_list);
    connect(inspect, &QAction::triggered, this, [this] { activate(m_list->currentIndex()); });
    auto* copy = new QAction(tr("Copy sentence"), m_list);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &SentenceBands::copySentences);
    m_list->addActions({inspect, copy});
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_list, &QListView::activated, this, &SentenceBands::activate);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(m_tabs);
    column->addWidget(m_words);
    column->addWidget(m_list, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        if (m_filling)
            return;
        m_wanted = static_cast<Band>(tab);
        showBand();
    });
    applyTheme();
    clear();
}

void SentenceBands::clear() {
    m_features.reset();
    m_feature = -1;
    m_sentences->clear();
    m_words->clear();
}

void SentenceBands::showFeature(std::shared_ptr<const FeatureIndex> features, int feature) {
    m_features = std::move(features);
    m_feature = feature;
    const auto count = [this](Band band) { return m_features->sentenceCount(m_feature, band); };
    m_filling = true;
    const QString titles[bandCount] = {tr("Top %1"), tr("Upper %1"), tr("Middle %1"), tr("Low %1"),
                                       tr("Near misses %1")};
    for (int band = 0; band < bandCount; ++band) {
        m_tabs->setTabText(band, titles[band].arg(count(static_cast<Band>(band))));
        m_tabs->setTabEnabled(band, count(static_cast<Band>(band)) > 0);
    }
    Band shown = m_wanted;
    if (count(shown) == 0)
        shown = count(Band::Top) > 0 ? Band::Top : Band::NearMiss;
    m_tabs->setCurrentIndex(static_cast<int>(shown));
    m_filling = false;
    showBand();
}

void SentenceBands::showBand() {
    const auto band = static_cast<Band>(m_tabs->currentIndex());
    const QString words[bandCount] = {
        tr("The sentences in which it fires most strongly."),
        tr("A sample of those with a peak above two thirds of its maximum."),
        tr("A sample of those with a peak between one and two thirds of its maximum."),
        tr("A sample of those with a peak below one third of its maximum."),
        tr("It fires nowhere in these; the number tells how much its pre-activation lacked at the token in "
           "bold.")};
    m_words->setText(words[static_cast<int>(band)]);
    std::vector<ShadedSentence> sentences = m_features->sentences(m_feature, band);
    float scale = m_features->maxActivation()[static_cast<std::size_t>(m_feature)];
    if (band == Band::NearMiss)  // nothing to shade, but the figures of all rows are to line up
        scale = sentences.empty() ? 0 : sentences.back().peak;
    m_sentences->setSentences(std::move(sentences), m_features->classNames(), scale);
    m_list->scrollToTop();
}

void SentenceBands::activate(const QModelIndex& index) {
    if (!index.isValid())
        return;
    const auto* sentence = index.data(TopSentencesModel::SentenceRole).value<const ShadedSentence*>();
    Q_EMIT sentenceActivated(sentence->split, sentence->example);
}

void SentenceBands::copySentences() const {
    QModelIndexList rows = m_list->selectionModel()->selectedIndexes();
    std::sort(rows.begin(), rows.end());
    QStringList texts;
    for (const QModelIndex& row : rows)
        texts << row.data(TopSentencesModel::CopyRole).toString();
    if (!texts.isEmpty())
        QGuiApplication::clipboard()->setText(texts.join(QLatin1Char('\n')));
}

void SentenceBands::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void SentenceBands::applyTheme() {
    QPalette faint = m_words->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_words->setPalette(faint);
    m_list->viewport()->update();
}

}  // namespace saeception
