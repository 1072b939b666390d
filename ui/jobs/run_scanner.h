// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps an eye on folders of runs: finds and reads them on a thread of its own, tells what changed, and
// carries out what is asked of a run's folder (notes, trash).
#pragma once

#include "cycle/run_library.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <vector>

namespace saeception {

/// Lives on the GUI thread, which never touches a run's files itself. Runs arrive in batches of at most
/// `batchSize`, between which other events are handled.
class RunScanner : public QObject {
    Q_OBJECT

public:
    static constexpr int batchSize = 32;

    explicit RunScanner(QObject* parent = nullptr);
    ~RunScanner() override;

    /// Looks for runs at and below each of `folders`; scans at once.
    void setFolders(const QStringList& folders);
    /// Scans soon; calls that come close together are one scan.
    void rescan();
    /// Someone is looking: rescans every few seconds, for changes that no folder tells; else every minute.
    void setActive(bool active);
    bool isScanning() const { return m_scanning; }

    /// Reads the run in `root`, in the list or not; answered by inspected.
    void inspect(const std::filesystem::path& root);
    /// Writes the notes of the run in `root`, then reads the run again.
    void saveNotes(const std::filesystem::path& root, const RunNotes& notes);
    /// Moves runs to the trash, each only if it is not running by then.
    void moveToTrash(const std::vector<std::filesystem::path>& roots);
    /// Looks whether there are runs at or below `folder`; answered by holdsRuns or failed.
    void probe(const QString& folder);

Q_SIGNALS:
    /// Runs as they are now, new or not.
    void runsRead(const std::vector<saeception::RunSummary>& runs);
    /// A scan is over: all runs there are.
    void scanFinished(const std::vector<std::filesystem::path>& roots);
    void inspected(const saeception::RunSummary& run);
    void trashed(const std::filesystem::path& root);
    /// The answer to probe: there is at least one, at or below `folder`.
    void holdsRuns(const QString& folder);
    /// Something asked for could not be done; one line.
    void failed(const QString& message);

private:
    struct Found {
        std::vector<std::filesystem::path> runs;
        QStringList watched;  ///< folders whose changes are worth a scan
    };

    void scan();
    void readInto(const std::filesystem::path& root);
    void finish(quint64 request, const Found& found);
    void watch(const QStringList& folders);
    void deliver(std::vector<RunSummary> runs);
    void post(std::function<void()> work);

    QStringList m_folders;
    std::shared_ptr<RunReader> m_reader;  ///< used on the pool's one thread only
    std::stop_source m_stop;
    quint64 m_request = 0;
    std::map<std::filesystem::path, int> m_saving;  ///< notes that are on their way to a run's folder
    bool m_scanning = false;
    bool m_again = false;  ///< something changed during the scan
    QTimer m_soon;
    QTimer m_slow;
    QFileSystemWatcher m_watcher;
    QThreadPool m_pool;  ///< last, so that its thread has ended before the rest goes
};

}  // namespace saeception
