// SPDX-License-Identifier: GPL-3.0-or-later
// Interpolation, and YAML there and back.
#include "config/compose.h"
#include "config/interpolation.h"
#include "support/config_folder.h"

#include <QTest>

#include <cmath>
#include <cstdlib>

using namespace saeception;
using Json = nlohmann::ordered_json;

class TestInterpolation : public QObject {
    Q_OBJECT

private Q_SLOTS:
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

QTEST_GUILESS_MAIN(TestInterpolation)
#include "tst_interpolation.moc"
