// SPDX-License-Identifier: GPL-3.0-or-later
// Safetensors: what is written reads back, and every kind of broken file is one clear error.
#include "base/error.h"
#include "model/tensor_io.h"
#include "support/golden.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace saeception;
using namespace saeception::test;

namespace {

std::string withHeader(const std::string& header, std::size_t dataBytes) {
    const std::uint64_t size = header.size();
    std::string file(reinterpret_cast<const char*>(&size), sizeof size);
    return file + header + std::string(dataBytes, '\x01');
}

std::string openingError(const std::filesystem::path& path) {
    try {
        (void)SafetensorsFile::open(path);
    } catch (const UserError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path file(const char* name) const { return m_folder.filePath(name).toStdString(); }

private Q_SLOTS:
    void everyDtypeAndShapeReadsBack() {
        at::manual_seed(1);
        NamedTensors tensors = {{"bytes", at::randint(255, {3}, at::TensorOptions(at::kByte))},
                                {"float", at::randn({5, 7})},
                                {"transposed", at::randn({5, 7}).t()},
                                {"scalar", at::tensor(2.5)},
                                {"empty", at::empty({0, 4})},
                                {"long", at::randint(1000, {2, 3}, at::TensorOptions(at::kLong))},
                                {"int", at::randint(1000, {9}, at::TensorOptions(at::kInt))},
                                {"double", at::randn({3}, at::TensorOptions(at::kDouble))},
                                {"half", at::randn({3}).to(at::kHalf)},
                                {"bfloat16", at::randn({3}).to(at::kBFloat16)},
                                {"flags", at::randn({11}).gt(0)}};
        saveTensors(file("all.safetensors"), tensors, {{"format", "pt"}, {"quote", "a \"b\" \\ c"}});
        const SafetensorsFile read = SafetensorsFile::open(file("all.safetensors"));
        QCOMPARE(read.tensors().size(), tensors.size());
        QCOMPARE(read.metadata().at("quote"), std::string("a \"b\" \\ c"));
        for (const auto& [name, tensor] : tensors) {
            const at::Tensor back = loadTensor(read, name);
            QVERIFY2(back.scalar_type() == tensor.scalar_type() && at::equal(back, tensor), name.c_str());
            QVERIFY2(reinterpret_cast<std::uintptr_t>(read.bytes(name).data()) %
                             dtypeSize(read.info(name).dtype) ==
                         0,
                     name.c_str());
        }
        QCOMPARE(read.values<float>("float", "F32", 35).size(), std::size_t(35));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(m_folder.path().toStdString()), {}), 1);
    }

    void piecesMayComeInAnyOrder() {
        SafetensorsWriter writer(file("pieces.safetensors"), {{"a", "I32", {4}}, {"b", "F32", {2, 2}}});
        const std::int32_t tail[] = {30, 40};
        writer.write("a", std::as_bytes(std::span(tail)), 8);
        writer.write("b", std::vector<float>{1, 2, 3, 4});
        const std::int32_t head[] = {10, 20};
        writer.write("a", std::as_bytes(std::span(head)));
        QVERIFY_THROWS_EXCEPTION(UserError, writer.write("a", std::as_bytes(std::span(head)), 12));
        QVERIFY_THROWS_EXCEPTION(UserError, writer.write("c", std::vector<float>{1}));
        QVERIFY(!std::filesystem::exists(file("pieces.safetensors")));
        writer.commit();
        const SafetensorsFile read = SafetensorsFile::open(file("pieces.safetensors"));
        const auto values = read.values<std::int32_t>("a", "I32", 4);
        QCOMPARE(std::vector<std::int32_t>(values.begin(), values.end()),
                 (std::vector<std::int32_t>{10, 20, 30, 40}));
    }

