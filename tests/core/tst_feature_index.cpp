// SPDX-License-Identifier: GPL-3.0-or-later
// The feature index: equal to a recount by brute force, independent of order, and safe to open when damaged.
#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "evaluation/selectivity_formulas.h"
#include "features/feature_index.h"
#include "features/feature_index_builder.h"
#include "features/index_format.h"
#include "model/safetensors.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>

using namespace saeception;

namespace {

constexpr int featureCount = 12;
constexpr int neverFires = 7;
const std::vector<std::string> classes = {"negative", "neutral \"quoted\"", "positive"};
// Token 3 is half a character, token 4 is not UTF-8 at all, token 5 is empty.
const std::vector<std::string> tokenText = {"good",
                                            " film",
                                            "\xC3\xA9",
                                            "\xC3",
                                            "a\xFF\xFE"
                                            "b",
                                            "",
                                            " bad"};

/// One sentence that owns what its SentenceCode views.
struct Sentence {
    std::int64_t example = 0;
    SplitKind split = SplitKind::Train;
    int label = 0;
    int prediction = 0;
    std::vector<std::int32_t> tokens;
    std::vector<std::uint8_t> inSaeData;
    std::vector<std::int64_t> offsets{0};
    std::vector<std::int32_t> columns;
    std::vector<float> values;

    SentenceCode view() const {
        return {example, split, label, prediction, tokens, inSaeData, offsets, columns, values};
    }
    float activation(std::size_t token, int feature) const {
        for (auto j = offsets[token]; j < offsets[token + 1]; ++j)
            if (columns[static_cast<std::size_t>(j)] == feature)
                return values[static_cast<std::size_t>(j)];
        return 0;
    }
};

/// Unbalanced classes, coarse activations so that equal peaks abound, and the first token left out of longer
/// sentences.
std::vector<Sentence> randomSentences(int count, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<Sentence> sentences;
    for (int i = 0; i < count; ++i) {
        Sentence s;
        s.example = i / 2;
        s.split = i % 2 == 0 ? SplitKind::Train : SplitKind::Validation;
        const double draw = rng.uniform();
        s.label = draw < 0.7 ? 0 : draw < 0.95 ? 1 : 2;
        s.prediction = static_cast<int>(rng.below(3));
        const auto length = 1 + rng.below(6);
        for (std::size_t t = 0; t < length; ++t) {
            s.tokens.push_back(static_cast<std::int32_t>(rng.below(tokenText.size())));
            s.inSaeData.push_back(length == 1 || t > 0);
            for (int f = 0; s.inSaeData.back() != 0 && f < featureCount; ++f) {
                const bool fires = f != neverFires && rng.uniform() < (f == 11 ? 0.01 : 0.3);
                if (!fires)
                    continue;
                s.columns.push_back(f);
                s.values.push_back(static_cast<float>(1 + rng.below(20)) * (f % 2 == 0 ? 0.25F : 0.013F));
            }
            s.offsets.push_back(static_cast<std::int64_t>(s.columns.size()));
        }
        sentences.push_back(std::move(s));
    }
    return sentences;
}

void build(const std::vector<Sentence>& sentences, const std::filesystem::path& file) {
    FeatureIndexBuilder builder(3, featureCount, classes);
    for (const Sentence& sentence : sentences)
        builder.add(sentence.view());
    builder.save(file, tokenText);
}

/// What opening `file` complains about; empty when it does not.
std::string openError(const std::filesystem::path& file) {
    try {
        (void)FeatureIndex::open(file);
    } catch (const UserError& error) {
        return error.what();
    }
    return {};
}

/// Hundreds of damaged copies need no fsync each.
void writeUnsynced(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void copyWith(const std::filesystem::path& from, const std::filesystem::path& to, const std::string& tensor,
              const std::function<void(std::string&)>& change) {
    const SafetensorsFile source = SafetensorsFile::open(from);
    std::vector<SafetensorsWriter::Declaration> declarations;
    for (const auto& [name, info] : source.tensors())
        declarations.push_back({name, info.dtype, info.shape});
    SafetensorsWriter writer(to, declarations, source.metadata());
    for (const auto& [name, info] : source.tensors()) {
        const auto bytes = source.bytes(name);
        std::string data(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (name == tensor)
            change(data);
        writer.write(name, std::as_bytes(std::span(data.data(), data.size())));
    }
    writer.commit();
}

template <typename T>
std::function<void(std::string&)> setElement(std::size_t position, T value) {
    return [=](std::string& data) {
        if (position * sizeof(T) + sizeof(T) > data.size())
            qFatal("the table is too small for this test");
        std::memcpy(data.data() + position * sizeof(T), &value, sizeof value);
    };
}

}  // namespace

class FeatureIndexTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
    }

