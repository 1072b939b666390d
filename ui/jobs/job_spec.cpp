// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_spec.h"

#include "base/thread_budget.h"
#include "config/compose.h"
#include "cycle/cycle_runner.h"
#include "cycle/stage_commands.h"

#include <QCoreApplication>

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

}  // namespace

QString jobTitle(const JobSpec& spec) {
    QString title;
    try {
        const Composition composition = planJob(spec.command.toStdString(), requestOf(spec)).composition;
        title = experimentTitle(composition);
        if (spec.command != QLatin1String("train_cycle"))
            title = tr("%1, cycle %2: %3").arg(spec.command).arg(composition.config.cycle.current).arg(title);
    } catch (const std::exception&) {
        // The job itself will say what is wrong, in its own words.
        title = spec.command;
    }
    return spec.sweepNumber ? tr("%1 #%2").arg(title).arg(*spec.sweepNumber) : title;
}

int jobThreads(const JobSpec& spec) {
    try {
        return resolveThreads(
            planJob(spec.command.toStdString(), requestOf(spec)).composition.config.threads);
    } catch (const std::exception&) {
        return resolveThreads(0);
    }
}

QString jobCommand(const JobSpec& spec) {
    QStringList words = {QStringLiteral("saeception"), spec.command};
    for (const QString& text : spec.overrides)
        words.append(QString::fromStdString(shellWord(text.toStdString())));
    return words.join(QLatin1Char(' '));
}

Job::Work jobWork(JobSpec spec) {
    return [spec = std::move(spec)](EventSink& sink, const RunControl& control) {
        JobPlan plan = planJob(spec.command.toStdString(), requestOf(spec));
        checkInputs(plan);
        CycleRunner(std::move(plan)).run(sink, control);
    };
}

}  // namespace saeception
