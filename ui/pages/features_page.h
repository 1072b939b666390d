// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: choose a cycle of a run, sort and filter its features, and see what drives the selected
// one.
#pragma once

#include "cycle/run_directory.h"
#include "features/feature_index.h"

#include <QThreadPool>
#include <QWidget>

#include <filesystem>
#include <memory>
#include <optional>

class QComboBox;
class QFrame;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace saeception {

class FeatureBrowser;
class EmptyState;
class FeatureCard;

class FeaturesPage : public QWidget {
    Q_OBJECT

public:
    explicit FeaturesPage(QWidget* parent = nullptr);
    ~FeaturesPage() override;

    /// Shows the newest indexed cycle of the run in `root`; an empty path shows no run. Another run begins
    /// unfiltered and in the default order.
    void setRun(const std::filesystem::path& root);
    /// Looks again for indexed cycles of the run; the chosen cycle and feature stay chosen, and an index that
    /// has not changed on disk is not read again.
    void reload();
    bool isLoading() const { return m_loading; }

Q_SIGNALS:
    /// The empty page's buttons.
    void launchPageRequested();
    void openRequested();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// Tells one version of an index file from the next.
    struct FileState {
        std::filesystem::path path;
        std::filesystem::file_time_type modified;
        std::uintmax_t size = 0;
        bool operator==(const FileState&) const = default;
    };

    QWidget* buildBar();
    void buildBanner();
    void refreshCycles();
    void chooseCycle(int cycle);
    void acceptIndex(std::shared_ptr<const FeatureIndex> features, const FileState& state);
    void rejectIndex(const QString& message);
    void showCounts();
    void balanceSplitter();
    void showFeature(int feature);
    void showState(const QString& title, const QString& words = {});
    void showBanner(const QString& message);
    void applyTheme();

    std::filesystem::path m_root;
    std::optional<RunDirectory> m_run;
    int m_cycle = -1;
    quint64 m_request = 0;
    bool m_loading = false;
    FileState m_loaded;

    bool m_splitterUntouched = true;  ///< until it is dragged, the table is as wide as its columns need

    QWidget* m_bar = nullptr;
    QComboBox* m_cycles = nullptr;
    QLabel* m_counts = nullptr;
    QFrame* m_banner = nullptr;
    QLabel* m_bannerText = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_state = nullptr;
    QList<QPushButton*> m_stateButtons;
    QSplitter* m_splitter = nullptr;
    FeatureBrowser* m_browser = nullptr;
    FeatureCard* m_card = nullptr;
    QThreadPool m_pool;  ///< its own: a training run must not keep an index waiting
};

}  // namespace saeception
