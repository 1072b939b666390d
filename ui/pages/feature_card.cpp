// SPDX-License-Identifier: GPL-3.0-or-later
// The card of the selected feature.
#include "ui/pages/feature_card.h"

#include "ui/format.h"
#include "ui/models/feature_words.h"
#include "ui/models/top_sentences_model.h"
#include "ui/pages/feature_notes.h"
#include "ui/pages/sentence_bands.h"
#include "ui/plots/activation_histogram.h"
#include "ui/plots/effect_bars.h"
#include "ui/theme.h"
#include "ui/widgets/link_row.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace saeception {
namespace {

const QString separator = QStringLiteral(" · ");

QLabel* wrappingLabel(QWidget* parent, const char* name) {
    auto* label = new QLabel(parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// `value` with as many decimals as suit `like`.
QString figure(float value, float like) {
    return formatFigure(static_cast<double>(value), fittingDecimals(static_cast<double>(like)));
}

QString addressOf(int cycle, int feature) {
    return QStringLiteral("%1/%2").arg(cycle).arg(feature);
}

QString tokenList(const std::vector<TokenEffect>& tokens) {
    QStringList words;
    for (const TokenEffect& token : tokens) {
        const QString shown = visibleToken(token.text).trimmed();
        words << (shown.isEmpty() ? FeatureCard::tr("space") : shown);
    }
    return words.join(QStringLiteral(" · "));
}

}  // namespace

FeatureCard::FeatureCard(QWidget* parent)
    : QWidget(parent),
      m_heading(wrappingLabel(this, "featureHeading")),
      m_facts(wrappingLabel(this, "featureFacts")),
      m_quantiles(wrappingLabel(this, "featureQuantiles")),
      m_notes(new FeatureNotes(this)),
      m_body(new QStackedWidget(this)),
      m_message(wrappingLabel(this, "featureMessage")) {
    m_facts->setToolTip(QStringLiteral("<qt>") + csiDefinition().toHtmlEscaped() + QStringLiteral("<br>") +
                        usefulnessDefinition().toHtmlEscaped());
    m_message->setAlignment(Qt::AlignCenter);
    connect(m_notes, &FeatureNotes::edited, this, &FeatureCard::labelEdited);
    auto* details = new QWidget(m_body);
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    m_figures = buildFigures();
    column->addWidget(m_figures);
    buildRelations();
    m_bands = new SentenceBands(this);  // after the links: Tab goes down the card
    connect(m_bands, &SentenceBands::sentenceActivated, this, &FeatureCard::sentenceActivated);
    for (LinkRow* row : {m_cycles, m_neighbours, m_companions, m_concepts})
        column->addWidget(row);
    column->addSpacing(gridUnit / 2);
    column->addWidget(m_bands, 1);
    m_body->addWidget(details);
    m_body->addWidget(m_message);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(gridUnit, 0, 0, 0);
    layout->setSpacing(gridUnit / 2);
    layout->addWidget(m_heading);
    layout->addWidget(m_facts);
    layout->addWidget(m_quantiles);
    layout->addWidget(m_notes);
    layout->addWidget(m_body, 1);
    applyTheme();
    clear();
}

QWidget* FeatureCard::buildFigures() {
    auto* figures = new QWidget(this);
    m_histogram = new ActivationHistogram(figures);
    m_effectsHeading = new QLabel(tr("Effect on logits, a unit of activation"), figures);
    m_effectsHeading->setToolTip(
        tr("What the feature's decoder direction adds to each class's logit on the direct path through the "
           "final "
           "layer norm, at the norm's usual scale."));
    m_effects = new EffectBars(figures);
    m_effects->setObjectName(QStringLiteral("featureEffects"));
    m_raises = wrappingLabel(figures, "raisedTokens");
    m_lowers = wrappingLabel(figures, "loweredTokens");
    m_caveat = wrappingLabel(figures, "vocabularyCaveat");
    m_caveat->setText(
        tr("This model's token embedding was never trained to predict tokens: take these as chance."));
    auto* side = new QVBoxLayout;
    side->setSpacing(gridUnit / 2);
    side->addWidget(m_effectsHeading);
    side->addWidget(m_effects);
    side->addWidget(m_raises);
    side->addWidget(m_lowers);
    side->addWidget(m_caveat);
    side->addStretch(1);
    auto* row = new QHBoxLayout(figures);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_histogram, 1);
    row->addLayout(side, 1);
    m_histogram->setFixedHeight(17 * gridUnit);
    return figures;
}

void FeatureCard::buildRelations() {
    m_cycles = new LinkRow(tr("Across cycles"), this);
    m_cycles->setObjectName(QStringLiteral("featureCycles"));
    m_neighbours = new LinkRow(tr("Nearest decoders"), this);
    m_neighbours->setObjectName(QStringLiteral("featureNeighbours"));
    m_companions = new LinkRow(tr("Fires with"), this);
    m_companions->setObjectName(QStringLiteral("featureCompanions"));
    m_concepts = new LinkRow(tr("Concepts (F1)"), this);
    m_concepts->setObjectName(QStringLiteral("featureConcepts"));
    int width = 0;
    for (LinkRow* row : {m_cycles, m_neighbours, m_companions, m_concepts}) {
        width = std::max(width, row->titleWidth());
        connect(row, &LinkRow::linkActivated, this, &FeatureCard::follow);
    }
    for (LinkRow* row : {m_cycles, m_neighbours, m_companions, m_concepts})
        row->setTitleWidth(width);
}

void FeatureCard::follow(const QString& address) {
    if (address == QLatin1String("history")) {
        Q_EMIT historyRequested();
        return;
    }
    const QStringList parts = address.split(QLatin1Char('/'));
    Q_EMIT featureRequested(parts.value(0).toInt(), parts.value(1).toInt());
}

void FeatureCard::clear() {
    m_features.reset();
    m_feature = -1;
    m_kin = {};
    m_heading->clear();
    m_notes->clear();
    for (QWidget* part : std::initializer_list<QWidget*>{m_facts, m_quantiles, m_notes})
        part->hide();
    m_bands->clear();
    m_message->setText(tr("No feature is selected."));
    m_body->setCurrentWidget(m_message);
}

void FeatureCard::showFeature(std::shared_ptr<const FeatureIndex> features, int feature,
                              const FeatureLabel& label, const QStringList& lists) {
    m_features = std::move(features);
    m_feature = feature;
    m_kin = {};
    const bool alive = m_features->isAlive(feature);
    m_notes->show();
    m_notes->showFeature(m_features->cycle(), feature, label, lists);
    fillFacts();
    m_figures->setVisible(alive);
    for (LinkRow* row : {m_cycles, m_neighbours, m_companions})
        row->setVisible(alive);
    m_concepts->setVisible(alive && !m_features->conceptNames().empty());
    if (alive) {
        fillEffects();
        fillRelations();
        std::vector<std::vector<std::uint32_t>> counts;
        QStringList names;
        for (int c = 0; c < m_features->classCount(); ++c) {
            counts.push_back(m_features->histogram(feature, c));
            names << className(*m_features, c);
        }
        m_histogram->setCounts(std::move(counts), names, m_features->histogramEdges(feature).back());
    }
    const bool hasSentences = alive || m_features->sentenceCount(feature, Band::NearMiss) > 0;
    if (hasSentences)
        m_bands->showFeature(m_features, feature);
    else
        m_message->setText(tr("This feature never fired on this data set."));
    m_body->setCurrentIndex(hasSentences ? 0 : 1);
}

void FeatureCard::fillFacts() {
    const auto at = static_cast<std::size_t>(m_feature);
    m_facts->show();
    if (!m_features->isAlive(m_feature)) {
        m_heading->setText(tr("Feature %1 · never fires").arg(m_feature));
        m_facts->setText(
            tr("This feature never fired on this data set. Below are the sentences in which it came "
               "closest."));
        m_facts->setVisible(m_features->sentenceCount(m_feature, Band::NearMiss) > 0);
        m_quantiles->hide();
        return;
    }
    m_heading->setText(QStringList{
        tr("Feature %1").arg(m_feature),
        tr("fires on %1 of tokens").arg(formatShare(static_cast<double>(m_features->density()[at]))),
        tr("strongest for %1").arg(className(*m_features, m_features->strongestClass(m_feature)))}
                           .join(separator));
    const float most = m_features->maxActivation()[at];
    QStringList means;
    for (int c = 0; c < m_features->classCount(); ++c)
        means << className(*m_features, c) + QLatin1Char(' ') +
                     figure(m_features->classMean()[at * static_cast<std::size_t>(m_features->classCount()) +
                                                    static_cast<std::size_t>(c)],
                            most);
    m_facts->setText(
        QStringList{tr("CSI %1").arg(formatFigure(static_cast<double>(m_features->csi()[at]), 3)),
                    tr("U %1").arg(figure(m_features->usefulness()[at], m_features->usefulness()[at])),
                    tr("mean by class: %1").arg(means.join(QStringLiteral(", ")))}
            .join(separator));
    const auto quantiles = m_features->quantiles(m_feature);
    m_quantiles->setText(
        tr("Where it fires: mean\u00A0%1 · 25\u00A0%\u00A0%2 · median\u00A0%3 · 75\u00A0%\u00A0%4 · "
           "90\u00A0%\u00A0%5 · 99\u00A0%\u00A0%6 · max\u00A0%7")
            .arg(figure(m_features->meanActivation()[at], most), figure(quantiles[0], most),
                 figure(quantiles[1], most), figure(quantiles[2], most), figure(quantiles[3], most),
                 figure(quantiles[4], most), figure(most, most)));
    m_quantiles->show();
}

void FeatureCard::fillEffects() {
    std::vector<double> effects;
    QStringList names;
    for (int c = 0; c < m_features->classCount(); ++c) {
        effects.push_back(static_cast<double>(
            m_features->classEffect()[static_cast<std::size_t>(m_feature * m_features->classCount() + c)]));
        names << className(*m_features, c);
    }
    m_effects->setEffects(std::move(effects), names);
    const std::vector<TokenEffect> top = m_features->topTokens(m_feature);
    const std::vector<TokenEffect> bottom = m_features->bottomTokens(m_feature);
    m_raises->setVisible(!top.empty());
    m_lowers->setVisible(!bottom.empty());
    m_caveat->setVisible(!top.empty() && !m_features->origin().unembeddingTrained);
    m_raises->setToolTip({});
    resizeEvent(nullptr);
    const auto tips = [](const std::vector<TokenEffect>& tokens) {
        QStringList lines;
        for (const TokenEffect& token : tokens)
            lines << QStringLiteral("%1 %2").arg(visibleToken(token.text).toHtmlEscaped(),
                                                 formatFigure(static_cast<double>(token.logit), 3));
        return QStringLiteral("<qt>") + lines.join(QStringLiteral("<br>"));
    };
    m_raises->setToolTip(tips(top));
    m_lowers->setToolTip(tips(bottom));
}

// Two lines of tokens of either kind at most, whatever their lengths: the sentences below keep their room.
void FeatureCard::resizeEvent(QResizeEvent* event) {
    if (event != nullptr)
        QWidget::resizeEvent(event);
    if (!m_features || m_feature < 0 || !m_features->isAlive(m_feature))
        return;
    const int room = std::max(10 * gridUnit, (width() - 4 * gridUnit) / 2);
    const auto fill = [room](QLabel* label, const QString& title, const std::vector<TokenEffect>& tokens) {
        label->setWordWrap(false);
        label->setText(label->fontMetrics().elidedText(title + QLatin1Char(' ') + tokenList(tokens),
                                                       Qt::ElideRight, room));
    };
    fill(m_raises, tr("Raises"), m_features->topTokens(m_feature));
    fill(m_lowers, tr("Lowers"), m_features->bottomTokens(m_feature));
}

void FeatureCard::fillRelations() {
    const int cycle = m_features->cycle();
    QList<LinkRow::Item> items;
    for (const NeighbourFeature& neighbour : m_features->neighbours(m_feature))
        items.append({QString::number(neighbour.feature),
                      formatFigure(static_cast<double>(neighbour.cosine), 2),
                      addressOf(cycle, neighbour.feature),
                      tr("%1: cosine %2 · %3")
                          .arg(QString::number(neighbour.feature),
                               formatFigure(static_cast<double>(neighbour.cosine), 3),
                               peakWords(*m_features, neighbour.feature))});
    m_neighbours->setItems(items, tr("none"));
    items.clear();
    for (const Companion& companion : m_features->companions(m_feature))
        items.append(
            {QString::number(companion.feature),
             QString::number(100 * static_cast<double>(companion.share), 'f', 0) + QStringLiteral(" %"),
             addressOf(cycle, companion.feature),
             tr("%1: fires on %2 of this feature's tokens, Jaccard %3 · %4")
                 .arg(QString::number(companion.feature), formatShare(static_cast<double>(companion.share)),
                      formatFigure(static_cast<double>(companion.jaccard), 2),
                      peakWords(*m_features, companion.feature))});
    m_companions->setItems(items, tr("nothing often enough"));
    items.clear();
    for (const ConceptMatch& match : m_features->conceptsOf(m_feature)) {
        const QString name =
            QString::fromStdString(m_features->conceptNames()[static_cast<std::size_t>(match.conceptId)]);
        items.append({name,
                      formatFigure(match.f1, 2),
                      {},
                      tr("%1: F1 %2, precision %3, recall %4")
                          .arg(name, formatFigure(match.f1, 2), formatFigure(match.precision, 2),
                               formatFigure(match.recall, 2))});
    }
    m_concepts->setItems(items, tr("fires on no known concept"));
    setKin(m_kin);
}

void FeatureCard::setKin(const FeatureKin& kin) {
    m_kin = kin;
    if (!m_features || m_feature < 0)
        return;
    const int cycle = m_features->cycle();
    QList<LinkRow::Item> items;
    const auto add = [&](const MatchedSide& side, int other, bool later) {
        const Fate fate = side.fate(m_feature);
        const auto counterparts = side.of(m_feature);
        if (counterparts.empty()) {
            items.append({cycleText(other) + QStringLiteral(":"), fateText(fate, !later), {}, {}});
            return;
        }
        for (const Counterpart& counterpart : counterparts)
            items.append({tr("%1: %2").arg(cycleText(other)).arg(counterpart.feature),
                          fateText(fate, !later) + QLatin1Char(' ') +
                              formatFigure(static_cast<double>(counterpart.score()), 2),
                          addressOf(other, counterpart.feature),
                          tr("Feature %1 of cycle %2: decoder cosine %3, co-activation %4")
                              .arg(QString::number(counterpart.feature), QString::number(other),
                                   formatFigure(static_cast<double>(counterpart.cosine), 2),
                                   formatFigure(static_cast<double>(counterpart.coactivation), 2))});
    };
    if (m_kin.before)
        add(m_kin.before->after, cycle - 1, false);
    if (m_kin.after)
        add(m_kin.after->before, cycle + 1, true);
    // First: where many parts leave no room it must still be in reach.
    if (!items.isEmpty())
        items.prepend(
            {tr("history"), {}, QStringLiteral("history"), tr("The feature's history side by side")});
    m_cycles->setItems(items, tr("no other cycle is matched with this one"));
}

void FeatureCard::setLabel(const FeatureLabel& label, const QStringList& lists) {
    if (m_feature >= 0)
        m_notes->showFeature(m_features->cycle(), m_feature, label, lists);
}

void FeatureCard::commit() {
    m_notes->commit();
}

void FeatureCard::toggleStar() {
    m_notes->toggleStar();
}

void FeatureCard::focusLabel() {
    m_notes->focusLabel();
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
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_facts, m_quantiles, m_message, m_effectsHeading, m_raises, m_lowers, m_caveat}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, label == m_caveat ? colours.warning : colours.faintText);
        label->setPalette(faint);
    }
}

}  // namespace saeception
