// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_spec.h"

#include "base/error.h"
#include "base/thread_budget.h"
#include "config/compose.h"
#include "config/override_value.h"
#include "cycle/cycle_runner.h"
#include "cycle/resume_plan.h"
#include "cycle/stage_commands.h"
#include "cycle/sweep_results.h"

#include <spdlog/spdlog.h>

#include <QCoreApplication>
#include <QFileInfo>

#include <filesystem>

namespace saeception {
namespace {

ComposeRequest requestOf(const JobSpec& spec) {
    ComposeRequest request;
    for (const QString& text : spec.overrides)
        request.overrides.push_back(text.toStdString());
    request.jobName = spec.command.toStdString();
    request.jobNumber = spec.sweepNumber;
    request.time = spec.sweepTime;
    return request;
}

QString tr(const char* text) {
    return QCoreApplication::translate("JobSpec", text);
}

QString experimentTitle(const Composition& composition) {
    const auto preset = composition.choices.find("experiment");
    if (preset != composition.choices.end() && !preset->second.empty() && preset->second != "null")
        return QString::fromStdString(preset->second);
    return tr("%1 on %2")
        .arg(QString::fromStdString(composition.config.model.name),
             QString::fromStdString(composition.config.dataset.name));
}

QString withCommand(const JobSpec& spec, const QString& title, int cycle) {
    return hasStages(spec) ? title : tr("%1, cycle %2: %3").arg(spec.command).arg(cycle).arg(title);
}

QString numbered(const JobSpec& spec, const QString& title) {
    return spec.sweepNumber ? tr("%1 #%2").arg(title).arg(*spec.sweepNumber) : title;
}

// Keeps results.csv of the sweep in `folder` (none: no sweep) up to date when a job of it has ended.
class SweepTable {
public:
    explicit SweepTable(std::string folder) : m_folder(std::move(folder)) {}
    SweepTable(const SweepTable&) = delete;
    SweepTable& operator=(const SweepTable&) = delete;
    ~SweepTable() {
        if (m_folder.empty())
            return;
        try {
            updateSweepResults(m_folder);
        } catch (const std::exception& error) {
            // The runs have their results themselves; what the table lacks can be written again.
            spdlog::warn("{}", oneLine(error.what()));
        }
    }

private:
    const std::string m_folder;
};

// Gives a remedy where all that a run could say is that its own files are not there.
class FolderCheck : public EventSink {
public:
    explicit FolderCheck(EventSink& next) : m_next(next) {}

    void handle(const Event& event) override {
        if (const auto* run = std::get_if<RunStarted>(&event.body))
            m_folder = run->directory;
        else if (const auto* begun = std::get_if<StageStarted>(&event.body))
            m_writes = m_writes || begun->stage != Stage::Prepare;
        else if (std::holds_alternative<RunFailed>(event.body) && hasVanished())
            return m_next.handle({event.wallTime, RunFailed{vanishedText().toStdString()}});
        m_next.handle(event);
    }

private:
    // A run that fails before its first stage takes its folder away itself.
    bool hasVanished() const {
        std::error_code code;
        return m_writes && !std::filesystem::exists(m_folder / ".hydra" / "config.yaml", code);
    }
    QString vanishedText() const {
        return tr("the run's folder %1 was moved or deleted while it was being written; retry the job, or "
                  "put "
                  "the folder back and resume the run")
            .arg(QString::fromStdString(m_folder.string()));
    }

    EventSink& m_next;
    std::filesystem::path m_folder;
    bool m_writes = false;
};

}  // namespace

JobPlan planOf(const JobSpec& spec) {
    return spec.resume.isEmpty() ? planJob(spec.command.toStdString(), requestOf(spec))
                                 : planResume(spec.resume.toStdString());
}

JobDescription describeJob(const JobSpec& spec) {
    JobDescription description;
    try {
        const Composition composition = planOf(spec).composition;
        description.threads = composition.config.threads;
        description.title =
            numbered(spec, withCommand(spec, experimentTitle(composition), composition.config.cycle.current));
        description.composed = true;
    } catch (const std::exception&) {
        // The job itself will say what is wrong, in its own words.
        description.title = quickTitle(spec);
    }
    return description;
}

QString jobTitle(const JobSpec& spec) {
    return describeJob(spec).title;
}

int jobThreads(const JobSpec& spec) {
    return resolveThreads(describeJob(spec).threads);
}

QString quickTitle(const JobSpec& spec) {
    QString title;
    int cycle = 0;
    for (const QString& text : spec.overrides) {
        const QString key = text.section(QLatin1Char('='), 0, 0);
        const QString value = text.section(QLatin1Char('='), 1);
        if (key.endsWith(QLatin1String("experiment")))
            title = value;
        else if (key == QLatin1String("cycle.current"))
            cycle = value.toInt();
    }
    return numbered(spec, title.isEmpty() ? spec.command : withCommand(spec, title, cycle));
}

namespace {

QString folderOverride(const QString& folder) {
    return QStringLiteral("hydra.run.dir=") + QString::fromStdString(overrideValueText(folder.toStdString()));
}

}  // namespace

JobSpec stageSpec(const QString& command, const QString& folder, int cycle) {
    JobSpec spec;
    spec.command = command;
    spec.overrides << QStringLiteral("cycle.current=%1").arg(cycle) << folderOverride(folder);
    return spec;
}

bool goesOnWith(const JobSpec& spec, const QString& folder) {
    return !folder.isEmpty() && (spec.resume == folder || spec.overrides.contains(folderOverride(folder)));
}

bool hasStages(const JobSpec& spec) {
    return spec.command == QLatin1String("train_cycle");
}

JobSpec retrySpec(const JobSpec& spec, const QString& directory) {
    JobSpec fresh = spec;
    fresh.resume.clear();
    const bool makesRun = hasStages(spec) || spec.command == QLatin1String("train_baseline");
    if (!makesRun || directory.isEmpty() || !QFileInfo::exists(directory))
        return fresh;
    fresh.sweepNumber.reset();
    fresh.sweepTime.reset();
    QString suffix;
    for (int number = 2; suffix.isEmpty() || QFileInfo::exists(directory + suffix); ++number)
        suffix = QStringLiteral("-%1").arg(number);
    for (QString& text : fresh.overrides) {
        if (!text.startsWith(QLatin1String("hydra.run.dir=")))
            continue;
        qsizetype end = text.size();
        while (end > 0 && QStringLiteral("/'\"").contains(text[end - 1]))
            --end;
        text.insert(end, suffix);
    }
    return fresh;
}

QString jobCommand(const JobSpec& spec) {
    if (!spec.resume.isEmpty())
        return QString::fromStdString(resumeCommand(RunDirectory::at(spec.resume.toStdString())));
    QStringList words = {QStringLiteral("saeception"), spec.command};
    for (const QString& text : spec.overrides)
        words.append(QString::fromStdString(shellWord(text.toStdString())));
    return words.join(QLatin1Char(' '));
}

Job::Work jobWork(JobSpec spec) {
    return [spec = std::move(spec)](EventSink& sink, const RunControl& control) {
        JobPlan plan = planOf(spec);
        checkInputs(plan);
        // However the job ends, the sweep's table tells of it.
        const SweepTable table(spec.sweepNumber ? plan.composition.sweepDir : std::string());
        FolderCheck checked(sink);
        CycleRunner(std::move(plan)).run(checked, control);
    };
}

}  // namespace saeception
