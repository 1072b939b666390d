// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever is typed or stands in a file: either a configuration comes of it, or one clear line says what is
// wrong.
#include "base/files.h"
#include "base/install_paths.h"
#include "base/random.h"
#include "config/compose.h"
#include "config/override_value.h"
#include "config/overrides.h"
#include "config/sweep.h"
#include "support/expect_error.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

// The message of whatever `work` throws; it must be a UserError of one line.
std::string complaint(const std::function<void()>& work) {
    try {
        work();
    } catch (const UserError& error) {
        const std::string what = error.what();
        const bool oneLine = what.find_first_of("\n\r") == std::string::npos;
        return what.empty() ? "NO WORDS" : oneLine ? what : "SEVERAL LINES: " + what;
    } catch (const std::exception& error) {
        return std::string("NOT A USER ERROR: ") + error.what();
    }
    return {};
}

bool isClear(const std::string& message) {
    return !message.starts_with("NO WORDS") && !message.starts_with("SEVERAL LINES") &&
           !message.starts_with("NOT A USER ERROR");
}

void composeWith(const std::string& text) {
    ComposeRequest request;
    request.overrides = {text};
    planSweep(request, true);
    compose(request);
}

}  // namespace

class TestConfigHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void overrides_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"",
                                 " ",
                                 "=",
                                 "==",
                                 "+",
                                 "++",
                                 "+++",
                                 "~",
                                 "~~",
                                 "~=",
                                 "+=1",
                                 "++=1",
                                 "@",
                                 "@=1",
                                 "a@",
                                 "a@=",
                                 "a@b",
                                 "/",
                                 "/=1",
                                 "a/=1",
                                 "a//b=1",
                                 ".",
                                 ".=1",
                                 "a.=1",
                                 ".a=1",
                                 "a..b=1",
                                 "sae.=1",
                                 "sae..k=1",
                                 "sae/k=1",
                                 "k",
                                 "sae.k",
                                 "-m",
                                 "--cfg",
                                 "sae.k=",
                                 "sae.k= ",
                                 "sae.k=abc",
                                 "sae.k=1.5",
                                 "sae.k=-1",
                                 "sae.k=1e99",
                                 "sae.k=inf",
                                 "sae.k=nan",
                                 "sae.k=null",
                                 "sae.k=true",
                                 "sae.k=[]",
                                 "sae.k=[1]",
                                 "sae.k={}",
                                 "sae.k={a:1}",
                                 "sae.k='3'",
                                 "sae.k=99999999999999999999999",
                                 "sae.k=0x10",
                                 "sae.k=1_0_0_",
                                 "sae.k=--1",
                                 "sae={k:x}",
                                 "sae={zz:1}",
                                 "sae=[topk]",
                                 "sae=",
                                 "sae=null.yaml",
                                 "sae=/etc/passwd",
                                 "sae=../sae/topk",
                                 "sae=.",
                                 "model=gpt2_tiny.yaml",
                                 "model='a b'",
                                 "model=${x}",
                                 "seed=${seed}",
                                 "seed=${sae.k}x",
                                 "seed=${",
                                 "seed=${}",
                                 "seed=${.}",
                                 "seed=${..}",
                                 "seed=${...}",
                                 "seed=${:}",
                                 "seed=${:x}",
                                 "seed=${oc.env}",
                                 "seed=${oc.env:}",
                                 "seed=${oc.env:,}",
                                 "seed=${oc.env:NOT_SET_HERE}",
                                 "seed=${oc.select:}",
                                 "seed=${hydra:}",
                                 "seed=${hydra:job.num}",
                                 "seed=${hydra:runtime}",
                                 "seed=${now:%Y-%m-%d}",
                                 "seed=${now:}",
                                 "seed=${eval:1+1}",
                                 "seed=${seed:${seed}}",
                                 "seed=???",
                                 "device=tpu",
                                 "device=cuda",
                                 "device=1",
                                 "dataset.class_names=a",
                                 "dataset.class_names=[1,2]",
                                 "dataset.class_names=[a]",
                                 "dataset.class_names={a:b}",
                                 "dataset.strip=yes",
                                 "dataset.strip=1",
                                 "dataset.limit=1.0",
                                 "wandb.mode=online",
                                 "wandb.mode=offline",
                                 "wandb=x",
                                 "wandb.project=x",
                                 "+wandb.project=x",
                                 "+a=1",
                                 "+a.b.c=1",
                                 "+sae=topk",
                                 "+sae.k.x=1",
                                 "++a=1",
                                 "++sae=topk",
                                 "~a",
                                 "~sae.kk",
                                 "~sae.k=9",
                                 "~sae=l1",
                                 "~seed=x",
                                 "hydra=1",
                                 "hydra.x=1",
                                 "hydra.run=1",
                                 "hydra.run.dir=",
                                 "hydra.run.dir=null",
                                 "hydra.run.dir={}",
                                 "hydra/x=y",
                                 "hydra.mode=1",
                                 "hydra.mode=MULTIRUN",
                                 "hydra.sweeper.params.sae.k=[",
                                 "hydra.sweeper.params='sae.k=1'",
                                 "~hydra.mode",
                                 "x=(",
                                 "x=)",
                                 "x=a(",
                                 "x=int(",
                                 "x=int()",
                                 "x=int(1",
                                 "x=int(1))",
                                 "x=choice(",
                                 "x=[",
                                 "x=]",
                                 "x={",
                                 "x=}",
                                 "x={:",
                                 "x={a",
                                 "x={a:",
                                 "x={a:1",
                                 "x={a:1,}",
                                 "x=[1,]",
                                 "x=[,]",
                                 "x='",
                                 "x=\"",
                                 "x='\\'",
                                 "x=\\",
                                 "x=a,",
                                 "x=,",
                                 "x=a:b:c",
                                 "x=a=b=c",
                                 "x=\t",
                                 "x=a\tb",
                                 "\t=1",
                                 "x y=1",
                                 "x=1 2 3",
                                 "x=range(0,1,0)",
                                 "x=range(0,1e300,1)",
                                 "x=range(-9e18,9e18,9e18)",
                                 "x=range(nan)",
                                 "x=glob([])",
                                 "x=shuffle()",
                                 "x=sort(choice(1,a))",
                                 "x=bool(maybe)",
                                 "sae=glob([)",
                                 "sae=choice(glob(*),l1)",
                                 "sae.k=choice([1,2],{a:1})",
                                 "seed=range(0,1000000000000)"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void overrides() {
        QFETCH(QString, text);
        const std::string message = complaint([&] { composeWith(text.toStdString()); });
        QVERIFY2(isClear(message), message.c_str());
        // The few that are meant: everything else in the list is refused.
        const QStringList fine = {"+a", "dataset.class_names=[1,2]", "sae.k=1_0_0_"};
        if (message.empty())
            QVERIFY2(text.startsWith("seed=${now") || text.startsWith("sae={k") || text == "x=a:b:c" ||
                         text == "~seed=x" || text == "sae.k={}" || text == "++sae=topk" ||
                         fine.contains(text),
                     qPrintable(text + " was accepted"));
    }

    // Words put together at random from what the grammar is made of.
    void randomOverrides() {
        const std::vector<std::string> parts = {"sae",
                                                ".",
                                                "k",
                                                "=",
                                                "+",
                                                "~",
                                                "@",
                                                "/",
                                                "[",
                                                "]",
                                                "{",
                                                "}",
                                                "(",
                                                ")",
                                                ",",
                                                ":",
                                                "'",
                                                "\"",
                                                "\\",
                                                "$",
                                                "${",
                                                " ",
                                                "choice",
                                                "range",
                                                "glob",
                                                "int",
                                                "sort",
                                                "1",
                                                "2.5",
                                                "-",
                                                "null",
                                                "true",
                                                "inf",
                                                "seed",
                                                "model",
                                                "gpt2_tiny",
                                                "hydra.run.dir",
                                                "oc.env:",
                                                "now:",
                                                "*",
                                                "%",
                                                "#",
                                                "\t",
                                                "é",
                                                "???",
                                                "_global_"};
        Rng rng(deriveSeed(7, "overrides"));
        for (int i = 0; i < 20000; ++i) {
            std::string text = i % 3 == 0 ? "" : i % 3 == 1 ? "sae.k=" : "model=";
            for (std::uint64_t n = rng.below(9); n > 0; --n)
                text += parts[rng.below(parts.size())];
            std::string message = complaint([&] { parseOverride(text); });
            QVERIFY2(isClear(message), (text + ": " + message).c_str());
            if (!message.empty() || i % 8 != 0)
                continue;
            message = complaint([&] { composeWith(text); });
            QVERIFY2(isClear(message), (text + ": " + message).c_str());
        }
    }

    void randomBytes() {
        Rng rng(deriveSeed(7, "bytes"));
        for (int i = 0; i < 5000; ++i) {
            std::string text = "x=";
            for (std::uint64_t n = rng.below(20); n > 0; --n)
                text += static_cast<char>(rng.below(256));
            std::string message = complaint([&] { parseOverride(text); });
            QVERIFY2(isClear(message), message.c_str());
            message = complaint([&] { parseYaml(text.substr(2), "file.yaml"); });
            QVERIFY2(isClear(message), message.c_str());
        }
    }

    void yamlMistakes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* text, const char* words) { QTest::newRow(text) << text << words; };
        row("a: [1, 2\nb: 3\n", "file.yaml, line 2|close the [ or {");
        row("a: {b: 1\n", "line 2|close the [ or {");
        row("a: [1,2]]\n", "line 1|none is open");
        row("a:\n\tb: 1\n", "line 2|spaces, not tabs");
        row("a: b: c\n", "line 1|quote a text that holds ': '");
        row("a: 1\n b: 2\n", "line 2|indent");
        row("a: @x\n", "line 1|special character");
        row("a: *x\n", "line 1|starts with * needs quotes");
        row("a: 'x\nb: 2\n", "line 1|the quote ' is not closed");
        row("a: 1\nb: \"x\nc: 2\n", "line 2|the quote \" is not closed");
        row("'a: 1\n", "line 1|the quote ' is not closed");
        row("a: \"\\q\"\n", "line 1|escape");
        row("- a\nb: 1\n", "more than one YAML document");
        row("a: !!int x\n", "line 1|tag");
        row("? [a]\n: b\n", "line 1|plain word");
        row("a: 1\na: 2\n", "line 2|stands twice");
        row(",", "more than one YAML document");
        row("%YAML 3.0\n---\na: 1\n", "YAML");
    }
    void yamlMistakes() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        QCOMPARE(missingFrom(complaint([&] { parseYaml(text.toStdString(), "file.yaml"); }), words),
                 QString());
    }

    void closedQuotesAreFine() {
        const auto tree =
            parseYaml("a: 'it''s'\nb: \"say \\\"so\\\"\"\n'c d': ''\ne: ['x', \"y\"]\nf: it's\n", "text");
        QCOMPARE(tree["a"], nlohmann::ordered_json("it's"));
        QCOMPARE(tree["b"], nlohmann::ordered_json("say \"so\""));
        QCOMPARE(tree["c d"], nlohmann::ordered_json(""));
        QCOMPARE(tree["f"], nlohmann::ordered_json("it's"));
    }

    // The program's own files with a piece cut out, doubled or replaced.
    void damagedFiles() {
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        fs::copy(dataDirectory("configs"), root, fs::copy_options::recursive);
        Rng rng(deriveSeed(7, "files"));
        const std::string letters =
            "\n\t :-[]{}'\"#&*!|>%@`,?$\\\xff\x01"
            "0a";
        ComposeRequest request;
        request.configDirs = {root};
        request.overrides = {"experiment=demo"};
        for (const char* name : {"config.yaml", "experiment/demo.yaml", "model/gpt2_tiny.yaml"}) {
            const std::string whole = readFile(root / name);
            for (int i = 0; i < 400; ++i) {
                std::string text = whole;
                const std::size_t at = rng.below(text.size());
                const std::size_t length = 1 + rng.below(12);
                if (i % 3 == 0)
                    text.erase(at, length);
                else if (i % 3 == 1)
                    text.insert(at, text.substr(rng.below(text.size()), length));
                else
                    text[at] = letters[rng.below(letters.size())];
                std::ofstream(root / name, std::ios::binary) << text;
                const std::string message = complaint([&] { compose(request); });
                QVERIFY2(isClear(message), (message + "\n" + text).c_str());
            }
            writeFile(root / name, whole);
        }
        QVERIFY(complaint([&] { compose(request); }).empty());
    }
};

QTEST_GUILESS_MAIN(TestConfigHostile)
#include "tst_config_hostile.moc"
