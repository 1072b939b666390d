// SPDX-License-Identifier: GPL-3.0-or-later
// Compiles one kernel for several vector widths and picks among them when the program loads.
#pragma once

/// Marks a free function whose loops should run at the machine's full vector width. Without multiply-add
/// contraction
/// (-ffp-contract=off) and with element-wise loops, every clone gives the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SAECEPTION_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SAECEPTION_VECTORISED
#endif

/// Helpers of such functions must take on their caller's instruction set, hence be inlined into it.
#define SAECEPTION_INLINE inline __attribute__((always_inline))
