// SPDX-License-Identifier: GPL-3.0-or-later
// `.pt` files: ours open in Python and here, Python's open here; a full disk leaves none.
#include "model/checkpoint.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/python.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>

using namespace saeception;
using namespace saeception::test;

class TestPtFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::filesystem::path file(const std::string& name) const {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string loadError(const std::string& name) const {
        return errorOf([&] { (void)loadPt(file(name)); });
    }

private Q_SLOTS:
    void initTestCase() {
        if (pythonHasTorch())
            QCOMPARE(runScript("write_checkpoints.py", {m_folder.path()}), QString("written"));
    }

    void everyValueReadsBack() {
        at::manual_seed(2);
        const at::Tensor matrix = at::randn({4, 6});
        const PtDict nested = {{"flag", true}, {"nothing", PtValue()}, {"minus", std::int64_t{-3}}};
        const PtDict saved = {{"int", std::int64_t{1} << 40},
                              {"small", 7},
                              {"float", 0.1},
                              {"text", "crème \"x\""},
                              {"matrix", matrix},
                              {"slice", matrix.narrow(0, 1, 2)},
                              {"transposed", matrix.t()},
                              {"long", at::arange(5)},
                              {"bool", matrix.gt(0)},
                              {"empty", at::empty({0, 3})},
                              {"list", PtList{1, 2.5, "three"}},
                              {"nested", nested}};
        savePt(file("all.pt"), saved);
        const PtValue read = loadPt(file("all.pt"));
        const PtDict* dict = read.get<PtDict>();
        QVERIFY(dict != nullptr);
        QCOMPARE(dict->size(), saved.size());
        for (std::size_t i = 0; i < saved.size(); ++i) {
            QCOMPARE((*dict)[i].first, saved[i].first);
            if (const auto* tensor = saved[i].second.get<at::Tensor>()) {
                const auto* back = (*dict)[i].second.get<at::Tensor>();
                QVERIFY2(back != nullptr && back->scalar_type() == tensor->scalar_type() &&
                             at::equal(*back, *tensor),
                         saved[i].first.c_str());
            }
        }
        QCOMPARE(*find(*dict, "int")->get<std::int64_t>(), std::int64_t{1} << 40);
        QCOMPARE(*find(*dict, "float")->get<double>(), 0.1);
        QCOMPARE(*find(*dict, "text")->get<std::string>(), std::string("crème \"x\""));
        QCOMPARE(find(*dict, "list")->get<PtList>()->at(1).number(0), 2.5);
        const PtDict* inner = find(*dict, "nested")->get<PtDict>();
        QCOMPARE(*find(*inner, "flag")->get<bool>(), true);
        QVERIFY(find(*inner, "nothing")->get<std::monostate>() != nullptr);
        QCOMPARE(*find(*inner, "minus")->get<std::int64_t>(), std::int64_t{-3});
        QVERIFY(find(*dict, "absent") == nullptr);
    }

    void ourFilesOpenInPython() {
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        NamedTensors state = {{"weight", at::arange(12).to(at::kFloat).view({3, 4}).t()}};
        for (const at::ScalarType type : {at::kDouble, at::kHalf, at::kBFloat16, at::kLong, at::kInt,
                                          at::kShort, at::kChar, at::kByte, at::kBool})
            state.emplace_back(std::string(c10::toString(type)), at::arange(1, 5).to(type));
        saveCheckpoint(file("ours.pt"),
                       {3, state, {{"note", "cr\u00e8me"}, {"list", PtList{1, PtValue(), true}}}});
        QCOMPARE(runScript("read_checkpoint.py", {m_folder.filePath("ours.pt")}),
                 QString("weights_only\n"
                         "epoch 3\n"
                         "model_state_dict.weight float32 [4, 3] 506.0\n"
                         "model_state_dict.Double float64 [4] 30.0\n"
                         "model_state_dict.Half float16 [4] 30.0\n"
                         "model_state_dict.BFloat16 bfloat16 [4] 30.0\n"
                         "model_state_dict.Long int64 [4] 30.0\n"
                         "model_state_dict.Int int32 [4] 30.0\n"
                         "model_state_dict.Short int16 [4] 30.0\n"
                         "model_state_dict.Char int8 [4] 30.0\n"
                         "model_state_dict.Byte uint8 [4] 30.0\n"
                         "model_state_dict.Bool bool [4] 10.0\n"
                         "note 'cr\u00e8me'\n"
                         "list [1, None, True]"));
        saveCheckpoint(file("floats.pt"),
                       {3, {{"a", at::ones({2})}}, {{"accuracy", 0.75}, {"loss", 1e-300}}});
        const QString read = runScript("read_checkpoint.py", {m_folder.filePath("floats.pt")});
        QVERIFY2(read.endsWith("accuracy 0.75\nloss 1e-300"), qPrintable(read));
    }

