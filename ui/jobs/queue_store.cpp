// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/queue_store.h"

#include "cycle/run_status.h"
#include "cycle/stage_commands.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace saeception {
namespace {

constexpr int format = 1;
constexpr qint64 largestFile = 64 << 20;
constexpr int coalesceMs = 500;

QJsonObject toJson(const JobInfo& job) {
    QJsonObject object = {
        {QStringLiteral("state"), job.state == JobState::Waiting ? QStringLiteral("waiting")
                                  : job.state == JobState::Kept  ? QStringLiteral("kept")
                                                                 : QStringLiteral("running")},
        {QStringLiteral("title"), job.title},
        {QStringLiteral("command"), job.spec.command},
        {QStringLiteral("overrides"), QJsonArray::fromStringList(job.spec.overrides)}};
    if (job.spec.sweepNumber)
        object.insert(QStringLiteral("sweep_number"), *job.spec.sweepNumber);
    if (job.spec.sweepTime)
        object.insert(QStringLiteral("sweep_time"), static_cast<qint64>(*job.spec.sweepTime));
    if (!job.spec.resume.isEmpty())
        object.insert(QStringLiteral("resume"), job.spec.resume);
    if (!job.directory.isEmpty())
        object.insert(QStringLiteral("directory"), job.directory);
    return object;
}

bool isCommand(const QString& name) {
    const auto commands = stageCommands();
    return std::any_of(
        commands.begin(), commands.end(),
        [name = name.toStdString()](const StageCommand& command) { return command.name == name; });
}

// A name beside `file` that nothing has yet: "queue.damaged-2026-11-22-164000.json".
QString nameAside(const QString& file) {
    const QFileInfo info(file);
    const QString stem = info.absolutePath() + QLatin1Char('/') + info.completeBaseName() +
                         QStringLiteral(".damaged-") +
                         QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss"));
    QString name = stem + QStringLiteral(".json");
    for (int number = 2; QFileInfo::exists(name); ++number)
        name = stem + QStringLiteral("-%1.json").arg(number);
    return name;
}

}  // namespace

QString QueueStore::defaultFile() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/queue.json");
}

QueueStore::QueueStore(JobQueue* queue, QString file, QObject* parent)
    : QObject(parent), m_queue(queue), m_file(std::move(file)) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(coalesceMs);
    connect(&m_soon, &QTimer::timeout, this, &QueueStore::save);
    m_pool.setMaxThreadCount(1);
    const auto saveSoon = [this] {
        if (m_mayWrite && !m_soon.isActive())
            m_soon.start();
    };
    for (const auto signal : {&JobQueue::jobAdded, &JobQueue::jobRemoved})
        connect(queue, signal, this, saveSoon);
    connect(queue, &JobQueue::jobMoved, this, saveSoon);
    connect(queue, &JobQueue::jobChanged, this, saveSoon);
}

QueueStore::~QueueStore() {
    flush();
}

void QueueStore::load() {
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    m_lock = std::make_unique<QLockFile>(m_file + QStringLiteral(".lock"));
    m_lock->setStaleLockTime(0);  // held for as long as its process lives
    if (!m_lock->tryLock(0)) {
        Q_EMIT noticed(m_lock->error() == QLockFile::LockFailedError
                           ? tr("Another window of SAEception Studio keeps the queue; jobs of this one are "
                                "forgotten when it is closed.")
                           : tr("The queue cannot be kept for the next session: %1 may not be written to.")
                                 .arg(QFileInfo(m_file).absolutePath()));
        Q_EMIT loaded();
        return;
    }
    m_pool.start([this, file = m_file] {
        const Read result = read(file);
        QMetaObject::invokeMethod(this, [this, result] { restore(result); });
    });
}

QueueStore::Read QueueStore::read(const QString& file) {
    QFile stored(file);
    if (!stored.exists())
        return {};
    Read result;
    if (!stored.open(QIODevice::ReadOnly)) {
        result.mayWrite = false;
        result.notice = tr("The queue of the last session cannot be read and stays as it is: %1: %2")
                            .arg(file, stored.errorString());
        return result;
    }
    return readJobs(stored.read(largestFile), file);
}

