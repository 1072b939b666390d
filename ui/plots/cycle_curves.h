// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of one stage of one cycle, as small charts below each other.
#pragma once

#include "ui/models/curve_store.h"
#include "ui/models/cycle_nodes.h"
#include "ui/plots/curve_chart.h"

#include <QPointer>
#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QVBoxLayout;

namespace saeception {

class HoverTable;

class CycleCurves : public QWidget {
    Q_OBJECT

public:
    /// `cardHost` is what the card beside the pointer may lie over.
    CycleCurves(QWidget* cardHost, QWidget* parent = nullptr);
    ~CycleCurves() override;

    /// Where the curves come from: run `runId` of `store`, which may go away at any time; null: none.
    void setSource(const CurveStore* store, const QString& runId);
    /// Shows what the source has of `node`'s stage; a node of another kind has no curves.
    void showNode(const CycleNode& node);
    /// Takes further points of what is shown.
    void append(const EventBatch& batch);
    /// Those that have something to show, in order.
    std::vector<CurveChart*> charts() const;

Q_SIGNALS:
    /// There are charts to see, or no longer.
    void shownChanged(bool any);

private:
    bool belongs(const std::string& tag, int cycle) const;
    void arrange();
    void hover(CurveChart* chart, double x, const QPoint& position);
    void leave();

    QPointer<const CurveStore> m_source;
    QString m_runId;
    CycleNode m_node{-1, CycleNodeKind::Prepare};
    CurveStore m_store;                           ///< of this stage and cycle alone
    std::map<std::string, CurveChart*> m_charts;  ///< by the key of their spec; made when first needed
    QVBoxLayout* m_column;
    QPointer<HoverTable> m_card;
};

}  // namespace saeception
