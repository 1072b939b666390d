// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that names torch's headers: narrow ones, precompiled once for every torch-using layer.
// Differences between LibTorch 1.13 and 2.x, should any be needed, belong here too.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/grad_mode.h>
#include <torch/csrc/autograd/variable.h>

// glog's macros come in with c10 and would shadow ordinary names.
#ifdef LOG
#undef LOG
#endif
