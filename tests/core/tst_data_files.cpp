// SPDX-License-Identifier: GPL-3.0-or-later
// CSV and JSON Lines data sets: real files' quirks, columns and keys, labels from 0 or 1, and every kind of
// bad input.
#include "base/files.h"
#include "base/install_paths.h"
#include "base/random.h"
#include "config/compose.h"
#include "data/dataset.h"
#include "support/expect_error.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

Texts texts(const Split& split) {
    Texts result;
    for (const Example& example : split)
        result.push_back(example.text);
    return result;
}

std::vector<int> labels(const Split& split) {
    std::vector<int> result;
    for (const Example& example : split)
        result.push_back(example.label);
    return result;
}

}  // namespace

class TestDataFiles : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    ExperimentConfig m_config;

    void write(const char* name, const std::string& bytes) {
        writeFile(fs::path(m_folder->path().toStdString()) / name, bytes);
    }
    void useFormat(const char* format) { m_config.dataset.format = format; }
    void useTopics() {
        m_config.dataset.numClasses = 3;
        m_config.dataset.classNames = {"politics", "sport", "money"};
    }
    std::string error() {
        return errorOf([&] { (void)loadDataset(m_config); });
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_config = ExperimentConfig();
        m_config.dataset.path = m_folder->path().toStdString();
        useFormat("csv");
    }

    void csvFieldsMayBeQuoted() {
        write("train.csv",
              "\xEF\xBB\xBFid,\"sentence\",label\r\n"
              "1,\"one, two\",1\r\n"
              "2,\"she said \"\"no\"\"\",0\r\n"
              "\r\n"
              "3,\"first line\r\nsecond \"\"line\"\"\n\",negative\r\n"
              "4,a \"quote\" inside,1\n"
              "5,\"\"\"all\"\"\",1\r"
              "6,,0");
        write("dev.csv", "label,sentence\n0,fine\n");
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(texts(dataset.train), (Texts{"one, two", "she said \"no\"", "first line\r\nsecond \"line\"",
                                              "a \"quote\" inside", "\"all\"", ""}));
        QCOMPARE(labels(dataset.train), (std::vector{1, 0, 0, 1, 1, 0}));
        QCOMPARE(texts(dataset.validation), Texts{"fine"});
    }

    // Whatever the fields hold, writing them by RFC 4180 and reading them back changes nothing.
    void csvReadsBackWhatWasWritten() {
        constexpr std::string_view alphabet[] = {"a",  "b c",  ",",  "\"",     "\"\"",
                                                 "\n", "\r\n", "\r", "\u00E9", " "};
        Rng rng(7);
        Texts expected;
        std::string file = "label,sentence,other\n";
        const auto field = [&] {
            std::string text;
            for (std::uint64_t i = rng.below(9); i > 0; --i)
                text += alphabet[rng.below(std::size(alphabet))];
            return text;
        };
        const auto quoted = [](const std::string& text) {
            std::string result = "\"";
            for (const char c : text)
                result += c == '"' ? std::string("\"\"") : std::string(1, c);
            return result + '"';
        };
        for (int i = 0; i < 500; ++i) {
            expected.push_back(field());
            file += "0," + quoted(expected.back()) + "," + quoted(field()) + "\r\n";
        }
        write("train.csv", file);
        write("dev.csv", "label,sentence,other\n1,x,y\n");
        m_config.dataset.strip = false;
        QCOMPARE(texts(loadDataset(m_config).train), expected);
    }

    void jsonLinesReadByKey() {
        useFormat("jsonl");
        useTopics();
        m_config.dataset.textColumn = "title+body";
        m_config.dataset.labelColumn = "topic";
        write("train.jsonl",
              "\xEF\xBB\xBF{\"title\": \" A \\u00e9 \", \"body\": \"line\\nbreak\", \"topic\": 2}\r\n"
              "\n"
              "{\"topic\": \"sport\", \"body\": \"B\", \"title\": \"\", \"extra\": [1]}\n"
              "{\"topic\": \"0\", \"body\": \"C\", \"title\": \"D\"}");
        write("validation.jsonl", "{\"title\": \"t\", \"body\": \"b\", \"topic\": 1}\n");
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(texts(dataset.train), (Texts{"A \u00E9 line\nbreak", "B", "D C"}));
        QCOMPARE(labels(dataset.train), (std::vector{2, 1, 0}));
        QCOMPARE(texts(dataset.validation), Texts{"t b"});
    }

    void aColumnMayItselfBeCalledWithAPlus() {
        m_config.dataset.textColumn = "a+b";
        write("train.csv", "a+b,a,b,label\nx,y,z,0\n");
        write("dev.csv", "a+b,a,b,label\nx,y,z,0\n");
        QCOMPARE(texts(loadDataset(m_config).train), Texts{"x"});
    }

    void agNewsReads_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("without a header") << QByteArray();
        QTest::newRow("with a header") << QByteArray("Class Index,Title,Description\n");
    }
    void agNewsReads() {
        QFETCH(QByteArray, header);
        ComposeRequest request;
        request.configDirs = {dataDirectory("configs")};
        request.overrides = {"dataset=ag_news", "dataset.path=" + m_folder->path().toStdString()};
        m_config = compose(request).config;
        write("train.csv", header.toStdString() +
                               "\"3\",\"Wall St. Bears\",\"Short-sellers, seeing \\$2 green.\"\n"
                               "\"1\",\"Peace\",\"Talks \"\"resume\"\".\"\n"
                               "\"4\",\"Chips\",\"Smaller.\"\n\"2\",\"Goal\",\"Late.\"\n");
        write("test.csv", header.toStdString() + "2,Run,Home\n");
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.classNames, (Texts{"World", "Sports", "Business", "Sci/Tech"}));
        QCOMPARE(dataset.train[0].text, std::string("Wall St. Bears Short-sellers, seeing \\$2 green."));
        QCOMPARE(labels(dataset.train), (std::vector{2, 0, 3, 1}));
        // The base that the training file sets holds for the validation file, which shows one class only.
        QCOMPARE(labels(dataset.validation), std::vector{1});
    }

    void labelsCountFromOneWhenBothFilesSaySo() {
        useTopics();
        write("dev.csv", "sentence,label\na,1\n");
        write("train.csv", "sentence,label\na,1\nb,2\nc,3\n");
        Dataset dataset = loadDataset(m_config);
        QCOMPARE(labels(dataset.train), (std::vector{0, 1, 2}));
        QCOMPARE(labels(dataset.validation), std::vector{0});
        // A class that the training file lacks: the validation file has it.
        write("train.csv", "sentence,label\na,1\nb,2\n");
        write("dev.csv", "sentence,label\na,3\n");
        dataset = loadDataset(m_config);
        QCOMPARE(labels(dataset.train), (std::vector{0, 1}));
        QCOMPARE(labels(dataset.validation), std::vector{2});
        write("dev.csv", "sentence,label\na,0\n");
        dataset = loadDataset(m_config);
        QCOMPARE(labels(dataset.train), (std::vector{1, 2}));
        QCOMPARE(labels(dataset.validation), std::vector{0});
        // Nothing tells.
        write("dev.csv", "sentence,label\na,2\n");
        QCOMPARE(missingFrom(error(), "train.csv:2: |neither 0 nor 3|class names (politics, sport, money)"),
                 QString());
        write("dev.csv", "sentence,label\na,politics\n");
        QCOMPARE(missingFrom(error(), "train.csv:2: |neither 0 nor 3"), QString());
        // No file may have both ends.
        write("dev.csv", "sentence,label\na,0\nb,3\n");
        QCOMPARE(missingFrom(error(), "dev.csv:3: the label 3 is outside 0 to 2 (politics, sport, money)"),
                 QString());
        write("dev.csv", "sentence,label\na,3\nb,4\n");
        QCOMPARE(missingFrom(error(), "dev.csv:3: the label 4 is outside 1 to 3"), QString());
    }

    void aNumberThatIsNoLabelIsNotAHeader() {
        m_config.dataset.textColumn = "2";
        m_config.dataset.labelColumn = "1";
        for (const char* number : {"5", "-1", "99999999999"}) {
            write("train.csv", fmt::format("{},a\n0,b\n1,c\n", number));
            QCOMPARE(missingFrom(error(), QString("train.csv:1: the label |%1").arg(number)), QString());
        }
    }

    void oneFileIsCarvedBySeed() {
        for (const char* format : {"csv", "jsonl", "tsv"}) {
            useFormat(format);
            std::string file = *format == 'j'   ? ""
                               : *format == 'c' ? "sentence,label\n"
                                                : "sentence\tlabel\n";
            for (int i = 0; i < 40; ++i)
                file += *format == 'j'   ? fmt::format("{{\"sentence\": \"s{}\", \"label\": {}}}\n", i, i % 2)
                        : *format == 'c' ? fmt::format("s{},{}\n", i, i % 2)
                                         : fmt::format("s{}\t{}\n", i, i % 2);
            const std::string name = std::string("all.") + format;
            write(name.c_str(), file);
            m_config.dataset.path = m_folder->filePath(QString::fromStdString(name)).toStdString();
            m_config.dataset.validationSplit = 0.25;
            const Dataset dataset = loadDataset(m_config);
            QCOMPARE(dataset.train.size(), std::size_t(30));
            QCOMPARE(dataset.validation.size(), std::size_t(10));
            // The same examples whatever the format: the draw depends on the seed alone.
            static Texts first;
            if (first.empty())
                first = texts(dataset.validation);
            QCOMPARE(texts(dataset.validation), first);
        }
    }

    void badCsvIsNamed_data() {
        QTest::addColumn<QByteArray>("train");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* train, const char* words) {
            QTest::newRow(name) << QByteArray(train) << QString(words);
        };
        row("empty file", "", "train.csv: no examples, not even a header line|dataset.path");
        row("blank lines only", "\r\n\n\n", "train.csv: no examples");
        row("header only", "sentence,label\n", "train.csv: no examples after the header line");
        row("no text column", "text,label\na,1\n",
            "train.csv:1: no column 'sentence'; the file has text, label: set dataset.text_column");
        row("no label column", "sentence,class\na,1\n", "no column 'label'|set dataset.label_column");
        row("few fields", "sentence,label\n\"a\nb\",1\nb\n", "train.csv:4: 1 fields where line 1 has 2");
        row("many fields", "sentence,label\na,b,1\n", "train.csv:2: 3 fields where line 1 has 2");
        row("unknown label", "sentence,label\na,1\n\"two\nlines\",good\n",
            "train.csv:3: the label 'good' is neither a number nor one of negative, positive");
        row("label out of range", "sentence,label\na,0\nb,9\n", "train.csv:3: the label 9 is outside 0 to 1");
        row("label out of range, none 0", "sentence,label\na,1\nb,7\n",
            "train.csv:3: the label 7 is outside 0 to 1");
        row("not UTF-8", "sentence,label\na,1\ncr\xE8me,1\n", "train.csv:3: byte 3 of the line (0xE8)|UTF-8");
        row("unterminated quote", "sentence,label\na,1\nb,\"1\nc,0\n",
            "train.csv:3: the quote that opens field 2 is never closed");
        row("text after a quote", "sentence,label\n\"a\"b,1\n",
            "train.csv:2: text follows the closing quote of field 1|twice");
    }
    void badCsvIsNamed() {
        QFETCH(QByteArray, train);
        QFETCH(QString, words);
        write("train.csv", train.toStdString());
        write("dev.csv", "sentence,label\na,1\n");
        QCOMPARE(missingFrom(error(), words), QString());
    }

    void badColumnNumbersAreNamed() {
        m_config.dataset.textColumn = "3";
        m_config.dataset.labelColumn = "1";
        write("train.csv", "1,a\n");
        QCOMPARE(missingFrom(error(), "train.csv:1: there is no column 3|1 to 2|dataset.text_column"),
                 QString());
        m_config.dataset.textColumn = "0";
        QCOMPARE(missingFrom(error(), "there is no column 0"), QString());
    }

    void badJsonLinesAreNamed_data() {
        QTest::addColumn<QByteArray>("train");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* train, const char* words) {
            QTest::newRow(name) << QByteArray(train) << QString(words);
        };
        row("empty file", "", "train.jsonl: no examples");
        row("not JSON", "{\"sentence\": \"a\", \"label\": 1}\nplain text\n",
            "train.jsonl:2: not valid JSON|plain text|one JSON object on each line");
        row("cut short", "{\"sentence\": \"a\", \"lab", "train.jsonl:1: not valid JSON");
        row("a number beyond all bounds", "{\"sentence\": \"a\", \"label\": 1}\n{\"sentence\": 1e999}\n",
            "train.jsonl:2: not valid JSON|too large");
        row("an array", "[1, 2]\n", "train.jsonl:1: '[1, 2]' is no JSON object");
        row("a whole pretty-printed file", "[\n  {\"sentence\"", "train.jsonl:1: not valid JSON");
        row("no text", "{\"text\": \"a\", \"label\": 1}\n",
            "train.jsonl:1: no key 'sentence'; the object has label, text: set dataset.text_column");
        row("no label", "{\"sentence\": \"a\"}\n", "train.jsonl:1: no key 'label'|dataset.label_column");
        row("text is a number", "{\"sentence\": 5, \"label\": 1}\n",
            "train.jsonl:1: 'sentence' is 5, not a text");
        row("text is null", "{\"sentence\": null, \"label\": 1}\n", "'sentence' is null, not a text");
        row("label is a fraction", "{\"sentence\": \"a\", \"label\": 0.5}\n",
            "train.jsonl:1: 'label' is 0.5, but a label is a whole number or a class name");
        row("label is true", "{\"sentence\": \"a\", \"label\": true}\n", "'label' is true");
        row("unknown label", "{\"sentence\": \"a\", \"label\": \"great\"}\n",
            "the label 'great' is neither a number nor one of negative, positive");
        row("label out of range", "{\"sentence\": \"a\", \"label\": 18446744073709551615}\n",
            "train.jsonl:1: the label '18446744073709551615'");
        row("not UTF-8", "{\"sentence\": \"\xFF\"}\n", "train.jsonl:1: byte 15 of the line (0xFF)");
        row("half a surrogate pair", "{\"sentence\": \"\\ud800\", \"label\": 1}\n",
            "train.jsonl:1: not valid JSON");
    }
    void badJsonLinesAreNamed() {
        useFormat("jsonl");
        QFETCH(QByteArray, train);
        QFETCH(QString, words);
        write("train.jsonl", train.toStdString());
        write("dev.jsonl", "{\"sentence\": \"a\", \"label\": 1}\n");
        QCOMPARE(missingFrom(error(), words), QString());
    }

    void manyOpenBracketsAreAnErrorNotACrash() {
        useFormat("jsonl");
        write("train.jsonl", std::string(1'000'000, '['));
        QCOMPARE(missingFrom(error(), "train.jsonl:1: not valid JSON"), QString());
    }

    void missingFilesAreNamed() {
        QCOMPARE(missingFrom(error(), "train.csv does not exist|dataset.path|one .csv file"), QString());
        useFormat("jsonl");
        QCOMPARE(missingFrom(error(), "train.jsonl does not exist"), QString());
        m_config.dataset.path.clear();
        QCOMPARE(missingFrom(error(), "dataset.path is not set"), QString());
        QCOMPARE(missingFrom(errorOf([&] { checkInputFiles(m_config); }), "dataset.path is not set"),
                 QString());
    }
};

QTEST_GUILESS_MAIN(TestDataFiles)
#include "tst_data_files.moc"
