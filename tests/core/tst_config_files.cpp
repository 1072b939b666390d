// SPDX-License-Identifier: GPL-3.0-or-later
// Composition of files of one's own: defaults lists, packages, Hydra's settings, the record of an existing
// run.
#include "config/compose.h"
#include "support/config_folder.h"

#include <QRegularExpression>
#include <QTest>

using namespace saeception;
using Json = nlohmann::ordered_json;

class TestConfigFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void selfDecidesWhoWins() {
        ConfigFolder folder;
        folder.add("sae/a", "k: 2\n");
        folder.add("config", "defaults: [sae: a, _self_]\nsae: {k: 3}\n");
        QCOMPARE(folder.composed().config.sae.k, 3);
        folder.add("config", "defaults: [_self_, sae: a]\nsae: {k: 3}\n");
        QCOMPARE(folder.composed().config.sae.k, 2);
        folder.add("config", "defaults: [sae: a]\nsae: {k: 3}\n");  // _self_ first where it is not named
        QCOMPARE(folder.composed().config.sae.k, 2);
    }

    void filesIncludeFilesOfTheirGroup() {
        ConfigFolder folder;
        folder.add("sae/base", "k: 2\nepochs: 9\n");
        folder.add("sae/big", "defaults: [base, _self_]\nk: 20\n");
        folder.add("config", "defaults: [sae: big, _self_]\n");
        QCOMPARE(folder.composed().config.sae.k, 20);
        QCOMPARE(folder.composed().config.sae.epochs, 9);
    }

    void packagesPlaceContents() {
        ConfigFolder folder;
        folder.add("preset/quick", "# @package _global_\n# for trials\nseed: 1\nsae: {epochs: 1}\n");
        folder.add("preset/sub", "# @package model\ndropout: 0.5\n");
        folder.add("sae/a", "# @package _group_\nk: 4\n");
        folder.add("config", "defaults: [sae: a, _self_]\n");
        QCOMPARE(folder.composed({"+preset=quick"}).config.sae.epochs, 1);
        QCOMPARE(folder.composed({"+preset=quick"}).config.seed, 1);
        QCOMPARE(folder.composed({"+preset=sub"}).config.model.dropout, 0.5);
        QCOMPARE(folder.composed().config.sae.k, 4);
        QCOMPARE(missingFrom(folder.error({"preset=quick"}),
                             "Could not override 'preset'|defaults list|+preset=quick"),
                 QString());
    }

    void chainedOverrides() {
        ConfigFolder folder;
        folder.add("sae/a", "k: 2\n");
        folder.add("sae/b", "k: 3\n");
        folder.add("sae/c", "k: 4\n");
        folder.add("experiment/one", "# @package _global_\ndefaults: [override /sae: b]\nseed: 1\n");
        folder.add("experiment/two", "# @package _global_\ndefaults: [one, override /sae: c]\n");
        folder.add("config", "defaults: [sae: a, _self_, optional experiment: null]\n");
        QCOMPARE(folder.composed({"experiment=one"}).config.sae.k, 3);
        QCOMPARE(folder.composed({"experiment=two"}).config.sae.k, 4);
        QCOMPARE(folder.composed({"experiment=two"}).config.seed, 1);
        QCOMPARE(folder.composed({"experiment=two", "sae=a"}).config.sae.k, 2);
    }

    void hydraSettings() {
        Composition result =
            composed({"hydra.run.dir=runs/${hydra:job.name}-${hydra:runtime.choices.model}",
                      "dataset.path=${hydra:runtime.output_dir}/data", "hydra.job.name=trial"});
        QCOMPARE(result.runDir, std::string("runs/trial-gpt2_tiny"));
        QCOMPARE(result.config.dataset.path, result.runDir + "/data");
        QCOMPARE(result.hydra["job"]["override_dirname"],
                 Json("dataset.path=${hydra:runtime.output_dir}/data"));
        QCOMPARE(result.hydra["overrides"]["hydra"].size(), std::size_t(2));
        // What is known only once the folder is made.
        result.config.seed = 77;
        resolveFor(result, "/somewhere/else");
        QCOMPARE(result.config.dataset.path, std::string("/somewhere/else/data"));
        QCOMPARE(result.tree["dataset"]["path"], Json("/somewhere/else/data"));
        QCOMPARE(result.hydra["runtime"]["output_dir"], Json("/somewhere/else"));
        QCOMPARE(result.config.seed, std::int64_t(77));  // nothing else is touched
        // Without a folder of one's own the one by date and time stands in.
        const Composition dated = composed({"dataset.path=${hydra:runtime.output_dir}", "output_dir=out"});
        QVERIFY(dated.runDir.empty());
        QVERIFY2(QRegularExpression("^out/\\d{4}-\\d\\d-\\d\\d/\\d\\d-\\d\\d-\\d\\d$")
                     .match(QString::fromStdString(dated.config.dataset.path))
                     .hasMatch(),
                 dated.config.dataset.path.c_str());
    }

    void hydraSettingsInFiles() {
        ConfigFolder folder;
        folder.add("config",
                   "defaults: [_self_, optional experiment: null]\nhydra: {run: {dir: 'runs/${seed}'}}\n");
        folder.add("experiment/a", "# @package _global_\nseed: 9\nhydra:\n  job: {name: a}\n");
        QCOMPARE(folder.composed({"experiment=a"}).runDir, std::string("runs/9"));
        QCOMPARE(folder.composed({"experiment=a"}).hydra["job"]["name"], Json("a"));
        QVERIFY(!folder.composed().tree.contains("hydra"));
        folder.add("experiment/b", "# @package _global_\nhydra: {job: {chdir: true}}\n");
        QCOMPARE(missingFrom(folder.error({"experiment=b"}), "b.yaml|these are understood|hydra.run.dir"),
                 QString());
        folder.add("experiment/b", "# @package _global_\nhydra:\n");
        QCOMPARE(missingFrom(folder.error({"experiment=b"}), "b.yaml|these are understood"), QString());
        folder.add("experiment/b", "# @package _global_\nhydra: {mode: both}\n");
        QCOMPARE(missingFrom(folder.error({"experiment=b"}), "b.yaml|hydra.mode=both"), QString());
        folder.add("experiment/b", "# @package hydra.run\ndir: [x]\n");
        QCOMPARE(missingFrom(folder.error({"experiment=b"}), "b.yaml|hydra.run.dir must be a folder"),
                 QString());
        folder.add("experiment/b", "# @package _global_\ndefaults: [override /hydra/launcher: joblib]\n");
        QCOMPARE(missingFrom(folder.error({"experiment=b"}), "b.yaml|hydra/launcher|these are understood"),
                 QString());
    }

    void asWritten() {
        ConfigFolder folder;
        folder.add("sae/a", "k: ${seed}\nepochs: ???\n");
        folder.add(
            "config",
            "defaults: [sae: a, _self_]\nseed: 4\ndataset: {path: '${oc.env:SAECEPTION_TEST_UNSET}'}\n");
        ComposeRequest request;
        request.configDirs = {folder.root()};
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "SAECEPTION_TEST_UNSET"), QString());
        request.asWritten = true;
        const Json tree = writtenTree(compose(request));
        QCOMPARE(tree["sae"]["k"], Json("${seed}"));
        QCOMPARE(tree["sae"]["epochs"], Json("???"));
        QCOMPARE(tree["seed"], Json(4));
        QCOMPARE(tree["dataset"]["path"], Json("${oc.env:SAECEPTION_TEST_UNSET}"));
        request.overrides = {"sae.kk=3"};
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "Could not override 'sae.kk'"), QString());
        request.overrides = {"dataset.path=x"};
        request.asWritten = false;
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }),
                             "Missing mandatory value: sae.epochs|sae.epochs=VALUE"),
                 QString());
    }

    void packagesInDefaultsLists() {
        ConfigFolder folder;
        folder.add("sae/a", "k: 4\n");
        folder.add("sae/b", "k: 5\n");
        folder.add("numbers/small", "epochs: 2\n");
        folder.add("config", "defaults: [sae: a, numbers@sae: small, _self_]\n");
        QCOMPARE(folder.composed().config.sae.epochs, 2);
        QCOMPARE(folder.composed().choices.at("numbers@sae"), std::string("small"));
        folder.add("numbers/large", "# @package _global_\nepochs: 20\n");
        QCOMPARE(folder.composed({"numbers@sae=large"}).config.sae.epochs,
                 20);  // the list wins over the header
        QCOMPARE(folder.composed({"~numbers@sae"}).config.sae.epochs, SaeConfig{}.epochs);
        QCOMPARE(missingFrom(folder.error({"numbers=large"}), "Could not override 'numbers'"), QString());
        QCOMPARE(
            missingFrom(folder.error({"+numbers@model=deep"}), "Could not find 'numbers/deep'|large, small"),
            QString());
    }

    void packagesOnTheCommandLine() {
        ConfigFolder folder;
        folder.add("sae/a", "k: 4\n");
        folder.add("numbers/one", "seed: 6\n");
        folder.add("config", "defaults: [sae: a, _self_]\n");
        QCOMPARE(folder.composed({"+numbers@_global_=one"}).config.seed, std::int64_t(6));
        QCOMPARE(folder.composed({"+numbers@=one"}).config.seed, std::int64_t(6));
        QCOMPARE(missingFrom(folder.error({"+sae@_global_.sae=a"}), "Could not add|'sae' is already"),
                 QString());
        QCOMPARE(missingFrom(folder.error({"+numbers@sae=one"}), "unknown key 'sae.seed'"), QString());
    }

    void choicesNameOtherChoices() {
        ConfigFolder folder;
        folder.add("model/small", "hidden_size: 32\n");
        folder.add("model/large", "hidden_size: 64\n");
        folder.add("sae/for_small", "k: 3\n");
        folder.add("sae/for_large", "k: 6\n");
        folder.add("config", "defaults: [sae: 'for_${model}', model: small, _self_]\n");
        QCOMPARE(folder.composed().config.sae.k, 3);
        QCOMPARE(folder.composed({"model=large"}).config.sae.k, 6);
        folder.add("config", "defaults: [sae: 'for_${modle}', model: small, _self_]\n");
        QCOMPARE(missingFrom(folder.error(), "config.yaml|'modle' in 'for_${modle}'"), QString());
        folder.add("config", "defaults:\n  - model: ???\n  - _self_\n");
        QCOMPARE(missingFrom(folder.error(), "You must specify 'model'|available options: large, small"),
                 QString());
        QCOMPARE(folder.composed({"model=large"}).config.model.hiddenSize, 64);
    }

    void filesByPath() {
        ConfigFolder folder;
        folder.add("sae/base/wide", "expansion_factor: 16\n");
        folder.add("sae/a", "defaults: [/common, base/wide@_here_, _self_]\nk: 4\n");
        folder.add("common", "# @package _global_\nseed: 8\n");
        folder.add("config", "defaults: [sae: a, optional /absent, _self_]\n");
        const Composition result = folder.composed();
        QCOMPARE(result.config.sae.expansionFactor, 16);
        QCOMPARE(result.config.seed, std::int64_t(8));
        QCOMPARE(result.config.sae.k, 4);
        folder.add("config", "defaults: [override sae, _self_]\n");
        QCOMPARE(missingFrom(folder.error(), "needs an option"), QString());
    }

    // A run's record is the ground; the files of configs/ do not show through it.
    void baseOfAnExistingRun() {
        ComposeRequest request;
        request.base = composed({"model=gpt2_small", "sae=l1", "sae.epochs=7", "seed=5"}).tree;
        const Composition same = compose(request);
        QCOMPARE(same.tree, *request.base);
        QVERIFY(same.ignoredKeys.empty());
        QVERIFY(same.choices.empty());
        request.overrides = {"sae=topk", "sae.k=12"};
        const Composition other = compose(request);
        QCOMPARE(other.config.sae.saeType, std::string("topk"));
        QCOMPARE(other.config.sae.k, 12);
        QCOMPARE(other.config.sae.epochs, 3);
        QCOMPARE(other.config.model.hiddenSize, 768);
        QCOMPARE(other.config.seed, std::int64_t(5));
        QCOMPARE(other.choices, (std::map<std::string, std::string>{{"sae", "topk"}}));
        // A preset brings the groups that it chooses, in their usual order.
        request.overrides = {"experiment=demo"};
        const Composition preset = compose(request);
        QCOMPARE(preset.config.dataset.format, std::string("demo"));
        QCOMPARE(preset.config.model.hiddenSize, composed({"experiment=demo"}).config.model.hiddenSize);
        QCOMPARE(preset.config.sae.saeType, std::string("l1"));
        QCOMPARE(preset.config.seed, std::int64_t(5));
        // Another primary file would not be read, so it is not taken.
        request.configName = "other";
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "--config-name=other|.hydra/config.yaml"),
                 QString());
    }

    void baseOfAnotherProgram() {
        ComposeRequest request;
        request.base = parseYaml(R"(
seed: 7
device: cuda
wandb: {mode: online, project: x}
root: /data
model: {name: gpt2, target_layer: 11, hf_path: gpt2, use_cache: false, dropout: null}
dataset: {name: ag, num_classes: 4, path: "${root}/ag", hf_name: "${unknown.key}"}
sae: {sae_type: topk, k: 25}
causal_lm: {a: 1}
output_dir: ${hydra:runtime.output_dir}
)",
                                 "text");
        const Composition result = compose(request);
        QCOMPARE(result.config.seed, std::int64_t(7));
        QCOMPARE(result.config.model.targetLayer, 11);
        QCOMPARE(result.config.dataset.path, std::string("/data/ag"));
        QCOMPARE(result.config.dataset.classNames, (std::vector<std::string>{"0", "1", "2", "3"}));
        QCOMPARE(result.config.wandbMode, std::string("disabled"));
        QCOMPARE(result.ignoredKeys,
                 (std::vector<std::string>{"device", "wandb.mode", "wandb.project", "root", "model.use_cache",
                                           "model.dropout", "dataset.hf_name", "causal_lm", "output_dir"}));
        request.base = parseYaml("sae: {k: many}\n", "text");
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "sae.k=many|whole number"), QString());
        request.overrides = {"sae.k=3"};
        QCOMPARE(compose(request).config.sae.k, 3);
        request.base = parseYaml("sae: topk\n", "text");
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "sae=topk|group of keys"), QString());
        request.base = Json::array();
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "keys and values"), QString());
    }

    void badFiles_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        QTest::newRow("yaml") << "a: [1\n"
                              << "config.yaml, line|not valid YAML";
        QTest::newRow("duplicate") << "seed: 1\ncycle: {}\nseed: 2\n"
                                   << "config.yaml, line 3|'seed' stands twice";
        QTest::newRow("not a mapping") << "- a\n"
                                       << "config.yaml|keys and values";
        QTest::newRow("two documents") << "a: 1\n---\nb: 2\n"
                                       << "more than one YAML document";
        QTest::newRow("tag") << "seed: !!python/object x\n"
                             << "line 1|tag";
        QTest::newRow("defaults") << "defaults: model\n"
                                  << "defaults list must be a list";
        QTest::newRow("entry") << "defaults: [[a]]\n"
                               << "group: option";
        QTest::newRow("missing group") << "defaults: [sae: b]\n"
                                       << "in |config.yaml|Could not find 'sae/b'|a";
        QTest::newRow("override nothing") << "defaults: [override modle: x]\n"
                                          << "Could not override 'modle'";
        QTest::newRow("itself") << "defaults: [config]\n"
                                << "includes itself";
        QTest::newRow("unknown key") << "seeed: 1\n"
                                     << "unknown key 'seeed'|'seed'";
        QTest::newRow("latin-1") << "output_dir: cr\xe8me\n"
                                 << "line 1|UTF-8";
        QTest::newRow("circular alias") << "a: &x [*x]\n"
                                        << "config.yaml";
    }
    void badFiles() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        ConfigFolder folder;
        folder.add("sae/a", "k: 2\n");
        folder.add("config", QTest::currentDataTag() == std::string("latin-1")
                                 ? std::string("output_dir: cr\xe8me\n")
                                 : text.toStdString());
        QCOMPARE(missingFrom(folder.error(), words), QString());
    }

    void missingFolderAndPrimary() {
        ComposeRequest request;
        request.configDirs = {"/nonexistent/folder"};
        QCOMPARE(missingFrom(errorOf([&] { compose(request); }), "/nonexistent/folder|does not exist"),
                 QString());
        ConfigFolder folder;
        QCOMPARE(missingFrom(folder.error(), "primary configuration 'config.yaml'"), QString());
    }

    void firstFolderWins() {
        ConfigFolder own;
        own.add("sae/topk", "k: 5\n");
        own.add("model/mine", "hidden_size: 64\n");
        ComposeRequest request;
        ConfigFolder program;
        program.add("config", "defaults: [sae: topk, model: other, _self_]\n");
        program.add("sae/topk", "k: 6\n");
        program.add("model/other", "hidden_size: 32\n");
        request.configDirs = {own.root(), program.root()};
        QCOMPARE(compose(request).config.sae.k, 5);
        request.overrides = {"model=mine"};
        QCOMPARE(compose(request).config.model.hiddenSize, 64);
        QCOMPARE(groupOptions("model", request.configDirs), (std::vector<std::string>{"mine", "other"}));
    }
};

QTEST_GUILESS_MAIN(TestConfigFiles)
#include "tst_config_files.moc"
