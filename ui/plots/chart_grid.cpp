// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_grid.h"

#include "ui/theme.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

constexpr int chartHeight = 23 * gridUnit;
constexpr double wantedWidth = 50 * gridUnit;
constexpr int mostColumns = 4;

}  // namespace

ChartGrid::ChartGrid(CurveStore& store, QWidget* parent)
    : QWidget(parent),
      m_store(store),
      m_stack(new QStackedLayout(this)),
      m_scroll(new QScrollArea),
      m_sheet(new QWidget),
      m_column(new QVBoxLayout(m_sheet)),
      m_table(new HoverTable(this)) {
    m_column->setContentsMargins(gridUnit, 0, gridUnit, gridUnit);
    m_column->setSpacing(gridUnit / 2);
    m_column->addStretch(1);
    m_scroll->setWidget(m_sheet);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_sheet->setAutoFillBackground(false);
    m_stack->addWidget(m_scroll);
    auto* aloneHost = new QWidget;
    m_alone = new QVBoxLayout(aloneHost);
    m_alone->setContentsMargins(gridUnit, 0, gridUnit, gridUnit);
    m_stack->addWidget(aloneHost);

    section(tr("Pinned"));
    for (ChartSpec& spec : knownCharts())
        addChart(std::move(spec));
    for (const std::string& tag : m_store.tags())
        addTag(tag);
    connect(&m_store, &CurveStore::tagAdded, this, &ChartGrid::addTag);
    connect(&m_store, &CurveStore::linesChanged, this, &ChartGrid::arrangeIfOthersAreWanted);
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, &ChartGrid::leave);
    arrange();
}

ChartGrid::~ChartGrid() {
    // Charts are hidden and lose the focus as they go, after the members here have gone.
    for (const auto& part : m_sections)
        for (CurveChart* chart : part->charts)
            chart->disconnect(this);
}

CurveChart* ChartGrid::chart(const std::string& tag) const {
    const auto found = m_byTag.find(tag);
    return found == m_byTag.end() ? nullptr : found->second;
}

std::vector<CurveChart*> ChartGrid::charts() const {
    std::vector<CurveChart*> all;
    const auto wanted = [this](const CurveChart* chart) { return isWanted(chart); };
    std::copy_if(m_pinned.begin(), m_pinned.end(), std::back_inserter(all), wanted);
    for (const auto& section : m_sections)
        std::copy_if(section->charts.begin(), section->charts.end(), std::back_inserter(all),
                     [&](const CurveChart* chart) { return !chart->isPinned() && wanted(chart); });
    return all;
}

void ChartGrid::setEnded(bool ended) {
    m_ended = ended;
    for (const auto& section : m_sections)
        for (CurveChart* chart : section->charts)
            chart->setEmptyText(ended ? tr("Not reached in this run.") : chart->spec().emptyText);
}

ChartGrid::Section& ChartGrid::section(const QString& title) {
    for (const auto& known : m_sections)
        if (known->title == title)
            return *known;
    auto fresh = std::make_unique<Section>();
    fresh->title = title;
    fresh->heading = new QLabel(title, m_sheet);
    QFont bold = fresh->heading->font();
    bold.setWeight(QFont::DemiBold);
    fresh->heading->setFont(bold);
    fresh->heading->setContentsMargins(gridUnit, gridUnit / 2, 0, 0);
    fresh->grid = new QGridLayout;
    fresh->grid->setSpacing(1);
    // Before the stretch that takes what is left.
    m_column->insertWidget(m_column->count() - 1, fresh->heading);
    m_column->insertLayout(m_column->count() - 1, fresh->grid);
    m_sections.push_back(std::move(fresh));
    return *m_sections.back();
}

CurveChart* ChartGrid::addChart(ChartSpec spec) {
    Section& home = section(spec.section);
    auto* chart = new CurveChart(std::move(spec), m_store, m_sheet);
    chart->setMinimumHeight(chartHeight);
    home.charts.push_back(chart);
    for (const CurveTag& tag : chart->spec().tags)
        m_byTag[tag.tag] = chart;
    if (m_ended)
        chart->setEmptyText(tr("Not reached in this run."));
    connect(chart, &CurveChart::noticed, this, &ChartGrid::noticed);
    connect(chart, &CurveChart::hovered, this,
            [this, chart](double x, const QPoint& position) { hover(chart, x, position); });
    connect(chart, &CurveChart::hoverLeft, this, &ChartGrid::leave);
    connect(chart, &CurveChart::pinRequested, this, [this, chart](bool pinned) {
        pin(chart, pinned);
        arrange();
        chart->setFocus();
        QStringList keys;
        for (const CurveChart* shown : m_pinned)
            keys.append(QString::fromStdString(shown->spec().key));
        Q_EMIT pinnedChanged(keys + m_awaited);
    });
    if (m_awaited.removeAll(QString::fromStdString(chart->spec().key)) > 0)
        pin(chart, true);
    connect(chart, &CurveChart::maximiseRequested, this,
            [this, chart](bool maximised) { maximise(maximised ? chart : nullptr); });
    return chart;
}

