// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/runtime_tuning.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>

namespace saeception {
namespace {

// True if the variable was unset and now is set.
bool provide(const char* name, const char* value) {
    return std::getenv(name) == nullptr && ::setenv(name, value, 0) == 0;
}

bool hasAvx512() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
#else
    return false;
#endif
}

}  // namespace

void tuneRuntime(char** arguments) {
    constexpr int keepBelow = 32 << 20;  // the largest threshold that malloc accepts
    constexpr int trimAbove = 1 << 29;
    ::mallopt(M_MMAP_THRESHOLD, keepBelow);
    ::mallopt(M_TRIM_THRESHOLD, trimAbove);

    bool changed = hasAvx512() && provide("OPENBLAS_CORETYPE", "SkylakeX");
    if (std::getenv("OMP_WAIT_POLICY") == nullptr)
        changed = provide("GOMP_SPINCOUNT", "1000") || changed;
    if (changed)
        ::execv("/proc/self/exe", arguments);
    // Where that fails the program still works, only slower.
}

}  // namespace saeception
