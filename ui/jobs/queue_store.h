// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the queue between sessions: waiting jobs and unfinished runs, in a file that is written whenever they
// change.
#pragma once

#include "ui/jobs/job_queue.h"

#include <QByteArray>
#include <QLockFile>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <vector>

namespace saeception {

/// Lives on the GUI thread and touches its file on a thread of its own. One window at a time has the file;
/// another one's jobs are not kept.
class QueueStore : public QObject {
    Q_OBJECT

public:
    /// queue.json in the folder that the desktop gives this program for its data.
    static QString defaultFile();

    /// Writes nothing before load().
    explicit QueueStore(JobQueue* queue, QString file = defaultFile(), QObject* parent = nullptr);
    /// Writes what there is to be written, if the queue is still there.
    ~QueueStore() override;

    /// Reads the file: what waited comes back on hold, what ran and has a folder to go on with as kept, other
    /// running jobs as waiting on hold. A file that cannot be understood is set aside under another name.
    /// Answered by loaded(). Call once.
    void load();
    /// Writes now what there is to be written, and waits for it: for the moment before the program ends.
    void flush();

Q_SIGNALS:
    void loaded();
    /// Something that the user should know, in one line: a damaged file, a queue that cannot be written.
    void noticed(const QString& line);

private:
    struct Stored {
        JobSpec spec;
        QString title;
        QString directory;  ///< of a run that can be gone on with; else empty
    };
    struct Read {
        std::vector<Stored> jobs;
        QString notice;
        bool mayWrite = true;
    };

    static Read read(const QString& file);
    static Read readJobs(const QByteArray& bytes, const QString& file);
    static bool parse(const QJsonObject& object, std::vector<Stored>& jobs);
    void restore(const Read& read);
    QByteArray contents() const;
    void save();
    void write(const QByteArray& bytes);

    QPointer<JobQueue> m_queue;
    const QString m_file;
    std::unique_ptr<QLockFile> m_lock;
    bool m_mayWrite = false;
    bool m_complained = false;
    QByteArray m_written;
    QTimer m_soon;
    QThreadPool m_pool;  ///< last, so that its thread has ended before the rest goes
};

}  // namespace saeception
