// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the precompiled torch header that the other layers reuse.
#include "base/torch_headers.h"
