// SPDX-License-Identifier: GPL-3.0-or-later
// The Sentences page: the data set as a table with what every cycle's model says of it, and filters that find
// where the cycles are wrong and where they differ.
#pragma once

#include "ui/models/sentence_predictions.h"

#include <QStringList>
#include <QWidget>

#include <filesystem>
#include <memory>
#include <vector>

class QAction;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace saeception {

class EmptyState;
class NoticeBanner;
class RunFeatures;
class SentenceFilterBar;
class SentenceFilterModel;
class SentenceList;
class SentenceTableModel;

class SentencesPage : public QWidget {
    Q_OBJECT

public:
    /// `features` must outlive the page, which asks it for all cycles of the run while it is visible.
    explicit SentencesPage(RunFeatures* features, QWidget* parent = nullptr);

    /// Whether more is about to be shown of the run than there is now.
    bool isLoading() const;
    /// Shows the sentences that hold `search`, or the example with that number, whatever was filtered before.
    void showSentences(const QString& search);

    SentenceTableModel* table() const { return m_table; }
    SentenceFilterModel* rows() const { return m_rows; }

Q_SIGNALS:
    /// Open the sentence in the Inspector, with the model of `cycle`: of the cell's own cycle, else the
    /// newest.
    void sentenceRequested(int cycle, saeception::SplitKind split, qint64 example);
    /// The empty page's buttons.
    void launchPageRequested();
    void openRequested();
    /// The index of `cycle` cannot be used: build it again.
    void rebuildRequested(int cycle);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makeActions();
    QWidget* makeHead();
    void makeState();
    void follow();
    void forgetRun();
    void build();
    void accept(std::shared_ptr<const SentencePredictions> predictions);
    void applyFilter();
    void showStates();
    void showState(const QString& title, const QString& text);
    void showSummary();
    void showChosen();
    QStringList problems() const;
    std::vector<int> unusableCycles() const;
    bool isReading() const;
    bool isAwaited() const;
    void requestRebuilds();
    void openCurrent();
    void copyChosen();
    void chooseFile();
    void exportTo(const QString& path, std::shared_ptr<const SentencePredictions> predictions,
                  std::vector<int> rows);
    void applyTheme();

    RunFeatures* m_features;
    SentenceTableModel* m_table;
    SentenceFilterModel* m_rows;
    std::filesystem::path m_root;                      ///< of the run whose sentences are shown
    std::vector<SentencePredictions::Source> m_asked;  ///< of which predictions are shown or being made
    quint64 m_request = 0;
    bool m_building = false;
    QString m_failure;   ///< why predictions could not be made
    QStringList m_told;  ///< what the banner has been given to say

    NoticeBanner* m_banner = nullptr;
    QPushButton* m_bannerRebuild = nullptr;
    NoticeBanner* m_exportBanner = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_state = nullptr;
    QPushButton* m_launch = nullptr;
    QPushButton* m_openRun = nullptr;
    QPushButton* m_rebuild = nullptr;
    QWidget* m_content = nullptr;
    SentenceFilterBar* m_filters = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_note = nullptr;
    SentenceList* m_list = nullptr;
    QMenu* m_menu = nullptr;
    QAction* m_open = nullptr;
    QAction* m_copy = nullptr;
    QAction* m_export = nullptr;
};

}  // namespace saeception
