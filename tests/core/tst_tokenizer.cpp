// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level BPE: against GPT-2's own ids, against a literal form of the algorithm, and on every kind of bad
// file.
#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "data/byte_symbols.h"
#include "data/pre_tokenizer.h"
#include "data/tokenizer.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <thread>

using namespace saeception;
namespace fs = std::filesystem;

namespace {

const fs::path gpt2Folder = fs::path(SAECEPTION_SHARED_DIR) / "data" / "gpt2";

const std::vector<std::string> corpus = {"the plot is thin and the acting is thinner",
                                         "the acting never comes alive",
                                         "a thin, thin plot",
                                         "nothing about the ending rings true",
                                         "the thing is, the ending is the best thing about it",
                                         "aaaa aaaaaa aa"};

std::vector<int> idsOf(const nlohmann::json& item) {
    return item["ids"].get<std::vector<int>>();
}

// The merges of a saved tokenizer, as pairs of byte strings in order of rank.
std::vector<std::pair<std::string, std::string>> savedMerges(const fs::path& folder) {
    std::vector<std::pair<std::string, std::string>> merges;
    const QStringList lines =
        QString::fromStdString(readFile(folder / "merges.txt")).split('\n', Qt::SkipEmptyParts);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QStringList parts = lines[i].split(' ');
        merges.emplace_back(*fromSymbols(parts[0].toStdString()), *fromSymbols(parts[1].toStdString()));
    }
    return merges;
}

// One pre-token encoded by the definition: merge every occurrence of the best-ranked pair, again and again.
std::vector<std::string> encodeByDefinition(const std::string& piece,
                                            const std::vector<std::pair<std::string, std::string>>& merges) {
    std::vector<std::string> parts;
    for (const char c : piece)
        parts.emplace_back(1, c);
    for (;;) {
        std::size_t best = merges.size();
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            const auto found = std::find(merges.begin(), merges.end(), std::pair(parts[i], parts[i + 1]));
            best = std::min(best, static_cast<std::size_t>(found - merges.begin()));
        }
        if (best == merges.size())
            return parts;
        std::vector<std::string> joined;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i + 1 < parts.size() && std::pair(parts[i], parts[i + 1]) == merges[best]) {
                joined.push_back(parts[i] + parts[i + 1]);
                ++i;
            } else {
                joined.push_back(parts[i]);
            }
        }
        parts = std::move(joined);
    }
}

std::string randomUtf8(Rng& rng, int length) {
    std::u32string points;
    while (static_cast<int>(points.size()) < length) {
        static constexpr char32_t limits[] = {0x80, 0x800, 0x3100, 0x110000};
        const auto point = static_cast<char32_t>(rng.below(limits[rng.below(4)]));
        if (point < 0xD800 || point > 0xDFFF)
            points.push_back(point);
    }
    return QString::fromUcs4(points.data(), static_cast<qsizetype>(points.size())).toUtf8().toStdString();
}

// A tiny valid vocabulary in `folder`: 256 bytes, "th", "the", <|endoftext|>.
void writeTinyFiles(const fs::path& folder) {
    nlohmann::json vocabulary;
    for (const std::uint8_t byte : bytesInIdOrder())
        vocabulary[byteSymbols()[byte]] = vocabulary.size();
    vocabulary["th"] = 256;
    vocabulary["the"] = 257;
    vocabulary["<|endoftext|>"] = 258;
    writeFile(folder / "vocab.json", vocabulary.dump());
    writeFile(folder / "merges.txt", "#version: 0.2\nt h\nth e\n");
}

}  // namespace

