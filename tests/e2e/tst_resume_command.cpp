// SPDX-License-Identifier: GPL-3.0-or-later
// A loop that was stopped by Ctrl-C or killed, gone on with on the command line.
#include "base/error.h"
#include "cycle/run_directory.h"
#include "support/run_program.h"
#include "support/tiny_loop.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>
#include <iterator>

using namespace saeception;
using namespace saeception::fixture;

class TestResumeCommand : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_whole;  // never cut

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    // Stages that are met while they last, whatever else the machine does.
    QStringList loop(const QString& dir) const {
        return tiny("train_cycle", {"cycle.max_cycles=1", "model.epochs_per_cycle=60", "sae.epochs=60",
                                    "hydra.run.dir=" + dir});
    }

private Q_SLOTS:
    void initTestCase() {
        m_whole = path("whole run");
        const Outcome outcome = run(loop(m_whole), m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    }

    // Stopped by Ctrl-C, then killed, and gone on with each time as the program itself says.
    void aStoppedAndAKilledLoopEndLikeAnUncutOne() {
        const QString dir = path("cut short");
        const auto hasBegun = [&](const char* stage) {
            std::ifstream log(RunDirectory::at(dir.toStdString()).metricsLog());
            const std::string text((std::istreambuf_iterator<char>(log)), {});
            return text.find(fmt::format("\"cycle\":0,\"stage\":\"{}\"", stage)) != std::string::npos;
        };
        QProcess stopped;
        stopped.setProgram(QStringLiteral(SAECEPTION_PROGRAM));
        stopped.setArguments(loop(dir));
        stopped.start();
        QTRY_VERIFY_WITH_TIMEOUT(hasBegun("baseline"), 60000);
        ::kill(static_cast<pid_t>(stopped.processId()), SIGINT);
        QVERIFY(stopped.waitForFinished(60000));
        QCOMPARE(stopped.exitCode(), 130);
        const QStringList words = QString::fromUtf8(stopped.readAllStandardError()).split(QLatin1Char('\n'));
        const QString last = words.at(words.size() - 2);
        QCOMPARE(last, "saeception: go on with: saeception train_cycle --resume '" + dir + "'");
        const QString command = last.mid(QStringLiteral("saeception: go on with: ").size());

        QProcess killed;
        killed.setProgram(QStringLiteral(SAECEPTION_PROGRAM));
        killed.setArguments({"train_cycle", "--resume", dir});
        killed.start();
        QTRY_VERIFY_WITH_TIMEOUT(hasBegun("sae"), 60000);
        killed.kill();
        QVERIFY(killed.waitForFinished(60000));
        QCOMPARE(killed.exitStatus(), QProcess::CrashExit);

        Outcome outcome = paste(command, m_folder.path());
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QVERIFY2(outcome.out.startsWith("Going on in " + dir +
                                        " with Training the SAE of cycle 0, from the "
                                        "start of that stage\n"),
                 qPrintable(outcome.out));
        QVERIFY2(outcome.out.contains("Cycle 0") && outcome.out.contains("Cycle 1"), qPrintable(outcome.out));
        QCOMPARE(firstDifference(m_whole.toStdString(), dir.toStdString()), std::string());

        outcome = paste(command, m_folder.path());
        QCOMPARE(outcome.status, 0);
        QVERIFY2(outcome.out.contains("nothing is left") && outcome.out.count(QLatin1Char('\n')) == 1,
                 qPrintable(outcome.out));
        outcome = run({"train_cycle", "--resume", dir, "sae.k=3"}, m_folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.contains("'sae.k=3' does not go with --resume"), qPrintable(outcome.err));
        outcome = run({"train_cycle", "--resume", dir, "-m"}, m_folder.path());
        QCOMPARE(outcome.status, 2);
        outcome = run({"train_sae", "--resume", dir}, m_folder.path());
        QCOMPARE(outcome.status, 2);
    }

    void theFolderOfARunNamesTheWayToGoOn() {
        Outcome outcome = run(tiny("train_cycle", {"hydra.run.dir=" + m_whole}), m_folder.path());
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.err.contains("is not empty") &&
                     outcome.err.endsWith("saeception train_cycle --resume '" + m_whole + "'\n"),
                 qPrintable(outcome.err));
        outcome = run(tiny("train_cycle", {"hydra.run.dir=" + m_folder.path()}), m_folder.path());
        QVERIFY2(outcome.err.contains("is not empty") && !outcome.err.contains("--resume"),
                 qPrintable(outcome.err));
    }
};

QTEST_GUILESS_MAIN(TestResumeCommand)
#include "tst_resume_command.moc"
