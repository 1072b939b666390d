// SPDX-License-Identifier: GPL-3.0-or-later
// `.pt` and safetensors files that are broken or mean harm: one clear error, nothing executed, memory in
// bounds.
#include "base/random.h"
#include "model/checkpoint.h"
#include "model/zip_file.h"
#include "support/golden.h"
#include "support/pickle_writer.h"
#include "support/zip_writer.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace saeception;
using namespace saeception::test;
using namespace std::string_literals;

namespace {

/// Holds the address space to little more than now while it lives.
class MemoryLimit {
public:
    explicit MemoryLimit(std::size_t extra) {
        getrlimit(RLIMIT_AS, &m_before);
        const QByteArray pages = QByteArray::fromStdString(readFile("/proc/self/statm")).split(' ').first();
        rlimit limit = m_before;
        limit.rlim_cur = static_cast<rlim_t>(pages.toLongLong()) * 4096 + extra;
        setrlimit(RLIMIT_AS, &limit);
    }
    ~MemoryLimit() { setrlimit(RLIMIT_AS, &m_before); }

private:
    rlimit m_before{};
};

}  // namespace

class TestPtHostile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path file(const std::string& name) const {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string loadError(const std::string& name) const {
        return errorOf([&] { (void)loadPt(file(name)); });
    }
    void write(const std::string& name, const std::vector<ZipRecord>& records) const {
        writeFile(file(name), zipOf(records));
    }

private Q_SLOTS:
    void otherPythonObjectsAreRefusedByName_data() {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* title, const std::string& pickle, const char* name) {
            QTest::newRow(title) << QByteArray::fromStdString(pickle) << QString(name);
        };
        row("call",
            "\x80\x02"
            "cos\nsystem\nX\x04\0\0\0true\x85R."s,
            "os.system");
        row("protocol 0", "cos\nsystem\n(S'true'\ntR.", "os.system");
        row("protocol 4", "\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93."s, "os.system");
        row("instance", "(ios\nsystem\n.", "os.system");
        row("attribute of what is known",
            "\x80\x02"
            "ctorch\nFloatStorage.__init__\n.",
            "torch.FloatStorage.__init__");
        row("another's of the same name",
            "\x80\x02"
            "cevil\nOrderedDict\n.",
            "evil.OrderedDict");
        row("builtins",
            "\x80\x02"
            "cbuiltins\neval\n.",
            "builtins.eval");
        row("bytes",
            "\x80\x03"
            "C\x01x.",
            "bytes");
        row("set", "\x80\x04\x8f.", "set");
        row("new line in its name", "\x80\x04\x8c\x04os\ne\x8c\x01x\x93.", "os e.x");
    }
    void otherPythonObjectsAreRefusedByName() {
        QFETCH(QByteArray, pickle);
        QFETCH(QString, name);
        QCOMPARE(missingFrom(pickleError(pickle.toStdString()), "evil.pt|Python object '" + name + "'"),
                 QString());
    }

    void malformedPicklesAreErrors_data() {
        QTest::addColumn<QByteArray>("pickle");
        const auto row = [](const char* title, const std::string& pickle) {
            QTest::newRow(title) << QByteArray::fromStdString(pickle);
        };
        row("nothing", "");
        row("no end", "\x80\x02}");
        row("protocol 1", "\x80\x01}.");
        row("protocol 6", "\x80\x06}.");
        row("pop of nothing", "\x80\x02\x85.");
        row("no mark", "\x80\x02}u.");
        row("key without value", "\x80\x02}(K\x01u.");
        row("unknown memo", "\x80\x02h\x05.");
        row("memo of nothing", "\x80\x04\x94.");
        row("text beyond the end", "\x80\x02X\xFF\xFF\xFF\x7F.");
        row("text far beyond the end", "\x80\x04\x8d\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF.");
        row("number beyond 64 bits", "\x80\x02\x8b\xFF\xFF\xFF\x7F.");
        row("global cut short",
            "\x80\x02"
            "ctorch\nFloat");
        row("name that is a number", "\x80\x04K\x01K\x02\x93.");
        row("dict in itself", "\x80\x02}q\0K\x01h\0s."s);
        row("list in itself", "\x80\x02]q\0h\0a."s);
        row("deep nesting",
            std::string("\x80\x02") + std::string(100000, '(') + std::string(100000, 't') + ".");
        row("bare name",
            "\x80\x02"
            "ccollections\nOrderedDict\n.");
        row("call of a number", "\x80\x02K\x01)R.");
        row("ordered dict of a number",
            "\x80\x02"
            "ccollections\nOrderedDict\nK\x01\x85R.");
        row("open group", "\x80\x02(.");
        row("storage that is no storage", "\x80\x02)Q.");
        row("tensor beyond its storage", pickleOf(pickledTensor("0", 4, 5, 1)));
        row("tensor of huge stride", pickleOf(pickledTensor("0", 4, 2, INT64_MAX)));
        row("tensor of huge size", pickleOf(pickledTensor("0", 4, INT64_MAX, 1)));
        row("tensor that repeats without end", pickleOf(pickledTensor("0", 4, INT64_MAX / 8, 0)));
        row("tensor of negative stride", pickleOf(pickledTensor("0", 4, 2, -1)));
        row("negative storage", pickleOf(pickledTensor("0", -4, 0, 1)));
        row("one storage, two sizes",
            pickleOf(std::string("(") + pickledTensor("0", 4, 4, 1) + pickledTensor("0", 5, 5, 1) + "t"));
    }
    void malformedPicklesAreErrors() {
        QFETCH(QByteArray, pickle);
        QCOMPARE(missingFrom(pickleError(pickle.toStdString()), "evil.pt"), QString());
    }

    void pickledBombsStayInBounds() {
        const MemoryLimit limit(std::size_t{3} << 30);
        // A tree of lists, each holding the one below ten times: 10^9 leaves.
        std::string tree = "(]";
        for (int level = 0; level < 9; ++level)
            tree = tree + "q" + static_cast<char>(level) + "](" + [&] {
                std::string items;
                for (int i = 0; i < 10; ++i)
                    items += std::string("h") + static_cast<char>(level);
                return items;
            }() + "e";
        QCOMPARE(missingFrom(pickleError(pickleOf(tree + "t")), "too many values"), QString());
        // One long text, a hundred thousand times over.
        std::string texts = std::string("](") + pickledText(std::string(1'000'000, 'x')) + "q\0"s;
        for (int i = 0; i < 100'000; ++i)
            texts += "h\0"s;
        QCOMPARE(missingFrom(pickleError(pickleOf(texts + "e")), "too many values"), QString());
        // The same as the key of a hundred thousand entries, each in a dictionary of its own.
        std::string keys = std::string("](") + pickledText(std::string(1'000'000, 'x')) + "q\0N"s;
        for (int i = 0; i < 100'000; ++i)
            keys += "}h\0Ns"s;
        QCOMPARE(missingFrom(pickleError(pickleOf(keys + "e")), "too many values"), QString());
        // A list of a hundred thousand pairs, made an ordered dictionary three thousand times over.
        std::string dicts = "](](NN\x86q\0"s;
        for (int i = 1; i < 100'000; ++i)
            dicts += "h\0"s;
        dicts += "eq\1"s;
        for (int i = 0; i < 3000; ++i)
            dicts += "ccollections\nOrderedDict\nh\1\x85R"s;
        QCOMPARE(missingFrom(pickleError(pickleOf(dicts + "e")), "too many values"), QString());
        // A size of a million ones.
        std::string sizes = "("s;
        for (int i = 0; i < 1'000'000; ++i)
            sizes += "K\1"s;
        sizes += "t"s;
        std::string view = pickledTensor("0", 4, 1, 1);
        const std::string one = pickledNumber(1) + "\x85"s;
        view.replace(view.find(one), one.size(), sizes);
        QCOMPARE(missingFrom(pickleError(pickleOf(view)), "1000000 dimensions"), QString());
        // A small storage unfolded to gigabytes, in one tensor and in many.
        QCOMPARE(
            missingFrom(pickleError(pickleOf(pickledTensor("0", 4, 1LL << 32, 0))), "repeat their storages"),
            QString());
        std::string tensors = "](";
        for (int i = 0; i < 2000; ++i)
            tensors += pickledTensor("0", 4, 1 << 22, 0);
        QCOMPARE(missingFrom(pickleError(pickleOf(tensors + "e")), "repeat their storages"), QString());
    }

    void hostileArchivesAreErrors() {
        const MemoryLimit limit(std::size_t{1} << 30);
        const std::string pickle = pickleOf(pickledTensor("0", 4, 4, 1)), data(16, '\1');
        const ZipRecord pickled{"a/data.pkl", pickle}, stored{"a/data/0", data};
        write("whole.pt", {pickled, stored});
        QVERIFY(loadPt(file("whole.pt")).get<at::Tensor>() != nullptr);

        const auto error = [&](const std::vector<ZipRecord>& records) {
            write("evil.pt", records);
            return loadError("evil.pt");
        };
        QCOMPARE(missingFrom(error({pickled}), "evil.pt|'a/data/0' is missing"), QString());
        QCOMPARE(missingFrom(error({stored}), "evil.pt|no data.pkl"), QString());
        QCOMPARE(
            missingFrom(error({pickled, {"a/data/0", data + "more"}}), "storage 0 holds 20 bytes, not 4"),
            QString());
        QCOMPARE(missingFrom(error({pickled, stored, stored}), "'a/data/0' twice"), QString());
        QCOMPARE(missingFrom(error({pickled, stored, {"a/byteorder", "big"}}), "big-endian"), QString());
        ZipRecord changed = stored;
        changed.method = 8;
        QCOMPARE(missingFrom(error({pickled, changed}), "'a/data/0' is compressed"), QString());
        changed = stored;
        changed.claimedSize = std::uint64_t{1} << 31;
        QCOMPARE(missingFrom(error({pickled, changed}), "evil.pt|save it again"), QString());
        changed = stored;
        changed.checksum = 7;
        QCOMPARE(missingFrom(error({pickled, changed}), "'a/data/0' is damaged"), QString());
        // A key with a path in it names a record like any other, never a file.
        QCOMPARE(missingFrom(
                     error({{"a/data.pkl", pickleOf(pickledTensor("../../../etc/passwd", 4, 4, 1))}, stored}),
                     "'a/data/../../../etc/passwd' is missing"),
                 QString());
        // Many storages that are all the same bytes of a small file.
        std::vector<ZipRecord> overlapping = {{"a/data/0", std::string(1 << 20, '\1')}};
        std::string tensors = "](";
        for (int i = 0; i < 4000; ++i) {
            tensors += pickledTensor(std::to_string(i), 1 << 18, 4, 1);
            if (i > 0) {
                overlapping.push_back({fmt::format("a/data/{}", i), {}});
                overlapping.back().sameDataAs = 0;
            }
        }
        overlapping.push_back({"a/data.pkl", pickleOf(tensors + "e")});
        QCOMPARE(missingFrom(error(overlapping), "evil.pt"), QString());
    }

    // Whatever is done to a file, reading it succeeds or is one line.
    void damagedFilesNeverCrash_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"model_cycle_0_best.pt", "sae_cycle_0_best.pt", "sae_topk.safetensors"})
            QTest::newRow(name) << name;
    }
    void damagedFilesNeverCrash() {
        QFETCH(QString, name);
        const std::string whole = readFile(goldenPath(name.toStdString()));
        const std::string target = fmt::format("fuzzed.{}", name.section('.', -1).toStdString());
        Rng rng(11);
        int refused = 0;
        for (int round = 0; round < 120; ++round) {
            std::string bytes = whole;
            if (round % 3 == 0)
                bytes.resize(rng.below(bytes.size()));
            // Half of the flips hit the ends, where headers and directories are.
            for (std::uint64_t flips = round % 3 == 0 ? 0 : 1 + rng.below(8); flips > 0; --flips) {
                const std::uint64_t edge = std::min<std::uint64_t>(bytes.size(), 6000);
                const std::uint64_t at = rng.below(2) == 0   ? rng.below(bytes.size())
                                         : rng.below(2) == 0 ? rng.below(edge)
                                                             : bytes.size() - 1 - rng.below(edge);
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8)));
            }
            writeFile(file(target), bytes);
            const std::string error = errorOf([&] {
                if (name.endsWith(".pt"))
                    (void)loadCheckpoint(file(target));
                else
                    (void)loadTensors(SafetensorsFile::open(file(target)));
            });
            refused += error.empty() ? 0 : 1;
            if (!error.empty())
                QCOMPARE(missingFrom(error, QString::fromStdString(target)), QString());
        }
        QVERIFY(refused >= 40);  // every truncation at least
    }

    void damagedPicklesNeverCrash() {
        for (const char* name : {"model_cycle_0_best.pt", "sae_cycle_0_best.pt"}) {
            const ZipFile archive = ZipFile::open(goldenPath(name));
            const std::span<const std::byte> record = archive.record(archive.inTopFolder("data.pkl"));
            const std::string whole(reinterpret_cast<const char*>(record.data()), record.size());
            Rng rng(13);
            for (int round = 0; round < 4000; ++round) {
                std::string pickle = whole;
                for (std::uint64_t flips = 1 + rng.below(4); flips > 0; --flips)
                    pickle[rng.below(pickle.size())] = static_cast<char>(rng.below(256));
                if (const std::string error = pickleError(pickle); !error.empty())
                    QCOMPARE(missingFrom(error, "evil.pt"), QString());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestPtHostile)
#include "tst_pt_hostile.moc"
