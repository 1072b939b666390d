// SPDX-License-Identifier: GPL-3.0-or-later
// The feature index: equal to a recount by brute force, independent of order, and safe to open when damaged.
#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "features/feature_index.h"
#include "features/feature_index_builder.h"
#include "features/index_format.h"
#include "model/safetensors.h"
#include "support/index_recount.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>

using namespace saeception;
using fixture::IndexRecount;
using fixture::PlainSentence;

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

/// Unbalanced classes, coarse activations so that equal peaks abound, and the first token left out of longer
/// sentences.
std::vector<PlainSentence> randomSentences(int count, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<PlainSentence> sentences;
    for (int i = 0; i < count; ++i) {
        PlainSentence s;
        s.example = i / 2;
        s.split = i % 2 == 0 ? SplitKind::Train : SplitKind::Validation;
        const double draw = rng.uniform();
        s.label = draw < 0.7 ? 0 : draw < 0.95 ? 1 : 2;
        for (int c = 0; c < 3; ++c)
            s.logits.push_back(static_cast<float>(rng.below(5)));
        const auto length = 1 + rng.below(6);
        s.firstToken = length == 1 ? 0 : 1;
        for (std::size_t t = 0; t < length; ++t) {
            s.tokens.push_back(static_cast<std::int32_t>(rng.below(tokenText.size())));
            if (static_cast<int>(t) < s.firstToken)
                continue;
            std::vector<float> row(featureCount);
            std::vector<float> margins(featureCount);
            for (int f = 0; f < featureCount; ++f) {
                const auto at = static_cast<std::size_t>(f);
                if (f != neverFires && rng.uniform() < (f == 11 ? 0.01 : 0.3))
                    row[at] = static_cast<float>(1 + rng.below(20)) * (f % 2 == 0 ? 0.25F : 0.013F);
                margins[at] = row[at] > 0 ? row[at] : -static_cast<float>(rng.below(40)) / 8;
            }
            s.activations.push_back(std::move(row));
            s.margins.push_back(std::move(margins));
        }
        sentences.push_back(std::move(s));
    }
    return sentences;
}

/// One token that is SAE data, on which feature 0 fires.
PlainSentence firing(std::int64_t example, float value) {
    PlainSentence s;
    s.example = example;
    s.logits = {1, 0, 0};
    s.tokens = {0};
    s.activations.assign(1, std::vector<float>(featureCount));
    s.activations[0][0] = value;
    return s;
}

void add(FeatureIndexBuilder& builder, const PlainSentence& s) {
    std::vector<std::int64_t> offsets = {0};
    std::vector<std::int32_t> columns;
    std::vector<float> values;
    NearestTokens nearest(featureCount);
    for (std::size_t r = 0; r < s.activations.size(); ++r) {
        for (int f = featureCount - 1; f >= 0; --f)  // columns come in no promised order
            if (const float value = s.activations[r][static_cast<std::size_t>(f)]; value != 0) {
                columns.push_back(f);
                values.push_back(value);
            }
        offsets.push_back(static_cast<std::int64_t>(columns.size()));
        if (!s.margins.empty())
            nearest.add(s.margins[r].data(), 0,
                        static_cast<std::uint16_t>(s.firstToken + static_cast<int>(r)));
    }
    builder.add({s.example, s.split, s.label, s.logits, s.tokens, s.firstToken, offsets, columns, values},
                s.margins.empty() ? nullptr : &nearest);
}

IndexOrigin origin() {
    IndexOrigin result;
    result.cycle = 3;
    result.classNames = classes;
    result.conceptNames = {"acting"};
    return result;
}

