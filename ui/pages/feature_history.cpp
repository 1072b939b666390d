// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feature_history.h"

#include "ui/format.h"
#include "ui/models/feature_words.h"
#include "ui/models/run_steps.h"
#include "ui/pages/history_column.h"
#include "ui/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>

namespace saeception {
namespace {

// How much of the spare room a feature takes, against a message.
constexpr int featureStretch = 3;

// "kept 0.86", "from a split".
QString arrowText(const ChainEntry& later) {
    const QString fate = fateText(later.fate, true);
    return later.fate == Fate::Kept || later.fate == Fate::Drifted
               ? fate + QLatin1Char(' ') + formatFigure(static_cast<double>(later.link.score()), 2)
               : fate;
}

QString arrowTip(const ChainEntry& later) {
    QString tip = QCoreApplication::translate("FeatureHistory", "Decoder cosine %1, co-activation %2")
                      .arg(formatFigure(static_cast<double>(later.link.cosine), 2),
                           formatFigure(static_cast<double>(later.link.coactivation), 2));
    if (later.fate == Fate::SplitUp)
        tip += QCoreApplication::translate("FeatureHistory", "; the whole split into %1 features")
                   .arg(later.parts);
    if (later.fate == Fate::Merged)
        tip += QCoreApplication::translate("FeatureHistory", "; %1 features merged").arg(later.parts);
    return tip;
}

}  // namespace

FeatureHistory::FeatureHistory(RunFeatures* features, RunSteps* steps, QWidget* parent)
    : QWidget(parent),
      m_features(features),
      m_steps(steps),
      m_stack(new QStackedWidget(this)),
      m_hint(new QLabel(tr("Choose a feature to follow it through the cycles."), this)),
      m_area(new QScrollArea(this)) {
    m_hint->setObjectName(QStringLiteral("historyHint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_area->setObjectName(QStringLiteral("historyArea"));
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    // The page shines through, also beneath the scroll bar.
    m_area->viewport()->setAutoFillBackground(false);
    m_area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setAccessibleName(tr("History of the feature"));
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_area);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, gridUnit / 2, 0, 0);
    column->addWidget(m_stack);
    setMinimumHeight(22 * gridUnit);
    applyTheme();
}

void FeatureHistory::showFeature(int cycle, int feature) {
    const bool moved = cycle != m_cycle || feature != m_feature;
    m_cycle = cycle;
    m_feature = feature;
    refresh();
    if (!moved)
        return;
    for (HistoryColumn* column : m_columns)
        if (column->cycle() == m_cycle)
            m_area->ensureWidgetVisible(column, 0, 0);
}

void FeatureHistory::makeColumns() {
    const std::vector<int>& cycles = m_steps->cycles();
    if (std::equal(m_columns.begin(), m_columns.end(), cycles.begin(), cycles.end(),
                   [](const HistoryColumn* column, int cycle) { return column->cycle() == cycle; }))
        return;
    m_columns.clear();
    m_sheet = new QWidget;
    m_row = new QHBoxLayout(m_sheet);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(gridUnit);
    for (const int cycle : cycles) {
        if (!m_columns.empty()) {
            auto* line = new QFrame(m_sheet);
            line->setFrameShape(QFrame::VLine);
            line->setFrameShadow(QFrame::Plain);
            line->setForegroundRole(QPalette::Mid);
            m_row->addWidget(line);
        }
        auto* column = new HistoryColumn(cycle, m_sheet);
        connect(column, &HistoryColumn::featureRequested, this,
                [this, cycle](int feature) { Q_EMIT featureRequested(cycle, feature); });
        connect(column, &HistoryColumn::sentenceRequested, this,
                [this, cycle](SplitKind split, qint64 example) {
                    Q_EMIT sentenceRequested(cycle, split, example);
                });
        m_row->addWidget(column, 1);
        m_columns.push_back(column);
    }
    m_area->setWidget(m_sheet);
    m_sheet->setAutoFillBackground(false);
}

void FeatureHistory::refresh() {
    const std::vector<int>& cycles = m_steps->cycles();
    if (m_feature < 0 || std::find(cycles.begin(), cycles.end(), m_cycle) == cycles.end()) {
        m_chain.clear();
        for (HistoryColumn* column : m_columns)
            column->showMessage({});
        m_stack->setCurrentWidget(m_hint);
        return;
    }
    makeColumns();
    const auto index = m_features->index(m_cycle);
    const bool exists = index && m_feature < index->featureCount();
    m_chain = exists ? followFeature(
                           cycles, [this](int step) { return m_steps->step(step); }, m_cycle, m_feature)
                     : std::vector<ChainEntry>(cycles.size());
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_chain[i].cycle = cycles[i];
        fill(m_columns[i], m_chain[i]);
        m_row->setStretchFactor(m_columns[i], m_columns[i]->feature() >= 0 ? featureStretch : 1);
        m_columns[i]->setChosen(cycles[i] == m_cycle);
        if (i == 0)
            continue;
        const bool linked = m_chain[i].state == ChainEntry::State::Present &&
                            m_chain[i - 1].state == ChainEntry::State::Present &&
                            m_chain[i].fate != Fate::Gone;
        m_columns[i - 1]->setArrow(linked ? arrowText(m_chain[i]) : QString(),
                                   linked ? arrowTip(m_chain[i]) : QString());
    }
    m_columns.back()->setArrow({}, {});
    m_stack->setCurrentWidget(m_area);
}

void FeatureHistory::fill(HistoryColumn* column, const ChainEntry& entry) {
    const auto index = m_features->index(entry.cycle);
    if (entry.state != ChainEntry::State::Present || !index) {
        column->showMessage(messageOf(entry));
        return;
    }
    try {
        column->showFeature(
            index, entry.feature,
            QString::fromStdString(m_features->label(entry.cycle, entry.feature).label).simplified());
    } catch (const std::exception& error) {
        column->showMessage(QString::fromUtf8(error.what()));
    }
}

QString FeatureHistory::messageOf(const ChainEntry& entry) const {
    switch (entry.state) {
        case ChainEntry::State::Died:
            return tr("Died after cycle %1").arg(entry.edge);
        case ChainEntry::State::Unborn:
            return tr("Not there yet: born in cycle %1").arg(entry.edge);
        case ChainEntry::State::Unmatched:
            return tr("It never fires in cycle %1: nothing stands for it here").arg(entry.edge);
        case ChainEntry::State::Present:
        case ChainEntry::State::Unknown:
            break;
    }
    if (entry.edge < 0) {
        const auto index = m_features->index(m_cycle);
        if (index && m_feature >= index->featureCount())
            return tr("Cycle %1 has no feature %2").arg(m_cycle).arg(m_feature);
        return m_features->state(m_cycle) == RunFeatures::State::Unusable ? m_features->reason(m_cycle)
                                                                          : tr("Reading…");
    }
    if (!m_steps->has(entry.edge))
        return tr("It cannot be followed here: a cycle between has no feature index");
    return m_steps->state(entry.edge) == RunSteps::State::Failed ? m_steps->reason(entry.edge)
           : m_steps->state(entry.edge) == RunSteps::State::Matching
               ? tr("Matching features of cycle %1 and %2…").arg(entry.edge - 1).arg(entry.edge)
               : tr("Reading…");
}

void FeatureHistory::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void FeatureHistory::applyTheme() {
    QPalette faint = m_hint->palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_hint->setPalette(faint);
}

}  // namespace saeception
