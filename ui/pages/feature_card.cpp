// SPDX-License-Identifier: GPL-3.0-or-later
// The card of the selected feature.
#include "ui/pages/feature_card.h"

#include "ui/models/feature_table_model.h"
#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/plots/activation_histogram.h"
#include "ui/theme.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <vector>

namespace saeception {
namespace {

QLabel* wrappingLabel(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// `value` with as many decimals as suit `like`.
QString figure(float value, float like) {
    return formatFigure(static_cast<double>(value), fittingDecimals(static_cast<double>(like)));
}

}  // namespace

FeatureCard::FeatureCard(QWidget* parent)
    : QWidget(parent),
      m_heading(wrappingLabel(this)),
      m_facts(wrappingLabel(this)),
      m_classMeans(wrappingLabel(this)),
      m_body(new QStackedWidget(this)),
      m_message(wrappingLabel(this)),
      m_histogram(new ActivationHistogram(this)),
      m_sentencesHeading(wrappingLabel(this)),
      m_sentences(new TopSentencesModel(this)),
      m_list(new QListView(this)) {
    m_heading->setObjectName(QStringLiteral("featureHeading"));
    m_facts->setObjectName(QStringLiteral("featureFacts"));
    m_facts->setToolTip(
        tr("Mean and max of its activation where it fires; CSI, how selective it is for one class; "
           "U, the share of the label's entropy that its firing removes."));
    m_classMeans->setObjectName(QStringLiteral("featureClassMeans"));
    m_classMeans->setToolTip(
        tr("Mean activation over all tokens of each class's sentences, zeros included."));
    m_message->setObjectName(QStringLiteral("featureMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_list->setObjectName(QStringLiteral("topSentences"));
    m_list->setAccessibleName(tr("Top sentences"));
    m_list->setModel(m_sentences);
    m_list->setItemDelegate(new TokenShadingDelegate(m_list));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFrameShape(QFrame::NoFrame);
    m_sentencesHeading->setBuddy(m_list);

    auto* copy = new QAction(tr("Copy sentence"), m_list);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(copy);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copy, &QAction::triggered, this, &FeatureCard::copySentences);

    auto* details = new QWidget(m_body);
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    m_histogram->setMaximumHeight(24 * gridUnit);
    column->addWidget(m_histogram, 1);
    column->addWidget(m_sentencesHeading);
    column->addWidget(m_list, 3);
    m_body->addWidget(details);
    m_body->addWidget(m_message);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(gridUnit, 0, 0, 0);
    layout->setSpacing(gridUnit / 2);
    layout->addWidget(m_heading);
    layout->addWidget(m_facts);
    layout->addWidget(m_classMeans);
    layout->addSpacing(gridUnit / 2);
    layout->addWidget(m_body, 1);
    applyTheme();
    clear();
}

void FeatureCard::clear() {
    for (QLabel* label : {m_heading, m_facts, m_classMeans})
        label->clear();
    m_facts->hide();
    m_classMeans->hide();
    m_histogram->setCounts({}, 0);
    m_sentences->clear();
    m_message->setText(tr("No feature is selected."));
    m_body->setCurrentWidget(m_message);
}

void FeatureCard::showFeature(const FeatureIndex& features, int feature) {
    const auto at = static_cast<std::size_t>(feature);
    clear();
    if (!(features.density()[at] > 0)) {
        m_heading->setText(tr("Feature %1 · never fires").arg(feature));
        m_message->setText(tr("This feature never fired on this data set."));
        return;
    }

    const std::vector<std::string>& classNames = features.classNames();
    const auto means = features.classMean().subspan(at * classNames.size(), classNames.size());
    QStringList heading = {
        tr("Feature %1").arg(feature),
        tr("fires on %1 of tokens").arg(formatShare(static_cast<double>(features.density()[at])))};
    QStringList classWords;
    if (!means.empty()) {
        const auto strongest = std::max_element(means.begin(), means.end());
        heading << tr("strongest for %1")
                       .arg(QString::fromStdString(
                           classNames[static_cast<std::size_t>(strongest - means.begin())]));
        for (std::size_t c = 0; c < means.size(); ++c)
            classWords << QString::fromStdString(classNames[c]) + QLatin1Char(' ') +
                              figure(means[c], *strongest);
    }
    const QString separator = QStringLiteral(" · ");
    m_heading->setText(heading.join(separator));
    m_facts->setText(
        QStringList{tr("mean %1").arg(figure(features.meanActivation()[at], features.maxActivation()[at])),
                    tr("max %1").arg(figure(features.maxActivation()[at], features.maxActivation()[at])),
                    tr("CSI %1").arg(formatFigure(static_cast<double>(features.csi()[at]), 3)),
                    tr("U %1").arg(figure(features.usefulness()[at], features.usefulness()[at]))}
            .join(separator));
    m_classMeans->setText(tr("Mean by class: %1").arg(classWords.join(separator)));
    m_facts->show();
    m_classMeans->setVisible(!classWords.isEmpty());

    std::vector<ShadedSentence> sentences = features.sentences(feature, Band::Top);
    m_sentencesHeading->setText(sentences.size() == 1 ? tr("Top sentence")
                                                      : tr("Top %1 sentences").arg(sentences.size()));
    m_histogram->setCounts(features.histogram(feature), features.histogramEdges(feature).back());
    m_sentences->setSentences(std::move(sentences), classNames, features.maxActivation()[at]);
    m_list->scrollToTop();
    m_body->setCurrentIndex(0);
}

void FeatureCard::copySentences() const {
    QModelIndexList rows = m_list->selectionModel()->selectedIndexes();
    std::sort(rows.begin(), rows.end());
    QStringList texts;
    for (const QModelIndex& row : rows)
        texts << row.data(TopSentencesModel::CopyRole).toString();
    if (!texts.isEmpty())
        QGuiApplication::clipboard()->setText(texts.join(QLatin1Char('\n')));
}

void FeatureCard::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void FeatureCard::applyTheme() {
    QFont large = font();
    large.setBold(true);
    if (large.pointSizeF() > 0)
        large.setPointSizeF(1.15 * large.pointSizeF());
    if (m_heading->font() != large)
        m_heading->setFont(large);
    QFont bold = font();
    bold.setBold(true);
    if (m_sentencesHeading->font() != bold)
        m_sentencesHeading->setFont(bold);
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_facts, m_classMeans, m_message}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
    m_list->viewport()->update();
}

}  // namespace saeception
