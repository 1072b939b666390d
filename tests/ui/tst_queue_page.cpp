// SPDX-License-Identifier: GPL-3.0-or-later
// The Queue page and the question at quitting, worked by mouse and keyboard.
#include "base/error.h"
#include "support/job_fixture.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/job_table_model.h"
#include "ui/pages/job_list.h"
#include "ui/pages/queue_page.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/quit_dialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace saeception;

class TestQueuePage : public QObject {
    Q_OBJECT

    QTemporaryDir m_settings;
    QThreadPool m_pool;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<QueuePage> m_page;
    HeldWork m_work;

    template <typename Widget>
    Widget* find(const char* name) const {
        auto* found = m_page->findChild<Widget*>(QString::fromLatin1(name));
        return found;
    }
    JobList* table() const { return find<JobList>("jobTable"); }
    quint64 add(const char* title, int threads = 1) {
        return m_queue->addWork(QString::fromLatin1(title), threads, m_work.work());
    }
    quint64 addSpec() {
        JobSpec spec;
        spec.overrides = {QStringLiteral("experiment=demo"), QStringLiteral("model.name='my model'")};
        return m_queue->add(spec);
    }
    JobState stateOf(quint64 id) const { return m_queue->job(id)->state; }
    QString titles() const {
        QString text;
        for (int row = 0; row < m_page->model()->rowCount(); ++row)
            text += m_page->model()->index(row, JobTableModel::Title).data().toString();
        return text;
    }
    void clickRow(quint64 id, Qt::KeyboardModifiers keys = {}) const {
        const QModelIndex index = m_page->model()->index(m_page->model()->rowOf(id), JobTableModel::Title);
        QVERIFY(index.isValid());
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, keys, table()->visualRect(index).center());
    }
    void click(const char* name) const {
        auto* button = find<QPushButton>(name);
        QVERIFY2(button != nullptr, name);
        QTRY_VERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    bool enabled(const char* button) const { return find<QPushButton>(button)->isEnabled(); }

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("saeception-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_queue_page"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::instance().install(*qApp, ThemeChoice::Light);
    }
    void init() {
        m_work = {};
        m_queue = std::make_unique<JobQueue>(m_pool, 4);
        m_page = std::make_unique<QueuePage>(m_queue.get());
        m_page->resize(1200, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
        m_queue.reset();
        m_pool.waitForDone();
        QSettings().clear();
    }

    void emptyPageLeadsToLaunch() {
        QVERIFY(!table()->isVisible());
        QSignalSpy asked(m_page.get(), &QueuePage::launchPageRequested);
        click("queueToLaunch");
        QCOMPARE(asked.size(), 1);
        const quint64 id = add("a");
        QTRY_VERIFY(table()->isVisible());
        m_queue->cancel(id);
        QTRY_VERIFY(isFinished(stateOf(id)));
        m_queue->clearFinished();
        QTRY_VERIFY(!table()->isVisible());
    }

    void pauseResumeAndCancelByButtonsAndKeys() {
        const quint64 a = add("a");
        QTRY_COMPARE(stateOf(a), JobState::Running);
        QTRY_VERIFY(table()->isVisible());
        QTRY_VERIFY(enabled("pauseJobButton"));  // the job that begins is chosen where none was
        table()->clearSelection();
        QTRY_VERIFY(!enabled("pauseJobButton"));
        clickRow(a);
        click("pauseJobButton");
        QTRY_COMPARE(stateOf(a), JobState::Paused);
        QTRY_VERIFY(!enabled("pauseJobButton"));
        click("resumeJobButton");
        QTRY_COMPARE(stateOf(a), JobState::Running);
        QTRY_VERIFY(enabled("pauseJobButton"));
        QTest::keyClick(table(), Qt::Key_Space);
        QTRY_COMPARE(stateOf(a), JobState::Paused);
        QTRY_VERIFY(enabled("resumeJobButton"));
        QTest::keyClick(table(), Qt::Key_Space, Qt::ShiftModifier);
        QTRY_COMPARE(stateOf(a), JobState::Running);
        click("cancelJobButton");
        QTRY_COMPARE(stateOf(a), JobState::Stopped);
        // The row is still the chosen one; once more, from the beginning.
        click("retryJobButton");
        QCOMPARE(m_queue->count(), 2);
        const quint64 again = m_queue->activeJobs().empty() ? m_queue->at(0).id : m_queue->activeJobs()[0];
        QVERIFY(again != a);
        QTRY_COMPARE(stateOf(again), JobState::Running);
        QTRY_COMPARE(table()->chosen(), std::vector<quint64>{again});
        QTest::keyClick(table(), Qt::Key_Backspace, Qt::ControlModifier);
        QTRY_COMPARE(stateOf(again), JobState::Stopped);
        QTest::keyClick(table(), Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(m_queue->count(), 0);
    }

    void severalAtOnce() {
        m_queue->setHeld(true);
        const quint64 a = add("a");
        const quint64 b = add("b");
        const quint64 c = add("c");
        QTRY_VERIFY(table()->isVisible());
        clickRow(a);
        clickRow(b, Qt::ControlModifier);
        QVERIFY(!enabled("cloneJobButton"));
        click("pauseJobButton");
        QVERIFY(m_queue->job(a)->onHold && m_queue->job(b)->onHold && !m_queue->job(c)->onHold);
        click("moveJobDownButton");
        QCOMPARE(titles(), QStringLiteral("cab"));
        QTRY_VERIFY(enabled("moveJobDownButton"));
        click("moveJobDownButton");  // at the end already
        QCOMPARE(titles(), QStringLiteral("cab"));
        QTest::keyClick(table(), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(titles(), QStringLiteral("abc"));
        QTest::keyClick(table(), Qt::Key_End, Qt::AltModifier);
        QCOMPARE(titles(), QStringLiteral("cab"));
        QTest::keyClick(table(), Qt::Key_Home, Qt::AltModifier);
        QCOMPARE(titles(), QStringLiteral("abc"));
        QCOMPARE(table()->chosen(), (std::vector<quint64>{a, b}));
        QTest::keyClick(table(), Qt::Key_Delete);
        QCOMPARE(titles(), QStringLiteral("c"));
    }

    void detailsSayWhatAJobIsAndWhyItFailed() {
        m_queue->setHeld(true);
        const quint64 id = addSpec();
        QTRY_VERIFY(table()->isVisible());
        QVERIFY(find<QLabel>("jobWords")->isVisible());
        clickRow(id);
        QTRY_VERIFY(find<QLabel>("jobCommand")->isVisible());
        const QString command = find<QLabel>("jobCommand")->text();
        QVERIFY2(command.startsWith(QStringLiteral("saeception train_cycle experiment=demo")),
                 qPrintable(command));
        QTest::mouseClick(find<QToolButton>("copyJobCommand"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), command);
        QVERIFY(!find<QLabel>("jobFolder")->isVisible());
        QVERIFY(!enabled("showJob"));
        m_queue->setHeld(false);
        m_queue->cancel(id);

        const quint64 failed =
            m_queue->addWork(QStringLiteral("f"), 1, [](EventSink& sink, const RunControl&) {
                sink.handle(makeEvent(RunStarted{"/runs/one", 0, 0}));
                fail("sae.k=0: must be at least 1");
            });
        QTRY_COMPARE(stateOf(failed), JobState::Failed);
        clickRow(failed);
        QTRY_COMPARE(find<QLabel>("jobReason")->text(), QStringLiteral("sae.k=0: must be at least 1"));
        QVERIFY(find<QLabel>("jobReason")->isVisible());
        QCOMPARE(find<QLabel>("jobFolder")->text(), QStringLiteral("/runs/one"));
        QSignalSpy log(m_page.get(), &QueuePage::logRequested);
        click("showJobLog");
        QCOMPARE(log.size(), 1);
        QCOMPARE(log[0][0].toString(), QStringLiteral("/runs/one"));
        QSignalSpy show(m_page.get(), &QueuePage::showRequested);
        click("showJob");
        QTest::keyClick(table(), Qt::Key_Return);
        QCOMPARE(show.size(), 2);
        QCOMPARE(show[1][0].value<quint64>(), failed);
    }

    void cloneHandsTheSettingsOver() {
        m_queue->setHeld(true);
        const quint64 id = addSpec();
        QTRY_VERIFY(table()->isVisible());
        clickRow(id);
        QSignalSpy edit(m_page.get(), &QueuePage::editRequested);
        click("cloneJobButton");
        QCOMPARE(edit.size(), 1);
        QCOMPARE(edit[0][0].value<JobSpec>(), m_queue->job(id)->spec);
        QCOMPARE(m_queue->count(), 1);
    }

    void unfinishedRunIsResumedFromItsRow() {
        JobSpec spec;
        spec.overrides = {QStringLiteral("experiment=demo")};
        m_queue->setHeld(true);
        const quint64 kept = m_queue->restore(spec, QStringLiteral("demo"), QStringLiteral("/runs/none"));
        QTRY_VERIFY(table()->isVisible());
        clickRow(kept);
        click("resumeRunButton");
        QCOMPARE(m_queue->count(), 1);
        QVERIFY(m_queue->job(kept) == nullptr);
        QCOMPARE(m_queue->at(0).spec.resume, QStringLiteral("/runs/none"));
        QCOMPARE(m_queue->at(0).title, QStringLiteral("demo"));
        QTRY_COMPARE(table()->chosen(), std::vector<quint64>{m_queue->at(0).id});
        // There is no such run: the job fails in its own words and keeps the title that it had.
        m_queue->setHeld(false);
        QTRY_COMPARE(m_queue->at(0).state, JobState::Failed);
        QVERIFY2(m_queue->at(0).message.contains(QStringLiteral("/runs/none")),
                 qPrintable(m_queue->at(0).message));
        QCOMPARE(m_queue->at(0).title, QStringLiteral("demo"));
    }

    void holdingTheQueueAndReleasingIt() {
        auto* strip = find<QWidget>("holdStrip");
        JobSpec spec;
        spec.overrides = {QStringLiteral("experiment=demo"), QStringLiteral("output_dir=/proc/none")};
        const quint64 old = m_queue->restore(spec, QStringLiteral("old"));
        QTRY_VERIFY(strip->isVisible());
        QVERIFY(find<QLabel>("holdText")->text().contains(QStringLiteral("last session")));
        // A job that is started now does not wait for those of the last session.
        const quint64 a = add("a");
        QTRY_COMPARE(stateOf(a), JobState::Running);
        QCOMPARE(stateOf(old), JobState::Waiting);
        table()->setFocus();
        QTest::keyClick(table(), Qt::Key_H, Qt::ControlModifier);
        QVERIFY(m_queue->isHeld());
        QTRY_VERIFY(find<QLabel>("holdText")->text().contains(QStringLiteral("queue is on hold")));
        click("release");
        QVERIFY(!m_queue->isHeld());
        QVERIFY(!m_queue->job(old)->onHold);
        QTRY_VERIFY(!strip->isVisible());
        m_work.release();
        QTRY_COMPARE(stateOf(old), JobState::Failed);
    }

    void jobsAtATimeAreChosenAndRemembered() {
        auto* spin = find<QSpinBox>("concurrency");
        add("a");
        add("b");
        QTRY_VERIFY(spin->isVisible());
        QCOMPARE(spin->maximum(), 4);
        spin->setFocus();
        QTest::keyClick(spin, Qt::Key_Up);
        QCOMPARE(m_queue->concurrency(), 2);
        QTRY_COMPARE(m_queue->activeJobs().size(), std::size_t(2));
        QTRY_VERIFY(find<ElidedLabel>("jobCounts")->text().startsWith(QStringLiteral("2 running")));
        JobQueue next(m_pool, 4);
        QueuePage page(&next);
        QCOMPARE(next.concurrency(), 2);
    }

    void everyActionIsThereByName() {
        for (const QAction* action : m_page->actions()) {
            QVERIFY(!action->text().isEmpty());
            QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->text()));
        }
        QVERIFY(m_page->actions().size() >= 18);
    }

    void atQuittingTheQuestionFollowsTheJobs() {
        QuitDialog early(m_queue.get());
        const quint64 a = add("first");
        add("second");
        QTRY_COMPARE(stateOf(a), JobState::Running);
        const std::pair<const char*, QuitChoice> answers[] = {{"quitWait", QuitChoice::Wait},
                                                              {"quitKeep", QuitChoice::Keep},
                                                              {"quitCancel", QuitChoice::Cancel}};
        for (const auto& [name, choice] : answers) {
            QuitDialog dialog(m_queue.get());
            dialog.open();
            QSignalSpy chosen(&dialog, &QuitDialog::chosen);
            QTest::mouseClick(dialog.findChild<QPushButton*>(QString::fromLatin1(name)), Qt::LeftButton);
            QCOMPARE(chosen.size(), 1);
            QCOMPARE(chosen[0][0].value<QuitChoice>(), choice);
            QCOMPARE(dialog.result(), int(QDialog::Accepted));
        }
        QuitDialog dialog(m_queue.get());
        QSignalSpy chosen(&dialog, &QuitDialog::chosen);
        dialog.open();
        QVERIFY(
            dialog.findChild<QLabel*>(QStringLiteral("quitTitle"))->text().contains(QStringLiteral("first")));
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
        dialog.open();
        // The job ends while the question is open: there is nothing left to ask.
        m_queue->setHeld(true);
        m_work.release();
        QTRY_VERIFY(!dialog.isVisible());
        QCOMPARE(dialog.result(), int(QDialog::Rejected));
        QVERIFY(chosen.isEmpty());
    }

    void pageOutlivesTheQueue() {
        const quint64 a = add("a");
        QTRY_VERIFY(table()->isVisible());
        clickRow(a);
        m_queue.reset();
        QTest::keyClick(table(), Qt::Key_Space);
        m_page->grab();
        QVERIFY(m_page->model()->jobAt(0) == nullptr);
    }
};

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"
