// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cycle_curves.h"

#include "ui/theme.h"

#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

constexpr int chartHeight = 18 * gridUnit;
const QString ownRun = QStringLiteral("stage");

bool isOfTraining(const std::string& tag) {
    return tag.starts_with("train/") || tag.starts_with("validation/") || tag.starts_with("epoch/");
}

}  // namespace

CycleCurves::CycleCurves(QWidget* cardHost, QWidget* parent)
    : QWidget(parent), m_column(new QVBoxLayout(this)), m_card(new HoverTable(cardHost)) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(gridUnit);
    m_card->hide();
    connect(&m_store, &CurveStore::linesChanged, this, &CycleCurves::arrange);
}

CycleCurves::~CycleCurves() {
    for (const auto& [key, chart] : m_charts)  // they read the store
        delete chart;
}

void CycleCurves::setSource(const CurveStore* store, const QString& runId) {
    m_source = store;
    m_runId = runId;
    showNode(m_node);
}

bool CycleCurves::belongs(const std::string& tag, int cycle) const {
    if (cycle != m_node.cycle)
        return false;
    switch (m_node.maker().kind) {
        case CycleNodeKind::Tune:
            return isOfTraining(tag);
        case CycleNodeKind::TrainSae:
            return tag.starts_with("sae/");
        default:
            return false;
    }
}

void CycleCurves::showNode(const CycleNode& node) {
    m_node = node;
    leave();
    RunCurves own;
    const int run = m_source ? m_source->indexOf(m_runId) : -1;
    if (run >= 0)
        for (const auto& [key, line] : m_source->runs()[static_cast<std::size_t>(run)].curves->lines())
            if (belongs(key.first, key.second))
                own.lines().emplace(key, CurveLine{line.series, {}});
    own.recount();
    m_store.addRun(ownRun, {}, std::move(own));
    arrange();
}

void CycleCurves::append(const EventBatch& batch) {
    EventBatch taken;
    for (const Event& event : batch)
        if (const auto* scalar = std::get_if<Scalar>(&event.body);
            scalar && belongs(scalar->tag, scalar->cycle))
            taken.push_back(event);
    if (!taken.empty())
        m_store.append(ownRun, taken);
}

void CycleCurves::arrange() {
    std::vector<ChartSpec> specs = knownCharts();
    for (const std::string& tag : m_store.tags())
        if (std::none_of(specs.begin(), specs.end(), [&](const ChartSpec& spec) { return spec.find(tag); }))
            specs.push_back(chartForTag(tag));
    bool any = false;
    int place = 0;
    for (ChartSpec& spec : specs) {
        const std::string key = spec.key;
        const bool wanted = !m_store.lines(spec).empty();
        auto found = m_charts.find(key);
        if (found == m_charts.end()) {
            if (!wanted)
                continue;
            auto* chart = new CurveChart(std::move(spec), m_store, this);
            chart->setFixedHeight(chartHeight);
            connect(chart, &CurveChart::hovered, this,
                    [this, chart](double x, const QPoint& position) { hover(chart, x, position); });
            connect(chart, &CurveChart::hoverLeft, this, &CycleCurves::leave);
            m_column->insertWidget(place, chart);
            found = m_charts.emplace(key, chart).first;
        }
        found->second->setVisible(wanted);
        any = any || wanted;
        ++place;
    }
    Q_EMIT shownChanged(any);
}

std::vector<CurveChart*> CycleCurves::charts() const {
    std::vector<CurveChart*> shown;
    for (int i = 0; i < m_column->count(); ++i)
        if (auto* chart = qobject_cast<CurveChart*>(m_column->itemAt(i)->widget());
            chart && !chart->isHidden())
            shown.push_back(chart);
    return shown;
}

void CycleCurves::hover(CurveChart* chart, double x, const QPoint& position) {
    for (CurveChart* other : charts())
        other->setCrosshair(x);
    if (m_card)
        m_card->showRows(chart->rowsAt(x, position.y()), m_store.view().axis,
                         chart->mapTo(m_card->parentWidget(), position));
}

void CycleCurves::leave() {
    if (m_card)
        m_card->hide();
    for (const auto& [key, chart] : m_charts)
        chart->clearCrosshair();
}

}  // namespace saeception