class TestTokenizer : public QObject {
    Q_OBJECT

private:
    void compareWithGolden(const Tokenizer& tokenizer, const fs::path& file) {
        const auto golden = nlohmann::json::parse(readFile(file));
        QVERIFY(golden.size() > 30);
        for (const auto& item : golden) {
            const auto text = item["text"].get<std::string>();
            const Encoding encoding = tokenizer.encodeWithSpans(text);
            QVERIFY2(encoding.ids == idsOf(item), text.c_str());
            QCOMPARE(tokenizer.encode(text), encoding.ids);
            QCOMPARE(tokenizer.decode(encoding.ids), text);
            std::uint32_t at = 0;
            for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
                QCOMPARE(encoding.spans[i].begin, at);
                at = encoding.spans[i].end;
                QCOMPARE(text.substr(encoding.spans[i].begin, at - encoding.spans[i].begin),
                         tokenizer.tokenBytes(encoding.ids[i]));
            }
            QCOMPARE(static_cast<std::size_t>(at), text.size());
        }
    }

private Q_SLOTS:
    void encodesAsGpt2() {
        if (!fs::exists(gpt2Folder))
            QSKIP("GPT-2's vocabulary is not here");
        const Tokenizer tokenizer = Tokenizer::load(gpt2Folder);
        QCOMPARE(tokenizer.vocabSize(), 50257);
        QCOMPARE(tokenizer.endOfText(), 50256);
        compareWithGolden(tokenizer, fs::path(SAECEPTION_GOLDEN_DIR) / "gpt2_tokenizer.json");
        compareWithGolden(tokenizer, fs::path(SAECEPTION_SHARED_DIR) / "golden" / "gpt2_tokenizer_sst2.json");
    }

    void everyTokenOfGpt2SurvivesSaving() {
        if (!fs::exists(gpt2Folder))
            QSKIP("GPT-2's vocabulary is not here");
        QTemporaryDir folder;
        const Tokenizer original = Tokenizer::load(gpt2Folder);
        original.save(folder.path().toStdString());
        const Tokenizer copy = Tokenizer::load(folder.path().toStdString());
        QCOMPARE(copy.vocabSize(), original.vocabSize());
        for (int id = 0; id < original.vocabSize(); ++id)
            QCOMPARE(copy.tokenBytes(id), original.tokenBytes(id));
        QCOMPARE(savedMerges(folder.path().toStdString()), savedMerges(gpt2Folder));
    }

    void agreesWithTheDefinition() {
        QTemporaryDir folder;
        const Tokenizer tokenizer = Tokenizer::train(corpus, 400);
        tokenizer.save(folder.path().toStdString());
        const auto merges = savedMerges(folder.path().toStdString());
        QVERIFY(merges.size() > 20);
        Rng rng(3);
        for (int round = 0; round < 300; ++round) {
            // Letters only, so that the text is one pre-token; every other one takes the path for long
            // pieces.
            std::string piece;
            const std::size_t length = 1 + rng.below(round % 2 == 0 ? 20 : 300);
            while (piece.size() < length)
                piece += "theaingsd"[rng.below(9)];
            std::vector<std::string> expected = encodeByDefinition(piece, merges);
            std::vector<std::string> actual;
            for (const std::int32_t id : tokenizer.encode(piece))
                actual.push_back(tokenizer.tokenBytes(id));
            QCOMPARE(actual, expected);
        }
    }

    void preTokenizesAsGpt2_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("pieces");
        QTest::newRow("words") << "It's 12ab, really!"
                               << QStringList{"It", "'s", " 12", "ab", ",", " really", "!"};
        QTest::newRow("contractions") << "can't've I'LL" << QStringList{"can", "'t", "'ve", " I", "'", "LL"};
        QTest::newRow("spaces before a word") << "a   b" << QStringList{"a", "  ", " b"};
        QTest::newRow("spaces at the end") << "a \n " << QStringList{"a", " \n "};
        QTest::newRow("other white space")
            << u"x\u3000\u3000y\u0085z"_qs
            << QStringList{"x", u"\u3000"_qs, u"\u3000"_qs, "y", u"\u0085"_qs, "z"};
        // U+180E was white space until Unicode 6.3, U+200B never was.
        QTest::newRow("not white space")
            << u"a\u180Eb \u200Bc"_qs << QStringList{"a", u"\u180E"_qs, "b", u" \u200B"_qs, "c"};
        QTest::newRow("numbers of all kinds")
            << u"5\u00BD\u2167\u0663"_qs << QStringList{u"5\u00BD\u2167\u0663"_qs};
        QTest::newRow("letters and marks")
            << u"\u0939\u093F\u0928"_qs << QStringList{u"\u0939"_qs, u"\u093F"_qs, u"\u0928"_qs};
    }
    void preTokenizesAsGpt2() {
        QFETCH(QString, text);
        QFETCH(QStringList, pieces);
        const std::string bytes = text.toStdString();
        std::vector<std::uint32_t> ends;
        PreTokenizer().split(bytes, ends);
        QStringList actual;
        std::uint32_t begin = 0;
        for (const std::uint32_t end : ends) {
            actual << QString::fromStdString(bytes.substr(begin, end - begin));
            begin = end;
        }
        QCOMPARE(actual, pieces);
    }

    void veryLongPiecesAreFine() {
        const Tokenizer tokenizer = Tokenizer::train(corpus, 300);
        for (const char c : {'a', ' ', '.', '7'}) {
            const std::string text = std::string(300000, c) + "x";
            QCOMPARE(tokenizer.decode(tokenizer.encode(text)), text);
        }
    }

    void decodingUndoesEncoding() {
        const Tokenizer tokenizer = Tokenizer::train(corpus, 300);
        Rng rng(11);
        for (int round = 0; round < 500; ++round) {
            const std::string text = randomUtf8(rng, static_cast<int>(rng.below(40)));
            const Encoding encoding = tokenizer.encodeWithSpans(text);
            QCOMPARE(tokenizer.decode(encoding.ids), text);
            QCOMPARE(encoding.spans.empty() ? std::size_t{0} : std::size_t{encoding.spans.back().end},
                     text.size());
        }
        const std::string withZero("a\0b", 3);
        QCOMPARE(tokenizer.decode(tokenizer.encode(withZero)), withZero);
    }

    void trainingMergesTheMostFrequentPairFirst() {
        QTemporaryDir folder;
        // Pairs: "xy" 4 times, "ab" 3 times, "yz" twice; nothing else twice.
        const std::vector<std::string> texts = {"xy", "xy", "xyz", "xyz", "ab", "ab", "ab", "q"};
        const Tokenizer tokenizer = Tokenizer::train(texts, 1000);
        tokenizer.save(folder.path().toStdString());
        const std::vector<std::pair<std::string, std::string>> expected = {
            {"x", "y"}, {"a", "b"}, {"xy", "z"}};
        QCOMPARE(savedMerges(folder.path().toStdString()), expected);
        QCOMPARE(tokenizer.vocabSize(), 256 + 3 + 1);
        QCOMPARE(tokenizer.endOfText(), 259);
        QCOMPARE(tokenizer.encode("xyz ab"), (std::vector<std::int32_t>{258, tokenizer.encode(" ")[0], 257}));
    }

    void trainingStopsAtTheSizeAskedFor() {
        QCOMPARE(Tokenizer::train(corpus, 257).vocabSize(), 257);
        QCOMPARE(Tokenizer::train(corpus, 270).vocabSize(), 270);
        QVERIFY_EXCEPTION_THROWN(Tokenizer::train(corpus, 256), UserError);
    }

    void trainingIsFixedByTheTextsAlone() {
        QTemporaryDir first;
        QTemporaryDir second;
        std::vector<std::string> reversed(corpus.rbegin(), corpus.rend());
        Tokenizer::train(corpus, 350).save(first.path().toStdString());
        Tokenizer::train(reversed, 350).save(second.path().toStdString());
        for (const char* file : {"vocab.json", "merges.txt"})
            QCOMPARE(readFile(first.filePath(file).toStdString()),
                     readFile(second.filePath(file).toStdString()));
    }

    void trainingGreedilyAgreesWithRecounting() {
        QTemporaryDir folder;
        Tokenizer::train(corpus, 320).save(folder.path().toStdString());
        const auto merges = savedMerges(folder.path().toStdString());
        // Words of the corpus as the pre-tokenizer sees them: here, a word with the space before it, or
        // punctuation.
        std::map<std::string, int> words;
        for (const std::string& text : corpus) {
            std::string word;
            for (const char c : text + "\n") {
                if (c == ' ' || c == ',' || c == '\n') {
                    if (!word.empty())
                        ++words[word];
                    word = c;
                } else {
                    word += c;
                }
            }
        }
        for (std::size_t rank = 0; rank < merges.size(); ++rank) {
            const std::vector<std::pair<std::string, std::string>> before(
                merges.begin(), merges.begin() + static_cast<qsizetype>(rank));
            std::map<std::pair<std::string, std::string>, int> counts;
            for (const auto& [word, count] : words) {
                const std::vector<std::string> parts = encodeByDefinition(word, before);
                for (std::size_t i = 0; i + 1 < parts.size(); ++i)
                    counts[{parts[i], parts[i + 1]}] += count;
            }
            const auto most =
                std::max_element(counts.begin(), counts.end(),
                                 [](const auto& a, const auto& b) { return a.second < b.second; });
            QCOMPARE(counts[merges[rank]], most->second);
        }
    }

    void stopIsHeard() {
        std::stop_source source;
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(Tokenizer::train(corpus, 300, source.get_token()), Cancelled);
    }

    void endOfTextInATextIsOrdinaryText() {
        const Tokenizer tokenizer = Tokenizer::train(std::vector<std::string>(9, "<|endoftext|>"), 400);
        const std::vector<std::int32_t> ids = tokenizer.encode("<|endoftext|>");
        QVERIFY(std::find(ids.begin(), ids.end(), tokenizer.endOfText()) == ids.end());
        QCOMPARE(tokenizer.decode(ids), std::string("<|endoftext|>"));
        QCOMPARE(tokenizer.tokenBytes(tokenizer.endOfText()), std::string("<|endoftext|>"));
        QCOMPARE(tokenizer.encode(""), std::vector<std::int32_t>{});
    }

    void severalThreadsMayEncodeAtOnce() {
        const Tokenizer tokenizer = Tokenizer::train(corpus, 350);
        std::vector<std::vector<std::int32_t>> expected;
        for (const std::string& text : corpus)
            expected.push_back(tokenizer.encode(text));
        std::atomic<int> wrong{0};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&] {
                    for (int round = 0; round < 200; ++round)
                        for (std::size_t i = 0; i < corpus.size(); ++i)
                            wrong += tokenizer.encode(corpus[i]) != expected[i];
                });
        }
        QCOMPARE(wrong.load(), 0);
    }

    void textThatIsNotUtf8IsRefused() {
        const Tokenizer tokenizer = Tokenizer::train(corpus, 300);
        QVERIFY_EXCEPTION_THROWN(tokenizer.encode("cr\xE8me"), UserError);
        QVERIFY_EXCEPTION_THROWN(Tokenizer::train(std::vector<std::string>{"\xFF"}, 300), UserError);
    }

    void idsOutsideTheVocabularyAreRefused() {
        const Tokenizer tokenizer = Tokenizer::train(corpus, 300);
        QVERIFY_EXCEPTION_THROWN(tokenizer.tokenBytes(-1), std::out_of_range);
        QVERIFY_EXCEPTION_THROWN(tokenizer.decode(std::vector<std::int32_t>{tokenizer.vocabSize()}),
                                 std::out_of_range);
    }

    void windowsLineEndsAndNoVersionLineAreFine() {
        QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        writeTinyFiles(path);
        writeFile(path / "merges.txt", "t h\r\nth e\r\n");
        QCOMPARE(Tokenizer::load(path).encode("the"), (std::vector<std::int32_t>{257}));
    }

    void badFilesAreNamed_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("find");
        QTest::addColumn<QString>("replaceBy");
        QTest::addColumn<QString>("message");
        const QString vocabulary = "vocab.json";
        const QString merges = "merges.txt";
        QTest::newRow("not JSON") << vocabulary << "\"the\":257"
                                  << "\"the\":"
                                  << "vocab.json:1: not valid JSON at byte";
        QTest::newRow("no object") << vocabulary << "*"
                                   << "[1, 2]"
                                   << "vocab.json:1: must be one JSON object";
        QTest::newRow("empty") << vocabulary << "*"
                               << ""
                               << "vocab.json:1: not valid JSON";
        QTest::newRow("id of text") << vocabulary << "\"the\":257"
                                    << "\"the\":\"x\""
                                    << "token 'the' is \"x\", not an integer";
        QTest::newRow("gap") << vocabulary << "\"the\":257"
                             << "\"the\":300"
                             << "'the' has id 300, but the ids of 259 tokens";
        QTest::newRow("negative") << vocabulary << "\"the\":257"
                                  << "\"the\":-1"
                                  << "'the' has id -1";
        QTest::newRow("twice") << vocabulary << "\"the\":257"
                               << "\"the\":256"
                               << "'th' and 'the' both have id 256";
        QTest::newRow("key twice") << vocabulary << "\"the\":257"
                                   << "\"th\":257"
                                   << "without gaps";
        QTest::newRow("no byte") << vocabulary << "\"A\":"
                                 << "\"AAAA\":"
                                 << "no token for the byte 0x41 ('A')";
        QTest::newRow("no end") << vocabulary << "<|endoftext|>"
                                << "</s>"
                                << "no token <|endoftext|>; add it";
        QTest::newRow("no part") << merges << "th e"
                                 << "th ee"
                                 << "merges.txt:3: the merge's right part 'ee' is not in vocab.json";
        QTest::newRow("no product") << merges << "th e"
                                    << "th x"
                                    << "merges.txt:3: the merge's product 'thx' is not in";
        QTest::newRow("one part") << merges << "t h"
                                  << "th"
                                  << "merges.txt:2: 'th' is not two symbols with one space";
        QTest::newRow("three parts") << merges << "t h"
                                     << "t h e"
                                     << "merges.txt:2: 't h e' is not two symbols";
        QTest::newRow("repeated") << merges << "th e"
                                  << "t h"
                                  << "merges.txt:3: the merge 't h' already stands on line 2";
    }
    void badFilesAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, find);
        QFETCH(QString, replaceBy);
        QFETCH(QString, message);
        QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        writeTinyFiles(path);
        QString text = QString::fromStdString(readFile(path / file.toStdString()));
        QVERIFY(find == "*" || text.contains(find));
        writeFile(path / file.toStdString(),
                  (find == "*" ? replaceBy : text.replace(find, replaceBy)).toStdString());
        expectError(path, message);
    }

    void missingFilesAreNamed() {
        QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        expectError(path / "nowhere", "nowhere does not exist; set model.tokenizer");
        expectError(path, "vocab.json does not exist; set model.tokenizer");
        writeTinyFiles(path);
        fs::remove(path / "merges.txt");
        expectError(path, "merges.txt does not exist; set model.tokenizer");
        writeFile(path / "merges.txt", "t h\nth \xFF\n");
        expectError(path, "merges.txt:2: byte 4 of the line (0xFF) is not valid UTF-8");
    }

private:
    void expectError(const fs::path& folder, const QString& message) {
        try {
            Tokenizer::load(folder);
        } catch (const UserError& error) {
            const QString actual = QString::fromStdString(error.what());
            QVERIFY2(actual.contains(message), error.what());
            QVERIFY2(!actual.contains('\n'), error.what());
            return;
        }
        QFAIL("loading must fail");
    }
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
