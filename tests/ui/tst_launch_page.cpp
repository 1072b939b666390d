// SPDX-License-Identifier: GPL-3.0-or-later
// The Launch page by real input: presets, every key, search, live checks, the command and configuration
// shown.
#include "support/launch_page_driver.h"
#include "ui/models/key_words.h"
#include "ui/widgets/config_row.h"

#include <QClipboard>
#include <QFile>
#include <QListWidget>

using namespace saeception;

class TestLaunchPage : public QObject, protected LaunchPageDriver {
    Q_OBJECT

    QStringList shownKeys() const {
        QStringList keys;
        for (const std::string& key : schemaKeys())
            if (has(("all:" + key).c_str()))
                keys.append(QString::fromStdString(key));
        return keys;
    }

private Q_SLOTS:
    void initTestCase() { begin("tst_launch_page"); }
    void cleanupTestCase() { end(); }
    void init() { openPage(); }
    void cleanup() {
        m_page.reset();
        QSettings().clear();
    }

    void startsFromThePrimaryConfig() {
        // SST-2 needs its folder.
        QVERIFY(m_page->error().contains(QStringLiteral("dataset.path is not set")));
        QCOMPARE(m_page->overrides(), QStringList());
        QCOMPARE(command(), QStringLiteral("saeception train_cycle"));
        const Composition plain = composed({});
        QCOMPARE(line("sae.k").text().toInt(), plain.config.sae.k);
        QCOMPARE(line("model.learning_rate").text().toDouble(), plain.config.model.learningRate);
        QCOMPARE(yaml().toStdString(), toYaml(plain.tree));
        for (const std::string& group : groupNames()) {
            const auto& chooser = find<QComboBox>(group.c_str());
            for (const std::string& option : groupOptions(group))
                QVERIFY2(chooser.findText(QString::fromStdString(option)) >= 0, option.c_str());
            const auto choice = plain.choices.find(group);
            QCOMPARE(chooser.currentData().toString().toStdString(),
                     choice == plain.choices.end() ? std::string() : choice->second);
        }
    }

    void everyKeyOfTheSchemaHasItsEditor() {
        load({QStringLiteral("dataset=demo")});
        const Composition composition = composed({QStringLiteral("dataset=demo")});
        for (const KeySpec& spec : schema()) {
            const QByteArray name = "all:" + QByteArray::fromStdString(spec.key);
            auto* editor = m_page->findChild<QWidget*>(QString::fromLatin1(name));
            QVERIFY2(editor != nullptr, name.constData());
            QVERIFY(!editor->accessibleName().isEmpty());
            QVERIFY(editor->accessibleDescription().contains(QString::fromStdString(spec.doc)));
            const std::string expected = valueText(spec.get(composition.config));
            if (auto* box = qobject_cast<QCheckBox*>(editor))
                QCOMPARE(box->isChecked(), expected == "true");
            else if (auto* chooser = qobject_cast<QComboBox*>(editor))
                QCOMPARE(chooser->currentText().toStdString(), expected);
            else if (spec.type != KeyType::TextList)
                QCOMPARE(qobject_cast<QLineEdit*>(editor)->text().toStdString(), expected);
        }
        QCOMPARE(line("all:dataset.class_names").text(), QStringLiteral("negative, positive"));
    }

    void everySectionTellsItsKeysApart() {
        QStringList seen;
        for (const KeySection& section : keySections()) {
            QStringList labels;
            for (const KeySpec* spec : section.keys) {
                labels.append(keyLabel(*spec));
                QCOMPARE(QString::fromStdString(sectionOf(spec->key)), QString::fromStdString(section.name));
                seen.append(QString::fromStdString(spec->key));
                QFont bold = m_page->font();
                bold.setBold(true);
                QVERIFY2(QFontMetrics(bold).horizontalAdvance(labels.last()) <= ConfigRow::labelWidth(),
                         qPrintable(labels.last()));
            }
            QCOMPARE(labels.removeDuplicates(), 0);
        }
        QCOMPARE(seen.size(), static_cast<qsizetype>(schemaKeys().size()));
    }

    void experimentFillsTheForm() {
        choose("experiment", QStringLiteral("demo"));
        const Composition demo = composed({QStringLiteral("experiment=demo")});
        QCOMPARE(line("sae.k").text().toInt(), demo.config.sae.k);
        QCOMPARE(find<QComboBox>("dataset").currentText(), QStringLiteral("demo"));
        QCOMPARE(m_page->overrides(), QStringList{QStringLiteral("experiment=demo")});
        QVERIFY(find<QLabel>("experimentNote").text().startsWith(QStringLiteral("The demo:")));
        QCOMPARE(m_page->error(), QString());
        QVERIFY(run().isEnabled());
        click("reset:experiment");
        QCOMPARE(m_page->overrides(), QStringList());
        QCOMPARE(find<QComboBox>("dataset").currentText(), QStringLiteral("sst2"));
    }

