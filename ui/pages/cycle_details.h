// SPDX-License-Identifier: GPL-3.0-or-later
// The chosen node of the cycle map in full: what became of it, what it needs and makes, its files, numbers
// and curves, and the button that runs its stage.
#pragma once

#include "ui/models/cycle_map_model.h"
#include "ui/models/cycle_numbers.h"

#include <QScrollArea>

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace saeception {

class CurveStore;
class CycleCurves;
class SmallMultiples;
class StateMark;

class CycleDetails : public QScrollArea {
    Q_OBJECT

public:
    /// `cardHost` is what the card beside the pointer may lie over.
    CycleDetails(CycleMapModel& map, QWidget* cardHost, QWidget* parent = nullptr);

    void showNode(const CycleNode& node);
    const CycleNode& node() const { return m_node; }
    /// Shows what has changed of the same node.
    void refresh();
    /// The text and state of the button; `reason` is empty where there is nothing to say.
    void setOffer(const QString& buttonText, bool enabled, const QString& reason);
    CycleCurves* curves() const { return m_curves; }

Q_SIGNALS:
    void nodeRequested(const saeception::CycleNode& node);
    void runRequested();
    void revealRequested(const QString& path);
    void copyRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* addSection(const QString& title, const char* name, QWidget* content);
    void showState();
    void showLinks();
    void showFiles();
    void showNumbers();
    void applyTheme();
    QString linksTo(const std::vector<CycleNode>& nodes) const;

    CycleMapModel& m_map;
    CycleNode m_node{-1, CycleNodeKind::Prepare};
    QVBoxLayout* m_column;
    QLabel* m_title;
    QLabel* m_description;
    StateMark* m_mark;
    QLabel* m_state;
    QLabel* m_message;
    QPushButton* m_run;
    QLabel* m_reason;
    QLabel* m_needs;
    QLabel* m_makes;
    QWidget* m_files = nullptr;
    QWidget* m_numbers = nullptr;
    QGridLayout* m_fileGrid = nullptr;
    QGridLayout* m_numberGrid = nullptr;
    QWidget* m_fileSection = nullptr;
    QWidget* m_numberSection = nullptr;
    QLabel* m_warnings = nullptr;
    QWidget* m_warningSection = nullptr;
    SmallMultiples* m_cycles = nullptr;
    QWidget* m_cycleSection = nullptr;
    CycleCurves* m_curves = nullptr;
    QWidget* m_curveSection = nullptr;
    std::vector<MapFile> m_shownFiles;
    std::vector<CycleNumber> m_shownNumbers;
    std::map<int, MetricTable> m_shownResults;
};

}  // namespace saeception
