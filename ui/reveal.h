// SPDX-License-Identifier: GPL-3.0-or-later
// Showing a folder in the desktop's file manager.
#pragma once

#include <QString>

namespace saeception {

/// Has the file manager show `folder` selected among its neighbours; where none answers, opens the folder.
/// Returns at once.
void revealInFileManager(const QString& folder);

}  // namespace saeception
