// SPDX-License-Identifier: GPL-3.0-or-later
// Atomic files, UTF-8 checks and reproducible randomness.
#include "base/error.h"
#include "base/files.h"
#include "base/random.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace saeception;

class TestBase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void uncommittedFileLeavesNothing() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.bin").toStdString();
        {
            AtomicFile file(path);
            file.write("half");
        }
        QVERIFY(std::filesystem::is_empty(path.parent_path()));
    }

    void committedFileReplacesTheOldOneWhole() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.bin").toStdString();
        writeFile(path, "old and longer");
        writeFile(path, "new");
        QCOMPARE(readFile(path), std::string("new"));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
    }

    void unwritableFolderIsNamed() {
        try {
            writeFile("/proc/no-such-folder/a.bin", "x");
            QFAIL("writing there must fail");
        } catch (const UserError& error) {
            QVERIFY(std::string(error.what()).find("/proc/no-such-folder/a.bin") != std::string::npos);
        }
    }

    void findsInvalidUtf8_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<qlonglong>("position");
        QTest::newRow("ascii") << QByteArray("plain") << qlonglong(-1);
        QTest::newRow("accents") << QByteArray("cr\xC3\xA8me \xF0\x9F\x8D\xAE") << qlonglong(-1);
        QTest::newRow("latin-1") << QByteArray("cr\xE8me") << qlonglong(2);
        QTest::newRow("cut short") << QByteArray("abc\xC3") << qlonglong(3);
        QTest::newRow("overlong") << QByteArray("\xC0\x80") << qlonglong(0);
        QTest::newRow("surrogate") << QByteArray("x\xED\xA0\x80") << qlonglong(1);
        QTest::newRow("too large") << QByteArray("\xF4\x90\x80\x80") << qlonglong(0);
    }
    void findsInvalidUtf8() {
        QFETCH(QByteArray, bytes);
        QFETCH(qlonglong, position);
        const auto found = findInvalidUtf8(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        QCOMPARE(found == std::string_view::npos ? qlonglong(-1) : static_cast<qlonglong>(found), position);
    }

    void derivedSeedsDifferByPurposeAndIndex() {
        std::set<std::uint64_t> seeds;
        for (const char* purpose : {"baseline", "sae", "data order"})
            for (std::int64_t cycle = 0; cycle < 4; ++cycle)
                for (std::int64_t epoch = 0; epoch < 4; ++epoch)
                    seeds.insert(deriveSeed(42, purpose, {cycle, epoch}));
        QCOMPARE(seeds.size(), std::size_t(48));
        QCOMPARE(deriveSeed(42, "sae", {1}), deriveSeed(42, "sae", {1}));
    }

    void shuffleIsAPermutationFixedBySeed() {
        std::vector<int> first(100);
        for (int i = 0; i < 100; ++i)
            first[static_cast<std::size_t>(i)] = i;
        std::vector<int> second = first;
        Rng(7).shuffle(first);
        Rng(7).shuffle(second);
        QCOMPARE(first, second);
        QCOMPARE(std::set<int>(first.begin(), first.end()).size(), std::size_t(100));
        QVERIFY(!std::is_sorted(first.begin(), first.end()));
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
