// SPDX-License-Identifier: GPL-3.0-or-later
// Settings that the numeric libraries read only while they load, made before they do.
#pragma once

namespace saeception {

/// Call first in main. Sets what the user has not set, then starts this program anew in the same process if
/// anything changed:
///  - OPENBLAS_CORETYPE: OpenBLAS before 0.3.22 takes its AVX2 kernels on AMD processors that have AVX-512;
///  - GOMP_SPINCOUNT: libgomp's default spins for milliseconds at every join, which starves other programs on
///  a busy machine.
/// Also keeps freed tensors' memory in malloc instead of returning it to the kernel after every step.
void tuneRuntime(char** arguments);

}  // namespace saeception
