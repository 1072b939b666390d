// SPDX-License-Identifier: GPL-3.0-or-later
// The Launch page by real input: choosers, numbers, live checks, the command it shows, Run and Stop.
#include "config/compose.h"
#include "ui/pages/config_form.h"
#include "ui/pages/launch_page.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace saeception;

class TestLaunchPage : public QObject {
    Q_OBJECT

    std::unique_ptr<LaunchPage> m_page;

    template <typename Widget>
    Widget& find(const char* name) const {
        auto* widget = m_page->findChild<Widget*>(QString::fromLatin1(name));
        if (widget == nullptr)
            qFatal("the page has no %s", name);
        return *widget;
    }
    QLineEdit& line(const char* name) const { return find<QLineEdit>(name); }
    void type(const char* name, const QString& text) const {
        QLineEdit& edit = line(name);
        edit.setFocus();
        edit.selectAll();
        QTest::keyClick(&edit, Qt::Key_Delete);
        QTest::keyClicks(&edit, text);
        QCoreApplication::processEvents();
    }
    void choose(const char* name, const QString& option) const {
        QComboBox& chooser = find<QComboBox>(name);
        const int item = chooser.findText(option);
        QVERIFY2(item >= 0, qPrintable(option));
        chooser.setFocus();
        QTest::keyClick(&chooser, Qt::Key_Home);
        for (int i = 0; i < item; ++i)
            QTest::keyClick(&chooser, Qt::Key_Down);
        QCOMPARE(chooser.currentIndex(), item);
        QCoreApplication::processEvents();
    }
    Composition composed(const QStringList& overrides) const {
        ComposeRequest request;
        for (const QString& text : overrides)
            request.overrides.push_back(text.toStdString());
        return compose(request);
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Light); }
    void init() {
        m_page = std::make_unique<LaunchPage>();
        m_page->resize(1180, 720);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup() { m_page.reset(); }

    void startsFromThePrimaryConfig() {
        QVERIFY(
            m_page->error().contains(QStringLiteral("dataset.path is not set")));  // SST-2 needs its folder
        QCOMPARE(m_page->overrides(), QStringList());
        QCOMPARE(m_page->command(), QStringLiteral("saeception train_cycle"));
        const Composition plain = composed({});
        QCOMPARE(line("sae.k").text().toInt(), plain.config.sae.k);
        QCOMPARE(line("model.learning_rate").text().toDouble(), plain.config.model.learningRate);
        QCOMPARE(find<QComboBox>("model").currentText().toStdString(), plain.choices.at("model"));
        QCOMPARE(find<QComboBox>("experiment").currentIndex(), 0);
        for (const std::string& option : groupOptions("experiment")) {
            const bool isSweep = option == "controls";  // several runs: for the command line
            QCOMPARE(find<QComboBox>("experiment").findText(QString::fromStdString(option)) > 0, !isSweep);
        }
    }

    void experimentFillsTheForm() {
        choose("experiment", QStringLiteral("demo"));
        const Composition demo = composed({QStringLiteral("experiment=demo")});
        QTRY_COMPARE(line("sae.k").text().toInt(), demo.config.sae.k);
        QCOMPARE(line("model.epochs_per_cycle").text().toInt(), demo.config.model.epochsPerCycle);
        QCOMPARE(find<QComboBox>("dataset").currentText(), QStringLiteral("demo"));
        QCOMPARE(m_page->overrides(), QStringList{QStringLiteral("experiment=demo")});
        QVERIFY(!line("dataset.path").isEnabled());
    }

    void changedNumbersAreMarkedAndCanBeReset() {
        const QString before = line("sae.k").text();
        auto& reset = find<QToolButton>("reset:sae.k");
        QVERIFY(!reset.isVisible());
        type("sae.k", QStringLiteral("7"));
        QCOMPARE(m_page->overrides(), QStringList{QStringLiteral("sae.k=7")});
        QVERIFY(reset.isVisible());
        QCOMPARE(m_page->command(), QStringLiteral("saeception train_cycle sae.k=7"));
        QCOMPARE(line("command").text(), m_page->command());
        QTest::mouseClick(&reset, Qt::LeftButton);
        QCOMPARE(line("sae.k").text(), before);
        QCOMPARE(m_page->overrides(), QStringList());
        QVERIFY(!reset.isVisible());
    }

    void typedNumbersOutliveAnotherExperiment() {
        type("seed", QStringLiteral("7"));
        choose("experiment", QStringLiteral("demo"));
        QTRY_COMPARE(m_page->overrides(),
                     (QStringList{QStringLiteral("experiment=demo"), QStringLiteral("seed=7")}));
    }

    void everyFieldComesFromTheSchema_data() {
        QTest::addColumn<QString>("key");
        for (const char* key : {"cycle.max_cycles", "cycle.aux_loss_weight", "model.epochs_per_cycle",
                                "dataset.batch_size", "model.learning_rate", "sae.k", "sae.expansion_factor",
                                "sae.epochs", "sharpening.top_k_pct", "seed", "threads"})
            QTest::newRow(key) << QString::fromLatin1(key);
    }
    void everyFieldComesFromTheSchema() {
        QFETCH(QString, key);
        const KeySpec* spec = findKey(key.toStdString());
        QVERIFY(spec != nullptr);
        m_page->load({QStringLiteral("dataset=demo")});
        QCOMPARE(m_page->error(), QString());
        QLineEdit& edit = line(key.toLatin1().constData());
        QVERIFY(edit.toolTip().contains(QString::fromStdString(spec->doc).toHtmlEscaped()));
        // A word is no number, and the message is core's own.
        type(key.toLatin1().constData(), QStringLiteral("many"));
        QTRY_VERIFY2(m_page->error().contains(key), qPrintable(m_page->error()));
        QVERIFY(!m_page->error().contains(QLatin1Char('\n')));
        QVERIFY(!find<QPushButton>("run").isEnabled());
        QVERIFY(find<QLabel>("launchError").isVisible());
        QTest::mouseClick(&find<QToolButton>(("reset:" + key.toLatin1()).constData()), Qt::LeftButton);
        QTRY_COMPARE(m_page->error(), QString());
        QVERIFY(find<QPushButton>("run").isEnabled());
    }

    void valuesOutOfRangeAreRefusedAtOnce() {
        type("sae.k", QStringLiteral("0"));
        QTRY_VERIFY(m_page->error().contains(QStringLiteral("sae.k")));
        QSignalSpy runs(m_page.get(), &LaunchPage::runRequested);
        QTest::mouseClick(&find<QPushButton>("run"), Qt::LeftButton);
        QCOMPARE(runs.size(), 0);
    }

    void moreOverridesReachEveryKey() {
        type("moreOverrides", QStringLiteral("sae.aux_k=8 dataset.class_names='[a b, c]'"));
        QTRY_COMPARE(m_page->overrides(), (QStringList{QStringLiteral("sae.aux_k=8"),
                                                       QStringLiteral("dataset.class_names='[a b, c]'")}));
        type("moreOverrides", QStringLiteral("sae.no_such_key=8"));
        QTRY_VERIFY(m_page->error().contains(QStringLiteral("sae.no_such_key")));
    }

    void pathsSurviveTheOverrideGrammar_data() {
        QTest::addColumn<QString>("path");
        QTest::newRow("plain") << QStringLiteral("/data/SST-2");
        QTest::newRow("space and comma") << QStringLiteral("/data/my sets, new");
        QTest::newRow("quote") << QStringLiteral("/data/bob's = set");
        QTest::newRow("backslash") << QStringLiteral("/data/a\\b\\");
        QTest::newRow("brackets") << QStringLiteral("/data/[1]{2}(3)");
        QTest::newRow("unicode") << QStringLiteral("/data/été");
    }
    void pathsSurviveTheOverrideGrammar() {
        QFETCH(QString, path);
        line("dataset.path").setText(path);
        QTRY_VERIFY(m_page->error().contains(path + QStringLiteral(" does not exist")));
        QCOMPARE(QString::fromStdString(composed(m_page->overrides()).config.dataset.path), path);
        const QStringList given = m_page->overrides();
        m_page->load({});
        QCOMPARE(line("dataset.path").text(), QString());
        m_page->load(given);
        QCOMPARE(line("dataset.path").text(), path);
        QCOMPARE(m_page->overrides(), given);
    }

    void missingFilesAreCaughtBeforeARun() {
        QTemporaryDir folder;
        line("dataset.path").setText(folder.path());
        QTRY_VERIFY(m_page->error().contains(QStringLiteral("train.tsv does not exist")));
        QVERIFY(!find<QPushButton>("run").isEnabled());
        QFile file(folder.filePath(QStringLiteral("train.tsv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        m_page->load(m_page->overrides());
        QCOMPARE(m_page->error(), QString());
        QVERIFY(find<QPushButton>("run").isEnabled());
        line("model.tokenizer").setText(folder.path());
        QTRY_VERIFY(m_page->error().contains(QStringLiteral("vocab.json does not exist")));
        m_page->load({QStringLiteral("dataset=demo"), QStringLiteral("model.init=/no/such/model.pt"),
                      QStringLiteral("model.tokenizer=train")});
        QVERIFY(m_page->error().contains(QStringLiteral("/no/such/model.pt")));
    }

    void loadFillsEveryKindOfField() {
        const QStringList given{QStringLiteral("experiment=demo"), QStringLiteral("model=gpt2_small"),
                                QStringLiteral("output_dir=/tmp/runs"), QStringLiteral("sae.k=9"),
                                QStringLiteral("sae.aux_k=8")};
        m_page->load(given);
        QCOMPARE(find<QComboBox>("experiment").currentText(), QStringLiteral("demo"));
        QCOMPARE(find<QComboBox>("model").currentText(), QStringLiteral("gpt2_small"));
        QCOMPARE(line("output_dir").text(), QStringLiteral("/tmp/runs"));
        QCOMPARE(line("sae.k").text(), QStringLiteral("9"));
        QCOMPARE(line("moreOverrides").text(), QStringLiteral("sae.aux_k=8"));
        QCOMPARE(m_page->overrides(), given);
    }

    void commandIsCopiedAndQuotedForAShell() {
        line("dataset.path").setText(QStringLiteral("/data/my sets"));
        QCoreApplication::processEvents();
        QTest::mouseClick(&find<QToolButton>("copyCommand"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), m_page->command());
        QCOMPARE(
            shellCommand({QStringLiteral("a=b"), QStringLiteral("c='d e'"), QStringLiteral("~f"), QString()}),
            QStringLiteral("a=b 'c='\\''d e'\\''' '~f' ''"));
    }

    void runAndStopFollowTheState() {
        choose("experiment", QStringLiteral("demo"));
        QSignalSpy runs(m_page.get(), &LaunchPage::runRequested);
        QSignalSpy stops(m_page.get(), &LaunchPage::stopRequested);
        auto& run = find<QPushButton>("run");
        auto& stop = find<QPushButton>("stop");
        QVERIFY(!stop.isEnabled());
        QTest::mouseClick(&run, Qt::LeftButton);
        QCOMPARE(runs.size(), 1);
        QCOMPARE(runs[0][0].toStringList(), QStringList{QStringLiteral("experiment=demo")});
        m_page->setRunState(RunState::Running);
        QVERIFY(!run.isEnabled());
        QTest::mouseClick(&stop, Qt::LeftButton);
        QCOMPARE(stops.size(), 1);
        m_page->setRunState(RunState::Stopping);
        QVERIFY(!stop.isEnabled());
        m_page->setRunState(RunState::Stopped);
        QVERIFY(run.isEnabled());
    }
};

QTEST_MAIN(TestLaunchPage)
#include "tst_launch_page.moc"
