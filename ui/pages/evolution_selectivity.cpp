// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/evolution_selectivity.h"

#include "ui/models/change_text.h"
#include "ui/models/feature_chain.h"
#include "ui/models/feature_words.h"
#include "ui/models/run_steps.h"
#include "ui/plots/quartile_lines.h"
#include "ui/plots/selectivity_plot.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

QString movementText(const Movement& movement) {
    if (movement.count == 0)
        return EvolutionSelectivity::tr("No feature is shown.");
    const QLocale locale;
    return EvolutionSelectivity::tr("Median %1 → %2 · %3 rose, %4 fell")
        .arg(plainFigure(movement.before), plainFigure(movement.after), locale.toString(movement.rose),
             locale.toString(movement.fell));
}

}  // namespace

EvolutionSelectivity::EvolutionSelectivity(RunSteps* steps, FeatureNames* names, QWidget* parent)
    : QWidget(parent),
      m_steps(steps),
      m_names(names),
      m_csi(new SelectivityPlot(SelectivityPlot::Scale::Linear, this)),
      m_usefulness(new SelectivityPlot(SelectivityPlot::Scale::Logarithmic, this)),
      m_lines(new QWidget(this)),
      m_csiLines(new QuartileLines(tr("CSI by cycle"), QuartileLines::Scale::Linear, m_lines)),
      m_usefulnessLines(
          new QuartileLines(tr("U by cycle (log)"), QuartileLines::Scale::Logarithmic, m_lines)) {
    m_csi->setObjectName(QStringLiteral("csiPlot"));
    m_usefulness->setObjectName(QStringLiteral("usefulnessPlot"));
    m_csiLines->setObjectName(QStringLiteral("csiLines"));
    m_usefulnessLines->setObjectName(QStringLiteral("usefulnessLines"));
    m_lines->setObjectName(QStringLiteral("selectivityLines"));
    for (SelectivityPlot* plot : {m_csi, m_usefulness}) {
        plot->setDescriber([this](int point) { return describe(point); });
        connect(plot, &SelectivityPlot::dotClicked, this, [this](int point) {
            const FeaturePair& pair = m_points[static_cast<std::size_t>(point)].pair;
            choose(m_step.cycle(), pair.after);
            Q_EMIT featureChosen(m_step.cycle(), pair.after);
        });
    }
    auto* lines = new QVBoxLayout(m_lines);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(gridUnit);
    lines->addWidget(m_csiLines);
    lines->addWidget(m_usefulnessLines);
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * gridUnit);
    row->addWidget(m_csi, 4);
    row->addWidget(m_usefulness, 4);
    row->addWidget(m_lines, 3);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(makeBar());
    column->addLayout(row, 1);
}

QWidget* EvolutionSelectivity::makeBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2 * gridUnit);
    m_kept = new QCheckBox(tr("&Kept"), bar);
    m_kept->setObjectName(QStringLiteral("showKept"));
    m_kept->setToolTip(tr("Shows features that one feature of the later cycle is the same as"));
    m_drifted = new QCheckBox(tr("&Drifted"), bar);
    m_drifted->setObjectName(QStringLiteral("showDrifted"));
    m_drifted->setToolTip(tr("Shows features that one feature of the later cycle is like"));
    for (QCheckBox* box : {m_kept, m_drifted}) {
        box->setChecked(true);
        connect(box, &QCheckBox::toggled, this, &EvolutionSelectivity::showDots);
        row->addWidget(box);
    }
    row->addStretch(1);
    m_legend = new QHBoxLayout;
    m_legend->setSpacing(gridUnit / 2);
    row->addLayout(m_legend);
    return bar;
}

void EvolutionSelectivity::setStep(const CycleStep& step) {
    if (step == m_step)
        return;
    m_step = step.isKnown() ? step : CycleStep();
    m_points = selectivityPoints(m_step);
    if (m_step.isKnown()) {
        const int after = m_step.cycle();
        m_csi->setAxisNames(tr("CSI in cycle %1").arg(after - 1), tr("CSI in cycle %1").arg(after));
        m_usefulness->setAxisNames(tr("U in cycle %1").arg(after - 1), tr("U in cycle %1").arg(after));
    }
    showLegend();
    showDots();
}

void EvolutionSelectivity::showDots() {
    std::vector<SelectivityPoint> shown;
    std::vector<ScatterDot> csi;
    std::vector<ScatterDot> usefulness;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const SelectivityPoint& point = m_points[i];
        if (!(point.pair.fate == Fate::Kept ? m_kept : m_drifted)->isChecked())
            continue;
        shown.push_back(point);
        const auto id = static_cast<int>(i);
        csi.push_back({point.csiBefore, point.csiAfter, point.favouredClass, point.salient, id});
        usefulness.push_back(
            {point.usefulnessBefore, point.usefulnessAfter, point.favouredClass, point.salient, id});
    }
    m_csi->setHeading(tr("CSI, selectivity for one class"),
                      movementText(movementOf(shown, SelectivityFigure::Csi)));
    m_usefulness->setHeading(tr("U, what firing tells of the label (log)"),
                             movementText(movementOf(shown, SelectivityFigure::Usefulness)));
    m_csi->setDots(std::move(csi));
    m_usefulness->setDots(std::move(usefulness));
    choose(m_cycle, m_feature);
}

