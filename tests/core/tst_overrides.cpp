// SPDX-License-Identifier: GPL-3.0-or-later
// The override grammar: every form, how values are typed, and what is said about each mistake.
#include "config/nearest.h"
#include "config/override_value.h"
#include "config/overrides.h"
#include "config/scalars.h"
#include "support/expect_error.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace saeception;
using Json = nlohmann::ordered_json;

class TestOverrides : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kinds_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("key");
        QTest::addColumn<bool>("hasValue");
        QTest::newRow("change") << "sae.k=1" << int(OverrideKind::Change) << "sae.k" << true;
        QTest::newRow("add") << "+sae.k=1" << int(OverrideKind::Add) << "sae.k" << true;
        QTest::newRow("force") << "++sae.k=1" << int(OverrideKind::ForceAdd) << "sae.k" << true;
        QTest::newRow("delete") << "~sae.k" << int(OverrideKind::Delete) << "sae.k" << false;
        QTest::newRow("delete a value") << "~sae.k=3" << int(OverrideKind::Delete) << "sae.k" << true;
        QTest::newRow("group") << "model/sub=x" << int(OverrideKind::Change) << "model/sub" << true;
    }
    void kinds() {
        QFETCH(QString, text);
        const Override parsed = parseOverride(text.toStdString());
        QTEST(int(parsed.kind), "kind");
        QTEST(QString::fromStdString(parsed.key), "key");
        QTEST(parsed.hasValue, "hasValue");
        QCOMPARE(parsed.text, text.toStdString());
    }

    // The expected values are written as JSON.
    void values_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* typed, const char* expected) {
            QTest::newRow(typed) << typed << expected;
        };
        row("1", "1");
        row("-7", "-7");
        row("+7", "7");
        row("10_000", "10000");
        row("1.5", "1.5");
        row(".5", "0.5");
        row("2.", "2.0");
        row("1e-3", "0.001");
        row("1_0.5", "10.5");
        row("true", "true");
        row("False", "false");
        row("null", "null");
        row("NULL", "null");
        row("", "\"\"");
        row("abc", "\"abc\"");
        row("007", "\"007\"");
        row("_1", "\"_1\"");
        row("1_", "\"1_\"");
        row("0x1f", "\"0x1f\"");
        row("a b", "\"a b\"");
        row("  padded\t ", "\"padded\"");
        row("/data/SST-2/x=1", "\"/data/SST-2/x=1\"");
        row("C:\\data", "\"C:\\\\data\"");
        row("a\\,b", "\"a,b\"");
        row("\\[x\\]", "\"[x]\"");
        row("\\ x", "\" x\"");
        row("crème", "\"crème\"");
        row("o'brien", "\"o'brien\"");
        row("'1'", "\"1\"");
        row("\"true\"", "\"true\"");
        row("''", "\"\"");
        row("'a,b [c] (d)'", "\"a,b [c] (d)\"");
        row("'it\\'s'", "\"it's\"");
        row("'back\\\\'", "\"back\\\\\"");
        row("'C:\\dir'", "\"C:\\\\dir\"");
        row("[]", "[]");
        row("[1,2.5,x]", "[1,2.5,\"x\"]");
        row("[ a , 'b, c' ]", "[\"a\",\"b, c\"]");
        row("[[1],[2,3]]", "[[1],[2,3]]");
        row("{}", "{}");
        row("{a:1,b:[x,y]}", "{\"a\":1,\"b\":[\"x\",\"y\"]}");
        row("{ a: {b: null} }", "{\"a\":{\"b\":null}}");
        row("${sae.k}", "\"${sae.k}\"");
        row("a-${sae.k}-${oc.env:X,b c}", "\"a-${sae.k}-${oc.env:X,b c}\"");
        row("[${a.b},1]", "[\"${a.b}\",1]");
    }
    void values() {
        QFETCH(QString, typed);
        QFETCH(QString, expected);
        const Json value = parseOverride("x.y=" + typed.toStdString()).value;
        const Json wanted = Json::parse(expected.toStdString());
        QCOMPARE(QString::fromStdString(value.dump()), QString::fromStdString(wanted.dump()));
        QCOMPARE(value.is_number_float(), wanted.is_number_float());
    }

    void infinities() {
        QVERIFY(parseOverride("x=-inf").value.get<double>() < 0);
        QVERIFY(std::isinf(parseOverride("x=INF").value.get<double>()));
        QVERIFY(std::isnan(parseOverride("x=nan").value.get<double>()));
        QVERIFY(parseOverride("x=99999999999999999999").value.is_number_float());
    }

    void mistakes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* text, const char* words) { QTest::newRow(text) << text << words; };
        row("sae.k", "sae.k|missing|sae.k=value");
        row("+sae.k", "missing");
        row("=3", "not a key");
        row("", "not a key");
        row("a..b=1", "a..b|not a key");
        row("a b=1", "not a key");
        row("x=[1,2", "[1,2|']' is missing");
        row("x=[1,,2]", "empty");
        row("x={a}", "dictionary");
        row("x={a:1,a:2}", "'a' stands twice");
        row("x={a:1", "'}' is missing");
        row("x='abc", "not closed");
        row("x=a(b", "unknown function 'a'|quotes");
        row("x=a b(c)", "unexpected '('|quotes");
        row("x=a]", "unexpected ']'");
        row("x=a)", "unexpected ')'");
        row("x=${a.b", "not closed");
        row("group@=x]", "unexpected");
        row("group@a/b=x", "'a/b' is not a package");
        row("group@pkg@b=x", "'pkg@b' is not a package");
        row("x=1,,2", "an item is empty");
        row("x=1,", "an item is empty");
        row("x=,1", "an item is empty");
        row("x=[choice(1,2)]", "a sweep must be the whole value");
        row("x=1,range(3)", "a sweep must be the whole value");
        row("~x=1,2", "deleted once");
        row("x=choice()", "choice(): an empty choice is not legal");
        row("x=choice(1", "')' is missing");
        row("x=choice(a=1)", "no parameter 'a'");
        row("x=choice(choice(1,2))", "cannot be nested");
        row("x=chioce(1,2)",
            "unknown function 'chioce'|Did you mean 'choice'|Available functions: bool, choice");
        row("x=range()", "range(): 'start' is missing");
        row("x=range(1,9,0)", "must not be 0");
        row("x=range(a)", "'start' must be a number");
        row("x=range(1,2,3,4)", "at most 3 values");
        row("x=range(start=1,9)", "stands after one with a name");
        row("x=range(1,stpo=9)", "no parameter 'stpo'|Did you mean 'stop'");
        row("x=range(1,start=9,start=1)", "given twice");
        row("x=range(1e9)", "1000000000 values|at most 10000");
        row("x=range(0,inf)", "'stop' must be finite");
        row("x=glob()", "pattern is missing");
        row("x=glob({a:1})", "'include' must be a pattern");
        row("x=interval(0,1)", "interval()|choice() or range()");
        row("x=tag(a,1)", "must be a choice(), range() or interval()");
        row("x=sort()", "nothing to put in order");
        row("x=sort(1,a)", "only numbers, or only texts");
        row("x=sort([1,[2]])", "only numbers, or only texts");
        row("x=sort(1,2,reverse=yes)", "'reverse' must be true or false");
        row("x=shuffle(glob(*))", "takes values, a list");
        row("x=int(foo)", "int(): 'foo' cannot be cast to int");
        row("x=int('1.5')", "'1.5' cannot be cast to int");
        row("x=int(inf)", "'inf' cannot be cast to int");
        row("x=float(foo)", "'foo' cannot be cast to float");
        row("x=bool(foo)", "'foo' cannot be cast to bool");
        row("x=bool([1,[x]])", "'x' cannot be cast to bool");
        row("x=str(range(3))", "cast to int or float only");
        row("x=int(interval(0,1))", "takes values");
        row("x=int()", "a value is missing");
        row("x=int(value=1,2)", "stands after one with a name");
        row("x=a\nb", "several lines");
    }
    void mistakes() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        QCOMPARE(missingFrom(errorOf([&] { parseOverride(text.toStdString()); }), words), QString());
    }

    void functions_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* typed, const char* expected) {
            QTest::newRow(typed) << typed << expected;
        };
        row("int(3.14)", "3");
        row("int(-3.9)", "-3");
        row("int(value=3.14)", "3");
        row("int('10')", "10");
        row("int(true)", "1");
        row("int([0,1.5,'2'])", "[0,1,2]");
        row("int({a:10.0})", "{\"a\":10}");
        row("float(10)", "10.0");
        row("float('1e3')", "1000.0");
        row("float(false)", "0.0");
        row("str(10)", "\"10\"");
        row("str(10.0)", "\"10.0\"");
        row("str(true)", "\"true\"");
        row("str([1,2])", "[\"1\",\"2\"]");
        row("str({a:10})", "{\"a\":\"10\"}");
        row("bool(0)", "false");
        row("bool(2.5)", "true");
        row("bool(nan)", "true");
        row("bool(TRUE)", "true");
        row("bool({a:[0,1]})", "{\"a\":[false,true]}");
        row("json_str({a:[1,x]})", "\"{\\\"a\\\":[1,\\\"x\\\"]}\"");
        row("sort([3,1,2])", "[1,2,3]");
        row("sort(list=[a,c,b],reverse=true)", "[\"c\",\"b\",\"a\"]");
        row("sort(1)", "1");
        row("[int(1.5),{a:str(2)}]", "[1,{\"a\":\"2\"}]");
        row(" int( 1.5 ) ", "1");
    }
    void functions() {
        QFETCH(QString, typed);
        QFETCH(QString, expected);
        const Override parsed = parseOverride("x=" + typed.toStdString());
        QVERIFY(!parsed.sweep);
        QCOMPARE(QString::fromStdString(parsed.value.dump()), expected);
    }

    void sweeps_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("values");
        const auto row = [](const char* typed, const char* values) {
            QTest::newRow(typed) << typed << values;
        };
        row("25,50", "[25,50]");
        row("a, 'b,c' ,\"d\"", "[\"a\",\"b,c\",\"d\"]");
        row("[1,2],[3]", "[[1,2],[3]]");
        row("{a:1},{a:2}", "[{\"a\":1},{\"a\":2}]");
        row("'',x", "[\"\",\"x\"]");
        row("choice(a,b)", "[\"a\",\"b\"]");
        row("choice(a)", "[\"a\"]");
        row("choice(int(1.5,2.5))", "[1,2]");
        row("range(5)", "[0,1,2,3,4]");
        row("range(1,4)", "[1,2,3]");
        row("range(0,5,2)", "[0,2,4]");
        row("range(start=5,stop=0,step=-2)", "[5,3,1]");
        row("range(0,10,3.3)", "[0.0,3.3,6.6,9.9]");
        row("range(0,0.3,0.1)", "[0.0,0.1,0.2]");
        row("range(3,3)", "[]");
        row("float(range(1,4))", "[1.0,2.0,3.0]");
        row("int(range(1.0,3.5))", "[1,2]");
        row("sort(3,1,2)", "[1,2,3]");
        row("sort(choice(3,1,2),reverse=true)", "[3,2,1]");
        row("sort(range(3,0,-1))", "[1,2,3]");
        row("sort(sweep=choice(b,a))", "[\"a\",\"b\"]");
        row("int(1.5,2.5)", "[1,2]");
        row("str(choice(1,2))", "[\"1\",\"2\"]");
        row("tag(log,choice(1,2))", "[1,2]");
    }
    void sweeps() {
        QFETCH(QString, typed);
        QFETCH(QString, values);
        const Override parsed = parseOverride("x=" + typed.toStdString());
        QVERIFY(parsed.sweep.has_value());
        QCOMPARE(QString::fromStdString(Json(parsed.sweep->values).dump()), values);
        QCOMPARE(missingFrom(errorOf([&] { requireOneValue(parsed); }), "--multirun (-m)"), QString());
    }

    void ambiguousValuesNameTheWaysOut() {
        QCOMPARE(missingFrom(errorOf([] { requireOneValue(parseOverride("+sae.k=25,50")); }),
                             "ambiguous value in '+sae.k=25,50'|+sae.k=[25,50]|'25,50'|--multirun (-m)"),
                 QString());
    }

    void globs() {
        const Override one = parseOverride("model=glob(gpt2*)");
        QCOMPARE(one.sweep->glob->include, std::vector<std::string>{"gpt2*"});
        const Override two = parseOverride("model=glob([a*,b?],exclude=ab)");
        QCOMPARE(two.sweep->glob->include, (std::vector<std::string>{"a*", "b?"}));
        QCOMPARE(two.sweep->glob->exclude, std::vector<std::string>{"ab"});
    }

    // The same line gives the same order, and all values.
    void shuffles() {
        const auto shuffled = [](const std::string& text) { return parseOverride(text).sweep->values; };
        std::vector<Json> values = shuffled("x=shuffle(range(40))");
        QCOMPARE(values, shuffled("x=shuffle(range(40))"));
        QVERIFY(!std::is_sorted(values.begin(), values.end()));
        std::sort(values.begin(), values.end());
        for (int i = 0; i < 40; ++i)
            QCOMPARE(values[static_cast<std::size_t>(i)], Json(i));
        QVERIFY(parseOverride("x=shuffle([1,2,3])").value.is_array());
    }

    void packages() {
        const Override named = parseOverride("+model@teacher.net=gpt2_tiny");
        QCOMPARE(named.key, std::string("model"));
        QCOMPARE(*named.package, std::string("teacher.net"));
        QCOMPARE(named.keyText(), std::string("+model@teacher.net"));
        QCOMPARE(*parseOverride("model@=x").package, std::string());
        QVERIFY(!parseOverride("model=x").package);
    }

    void valuesAreWrittenSoThatTheyReadBack() {
        const std::vector<Json> values = {
            Json(nullptr),    Json(true),
            Json(-3),         Json(1.0),
            Json(1e-5),       Json(9007199254740993),
            Json("plain"),    Json("two words"),
            Json("/a/b-c.d"), Json(""),
            Json(" "),        Json("1"),
            Json("1e3"),      Json("null"),
            Json("True"),     Json("nan"),
            Json("a,b"),      Json("it's"),
            Json("back\\"),   Json("\\'"),
            Json("\\\\x"),    Json("f(x)"),
            Json("[x]"),      Json("{x}"),
            Json("a=b"),      Json("k: v"),
            Json("~x"),       Json("\tx"),
            Json("crème"),    Json("${a.b}"),
            Json("\"q\""),    Json::array(),
            Json::object(),   Json::parse(R"([1,"a b",[true,null],{"k":"1","x y":[]}])")};
        for (const Json& value : values) {
            const std::string text = overrideValueText(value);
            const Override back = parseOverride("x=" + text);
            QVERIFY2(!back.sweep, text.c_str());
            QCOMPARE(QString::fromStdString(back.value.dump()), QString::fromStdString(value.dump()));
            QCOMPARE(back.value.is_number_float(), value.is_number_float());
        }
        QCOMPARE(overrideValueText(0.001), std::string("0.001"));
        QCOMPARE(overrideValueText("per_class"), std::string("per_class"));
        QCOMPARE(overrideValueText("runs/k 25"), std::string("runs/k 25"));
        QCOMPARE(overrideValueText(-std::numeric_limits<double>::infinity()), std::string("-inf"));
    }

    void invalidUtf8IsRefused() {
        QCOMPARE(missingFrom(errorOf([] { parseOverride("dataset.path=\xff"); }), "UTF-8"), QString());
    }

    void deepNestingIsRefusedNotFollowed() {
        std::string calls = "x=";
        for (int i = 0; i < 20000; ++i)
            calls += "int(";
        for (const std::string& text :
             {"x=" + std::string(100000, '['), "x=" + std::string(100000, '{'), calls})
            QVERIFY(!errorOf([&] { parseOverride(text); }).empty());
        QCOMPARE(missingFrom(errorOf([&] { parseOverride(calls); }), "nested too deeply"), QString());
    }

    void distances() {
        QCOMPARE(editDistance("", "abc"), 3);
        QCOMPARE(editDistance("kitten", "sitting"), 3);
        QCOMPARE(editDistance("modle", "model"), 1);  // neighbours swapped
        QCOMPARE(editDistance("SAE.K", "sae.k"), 0);
    }

    void nearestWord() {
        const std::vector<std::string> keys = {"sae.k", "sae.epochs", "model.learning_rate", "model.dropout",
                                               "seed"};
        QCOMPARE(nearest("sae.kk", keys), std::string("sae.k"));
        QCOMPARE(nearest("learning_rate", keys), std::string("model.learning_rate"));
        QCOMPARE(nearest("sae.dropout", keys), std::string("model.dropout"));
        QCOMPARE(nearest("sed", keys), std::string("seed"));
        QCOMPARE(nearest("completely.different", keys), std::string());
        QCOMPARE(didYouMean("zzzzzzzz", keys), std::string());
        QCOMPARE(didYouMean("sede", keys), std::string(" Did you mean 'seed'?"));
    }

    void floatsReadBackExactly() {
        for (const double value : {0.1, 1e-5, 1e22, 123456.75, 5e-324, 1.7976931348623157e308, -0.0, 3.0}) {
            const std::string text = floatText(value);
            const Json back = plainScalar(text);
            QVERIFY2(back.is_number_float(), text.c_str());
            QCOMPARE(back.get<double>(), value);
            QVERIFY2(text.find('.') != std::string::npos, text.c_str());  // YAML 1.1 readers need the point
        }
        QCOMPARE(floatText(1e-5), std::string("1.0e-05"));
    }
};

QTEST_GUILESS_MAIN(TestOverrides)
#include "tst_overrides.moc"