QueueStore::Read QueueStore::readJobs(const QByteArray& bytes, const QString& file) {
    Read result;
    const QJsonObject root = QJsonDocument::fromJson(bytes).object();
    const QJsonValue jobs = root.value(QStringLiteral("jobs"));
    bool whole = jobs.isArray() && root.value(QStringLiteral("format")).toInt() == format;
    if (whole)
        for (const QJsonValue& job : jobs.toArray())
            whole = parse(job.toObject(), result.jobs) && whole;
    if (whole)
        return result;
    const QString aside = nameAside(file);
    result.mayWrite = QFile::copy(file, aside);
    const QString why = root.value(QStringLiteral("format")).toInt() > format
                            ? tr("was written by a newer version")
                            : tr("is damaged");
    const QString kept = result.mayWrite ? tr("it was set aside as %1").arg(aside)
                                         : tr("it stays as it is, and this session's queue is not kept");
    result.notice = tr("The queue of the last session %1 (%2); %3.").arg(why, file, kept);
    if (!result.jobs.empty())
        result.notice += QLatin1Char(' ') + tr("What could be read of it is listed.");
    return result;
}

// Appends the job to `jobs` unless its run is over. False: this is no job.
bool QueueStore::parse(const QJsonObject& object, std::vector<Stored>& jobs) {
    Stored job;
    job.spec.command = object.value(QStringLiteral("command")).toString();
    job.title = object.value(QStringLiteral("title")).toString();
    const QJsonValue overrides = object.value(QStringLiteral("overrides"));
    const QString state = object.value(QStringLiteral("state")).toString();
    const bool waits = state == QLatin1String("waiting");
    if (!isCommand(job.spec.command) || !overrides.isArray() ||
        !(waits || state == QLatin1String("kept") || state == QLatin1String("running")))
        return false;
    for (const QJsonValue& text : overrides.toArray()) {
        if (!text.isString())
            return false;
        job.spec.overrides.append(text.toString());
    }
    if (const QJsonValue number = object.value(QStringLiteral("sweep_number")); number.isDouble())
        job.spec.sweepNumber = number.toInt();
    if (const QJsonValue time = object.value(QStringLiteral("sweep_time")); time.isDouble())
        job.spec.sweepTime = static_cast<std::time_t>(time.toInteger());
    if (const QString resume = object.value(QStringLiteral("resume")).toString(); QFileInfo::exists(resume))
        job.spec.resume = resume;
    const QString directory = waits ? QString() : object.value(QStringLiteral("directory")).toString();
    if (!directory.isEmpty() && QFileInfo::exists(directory)) {
        if (!hasStages(job.spec))
            job.spec = retrySpec(job.spec, directory);
        else if (runEnding(directory.toStdString(), 0, RunWriters::look()).status == RunStatus::Done)
            return true;  // the program ended before it could write so
        else
            job.directory = directory;
    }
    jobs.push_back(std::move(job));
    return true;
}

void QueueStore::restore(const Read& read) {
    m_mayWrite = read.mayWrite;
    for (const Stored& job : read.jobs)
        if (m_queue)
            m_queue->restore(job.spec, job.title, job.directory);
    if (!read.notice.isEmpty())
        Q_EMIT noticed(read.notice);
    Q_EMIT loaded();
    save();
}

QByteArray QueueStore::contents() const {
    QJsonArray jobs;
    for (int row = 0; row < m_queue->count(); ++row) {
        const JobInfo& job = m_queue->at(row);
        if (!job.spec.command.isEmpty() && !isFinished(job.state))
            jobs.append(toJson(job));
    }
    return QJsonDocument({{QStringLiteral("format"), format}, {QStringLiteral("jobs"), jobs}}).toJson();
}

void QueueStore::save() {
    m_soon.stop();
    if (!m_mayWrite || !m_queue)
        return;
    const QByteArray bytes = contents();
    if (bytes == m_written)
        return;
    m_written = bytes;
    m_pool.start([this, bytes] { write(bytes); });
}

// On the pool's thread: what it waits for is the disk.
void QueueStore::write(const QByteArray& bytes) {
    QSaveFile file(m_file);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return;
    const QString line = tr("The queue cannot be kept for the next session: %1: %2; free some space or check "
                            "the folder.")
                             .arg(m_file, file.errorString());
    QMetaObject::invokeMethod(this, [this, line] {
        m_written.clear();  // tried again with the next change
        if (!m_complained)
            Q_EMIT noticed(line);
        m_complained = true;
    });
}

void QueueStore::flush() {
    save();
    m_pool.waitForDone();
}

}  // namespace saeception
