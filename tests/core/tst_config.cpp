// SPDX-License-Identifier: GPL-3.0-or-later
// Composition of the program's own configurations: groups, overrides and their precedence, and what is said
// of mistakes.
#include "config/compose.h"
#include "config/schema.h"
#include "config/tree.h"
#include "support/config_folder.h"

#include <QTest>

#include <cstdlib>

using namespace saeception;
using Json = nlohmann::ordered_json;

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
};

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
