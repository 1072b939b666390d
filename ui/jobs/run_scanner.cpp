// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/run_scanner.h"

#include "base/error.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSet>

#include <set>
#include <utility>

namespace saeception {
namespace fs = std::filesystem;
namespace {

constexpr int soon = 300;
constexpr int whileSeen = 10'000;
constexpr int whileHidden = 60'000;
constexpr qint64 firstRunsAfter = 100;
// inotify watches are few for each user, and shared with other programs.
constexpr qsizetype mostWatched = 256;

QString textOf(const fs::path& path) {
    return QString::fromStdString(path.string());
}

// Collects runs and sends them off in batches, the first ones soon.
class Batches {
public:
    explicit Batches(std::function<void(std::vector<RunSummary>)> send) : m_send(std::move(send)) {
        m_clock.start();
    }
    void add(RunSummary run) {
        m_waiting.push_back(std::move(run));
        if (m_waiting.size() >= RunScanner::batchSize || m_clock.elapsed() >= firstRunsAfter)
            flush();
    }
    void flush() {
        if (!m_waiting.empty())
            m_send(std::exchange(m_waiting, {}));
        m_clock.restart();
    }

private:
    std::function<void(std::vector<RunSummary>)> m_send;
    std::vector<RunSummary> m_waiting;
    QElapsedTimer m_clock;
};

}  // namespace

RunScanner::RunScanner(QObject* parent) : QObject(parent), m_reader(std::make_shared<RunReader>()) {
    m_pool.setMaxThreadCount(1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(soon);
    m_slow.setInterval(whileHidden);
    connect(&m_soon, &QTimer::timeout, this, &RunScanner::scan);
    connect(&m_slow, &QTimer::timeout, this, &RunScanner::rescan);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &RunScanner::rescan);
    m_slow.start();
}

RunScanner::~RunScanner() {
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

void RunScanner::setFolders(const QStringList& folders) {
    m_folders = folders;
    m_stop.request_stop();  // what is being looked for no longer matters
    m_scanning = false;
    scan();
}

void RunScanner::rescan() {
    if (m_scanning)
        m_again = true;
    else if (!m_soon.isActive())
        m_soon.start();
}

void RunScanner::setActive(bool active) {
    m_slow.setInterval(active ? whileSeen : whileHidden);
}

void RunScanner::post(std::function<void()> work) {
    QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
}

void RunScanner::scan() {
    if (m_scanning) {
        m_again = true;
        return;
    }
    m_soon.stop();
    m_scanning = true;
    m_again = false;
    m_stop = {};
    const quint64 request = ++m_request;
    m_pool.start([this, request, stop = m_stop.get_token(), reader = m_reader, folders = m_folders] {
        Found found;
        std::set<fs::path> known;
        const RunWriters writers = RunWriters::look();
        Batches batches([this, request](std::vector<RunSummary> runs) {
            post([this, request, runs = std::move(runs)] {
                if (request == m_request)
                    deliver(runs);
            });
        });
        const auto read = [&](const fs::path& root) {
            throwIfStopped(stop);
            if (!known.insert(root).second)
                return;
            if (auto run = reader->read(root, writers)) {
                found.runs.push_back(root);
                if (run->status == RunStatus::Running)
                    found.watched << textOf(root) << textOf(root / "checkpoints");
                batches.add(std::move(*run));
            }
        };
        try {
            for (const QString& folder : folders)
                findRunFolders(folder.toStdString(), stop, read,
                               [&](const fs::path& passed) { found.watched << textOf(passed); });
        } catch (const Cancelled&) {
            return;
        }
        batches.flush();
        reader->keepOnly(found.runs);
        post([this, request, found = std::move(found)] { finish(request, found); });
    });
}

void RunScanner::deliver(std::vector<RunSummary> runs) {
    // What was read before the notes were written would take back for a moment what has just been typed.
    std::erase_if(runs, [this](const RunSummary& run) { return m_saving.contains(run.root); });
    Q_EMIT runsRead(runs);
}

void RunScanner::finish(quint64 request, const Found& found) {
    if (request != m_request)
        return;
    m_scanning = false;
    watch(found.watched);
    Q_EMIT scanFinished(found.runs);
    if (m_again)
        rescan();
}

void RunScanner::watch(const QStringList& folders) {
    const QStringList wanted = folders.mid(0, mostWatched);
    const QStringList present = m_watcher.directories();
    const QSet<QString> wantedSet(wanted.begin(), wanted.end());
    const QSet<QString> presentSet(present.begin(), present.end());
    QStringList gone;
    for (const QString& folder : present)
        if (!wantedSet.contains(folder))
            gone.append(folder);
    QStringList fresh;
    for (const QString& folder : wantedSet)
        if (!presentSet.contains(folder))
            fresh.append(folder);
    if (!gone.isEmpty())
        m_watcher.removePaths(gone);
    if (!fresh.isEmpty())
        m_watcher.addPaths(fresh);
}

// On the pool's thread.
void RunScanner::readInto(const fs::path& root) {
    if (auto run = m_reader->read(root, RunWriters::look()))
        post([this, run = std::move(*run)] { deliver({run}); });
}

void RunScanner::inspect(const fs::path& root) {
    m_pool.start([this, root] {
        RunReader reader;  // the list's own would take it for one of its runs
        if (auto run = reader.read(root, RunWriters::look()))
            post([this, run = std::move(*run)] { Q_EMIT inspected(run); });
    });
}

void RunScanner::saveNotes(const fs::path& root, const RunNotes& notes) {
    ++m_saving[root];
    m_pool.start([this, root, notes] {
        try {
            saveRunNotes(root, notes);
        } catch (const std::exception& error) {
            post([this, message = QString::fromStdString(oneLine(error.what()))] { Q_EMIT failed(message); });
        }
        post([this, root] {
            if (--m_saving[root] == 0)
                m_saving.erase(root);
        });
        // On an error too: the list then shows again what the file says.
        readInto(root);
    });
}

void RunScanner::moveToTrash(const std::vector<fs::path>& roots) {
    m_pool.start([this, roots] {
        const RunWriters writers = RunWriters::look();
        for (const fs::path& root : roots) {
            const QString name = textOf(root);
            const auto run = m_reader->read(root, writers);
            if (run && run->status == RunStatus::Running)
                post([this, name] { Q_EMIT failed(tr("%1 is running and stays; stop it first").arg(name)); });
            else if (!run || QFile::moveToTrash(name))
                post([this, root] { Q_EMIT trashed(root); });
            else
                post([this, name] {
                    Q_EMIT failed(tr("%1 could not be moved to the trash; check that its folder may be "
                                     "written to and that its disk has a trash")
                                      .arg(name));
                });
        }
    });
}

void RunScanner::probe(const QString& folder) {
    m_pool.start([this, folder] {
        std::stop_source enough;
        bool holds = false;
        try {
            findRunFolders(folder.toStdString(), enough.get_token(), [&](const fs::path&) {
                holds = true;
                enough.request_stop();
            });
        } catch (const Cancelled&) {
            // One is enough.
        }
        post([this, folder, holds] {
            if (holds)
                Q_EMIT holdsRuns(folder);
            else
                Q_EMIT failed(tr("%1 holds no run; choose the folder that a run printed, with .hydra in it")
                                  .arg(folder));
        });
    });
}

}  // namespace saeception
