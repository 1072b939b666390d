// SPDX-License-Identifier: GPL-3.0-or-later
// The first-run page: the demo, checked folders for SST-2 and GPT-2, links, and whether it comes again.
#include "base/files.h"
#include "config/compose.h"
#include "ui/pages/welcome_page.h"
#include "ui/theme.h"

#include <nlohmann/json.hpp>

#include <QApplication>
#include <QCheckBox>
#include <QDesktopServices>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace saeception;
namespace fs = std::filesystem;

class TestWelcomePage : public QObject {
    Q_OBJECT

public Q_SLOTS:
    void takeLink(const QUrl& url) { m_opened.append(url); }

private:
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<WelcomePage> m_page;
    QList<QUrl> m_opened;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("the page has no %s", name);
        return *widget;
    }
    void openPage() {
        m_page = std::make_unique<WelcomePage>();
        m_page->resize(1216, 720);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    fs::path in(const char* name) const { return fs::path(m_home->path().toStdString()) / name; }
    void writeSst2(const fs::path& folder, bool dev = true) const {
        createDirectories(folder);
        writeFile(folder / "train.tsv", "sentence\tlabel\ngood\t1\n");
        if (dev)
            writeFile(folder / "dev.tsv", "sentence\tlabel\nbad\t0\n");
    }
    void writeGpt2(const fs::path& folder) const {
        createDirectories(folder);
        const std::string header =
            nlohmann::json{{"w", {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {0, 4}}}}}.dump();
        std::string bytes;
        for (int i = 0; i < 8; ++i)
            bytes += static_cast<char>(i == 0 ? header.size() : 0);
        writeFile(folder / "model.safetensors", bytes + header + std::string(4, '\0'));
        for (const char* name : {"config.json", "vocab.json", "merges.txt"})
            writeFile(folder / name, "{}");
    }
    void type(const char* field, const fs::path& path) const {
        auto& line = find<QLineEdit>(field);
        line.setFocus();
        line.selectAll();
        QTest::keyClicks(&line, QString::fromStdString(path.string()));
    }
    QString answer(const char* label) const { return find<QLabel>(label).text(); }

