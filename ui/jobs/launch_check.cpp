// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/launch_check.h"

#include "base/error.h"
#include "config/compose.h"
#include "config/interpolation.h"
#include "config/overrides.h"
#include "config/sweep.h"
#include "config/tree.h"
#include "cycle/job_plan.h"
#include "cycle/run_directory.h"
#include "cycle/stage_commands.h"
#include "cycle/sweep_launch.h"

#include <algorithm>
#include <ctime>

namespace saeception {
namespace {

QString toText(const std::string& text) {
    return QString::fromStdString(text);
}

ComposeRequest requestOf(const QString& command, const QStringList& overrides) {
    ComposeRequest request;
    for (const QString& text : overrides)
        request.overrides.push_back(text.toStdString());
    request.jobName = command.toStdString();
    return request;
}

// A preset that is a sweep composes only as one of its jobs.
Composition composed(ComposeRequest request) {
    if (asksForSweep(request))
        request.jobNumber = 0;
    try {
        return compose(request);
    } catch (const UserError&) {
        // Presets that do not fit together can be looked at all the same.
        request.asWritten = true;
        return compose(request);
    }
}

// The overrides that say where a stage works; they decide on which record it stands.
QStringList placeOverrides(const LaunchChoices& choices) {
    static const QStringList keys = {QStringLiteral("hydra.run.dir"), QStringLiteral("cycle.current"),
                                     QStringLiteral("checkpoint_dir"), QStringLiteral("output_dir")};
    QStringList place;
    for (const QString& text : choices.values + choices.others)
        if (keys.contains(text.section(QLatin1Char('='), 0, 0)))
            place.append(text);
    return place;
}

void readBase(LaunchVerdict& verdict, const LaunchChoices& choices) {
    const Composition plain = composed(requestOf(choices.command, choices.groups));
    ConfigBase base;
    base.config = plain.config;
    try {
        ExperimentConfig config;
        if (!stageCommand(choices.command.toStdString()).needs(config).empty()) {
            base.config = planJob(choices.command.toStdString(),
                                  requestOf(choices.command, choices.groups + placeOverrides(choices)))
                              .composition.config;
            base.config.cycle.current = plain.config.cycle.current;
            base.config.checkpointDir = plain.config.checkpointDir;
            base.config.outputDir = plain.config.outputDir;
        }
    } catch (const UserError&) {
        // What is missing is told with the whole.
    }
    for (const KeySpec& spec : schema()) {
        const nlohmann::ordered_json* node = findNode(plain.written, spec.key);
        if (node == nullptr)
            continue;
        if (isUnresolved(*node))
            base.derived.insert(spec.key);
        if (spec.appendOnly)
            base.appended.insert(spec.key);
    }
    base.effective = base.config;
    verdict.choices = plain.choices;
    verdict.base = std::move(base);
}

void readShown(LaunchVerdict& verdict, const JobPlan& plan) {
    verdict.yaml = toText(toYaml(plan.composition.tree));
    // The jobs of a sweep differ in what they make of the same choices.
    if (verdict.base && !verdict.isSweep)
        verdict.base->effective = plan.composition.config;
    for (const std::string& warning : plan.warnings)
        verdict.warnings.append(toText(warning));
    if (plan.continues)
        verdict.place = plan.reason.empty()
                            ? LaunchChecker::tr("Works in %1").arg(toText(plan.composition.runDir))
                            : LaunchChecker::tr("Works in %1, %2")
                                  .arg(toText(plan.composition.runDir), toText(plan.reason));
}

void judgeSweep(LaunchVerdict& verdict, const LaunchChoices& choices, const ComposeRequest& request,
                SweepPlan sweep, const std::stop_token& stop) {
    const std::string command = choices.command.toStdString();
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number)
        verdict.jobs.append(toText(jobHeading(sweep.jobs[number], number)));
    for (const std::string& text : sweep.jobs.front().swept)
        verdict.sweptKeys.append(toText(parseOverride(text).key));
    verdict.shownJob = std::clamp(choices.shownJob, 0, static_cast<int>(sweep.jobs.size()) - 1);
    const auto shown = static_cast<std::size_t>(verdict.shownJob);
    const JobPlan plan = planJob(command, jobRequest(request, sweep.jobs[shown], shown));
    readShown(verdict, plan);
    checkInputs(plan);
    JobSpec spec;
    spec.command = choices.command;
    for (const std::string& text : sweep.jobs[shown].overrides)
        spec.overrides.append(toText(text));
    spec.sweepNumber = verdict.shownJob;
    sweep.jobs.resize(std::min<std::size_t>(sweep.jobs.size(), mostCheckedJobs));
    placeSweep(command, request, sweep, stop);
    verdict.spec = spec;
}

void judgeSingle(LaunchVerdict& verdict, const LaunchChoices& choices, const ComposeRequest& request) {
    const JobPlan plan = planJob(choices.command.toStdString(), request);
    readShown(verdict, plan);
    checkInputs(plan);
    if (!plan.continues)
        RunDirectory::requireFree(plan.composition.runDir);
    JobSpec spec;
    spec.command = choices.command;
    spec.overrides = choices.overrides();
    verdict.spec = spec;
}

// Something to look at where the choices cannot be planned.
QString yamlAsWritten(const LaunchChoices& choices) {
    try {
        ComposeRequest request = requestOf(choices.command, choices.overrides());
        request.asWritten = true;
        return toText(toYaml(writtenTree(compose(request))));
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

LaunchVerdict judgeLaunch(const LaunchChoices& choices, const std::stop_token& stop) {
    LaunchVerdict verdict;
    try {
        readBase(verdict, choices);
        throwIfStopped(stop);
        const ComposeRequest request = requestOf(choices.command, choices.overrides() + choices.sweep);
        SweepPlan sweep = planSweep(request, !choices.sweep.isEmpty());
        verdict.isSweep = sweep.multirun;
        if (sweep.multirun)
            judgeSweep(verdict, choices, request, std::move(sweep), stop);
        else
            judgeSingle(verdict, choices, request);
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception& problem) {
        verdict.error = toText(oneLine(problem.what()));
    }
    if (verdict.yaml.isEmpty())
        verdict.yaml = yamlAsWritten(choices);
    return verdict;
}

QList<JobSpec> launchJobs(const LaunchChoices& choices, const std::stop_token& stop) {
    const std::string command = choices.command.toStdString();
    ComposeRequest request = requestOf(choices.command, choices.overrides() + choices.sweep);
    if (choices.sweep.isEmpty() && !asksForSweep(request)) {
        JobSpec spec;
        spec.command = choices.command;
        spec.overrides = choices.overrides();
        return {spec};
    }
    request.time = std::time(nullptr);
    const PreparedSweep sweep = prepareSweep(command, request, stop);
    QList<JobSpec> jobs;
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        JobSpec spec;
        spec.command = choices.command;
        for (const std::string& text : sweep.jobs[number].overrides)
            spec.overrides.append(toText(text));
        spec.sweepNumber = static_cast<int>(number);
        spec.sweepTime = request.time;
        jobs.append(spec);
    }
    return jobs;
}

LaunchChecker::LaunchChecker(QObject* parent) : QObject(parent) {
    m_checks.setMaxThreadCount(1);
    m_preparations.setMaxThreadCount(1);
}

LaunchChecker::~LaunchChecker() {
    m_stop.request_stop();
    m_quit.request_stop();
    m_checks.clear();
    m_checks.waitForDone();
    m_preparations.waitForDone();
}

template <typename Work>
void LaunchChecker::post(Work work) {
    QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
}

void LaunchChecker::supersede() {
    m_stop.request_stop();
    m_stop = {};
    m_checks.clear();
    ++m_request;
    m_checking = false;
}

LaunchVerdict LaunchChecker::checkNow(const LaunchChoices& choices) {
    supersede();
    return judgeLaunch(choices, {});
}

void LaunchChecker::check(const LaunchChoices& choices) {
    supersede();
    m_checking = true;
    const quint64 request = m_request;
    m_checks.start([this, request, choices, stop = m_stop.get_token()] {
        try {
            post([this, request, verdict = judgeLaunch(choices, stop)] {
                if (request != m_request)
                    return;
                m_checking = false;
                Q_EMIT checked(verdict);
            });
        } catch (const Cancelled&) {
            // A newer request is on its way.
        }
    });
}

void LaunchChecker::prepare(const LaunchChoices& choices) {
    if (m_preparing)
        return;
    m_preparing = true;
    m_preparations.start([this, choices, stop = m_quit.get_token()] {
        QList<JobSpec> jobs;
        QString reason;
        try {
            jobs = launchJobs(choices, stop);
        } catch (const std::exception& problem) {
            reason = toText(oneLine(problem.what()));
        }
        post([this, jobs, reason] {
            m_preparing = false;
            if (reason.isEmpty())
                Q_EMIT prepared(jobs);
            else
                Q_EMIT refused(reason);
        });
    });
}

}  // namespace saeception