void build(const std::vector<PlainSentence>& sentences, const std::filesystem::path& file,
           std::int64_t sampleEntries = FiringSample::defaultEntries) {
    FeatureIndexBuilder builder(featureCount, origin(), sampleEntries);
    for (const PlainSentence& sentence : sentences)
        add(builder, sentence);
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

    void equalsARecount_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<qint64>("sampleEntries");
        QTest::newRow("all fit the sample") << 700 << qint64(FiringSample::defaultEntries);
        QTest::newRow("some fit the sample") << 700 << qint64(1500);
        QTest::newRow("hardly any fits the sample") << 200 << qint64(5);
    }
    void equalsARecount() {
        QFETCH(int, count);
        QFETCH(qint64, sampleEntries);
        const std::vector<PlainSentence> sentences = randomSentences(count, 5);
        build(sentences, path("index.safetensors"), sampleEntries);
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        QCOMPARE(index.featureCount(), featureCount);
        QCOMPARE(index.cycle(), 3);
        QVERIFY(index.classNames() == classes);
        const std::string difference = IndexRecount(index, sentences, sampleEntries).difference();
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void doesNotDependOnOrder() {
        std::vector<PlainSentence> sentences = randomSentences(500, 8);
        // Values whose float sums differ with the order.
        for (PlainSentence& s : sentences)
            for (std::vector<float>& row : s.activations)
                for (float& value : row)
                    value *= 1.0F + static_cast<float>(s.example % 17) * 1e-3F;
        build(sentences, path("a.safetensors"), 1000);
        Rng(99).shuffle(sentences);
        build(sentences, path("b.safetensors"), 1000);
        std::reverse(sentences.begin(), sentences.end());
        build(sentences, path("c.safetensors"), 1000);
        QVERIFY(readFile(path("a.safetensors")) == readFile(path("b.safetensors")));
        QVERIFY(readFile(path("a.safetensors")) == readFile(path("c.safetensors")));
    }

    void keepsExactNumbersOverAllMagnitudes() {
        // Ascending, so that histograms, samples and quantiles have to widen again and again.
        std::vector<PlainSentence> sentences;
        const std::vector<float> values = {1e-30F,     1e-20F, 3e-18F, 1e-6F, 0.5F, 1,
                                           1.0000001F, 39,     40,     40.5F, 1e6F, 9e11F};
        for (std::size_t i = 0; i < values.size(); ++i) {
            sentences.push_back(firing(static_cast<std::int64_t>(i), values[i]));
            build(sentences, path("index.safetensors"));
            const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
            QCOMPARE(index.maxActivation()[0], values[i]);
            QCOMPARE(index.quantiles(0)[4], std::min(LogHistogram::middleOf(values[i]), values[i]));
            const std::vector<std::uint32_t> counts = index.histogram(0);
            const std::vector<float> edges = index.histogramEdges(0);
            for (std::size_t b = 0; b < counts.size(); ++b)
                QCOMPARE(static_cast<long>(counts[b]),
                         std::count_if(values.begin(), values.begin() + static_cast<long>(i) + 1,
                                       [&](float v) { return v > edges[b] && v <= edges[b + 1]; }));
        }
    }

    void quantilesOfManyMagnitudesEndInTheLowestOctave() {
        LogHistogram histogram;
        for (int i = 0; i < 90; ++i)
            histogram.add(1e-6F);
        for (int i = 0; i < 10; ++i)
            histogram.add(1000);
        QCOMPARE(histogram.quantile(0.95), LogHistogram::middleOf(1000));
        QVERIFY(histogram.quantile(0.5) < 1000.0F / 30000);
        QVERIFY(std::isnan(LogHistogram().quantile(0.5)));
    }

    void showsAnyBytesAsValidText() {
        PlainSentence s;
        s.logits = {0, 1, 0};
        s.tokens = {0, 1, 2, 3, 4, 5};
        s.firstToken = 1;
        s.activations.assign(5, std::vector<float>(featureCount));
        s.activations[0][2] = 1.5F;
        s.activations[3][2] = 2.5F;
        build({s}, path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        const std::vector<ShadedSentence> top = index.sentences(2, Band::Top);
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
        QCOMPARE(top[0].prediction, 1);
        QVERIFY(std::isnan(top[0].activations[0]));
        QCOMPARE(top[0].activations[1], 1.5F);
        QCOMPARE(top[0].activations[2], 0.0F);
        // Together the bytes of a character are one again.
        QCOMPARE(index.sentenceText(0), std::string("good film\xC3\xA9\xEF\xBF\xBD"
                                                    "a\xEF\xBF\xBD\xEF\xBF\xBD"
                                                    "b"));
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
        for (const Band band : {Band::Top, Band::Upper, Band::Middle, Band::Low})
            QVERIFY(index.sentences(neverFires, band).empty());
        QCOMPARE(index.sentences(neverFires, Band::NearMiss).size(), std::size_t(nearMissCount));
        QCOMPARE(index.strongestClass(neverFires), -1);
        QVERIFY(index.companions(neverFires).empty());
    }

    void savesAnEmptyIndex() {
        build({}, path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        QCOMPARE(index.rowCount(), std::int64_t(0));
        QVERIFY(index.sentences(0, Band::Top).empty());
        QCOMPARE(index.sentenceCount(), 0);
        QVERIFY(!index.positionOf(SplitKind::Train, 0));
    }

    void tellsWhatIsNotKnown() {
        build(randomSentences(50, 2), path("index.safetensors"));
        const FeatureIndex index = FeatureIndex::open(path("index.safetensors"));
        QVERIFY(std::isnan(index.effectContrast(0)));
        QCOMPARE(index.favouredClass(0), -1);
        QVERIFY(index.topTokens(0).empty());
        QVERIFY(index.neighbours(0).empty());
        QVERIFY(std::isnan(index.positions()[0]));
        QVERIFY(index.conceptsOf(0).empty());
        QCOMPARE(index.bestForConcepts().front().feature, -1);
        QVERIFY(index.salientFeatures(0, index.origin()).empty());
    }

    void refusesActivationsOfADivergedRun() {
        for (const float value : {std::nanf(""), INFINITY, -1.0F, 0.0F}) {
            FeatureIndexBuilder builder(featureCount, origin());
            const std::vector<std::int64_t> offsets = {0, 1};
            const std::vector<std::int32_t> columns = {2};
            const std::vector<float> values = {value};
            const PlainSentence s = firing(41, 1);
            QVERIFY_THROWS_EXCEPTION(UserError, builder.add({41, SplitKind::Train, 0, s.logits, s.tokens, 0,
                                                             offsets, columns, values}));
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
        for (const char* tensor : {names::listOffsets,       names::activationOffsets, names::sentenceOffsets,
                                   names::vocabularyOffsets, names::sampleRows,        names::sampleOffsets,
                                   names::listSentence,      names::listToken,         names::activationToken,
                                   names::sentenceTokens,    names::sentenceLabel,     names::sentenceSplit,
                                   names::sentenceFirst,     names::sentenceExample,   names::sampleSentence,
                                   names::sampleFeature,     names::neighbour,         names::companion,
                                   names::peakTokens,        names::conceptFeature,    names::rowsPerClass,
                                   names::histogramWidth})
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
            changes = {setElement<std::int32_t>(0, -2), setElement<std::int32_t>(0, INT32_MAX)};
        else if (dtype == "U16")
            changes = {setElement<std::uint16_t>(1, 60000)};
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
            QVERIFY2(error.find("saeception features build") != std::string::npos, error.c_str());
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
                for (int band = 0; band < bandCount; ++band)
                    for (const ShadedSentence& shown : index.sentences(f, static_cast<Band>(band))) {
                        QCOMPARE(shown.tokens.size(), shown.activations.size());
                        QVERIFY(static_cast<std::size_t>(shown.peakToken) < shown.tokens.size());
                        QVERIFY(static_cast<std::size_t>(shown.label) < index.classNames().size());
                    }
                QVERIFY(index.histogram(f).size() <= std::size_t(histogramBins));
                for (const Companion& companion : index.companions(f))
                    QVERIFY(companion.feature < index.featureCount());
                static_cast<void>(index.conceptsOf(f));
                static_cast<void>(index.peakTokens(f, 3));
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
        const std::string newer = write(
            {{names::formatKey, names::format}, {names::versionKey, std::to_string(names::version + 1)}});
        QVERIFY2(newer.find("newer SAEception Studio") != std::string::npos, newer.c_str());
        QVERIFY(newer.find("update") != std::string::npos);
        const std::string older = write({{names::formatKey, names::format}, {names::versionKey, "1"}});
        QVERIFY2(older.find("earlier version 1; build it anew with: saeception features build") !=
                     std::string::npos,
                 older.c_str());
        QVERIFY(write({{names::formatKey, names::format}, {names::versionKey, "0"}}).find("version") !=
                std::string::npos);
        QVERIFY(write({{names::formatKey, names::format}, {names::versionKey, "x\n"}}).find('\n') ==
                std::string::npos);
        const std::map<std::string, std::string> good = {{names::formatKey, names::format},
                                                         {names::versionKey, std::to_string(names::version)},
                                                         {names::cycleKey, "0"},
                                                         {names::topKPctKey, "0"},
                                                         {names::blockKey, "0"},
                                                         {names::blocksKey, "1"},
                                                         {names::conceptNamesKey, "[]"},
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

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(FeatureIndexTest)
#include "tst_feature_index.moc"
