// SPDX-License-Identifier: GPL-3.0-or-later
// The schema is complete and strict: every key documented, bound, reachable, and guarded at the edges of its
// range.
#include "base/files.h"
#include "base/install_paths.h"
#include "config/compose.h"
#include "config/schema.h"
#include "config/tree.h"
#include "support/expect_error.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace saeception;
using Json = nlohmann::ordered_json;

namespace {

Json withValue(const std::string& key, const Json& value) {
    Json tree = unbindConfig(ExperimentConfig{});
    *findNode(tree, key) = value;
    return tree;
}

// Every leaf of every group file, with the place it has in the configuration.
void collectLeaves(const Json& node, const std::string& prefix, std::set<std::string>& keys) {
    for (const auto& [name, value] : node.items()) {
        const std::string key = prefix.empty() ? name : prefix + "." + name;
        if (value.is_object())
            collectLeaves(value, key, keys);
        else
            keys.insert(key);
    }
}

// A value other than the default that the key allows.
Json otherValue(const KeySpec& spec) {
    switch (spec.type) {
        case KeyType::Boolean:
            return !spec.defaultValue.get<bool>();
        case KeyType::Text:
            return spec.choices.empty() ? Json(spec.defaultValue.get<std::string>() + "x")
                                        : Json(spec.choices.back());
        case KeyType::TextList:
            return Json::array({"one", "two"});
        case KeyType::Integer:
            return std::isfinite(spec.maximum) && spec.defaultValue.get<double>() >= spec.maximum
                       ? Json(static_cast<std::int64_t>(spec.minimum))
                       : Json(spec.defaultValue.get<std::int64_t>() + 1);
        case KeyType::Number:
            return spec.defaultValue.get<double>() * 0.5 + 0.01;
    }
    return nullptr;
}

}  // namespace