private Q_SLOTS:
    void initTestCase() {
        m_home = std::make_unique<QTemporaryDir>();
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_welcome_page"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_home->path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        QSettings().clear();
        m_opened.clear();
    }
    void cleanup() { m_page.reset(); }

    void demoAndOpenAreAskedFor() {
        openPage();
        QSignalSpy demo(m_page.get(), &WelcomePage::demoRequested);
        QSignalSpy open(m_page.get(), &WelcomePage::openRequested);
        QTest::mouseClick(&find<QPushButton>("runDemoButton"), Qt::LeftButton);
        QCOMPARE(demo.size(), 1);
        m_page->setFocus();
        QTest::keyClick(m_page->focusWidget(), Qt::Key_Space);
        QCOMPARE(demo.size(), 2);
        QTest::mouseClick(&find<QPushButton>("openRunButton"), Qt::LeftButton);
        QCOMPARE(open.size(), 1);
    }

    void whatIsMissingIsSaid() {
        openPage();
        const fs::path sst2 = in("no data");
        createDirectories(sst2);
        type("welcome/sst2", sst2);
        QVERIFY(m_page->isChecking());
        QTRY_COMPARE(answer("welcome/sst2Answer"), QStringLiteral("⚠ Missing: train.tsv and dev.tsv."));
        type("welcome/sst2", in("nowhere"));
        QTRY_VERIFY(answer("welcome/sst2Answer").contains(QStringLiteral("There is no folder")));
        writeFile(sst2 / "train.tsv", "text\tclass\n");
        type("welcome/sst2", sst2);
        QTRY_VERIFY(answer("welcome/sst2Answer").contains(QStringLiteral("sentence and label")));
        type("welcome/sst2", sst2 / "train.tsv");
        QTRY_VERIFY(answer("welcome/sst2Answer").contains(QStringLiteral("Choose the folder")));
        const fs::path gpt2 = in("half gpt2");
        writeGpt2(gpt2);
        fs::remove(gpt2 / "vocab.json");
        fs::remove(gpt2 / "config.json");
        type("welcome/gpt2", gpt2);
        QTRY_COMPARE(answer("welcome/gpt2Answer"),
                     QStringLiteral(
                         "⚠ Missing: config.json and vocab.json. Found: model.safetensors and merges.txt."));
        writeGpt2(gpt2);
        writeFile(gpt2 / "model.safetensors",
                  "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n");
        type("welcome/gpt2", gpt2);
        QTRY_VERIFY(answer("welcome/gpt2Answer").contains(QStringLiteral("Git LFS")));
        writeFile(gpt2 / "model.safetensors", "cut");
        type("welcome/gpt2", gpt2);
        QTRY_VERIFY(answer("welcome/gpt2Answer").contains(QStringLiteral("model.safetensors")));
        QVERIFY(!find<QPushButton>("setUpButton").isEnabled());
        type("welcome/gpt2", {});
        find<QLineEdit>("welcome/gpt2").clear();
        QTRY_COMPARE(answer("welcome/gpt2Answer"), QString());
    }

    void twoGoodFoldersSetUpTheLaunch() {
        openPage();
        const fs::path sst2 = in("it's SST 2");
        const fs::path gpt2 = in("gpt2");
        writeSst2(sst2 / "SST-2", false);
        writeGpt2(gpt2);
        QSignalSpy asked(m_page.get(), &WelcomePage::setUpRequested);
        type("welcome/sst2", sst2);
        QTRY_VERIFY(answer("welcome/sst2Answer").startsWith(QStringLiteral("✓ Found train.tsv. Without")));
        QVERIFY(!find<QPushButton>("setUpButton").isEnabled());
        type("welcome/gpt2", gpt2);
        QTRY_VERIFY(find<QPushButton>("setUpButton").isEnabled());
        QTest::mouseClick(&find<QPushButton>("setUpButton"), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        // The engine reads them as they were chosen, the folder inside the zip's included.
        ComposeRequest request;
        request.configName = "config";
        for (const QString& text : asked[0][0].toStringList())
            request.overrides.push_back(text.toStdString());
        const Composition composition = compose(request);
        QCOMPARE(composition.choices.at("experiment"), std::string("sst2_gpt2"));
        QCOMPARE(composition.config.dataset.path, (sst2 / "SST-2").string());
        QCOMPARE(composition.config.model.init, gpt2.string());
        QCOMPARE(composition.config.model.tokenizer, gpt2.string());
        // The next window still knows the folders, and looks again.
        fs::remove(gpt2 / "merges.txt");
        openPage();
        QCOMPARE(find<QLineEdit>("welcome/gpt2").text(), QString::fromStdString(gpt2.string()));
        QTRY_VERIFY(answer("welcome/gpt2Answer").contains(QStringLiteral("Missing: merges.txt")));
        QVERIFY(!find<QPushButton>("setUpButton").isEnabled());
    }

    void linksOpenInTheBrowser() {
        openPage();
        QDesktopServices::setUrlHandler(QStringLiteral("https"), this, "takeLink");
        int links = 0;
        for (QLabel* label : m_page->findChildren<QLabel*>())
            if (label->text().contains(QStringLiteral("<a href"))) {
                // From the keyboard: to the first link and into it.
                label->setFocus(Qt::TabFocusReason);
                QTest::keyClick(label, Qt::Key_Tab);
                QTest::keyClick(label, Qt::Key_Return);
                ++links;
            }
        QDesktopServices::unsetUrlHandler(QStringLiteral("https"));
        QCOMPARE(links, 2);
        QCOMPARE(m_opened.size(), 2);
        QCOMPARE(m_opened[1].host(), QStringLiteral("huggingface.co"));
    }

    void comesAgainUntilToldNotTo() {
        QVERIFY(WelcomePage::isWantedAtStart());
        openPage();
        auto& box = find<QCheckBox>("welcomeAtStart");
        QVERIFY(box.isChecked());
        QTest::mouseClick(&box, Qt::LeftButton, {}, QPoint(8, box.height() / 2));
        QVERIFY(!WelcomePage::isWantedAtStart());
        openPage();
        QVERIFY(!find<QCheckBox>("welcomeAtStart").isChecked());
    }

    void followsTheTheme() {
        openPage();
        writeSst2(in("sst2"));
        type("welcome/sst2", in("sst2"));
        QTRY_VERIFY(answer("welcome/sst2Answer").startsWith(QStringLiteral("✓")));
        Theme::instance().setChoice(ThemeChoice::Dark);
        QCOMPARE(find<QLabel>("welcome/sst2Answer").palette().color(QPalette::WindowText),
                 themeColours(true).accent);
        Theme::instance().setChoice(ThemeChoice::Light);
        QVERIFY(m_page->minimumSizeHint().width() <= 860);
    }
};

QTEST_MAIN(TestWelcomePage)
#include "tst_welcome_page.moc"
