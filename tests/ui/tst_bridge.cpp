// SPDX-License-Identifier: GPL-3.0-or-later
// The bridge between a worker's thread and the window: order, completeness, coalescing, and the terminal
// event.
#include "ui/jobs/event_bridge.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <thread>

using namespace saeception;

namespace {

// Collects everything a bridge delivers.
struct Collector {
    explicit Collector(EventBridge& bridge) {
        QObject::connect(&bridge, &EventBridge::batchReady, &context, [this](const EventBatch& batch) {
            ++batches;
            deliveredOnGuiThread = deliveredOnGuiThread && QThread::currentThread() == qApp->thread();
            events.insert(events.end(), batch.begin(), batch.end());
        });
    }
    bool ended() const { return !events.empty() && isTerminal(events.back()); }

    QObject context;
    EventBatch events;
    int batches = 0;
    bool deliveredOnGuiThread = true;
};

Event scalarAt(std::int64_t step) {
    return makeEvent(Scalar{Stage::Sae, 0, "sae/l0", step, static_cast<double>(step)});
}

Event progressAt(Stage stage, std::int64_t step) {
    return makeEvent(Progress{stage, 0, step, 1000, -1});
}

}  // namespace

class TestBridge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deliversEveryScalarInOrderUnderLoad() {
        constexpr std::int64_t count = 200000;
        const auto bridge = EventBridge::create();
        Collector collector(*bridge);
        std::thread worker([bridge] {
            for (std::int64_t step = 1; step <= count; ++step) {
                bridge->handle(scalarAt(step));
                bridge->handle(progressAt(Stage::Sae, step));
            }
            bridge->handle(makeEvent(RunFinished{}));
        });
        QTRY_VERIFY_WITH_TIMEOUT(collector.ended(), 60000);
        worker.join();
        QVERIFY(collector.deliveredOnGuiThread);
        std::int64_t expected = 1;
        std::int64_t lastProgress = 0;
        for (const Event& event : collector.events) {
            if (const auto* scalar = std::get_if<Scalar>(&event.body)) {
                QCOMPARE(scalar->step, expected);
                ++expected;
            } else if (const auto* progress = std::get_if<Progress>(&event.body)) {
                QVERIFY(progress->step > lastProgress);
                lastProgress = progress->step;
            }
        }
        QCOMPARE(expected, count + 1);
        QCOMPARE(lastProgress, count);
        QVERIFY2(collector.events.size() < 2 * count, "progress was never coalesced");
        QVERIFY2(collector.batches < count / 100, "events arrived one by one");
    }

    void coalescesProgressOfOneStageOnly() {
        const auto bridge = EventBridge::create();
        for (int step = 1; step <= 1000; ++step) {
            bridge->handle(progressAt(Stage::Sae, step));
            bridge->handle(progressAt(Stage::Extract, step));
        }
        QCOMPARE(bridge->waiting(), std::size_t(2));
        Collector collector(*bridge);
        bridge->handle(makeEvent(RunFinished{}));
        QTRY_VERIFY(collector.ended());
        QCOMPARE(collector.events.size(), std::size_t(3));
        QCOMPARE(std::get<Progress>(collector.events[0].body).step, std::int64_t(1000));
    }

    void progressNeverCrossesTheBoundaryOfAStage() {
        const auto bridge = EventBridge::create();
        Collector collector(*bridge);
        bridge->handle(progressAt(Stage::Sae, 10));
        bridge->handle(makeEvent(StageFinished{Stage::Sae, 0, 1.0}));
        bridge->handle(makeEvent(StageStarted{Stage::Sae, 0, 5}));
        bridge->handle(progressAt(Stage::Sae, 1));
        bridge->handle(makeEvent(RunStopped{}));
        QTRY_VERIFY(collector.ended());
        QCOMPARE(collector.events.size(), std::size_t(5));
        QCOMPARE(std::get<Progress>(collector.events[0].body).step, std::int64_t(10));
        QVERIFY(std::holds_alternative<StageStarted>(collector.events[2].body));
        QCOMPARE(std::get<Progress>(collector.events[3].body).step, std::int64_t(1));
    }

    void terminalEventGoesAtOnceAndIsTheLast() {
        const auto bridge = EventBridge::create();
        Collector collector(*bridge);
        bridge->handle(scalarAt(1));
        bridge->handle(makeEvent(RunFailed{"broken"}));
        bridge->handle(scalarAt(2));
        bridge->handle(makeEvent(RunFinished{}));
        QVERIFY(bridge->closed());
        // One turn of the loop delivers it: it does not wait for the timer of ordinary batches.
        QCoreApplication::processEvents();
        QCOMPARE(collector.batches, 1);
        QCOMPARE(collector.events.size(), std::size_t(2));
        QCOMPARE(std::get<RunFailed>(collector.events[1].body).message, std::string("broken"));
        QCOMPARE(bridge->waiting(), std::size_t(0));
    }

    void lastOwnerMayBeTheWorker() {
        auto bridge = EventBridge::create();
        QThread* deletedOn = nullptr;
        connect(
            bridge.get(), &QObject::destroyed, bridge.get(), [&] { deletedOn = QThread::currentThread(); },
            Qt::DirectConnection);
        std::thread worker([owned = std::move(bridge)]() mutable {
            owned->handle(scalarAt(1));
            owned.reset();
        });
        worker.join();
        QTRY_VERIFY(deletedOn != nullptr);
        QCOMPARE(deletedOn, qApp->thread());
    }
};

QTEST_GUILESS_MAIN(TestBridge)
#include "tst_bridge.moc"
