// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspector: any sentence through the model and the autoencoder of every cycle, side by side, and what
// changing features does.
#pragma once

#include "features/feature_index.h"
#include "ui/jobs/live_models.h"
#include "ui/models/live_words.h"

#include <QTimer>
#include <QWidget>

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <vector>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace saeception {

class CycleButtons;
class ElidedLabel;
class EmptyState;
class FeatureNames;
class InspectorColumn;
class NoticeBanner;
class RunFeatures;
class RunSteps;

class InspectorPage : public QWidget {
    Q_OBJECT

public:
    /// `features` must outlive the page.
    explicit InspectorPage(RunFeatures* features, QWidget* parent = nullptr);
    ~InspectorPage() override;

    /// Inspects a sentence of the data set, as the index of `cycle` has it, once that has been read.
    void showSentence(int cycle, SplitKind split, qint64 example);
    /// Inspects a text of anybody's.
    void showText(const QString& text);
    /// Ablates in every cycle in sight the feature that moves the prediction most, and shows what that does.
    void changeStrongest();
    void forgetChanges();
    /// Whether something that is in sight has not come yet.
    bool isLoading() const;

Q_SIGNALS:
    /// To be shown on the Features page.
    void featureRequested(int cycle, int feature);
    /// The Sentences page, to pick one.
    void sentencesPageRequested();
    /// The empty page's buttons.
    void launchPageRequested();
    void openRequested();
    /// The index of `cycle` cannot be used and is to be built anew.
    void rebuildRequested(int cycle);

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// A sentence of the data set.
    struct Picked {
        int cycle = 0;  ///< whose index has it
        SplitKind split = SplitKind::Validation;
        qint64 example = 0;
    };

    QWidget* makeBar();
    void makeState();
    void connectModels();
    void enterRun();
    void follow();
    InspectorColumn* columnOf(int cycle);
    InspectorColumn* makeColumn(int cycle);
    void showCycles();
    void showUnusable();
    int newestIndexed() const;
    void pickAnother();
    void settleWanted();
    void inspectTyped();
    void inspectNew();
    void inspect(int cycle);
    void askForEdits(int cycle);
    void askForValidation(int cycle);
    void followChosen(int cycle, int feature);
    void showInfo();
    void setText(const QString& text);
    void tellColumns(int token, void (InspectorColumn::*tell)(int));

    RunFeatures* m_features;
    RunSteps* m_steps;
    FeatureNames* m_names;
    LiveModels* m_models;
    std::filesystem::path m_root;
    std::map<int, InspectorColumn*> m_columns;
    std::vector<int> m_shown;        ///< cycles in sight
    std::set<int> m_asked;           ///< cycles that have been asked for the sentence in sight
    std::optional<Picked> m_wanted;  ///< waits for its index
    std::optional<Picked> m_picked;  ///< the sentence in sight, where it is one of the data set
    SentenceToInspect m_sentence;
    bool m_hasSentence = false;
    int m_gold = -1;
    int m_chosenCycle = -1;
    int m_chosenFeature = -1;
    QTimer m_typing;

    QStackedWidget* m_stack = nullptr;
    EmptyState* m_state = nullptr;
    QPushButton* m_launch = nullptr;
    QPushButton* m_open = nullptr;
    QWidget* m_content = nullptr;
    NoticeBanner* m_notice = nullptr;  ///< which index in sight cannot be used
    int m_unusable = -1;               ///< of which cycle
    QPlainTextEdit* m_text = nullptr;
    QPushButton* m_another = nullptr;
    ElidedLabel* m_info = nullptr;
    CycleButtons* m_cycles = nullptr;
    QComboBox* m_shading = nullptr;
    QHBoxLayout* m_row = nullptr;
};

}  // namespace saeception
