// SPDX-License-Identifier: GPL-3.0-or-later
// TSV files in GLUE's layout as they come, with their quirks, and every kind of bad input; the splits of any
// format.
#include "base/error.h"
#include "base/files.h"
#include "data/dataset.h"
#include "data/text.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

std::set<std::string> textsOf(const Split& split) {
    std::set<std::string> texts;
    for (const Example& example : split)
        texts.insert(example.text);
    return texts;
}

std::string numbered(int count) {
    std::string text = "sentence\tlabel\n";
    for (int i = 0; i < count; ++i)
        text += "sentence " + std::to_string(i) + "\t" + std::to_string(i % 2) + "\n";
    return text;
}

}  // namespace

class TestDataset : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    ExperimentConfig m_config;

    fs::path folder() const { return m_folder->path().toStdString(); }

    void expectError(const QString& message) {
        try {
            loadDataset(m_config);
        } catch (const UserError& error) {
            const QString actual = QString::fromStdString(error.what());
            QVERIFY2(actual.contains(message), error.what());
            QVERIFY2(!actual.contains('\n'), error.what());
            return;
        }
        QFAIL("reading must fail");
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_config = ExperimentConfig();
        m_config.dataset.path = m_folder->path().toStdString();
        writeFile(folder() / "train.tsv", "sentence\tlabel\na fine film \t1\n\" unbalanced quote\t0\n");
        writeFile(folder() / "dev.tsv", "sentence\tlabel\nso so\t0\n");
    }

    void readsBothSplitsInFileOrder() {
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.name, std::string("sst2"));
        QCOMPARE(dataset.classNames, (std::vector<std::string>{"negative", "positive"}));
        QVERIFY(dataset.conceptNames.empty());
        QCOMPARE(dataset.train.size(), std::size_t(2));
        QCOMPARE(dataset.train[0].text, std::string("a fine film"));
        QCOMPARE(dataset.train[0].label, 1);
        QCOMPARE(dataset.train[1].text, std::string("\" unbalanced quote"));
        QCOMPARE(dataset.train[1].label, 0);
        QCOMPARE(dataset.validation.size(), std::size_t(1));
        QVERIFY(dataset.train[0].concepts.empty());
    }

    void textIsLeftAloneWhenNotStripped() {
        m_config.dataset.strip = false;
        QCOMPARE(loadDataset(m_config).train[0].text, std::string("a fine film "));
    }

    void stripsUnicodeWhiteSpaceOnly() {
        QCOMPARE(stripWhiteSpace("\u3000\u00A0 a\u2003b \u2028\t"), std::string_view("a\u2003b"));
        QCOMPARE(stripWhiteSpace("\u00A0\u3000 "), std::string_view(""));
        QCOMPARE(stripWhiteSpace("\u200Bx\uFEFF"),
                 std::string_view("\u200Bx\uFEFF"));  // neither is white space
        QCOMPARE(stripWhiteSpace("\U0001F600"), std::string_view("\U0001F600"));
        QCOMPARE(stripWhiteSpace(""), std::string_view(""));
    }

    void quirksOfRealFilesAreFine() {
        writeFile(folder() / "train.tsv",
                  "\xEF\xBB\xBFid\tlabel\tsentence\r\n7\tpositive\tcr\u00E8me\r\n\r\n8\t0\tno line end");
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.train.size(), std::size_t(2));
        QCOMPARE(dataset.train[0].text, std::string("cr\u00E8me"));
        QCOMPARE(dataset.train[0].label, 1);
        QCOMPARE(dataset.train[1].text, std::string("no line end"));
        QCOMPARE(dataset.train[1].label, 0);
    }

    void columnsAndClassNamesAreTheConfigs() {
        writeFile(folder() / "train.tsv", "text\ttopic\nballs\tsport\ncoins\t2\nvotes\tpolitics\nlaws\t0\n");
        writeFile(folder() / "dev.tsv", "topic\ttext\nmoney\tnotes\n");
        m_config.dataset.textColumn = "text";
        m_config.dataset.labelColumn = "topic";
        m_config.dataset.numClasses = 3;
        m_config.dataset.classNames = {"politics", "sport", "money"};
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.train[0].label, 1);
        QCOMPARE(dataset.train[1].label, 2);
        QCOMPARE(dataset.train[2].label, 0);
        QCOMPARE(dataset.validation[0].text, std::string("notes"));
        QCOMPARE(dataset.validation[0].label, 2);
    }

    void classNamesThatLookLikeNumbersAreNames() {
        writeFile(folder() / "train.tsv", "sentence\tlabel\na\t1\nb\t2\n");
        writeFile(folder() / "dev.tsv", "sentence\tlabel\na\t2\n");
        m_config.dataset.classNames = {"1", "2"};
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.train[0].label, 0);
        QCOMPARE(dataset.validation[0].label, 1);
    }

    void withoutDevAPartOfTrainIsCarvedBySeed() {
        fs::remove(folder() / "dev.tsv");
        writeFile(folder() / "train.tsv", numbered(200));
        m_config.dataset.validationSplit = 0.15;
        const Dataset first = loadDataset(m_config);
        QCOMPARE(first.train.size(), std::size_t(170));
        QCOMPARE(first.validation.size(), std::size_t(30));
        std::set<std::string> all = textsOf(first.train);
        all.merge(textsOf(first.validation));
        QCOMPARE(all.size(), std::size_t(200));
        QCOMPARE(textsOf(loadDataset(m_config).validation), textsOf(first.validation));
        m_config.seed = 43;
        QVERIFY(textsOf(loadDataset(m_config).validation) != textsOf(first.validation));
        m_config.dataset.validationSplit = 0.0;
        expectError("dataset.validation_split=0 leaves one of the splits empty");
        m_config.dataset.validationSplit = 0.999;
        QCOMPARE(loadDataset(m_config).train.size(), std::size_t(1));
        writeFile(folder() / "train.tsv", numbered(1));
        expectError("train.tsv: one example cannot be split");
    }

    void limitKeepsTheFirstTrainingExamples() {
        writeFile(folder() / "train.tsv", numbered(50));
        m_config.dataset.limit = 7;
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.train.size(), std::size_t(7));
        QCOMPARE(dataset.train[6].text, std::string("sentence 6"));
        QCOMPARE(dataset.validation.size(), std::size_t(1));
        m_config.dataset.limit = 1000;
        QCOMPARE(loadDataset(m_config).train.size(), std::size_t(50));
    }

    void readsSst2() {
        const fs::path sst2 = fs::path(SAECEPTION_SHARED_DIR) / "data" / "SST-2";
        if (!fs::exists(sst2))
            QSKIP("SST-2 is not here");
        m_config.dataset.path = sst2.string();
        const Dataset dataset = loadDataset(m_config);
        QCOMPARE(dataset.train.size(), std::size_t(67349));
        QCOMPARE(dataset.validation.size(), std::size_t(872));
        const auto positive = std::count_if(dataset.validation.begin(), dataset.validation.end(),
                                            [](const Example& example) { return example.label == 1; });
        QCOMPARE(positive, 444);
        for (const Split* split : {&dataset.train, &dataset.validation})
            for (const Example& example : *split)
                QVERIFY(!example.text.empty() && example.text.back() != ' ');
    }

    void badTrainFilesAreNamed_data() {
        QTest::addColumn<QByteArray>("train");
        QTest::addColumn<QString>("message");
        QTest::newRow("no text column")
            << QByteArray("text\tlabel\na\t1\n")
            << "train.tsv:1: no column 'sentence'; the file has text, label: set dataset.text_column";
        QTest::newRow("no label column")
            << QByteArray("sentence\tclass\na\t1\n")
            << "no column 'label'; the file has sentence, class: set dataset.label_column";
        QTest::newRow("empty file") << QByteArray("") << "train.tsv: no examples, not even a header line";
        QTest::newRow("header only") << QByteArray("sentence\tlabel\n\n")
                                     << "train.tsv: no examples after the header line";
        QTest::newRow("few fields") << QByteArray("sentence\tlabel\na\t1\nb\n")
                                    << "train.tsv:3: 1 fields where line 1 has 2";
        QTest::newRow("many fields") << QByteArray("sentence\tlabel\na\tb\t1\n") << "train.tsv:2: 3 fields";
        QTest::newRow("label out of range")
            << QByteArray("sentence\tlabel\na\t0\nb\t2\n") << "train.tsv:3: the label 2 is outside 0 to 1";
        QTest::newRow("negative label")
            << QByteArray("sentence\tlabel\nb\t-1\n") << "train.tsv:2: the label -1 is outside";
        QTest::newRow("label of text")
            << QByteArray("sentence\tlabel\nb\tgood\n")
            << "train.tsv:2: the label 'good' is neither a number nor one of negative, positive";
        QTest::newRow("label with a rest")
            << QByteArray("sentence\tlabel\nb\t1.0\n") << "train.tsv:2: the label '1.0'";
        QTest::newRow("no label") << QByteArray("sentence\tlabel\nb\t\n")
                                  << "train.tsv:2: the label '' is neither";
        QTest::newRow("huge label") << QByteArray("sentence\tlabel\nb\t99999999999\n")
                                    << "train.tsv:2: the label '99999999999'";
        QTest::newRow("not UTF-8") << QByteArray("sentence\tlabel\na\t1\ncr\xE8me\t1\n")
                                   << "train.tsv:3: byte 3 of the line (0xE8) is not valid UTF-8";
        QTest::newRow("not UTF-8 in line 1")
            << QByteArray("sent\xFF\tlabel\n") << "train.tsv:1: byte 5 of the line (0xFF)";
    }
    void badTrainFilesAreNamed() {
        QFETCH(QByteArray, train);
        QFETCH(QString, message);
        writeFile(folder() / "train.tsv", train.toStdString());
        expectError(message);
    }

    void badDevFileIsNamed() {
        writeFile(folder() / "dev.tsv", "sentence\tlabel\na\t5\n");
        expectError("dev.tsv:2: the label 5");
        writeFile(folder() / "dev.tsv", "sentence\tlabel\n");
        expectError("dev.tsv: no examples");
    }

    void missingFoldersAndFilesAreNamed() {
        m_config.dataset.path.clear();
        expectError("dataset.path is not set");
        m_config.dataset.path = (folder() / "nowhere").string();
        expectError("nowhere does not exist; set dataset.path");
        m_config.dataset.path = folder().string();
        fs::remove(folder() / "train.tsv");
        expectError("train.tsv does not exist; set dataset.path");
    }

    void configsThatCannotWorkAreNamed() {
        m_config.dataset.format = "parquet";
        expectError("dataset.format=parquet cannot be read; set it to one of tsv, csv, jsonl, demo");
        m_config.dataset.format = "tsv";
        m_config.dataset.classNames = {"only"};
        expectError("dataset.class_names has 1 names for dataset.num_classes=2");
        m_config.dataset.numClasses = 1;
        expectError("dataset.num_classes=1 leaves nothing to tell apart");
    }
};

QTEST_GUILESS_MAIN(TestDataset)
#include "tst_dataset.moc"
