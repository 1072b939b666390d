// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/evolution_concepts.h"

#include "ui/icons.h"
#include "ui/models/comparison_delegate.h"
#include "ui/models/raw_cell_delegate.h"
#include "ui/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/raw_table_view.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {

EvolutionConcepts::EvolutionConcepts(QWidget* parent)
    : QWidget(parent),
      m_stack(new QStackedWidget(this)),
      m_nothing(new EmptyState({}, {}, this)),
      m_summary(new QLabel(this)),
      m_notice(new QWidget(this)),
      m_problem(new QLabel(m_notice)),
      m_table(new ConceptTableModel(this)),
      m_rows(new RawFilterModel(m_table, this)),
      m_view(new RawTableView(m_rows, this)) {
    m_nothing->setObjectName(QStringLiteral("conceptsNothing"));
    m_summary->setObjectName(QStringLiteral("conceptsSummary"));
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setObjectName(QStringLiteral("conceptsProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto* again = new QPushButton(themedIcon(QStringLiteral("retry")), tr("Build the index again"), m_notice);
    again->setObjectName(QStringLiteral("conceptsRebuild"));
    connect(again, &QPushButton::clicked, this, [this] { Q_EMIT rebuildRequested(m_problemCycle); });
    auto* notice = new QHBoxLayout(m_notice);
    notice->setContentsMargins(0, 0, 0, 0);
    notice->setSpacing(2 * gridUnit);
    notice->addWidget(m_problem, 1);
    notice->addWidget(again, 0, Qt::AlignTop);
    m_notice->hide();
    m_view->setObjectName(QStringLiteral("conceptTable"));
    m_view->setAccessibleName(tr("Known concepts by cycle"));
    m_view->setItemDelegate(new ConceptDelegate(m_view));
    m_view->setVerticalHeader(new ComparisonRowHeader(m_view));
    m_view->verticalHeader()->show();
    m_view->setExtraRoom([this](int column) {
        return m_table->part(column) == ConceptTableModel::F1
                   ? ConceptDelegate::barRoom(m_view->fontMetrics())
                   : 0;
    });
    // A concept's features are those of several cycles: the cell decides which.
    m_view->setSelectionBehavior(QAbstractItemView::SelectItems);
    auto* show = new QAction(tr("Show on the Features page"), m_view);
    connect(show, &QAction::triggered, this, &EvolutionConcepts::openCurrent);
    m_view->addAction(show);
    connect(m_view, &RawTableView::opened, this, &EvolutionConcepts::openCurrent);
    connect(m_view, &RawTableView::linkClicked, this, &EvolutionConcepts::openCurrent);
    connect(m_view, &RawTableView::currentMoved, this, [this] {
        const int column = m_view->currentIndex().column();
        if (const int feature = m_table->feature(m_view->currentSourceRow(), column); feature >= 0)
            Q_EMIT featureChosen(m_table->cycle(column), feature);
    });
    auto* content = new QWidget(this);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(gridUnit);
    inner->addWidget(m_summary);
    inner->addWidget(m_view, 1);
    m_stack->addWidget(m_nothing);
    m_stack->addWidget(content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_notice);
    column->addWidget(m_stack, 1);
    applyTheme();
}

bool EvolutionConcepts::hasConcepts() const {
    return m_table->rowCount() > 0;
}

void EvolutionConcepts::setCycles(const ConceptTableModel::Cycles& cycles, bool isReading,
                                  const QList<Problem>& problems) {
    m_table->setCycles(cycles);
    m_summary->setText(m_table->summary());
    m_notice->setVisible(!problems.isEmpty());
    m_problemCycle = problems.isEmpty() ? -1 : problems.front().cycle;
    m_problem->setText(problems.isEmpty() ? QString() : QStringLiteral("⚠ ") + problems.front().reason);
    if (isReading) {
        m_nothing->setTitle(tr("Reading features…"));
        m_nothing->setText({});
    } else if (std::none_of(cycles.begin(), cycles.end(), [](const auto& cycle) { return cycle.second; })) {
        m_nothing->setTitle(tr("No features can be read"));
        m_nothing->setText(tr("Build their index again."));
    } else {
        m_nothing->setTitle(tr("The concepts of this data set are not known"));
        m_nothing->setText(
            tr("Only the demo's sentences are generated from known concepts (acting, plot, negation, "
               "…), so that one can tell which of them the features recover."));
    }
    m_stack->setCurrentIndex(hasConcepts() ? 1 : 0);
}

void EvolutionConcepts::openCurrent() {
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid())
        return;
    if (const int feature = m_table->feature(m_view->currentSourceRow(), current.column()); feature >= 0)
        Q_EMIT featureRequested(m_table->cycle(current.column()), feature);
}

void EvolutionConcepts::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void EvolutionConcepts::applyTheme() {
    QPalette alert = m_problem->palette();
    alert.setColor(QPalette::WindowText, Theme::instance().colours().warning);
    m_problem->setPalette(alert);
}

}  // namespace saeception
