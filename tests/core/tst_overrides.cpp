// SPDX-License-Identifier: GPL-3.0-or-later
// The override grammar: every form, how values are typed, and what is said about each mistake.
#include "config/nearest.h"
#include "config/overrides.h"
#include "config/scalars.h"
#include "support/expect_error.h"

#include <QTest>

#include <cmath>

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
        row("sae.k=25,50", "ambiguous|sae.k=[25,50]|'25,50'");
        row("x=[1,2", "[1,2|']' is missing");
        row("x=[1,,2]", "empty");
        row("x={a}", "dictionary");
        row("x={a:1,a:2}", "'a' stands twice");
        row("x={a:1", "'}' is missing");
        row("x='abc", "not closed");
        row("x=a(b", "unexpected '('|quotes");
        row("x=a]", "unexpected ']'");
        row("x=choice(1,2)", "choice|give one value");
        row("x=range(1,9)", "range");
        row("x=${a.b", "not closed");
        row("group@pkg=x", "packages|group=");
        row("x=a\nb", "several lines");
    }
    void mistakes() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        QCOMPARE(missingFrom(errorOf([&] { parseOverride(text.toStdString()); }), words), QString());
    }

    void invalidUtf8IsRefused() {
        QCOMPARE(missingFrom(errorOf([] { parseOverride("dataset.path=\xff"); }), "UTF-8"), QString());
    }

    void deepNestingIsRefusedNotFollowed() {
        const std::string text = "x=" + std::string(100000, '[');
        QCOMPARE(missingFrom(errorOf([&] { parseOverride(text); }), "nested too deeply"), QString());
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
