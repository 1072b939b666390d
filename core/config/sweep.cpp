// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/sweep.h"

#include "base/error.h"
#include "config/compose_layers.h"
#include "config/config_source.h"
#include "config/hydra_settings.h"
#include "config/override_value.h"
#include "config/overrides.h"
#include "config/schema.h"

#include <fnmatch.h>

#include <algorithm>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// One key with the overrides that its values make.
struct Axis {
    std::string key;  // with prefix and package
    std::vector<std::string> overrides;
    bool swept = false;
};

std::vector<std::string> globOptions(const Override& override, const Glob& glob, const ConfigSource& source) {
    if (!source.isGroup(override.key))
        fail("override '{}': glob() chooses options of a group, and '{}' is none", override.text,
             override.key);
    const auto matches = [](const std::vector<std::string>& patterns, const std::string& name) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
            return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
        });
    };
    std::vector<std::string> chosen;
    std::string available;
    for (const std::string& option : source.options(override.key)) {
        available += (available.empty() ? "" : ", ") + option;
        if (matches(glob.include, option) && !matches(glob.exclude, option))
            chosen.push_back(option);
    }
    if (chosen.empty())
        fail("override '{}': no option of '{}' matches; available options: {}", override.text, override.key,
             available);
    return chosen;
}

Axis axisOf(const Override& override, const ConfigSource& source) {
    Axis axis{override.keyText(), {}, override.sweep.has_value()};
    if (!override.sweep) {
        axis.overrides.push_back(override.text);
        return axis;
    }
    if (override.sweep->glob)
        for (const std::string& option : globOptions(override, *override.sweep->glob, source))
            axis.overrides.push_back(axis.key + "=" + overrideValueText(option));
    for (const Json& value : override.sweep->values)
        axis.overrides.push_back(axis.key + "=" + overrideValueText(value));
    if (axis.overrides.empty())
        fail("override '{}': there is no value in this sweep", override.text);
    return axis;
}

// What is swept over, key by key, and Hydra's own settings apart.
struct Axes {
    std::vector<Axis> task;
    std::vector<std::string> hydra;

    void add(const std::string& text, const ConfigSource& source) {
        const Override override = parseOverride(text);
        if (isHydraKey(override.key)) {
            if (override.sweep)
                fail(
                    "override '{}': Hydra's own settings are the same for all jobs; quote a text that holds "
                    "commas: "
                    "{}=\"'{}'\"",
                    text, override.key, text.substr(text.find('=') + 1));
            hydra.push_back(text);
            return;
        }
        Axis axis = axisOf(override, source);
        const auto same =
            std::find_if(task.begin(), task.end(), [&](const Axis& a) { return a.key == axis.key; });
        if (same != task.end())
            *same = std::move(axis);
        else
            task.push_back(std::move(axis));
    }

    // The first of every axis.
    std::vector<std::string> firstJob() const {
        std::vector<std::string> overrides = hydra;
        for (const Axis& axis : task)
            overrides.push_back(axis.overrides.front());
        return overrides;
    }
};

std::vector<SweepJob> product(const Axes& axes) {
    std::size_t count = 1;
    for (const Axis& axis : axes.task) {
        count *= axis.overrides.size();
        if (count > largestSweep)
            fail("this sweep has more than {} jobs; sweep over fewer values", largestSweep);
    }
    std::vector<SweepJob> jobs(count);
    for (std::size_t index = 0; index < count; ++index) {
        SweepJob& job = jobs[index];
        job.overrides = axes.hydra;
        std::size_t block = count;
        for (const Axis& axis : axes.task) {
            block /= axis.overrides.size();
            const std::string& chosen = axis.overrides[index / block % axis.overrides.size()];
            job.overrides.push_back(chosen);
            if (axis.swept)
                job.swept.push_back(chosen);
        }
    }
    return jobs;
}

// Hydra's settings as the first values of a sweep compose them.
Json settingsOf(const ComposeRequest& request, const Axes& axes) {
    ConfigSource source(request.configDirs);
    ComposeRequest first = request;
    first.overrides = axes.firstJob();
    return composeLayers(first, source).tree.at("hydra");
}

Axes axesOf(const std::vector<std::string>& overrides, const ConfigSource& source) {
    Axes axes;
    for (const std::string& text : overrides)
        axes.add(text, source);
    return axes;
}

}  // namespace

SweepPlan planSweep(const ComposeRequest& request, bool multirun) {
    const ConfigSource source(request.configDirs);
    const Json hydra = settingsOf(request, axesOf(request.overrides, source));
    SweepPlan plan;
    plan.multirun = multirun || hydra.at("mode") == "MULTIRUN";
    if (!plan.multirun)
        return plan;
    std::vector<std::string> overrides = sweeperOverrides(hydra);
    overrides.insert(overrides.end(), request.overrides.begin(), request.overrides.end());
    plan.jobs = product(axesOf(overrides, source));
    return plan;
}

bool asksForSweep(const ComposeRequest& request) {
    return planSweep(request, false).multirun;
}

}  // namespace saeception
