// SPDX-License-Identifier: GPL-3.0-or-later
// All charts of the store's tags in a scrolling grid, by section; pinned ones first, or one alone over the
// whole area.
#pragma once

#include "ui/plots/curve_chart.h"

#include <QPointer>
#include <QStringList>
#include <QWidget>

#include <map>
#include <memory>
#include <vector>

class QGridLayout;
class QLabel;
class QScrollArea;
class QStackedLayout;
class QVBoxLayout;

namespace saeception {

class ChartGrid : public QWidget {
    Q_OBJECT

public:
    explicit ChartGrid(CurveStore& store, QWidget* parent = nullptr);
    ~ChartGrid() override;

    /// The chart that shows `tag`, or null.
    CurveChart* chart(const std::string& tag) const;
    /// In the order in which they are shown.
    std::vector<CurveChart*> charts() const;
    CurveChart* maximised() const { return m_maximised; }
    HoverTable* hoverTable() const { return m_table; }
    int columns() const { return m_columns; }

    /// Charts without points say what they wait for, or once `ended` that it was not reached.
    void setEnded(bool ended);

    /// Pins the charts of these keys (ChartSpec::key), those that come later too.
    void setPinned(const QStringList& keys);

Q_SIGNALS:
    /// The keys of the pinned charts, in their order; those that have no chart yet come last.
    void pinnedChanged(const QStringList& keys);
    void maximisedChanged(bool maximised);
    void noticed(const QString& message, bool isError);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Section {
        QString title;
        QLabel* heading = nullptr;
        QGridLayout* grid = nullptr;
        std::vector<CurveChart*> charts;
    };

    CurveChart* addChart(ChartSpec spec);
    void addTag(const std::string& tag);
    Section& section(const QString& title);
    /// Whether there is, or surely will be, something to see in it.
    bool isWanted(const CurveChart* chart) const;
    void arrangeIfOthersAreWanted();
    void arrange();
    void place(Section& section, const std::vector<CurveChart*>& charts);
    void pin(CurveChart* chart, bool pinned);
    void maximise(CurveChart* chart);
    void hover(CurveChart* chart, double x, const QPoint& position);
    void leave();

    CurveStore& m_store;
    QStackedLayout* m_stack;
    QScrollArea* m_scroll;
    QWidget* m_sheet;
    QVBoxLayout* m_column;
    QVBoxLayout* m_alone;
    std::vector<std::unique_ptr<Section>> m_sections;  ///< the first holds what is pinned
    std::vector<CurveChart*> m_pinned;                 ///< in the order in which they were pinned
    QPointer<CurveChart> m_maximised;
    HoverTable* m_table;
    std::map<std::string, CurveChart*, std::less<>> m_byTag;
    std::vector<CurveChart*> m_arranged;
    int m_columns = 0;
    bool m_ended = false;
    QStringList m_awaited;  ///< keys to be pinned as soon as they have a chart
};

}  // namespace saeception