    void equalsARecount() {
        const std::vector<Sentence> sentences = randomSentences(700, 5);
        build(sentences, path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        QCOMPARE(index.featureCount(), featureCount);
        QCOMPARE(index.cycle(), 3);
        QVERIFY(index.classNames() == classes);

        std::vector<std::int64_t> rowsPerClass(3);
        for (const Sentence& s : sentences)
            rowsPerClass[static_cast<std::size_t>(s.label)] +=
                std::count(s.inSaeData.begin(), s.inSaeData.end(), 1);
        const std::int64_t rows = rowsPerClass[0] + rowsPerClass[1] + rowsPerClass[2];
        QCOMPARE(index.rowCount(), rows);
        QVERIFY(std::ranges::equal(index.rowsPerClass(), rowsPerClass));
        for (int f = 0; f < featureCount; ++f)
            compareFeature(index, f, sentences, rowsPerClass);
    }

    void doesNotDependOnOrder() {
        std::vector<Sentence> sentences = randomSentences(500, 8);
        // Values whose float sums differ with the order.
        for (Sentence& s : sentences)
            for (float& value : s.values)
                value *= 1.0F + static_cast<float>(s.example % 17) * 1e-3F;
        build(sentences, path("a.safetensors"));
        Rng(99).shuffle(sentences);
        build(sentences, path("b.safetensors"));
        std::reverse(sentences.begin(), sentences.end());
        build(sentences, path("c.safetensors"));
        QVERIFY(readFile(path("a.safetensors")) == readFile(path("b.safetensors")));
        QVERIFY(readFile(path("a.safetensors")) == readFile(path("c.safetensors")));
    }

    void keepsExactHistogramsOverAllMagnitudes() {
        // Ascending, so that the histogram has to widen again and again.
        std::vector<Sentence> sentences;
        const std::vector<float> values = {1e-44F,     1e-40F, 3e-20F, 1e-6F, 0.5F, 1,
                                           1.0000001F, 39,     40,     40.5F, 1e6F, 9e11F};
        for (std::size_t i = 0; i < values.size(); ++i) {
            Sentence s;
            s.example = static_cast<std::int64_t>(i);
            s.tokens = {0};
            s.inSaeData = {1};
            s.columns = {0};
            s.values = {values[i]};
            s.offsets = {0, 1};
            sentences.push_back(s);
            build(sentences, path("index.safetensors"));
            const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
            QCOMPARE(index.maxActivation()[0], values[i]);
            compareHistogram(index, 0,
                             std::vector<float>(values.begin(), values.begin() + static_cast<long>(i) + 1));
        }
    }

    void showsAnyBytesAsValidText() {
        Sentence s;
        s.tokens = {0, 1, 2, 3, 4, 5};
        s.inSaeData = {0, 1, 1, 1, 1, 1};
        s.columns = {2, 2};
        s.values = {1.5F, 2.5F};
        s.offsets = {0, 0, 1, 1, 1, 2, 2};
        build({s}, path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        const std::vector<TopSentence> top = index.topSentences(2);
        QCOMPARE(top.size(), std::size_t(1));
        const std::vector<std::string> expected = {"good",
                                                   " film",
                                                   "\xC3\xA9",
                                                   "\xEF\xBF\xBD",
                                                   "a\xEF\xBF\xBD\xEF\xBF\xBD"
                                                   "b",
                                                   ""};
        QVERIFY(top[0].tokens == expected);
        QCOMPARE(top[0].peak, 2.5F);
        QCOMPARE(top[0].peakToken, 4);
        QVERIFY(std::isnan(top[0].activations[0]));
        QCOMPARE(top[0].activations[1], 1.5F);
        QCOMPARE(top[0].activations[2], 0.0F);
    }

    void knowsFeaturesThatNeverFire() {
        build(randomSentences(50, 2), path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        QCOMPARE(index.density()[neverFires], 0.0F);
        QCOMPARE(index.meanActivation()[neverFires], 0.0F);
        QCOMPARE(index.maxActivation()[neverFires], 0.0F);
        QVERIFY(std::isnan(index.csi()[neverFires]));
        QCOMPARE(index.usefulness()[neverFires], 0.0F);
        QVERIFY(index.histogram(neverFires).empty());
        QVERIFY(index.histogramEdges(neverFires).empty());
        QVERIFY(index.topSentences(neverFires).empty());
    }

    void savesAnEmptyIndex() {
        build({}, path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        QCOMPARE(index.rowCount(), std::int64_t(0));
        QVERIFY(index.topSentences(0).empty());
    }

    void refusesActivationsOfADivergedRun() {
        for (const float value : {std::nanf(""), INFINITY, -1.0F, 0.0F}) {
            Sentence s;
            s.example = 41;
            s.tokens = {0};
            s.inSaeData = {1};
            s.columns = {2};
            s.values = {value};
            s.offsets = {0, 1};
            FeatureIndexBuilder builder(0, featureCount, classes);
            QVERIFY_THROWS_EXCEPTION(UserError, builder.add(s.view()));
        }
    }

    void everyCutShortFileIsAnError() {
        build(randomSentences(60, 3), path("index.safetensors"));
        const std::string whole = readFile(path("index.safetensors"));
        for (std::size_t size = 0; size < whole.size(); size += 97) {
            writeUnsynced(path("cut.safetensors"), std::string_view(whole).substr(0, size));
            const std::string error = openError(path("cut.safetensors"));
            QVERIFY2(error.find("cut.safetensors") != std::string::npos, error.c_str());
        }
    }

    void everyDamagedTableIsAnError_data() {
        QTest::addColumn<QString>("tensor");
        namespace names = index_format;
        for (const char* tensor :
             {names::topOffsets, names::sentenceOffsets, names::tokenOffsets, names::topSentence,
              names::sentenceTokens, names::sentenceLabel, names::sentencePrediction, names::sentenceSplit,
              names::sentenceExample, names::rowsPerClass, names::histogramWidth})
            QTest::newRow(tensor) << QString::fromLatin1(tensor);
    }
    void everyDamagedTableIsAnError() {
        QFETCH(QString, tensor);
        build(randomSentences(60, 3), path("index.safetensors"));
        const std::string name = tensor.toStdString();
        const std::string dtype = SafetensorsFile::open(path("index.safetensors")).info(name).dtype;
        std::vector<std::function<void(std::string&)>> changes;
        if (dtype == "I64")
            changes = {setElement<std::int64_t>(1, -1), setElement<std::int64_t>(1, INT64_MIN)};
        else if (dtype == "I32")
            changes = {setElement<std::int32_t>(1, -1), setElement<std::int32_t>(1, INT32_MAX)};
        else if (dtype == "U8")
            changes = {setElement<std::uint8_t>(1, 2)};
        else
            changes = {setElement<double>(1, -1), setElement<double>(1, std::nan(""))};
        if (name.find("offsets") != std::string::npos)
            changes.insert(changes.end(),
                           {setElement<std::int64_t>(1, INT64_MAX), setElement<std::int64_t>(0, 1)});
        for (const auto& change : changes) {
            copyWith(path("index.safetensors"), path("damaged.safetensors"), name, change);
            const std::string error = openError(path("damaged.safetensors"));
            QVERIFY2(error.find("damaged.safetensors") != std::string::npos, error.c_str());
            QVERIFY2(error.find("saeception features") != std::string::npos, error.c_str());
        }
    }

    void randomDamageNeverCrashes() {
        build(randomSentences(60, 3), path("index.safetensors"));
        const std::string whole = readFile(path("index.safetensors"));
        Rng rng(17);
        int refused = 0;
        for (int round = 0; round < 300; ++round) {
            std::string damaged = whole;
            for (int i = 0; i < 8; ++i)
                damaged[rng.below(damaged.size())] = static_cast<char>(rng.below(256));
            writeUnsynced(path("damaged.safetensors"), damaged);
            if (!openError(path("damaged.safetensors")).empty()) {
                ++refused;
                continue;
            }
            const FeatureIndex index = FeatureIndex::open(path("damaged.safetensors"));
            for (int f = 0; f < index.featureCount(); ++f) {
                for (const TopSentence& top : index.topSentences(f)) {
                    QCOMPARE(top.tokens.size(), top.activations.size());
                    QVERIFY(static_cast<std::size_t>(top.peakToken) < top.tokens.size());
                    QVERIFY(static_cast<std::size_t>(top.label) < index.classNames().size());
                }
                QVERIFY(index.histogram(f).size() <= std::size_t(histogramBins));
            }
        }
        QVERIFY(refused > 0);
    }

    void namesOtherFormatsAndVersions() {
        namespace names = index_format;
        const auto write = [&](const std::map<std::string, std::string>& metadata) {
            SafetensorsWriter writer(path("other.safetensors"), {{"density", "F32", {1}}}, metadata);
            writer.write("density", std::vector<float>{0});
            writer.commit();
            return openError(path("other.safetensors"));
        };
        QVERIFY(write({}).find("not a feature index") != std::string::npos);
        const std::string newer = write({{names::formatKey, names::format}, {names::versionKey, "2"}});
        QVERIFY2(newer.find("newer SAEception Studio") != std::string::npos, newer.c_str());
        QVERIFY(newer.find("update") != std::string::npos);
        QVERIFY(write({{names::formatKey, names::format}, {names::versionKey, "0"}}).find("version") !=
                std::string::npos);
        QVERIFY(write({{names::formatKey, names::format}, {names::versionKey, "x\n"}}).find('\n') ==
                std::string::npos);
        const std::map<std::string, std::string> good = {{names::formatKey, names::format},
                                                         {names::versionKey, "1"},
                                                         {names::cycleKey, "0"},
                                                         {names::classNamesKey, "[\"a\"]"}};
        QVERIFY(!write(good).empty());  // tables are missing
        for (const char* list : {"", "[]", "{}", "[1]", "[\"a\""}) {
            auto metadata = good;
            metadata[names::classNamesKey] = list;
            QVERIFY(write(metadata).find("class_names") != std::string::npos);
        }
        QVERIFY(openError(path("absent.safetensors")).find("absent.safetensors") != std::string::npos);
    }

private:
    std::filesystem::path path(const char* name) const { return m_dir->filePath(name).toStdString(); }

    static void compareHistogram(const FeatureIndex& index, int feature, const std::vector<float>& values) {
        const auto counts = index.histogram(feature);
        const std::vector<float> edges = index.histogramEdges(feature);
        QCOMPARE(edges.size(), counts.size() + 1);
        const float largest = *std::max_element(values.begin(), values.end());
        QVERIFY(counts.size() <= std::size_t(histogramBins));
        QVERIFY(counts.size() > std::size_t(histogramBins) / 2);
        QVERIFY(edges.back() >= largest);
        if (largest > 1e-30F) {  // below, edges themselves lose precision as floats
            QVERIFY(edges[edges.size() - 2] < largest);
            for (std::size_t b = 0; b < counts.size(); ++b)
                QCOMPARE(static_cast<long>(counts[b]),
                         std::count_if(values.begin(), values.end(),
                                       [&](float v) { return v > edges[b] && v <= edges[b + 1]; }));
        }
        std::uint64_t total = 0;
        for (const std::uint32_t count : counts)
            total += count;
        QCOMPARE(total, std::uint64_t(values.size()));
    }

    static void compareFeature(const FeatureIndex& index, int f, const std::vector<Sentence>& sentences,
                               const std::vector<std::int64_t>& rowsPerClass) {
        std::vector<float> values;
        std::vector<double> sums(3);
        std::vector<std::int64_t> fires(3);
        struct Ranked {
            float peak;
            const Sentence* sentence;
        };
        std::vector<Ranked> ranked;
        for (const Sentence& s : sentences) {
            float peak = 0;
            for (std::size_t t = 0; t < s.tokens.size(); ++t) {
                const float value = s.activation(t, f);
                if (value == 0)
                    continue;
                values.push_back(value);
                sums[static_cast<std::size_t>(s.label)] += value;
                ++fires[static_cast<std::size_t>(s.label)];
                peak = std::max(peak, value);
            }
            if (peak > 0)
                ranked.push_back({peak, &s});
        }
        const auto at = static_cast<std::size_t>(f);
        const auto rows = static_cast<double>(index.rowCount());
        QCOMPARE(index.density()[at], static_cast<float>(static_cast<double>(values.size()) / rows));
        for (std::size_t c = 0; c < 3; ++c)
            QCOMPARE(index.classMean()[at * 3 + c],
                     static_cast<float>(sums[c] / static_cast<double>(rowsPerClass[c])));
        QCOMPARE(index.usefulness()[at], static_cast<float>(usefulness(fires, rowsPerClass)));
        if (values.empty()) {
            QCOMPARE(f, neverFires);
            return;
        }
        QCOMPARE(index.maxActivation()[at], *std::max_element(values.begin(), values.end()));
        QCOMPARE(index.meanActivation()[at],
                 static_cast<float>((sums[0] + sums[1] + sums[2]) / static_cast<double>(values.size())));
        QCOMPARE(index.csi()[at], static_cast<float>(csi(sums, rowsPerClass)));
        compareHistogram(index, f, values);

        std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
            return std::tuple(-a.peak, a.sentence->split, a.sentence->example) <
                   std::tuple(-b.peak, b.sentence->split, b.sentence->example);
        });
        ranked.resize(std::min(ranked.size(), std::size_t(topSentenceCount)));
        const std::vector<TopSentence> top = index.topSentences(f);
        QCOMPARE(top.size(), ranked.size());
        for (std::size_t i = 0; i < top.size(); ++i) {
            const Sentence& s = *ranked[i].sentence;
            QCOMPARE(top[i].peak, ranked[i].peak);
            QCOMPARE(top[i].example, s.example);
            QVERIFY(top[i].split == s.split);
            QCOMPARE(top[i].label, s.label);
            QCOMPARE(top[i].prediction, s.prediction);
            QCOMPARE(top[i].tokens.size(), s.tokens.size());
            QCOMPARE(top[i].activations.size(), s.tokens.size());
            QCOMPARE(top[i].activations[static_cast<std::size_t>(top[i].peakToken)], top[i].peak);
            for (std::size_t t = 0; t < s.tokens.size(); ++t) {
                if (s.inSaeData[t] == 0)
                    QVERIFY(std::isnan(top[i].activations[t]));
                else
                    QCOMPARE(top[i].activations[t], s.activation(t, f));
                const std::string& text = tokenText[static_cast<std::size_t>(s.tokens[t])];
                if (findInvalidUtf8(text) == std::string::npos)
                    QCOMPARE(top[i].tokens[t], text);
            }
        }
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(FeatureIndexTest)
#include "tst_feature_index.moc"
