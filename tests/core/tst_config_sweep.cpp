// SPDX-License-Identifier: GPL-3.0-or-later
// A multirun's jobs: which values are swept, in which order, what files add to it, and the folder each job
// gets.
#include "base/files.h"
#include "config/sweep.h"
#include "support/expect_error.h"

#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

ComposeRequest requestOf(Words overrides) {
    ComposeRequest request;
    request.overrides = std::move(overrides);
    return request;
}

// Of each job the overrides in which it differs, joined with blanks.
Words swept(const SweepPlan& plan) {
    Words jobs;
    for (const SweepJob& job : plan.jobs) {
        std::string text;
        for (const std::string& word : job.swept)
            text += (text.empty() ? "" : " ") + word;
        jobs.push_back(text);
    }
    return jobs;
}

Words sweptBy(Words overrides) {
    return swept(planSweep(requestOf(std::move(overrides)), true));
}

std::string errorBy(Words overrides) {
    return errorOf([&] { planSweep(requestOf(overrides), true); });
}

}  // namespace

class TestConfigSweep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lastKeyIsFastest() {
        QCOMPARE(sweptBy({"sae.k=25,50", "seed=7", "model=gpt2_tiny,gpt2_small"}),
                 (Words{"sae.k=25 model=gpt2_tiny", "sae.k=25 model=gpt2_small", "sae.k=50 model=gpt2_tiny",
                        "sae.k=50 model=gpt2_small"}));
        const SweepPlan plan = planSweep(requestOf({"sae.k=25,50", "seed=7", "hydra.job.name=x"}), true);
        QCOMPARE(plan.jobs[1].overrides, (Words{"hydra.job.name=x", "sae.k=50", "seed=7"}));
    }

    void everyForm() {
        QCOMPARE(sweptBy({"sae.k=range(2,8,3)"}), (Words{"sae.k=2", "sae.k=5"}));
        QCOMPARE(sweptBy({"++dataset.name='a,b',c"}), (Words{"++dataset.name='a,b'", "++dataset.name=c"}));
        QCOMPARE(sweptBy({"dataset.name='1',true"}), (Words{"dataset.name='1'", "dataset.name=true"}));
        QCOMPARE(sweptBy({"sae=glob(topk*)"}), (Words{"sae=topk", "sae=topk_ste"}));
        QCOMPARE(sweptBy({"sharpening=glob(*,exclude=[per_*])"}), (Words{"sharpening=random"}));
        QCOMPARE(sweptBy({"sae.k=sort(3,1,reverse=true)"}), (Words{"sae.k=3", "sae.k=1"}));
        QCOMPARE(sweptBy({"cycle.aux_loss_weight=float(choice(0,1))"}),
                 (Words{"cycle.aux_loss_weight=0.0", "cycle.aux_loss_weight=1.0"}));
        // Without a sweep there is one job.
        QCOMPARE(sweptBy({"sae.k=3"}), (Words{""}));
        QCOMPARE(sweptBy({}), (Words{""}));
        // Of two for one key the last wins, at the place of the first.
        QCOMPARE(sweptBy({"sae.k=1,2", "seed=1,2", "sae.k=5"}), (Words{"seed=1", "seed=2"}));
    }

    void theSameShuffleEachTime() {
        const Words jobs = sweptBy({"seed=shuffle(range(30))"});
        QCOMPARE(jobs, sweptBy({"seed=shuffle(range(30))"}));
        QVERIFY(jobs != sweptBy({"seed=range(30)"}));
        QCOMPARE(jobs.size(), std::size_t(30));
    }

    void mistakes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* text, const char* words) { QTest::newRow(text) << text << words; };
        row("sae.k=glob(*)", "glob()|'sae.k' is none");
        row("sae=glob(x*)", "no option of 'sae' matches|topk");
        row("sae.k=range(3,3)", "no value");
        row("hydra.job.name=a,b", "the same for all jobs|hydra.job.name=\"'a,b'\"");
        row("seed=range(200)|sae.k=range(1,200)", "more than 10000 jobs");
        row("sae.k=interval(1,2)", "choice() or range()");
        row("modle=a,b", "Could not override 'modle'");
    }
    void mistakes() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        Words overrides;
        for (const QString& word : text.split(QLatin1Char('|')))
            overrides.push_back(word.toStdString());
        QCOMPARE(missingFrom(errorBy(overrides), words), QString());
    }

    void theControlsAreASweep() {
        const ComposeRequest request = requestOf({"experiment=controls", "dataset=demo"});
        QVERIFY(asksForSweep(request));
        QVERIFY(!asksForSweep(requestOf({"experiment=demo"})));
        const SweepPlan plan = planSweep(request, false);
        QCOMPARE(swept(plan),
                 (Words{"control=per_class", "control=per_example", "control=random", "control=lambda_0"}));
        Words seen;
        for (std::size_t number = 0; number < plan.jobs.size(); ++number) {
            ComposeRequest job = requestOf(plan.jobs[number].overrides);
            job.jobNumber = static_cast<int>(number);
            const Composition composition = compose(job);
            QCOMPARE(composition.config.dataset.format, std::string("demo"));
            seen.push_back(composition.config.sharpening.type);
            QCOMPARE(composition.config.cycle.auxLossWeight, number == 3 ? 0.0 : 1.0);
        }
        QCOMPARE(seen, (Words{"per_class", "per_example", "random", "per_class"}));
        QCOMPARE(
            swept(planSweep(requestOf({"experiment=controls", "control=random,lambda_0", "seed=1,2"}), false))
                .size(),
            std::size_t(4));
    }

    void filesMayAskForASweep() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        fs::create_directories(root / "experiment");
        writeFile(root / "config.yaml", "defaults: [_self_, optional experiment: null]\n");
        writeFile(root / "experiment/grid.yaml",
                  "# @package _global_\nhydra:\n  mode: MULTIRUN\n  sweep: {dir: 'sweeps/${seed}', subdir: "
                  "'job_${hydra:job.num}_k${sae.k}'}\n  sweeper:\n    params:\n      sae.k: 2,4\n      "
                  "cycle: {max_cycles: "
                  "'range(1,3)'}\n      dataset.strip: false\n      dataset.class_names: [a, b]\n");
        ComposeRequest request;
        request.configDirs = {root};
        request.overrides = {"experiment=grid"};
        QVERIFY(asksForSweep(request));
        const SweepPlan plan = planSweep(request, false);
        QCOMPARE(swept(plan), (Words{"sae.k=2 cycle.max_cycles=1", "sae.k=2 cycle.max_cycles=2",
                                     "sae.k=4 cycle.max_cycles=1", "sae.k=4 cycle.max_cycles=2"}));
        QCOMPARE(plan.jobs[0].overrides, (Words{"sae.k=2", "cycle.max_cycles=1", "dataset.strip=false",
                                                "dataset.class_names=[a,b]", "experiment=grid"}));
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "asks for a sweep over sae.k=2,4"),
                 QString());
        request.overrides = plan.jobs[3].overrides;
        request.jobNumber = 3;
        const Composition job = compose(request);
        QCOMPARE(job.sweepDir, std::string("sweeps/42"));
        QVERIFY(job.hasSweepDir);
        QCOMPARE(job.runDir, std::string("sweeps/42/job_3_k4"));
        QCOMPARE(job.config.cycle.maxCycles, 2);
        QCOMPARE(job.config.dataset.classNames, (Words{"a", "b"}));
        QCOMPARE(job.hydra["job"]["num"], nlohmann::ordered_json(3));
        // The command line's word for a key replaces the file's, and the mode can be taken back.
        request.jobNumber.reset();
        request.overrides = {"experiment=grid", "sae.k=8", "cycle.max_cycles=0"};
        QCOMPARE(swept(planSweep(request, false)), (Words{""}));
        request.overrides = {"experiment=grid", "~hydra.sweeper.params.cycle",
                             "hydra.sweeper.params.seed='1,2'"};
        QCOMPARE(swept(planSweep(request, false)),
                 (Words{"sae.k=2 seed=1", "sae.k=2 seed=2", "sae.k=4 seed=1", "sae.k=4 seed=2"}));
        request.overrides = {"experiment=grid", "hydra.mode=RUN"};
        QVERIFY(!asksForSweep(request));
        QCOMPARE(compose(request).config.sae.k, SaeConfig{}.k);
    }

    void foldersByDateAndTime() {
        ComposeRequest request = requestOf({"sae.k=3"});
        request.jobNumber = 12;
        request.time = 1700000000;
        const Composition job = compose(request);
        QVERIFY(!job.hasSweepDir);
        QVERIFY2(job.sweepDir.starts_with("multirun/2023-11-1"), job.sweepDir.c_str());
        QCOMPARE(job.runDir, job.sweepDir + "/12");
    }
};

QTEST_GUILESS_MAIN(TestConfigSweep)
#include "tst_config_sweep.moc"