    void wrongAccessIsNamed() {
        const SafetensorsFile read = golden("gpt2_tiny.safetensors");
        QVERIFY_THROWS_EXCEPTION(UserError, (void)read.info("no.such.tensor"));
        QVERIFY_THROWS_EXCEPTION(UserError, (void)read.values<std::int64_t>("score.weight", "I64"));
        QVERIFY_THROWS_EXCEPTION(UserError, (void)read.values<float>("score.weight", "F32", 97));
    }

    void brokenFilesAreOneLineErrors_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* name, const std::string& bytes, const char* word) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))
                                << QString(word);
        };
        const std::string good = R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}})";
        row("empty file", "", "too few");
        row("seven bytes", "1234567", "too few");
        row("header length absurd", std::string(8, '\xFF') + good, "impossible");
        row("cut within the header", withHeader(good, 16).substr(0, 30), "cut short");
        row("cut within the data", withHeader(good, 15), "cut short");
        row("data missing", withHeader(good, 0), "cut short");
        row("trailing bytes", withHeader(good, 17), "belong to no tensor");
        row("not JSON", withHeader("{\"a\":", 0), "not valid JSON");
        row("not UTF-8", withHeader("{\"a\xFF\":1}", 0), "not valid JSON");
        row("a list", withHeader("[1,2]", 0), "not a JSON object");
        row("shape and bytes disagree",
            withHeader(R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,16]}})", 16), "needs 24 bytes");
        row("offsets reversed",
            withHeader(R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[16,0]}})", 16), "data_offsets");
        row("offsets negative",
            withHeader(R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[-16,0]}})", 16), "data_offsets");
        row("offsets missing", withHeader(R"({"a":{"dtype":"F32","shape":[2,2]}})", 16), "data_offsets");
        row("shape overflows",
            withHeader(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,16]}})",
                       16),
            "impossible shape");
        row("shape not numbers",
            withHeader(R"({"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,16]}})", 16), "shape");
        row("unknown dtype", withHeader(R"({"a":{"dtype":"Q4","shape":[2,2],"data_offsets":[0,16]}})", 16),
            "'Q4'");
        row("name twice",
            withHeader(
                R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[8,16]}})",
                16),
            "twice");
        row("overlap",
            withHeader(
                R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}})",
                12),
            "overlaps");
        row("gap",
            withHeader(
                R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[10,18]}})",
                18),
            "belong to no tensor");
        row("metadata not text", withHeader(R"({"__metadata__":{"a":1}})", 0), "metadata");
    }
    void brokenFilesAreOneLineErrors() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, word);
        const auto path = file("broken.safetensors");
        writeFile(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        const std::string message = openingError(path);
        QVERIFY2(message.find("broken.safetensors") != std::string::npos, message.c_str());
        QVERIFY2(message.find(word.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.find('\n') == std::string::npos, message.c_str());
    }

    // Every prefix of a good file is an error, never a crash or a success.
    void noPrefixOfAFileOpens() {
        saveTensors(file("whole.safetensors"), {{"a", at::ones({3, 5})}, {"b", at::ones({2})}});
        const std::string whole = readFile(file("whole.safetensors"));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            writeFile(file("prefix.safetensors"), std::string_view(whole).substr(0, size));
            QVERIFY(openingError(file("prefix.safetensors")) != "no error");
        }
    }

    void unwrittenFileLeavesNothing() {
        {
            SafetensorsWriter writer(file("dropped.safetensors"), {{"a", "F32", {100}}});
            writer.write("a", std::vector<float>(100, 1.0F));
        }
        QVERIFY(!std::filesystem::exists(file("dropped.safetensors")));
        QVERIFY_THROWS_EXCEPTION(UserError,
                                 SafetensorsWriter(file("x"), {{"a", "F32", {1}}, {"a", "F32", {1}}}));
        for (const auto& entry : std::filesystem::directory_iterator(m_folder.path().toStdString()))
            QVERIFY2(entry.path().extension() != ".part", entry.path().c_str());
    }
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