    void everyGroupCanBeChosenAndTakenBack() {
        load({QStringLiteral("experiment=demo")});
        choose("control", QStringLiteral("random"));
        choose("sae", QStringLiteral("jumprelu"));
        const QStringList expected{QStringLiteral("experiment=demo"), QStringLiteral("sae=jumprelu"),
                                   QStringLiteral("control=random")};
        QCOMPARE(m_page->overrides(), expected);
        QCOMPARE(yaml().toStdString(), toYaml(composed(expected).tree));
        QCOMPARE(find<QComboBox>("all:sharpening.type").currentText(), QStringLiteral("random"));
        choose("control", QStringLiteral("None"));
        click("reset:sae");
        QCOMPARE(m_page->overrides(), QStringList{QStringLiteral("experiment=demo")});
    }

    void changedSettingsAreMarkedAndCanBeReset() {
        const QString before = line("sae.k").text();
        type("sae.k", QStringLiteral("7"));
        QCOMPARE(m_page->overrides(), QStringList{QStringLiteral("sae.k=7")});
        QCOMPARE(line("all:sae.k").text(), QStringLiteral("7"));  // the same setting in its own section
        QVERIFY(has("reset:sae.k"));
        QCOMPARE(command(), QStringLiteral("saeception train_cycle sae.k=7"));
        QVERIFY(yaml().contains(QStringLiteral("  k: 7\n")));
        QCOMPARE(find<QLabel>("configNote").text().contains(QStringLiteral("that are wrong")), true);
        auto& sections = find<QListWidget>("sections");
        QVERIFY(!sections.findItems(QStringLiteral("Autoencoder · 1"), Qt::MatchExactly).isEmpty());
        click("reset:sae.k");
        QCOMPARE(line("sae.k").text(), before);
        QCOMPARE(m_page->overrides(), QStringList());
        QVERIFY(!has("reset:sae.k"));
        // Typing the value that holds anyway changes nothing, however it is written.
        type("model.learning_rate", QStringLiteral("1e-3"));
        QCOMPARE(m_page->overrides(), QStringList());
    }

    void switchesChoicesAndListsAreSettingsToo() {
        load({QStringLiteral("experiment=demo")});
        m_page->findChild<ConfigForm*>()->showKey("sae.token_level");
        auto& box = find<QCheckBox>("all:sae.token_level");
        QVERIFY(box.hasFocus());
        QTest::keyClick(&box, Qt::Key_Space);
        settle();
        choose("all:cycle.aux_loss", QStringLiteral("mse"));
        type("all:dataset.class_names", QStringLiteral("bad, 'very, very good'"));
        const QStringList expected{QStringLiteral("experiment=demo"), QStringLiteral("cycle.aux_loss=mse"),
                                   QStringLiteral("dataset.class_names=[bad,'very, very good']"),
                                   QStringLiteral("sae.token_level=false")};
        QCOMPARE(m_page->overrides(), expected);
        QCOMPARE(m_page->error(), QString());
        const Composition composition = composed(expected);
        QCOMPARE(composition.config.dataset.classNames, (std::vector<std::string>{"bad", "very, very good"}));
        QVERIFY(!composition.config.sae.tokenLevel);
        QCOMPARE(yaml().toStdString(), toYaml(composition.tree));
    }

