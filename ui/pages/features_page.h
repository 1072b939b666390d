// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: choose a cycle of a run, sort and search its features, and see what drives the selected
// one and what it does.
#pragma once

#include "features/sentence_lists.h"
#include "ui/jobs/run_features.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QAction;
class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace saeception {

class ElidedLabel;
class EmptyState;
class FeatureBrowser;
class FeatureCard;
class NoticeBanner;

class FeaturesPage : public QWidget {
    Q_OBJECT

public:
    /// `features` is shared by all pages that show features and outlives this one.
    explicit FeaturesPage(RunFeatures* features, QWidget* parent = nullptr);
    ~FeaturesPage() override;

    /// Brings a feature of the run into view, as soon as its cycle has been read. It can be gone back from.
    /// False, and said so, where the run has no such cycle.
    bool showFeature(int cycle, int feature);
    bool isLoading() const;
    int cycle() const { return m_cycle; }
    int feature() const;

Q_SIGNALS:
    /// The empty page's buttons.
    void launchPageRequested();
    void openRequested();
    /// The index of `cycle` cannot be used and is to be built anew.
    void rebuildRequested(int cycle);
    void historyRequested(int cycle, int feature);
    void sentenceRequested(int cycle, saeception::SplitKind split, qint64 example);
    /// A link to a feature was pasted that may be of another run.
    void linkRequested(const QString& link);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Place {
        int cycle = -1;
        int feature = -1;
        bool operator==(const Place&) const = default;
    };

    QWidget* buildBar();
    void buildStates();
    void buildActions();
    QAction* addPageAction(const QString& text, const QKeySequence& keys, void (FeaturesPage::*method)());
    void refreshCycles();
    void chooseCycle(int cycle);
    void followTo(int cycle);
    void showCycle(int cycle);
    Place inSight() const;
    void showCounts();
    void showFeatureCard(int feature);
    void showKin();
    void remember(const Place& place);
    void travel(int steps);
    void goBack() { travel(-1); }
    void goForward() { travel(1); }
    void nextFeature();
    void previousFeature();
    void copyLink();
    void editLabel();
    void star();
    void toggleStar(int feature);
    void showMenu(int feature, const QPoint& position);
    void search();
    void exportFeatures();
    void showTravel();
    void balanceSplitter();
    void showState(const QString& title, const QString& words = {});
    void applyTheme();

    RunFeatures* m_store;
    std::filesystem::path m_root;
    int m_cycle = -1;
    bool m_isLookedAt = false;      ///< this run, by anybody
    std::optional<Place> m_wanted;  ///< the feature to choose once its cycle has been read
    bool m_beginsAnew = false;      ///< the next cycle: nothing there is known to stand for what is in sight
    std::vector<Place> m_places;    ///< that have been looked at, the latest last
    std::size_t m_here = 0;         ///< which of them is shown
    bool m_travelling = false;
    bool m_splitterUntouched = true;  ///< until it is dragged, the table is as wide as its columns need

    QWidget* m_bar = nullptr;
    QToolButton* m_back = nullptr;
    QToolButton* m_forward = nullptr;
    QComboBox* m_cycles = nullptr;
    QLabel* m_counts = nullptr;
    ElidedLabel* m_autoencoder = nullptr;
    QToolButton* m_link = nullptr;
    QLabel* m_others = nullptr;  ///< that labels of an earlier autoencoder are kept
    NoticeBanner* m_notice = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_state = nullptr;
    QList<QPushButton*> m_noRunButtons;
    QList<QPushButton*> m_unusableButtons;
    QSplitter* m_splitter = nullptr;
    FeatureBrowser* m_browser = nullptr;
    FeatureCard* m_card = nullptr;
};

}  // namespace saeception