    void pythonsFilesRead_data() {
        QTest::addColumn<int>("protocol");
        for (int protocol = 2; protocol <= 5; ++protocol)
            QTest::addRow("protocol %d", protocol) << protocol;
    }
    void pythonsFilesRead() {
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        QFETCH(int, protocol);
        const PtValue read = loadPt(file(fmt::format("protocol{}.pt", protocol)));
        const PtDict& dict = *read.get<PtDict>();
        const auto tensor = [&](const char* name) { return *find(dict, name)->get<at::Tensor>(); };
        const auto numbers = [](std::initializer_list<double> values) {
            return at::tensor(values, at::kDouble);
        };
        const at::Tensor base = at::arange(12).to(at::kFloat);
        const PtDict& ordered = *find(dict, "ordered")->get<PtDict>();
        QCOMPARE(ordered[0].first, std::string("weight"));
        QVERIFY(at::equal(*ordered[1].second.get<at::Tensor>(), numbers({1, -2}).to(at::kFloat)));
        QVERIFY(at::equal(tensor("whole"), base));
        QVERIFY(at::equal(tensor("shared"), base.view({3, 4}).narrow(0, 1, 2)));
        QVERIFY(at::equal(tensor("transposed"), base.view({3, 4}).t()));
        QVERIFY(at::equal(tensor("strided"), numbers({1, 4, 7, 10}).to(at::kFloat)));
        QVERIFY(at::equal(tensor("expanded"), at::full({4, 5}, 7.0F)));
        QVERIFY(at::equal(tensor("parameter"), at::ones({2})));
        const std::pair<const char*, at::Tensor> typed[] = {
            {"half", numbers({0.5, -2}).to(at::kHalf)},
            {"bfloat16", numbers({0.5, -3}).to(at::kBFloat16)},
            {"double", numbers({1e300, 0.1})},
            {"int8", numbers({-128, 127}).to(at::kChar)},
            {"uint8", numbers({0, 255}).to(at::kByte)},
            {"int16", numbers({-32768}).to(at::kShort)},
            {"int32", numbers({-2147483648.0}).to(at::kInt)},
            {"int64", numbers({0x1p62, -0x1p62}).to(at::kLong)},
            {"bool", numbers({1, 0}).to(at::kBool)},
        };
        for (const auto& [name, expected] : typed)
            QVERIFY2(
                tensor(name).scalar_type() == expected.scalar_type() && at::equal(tensor(name), expected),
                name);
        QCOMPARE(tensor("scalar").dim(), std::int64_t(0));
        QCOMPARE(tensor("empty").sizes().vec(), (std::vector<std::int64_t>{0, 3}));
        const std::int64_t expected[] = {1, 1LL << 40, -(1LL << 40), INT64_MAX, INT64_MIN, -1, 300, 70000};
        const PtList& tuple = *find(dict, "tuple")->get<PtList>();
        QCOMPARE(tuple.size(), std::size(expected));
        for (std::size_t i = 0; i < tuple.size(); ++i)
            QCOMPARE(*tuple[i].get<std::int64_t>(), expected[i]);
        const PtDict& nested = *find(dict, "nested")->get<PtDict>();
        QCOMPARE(*find(nested, "list")->get<PtList>()->at(3).get<std::string>(), std::string("cr\u00e8me"));
        QVERIFY(find(nested, "7")->get<PtDict>()->empty());
        QCOMPARE(find(dict, "long text")->get<std::string>()->size(), std::size_t(70000));
        // Tensors that shared a storage in Python do not write into one another here.
        tensor("whole").zero_();
        QVERIFY(tensor("shared").ne(0).all().item<bool>());
    }

    void pythonsProgramsAreRefusedByNameAndNotRun() {
        if (!pythonHasTorch())
            QSKIP("no Python with torch here");
        for (int protocol = 2; protocol <= 5; ++protocol) {
            const std::string name = fmt::format("command{}.pt", protocol);
            QCOMPARE(missingFrom(loadError(name), QString::fromStdString(name) + "|posix.system"), QString());
        }
        QVERIFY(!std::filesystem::exists(file("executed")));
        QCOMPARE(missingFrom(loadError("module.pt"), "torch.nn.modules.linear.Linear|state_dict()"),
                 QString());
        QCOMPARE(missingFrom(loadError("legacy.pt"), "legacy.pt|old format|torch.save(torch.load(f), f)"),
                 QString());
        if (std::filesystem::exists(file("numpy.pt")))
            QCOMPARE(missingFrom(loadError("numpy.pt"), "numpy.core.multiarray.scalar|float(x)"), QString());
    }

    void brokenFilesAreOneLineErrors() {
        saveCheckpoint(file("whole.pt"), {1, {{"a", at::ones({100})}}, {}});
        const std::string whole = readFile(file("whole.pt"));
        const std::string broken[] = {"",
                                      "PK",
                                      "not a zip archive at all",
                                      whole.substr(0, whole.size() / 2),
                                      whole.substr(0, whole.size() - 1),
                                      std::string(whole.size(), '\0')};
        for (const std::string& bytes : broken) {
            writeFile(file("broken.pt"), bytes);
            const std::string message = errorOf([&] { (void)loadPt(file("broken.pt")); });
            QVERIFY2(message.find("broken.pt") != std::string::npos &&
                         message.find('\n') == std::string::npos &&
                         message.find("save it again") != std::string::npos,
                     message.c_str());
        }
        const std::string absent = errorOf([&] { (void)loadPt(file("absent.pt")); });
        QVERIFY2(absent.find("absent.pt") != std::string::npos, absent.c_str());
    }

    void unwritableFolderLeavesAnError() {
        const std::string message = errorOf([&] { savePt(file("no/such/folder.pt"), 1); });
        QVERIFY2(message.find("no/such/folder.pt") != std::string::npos, message.c_str());
    }

    // A disk that fills up mid-file: the archive writer must neither crash nor leave a file behind.
    void fullDiskIsAnErrorNotACrash() {
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit small = before;
        small.rlim_cur = 100'000;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const std::string message = errorOf([&] { savePt(file("large.pt"), at::ones({1'000'000})); });
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QVERIFY2(message.find("large.pt") != std::string::npos, message.c_str());
        for (const auto& entry : std::filesystem::directory_iterator(m_folder.path().toStdString()))
            QVERIFY2(entry.path().string().find("large.pt") == std::string::npos, entry.path().c_str());
    }
};

QTEST_GUILESS_MAIN(TestPtFile)
#include "tst_pt_file.moc"
