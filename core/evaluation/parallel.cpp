// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/parallel.h"

#include <atomic>
#include <exception>
#include <mutex>

namespace saeception {

void parallelFor(std::int64_t count, const std::function<void(std::int64_t)>& body) {
    // An exception may not leave an OpenMP region.
    std::exception_ptr error;
    std::mutex errorGuard;
    std::atomic<bool> failed = false;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < count; ++i) {
        if (failed)
            continue;
        try {
            body(i);
        } catch (...) {
            const std::lock_guard lock(errorGuard);
            if (!failed.exchange(true))
                error = std::current_exception();
        }
    }
    if (error)
        std::rethrow_exception(error);
}

}  // namespace saeception
