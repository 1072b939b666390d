// SPDX-License-Identifier: GPL-3.0-or-later
// Composition: defaults lists, groups, overrides and their precedence, interpolation, and YAML there and
// back.
#include "base/files.h"
#include "config/compose.h"
#include "config/interpolation.h"
#include "config/schema.h"
#include "config/tree.h"
#include "support/expect_error.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstdlib>
#include <ctime>

using namespace saeception;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

Composition composed(std::vector<std::string> overrides) {
    ComposeRequest request;
    request.overrides = std::move(overrides);
    return compose(request);
}

// A folder of configuration files made for one test.
class Folder {
public:
    void add(const std::string& name, const std::string& text) {
        const fs::path path = root() / (name + ".yaml");
        createDirectories(path.parent_path());
        writeFile(path, text);
    }
    Composition composed(std::vector<std::string> overrides = {}) const {
        ComposeRequest request;
        request.configDirs = {root()};
        request.overrides = std::move(overrides);
        return compose(request);
    }
    std::string error(std::vector<std::string> overrides = {}) const {
        return errorOf([&] { composed(std::move(overrides)); });
    }
    fs::path root() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

}  // namespace

class TestConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsOfTheProgram() {
        const Composition result = composed({});
        QCOMPARE(result.choices.at("model"), std::string("gpt2_tiny"));
        QCOMPARE(result.choices.at("dataset"), std::string("sst2"));
        QCOMPARE(result.choices.at("sae"), std::string("topk"));
        QCOMPARE(result.choices.at("sharpening"), std::string("per_class"));
        QVERIFY(!result.choices.contains("experiment"));
        QCOMPARE(result.config.sae.saeType, std::string("topk"));
        QCOMPARE(result.config.model.numLayers, 4);
        QVERIFY(result.runDir.empty());
        QVERIFY(result.overrides.empty());
    }

    void everyOptionComposes() {
        for (const std::string& group : groupNames())
            for (const std::string& option : groupOptions(group))
                // A sweep composes as one run where it is told to.
                QCOMPARE(composed({group + "=" + option, "hydra.mode=RUN"}).choices.at(group), option);
        QVERIFY(groupOptions("nothing").empty());
        QVERIFY(groupOptions("../core").empty());
    }

    void optionsSayWhatTheyAreFor() {
        for (const std::string& group : groupNames())
            for (const std::string& option : groupOptions(group)) {
                const std::string doc = optionDoc(group, option);
                QVERIFY2(doc.size() > 20 && doc.back() == '.', (group + "=" + option + ": " + doc).c_str());
                QVERIFY2(doc.find('#') == std::string::npos && doc.find('\n') == std::string::npos,
                         doc.c_str());
            }
        // Whole sentences only, and no examples.
        QCOMPARE(optionDoc("experiment", "sst2_tiny"),
                 std::string("SST-2 with a small GPT-2 from random weights: minutes on two cores."));
        QVERIFY(
            optionDoc("experiment", "controls").ends_with("The table at the end compares the last cycles."));
        QVERIFY(optionDoc("experiment", "nothing").empty());
        QVERIFY(optionDoc("..", "config").empty());
    }

    void groupChoiceAndValues() {
        const Composition result =
            composed({"model=gpt2_small", "model.dropout=0", "sae.epochs=7", "dataset.name=my set"});
        QCOMPARE(result.config.model.numLayers, 12);
        QCOMPARE(result.config.model.hiddenSize, 768);
        QCOMPARE(result.config.model.dropout, 0.0);
        QCOMPARE(result.config.sae.epochs, 7);
        QCOMPARE(result.config.dataset.name, std::string("my set"));
        QCOMPARE(result.overrides.size(), std::size_t(4));
        // Values win over files wherever they stand on the line.
        QCOMPARE(composed({"model.dropout=0.3", "model=gpt2_small"}).config.model.dropout, 0.3);
        // Of two for one key the last wins.
        QCOMPARE(composed({"sae.k=3", "sae.k=4"}).config.sae.k, 4);
    }

    void experimentOverridesGroupsAndValues() {
        const Composition result = composed({"experiment=demo"});
        QCOMPARE(result.choices.at("dataset"), std::string("demo"));
        QCOMPARE(result.choices.at("experiment"), std::string("demo"));
        QCOMPARE(result.config.dataset.format, std::string("demo"));
        // The command line wins over the experiment, for groups as for values.
        const Composition both = composed({"experiment=demo", "dataset=sst2", "cycle.max_cycles=3"});
        QCOMPARE(both.config.dataset.format, std::string("tsv"));
        QCOMPARE(both.config.cycle.maxCycles, 3);
        QVERIFY(!composed({"experiment=null"}).choices.contains("experiment"));
    }

    void experimentsOnSst2() {
        ::unsetenv("SST2_DIR");
        ::setenv("GPT2_DIR", "/weights/gpt2", 1);
        const Composition small = composed({"experiment=sst2_gpt2"});
        QCOMPARE(small.config.model.init, std::string("/weights/gpt2"));
        QCOMPARE(small.config.model.tokenizer, std::string("/weights/gpt2"));
        QCOMPARE(small.config.dataset.path, std::string("SST-2"));
        QCOMPARE(small.config.model.hiddenSize, 768);
        ::unsetenv("GPT2_DIR");
        const Composition tiny = composed({"experiment=sst2_tiny", "dataset.path=/data/SST-2"});
        QCOMPARE(tiny.config.dataset.path, std::string("/data/SST-2"));
        QCOMPARE(tiny.config.model.tokenizer, std::string("train"));
    }

    // A control changes what makes it one, whatever the experiment says.
    void controlsComeLast() {
        QVERIFY(!composed({}).choices.contains("control"));
        const Composition none = composed({"experiment=demo", "control=lambda_0"});
        QCOMPARE(none.config.cycle.auxLossWeight, 0.0);
        QCOMPARE(none.config.dataset.format, std::string("demo"));
        QCOMPARE(composed({"experiment=demo", "control=random"}).config.sharpening.type,
                 std::string("random"));
        QCOMPARE(composed({"experiment=demo", "control=random"}).config.cycle.auxLossWeight, 1.0);
    }

    void addForceAndDelete() {
        QCOMPARE(composed({"++sae.k=5"}).config.sae.k, 5);
        QCOMPARE(composed({"model=gpt2_small", "~model.num_layers"}).config.model.numLayers,
                 ModelConfig{}.numLayers);
        QCOMPARE(composed({"sae.k=9", "~sae.k=9"}).config.sae.k, SaeConfig{}.k);
        QCOMPARE(composed({"cycle={max_cycles:6,aux_loss_weight:0.5}"}).config.cycle.maxCycles, 6);
        QCOMPARE(composed({"dataset.class_names=['no','yes']"}).config.dataset.classNames[1],
                 std::string("yes"));
        QVERIFY(!composed({"~sharpening"}).choices.contains("sharpening"));
    }

    void runFolder() {
        const Composition result = composed({"hydra.run.dir=runs/${model.name}-${seed}", "seed=3"});
        QCOMPARE(result.runDir, std::string("runs/gpt2_tiny-3"));
        QCOMPARE(result.overrides, std::vector<std::string>{"seed=3"});
        QVERIFY(!result.tree.contains("hydra"));
    }

    void treeIsCompleteAndTyped() {
        const Composition result = composed({"experiment=demo", "model.dropout=0"});
        for (const KeySpec& spec : schema()) {
            const Json* node = findNode(result.tree, spec.key);
            QVERIFY2((node != nullptr) != spec.appendOnly, spec.key.c_str());
            QVERIFY2(node == nullptr || checkValue(spec, *node).empty(), spec.key.c_str());
        }
        QCOMPARE(unbindConfig(bindConfig(parseYaml(toYaml(result.tree), "text"))), result.tree);
    }

    void mistakes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* text, const char* words) { QTest::newRow(text) << text << words; };
        row("model=gpt2_tinny",
            "Could not find 'model/gpt2_tinny'|available options in 'model': gpt2_small, gpt2_tiny|Did you "
            "mean 'gpt2_tiny'");
        row("experiment=dem", "Could not find 'experiment/dem'|demo");
        row("model=../dataset/demo", "Could not find");
        row("model=", "option is missing");
        row("model=[a]", "'model' is a group");
        row("++model=gpt2_tiny", "model=OPTION");
        row("+model=gpt2_small", "Could not add|already in the defaults list");
        row("~model=gpt2_small", "Could not delete|gpt2_tiny");
        row("modle=gpt2_tiny", "Could not override 'modle'|Did you mean 'model'");
        row("modle/x=gpt2_tiny", "no configuration group 'modle/x'");
        row("sae.kk=3",
            "Could not override 'sae.kk'|Did you mean 'sae.k'|To append to your config use +sae.kk=3");
        row("+sae.kk=3", "unknown key 'sae.kk'|Did you mean 'sae.k'");
        row("++sae.kk=3", "unknown key 'sae.kk'");
        row("+sae.k=3", "Could not append to config. An item is already at 'sae.k'|++sae.k=3");
        row("+sae.k.x=3", "'sae.k.x'|holds a value");
        row("~sae.kk", "Could not delete from config. 'sae.kk' does not exist|'sae.k'");
        row("~sae.k=99", "Could not delete|99");
        row("~nothing", "does not exist");
        row("hydra.verbose=true",
            "these are understood: hydra.run.dir, hydra.sweep.dir, hydra.sweep.subdir, hydra.job.name, "
            "hydra.mode, hydra.sweeper.params");
        row("hydra/launcher=x", "these are understood");
        row("hydra=x", "these are understood");
        row("hydra.run=x", "these are understood");
        row("hydra.mode=SWEEP", "RUN or MULTIRUN");
        row("hydra.mode=MULTIRUN", "asks for a sweep|saeception command|hydra.mode=RUN");
        row("hydra.job.name=", "must not be empty");
        row("hydra.sweeper.params=3", "key: values");
        row("~hydra.run.dir", "cannot be deleted");
        row("hydra.run.dir=${hydra:runtime.output_dir}", "not known yet");
        row("hydra.run.dir=${hydra:job.num}", "known only in a sweep");
        row("output_dir=${hydra:runtime.output_dir}", "output_dir|not known yet");
        row("sae.k=25,50", "ambiguous|--multirun");
        row("sae.k=choice(25,50)", "sweep|--multirun");
        row("hydra.run.dir=", "must not be empty");
        row("hydra.run.dir=[a]", "must be a folder");
        row("model@other=gpt2_tiny", "Could not override 'model@other'. No match");
        row("~model@other", "Could not delete 'model@other'. No match");
        row("sae.k@x=3", "no configuration group 'sae.k'");
        row("wandb.mode=online", "TensorBoard|wandb sync|wandb.mode=disabled");
        row("learning_rate=3", "model.learning_rate");
        row("dataset.name=${nme}", "dataset.name|'nme' not found");
        row("dataset.name=???", "dataset.name|mandatory");
    }
    void mistakes() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        QCOMPARE(missingFrom(errorOf([&] { composed({text.toStdString()}); }), words), QString());
    }

    void selfDecidesWhoWins() {
        Folder folder;
        folder.add("sae/a", "k: 2\n");
        folder.add("config", "defaults: [sae: a, _self_]\nsae: {k: 3}\n");
        QCOMPARE(folder.composed().config.sae.k, 3);
        folder.add("config", "defaults: [_self_, sae: a]\nsae: {k: 3}\n");
        QCOMPARE(folder.composed().config.sae.k, 2);
        folder.add("config", "defaults: [sae: a]\nsae: {k: 3}\n");  // _self_ first where it is not named
        QCOMPARE(folder.composed().config.sae.k, 2);
    }

    void filesIncludeFilesOfTheirGroup() {
        Folder folder;
        folder.add("sae/base", "k: 2\nepochs: 9\n");
        folder.add("sae/big", "defaults: [base, _self_]\nk: 20\n");
        folder.add("config", "defaults: [sae: big, _self_]\n");
        QCOMPARE(folder.composed().config.sae.k, 20);
        QCOMPARE(folder.composed().config.sae.epochs, 9);
    }

    void packagesPlaceContents() {
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
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
        Folder folder;
        QCOMPARE(missingFrom(folder.error(), "primary configuration 'config.yaml'"), QString());
    }

    void firstFolderWins() {
        Folder own;
        own.add("sae/topk", "k: 5\n");
        own.add("model/mine", "hidden_size: 64\n");
        ComposeRequest request;
        Folder program;
        program.add("config", "defaults: [sae: topk, model: other, _self_]\n");
        program.add("sae/topk", "k: 6\n");
        program.add("model/other", "hidden_size: 32\n");
        request.configDirs = {own.root(), program.root()};
        QCOMPARE(compose(request).config.sae.k, 5);
        request.overrides = {"model=mine"};
        QCOMPARE(compose(request).config.model.hiddenSize, 64);
        QCOMPARE(groupOptions("model", request.configDirs), (std::vector<std::string>{"mine", "other"}));
    }

    void interpolation() {
        ::setenv("SAECEPTION_TEST_WORD", "hello", 1);
        ::unsetenv("SAECEPTION_TEST_UNSET");
        const Json tree = parseYaml(R"(
a: {b: 3, list: [x, y], name: gpt}
same: ${a.b}
text: "${a.name}-${a.b}"
whole: ${a}
item: ${a.list[1]}
nested: ${a.${key}}
key: name
chain: ${nested}
relative: {one: 1, two: "${.one}", three: "${..same}"}
env: ${oc.env:SAECEPTION_TEST_WORD}
fallback: ${oc.env:SAECEPTION_TEST_UNSET, a b}
deep: ${oc.env:SAECEPTION_TEST_UNSET,${a.name}}
nothing: ${oc.env:SAECEPTION_TEST_UNSET,null}
literal: '\${a.b}'
slashes: 'x\\${a.b}'
quoted: ${oc.env:SAECEPTION_TEST_UNSET,'a, b'}
empty: ${oc.env:SAECEPTION_TEST_UNSET,''}
selected: ${oc.select:a.b,7}
missing: ${oc.select:a.zz, ${a.name}}
absent: ${oc.select:a.zz}
must: ???
musted: ${oc.select:must,none}
flag: true
shown: is ${flag} and ${none}
none: null
)",
                                    "text");
        const auto at = [&](const char* key) { return resolveValue(tree[key], key, tree); };
        Json known = tree;
        known.erase("must");
        known.erase("musted");
        const Json out = resolveInterpolations(known);
        QCOMPARE(out["slashes"], Json("x\\3"));
        QCOMPARE(out["quoted"], Json("a, b"));
        QCOMPARE(out["empty"], Json(""));
        QCOMPARE(out["selected"], Json(3));
        QCOMPARE(out["missing"], Json("gpt"));
        QCOMPARE(out["absent"], Json());
        QCOMPARE(at("musted"), Json("none"));
        QCOMPARE(out["same"], Json(3));
        QCOMPARE(out["text"], Json("gpt-3"));
        QCOMPARE(out["whole"]["list"][0], Json("x"));
        QCOMPARE(out["item"], Json("y"));
        QCOMPARE(out["nested"], Json("gpt"));
        QCOMPARE(out["chain"], Json("gpt"));
        QCOMPARE(out["relative"]["two"], Json(1));
        QCOMPARE(out["relative"]["three"], Json(3));
        QCOMPARE(out["env"], Json("hello"));
        QCOMPARE(out["fallback"], Json("a b"));
        QCOMPARE(out["deep"], Json("gpt"));
        QCOMPARE(out["nothing"], Json());
        QCOMPARE(out["literal"], Json("${a.b}"));
        QCOMPARE(out["shown"], Json("is true and null"));
    }

    void interpolatedTime() {
        const Json out = resolveInterpolations(Json{{"day", "${now:%Y-%m-%d}"}, {"sign", "${now:%%}"}});
        QCOMPARE(out["sign"], Json("%"));
        const QString day = QString::fromStdString(out["day"]);
        QVERIFY2(QDate::fromString(day, Qt::ISODate).isValid(), qPrintable(day));
    }

    void badInterpolation_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("words");
        // Forty keys, each of which names the next one twice: 2^40 of the last.
        const auto doubling = [](const QString& twice, const QString& last) {
            QString yaml;
            for (int i = 0; i < 40; ++i)
                yaml += QStringLiteral("k%1: %2\n").arg(i).arg(twice.arg(i + 1));
            return yaml + "k40: " + last + "\n";
        };
        QTest::newRow("text that doubles") << doubling("${k%1}${k%1}", "x") << "k|grow beyond all bounds";
        QTest::newRow("nothing that doubles") << doubling("${k%1}${k%1}", "''") << "k|grow beyond all bounds";
        QTest::newRow("list that doubles")
            << doubling("['${k%1}', '${k%1}']", "x") << "k|grow beyond all bounds";
        QTest::newRow("circle") << "a: ${b}\nb: ${c}\nc: ${a}\n"
                                << "circle|a|b|c";
        QTest::newRow("itself") << "a: x${a}\n"
                                << "circle";
        QTest::newRow("inside itself") << "a: {b: '${a}'}\n"
                                       << "circle";
        QTest::newRow("unknown") << "alpha: 1\nb: ${alpah}\n"
                                 << "b:|'alpah' not found|Did you mean 'alpha'";
        QTest::newRow("unset") << "a: ${oc.env:SAECEPTION_TEST_UNSET}\n"
                               << "SAECEPTION_TEST_UNSET|not set|default";
        QTest::newRow("resolver") << "a: ${oc.envv:x}\n"
                                  << "'oc.envv'|hydra, now, oc.env";
        QTest::newRow("hydra") << "a: ${hydra:x}\n"
                               << "'hydra.x' not found";
        QTest::newRow("too deep") << "a: " + QString("${a").repeated(2000) + QString("}").repeated(2000) +
                                         "\n"
                                  << "a:";
        QTest::newRow("open") << "a: x${b\n"
                              << "not closed";
        QTest::newRow("group in text") << "a: {b: 1}\nc: x${a}\n"
                                       << "group of values";
        QTest::newRow("mandatory") << "a:\n  b: ???\n"
                                   << "a.b|mandatory";
    }
    void badInterpolation() {
        QFETCH(QString, yaml);
        QFETCH(QString, words);
        const Json tree = parseYaml(yaml.toStdString(), "text");
        QCOMPARE(missingFrom(errorOf([&] { resolveInterpolations(tree); }), words), QString());
    }

    void yamlScalars() {
        const Json tree = parseYaml(
            "a: 1\nb: 0x1f\nc: 0o17\nd: 1e-3\ne: .inf\nf: ~\ng:\nh: 'null'\ni: yes\nj: 1.\nk: TRUE\nl: "
            "\"7\"\nm: 1_000\n"
            "n: !!str 5\no: -.5\np: 007\n",
            "text");
        QCOMPARE(tree["a"], Json(1));
        QCOMPARE(tree["b"], Json(31));
        QCOMPARE(tree["c"], Json(15));
        QCOMPARE(tree["d"], Json(0.001));
        QVERIFY(std::isinf(tree["e"].get<double>()));
        QVERIFY(tree["f"].is_null() && tree["g"].is_null());
        QCOMPARE(tree["h"], Json("null"));
        QCOMPARE(tree["i"], Json("yes"));
        QVERIFY(tree["j"].is_number_float());
        QCOMPARE(tree["k"], Json(true));
        QCOMPARE(tree["l"], Json("7"));
        QCOMPARE(tree["m"], Json("1_000"));
        QCOMPARE(tree["n"], Json("5"));
        QCOMPARE(tree["o"], Json(-0.5));
        QCOMPARE(tree["p"], Json(7));
        QVERIFY(parseYaml("", "text").is_null());
    }

    void yamlThereAndBack() {
        Json tree;
        for (const char* text : {"",
                                 " ",
                                 "1",
                                 "1.5",
                                 "1e3",
                                 "0x10",
                                 "0o7",
                                 "true",
                                 "No",
                                 "on",
                                 "y",
                                 "null",
                                 "~",
                                 ".inf",
                                 ".nan",
                                 "- a",
                                 "a: b",
                                 "a #b",
                                 "#c",
                                 "[x]",
                                 "{x}",
                                 "&a",
                                 "*a",
                                 "!t",
                                 "|",
                                 ">",
                                 "%d",
                                 "@e",
                                 "`f",
                                 "'q'",
                                 "\"dq\"",
                                 "it's",
                                 "two\nlines\n",
                                 "tab\there",
                                 "back\\slash",
                                 "crème brûlée",
                                 "日本語",
                                 "emoji 🍮",
                                 "\x01\x7f",
                                 " leading",
                                 "trailing ",
                                 "?",
                                 ":",
                                 "-",
                                 "--",
                                 "---",
                                 "...",
                                 "2024-01-01",
                                 "12:30:45",
                                 "=",
                                 "<<",
                                 "a,b",
                                 "\xc2\x85next",
                                 "\xef\xbb\xbf"
                                 "bom",
                                 "/path/to x",
                                 "${a.b}"})
            tree["texts"].push_back(text);
        tree["numbers"] = {0, -1, 9007199254740993, 0.1, 1e-9, 1e300, -2.0, 5e-324};
        tree["flags"] = {true, false, nullptr};
        tree["empty list"] = Json::array();
        tree["empty map"] = Json::object();
        tree["nested"] = {{"a", {{"b", {1, {{"c", "d"}}, Json::array({Json::array()})}}}}};
        tree["true"] = "key that looks like a flag";
        tree["1"] = "key that looks like a number";
        tree["a: b #c"] = "odd key";
        const std::string yaml = toYaml(tree);
        const Json back = parseYaml(yaml, "text");
        for (std::size_t i = 0; i < tree["texts"].size(); ++i)
            QCOMPARE(QString::fromStdString(back["texts"][i]), QString::fromStdString(tree["texts"][i]));
        for (const auto& [key, value] : tree.items())
            QCOMPARE(QString::fromStdString(back[key].dump()), QString::fromStdString(value.dump()));
        QCOMPARE(QString::fromStdString(back.dump()), QString::fromStdString(tree.dump()));
        QVERIFY(parseYaml(toYaml(std::numeric_limits<double>::infinity()), "text").get<double>() > 0);
        QVERIFY(std::isnan(parseYaml(toYaml(std::nan("")), "text").get<double>()));
        QCOMPARE(toYaml(Json::array()), std::string("[]\n"));
        QCOMPARE(toYaml(Json{{"k", 3}, {"x", 1.0}, {"s", "1"}, {"w", "plain word"}}),
                 std::string("k: 3\nx: 1.0\ns: '1'\nw: plain word\n"));
    }
};

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