void ChartGrid::pin(CurveChart* chart, bool pinned) {
    chart->setPinned(pinned);
    std::erase(m_pinned, chart);
    if (pinned)
        m_pinned.push_back(chart);
}

void ChartGrid::setPinned(const QStringList& keys) {
    m_awaited.clear();
    for (const QString& key : keys) {
        CurveChart* known = chart(key.toStdString());
        if (known != nullptr)
            pin(known, true);
        else
            m_awaited.append(key);
    }
    arrange();
}

void ChartGrid::addTag(const std::string& tag) {
    if (m_byTag.contains(tag))
        return;
    addChart(chartForTag(tag));
}

bool ChartGrid::isWanted(const CurveChart* chart) const {
    return chart->spec().standing || m_store.holds(chart->spec());
}

void ChartGrid::arrangeIfOthersAreWanted() {
    if (charts() != m_arranged)
        arrange();
}

void ChartGrid::arrange() {
    m_columns = std::clamp(static_cast<int>(std::lround(width() / wantedWidth)), 1, mostColumns);
    for (const auto& part : m_sections) {
        std::vector<CurveChart*> charts;
        std::copy_if(part->charts.begin(), part->charts.end(), std::back_inserter(charts),
                     [](const CurveChart* chart) { return !chart->isPinned(); });
        place(*part, part == m_sections.front() ? m_pinned : charts);
    }
    // Tab follows what the eye sees.
    QWidget* before = nullptr;
    m_arranged = charts();
    for (CurveChart* chart : m_arranged) {
        if (before != nullptr)
            setTabOrder(before, chart);
        before = chart;
    }
}

void ChartGrid::place(Section& part, const std::vector<CurveChart*>& charts) {
    while (QLayoutItem* item = part.grid->takeAt(0))
        delete item;
    for (int column = 0; column < mostColumns; ++column)
        part.grid->setColumnStretch(column, column < m_columns ? 1 : 0);
    int shown = 0;
    for (CurveChart* chart : charts) {
        if (chart == m_maximised)
            continue;
        const bool wanted = isWanted(chart);
        chart->setVisible(wanted);
        if (wanted) {
            part.grid->addWidget(chart, shown / m_columns, shown % m_columns);
            ++shown;
        }
    }
    part.heading->setVisible(shown > 0);
}

void ChartGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    leave();
    if (std::clamp(static_cast<int>(std::lround(width() / wantedWidth)), 1, mostColumns) != m_columns)
        arrange();
}

void ChartGrid::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && m_maximised) {
        maximise(nullptr);
        return;
    }
    QWidget::keyPressEvent(event);
}

void ChartGrid::maximise(CurveChart* chart) {
    if (chart == m_maximised)
        return;
    leave();
    if (CurveChart* old = m_maximised; old != nullptr) {
        m_alone->removeWidget(old);
        old->setParent(m_sheet);
        old->setMaximised(false);
        m_maximised = nullptr;
        arrange();
        m_stack->setCurrentIndex(0);
        old->show();
        old->setFocus();
        m_scroll->ensureWidgetVisible(old);
    }
    if (chart != nullptr) {
        m_maximised = chart;
        arrange();
        m_alone->addWidget(chart);
        chart->setMaximised(true);
        m_stack->setCurrentIndex(1);
        chart->show();
        chart->setFocus();
    }
    Q_EMIT maximisedChanged(m_maximised != nullptr);
}

void ChartGrid::hover(CurveChart* chart, double x, const QPoint& position) {
    for (const auto& part : m_sections)
        for (CurveChart* other : part->charts)
            if (other->isVisible())
                other->setCrosshair(x);
    m_table->showRows(chart->rowsAt(x, position.y()), m_store.view().axis, chart->mapTo(this, position));
}

void ChartGrid::leave() {
    m_table->hide();
    for (const auto& part : m_sections)
        for (CurveChart* chart : part->charts)
            chart->clearCrosshair();
}

}  // namespace saeception