class TestSchema : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKeyIsDocumented() {
        QVERIFY(schema().size() > 50);
        std::set<std::string> keys;
        for (const KeySpec& spec : schema()) {
            QVERIFY2(keys.insert(spec.key).second, spec.key.c_str());
            QVERIFY2(spec.doc.size() > 20 && spec.doc.back() == '.', spec.key.c_str());
            QVERIFY2(spec.get && spec.set, spec.key.c_str());
            QVERIFY2(checkValue(spec, spec.defaultValue).empty(), spec.key.c_str());
            QVERIFY2(!allowedValues(spec).empty(), spec.key.c_str());
            QCOMPARE(findKey(spec.key), &spec);
            if (spec.type == KeyType::Integer || spec.type == KeyType::Number)
                QVERIFY2(std::isfinite(spec.minimum) && std::isfinite(spec.maximum), spec.key.c_str());
        }
        QCOMPARE(findKey("sae.nothing"), nullptr);
    }

    void everyKeySetsItsOwnField() {
        for (const KeySpec& spec : schema()) {
            const Json value = otherValue(spec);
            QVERIFY2(checkValue(spec, value).empty(), (spec.key + " " + value.dump()).c_str());
            ExperimentConfig config;
            spec.set(config, value);
            for (const KeySpec& other : schema())
                QCOMPARE(other.get(config), other.key == spec.key ? value : other.defaultValue);
        }
    }

    void bindingIsTheInverseOfUnbinding() {
        ExperimentConfig config;
        config.seed = 7;
        config.model.learningRate = 3e-5;
        config.model.init = "weights dir/model.safetensors";
        config.model.tokenizer = "tokenizer dir";
        config.dataset.numClasses = 3;
        config.dataset.classNames = {"no", "déjà vu", "1"};
        config.sae.skipFirstToken = false;
        config.cycle.maxCycles = 4;
        const Json tree = unbindConfig(config);
        QCOMPARE(unbindConfig(bindConfig(tree)), tree);
        QCOMPARE(bindConfig(tree).dataset.classNames, config.dataset.classNames);
        QCOMPARE(bindConfig(Json::object()).model.hiddenSize, ExperimentConfig{}.model.hiddenSize);
    }

    void edgesOfEveryRange() {
        for (const KeySpec& spec : schema()) {
            const bool whole = spec.type == KeyType::Integer;
            if (!whole && spec.type != KeyType::Number)
                continue;
            const auto json = [&](double value) {
                return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
            };
            const double step = whole ? 1 : 1e-6;
            QVERIFY2(checkValue(spec, json(spec.minimum)).empty() != spec.minimumIsOpen, spec.key.c_str());
            QVERIFY2(checkValue(spec, json(spec.maximum)).empty(), spec.key.c_str());
            const std::string low = checkValue(spec, json(spec.minimum - step));
            const std::string high = checkValue(spec, json(spec.maximum + step));
            QCOMPARE(missingFrom(low, QString::fromStdString(spec.key) + "|must be"), QString());
            QCOMPARE(missingFrom(high, QString::fromStdString(spec.key) + "|must be"), QString());
            QVERIFY2(!checkValue(spec, Json(std::nan(""))).empty(), spec.key.c_str());
            QVERIFY2(!checkValue(spec, Json(true)).empty(), spec.key.c_str());
            QVERIFY2(!checkValue(spec, Json("1")).empty(), spec.key.c_str());
            QVERIFY2(!checkValue(spec, Json()).empty(), spec.key.c_str());
        }
    }

    void typesAreStrict() {
        QVERIFY(checkValue(*findKey("model.dropout"), 0).empty());  // a whole number is a number
        QVERIFY(!checkValue(*findKey("sae.k"), 8.0).empty());       // 8.0 is no whole number
        QVERIFY(!checkValue(*findKey("dataset.strip"), 1).empty());
        QVERIFY(!checkValue(*findKey("dataset.strip"), "true").empty());
        QVERIFY(!checkValue(*findKey("dataset.class_names"), "a").empty());
        QVERIFY(!checkValue(*findKey("dataset.class_names"), Json::array({1, 2})).empty());
        QVERIFY(!checkValue(*findKey("dataset.name"), true).empty());
        QVERIFY(!checkValue(*findKey("dataset.name"), "").empty());
        QVERIFY(checkValue(*findKey("dataset.path"), Json()).empty());
        QVERIFY(checkValue(*findKey("dataset.name"), 20).empty());
        QCOMPARE(bindConfig(withValue("dataset.name", 20)).dataset.name, std::string("20"));
        QCOMPARE(bindConfig(withValue("dataset.path", nullptr)).dataset.path, std::string());
    }

    void messages_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* key, const char* value, const char* words) {
            QTest::addRow("%s=%s", key, value) << key << value << words;
        };
        row("device", "\"cuda\"", "device=cuda|CPU only|device=auto");
        row("device", "\"cpuu\"", "one of: auto, cpu|Did you mean 'cpu'");
        row("wandb.mode", "\"online\"", "TensorBoard|run folder|wandb sync|disabled");
        row("sae.sae_type", "\"top_k\"", "one of: topk, topk_ste|Did you mean 'topk'");
        row("sharpening.type", "\"perclass\"", "per_class, per_example, random|Did you mean 'per_class'");
        row("model.precision", "\"bf16\"", "fp32");
        row("dataset.format", "\"xml\"", "tsv, csv, jsonl, demo");
        row("sae.k", "8.0", "sae.k=8.0|whole number from 1");
        row("model.dropout", "1.0", "model.dropout=1.0|from 0 to 0.95");
        row("model.learning_rate", "0", "model.learning_rate=0|above 0");
        row("model.vocab_size", "256", "model.vocab_size=256|257");
        row("model.num_heads", "5", "hidden_size=128|num_heads=5|divisible");
        row("model.target_layer", "4", "target_layer=4|num_layers=4|-4 to 3");
        row("model.target_layer", "-5", "target_layer=-5|-4 to 3");
        row("sae.k", "1025", "sae.k=1025|1024 features|expansion");
        row("sae.aux_k", "1025", "sae.aux_k=1025|1024 features");
        row("dataset.num_classes", "3", "class_names has 2|num_classes=3");
        row("dataset.class_names", "[\"a\",\"a\"]", "'a' stands twice");
        row("dataset.max_length", "1025", "max_length=1025|max_positions=1024");
        row("dataset.label_column", "\"sentence\"", "text_column|label_column|differ");
        row("sae", "3", "sae=3|group of keys");
        row("output_dir", "\"\"", "output_dir|empty");
    }
    void messages() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(QString, words);
        const Json tree = withValue(key.toStdString(), Json::parse(value.toStdString()));
        QCOMPARE(missingFrom(errorOf([&] { bindConfig(tree); }), words), QString());
    }

    void lastLayersAreTargets() {
        for (const int layer : {-4, -1, 0, 3})
            QCOMPARE(bindConfig(withValue("model.target_layer", layer)).model.targetLayer, layer);
    }

    void unknownKeysNameTheNearest() {
        Json tree = unbindConfig(ExperimentConfig{});
        tree["sae"]["epoch"] = 3;
        QCOMPARE(missingFrom(errorOf([&] { bindConfig(tree); }),
                             "unknown key 'sae.epoch'|Did you mean 'sae.epochs'"),
                 QString());
        tree = unbindConfig(ExperimentConfig{});
        tree["modle"]["dropout"] = 0.5;
        QCOMPARE(missingFrom(errorOf([&] { bindConfig(tree); }), "'modle.dropout'|'model.dropout'"),
                 QString());
        QCOMPARE(missingFrom(errorOf([] { bindConfig(Json::array()); }), "mapping"), QString());
    }

    void everyLeafOfConfigsIsInTheSchemaAndBack() {
        std::set<std::string> leaves;
        for (const auto& group : groupNames()) {
            for (const auto& option : groupOptions(group)) {
                const auto path = dataDirectory("configs") / group / (option + ".yaml");
                Json tree = parseYaml(readFile(path), path.string());
                tree.erase("defaults");
                tree.erase("hydra");
                collectLeaves(tree, group == "experiment" || group == "control" ? "" : group, leaves);
            }
        }
        const auto primary = dataDirectory("configs") / "config.yaml";
        Json tree = parseYaml(readFile(primary), primary.string());
        tree.erase("defaults");
        collectLeaves(tree, "", leaves);
        for (const std::string& leaf : leaves)
            QVERIFY2(findKey(leaf) != nullptr, leaf.c_str());
        for (const KeySpec& spec : schema())
            QVERIFY2(spec.appendOnly != leaves.contains(spec.key),
                     (spec.key + " is in no file of configs/").c_str());
    }
};

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
