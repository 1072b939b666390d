// SPDX-License-Identifier: GPL-3.0-or-later
// The Concepts tab of the Evolution page: which known concepts have a feature, cycle by cycle.
#pragma once

#include "ui/models/concept_table_model.h"

#include <QList>
#include <QWidget>

class QLabel;
class QStackedWidget;

namespace saeception {

class EmptyState;
class RawFilterModel;
class RawTableView;

class EvolutionConcepts : public QWidget {
    Q_OBJECT

public:
    explicit EvolutionConcepts(QWidget* parent = nullptr);

    /// Why a cycle has no index that can be used.
    struct Problem {
        int cycle = 0;
        QString reason;
    };
    /// `isReading`: indexes may still come.
    void setCycles(const ConceptTableModel::Cycles& cycles, bool isReading, const QList<Problem>& problems);
    /// Whether there is a table to show.
    bool hasConcepts() const;

Q_SIGNALS:
    void featureChosen(int cycle, int feature);
    void featureRequested(int cycle, int feature);
    void rebuildRequested(int cycle);

protected:
    void changeEvent(QEvent* event) override;

private:
    void openCurrent();
    void applyTheme();

    QStackedWidget* m_stack;
    EmptyState* m_nothing;
    QLabel* m_summary;
    QWidget* m_notice;  ///< over the table: the first problem, and what can be done
    QLabel* m_problem;
    int m_problemCycle = -1;
    ConceptTableModel* m_table;
    RawFilterModel* m_rows;
    RawTableView* m_view;
};

}  // namespace saeception