    void appendOnlyKeysAreAppended() {
        load({QStringLiteral("experiment=demo")});
        auto& box = find<QCheckBox>("all:absorption");
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Space);
        settle();
        QCOMPARE(m_page->overrides().last(), QStringLiteral("+absorption=true"));
        QCOMPARE(m_page->error(), QString());
        QVERIFY(yaml().contains(QStringLiteral("absorption: true")));
        const QStringList given = m_page->overrides();
        load({});
        QVERIFY(!find<QCheckBox>("all:absorption").isChecked());
        load(given);
        QVERIFY(find<QCheckBox>("all:absorption").isChecked());
        QCOMPARE(m_page->overrides(), given);
    }

    void typedSettingsOutliveAnotherExperiment() {
        type("seed", QStringLiteral("7"));
        type("sae.k", QStringLiteral("16"));
        choose("experiment", QStringLiteral("demo"));
        // The demo has k = 16 itself.
        QCOMPARE(m_page->overrides(),
                 (QStringList{QStringLiteral("experiment=demo"), QStringLiteral("seed=7")}));
    }

    void searchFindsByLabelKeyAndDescription() {
        const int all = static_cast<int>(schemaKeys().size());
        QTest::keyClick(m_page.get(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(line("search").hasFocus());
        QTest::keyClicks(&line("search"), QStringLiteral("aux_k"));
        QCOMPARE(shownKeys(), (QStringList{QStringLiteral("sae.aux_k"), QStringLiteral("sae.aux_k_coef")}));
        QCOMPARE(find<QLabel>("settingCount").text(), QStringLiteral("2 of %1").arg(all));
        QVERIFY(!has("sae.k"));  // the main settings are not listed twice
        line("search").selectAll();
        QTest::keyClicks(&line("search"), QStringLiteral("kernel thresholds"));  // only in a docstring
        QCOMPARE(shownKeys(), QStringList{QStringLiteral("sae.bandwidth")});
        line("search").selectAll();
        QTest::keyClicks(&line("search"), QStringLiteral("attention HEADS"));
        QCOMPARE(shownKeys(), QStringList{QStringLiteral("model.num_heads")});
        QTest::keyClick(&line("search"), Qt::Key_Return);
        QVERIFY(line("all:model.num_heads").hasFocus());
        QTest::keyClick(m_page.get(), Qt::Key_F, Qt::ControlModifier);
        QTest::keyClick(&line("search"), Qt::Key_Escape);
        QCOMPARE(shownKeys().size(), all);
        QTest::keyClicks(&line("search"), QStringLiteral("no such thing"));
        QVERIFY(find<QLabel>("noSettings").isVisible());
        QVERIFY(find<QLabel>("noSettings").text().contains(QStringLiteral("no such thing")));
        click("showAllSettings");
        QVERIFY(!find<QLabel>("noSettings").isVisible());
        QCOMPARE(shownKeys().size(), all);
        QVERIFY(has("sae.k"));
    }

    void onlyWhatWasChangedIsShown() {
        auto& only = find<QCheckBox>("changedOnly");
        QTest::mouseClick(&only, Qt::LeftButton, {}, QPoint(8, only.height() / 2));
        QVERIFY(only.isChecked());
        QVERIFY(find<QLabel>("noSettings").isVisible());
        load({QStringLiteral("seed=7"), QStringLiteral("sae.aux_k=8")});
        QTRY_COMPARE(shownKeys(), (QStringList{QStringLiteral("seed"), QStringLiteral("sae.aux_k")}));
        click("all:reset:seed");
        QTRY_COMPARE(shownKeys(), QStringList{QStringLiteral("sae.aux_k")});
    }

    void everyWrongFieldSaysWhy() {
        load({QStringLiteral("experiment=demo")});
        type("sae.k", QStringLiteral("0"));
        type("seed", QStringLiteral("many"));
        type("model.learning_rate", QStringLiteral("1,2"));
        QVERIFY(problem("sae.k").contains(QStringLiteral("sae.k=0: must be a whole number from 1")));
        QVERIFY(problem("seed").contains(QStringLiteral("seed=many: must be a whole number")));
        QVERIFY(problem("model.learning_rate").contains(QStringLiteral("use a sweep")));
        QVERIFY(m_page->error().startsWith(QStringLiteral("seed=many")));
        QVERIFY(m_page->error().contains(QStringLiteral("(and 2 more)")));
        QCOMPARE(find<QLabel>("launchError").text(), m_page->error());
        QVERIFY(!run().isEnabled());
        QCOMPARE(run().toolTip(), m_page->error());
        // What is right is composed all the same.
        type("threads", QStringLiteral("3"));
        QVERIFY(yaml().contains(QStringLiteral("threads: 3\n")));
        QVERIFY(!yaml().contains(QStringLiteral("many")));
        click("showError");
        QVERIFY(line("seed").hasFocus());
        type("seed", QStringLiteral("1"));
        type("sae.k", QStringLiteral("4"));
        type("model.learning_rate", QStringLiteral("1e-4"));
        QCOMPARE(m_page->error(), QString());
        QVERIFY(problem("sae.k").isEmpty());
        QVERIFY(run().isEnabled());
        QVERIFY(!find<QLabel>("launchError").isVisible());
    }

    void combinationsAreToldAtTheirFields() {
        load({QStringLiteral("experiment=demo")});
        type("all:model.num_heads", QStringLiteral("5"));
        QVERIFY(m_page->error().contains(QStringLiteral("model.hidden_size=96 is not divisible")));
        auto* label = m_page->findChild<QLabel*>(QStringLiteral("all:problem:model.num_heads"));
        QVERIFY(label != nullptr && label->text().contains(m_page->error()));
        QVERIFY(!run().isEnabled());
        type("sae.k", QStringLiteral("1000"));
        type("all:model.num_heads", QStringLiteral("6"));
        QVERIFY2(m_page->error().contains(QStringLiteral("sae.k=1000 exceeds")), qPrintable(m_page->error()));
        QVERIFY(problem("sae.k").contains(m_page->error()));
        click("reset:sae.k");
        QCOMPARE(m_page->error(), QString());
    }

    void otherOverridesReachEverything() {
        load({QStringLiteral("experiment=demo")});
        type("moreOverrides", QStringLiteral("hydra.job.name=trial ++sae.aux_k=8"));
        QCOMPARE(m_page->overrides(),
                 (QStringList{QStringLiteral("experiment=demo"), QStringLiteral("hydra.job.name=trial"),
                              QStringLiteral("++sae.aux_k=8")}));
        QCOMPARE(m_page->error(), QString());
        type("moreOverrides", QStringLiteral("sae.no_such_key=8"));
        QVERIFY(m_page->error().contains(QStringLiteral("sae.no_such_key")));
        QVERIFY(find<QLabel>("otherProblem").text().contains(m_page->error()));
        QVERIFY(find<QLabel>("otherProblem").isVisible());
        line("seed").setFocus();
        QTest::keyClick(&line("seed"), Qt::Key_F8);
        QVERIFY(line("moreOverrides").hasFocus());
    }

    void pathsSurviveTheOverrideGrammar_data() {
        QTest::addColumn<QString>("path");
        QTest::newRow("plain") << QStringLiteral("/data/SST-2");
        QTest::newRow("space and comma") << QStringLiteral("/data/my sets, new");
        QTest::newRow("quote") << QStringLiteral("/data/bob's = set");
        QTest::newRow("backslash") << QStringLiteral("/data/a\\b\\");
        QTest::newRow("brackets") << QStringLiteral("/data/[1]{2}(3)");
        QTest::newRow("unicode") << QStringLiteral("/data/été");
        QTest::newRow("number") << QStringLiteral("123");
    }
    void pathsSurviveTheOverrideGrammar() {
        QFETCH(QString, path);
        line("dataset.path").setText(path);
        settle();
        QVERIFY2(m_page->error().contains(path + QStringLiteral(" does not exist")),
                 qPrintable(m_page->error()));
        QCOMPARE(QString::fromStdString(composed(m_page->overrides()).config.dataset.path), path);
        const QStringList given = m_page->overrides();
        load({});
        QCOMPARE(line("dataset.path").text(), QString());
        load(given);
        QCOMPARE(line("dataset.path").text(), path);
        QCOMPARE(m_page->overrides(), given);
    }

    void missingFilesAreCaughtBeforeARun() {
        QTemporaryDir folder;
        line("dataset.path").setText(folder.path());
        settle();
        QVERIFY(m_page->error().contains(QStringLiteral("train.tsv does not exist")));
        QVERIFY(!run().isEnabled());
        QFile file(folder.filePath(QStringLiteral("train.tsv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        load(m_page->overrides());
        QCOMPARE(m_page->error(), QString());
        QVERIFY(run().isEnabled());
        line("model.tokenizer").setText(folder.path());
        settle();
        QVERIFY(m_page->error().contains(QStringLiteral("vocab.json does not exist")));
    }

    void commandAndConfigurationAreCopied() {
        load({QStringLiteral("dataset.path='/data/my sets'"), QStringLiteral("seed=7")});
        click("copyCommand");
        QCOMPARE(QGuiApplication::clipboard()->text(), m_page->command());
        QCOMPARE(m_page->command(),
                 QStringLiteral("saeception train_cycle seed=7 'dataset.path=/data/my sets'"));
        click("copyConfig");
        QCOMPARE(QGuiApplication::clipboard()->text(), yaml());
    }

    void settingsFollowTheThemeAndTheSectionList() {
        load({QStringLiteral("experiment=demo"), QStringLiteral("sae.k=0")});
        Theme::instance().setChoice(ThemeChoice::Dark);
        auto* label = m_page->findChild<QLabel*>(QStringLiteral("problem:sae.k"));
        QCOMPARE(label->palette().color(QPalette::WindowText), themeColours(true).error);
        Theme::instance().setChoice(ThemeChoice::Light);
        QCOMPARE(label->palette().color(QPalette::WindowText), themeColours(false).error);
        auto& sections = find<QListWidget>("sections");
        auto* item = sections.findItems(QStringLiteral("Data set"), Qt::MatchStartsWith).value(0);
        QTest::mouseClick(sections.viewport(), Qt::LeftButton, {}, sections.visualItemRect(item).center());
        QVERIFY(!find<QLineEdit>("all:dataset.path").visibleRegion().isEmpty());
        QCOMPARE(sections.currentItem(), item);
    }
};

QTEST_MAIN(TestLaunchPage)
#include "tst_launch_page.moc"
