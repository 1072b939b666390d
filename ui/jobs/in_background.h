// SPDX-License-Identifier: GPL-3.0-or-later
// Short work on a thread of the global pool, its answer as a future. Training goes elsewhere
// (trainingPool()).
#pragma once

#include <QFuture>
#include <QPromise>
#include <QString>
#include <QThreadPool>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace saeception {

/// Runs `work` on a pool thread. Take the answer with .then(this, ...): it comes on the thread of `this`, or
/// not at all once that is gone. What `work` throws goes into the future.
template <typename Work>
QFuture<std::invoke_result_t<Work>> inBackground(Work work) {
    using Answer = std::invoke_result_t<Work>;
    // QRunnable wants a callable that can be copied.
    auto promise = std::make_shared<QPromise<Answer>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
        try {
            promise->addResult(work());
        } catch (...) {
            promise->setException(std::current_exception());
        }
        promise->finish();
    });
    return promise->future();
}

/// Does `work` on a pool thread. The result is empty, or one line saying why it failed.
QFuture<QString> attemptInBackground(std::function<void()> work);

/// The same of making bytes and writing them to `path`, whole or not at all.
QFuture<QString> writeInBackground(const QString& path, std::function<std::string()> bytes);

}  // namespace saeception
