// SPDX-License-Identifier: GPL-3.0-or-later
#include "show_config.h"

#include "base/error.h"
#include "config/interpolation.h"
#include "config/nearest.h"
#include "config/sweep.h"
#include "config/tree.h"
#include "cycle/job_plan.h"
#include "cycle/sweep_launch.h"
#include "multirun.h"
#include "run_job.h"

#include <cstdio>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

// What is not known before the job runs stays as it is written.
Json resolvedWhereKnown(const Json& node, const std::string& key, const Composition& composition) {
    if (node.is_structured()) {
        Json result = node;
        for (const auto& [name, value] : node.items())
            (node.is_array() ? result[static_cast<std::size_t>(std::stoul(name))] : result[name]) =
                resolvedWhereKnown(value, key + "." + name, composition);
        return result;
    }
    try {
        Json root = composition.written;
        root["hydra"] = composition.hydra;
        return resolveValue(node, key, root, composition.time);
    } catch (const UserError&) {
        return node;
    }
}

Json shownTree(const Composition& composition, const CommandLine& line) {
    Json tree = Json::object();
    if (line.show != "hydra")
        tree = line.resolve ? composition.tree : writtenTree(composition);
    if (line.show != "job")
        tree["hydra"] =
            line.resolve ? resolvedWhereKnown(composition.hydra, "hydra", composition) : composition.hydra;
    return tree;
}

void collectPackages(const Json& node, const std::string& prefix, std::vector<std::string>& names) {
    for (const auto& [name, value] : node.items()) {
        names.push_back(prefix + name);
        if (value.is_object())
            collectPackages(value, prefix + name + ".", names);
    }
}

std::string shownText(const Composition& composition, const CommandLine& line) {
    const Json tree = shownTree(composition, line);
    if (line.package.empty() || line.package == "_global_")
        return toYaml(tree);
    const Json* part = findNode(tree, line.package);
    if (part == nullptr) {
        std::vector<std::string> names;
        collectPackages(tree, "", names);
        fail("--package {}: there is no '{}' in the configuration.{}", line.package, line.package,
             didYouMean(line.package, names));
    }
    return "# @package " + line.package + "\n" + toYaml(*part);
}

// What the job would work with. Where there is no run yet for it to work in, what a new one would start from.
Composition jobComposition(const CommandLine& line, const ComposeRequest& request) {
    try {
        return planJob(line.command, request).composition;
    } catch (const NoRun& error) {
        Composition alone = compose(request);
        std::fprintf(stderr, "saeception: note: shown without a run: %s\n", error.what());
        return alone;
    }
}

}  // namespace

int showConfiguration(const CommandLine& line) {
    ComposeRequest request = composeRequest(line, line.words);
    request.asWritten = !line.resolve;
    const SweepPlan sweep = planSweep(request, line.multirun);
    if (!sweep.multirun) {
        std::fputs(shownText(jobComposition(line, request), line).c_str(), stdout);
        return exitDone;
    }
    request.time = std::time(nullptr);
    for (std::size_t number = 0; number < sweep.jobs.size(); ++number) {
        const ComposeRequest job = jobRequest(request, sweep.jobs[number], number);
        std::printf("%s# %s\n%s", number > 0 ? "---\n" : "", jobHeading(sweep.jobs[number], number).c_str(),
                    shownText(jobComposition(line, job), line).c_str());
    }
    return exitDone;
}

}  // namespace saeception