void EvolutionSelectivity::showLegend() {
    while (QLayoutItem* item = m_legend->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!m_step.isKnown())
        return;
    const auto add = [this](const QPixmap& picture, const QString& text) {
        auto* mark = new QLabel(this);
        mark->setPixmap(picture);
        m_legend->addWidget(mark);
        auto* name = new QLabel(text, this);
        name->setTextFormat(Qt::PlainText);
        name->setForegroundRole(QPalette::PlaceholderText);
        m_legend->addWidget(name);
        m_legend->addSpacing(gridUnit);
    };
    const double ratio = m_legendRatio = devicePixelRatioF();
    for (int label = 0; label < m_step.after->classCount(); ++label)
        add(dotPicture(label, false, ratio), tr("raises %1").arg(className(*m_step.after, label)));
    const bool unknown = std::any_of(m_points.begin(), m_points.end(),
                                     [](const SelectivityPoint& point) { return point.favouredClass < 0; });
    if (unknown)
        add(dotPicture(-1, false, ratio), tr("effect not known"));
    if (m_step.after->origin().sharpening == "per_class")
        add(dotPicture(-1, true, ratio), tr("salient: sharpening aimed at it"));
}

void EvolutionSelectivity::showCycles() {
    // From the first cycle as far as every step is known.
    std::vector<CycleStep> steps;
    for (const int step : m_steps->steps()) {
        const CycleStep known = m_steps->step(step);
        if (!known.isKnown() || (!steps.empty() && steps.back().cycle() + 1 != step))
            break;
        steps.push_back(known);
    }
    m_lines->setVisible(m_steps->cycles().size() > 2);
    if (steps == m_lineSteps)
        return;
    m_lineSteps = steps;
    const std::vector<std::vector<int>> chains = matchedThroughout(steps);
    const QLocale locale;
    for (const auto& [figure, plot] : {std::pair(SelectivityFigure::Csi, m_csiLines),
                                       std::pair(SelectivityFigure::Usefulness, m_usefulnessLines)}) {
        QuartileLines::Line all{tr("all that fire"), {}};
        QuartileLines::Line matched{chains.size() == 1
                                        ? tr("1 matched throughout")
                                        : tr("%1 matched throughout").arg(locale.toString(chains.size())),
                                    {}};
        for (std::size_t c = 0; !steps.empty() && c <= steps.size(); ++c) {
            const FeatureIndex& index = c == 0 ? *steps[0].before : *steps[c - 1].after;
            std::vector<int> features;
            for (const std::vector<int>& chain : chains)
                features.push_back(chain[c]);
            all.cycles.emplace_back(index.cycle(), spreadOfAlive(index, figure));
            matched.cycles.emplace_back(index.cycle(), spreadOf(index, features, figure));
        }
        plot->setLines({all, matched});
    }
}

int EvolutionSelectivity::pointOf(int cycle, int feature) const {
    if (!m_step.isKnown())
        return -1;
    const auto found = std::find_if(m_points.begin(), m_points.end(), [&](const SelectivityPoint& point) {
        return (cycle == m_step.cycle() && point.pair.after == feature) ||
               (cycle == m_step.cycle() - 1 && point.pair.before == feature);
    });
    return found == m_points.end() ? -1 : static_cast<int>(found - m_points.begin());
}

void EvolutionSelectivity::choose(int cycle, int feature) {
    m_cycle = cycle;
    m_feature = feature;
    const int point = pointOf(cycle, feature);
    m_csi->setChosen(point);
    m_usefulness->setChosen(point);
}

QString EvolutionSelectivity::describe(int point) const {
    const SelectivityPoint& of = m_points[static_cast<std::size_t>(point)];
    QString text =
        tr("Feature %1 → %2, %3, CSI %4 → %5, U %6 → %7")
            .arg(of.pair.before)
            .arg(of.pair.after)
            .arg(fateText(of.pair.fate, false), plainFigure(of.csiBefore), plainFigure(of.csiAfter),
                 plainFigure(of.usefulnessBefore), plainFigure(of.usefulnessAfter));
    if (of.salient)
        text += tr(", salient");
    const QString before = m_names->of(m_step.cycle() - 1, of.pair.before);
    const QString after = m_names->of(m_step.cycle(), of.pair.after);
    return text + QLatin1Char('\n') + (before == after ? before : before + QStringLiteral("  →  ") + after);
}

void EvolutionSelectivity::paintEvent(QPaintEvent* event) {
    QWidget::paintEvent(event);
    // Moved to a screen of another density, the pictures are of the wrong size.
    if (m_legendRatio != devicePixelRatioF())
        QMetaObject::invokeMethod(this, &EvolutionSelectivity::showLegend, Qt::QueuedConnection);
}

void EvolutionSelectivity::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        showLegend();
}

}  // namespace saeception
