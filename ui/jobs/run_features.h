// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a run's features, cycle by cycle, for all pages that show them: indexes, labels, matches.
#pragma once

#include "cycle/run_directory.h"
#include "features/feature_index.h"
#include "features/feature_labels.h"
#include "features/feature_matches.h"
#include "features/sentence_search.h"
#include "ui/jobs/file_state.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace saeception {

/// Lives on the GUI thread, which never reads a file of a run itself: indexes are opened and matches worked
/// out on threads of this object's own, so that a training run does not keep them waiting. What was asked of
/// a run that is no longer shown never arrives.
class RunFeatures : public QObject {
    Q_OBJECT

public:
    explicit RunFeatures(QObject* parent = nullptr);
    ~RunFeatures() override;

    /// Another run, or none for an empty path; everything known of the one before is forgotten. The same run
    /// once more is looked at again.
    void setRun(const std::filesystem::path& root);
    /// Looks again for cycles, and reads those again whose index or checkpoints have changed on disk.
    void reload();
    /// Reads the index of `cycle` again, whether or not it has changed.
    void retry(int cycle);

    const std::filesystem::path& root() const { return m_root; }
    bool hasRun() const { return m_run.has_value(); }
    /// Why the folder cannot be looked at; empty for none.
    const QString& problem() const { return m_problem; }
    /// With an index file, ascending.
    const std::vector<int>& cycles() const { return m_cycles; }
    int lastCycle() const { return m_cycles.empty() ? -1 : m_cycles.back(); }

    enum class State { Unread, Reading, Ready, Unusable };
    State state(int cycle) const;
    /// Null unless Ready. An index that is read again stays here until the new one has come.
    std::shared_ptr<const FeatureIndex> index(int cycle) const;
    std::shared_ptr<const SentenceSearch> search(int cycle) const;
    /// Why the index of `cycle` is Unusable, in one line.
    QString reason(int cycle) const;
    /// Asks for the index of `cycle`; indexChanged tells when it is there, or why not.
    void want(int cycle);
    bool isReading() const { return m_working > 0; }

    /// Written about features of `cycle`; empty until its index is there.
    const FeatureLabels& labels(int cycle) const;
    FeatureLabel label(int cycle, int feature) const;
    /// Shown at once and saved in the background; where that fails, labelsFailed says so and the old label is
    /// back.
    void setLabel(int cycle, int feature, const FeatureLabel& label);
    /// Labels are still on their way to the disk.
    bool isSaving() const { return m_unsaved > 0; }
    /// Names of the lists that features of any cycle read so far are on, sorted.
    QStringList lists() const;
    /// Labels that belong to earlier autoencoders of the cycle.
    int labelsOfOthers(int cycle) const;

    /// What became of the features of cycle - 1 in `cycle`; null until wantMatches() has been answered.
    std::shared_ptr<const FeatureMatches> matches(int cycle) const;
    void wantMatches(int cycle);
    /// Why they cannot be told; empty while they can.
    QString matchesReason(int cycle) const;

Q_SIGNALS:
    /// Another run takes the place of this one, or another autoencoder that of a cycle: what is to be kept
    /// with them must be said now.
    void aboutToForget();
    /// Another run, or other cycles of it.
    void cyclesChanged();
    /// The index of `cycle` is there, another one, or unusable.
    void indexChanged(int cycle);
    /// Something was written about `feature`; -1: about many.
    void labelsChanged(int cycle, int feature);
    /// They cannot be read, or not be saved: one line.
    void labelsFailed(const QString& line);
    void matchesChanged(int cycle);

private:
    struct Read {
        std::shared_ptr<const FeatureIndex> index;
        std::shared_ptr<const SentenceSearch> search;
        FeatureLabels labels;
        int labelsOfOthers = 0;
        QString reason;  ///< why there is no index
        QString labelsReason;
    };
    struct Edit {
        FeatureLabel label;
        bool isSaved = false;
    };
    struct Cycle {
        State state = State::Unread;
        FileState files;
        Read read;
        /// Here, for the autoencoder `editedOf`: what was read meanwhile may be older.
        std::map<int, Edit> edited;
        std::string editedOf;
        std::shared_ptr<const FeatureMatches> matches;
        QString matchesReason;
        bool matching = false;
        bool matchesWanted = false;
        quint64 request = 0;
    };

    static FileState stateOf(const RunDirectory& run, int cycle);
    static Read readCycle(const RunDirectory& run, int cycle);
    Cycle* known(int cycle);
    const Cycle* known(int cycle) const;
    void start(int cycle);
    void accept(int cycle, Read read);
    bool hasCycle(int cycle) const;
    void saved(int cycle, int feature, const FeatureLabel& label);
    void startMatches(int cycle);
    void findCycles();
    /// Runs `work` on a pool thread and hands its answer to `take` here, unless the run has changed by then.
    template <typename Work, typename Take>
    void inBackground(Work work, Take take);

    std::filesystem::path m_root;
    std::optional<RunDirectory> m_run;
    QString m_problem;
    std::vector<int> m_cycles;
    std::map<int, Cycle> m_known;
    quint64 m_generation = 0;  ///< of the run
    quint64 m_requests = 0;
    int m_working = 0;
    int m_unsaved = 0;
    std::stop_source m_stop;
    QThreadPool m_pool;
    QThreadPool m_saving;  ///< one thread: labels are written in the order in which they were given
};

}  // namespace saeception
