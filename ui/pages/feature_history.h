// SPDX-License-Identifier: GPL-3.0-or-later
// One feature through all cycles of a run, side by side: what became of it, its figures and its top
// sentences.
#pragma once

#include "features/feature_index.h"
#include "ui/models/feature_chain.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace saeception {

class HistoryColumn;
class RunFeatures;
class RunSteps;

/// The feature is followed by its best counterparts, forwards and backwards from the cycle in which it was
/// chosen. What has not been read yet is filled in as it comes.
class FeatureHistory : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive this widget.
    FeatureHistory(RunFeatures* features, RunSteps* steps, QWidget* parent = nullptr);

    /// -1: none is chosen.
    void showFeature(int cycle, int feature);
    int cycle() const { return m_cycle; }
    int feature() const { return m_feature; }
    /// What is shown of each cycle.
    const std::vector<ChainEntry>& chain() const { return m_chain; }
    /// Fills in what is known by now.
    void refresh();

Q_SIGNALS:
    void featureRequested(int cycle, int feature);
    void sentenceRequested(int cycle, saeception::SplitKind split, qint64 example);

protected:
    void changeEvent(QEvent* event) override;

private:
    void makeColumns();
    void fill(HistoryColumn* column, const ChainEntry& entry);
    QString messageOf(const ChainEntry& entry) const;
    void applyTheme();

    RunFeatures* m_features;
    RunSteps* m_steps;
    int m_cycle = -1;
    int m_feature = -1;
    std::vector<ChainEntry> m_chain;
    QStackedWidget* m_stack;
    QLabel* m_hint;
    QScrollArea* m_area;
    QWidget* m_sheet = nullptr;
    QHBoxLayout* m_row = nullptr;
    std::vector<HistoryColumn*> m_columns;
};

}  // namespace saeception
