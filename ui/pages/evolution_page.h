// SPDX-License-Identifier: GPL-3.0-or-later
// The Evolution page: what became of features across the cycles of a run.
#pragma once

#include "ui/jobs/run_features.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace saeception {

class EmptyState;
class EvolutionConcepts;
class EvolutionMatches;
class EvolutionSelectivity;
class EvolutionSharpening;
class FeatureHistory;
class FeatureNames;
class RunSteps;

/// Four tabs over one step from a cycle to the next, and beneath them the history of the chosen feature,
/// which all of them share. What it shows it asks of the store while it is in sight.
class EvolutionPage : public QWidget {
    Q_OBJECT

public:
    enum Tab { MatchesTab, SharpeningTab, SelectivityTab, ConceptsTab };

    /// `features` must outlive the page.
    explicit EvolutionPage(RunFeatures* features, QWidget* parent = nullptr);

    /// Opens the history of a feature, in a step that has its cycle.
    void showFeature(int cycle, int feature);
    /// Whether something that is in sight has not come yet.
    bool isLoading() const;
    /// The later cycle of the chosen step; -1 where the run has none.
    int step() const { return m_step; }

Q_SIGNALS:
    /// To be shown on the Features page.
    void featureRequested(int cycle, int feature);
    /// To be opened in the Inspector.
    void sentenceRequested(int cycle, saeception::SplitKind split, qint64 example);
    /// The index of `cycle` cannot be used: it is to be built again.
    void rebuildRequested(int cycle);
    /// The empty page's buttons.
    void launchPageRequested();
    void openRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeContent();
    void makeState();
    void connectStore();
    void enterRun();
    void chooseStep(int cycle);
    void chooseFeature(int cycle, int feature);
    void ask();
    void refresh();
    void showSheet();
    void showConcepts();
    void showSteps();
    /// Why the chosen step cannot be shown; false where it can.
    bool showTrouble();
    void showState(const QString& title, const QString& text, int rebuild = -1);

    RunFeatures* m_features;
    RunSteps* m_steps;
    FeatureNames* m_names;
    std::filesystem::path m_root;
    int m_step = -1;
    int m_cycle = -1;  ///< of the chosen feature
    int m_feature = -1;
    int m_rebuild = -1;  ///< the cycle whose index the button builds again

    QWidget* m_bar = nullptr;
    QLabel* m_chooserLabel = nullptr;
    QComboBox* m_chooser = nullptr;
    QTabBar* m_tabs = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_sheets = nullptr;
    EvolutionMatches* m_matches = nullptr;
    EvolutionSharpening* m_sharpening = nullptr;
    EvolutionSelectivity* m_selectivity = nullptr;
    EvolutionConcepts* m_concepts = nullptr;
    EmptyState* m_state = nullptr;
    QPushButton* m_launch = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_again = nullptr;
    FeatureHistory* m_history = nullptr;
};

}  // namespace saeception
